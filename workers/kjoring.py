"""The tasks of the monthly run. A message is a wake-up: the process works on the run until no chunk is free."""

import threading
from datetime import timedelta
from uuid import UUID

import structlog
from celery.schedules import crontab

from domain.kalender import neste_termin
from domain.ordninger import ORDNINGER
from services.kjoring import driv as drivverk
from services.kjoring.bit import FeilKode, gjor_en
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import AKTIV, KanIkkeStarte
from services.kjoring.vekking import KO, OPPGAVE, vekk
from services.klokke import i_dag, na
from workers.app import app
from workers.oppgaver import registre

_logg = structlog.get_logger("boligsak.kjoring")
_en_om_gangen = threading.Lock()
"""A chunk fills a core and some hundred megabytes: one at a time in a process, whatever threads it has."""


@app.task(name=OPPGAVE)
def arbeid(kjoring_id: str) -> None:
    """Chunk after chunk until none is free; then the run is driven on."""
    if not _en_om_gangen.acquire(blocking=False):
        return
    try:
        kjoring = drivverk.les(UUID(kjoring_id))
        while kjoring.status in AKTIV:
            if kjoring.fase not in ("samle", "behandle") or gjor_en(kjoring, registre) is False:
                for_ = kjoring.fase
                kjoring = drivverk.driv(kjoring.id, lambda _id, _antall: None)
                if kjoring.fase == for_:
                    return
    except FeilKode:
        _logg.error("feil_kode", kjoring=kjoring_id)
    finally:
        _en_om_gangen.release()


@app.task(name="kjoring.driv.v1")
def driv() -> None:
    """Every run that is not closed is driven on: what a killed worker left, what a lost message asked for."""
    for id_ in drivverk.aktive():
        drivverk.driv(id_, vekk)


@app.task(name="kjoring.natt.v1")
def natt() -> None:
    """Once a night: from the day a-ordningen is complete, run last month unless it has been run."""
    dag = i_dag(na())
    if dag.day < kjoringsinnstillinger().natt_fra_dag:
        return
    for ordning in ORDNINGER.values():
        if ordning.manedlig is None:
            continue
        termin = neste_termin(f"{dag:%Y-%m}", -1)
        try:
            id_ = drivverk.start(ordning, termin, aktor="system")
        except KanIkkeStarte as feil:
            _logg.info("natt_ikke_startet", ordning=ordning.navn, termin=termin, felt=feil.felt)
        else:
            drivverk.driv(id_, vekk)


_natt = kjoringsinnstillinger().natt
app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "kjoring-driv": {
        "task": "kjoring.driv.v1",
        "schedule": timedelta(seconds=5),
        "options": {"queue": KO, "expires": 5},
    },
    "kjoring-natt": {
        "task": "kjoring.natt.v1",
        "schedule": crontab(hour=str(_natt.hour), minute=str(_natt.minute)),
        "options": {"queue": KO},
    },
}
