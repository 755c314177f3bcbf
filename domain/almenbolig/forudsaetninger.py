"""Rates and prices that a step assumes: editions of the forecast, and what of it a year's figure is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from domain.regler.kolonne import Tall
from domain.regler.satser import SIKKERHET, SatsFeil, les_yaml

LANTYPER: Mapping[str, int] = {"fast": 30, "rtl1": 1, "rtl5": 5, "rtl10": 10}
"""Kind of loan → years between refinancings; the fixed one keeps its rate for all thirty."""

Serie = tuple[tuple[int, float], ...]
"""(from year, value), in order; a year before the first has the first."""


def i_ar(serie: Serie, ar: Any) -> Tall:
    """The series' values in these calendar years."""
    fra = np.array([a for a, _ in serie])
    verdier = np.array([v for _, v in serie])
    ut: Tall = verdier[np.maximum(np.searchsorted(fra, ar, side="right") - 1, 0)]
    return ut


@dataclass(frozen=True)
class Forudsaetninger:
    """One edition. Rates and yearly rises as shares (0.02 = 2 per cent)."""

    udgave: str
    renter: Mapping[str, Serie]
    nettoprisindeks: Serie
    lonindeks: Serie
    diskonteringsrente: float
    merker: Mapping[str, str]
    """Series → how sure it is."""

    def dokument(self) -> dict[str, Any]:
        """As a decision stores it: all that is needed to reckon it again."""
        return {
            "udgave": self.udgave,
            "renter": {navn: [list(p) for p in serie] for navn, serie in self.renter.items()},
            "nettoprisindeks": [list(p) for p in self.nettoprisindeks],
            "lonindeks": [list(p) for p in self.lonindeks],
            "diskonteringsrente": self.diskonteringsrente,
            "merker": dict(self.merker),
        }


def af_dokument(dokument: Mapping[str, Any]) -> Forudsaetninger:
    """The inverse of ``dokument``."""

    def serie(punkter: Sequence[Sequence[float]]) -> Serie:
        return tuple((int(a), float(v)) for a, v in punkter)

    return Forudsaetninger(
        dokument["udgave"],
        {navn: serie(p) for navn, p in dokument["renter"].items()},
        serie(dokument["nettoprisindeks"]),
        serie(dokument["lonindeks"]),
        float(dokument["diskonteringsrente"]),
        dict(dokument["merker"]),
    )


def _punkter(verdier: Any, sted: str) -> Serie:
    if not isinstance(verdier, dict) or not verdier:
        raise SatsFeil(f"forudsaetninger.yaml: {sted}: 'verdier' må være år → tal")
    serie = tuple((int(a), float(v)) for a, v in verdier.items())
    if [a for a, _ in serie] != sorted(a for a, _ in serie):
        raise SatsFeil(f"forudsaetninger.yaml: {sted}: årene må stå i rækkefølge")
    return serie


def _udgave(rad: Mapping[str, Any]) -> Forudsaetninger:
    try:
        felt = {f"renter.{t}": rad["renter"][t] for t in LANTYPER}
        felt |= {n: rad[n] for n in ("nettoprisindeks", "lonindeks", "diskonteringsrente")}
    except KeyError as mangler:
        raise SatsFeil(f"forudsaetninger.yaml: {rad.get('udgave')}: {mangler} mangler") from None
    for navn, f in felt.items():
        if f.get("sikkerhet") not in SIKKERHET or not f.get("kilde"):
            raise SatsFeil(f"forudsaetninger.yaml: {rad['udgave']}: {navn} mangler kilde eller sikkerhet")
    return Forudsaetninger(
        str(rad["udgave"]),
        {t: _punkter(felt[f"renter.{t}"]["verdier"], t) for t in LANTYPER},
        _punkter(felt["nettoprisindeks"]["verdier"], "nettoprisindeks"),
        _punkter(felt["lonindeks"]["verdier"], "lonindeks"),
        float(felt["diskonteringsrente"]["verdi"]),
        {navn: f["sikkerhet"] for navn, f in felt.items()},
    )


def les(tekst: str) -> tuple[Forudsaetninger, ...]:
    """The editions of a file's text, the oldest first.  Errors: ``SatsFeil`` naming edition and series."""
    alle = tuple(_udgave(rad) for rad in les_yaml(tekst, "forudsaetninger.yaml"))
    if [u.udgave for u in alle] != sorted({u.udgave for u in alle}):
        raise SatsFeil("forudsaetninger.yaml: udgaverne må stå i rækkefølge, hver én gang")
    return alle


@cache
def udgaver() -> tuple[Forudsaetninger, ...]:
    """Every edition, the oldest first."""
    return les(files("domain.almenbolig").joinpath("forudsaetninger.yaml").read_text("utf-8"))


def seneste(maned: str) -> Forudsaetninger:
    """The newest edition out by ``YYYY-MM``; the oldest when none was."""
    return ([u for u in udgaver() if u.udgave <= maned] or [udgaver()[0]])[-1]
