"""Seeded draws of decisions for quality control."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    kjor_fil("0016_stikkprove.sql")
