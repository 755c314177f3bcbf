"""Processes of a run that may die: one that is coordinator and worker in one, and one that only coordinates."""

import os
import time
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from services.innstillinger import innstillinger
from services.kjoring import driv
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import AKTIV
from services.kjoring.vekking import vekk
from services.registre import lag_registre
from tests.kjoring.hjelp import fullfor


def _sett(miljo: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(miljo)
    innstillinger.cache_clear()
    kjoringsinnstillinger.cache_clear()


def driv_til_enden(id_: UUID, miljo: Mapping[str, str]) -> None:
    """In a process of its own, with these settings."""
    _sett(miljo)
    fullfor(id_, lag_registre(None))


def koordiner(id_: UUID, miljo: Mapping[str, str]) -> None:
    """As ``boligsak batch`` does it: drive the run, wake whoever works, wait while the database is away."""
    _sett(miljo)
    runde, slutt = 0, time.monotonic() + 300  # nobody is left behind when the test itself is killed
    while time.monotonic() < slutt:
        try:
            if driv.driv(id_, vekk if runde % 4 == 0 else lambda _id, _antall: None).status not in AKTIV:
                return
        except DBAPIError:
            pass
        runde += 1
        time.sleep(0.25)
