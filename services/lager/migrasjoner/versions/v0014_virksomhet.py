"""Payments to organisations."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    kjor_fil("0014_virksomhet.sql")
