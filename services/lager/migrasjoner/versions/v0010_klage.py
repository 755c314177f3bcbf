"""Appeals, notices, deadlines with a reminder, claims."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    kjor_fil("0010_klage.sql")
