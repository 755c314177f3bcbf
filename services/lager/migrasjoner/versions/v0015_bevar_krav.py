"""The role that erases sees whether anything is owed."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    kjor_fil("0015_bevar_krav.sql")
