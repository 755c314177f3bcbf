"""Several matters of one party in one municipality."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    kjor_fil("0012_saken_gjelder.sql")
