"""The sum of an applicant's other cases."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    kjor_fil("0019_engasjement.sql")
