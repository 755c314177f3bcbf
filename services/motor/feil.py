"""Work that failed: back-off in its outbox row, and after the last try an open task with owner and cause."""

import random
import traceback
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTidsavbrudd

from services.innstillinger import innstillinger
from services.klokke import na
from services.krasjpunkt import krasjpunkt
from services.lager import kontroller, oppfolginger, saker, utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.enkeltkontroll import EIER, FRIST

_logg = structlog.get_logger("boligsak.motor")
ROM = ("domain", "schemas", "services", "workers")
FORBIGAENDE_KLASSER = {"08", "53", "57"}
"""Connection, resources, the operator (restart, failover)."""
FORBIGAENDE_VENT_S = (0.5, 3.0)
FORBIGAENDE = {"55P03", "40001", "40P01", "57014", "25P03"}
"""Lock or statement time-out, serialization failure, deadlock: nothing is wrong with the case."""


def fingeravtrykk(feil: BaseException) -> str:
    """Equal causes give equal fingerprints: kind of error and the innermost of our own functions."""
    sted = "ukjent"
    for ramme in traceback.extract_tb(feil.__traceback__):
        deler = ramme.filename.replace("\\", "/").split("/")
        rom = next((i for i, d in enumerate(deler) if d in ROM), None)
        if rom is not None and "site-packages" not in deler:
            sted = f"{'/'.join(deler[rom:])}:{ramme.name}"
    return f"feil:{type(feil).__name__}:{sted}"


def er_forbigaende(feil: BaseException) -> bool:
    """An error of the moment: the database was away, or another transaction was in the way."""
    if not isinstance(feil, DBAPIError):
        return isinstance(feil, PoolTidsavbrudd)
    sqlstate = getattr(feil.orig, "sqlstate", None)
    if sqlstate is None:  # the server said nothing: it could not be reached
        return feil.connection_invalidated or isinstance(feil, OperationalError)
    return feil.connection_invalidated or sqlstate in FORBIGAENDE or sqlstate[:2] in FORBIGAENDE_KLASSER


def arbeid_feilet(utboks_id: int, feil: BaseException, *, telt: bool = False) -> None:
    """Put the row back with back-off, or hand it to a person after its last try. Errors: those of the database (the
    row then stays published, and the sweeper sends it again).

    ``telt``: this try stands in the row already.
    """
    tid = na()
    avtrykk = fingeravtrykk(feil)
    _logg.error("arbeid_feilet", utboks=utboks_id, fingeravtrykk=avtrykk, forbigaende=er_forbigaende(feil))
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rad = utboks.rad(forbindelse, utboks_id)
        if rad is None or rad.status == "ferdig":
            return
        forsok = rad.forsok if telt else rad.forsok + 1
        if er_forbigaende(feil):
            vent = timedelta(seconds=random.uniform(*FORBIGAENDE_VENT_S))
            utboks.utsett(forbindelse, utboks_id, tid + vent, max(0, forsok - 1))
        elif forsok < innstillinger().utboks_maks_forsok:
            vent = timedelta(seconds=min(300.0, 0.5 * 2.0**forsok))
            utboks.utsett(forbindelse, utboks_id, tid + vent, forsok)
        else:
            gi_opp(forbindelse, rad, avtrykk, tid)
        krasjpunkt("feil.for_commit", rad.sak_id)


def gi_opp(forbindelse: Connection, rad: Any, avtrykk: str, tid: datetime) -> None:
    """Park the row and open the task that owns it. Only this case stands still.

    Under the case's lock: when another has done the work after all, nothing is left to give up.
    """
    saker.bare_las(forbindelse, rad.sak_id)
    if rad.emne == utboks.KONTROLL:
        # Of the treatment that asks, so that the end of another does not close the task.
        apne = [kontroller.rad(forbindelse, rad.ref).behandling_id]
    else:
        apne = [b.id for _, b in saker.apne_behandlinger(forbindelse, [rad.sak_id])]
    if not utboks.parker(forbindelse, rad.id):
        return
    oppfolginger.apne(
        forbindelse,
        rad.sak_id,
        apne[0] if apne else None,
        slag="teknisk",
        arsak=avtrykk,
        fingeravtrykk=avtrykk,
        eier=EIER,
        frist=tid + FRIST,
        tid=tid,
        ref=rad.ref,
    )
