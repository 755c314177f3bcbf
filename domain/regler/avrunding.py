"""Every rounding of money, and nowhere else: half away from zero.

The sources do not print the rounding of the real system, so this is a reading: parts of a person's income are
counted to the nearest øre, everything in between is carried unrounded, and the monthly amount is rounded to whole
kroner at the end. Amounts in a trace are *shown* to the nearest øre; the unrounded number stands beside them.
"""

import math

import numpy as np

from domain.regler.kolonne import Kolonne


def til_kroner(belop: Kolonne) -> Kolonne:
    """Non-negative float64 kroner → int64 whole kroner."""
    return np.floor(belop + 0.5).astype(np.int64)


def til_ore(kroner: Kolonne) -> Kolonne:
    """float64 kroner (either sign) → int64 øre."""
    ore = kroner * 100.0
    return np.copysign(np.floor(np.abs(ore) + 0.5), ore).astype(np.int64)


def to_tredjedeler(ore: Kolonne) -> Kolonne:
    """Two thirds of non-negative int64 øre, to the nearest øre (a third never lands on a half)."""
    return (4 * ore + 3) // 6


def vis_ore(kroner: float) -> float:
    """One amount as shown: to the nearest øre."""
    return math.copysign(math.floor(abs(kroner) * 100.0 + 0.5) / 100.0, kroner) if kroner else 0.0
