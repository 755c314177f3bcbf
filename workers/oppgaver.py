"""The tasks of cases: thin, doubled at will."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from services.innebygd import adresser
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
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


def _kjor(utboks_id: int, sak_id: str, sporing: str | None, igjen: bool, arbeid: Callable[[], None]) -> None:
    """``igjen``: the message has been sent before, and nobody has said how that went. Perhaps it killed its worker:
    the try is counted before it is made."""
    with bundet(sporing, sak=sak_id, utboks=utboks_id):
        try:
            if igjen:
                with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                    if not utboks.begynt(forbindelse, utboks_id):
                        return
            arbeid()
        except Exception as feil:  # noqa: BLE001  (whatever it is, it must end in the row or in follow-up)
            arbeid_feilet(utboks_id, feil, telt=igjen)


@app.task(name=EMNER["dren"])
def dren_sak(utboks_id: int, sak_id: str, ref: str | None, sporing: str | None, igjen: bool = False) -> None:
    _kjor(utboks_id, sak_id, sporing, igjen, lambda: dren(UUID(sak_id), registre(), sporing))


@app.task(name=EMNER["kontroll"])
def prov_kontroll(utboks_id: int, sak_id: str, ref: str, sporing: str | None, igjen: bool = False) -> None:
    _kjor(
        utboks_id,
        sak_id,
        sporing,
        igjen,
        lambda: prov_igjen(utboks_id, UUID(sak_id), UUID(ref), registre(), sporing),
    )
