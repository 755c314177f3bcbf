"""A process that drives one run, coordinator and worker in one, until it is done or dies."""

import os
from collections.abc import Mapping
from uuid import UUID

from services.innstillinger import innstillinger
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.registre import lag_registre
from tests.kjoring.hjelp import fullfor


def driv_til_enden(id_: UUID, miljo: Mapping[str, str]) -> None:
    """In a process of its own, with these settings."""
    os.environ.clear()
    os.environ.update(miljo)
    innstillinger.cache_clear()
    kjoringsinnstillinger.cache_clear()
    fullfor(id_, lag_registre(None))
