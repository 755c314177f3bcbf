"""The model over columns: facts in, every rule's column out, for one household or for a whole grid in one call.

Columns may have any shapes that broadcast together, so a grid of household × region × share × income is reckoned
with each rule at the size of what it depends on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from domain.regler.kolonne import Kolonne
from domain.regler.plan import Plan, lag_plan, regn
from domain.regler.regel import Regel
from domain.regler.satser import Sats, Satssamling, Satsverdi
from domain.regler.spor import Vis
from domain.samspill import dagens
from domain.samspill.regelsett import (
    FINANS,
    RAPPORTENS_AR,
    REGELMODULER,
    REGLER,
    SATSER,
    SATSTERMIN,
    TABELLER,
)

for _modul in REGELMODULER:
    import_module(_modul)

HELTALL = ("voksne", "barn", "region", "livsoppholdstabell", "kommunenummer")
FLAGG = ("barnehage", "ung_ufor", "delt_eierskap")
TALL = (
    "tilskuddsandel",
    "kalkulasjonsrente",
    "nedbetalingstid",
    "personinntekt",
    "egenkapital",
    "andre_lanekostnader",
    "oppgitt_leiesats",
)
OPPGITT = ("oppgitt_kjopesum", "oppgitt_skattefri", "oppgitt_livsopphold", "oppgitt_drift")
"""NaN where nothing is given and the model's own figure is used."""

Endring = tuple[tuple[str, float], ...]
"""Changed rates of bostøtte, by name, sorted. See :data:`ENDRINGER`."""


def _tak(plan_satser: Satssamling, verdi: float) -> dict[str, tuple[float, ...] | float]:
    return {"tak_husstand": _likt(plan_satser, "tak_husstand", verdi), "tak_region": (0.0,) * 4}


def _likt(satser: Satssamling, navn: str, verdi: float) -> tuple[float, ...]:
    forste = satser[navn].verdier[0].verdi
    assert isinstance(forste, tuple)
    return (verdi,) * len(forste)


ENDRINGER: Mapping[str, str] = {
    "boutgiftstak": "kr/år",
    "basisandel": "andel",
    "innslagspunkt": "kr/år",
    "progresjon": "andel",
    "dekningsgrad": "andel",
    "minste_bostotte": "kr/år",
}
"""What a change of rules may set in the report's year, and its unit. Ceiling and start replace the whole table."""


def _endrede_satser(endring: Endring) -> Satssamling:
    ny: dict[str, tuple[float, ...] | float] = {}
    for navn, verdi in endring:
        if navn == "boutgiftstak":
            ny |= _tak(SATSER, verdi)
        elif navn == "innslagspunkt":
            ny[navn] = _likt(SATSER, navn, verdi)
        else:
            ny["rimelig_andel" if navn == "basisandel" else navn] = verdi
    return Satssamling(
        replace(sats, verdier=(_endret(sats, ny[sats.navn]),)) if sats.navn in ny else sats
        for sats in SATSER.values()
    )


def _endret(sats: Sats, verdi: tuple[float, ...] | float) -> Satsverdi:
    return Satsverdi(sats.verdier[0].fra, verdi, "Regelendring oppgitt i forespørselen", "V")


@dataclass(frozen=True)
class Modell:
    """Rules and rates of one year. ``bostotte``: the plan of today's bostøtte, None in the report's year."""

    ar: int
    plan: Plan
    finans: Plan
    resten: Plan
    bostotte: Plan | None
    fakta: Mapping[str, tuple[str, Vis | None]]


def _vis_oppgitt(verdi: float) -> float | None:
    return None if np.isnan(verdi) else verdi


@lru_cache(maxsize=64)
def modell(ar: int, endring: Endring = ()) -> Modell:
    """The model of a year in ``SATSTERMIN``, with changed rates of bostøtte."""
    termin = SATSTERMIN[ar]
    egne = ar == RAPPORTENS_AR
    fakta: dict[str, tuple[str, Vis | None]] = {
        **dict.fromkeys((*HELTALL, *FLAGG, *TALL), ("sak", None)),
        **dict.fromkeys(OPPGITT, ("sak", _vis_oppgitt)),
        **dict.fromkeys(() if egne else dagens.KOLONNER, ("sak", None)),
        "livsoppholdstabell": ("sak", TABELLER.__getitem__),
        "kommunenummer": ("sak", "{:04d}".format),
    }
    plan = lag_plan(
        REGLER,
        _endrede_satser(endring) if egne and endring else SATSER,
        tuple(fakta),
        {},
        form=termin,
        satstermin={},
    )

    def del_(er_finans: bool) -> Plan:
        def med(regel: Regel) -> bool:
            return (regel.funksjon.__module__ == FINANS) is er_finans

        steg = tuple(s for s, regel in zip(plan.steg, plan.regler, strict=True) if med(regel))
        return replace(plan, regler=tuple(r for r in plan.regler if med(r)), steg=steg)

    return Modell(
        ar, plan, del_(True), del_(False), None if egne else dagens.bostotteplan(termin, endring), fakta
    )


def kolonner(felt: Mapping[str, ArrayLike]) -> dict[str, Kolonne]:
    """Facts as columns: int64, bool or float64 by name. Left out: zero, false; NaN for what may be given.

    ``felt`` must have voksne, kalkulasjonsrente, nedbetalingstid, tilskuddsandel and personinntekt.
    """
    ut: dict[str, Kolonne] = {}
    for navn in HELTALL:
        ut[navn] = np.atleast_1d(np.asarray(felt.get(navn, 0), dtype=np.int64))
    for navn in FLAGG:
        ut[navn] = np.atleast_1d(np.asarray(felt.get(navn, False), dtype=np.bool_))
    for navn in TALL:
        ut[navn] = np.atleast_1d(np.asarray(felt.get(navn, 0.0), dtype=np.float64))
    for navn in OPPGITT:
        ut[navn] = np.atleast_1d(np.asarray(felt.get(navn, np.nan), dtype=np.float64))
    return ut


_EN_SAK = np.array([0, 1]), np.array([0])


def regn_modell(felt: Mapping[str, ArrayLike], ar: int, endring: Endring = ()) -> dict[str, Any]:
    """Every rule's column by name, beside the facts. Shapes broadcast; no rule gathers over persons."""
    m = modell(ar, endring)
    verdier = regn(m.finans, kolonner(felt), *_EN_SAK)
    if m.bostotte is not None:
        verdier |= dagens.kolonner(verdier, m.bostotte, SATSTERMIN[ar])
    return regn(m.resten, verdier, *_EN_SAK)
