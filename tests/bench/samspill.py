"""Samspill: the whole grid in one call, and one household's answer."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from domain.samspill.grenser import finn
from domain.samspill.modell import regn_modell
from domain.samspill.vurder import Samspilldata, vurder

ANDELER, INNTEKTER = 41, 500


def _rutenett(ar: int) -> dict[str, Any]:
    """7 households × 4 regions × 41 shares × 500 incomes; today's rules with one price for all."""
    felt: dict[str, Any] = {
        "voksne": np.array([1, 1, 1, 1, 2, 2, 2]).reshape(7, 1, 1, 1),
        "barn": np.array([0, 0, 1, 2, 0, 1, 2]).reshape(7, 1, 1, 1),
        "ung_ufor": np.array([0, 1, 0, 0, 0, 0, 0]).reshape(7, 1, 1, 1),
        "region": np.arange(4).reshape(1, 4, 1, 1),
        "tilskuddsandel": np.linspace(0, 0.8, ANDELER).reshape(1, 1, ANDELER, 1),
        "personinntekt": 50_000.0 + 1_000.0 * np.arange(INNTEKTER),
        "livsoppholdstabell": 1,
        "kalkulasjonsrente": 0.065,
        "nedbetalingstid": 20,
    }
    if ar != 2008:
        felt["kommunenummer"] = np.array([3401, 301, 4601, 4204]).reshape(1, 4, 1, 1)
        felt["oppgitt_kjopesum"] = 2_500_000.0
    return felt


def _beste(gjor: Callable[[], object], ganger: int) -> float:
    tider = []
    for _ in range(ganger):
        start = time.perf_counter()
        gjor()
        tider.append(time.perf_counter() - start)
    return min(tider)


def mal() -> dict[str, Any]:
    """Best of a few runs, in one process. Seconds for the grid with its limits, milliseconds for one answer."""
    ut: dict[str, Any] = {"ruter": 7 * 4 * ANDELER * INNTEKTER}
    sak: Samspilldata = {
        "ar": 2008, "voksne": 1, "barn": 1, "barnetype": "skole", "region": 0, "tilskuddsandel": 0.4,
        "kalkulasjonsrente": 0.065, "nedbetalingstid": 20, "livsopphold": "sifo_minimum", "personinntekt": 210_000,
    }  # fmt: skip
    for ar in (2008, 2026):
        felt = _rutenett(ar)

        def rutenett(felt: dict[str, Any] = felt, ar: int = ar) -> object:
            v = regn_modell(felt, ar)
            return finn(felt["personinntekt"], v["bostotte"], v["margin_uten_bostotte"])

        en: Samspilldata = {**sak, "ar": ar} if ar == 2008 else {**sak, "ar": ar, "kjopesum": 2_500_000}

        def svar(en: Samspilldata = en) -> object:
            return vurder(en)

        rutenett()
        svar()
        ut[f"rutenett_{ar}_s"] = _beste(rutenett, 3)
        ut[f"ett_svar_{ar}_ms"] = 1000 * _beste(svar, 20)
    return ut
