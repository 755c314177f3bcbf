"""Boligstøtte reckoned for columns of households, answered for one; and what a lower rent does to it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from domain.boligstotte_dk.regler import FORSTE_TERMIN, REGLER, SATSER, SIDSTE_TERMIN, SLAGS
from domain.regler.avrunding import til_kroner, vis_ore
from domain.regler.kolonne import Tall
from domain.regler.plan import Plan, lag_plan, regn, satsavtrykk
from domain.regler.spor import Sporbygger, Vis
from domain.regler.termin import TerminFeil, del_opp

VALUTA = "DKK"
KODEVERSJON = 2
"""Raised when the same household is answered otherwise. Nothing is decided by these rules, so none of 1 are kept."""
FLAG = ("bevaegelseshaemmet", "dognhjaelp", "saerlig_stotte", "fortidspension", "anvist", "unge_voksne")
BELOB = ("husleje", "areal", "indkomst")
FAKTA: Mapping[str, tuple[str, Vis | None]] = {
    "slags": ("sak", SLAGS.__getitem__),
    "personer": ("sak", None),
    "born": ("sak", None),
    **dict.fromkeys((*BELOB, *FLAG), ("sak", None)),
}
UDELADT = "Huslejetillæg, egenbetaling, mindstebeløb og formue indgår ikke: boks C.1 har dem ikke."


def _krev(termin: str) -> str:
    del_opp(termin)
    if termin < FORSTE_TERMIN:
        raise TerminFeil(f"termin: {termin} er før {FORSTE_TERMIN}, den første måned med satser")
    if termin > SIDSTE_TERMIN:
        raise TerminFeil(f"termin: {termin} er efter {SIDSTE_TERMIN}, den sidste måned med satser")
    return termin


@lru_cache(maxsize=32)
def plan(termin: str) -> Plan:
    return lag_plan(REGLER, SATSER, tuple(FAKTA), {}, form=_krev(termin), satstermin={})


@lru_cache(maxsize=32)
def _bygger(termin: str) -> Sporbygger:
    return Sporbygger(plan(termin), FAKTA, {})


def kolonner(husstande: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Documents (schemas/boligstotte_dk.py, defaults filled in) as columns."""
    ut: dict[str, Any] = {"slags": np.array([SLAGS.index(h["slags"]) for h in husstande])}
    ut |= {n: np.array([int(h[n]) for h in husstande]) for n in ("personer", "born")}
    ut |= {n: np.array([float(h[n]) for h in husstande]) for n in BELOB}
    return ut | {n: np.array([bool(h[n]) for h in husstande]) for n in FLAG}


def regn_ut(kol: Mapping[str, Any], termin: str) -> dict[str, Any]:
    """Every rule's column; ``stotte`` is kroner a year."""
    n = len(kol["slags"])
    return regn(plan(termin), kol, np.arange(n + 1), np.arange(n))


def beregn(husstand: Mapping[str, Any]) -> dict[str, Any]:
    """The answer for one household, as ``boligsak calc boligstotte-dk`` prints it.  Errors: ``TerminFeil``."""
    termin = husstand["termin"]
    verdier = regn_ut(kolonner([husstand]), termin)
    svar = {
        "valuta": VALUTA,
        "stotte_per_ar": int(til_kroner(verdier["stotte"])[0]),
        "stotte_per_maned": int(til_kroner(verdier["stotte"] / 12)[0]),
        "spor": _bygger(termin).linjer(verdier, 0, 0, 1),
        "satser": list(_bygger(termin).satser),
        "regelversjon": f"{REGLER.ordning}-{FORSTE_TERMIN}-v{KODEVERSJON}-{satsavtrykk(plan(termin))}",
        "forbehold": UDELADT,
    }
    if husstand.get("huslejereduktion"):
        reduktion = float(husstand["huslejereduktion"])
        svar["ved_huslejereduktion"] = {
            "huslejereduktion": vis_ore(reduktion),
            "aendring_i_stotte": vis_ore(float(effekt(kolonner([husstand]), reduktion, termin)[0])),
        }
    return svar


def effekt(kol: Mapping[str, Any], reduktion: Any, termin: str) -> Tall:
    """Kroner a year by which support changes when the rent is lowered by ``reduktion``: negative or nothing."""
    lavere = {**kol, "husleje": np.maximum(kol["husleje"] - reduktion, 0.0)}
    ut: Tall = regn_ut(lavere, termin)["stotte"] - regn_ut(kol, termin)["stotte"]
    return ut
