"""The relay: claims outbox rows that are due, and sends them to Celery in batches. ``python -m workers.rele``

The backlog stands in PostgreSQL; the broker is kept shallow, so that little is lost with it and nothing grows old
in it. Two relays may run: SKIP LOCKED shares the rows between them.
"""

import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import text

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
DYBDE = 600
"""So many messages may wait in a queue of the broker."""
PAUSE_S = 0.02
FEIING_S = 2.0
"""So often the sweeper looks for what was sent and never done. It lives here, where it needs no broker to run."""
_VENTER_IGJEN = text("UPDATE utboks SET status = 'venter' WHERE id = ANY(:ider) AND status = 'publisert'")


class Sender:
    """One connection to the broker, kept; a new one after an error."""

    def __init__(self) -> None:
        self._kobling = app.connection_for_write()
        self._produsent = app.amqp.Producer(self._kobling.default_channel, auto_declare=False)

    def plass(self) -> int:
        """How many more messages the broker's queue of cases may take."""
        return max(0, DYBDE - int(self._kobling.default_channel.client.llen(utboks.KO_SAKER)))

    def send(self, rader: Sequence[Any]) -> None:
        with self._produsent.batch(max_size=BUNKE):
            for rad in rader:
                app.send_task(
                    EMNER[rad.emne],
                    args=(rad.id, str(rad.sak_id), str(rad.ref) if rad.ref else None, rad.sporing, rad.igjen),
                    queue=rad.ko,
                    producer=self._produsent,
                    retry=False,
                    ignore_result=True,
                )

    def lukk(self) -> None:
        self._kobling.release()


def runde(sender: Sender) -> int:
    """One round. Returns how many rows were sent. Errors: the broker's or the database's."""
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        rader = utboks.hent(forbindelse, min(BUNKE, sender.plass()))
    if not rader:
        return 0
    krasjpunkt("rele.etter_merking")
    try:
        sender.send(rader)
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
                neste_feiing = time.monotonic() + FEIING_S
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
