"""Realkredit loans as quarterly annuities, refinanced or not: many loans and many paths of rates at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.regler.kolonne import Tall

KVARTALER = 4
LOBETID_AR = 30


def annuitet(hovedstol: Any, rente_ar: Any, terminer: Any) -> Tall:
    """The payment each quarter that clears ``hovedstol`` in so many quarters, at a nominal yearly rate.

    Any rate above −400 per cent; at zero it is the principal in equal parts.
    """
    i = np.asarray(rente_ar, dtype=np.float64) / KVARTALER
    n = np.asarray(terminer, dtype=np.float64)
    lille = np.abs(i) < 1e-13
    sikker = np.where(lille, 1.0, i)
    faktor = np.where(lille, 1.0 / n, sikker / -np.expm1(-n * np.log1p(np.where(lille, 0.0, i) + lille)))
    ut: Tall = np.asarray(hovedstol) * faktor
    return ut


def rentear(bindings_ar: Any) -> Tall:
    """Loan year 0–29 → the loan year in which its rate was fixed, one row a loan."""
    binding = np.atleast_1d(np.asarray(bindings_ar))[:, np.newaxis]
    ut: Tall = np.arange(LOBETID_AR) // binding * binding
    return ut


@dataclass(frozen=True, slots=True)
class Laneplan:
    """``ydelse``: payment a quarter, by loan year (…, 30). ``restgaeld``: at the end of each loan year (…, 30)."""

    ydelse: Tall
    restgaeld: Tall


def laneplan(hovedstol: Any, rente: Any) -> Laneplan:
    """``hovedstol``: (n,) or broadcastable to ``rente[..., n, 30]``, the yearly rate in force each loan year.

    Each year's payment is the annuity of what is left, over what is left: with the same rate it is the same payment,
    with another it is what refinancing gives. The fees of the credit institution (bidrag) are not among it.
    """
    rente = np.asarray(rente, dtype=np.float64)
    tilbage = KVARTALER * (LOBETID_AR - np.arange(LOBETID_AR))
    faktor = annuitet(1.0, rente, tilbage)
    q = 1.0 + rente / KVARTALER
    betalt = ((q + 1.0) * q + 1.0) * q + 1.0  # of four payments of one, with interest to the end of the year
    rest = np.broadcast_to(np.asarray(hovedstol, dtype=np.float64), rente.shape[:-1])
    ydelse, restgaeld = np.empty_like(rente), np.empty_like(rente)
    for ar in range(LOBETID_AR):
        ydelse[..., ar] = rest * faktor[..., ar]
        rest = rest * q[..., ar] ** KVARTALER - ydelse[..., ar] * betalt[..., ar]
        restgaeld[..., ar] = rest
    return Laneplan(ydelse, restgaeld)
