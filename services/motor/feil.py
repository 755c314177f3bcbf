"""Work that failed: back-off in its outbox row, and after the last try an open task with owner and cause."""

import traceback
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from services.innstillinger import innstillinger
from services.klokke import na
from services.lager import oppfolginger, saker, utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.enkeltkontroll import EIER, FRIST

_logg = structlog.get_logger("boligsak.motor")
ROM = ("domain", "schemas", "services", "workers")
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
        return False
    return feil.connection_invalidated or getattr(feil.orig, "sqlstate", None) in FORBIGAENDE


def arbeid_feilet(utboks_id: int, feil: BaseException) -> None:
    """Put the row back with back-off, or hand it to a person after its last try. Errors: those of the database (the
    row then stays published, and the sweeper sends it again)."""
    tid = na()
    avtrykk = fingeravtrykk(feil)
    _logg.error("arbeid_feilet", utboks=utboks_id, fingeravtrykk=avtrykk, forbigaende=er_forbigaende(feil))
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rad = utboks.rad(forbindelse, utboks_id)
        if rad is None or rad.status == "ferdig":
            return
        if er_forbigaende(feil) or rad.forsok < innstillinger().utboks_maks_forsok:
            utboks.utsett(forbindelse, utboks_id, tid + timedelta(seconds=min(300.0, 0.5 * 2.0**rad.forsok)))
        else:
            gi_opp(forbindelse, rad, avtrykk, tid)


def gi_opp(forbindelse: Connection, rad: Any, avtrykk: str, tid: datetime) -> None:
    """Park the row and open the task that owns it. Only this case stands still."""
    utboks.parker(forbindelse, rad.id)
    apne = saker.apne_behandlinger(forbindelse, rad.sak_id)
    oppfolginger.apne(
        forbindelse,
        rad.sak_id,
        apne[0].id if apne else None,
        slag="teknisk",
        arsak=avtrykk,
        fingeravtrykk=avtrykk,
        eier=EIER,
        frist=tid + FRIST,
        tid=tid,
        ref=rad.ref,
    )
