"""For measuring only: the month's work with one Celery task a case, through the same code. A Celery application."""

from uuid import UUID

from services.kjoring import driv
from services.kjoring.bit import gjor_en
from workers.app import app
from workers.oppgaver import registre


@app.task(name="bench.en_sak.v1")
def en_sak(kjoring_id: str) -> None:
    """One case: a chunk of one, its own message, its own transaction."""
    gjor_en(driv.les(UUID(kjoring_id)), registre)
