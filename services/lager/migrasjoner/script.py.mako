"""${message}"""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    kjor_fil("${up_revision}_.sql")
