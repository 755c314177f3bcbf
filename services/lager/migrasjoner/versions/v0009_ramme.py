"""Frames, claims on them, and their ledger."""

from services.lager.migrasjoner.hjelp import kjor_fil

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    kjor_fil("0009_ramme.sql")
