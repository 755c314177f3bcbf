"""Used tokens, the log of reads, retention, and tighter row security."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    kjor_fil("0006_tillit.sql")
