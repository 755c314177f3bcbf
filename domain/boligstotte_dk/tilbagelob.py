"""What of a lower rent in new dwellings comes back as lower boligstøtte (the report, tables C.1 and C.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from domain.boligstotte_dk.beregning import effekt, kolonner
from domain.regler.satser import les_yaml

MODTAGERE: Mapping[str, Mapping[str, Any]] = {
    "boligydelse": {"slags": "boligydelse"},
    "boligsikring_60": {"slags": "boligsikring", "fortidspension": True},
    "boligsikring_15": {"slags": "boligsikring"},
}
"""The columns of Tabel C.1: a recipient of each kind whom no ceiling touches, alone with no income."""
TYPISK = {
    "personer": 1, "born": 0, "husleje": 60_000.0, "areal": 60.0, "indkomst": 0.0, "bevaegelseshaemmet": False,
    "dognhjaelp": False, "saerlig_stotte": False, "fortidspension": False, "anvist": False,
    "unge_voksne": False,
}  # fmt: skip


@cache
def andele() -> Mapping[str, Mapping[str, Any]]:
    """Kind of dwelling → the shares of appendix C, with source and mark."""
    tekst = files("domain.boligstotte_dk").joinpath("tilbagelob.yaml").read_text("utf-8")
    innhold: dict[str, dict[str, Any]] = les_yaml(tekst, "tilbagelob.yaml")
    return innhold


def generel_effekt(reduktion: float, termin: str = "2020-01") -> dict[str, float]:
    """A row of Tabel C.1: the yearly change of support of each kind of recipient, by the rules themselves."""
    kol = kolonner([{**TYPISK, **m} for m in MODTAGERE.values()])
    return dict(zip(MODTAGERE, effekt(kol, reduktion, termin).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Tilbagelob:
    """One side of a row of Tabel C.2, in the unit that went in."""

    reduktion: float
    stotteeffekt: float

    @property
    def netto(self) -> float:
        return self.reduktion + self.stotteeffekt


def tilbagelob(boligtype: str, reduktion: float) -> Tilbagelob:
    """A lower rent in a new dwelling of this kind, averaged over those with and without support."""
    return Tilbagelob(reduktion, -float(andele()[boligtype]["samlet"]) * reduktion)
