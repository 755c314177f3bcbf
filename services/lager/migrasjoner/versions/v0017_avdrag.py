"""Claims paid in instalments, set off in part, reduced by a later decision."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    kjor_fil("0017_avdrag.sql")
