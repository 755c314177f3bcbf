"""The role that verifies."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    kjor_fil("0002_revisor.sql")
