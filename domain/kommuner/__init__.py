"""Norway's municipalities: numbers, names, dates of validity and the ceiling group of bostøtte.

Data: ``kommuner.csv`` (every number in force from June 2022) and ``grupper.yaml``. The numbers and names were typed
from general knowledge of Statistics Norway's standard for municipalities [M]; the numbers of 2024 agree with a list in
a public repository (navikt/paw-arbeidssoekerregisteret-for-personbruker), those before 2024 have not been compared.
Sámi and Kven names are left out. This is not a copy of the official register.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from domain.regler.satser import les_yaml

GRUPPE_RESTEN = 4
_FORSTE_DAG, _SISTE_DAG = date.min, date.max


class UkjentKommune(ValueError):
    """No municipality has this number on this day. ``felt`` names the field to blame."""

    felt = "kommunenummer"

    def __init__(self, nummer: object, dato: date) -> None:
        melding = f"ingen kommune har dette nummeret {dato.isoformat()}"
        if isinstance(nummer, str) and nummer in _alle() and dato > _alle()[nummer].til:
            melding += f"; det ble erstattet av {_alle()[nummer].erstattet_av}"
        super().__init__(f"{self.felt}: {melding}")
        self.melding = melding


@dataclass(frozen=True, slots=True)
class Kommune:
    kommunenummer: str
    navn: str
    gruppe: int
    """1–4, forskrift om bustøtte § 3"""
    fra: date
    til: date
    erstattet_av: str | None
    """The number that took over, where one did. (Ålesund 1507 → 1508; Haram 1580 was also split out of it.)"""


@lru_cache
def _alle() -> dict[str, Kommune]:
    rom = files(__package__)
    grupper = {
        str(nummer): int(gruppe)
        for gruppe, nummere in les_yaml(rom.joinpath("grupper.yaml").read_text("utf-8"), "grupper.yaml")[
            "grupper"
        ].items()
        for nummer in nummere
    }
    rader = list(csv.DictReader(rom.joinpath("kommuner.csv").read_text("utf-8").splitlines()))
    kommuner = {}
    for rad in rader:
        idag = rad["erstattet_av"] or rad["nummer"]
        kommuner[rad["nummer"]] = Kommune(
            kommunenummer=rad["nummer"],
            navn=rad["navn"],
            gruppe=grupper.get(idag, GRUPPE_RESTEN),
            fra=date.fromisoformat(rad["fra"]) if rad["fra"] else _FORSTE_DAG,
            til=date.fromisoformat(rad["til"]) if rad["til"] else _SISTE_DAG,
            erstattet_av=rad["erstattet_av"] or None,
        )
    return kommuner


def finn(kommunenummer: str, dato: date) -> Kommune:
    """The municipality with this four-digit number on this day. Raises :class:`UkjentKommune`."""
    kommune = _alle().get(kommunenummer)
    if kommune is None or not kommune.fra <= dato <= kommune.til:
        raise UkjentKommune(kommunenummer, dato)
    return kommune


def gjeldende_nummer(kommunenummer: str, dato: date) -> str:
    """The number in force on ``dato`` for a municipality known by an older number (itself when still in force)."""
    kommune = _alle().get(kommunenummer)
    if kommune is not None and dato > kommune.til and kommune.erstattet_av is not None:
        return finn(kommune.erstattet_av, dato).kommunenummer
    return finn(kommunenummer, dato).kommunenummer


def kommuner(dato: date) -> list[Kommune]:
    """Every municipality on this day, by number."""
    return [k for k in _alle().values() if k.fra <= dato <= k.til]


@lru_cache(maxsize=64)
def gruppetabell(dato: date) -> NDArray[np.int8]:
    """int8[10000]: the group of each number in force on this day, 0 where there is none."""
    tabell = np.zeros(10_000, dtype=np.int8)
    for kommune in kommuner(dato):
        tabell[int(kommune.kommunenummer)] = kommune.gruppe
    tabell.setflags(write=False)
    return tabell
