"""The spine."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0001"
down_revision = None


def upgrade() -> None:
    kjor_fil("0001_grunnlag.sql")
    kjor_fil("0001_vern.sql")
