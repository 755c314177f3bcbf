"""The tasks of cases: thin, doubled at will."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from services.innebygd import adresser
from services.logg import bundet
from services.motor.dren import dren
from services.motor.enkeltkontroll import prov_igjen
from services.motor.feil import arbeid_feilet
from services.registre import Registre, lag_registre
from workers.app import app

EMNER = {"dren": "sak.dren.v1", "kontroll": "kontroll.prov.v1"}
"""What an outbox row asks for → the task that does it. Names are versioned: a rename would strand messages."""


@lru_cache
def registre() -> Registre:
    """Made at the first task, after any fork."""
    return lag_registre(adresser().broker_url)


def _kjor(utboks_id: int, sak_id: str, sporing: str | None, arbeid: Callable[[], None]) -> None:
    with bundet(sporing, sak=sak_id, utboks=utboks_id):
        try:
            arbeid()
        except Exception as feil:  # noqa: BLE001  (whatever it is, it must end in the row or in follow-up)
            arbeid_feilet(utboks_id, feil)


@app.task(name=EMNER["dren"])
def dren_sak(utboks_id: int, sak_id: str, ref: str | None, sporing: str | None) -> None:
    _kjor(utboks_id, sak_id, sporing, lambda: dren(UUID(sak_id), registre(), sporing))


@app.task(name=EMNER["kontroll"])
def prov_kontroll(utboks_id: int, sak_id: str, ref: str, sporing: str | None) -> None:
    _kjor(
        utboks_id,
        sak_id,
        sporing,
        lambda: prov_igjen(utboks_id, UUID(sak_id), UUID(ref), registre(), sporing),
    )
