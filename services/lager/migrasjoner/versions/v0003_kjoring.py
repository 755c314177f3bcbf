"""Running cases and the monthly run."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    kjor_fil("0003_kjoring.sql")
