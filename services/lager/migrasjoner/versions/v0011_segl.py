"""The verifier reads what is sealed; the roles that do the work change no more than what moves."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    kjor_fil("0011_segl.sql")
