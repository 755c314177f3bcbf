"""What the nightly controls came to."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    kjor_fil("0007_maling.sql")
