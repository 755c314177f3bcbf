"""Claims set off in later payments."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    kjor_fil("0013_motregning.sql")
