"""The relay: claims outbox rows that are due, and sends them to Celery in batches. ``python -m workers.rele``

The backlog stands in PostgreSQL; the broker is kept shallow, so that little is lost with it and nothing grows old
in it. Two relays may run: SKIP LOCKED shares the rows between them.
"""

import math
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import text

from services.innstillinger import innstillinger
from services.krasjpunkt import krasjpunkt
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.logg import sett_opp
from services.motor.feier import fei
from workers.app import app
from workers.oppgaver import EMNER

_logg = structlog.get_logger("boligsak.rele")
BUNKE = 200
"""Rows claimed at a time."""
DYBDE = 4
"""So many messages may wait in the broker's queue of cases. While every worker is busy, cases gather here and then
travel together, which is what makes many of them cheap."""
SAKER_I_MELDING = 20
"""So many cases may share a message, and then a worker's transaction. Fewer when there is little to do."""
PAUSE_S = 0.02
FEIING_S = 2.0
"""So often, at least, the sweeper looks for what was sent and never done. It lives here, where it needs no worker."""
_VENTER_IGJEN = text("UPDATE utboks SET status = 'venter' WHERE id = ANY(:ider) AND status = 'publisert'")


class Sender:
    """One connection to the broker, kept; a new one after an error."""

    def __init__(self) -> None:
        self._kobling = app.connection_for_write()
        self._produsent = app.amqp.Producer(self._kobling.default_channel, auto_declare=False)

    def plass(self) -> int:
        """How many more messages the broker's queue of cases may take."""
        return max(0, DYBDE - int(self._kobling.default_channel.client.llen(utboks.KO_SAKER)))

    def send(self, rader: Sequence[Any], plass: int) -> None:
        with self._produsent.batch(max_size=BUNKE):
            for oppgave, ko, args in meldinger(rader, plass):
                app.send_task(
                    oppgave, args=args, queue=ko, producer=self._produsent, retry=False, ignore_result=True
                )

    def lukk(self) -> None:
        self._kobling.release()


def meldinger(rader: Sequence[Any], plass: int) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """(task, queue, arguments) of the rows, for a queue with ``plass`` places.

    Cases share a message the first time they are sent; one that was sent before travels alone, since it may be what
    killed its worker.
    """
    nye = [r for r in rader if r.emne == utboks.DREN and not r.igjen]
    storrelse = max(1, min(SAKER_I_MELDING, math.ceil(len(nye) / plass)))
    for i in range(0, len(nye), storrelse):
        bunke = nye[i : i + storrelse]
        yield EMNER[utboks.DREN], bunke[0].ko, ([(r.id, str(r.sak_id), r.sporing) for r in bunke],)
    for r in rader:
        if r.emne != utboks.DREN:
            yield EMNER[r.emne], r.ko, (r.id, str(r.sak_id), str(r.ref), r.sporing, r.igjen)
        elif r.igjen:
            yield EMNER[r.emne], r.ko, ([(r.id, str(r.sak_id), r.sporing)], True)


def runde(sender: Sender) -> int:
    """One round. Returns how many rows were sent. Errors: the broker's or the database's."""
    plass = sender.plass()
    if not plass:
        return 0
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rader = utboks.hent(forbindelse, min(BUNKE, plass * SAKER_I_MELDING))
    if not rader:
        return 0
    krasjpunkt("rele.etter_merking")
    try:
        sender.send(rader, plass)
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
    sender: Sender | None = None
    pause, neste_feiing = PAUSE_S, 0.0
    while not stopp.is_set():
        try:
            sender = sender or Sender()
            sendt = runde(sender)
            if time.monotonic() > neste_feiing:
                fei()
                neste_feiing = time.monotonic() + min(FEIING_S, innstillinger().feier_etter_s / 3)
            pause = PAUSE_S
        except Exception as feil:  # noqa: BLE001  (broker or database is away: the relay waits, and must not die)
            if sender is not None:
                with suppress(Exception):
                    sender.lukk()
            sender, sendt, pause = None, 0, min(2.0, pause * 2)
            _logg.warning("rele_venter", arsak=type(feil).__name__, pause_s=pause)
        if sendt < BUNKE:
            stopp.wait(pause)


if __name__ == "__main__":
    main()
