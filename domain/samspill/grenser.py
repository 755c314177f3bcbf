"""Where bostøtte ends, where startlån begins, and the interval between, read off an axis of incomes.

As in the report: the highest income on the axis that gives bostøtte, the lowest from which the margin *stays* positive,
and the incomes where it is positive only because of the bostøtte.
"""

from dataclasses import dataclass

import numpy as np

from domain.regler.kolonne import Kolonne

STEG = 1_000
"""kr between incomes of an axis: the report's own step."""


@dataclass(frozen=True, slots=True)
class Grenser:
    """Columns of what the axis was reckoned for; NaN where there is no such income."""

    hoyeste_bostotte: Kolonne
    laveste_startlan: Kolonne
    laveste_uten_bostotte: Kolonne
    samspill_fra: Kolonne
    samspill_til: Kolonne


def _siste(sann: Kolonne) -> Kolonne:
    """Place of the last True along the last axis; -1 where there is none."""
    bakfra = np.argmax(sann[..., ::-1], axis=-1)
    return np.where(sann.any(axis=-1), sann.shape[-1] - 1 - bakfra, -1)


def _inntekt(inntekter: Kolonne, plass: Kolonne) -> Kolonne:
    finnes = (plass >= 0) & (plass < len(inntekter))
    return np.where(finnes, inntekter[np.clip(plass, 0, len(inntekter) - 1)], np.nan)


def finn(inntekter: Kolonne, bostotte: Kolonne, margin_uten_bostotte: Kolonne) -> Grenser:
    """``inntekter`` float64[k] rising; the two others float64[..., k] (or broadcasting to it)."""
    bostotte, uten = np.broadcast_arrays(bostotte, margin_uten_bostotte)
    hoyeste = _siste(bostotte > 0)
    med, alene = _siste(uten + bostotte <= 0) + 1, _siste(uten <= 0) + 1
    til = np.minimum(hoyeste, alene - 1)
    samspill = (med <= til) & (med < len(inntekter))
    return Grenser(
        _inntekt(inntekter, hoyeste),
        _inntekt(inntekter, med),
        _inntekt(inntekter, alene),
        np.where(samspill, _inntekt(inntekter, med), np.nan),
        np.where(samspill, _inntekt(inntekter, til), np.nan),
    )
