"""The tasks of cases: thin, doubled at will."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import lru_cache
from threading import Lock
from uuid import UUID

from celery import Task

from services.innebygd import adresser
from services.innstillinger import innstillinger
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
Arbeid = tuple[int, str, str | None]
"""Outbox row, case, traceparent."""


@lru_cache
def registre() -> Registre:
    """Made at the first task, after any fork."""
    return lag_registre(adresser().broker_url)


_alene = Lock()


@contextmanager
def _nytt_forsok(utboks_id: int) -> Iterator[bool]:
    """Work that has been sent before, and nobody has said how that went: perhaps it killed its worker. The try is
    counted before it is made, and what has been counted before is tried alone in its process: what dies beside such
    a one is not counted. Gives whether there is anything to do now. Errors: TimeoutError, when another hangs; the
    sweeper then sends the rows again."""
    with ExitStack() as alene:
        if not _alene.acquire(timeout=innstillinger().feier_etter_s):
            raise TimeoutError(f"utboks {utboks_id}: en annen prøves fremdeles alene")
        alene.callback(_alene.release)
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            forsok = utboks.begynt(forbindelse, utboks_id, innstillinger().utboks_maks_forsok)
        if forsok <= 1:
            alene.close()
        yield forsok > 0


def _kommet_tilbake(oppgave: Task) -> bool:
    """The broker had given the message to a worker that never acknowledged it."""
    return bool((oppgave.request.delivery_info or {}).get("redelivered"))


@app.task(name=EMNER["dren"], bind=True)
def dren_saker(self: Task, arbeid: Sequence[Arbeid], igjen: bool = False) -> None:
    """Drain the cases. ``igjen``: they have been sent before."""
    if not igjen and not _kommet_tilbake(self):
        _dren(arbeid, telt=False)
        return
    for ett in arbeid:
        with _nytt_forsok(ett[0]) as noe_igjen:
            if noe_igjen:
                _dren([ett], telt=True)


def _dren(arbeid: Sequence[Arbeid], *, telt: bool) -> None:
    rader: dict[UUID, list[int]] = {}
    for utboks_id, sak_id, _ in arbeid:
        rader.setdefault(UUID(sak_id), []).append(utboks_id)
    sporing = {UUID(sak_id): spor for _, sak_id, spor in arbeid}
    try:
        feilet = dren_flere(sporing, registre())
    except Exception as felles:  # noqa: BLE001  (whatever it is, it must end in the rows or in follow-up)
        feilet = dict.fromkeys(rader, felles)
    for sak, feil in feilet.items():
        with bundet(sporing[sak], sak=str(sak)):
            for utboks_id in rader[sak]:
                arbeid_feilet(utboks_id, feil, telt=telt)


@app.task(name=EMNER["kontroll"], bind=True)
def prov_kontroll(
    self: Task, utboks_id: int, sak_id: str, ref: str, sporing: str | None, igjen: bool = False
) -> None:
    igjen = igjen or _kommet_tilbake(self)
    with (
        bundet(sporing, sak=sak_id, utboks=utboks_id),
        _nytt_forsok(utboks_id) if igjen else nullcontext(True) as noe_igjen,
    ):
        try:
            if noe_igjen:
                prov_igjen(utboks_id, UUID(sak_id), UUID(ref), registre(), sporing)
        except Exception as feil:  # noqa: BLE001  (as above)
            arbeid_feilet(utboks_id, feil, telt=igjen)
