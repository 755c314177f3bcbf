"""A held run that was wrong is rejected, and what it would have paid lapses."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    kjor_fil("0021_forkastet.sql")
