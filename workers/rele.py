"""The relay: claims outbox rows that are due, and sends them to Celery in batches. ``python -m workers.rele``

The backlog stands in PostgreSQL; the broker is kept shallow, so that little is lost with it and nothing grows old
in it. Two relays may run: SKIP LOCKED shares the rows between them.
"""

import signal
import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from kombu.exceptions import OperationalError
from kombu.pools import producers
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.krasjpunkt import krasjpunkt
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.logg import sett_opp
from workers.app import app
from workers.oppgaver import EMNER

_logg = structlog.get_logger("boligsak.rele")
BUNKE = 200
DYBDE = 600
"""So many messages may wait in a queue of the broker."""
PAUSE_S = 0.02
_VENTER_IGJEN = text("UPDATE utboks SET status = 'venter', forsok = forsok - 1 WHERE id = ANY(:ider)")


def _send(rader: Sequence[Any]) -> None:
    with app.connection_for_write() as kobling, producers[kobling].acquire(block=True) as produsent:
        for rad in rader:
            app.send_task(
                EMNER[rad.emne],
                args=(rad.id, str(rad.sak_id), str(rad.ref) if rad.ref else None, rad.sporing),
                queue=rad.ko,
                producer=produsent,
                retry=False,
                ignore_result=True,
            )


def _plass() -> int:
    """How many more messages the broker's queue of cases may take."""
    with app.connection_for_write() as kobling:
        dybde = kobling.default_channel.client.llen(utboks.KO_SAKER)
    return max(0, DYBDE - dybde)


def runde() -> int:
    """One round. Returns how many rows were sent. Errors: the broker's or the database's."""
    plass = min(BUNKE, _plass())
    if not plass:
        return 0
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rader = utboks.hent(forbindelse, plass)
    if not rader:
        return 0
    krasjpunkt("rele.etter_merking")
    try:
        _send(rader)
    except Exception:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            forbindelse.execute(_VENTER_IGJEN, {"ider": [r.id for r in rader]})
        raise
    krasjpunkt("rele.etter_sending")
    return len(rader)


def main() -> None:
    sett_opp("rele")
    stopp = threading.Event()
    for signalnummer in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signalnummer, lambda *_: stopp.set())
    pause = PAUSE_S
    while not stopp.is_set():
        try:
            sendt = runde()
            pause = PAUSE_S
        except (OperationalError, DBAPIError, OSError) as feil:
            sendt, pause = 0, min(2.0, pause * 2)
            _logg.warning("rele_venter", arsak=type(feil).__name__, pause_s=pause)
        except Exception as feil:  # noqa: BLE001  (redis-py has errors of its own; the relay must not die of any)
            sendt, pause = 0, min(2.0, pause * 2)
            _logg.error("rele_feil", arsak=type(feil).__name__, pause_s=pause)
        if not sendt:
            stopp.wait(pause)
    time.sleep(0)


if __name__ == "__main__":
    main()
