"""Payment files and the figures of a month."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    kjor_fil("0004_utbetaling.sql")
