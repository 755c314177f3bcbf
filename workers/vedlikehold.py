"""What beat asks for: partitions, cleaning up."""

from datetime import timedelta

from sqlalchemy import text

from services.etterkontroll import avdrag
from services.klage import paminnelser
from services.klokke import na
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.tilgang import engang
from workers.app import app

_PARTISJONER = text(
    "SELECT lag_hendelse_partisjon((CAST(:tid AS timestamptz) + make_interval(months => m))::date)"
    " FROM generate_series(0, 2) AS m"
)
_RYDD_IDEMPOTENS = text("DELETE FROM idempotens WHERE laget < :grense")


@app.task(name="vedlikehold.daglig.v1")
def daglig() -> None:
    """Partitions ahead of time, finished work and old answers away."""
    tid = na()
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        forbindelse.execute(_PARTISJONER, {"tid": tid})
        forbindelse.execute(_RYDD_IDEMPOTENS, {"grense": tid - timedelta(days=2)})
        engang.rydd(forbindelse)
    while True:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            if not utboks.rydd(forbindelse, tid - timedelta(days=7)):
                return


@app.task(name="vedlikehold.paminn.v1")
def paminn() -> None:
    """Owners of tasks whose deadline is near."""
    paminnelser.paminn()


@app.task(name="vedlikehold.krav.v1")
def krav() -> None:
    """Claims whose instalments are missing, or that are about to lapse."""
    avdrag.folg_opp()


app.conf.beat_schedule = {
    "krav": {"task": "vedlikehold.krav.v1", "schedule": 6 * 3600.0, "options": {"queue": "vedlikehold"}},
    "paminn": {
        "task": "vedlikehold.paminn.v1",
        "schedule": 600.0,
        "options": {"queue": "vedlikehold", "expires": 600},
    },
    "daglig": {"task": "vedlikehold.daglig.v1", "schedule": 6 * 3600.0, "options": {"queue": "vedlikehold"}},
}
