"""The sweeper: what was sent and never done is sent again; what has used up its tries gets an owner."""

from datetime import timedelta

import structlog

from services.innstillinger import innstillinger
from services.klokke import na
from services.krasjpunkt import krasjpunkt
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.feil import gi_opp

_logg = structlog.get_logger("boligsak.feier")


def fei() -> int:
    """One sweep. Returns how many rows were put back or given up. Safe to run in several places at once: one case at
    a time is given up, under its lock, so that a worker that does the work after all is not overtaken."""
    valg, tid = innstillinger(), na()
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        igjen, oppbrukt = utboks.fei(
            forbindelse, tid, timedelta(seconds=valg.feier_etter_s), valg.utboks_maks_forsok
        )
        if igjen:
            krasjpunkt("feier.for_commit")
    for rad in oppbrukt:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            gi_opp(forbindelse, rad, f"melding:{rad.emne}:kommer-ikke-i-mal", tid)
    if igjen or oppbrukt:
        _logg.warning("feid", igjen=igjen, gitt_opp=len(oppbrukt))
    return igjen + len(oppbrukt)
