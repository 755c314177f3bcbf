"""A year has figures of its own."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    kjor_fil("0018_statistikk_ar.sql")
