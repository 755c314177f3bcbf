"""The tasks of cases: thin, doubled at will."""

from functools import lru_cache
from uuid import UUID

from services.innebygd import adresser
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.logg import bundet
from services.motor.dren import dren_flere
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


def _begynn_igjen(utboks_id: int) -> bool:
    """The message has been sent before, and nobody has said how that went. Perhaps it killed its worker: the try is
    counted before it is made. False: nothing is left to do."""
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        return utboks.begynt(forbindelse, utboks_id)


@app.task(name=EMNER["dren"])
def dren_saker(arbeid: list[tuple[int, str, str | None]], igjen: bool = False) -> None:
    """``arbeid``: (outbox row, case, traceparent) of each; one alone when it has been sent before (``igjen``)."""
    rader: dict[UUID, list[int]] = {}
    for utboks_id, sak_id, _ in arbeid:
        if not igjen or _begynn_igjen(utboks_id):
            rader.setdefault(UUID(sak_id), []).append(utboks_id)
    sporing = {UUID(sak_id): spor for _, sak_id, spor in arbeid if UUID(sak_id) in rader}
    try:
        feilet = dren_flere(sporing, registre()) if sporing else {}
    except Exception as felles:  # noqa: BLE001  (whatever it is, it must end in the rows or in follow-up)
        feilet = dict.fromkeys(rader, felles)
    for sak, feil in feilet.items():
        with bundet(sporing[sak], sak=str(sak)):
            for utboks_id in rader[sak]:
                arbeid_feilet(utboks_id, feil, telt=igjen)


@app.task(name=EMNER["kontroll"])
def prov_kontroll(utboks_id: int, sak_id: str, ref: str, sporing: str | None, igjen: bool = False) -> None:
    with bundet(sporing, sak=sak_id, utboks=utboks_id):
        try:
            if not igjen or _begynn_igjen(utboks_id):
                prov_igjen(utboks_id, UUID(sak_id), UUID(ref), registre(), sporing)
        except Exception as feil:  # noqa: BLE001  (as above)
            arbeid_feilet(utboks_id, feil, telt=igjen)
