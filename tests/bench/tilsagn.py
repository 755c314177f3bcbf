"""A frame under ten thousand applications: queued before an empty frame, released by one rise, decided; beside the
spine's own figure on the same processes."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import text

from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.innebygd.prosess import vent_til
from services.klokke import na
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.ramme import les
from services.ramme.bok import Rammenokkel, finn, tildel
from tests.bench.sti import gjennomstromning, stakken
from tests.tilsagn.mengde import attester_mange, send_mange

ANTALL = 10_000
RYGGRAD = 1_500
NAVN = "studentboliger"
ETT = 419_800
FRIST_S = 1800.0
_I = text("SELECT count(*) FROM behandling WHERE tilstand = :tilstand AND forlop = 'bevilgning'")
_VEDTAK = text("SELECT count(*) FROM vedtak WHERE kode = 'T00'")


def _antall(setning: Any, **valg: Any) -> int:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        return int(forbindelse.execute(setning, valg).scalar_one())


def _vent(tilstand: str, antall: int) -> None:
    if not vent_til(lambda: _antall(_I, tilstand=tilstand) >= antall, FRIST_S, pause_s=0.2):
        raise TimeoutError(f"{tilstand}: {_antall(_I, tilstand=tilstand)} of {antall}")


@contextmanager
def _tid(ut: dict[str, Any], hva: str, antall: int) -> Iterator[None]:
    start = time.perf_counter()
    yield
    sekunder = time.perf_counter() - start
    ut[hva] = {"sekunder": sekunder, "saker_per_s": antall / sekunder}


def mal(antall: int = ANTALL, ryggrad: int = RYGGRAD) -> dict[str, Any]:
    """Cases a second of each part of the way."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    ut: dict[str, Any] = {"soknader": antall}
    with stakken("inprosess:1") as stakk:
        gjennomstromning(stakk, 100, "varm-tilsagn", fra=500_000)
        ut["ryggraden"] = gjennomstromning(stakk, ryggrad, "ryggrad-tilsagn")
        tid, nokkel = na(), Rammenokkel(NAVN, na().year, TILSAGNSORDNINGER[NAVN].post)
        with _tid(ut, "soknad_til_saksbehandler", antall):
            saker = send_mange(
                NAVN,
                antall,
                tid,
                merke="B",
                voksenplasser=1,
                tilpassede=1,
                anleggskostnad=1,
                tiltak="oppgradering",
            )
            _vent("manuell", antall)
        with _tid(ut, "foreslatt_og_attestert", antall):
            attester_mange(saker, tid)
        with _tid(ut, "stilt_i_ko", antall):
            _vent("venter_pa_ramme", antall)
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            start = time.perf_counter()
            tildel(forbindelse, nokkel, antall * ETT, aktor="bench", grunn="bench", tid=na())
            ut["sluppet_sekunder"] = time.perf_counter() - start
        with _tid(ut, "sluppet_og_vedtatt", antall):
            if not vent_til(lambda: _antall(_VEDTAK) >= antall, FRIST_S, pause_s=0.2):
                raise TimeoutError("not all were decided")
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            ramme = finn(forbindelse, nokkel)
            assert ramme is not None
            ut["ramme"] = {"tildelt": ramme.tildelt, "bundet": ramme.bundet, "ledig": ramme.ledig}
            ut["avvik"] = len(les.avvik(forbindelse))
        ut["arbeidere"] = len(stakk.arbeidere)
    return ut
