"""What beat asks for: the sweeper, deadlines, partitions, cleaning up."""

from datetime import timedelta

import structlog
from sqlalchemy import text

from services.innstillinger import innstillinger
from services.klokke import na
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.feil import gi_opp
from workers.app import app

_logg = structlog.get_logger("boligsak.vedlikehold")
_PARTISJONER = text(
    "SELECT lag_hendelse_partisjon((CAST(:tid AS timestamptz) + make_interval(months => m))::date)"
    " FROM generate_series(0, 2) AS m"
)
_RYDD_IDEMPOTENS = text("DELETE FROM idempotens WHERE laget < :grense")


@app.task(name="vedlikehold.fei.v1")
def fei() -> None:
    """Send again what stays published too long; hand over what has used up its tries."""
    valg, tid = innstillinger(), na()
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        igjen, oppbrukt = utboks.fei(
            forbindelse, tid, timedelta(seconds=valg.feier_etter_s), valg.utboks_maks_forsok
        )
        for rad in oppbrukt:
            gi_opp(forbindelse, rad, f"melding:{rad.emne}:kommer-ikke-i-mal", tid)
    if igjen or oppbrukt:
        _logg.warning("feid", igjen=igjen, gitt_opp=len(oppbrukt))


@app.task(name="vedlikehold.daglig.v1")
def daglig() -> None:
    """Partitions ahead of time, finished work and old answers away."""
    tid = na()
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        forbindelse.execute(_PARTISJONER, {"tid": tid})
        forbindelse.execute(_RYDD_IDEMPOTENS, {"grense": tid - timedelta(days=2)})
    while True:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            if not utboks.rydd(forbindelse, tid - timedelta(days=7)):
                return


app.conf.beat_schedule = {
    "fei": {
        "task": "vedlikehold.fei.v1",
        "schedule": 5.0,
        "options": {"queue": "vedlikehold", "expires": 30},
    },
    "daglig": {"task": "vedlikehold.daglig.v1", "schedule": 6 * 3600.0, "options": {"queue": "vedlikehold"}},
}
