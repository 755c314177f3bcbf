"""Registers asked again in the same treatment."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    kjor_fil("0008_ny_kontroll.sql")
