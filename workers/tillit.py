"""The nightly controls: the anchor, and a sample of decisions computed again."""

import time

import structlog
from celery.schedules import crontab

from services.anker.innstillinger import ankerinnstillinger, ankermappe
from services.anker.lag import lag
from services.innebygd import adresser
from services.klokke import i_dag, na
from services.lager import malinger
from services.lager.malinger import Maling
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.replay.spill import spill_av, utvalg
from workers.app import app

_logg = structlog.get_logger("boligsak.tillit")
UTVALG = 1000
VISES = 20
"""So many of the night's deviations are named in the log."""


@app.task(name="tillit.anker.v1")
def anker() -> None:
    """Tonight's anchor. Its number and hash go into the log too, which is one more place outside the database."""
    start, tid = time.monotonic(), na()
    laget = lag(adresser().database_url, ankermappe(), tid)
    a = laget.anker
    _logg.info("anker_laget", nr=a.nr, saker=a.dokument["saker"], rot=a.dokument["rot"], sha256=a.hash)
    for sak in [*laget.borte, *laget.tilbake][:VISES]:
        _logg.error("sak_gatt_tilbake", sak=sak, borte=sak in laget.borte)
    avvik = len(laget.borte) + len(laget.tilbake)
    _skriv("anker", Maling(tid, int(a.dokument["saker"]), 0, avvik, time.monotonic() - start))


@app.task(name="tillit.replay.v1")
def replay() -> None:
    """Another sample each night; the date is the seed, so that a night can be taken again."""
    tid = na()
    url = adresser().database_url
    resultat = spill_av(url, utvalg(url, UTVALG, int(f"{i_dag(tid):%Y%m%d}")))
    for a in resultat.avvik[:VISES]:
        _logg.error("vedtak_lar_seg_ikke_gjenta", vedtak=str(a.vedtak), felt=a.felt)
    _logg.info("replay", antall=resultat.antall, like=resultat.like, slettet=resultat.slettet)
    maling = Maling(tid, resultat.antall, resultat.slettet, len(resultat.avvik), resultat.sekunder)
    _skriv("replay", maling)


def _skriv(slag: malinger.Slag, maling: Maling) -> None:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        malinger.skriv(forbindelse, slag, maling)


# After workers.vedlikehold, which begins the schedule: see the order in workers/app.py.
_natt = ankerinnstillinger().natt
app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "anker": {
        "task": "tillit.anker.v1",
        "schedule": crontab(hour=str(_natt.hour), minute=str(_natt.minute)),
        "options": {"queue": "vedlikehold"},
    },
    "replay": {
        "task": "tillit.replay.v1",
        "schedule": crontab(hour=str(_natt.hour), minute=str(_natt.minute)),
        "options": {"queue": "vedlikehold"},
    },
}
