"""A month whose first events came before its partition."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    kjor_fil("0020_partisjon.sql")
