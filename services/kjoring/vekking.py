"""Wake-ups for the run's chunks, from the command and from the workers alike: a task's name on its queue."""

from functools import lru_cache
from uuid import UUID

import structlog
from celery import Celery

from services.innebygd import adresser

OPPGAVE = "kjoring.arbeid.v1"
KO = "kjoring"
MAKS_PER_GANG = 16
_logg = structlog.get_logger("boligsak.kjoring")


@lru_cache
def _avsender() -> Celery:
    app = Celery("boligsak-vekking", broker=adresser().broker_url, set_as_current=False)
    app.conf.update(task_ignore_result=True, task_publish_retry=False, broker_connection_timeout=5)
    return app


def vekk(id_: UUID, antall: int) -> None:
    """Wake-ups for as many chunks as are free. Lost ones are sent again by whoever drives the run."""
    try:
        for _ in range(min(antall, MAKS_PER_GANG)):
            _avsender().send_task(OPPGAVE, (str(id_),), queue=KO, expires=300)
    except Exception as feil:  # noqa: BLE001 - the broker is away: what there is to do stands in the rows
        _logg.warning("kan_ikke_vekke", kjoring=str(id_), arsak=type(feil).__name__)
