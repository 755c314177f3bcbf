"""The tasks of the monthly run. A message is a wake-up: the process works on the run until no chunk is free."""

import threading
from datetime import timedelta
from uuid import UUID

import structlog
from celery.schedules import crontab

from domain.kalender import neste_termin
from domain.ordninger import ORDNINGER
from domain.sak.ordning import Ordning
from services.kjoring import driv as drivverk
from services.kjoring.bit import FeilKode, gjor_en
from services.kjoring.etterarbeid import lag_statistikk
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import AKTIV, NY_BEREGNING, ORDINAR, KanIkkeStarte
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
    """Every run that is not closed is driven on: what a killed worker left, what a lost message asked for. Months in
    which one has closed are counted."""
    for id_ in drivverk.aktive():
        drivverk.driv(id_, vekk)
    lag_statistikk()


@app.task(name="kjoring.natt.v1")
def natt() -> None:
    """Once a night: from the day a-ordningen is complete, run last month unless it has been run. Then, once a month,
    look again at the month before it: income that came late or was corrected (Husbankens veileder: ny beregning)."""
    dag = i_dag(na())
    if dag.day < kjoringsinnstillinger().natt_fra_dag:
        return
    for ordning in ORDNINGER.values():
        if ordning.manedlig is None:
            continue
        termin = neste_termin(f"{dag:%Y-%m}", -1)
        for_ = neste_termin(termin, -1)
        if not _bestill(ordning, termin, ORDINAR) and not (
            drivverk.aktive()
            or drivverk.bestilt_siden(ordning, for_, NY_BEREGNING, dag.replace(day=1))
            or drivverk.urettet(ordning, for_)  # a person mends the cause first
        ):
            _bestill(ordning, for_, NY_BEREGNING)


def _bestill(ordning: Ordning, termin: str, slag: str) -> bool:
    """Order and begin a run; False when it may not be started (as a rule since it has been run)."""
    try:
        id_ = drivverk.start(ordning, termin, slag=slag, aktor="system")
    except KanIkkeStarte as feil:
        _logg.info("natt_ikke_startet", ordning=ordning.navn, termin=termin, slag=slag, felt=feil.felt)
        return False
    drivverk.driv(id_, vekk)
    return True


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
