"""Retention clocks: data in ``frister.yaml``, read once."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FIL = Path(__file__).with_name("frister.yaml")


class FristFeil(ValueError):
    """The file says too little, or something impossible; the message names the field."""


@dataclass(frozen=True, slots=True)
class Frist:
    """``ar``: whole years after the end of the year in which the case last moved."""

    ordning: str
    slag: str
    gyldig_fra: date
    ar: int
    hjemmel: str
    sikkerhet: str

    @property
    def navn(self) -> str:
        return f"{self.ordning}-{self.slag}"

    def utlop(self, sist: date) -> date:
        """First day on which the case may be erased."""
        return date(sist.year + self.ar + 1, 1, 1)


@lru_cache
def frister() -> tuple[Frist, ...]:
    rader = [Frist(**rad) for rad in _les()["frister"]]
    for f in rader:
        if f.ar < 1 or f.sikkerhet not in {"V", "M", "A"} or not f.hjemmel:
            raise FristFeil(f"{FIL.name}: {f.navn}: ar, sikkerhet eller hjemmel er ugyldig")
    return tuple(sorted(rader, key=lambda f: f.gyldig_fra))


def frist(ordning: str, slag: str, dato: date) -> Frist | None:
    """The clock that counts on ``dato``; None: the kind has none, and is kept."""
    treff = [f for f in frister() if (f.ordning, f.slag) == (ordning, slag) and f.gyldig_fra <= dato]
    return treff[-1] if treff else None


@lru_cache
def dager_avviste() -> int:
    """Days that the body of a refused event is kept."""
    return int(_les()["avviste_hendelser"]["dager"])


@lru_cache
def _les() -> dict[str, Any]:
    innhold: dict[str, Any] = yaml.safe_load(FIL.read_text(encoding="utf-8"))
    return innhold
