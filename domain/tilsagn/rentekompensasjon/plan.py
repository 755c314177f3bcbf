"""What is compensated, half-year by half-year: the notional loan of a compensation scheme.

The new school scheme: a serial loan over 20 years on the approved cost, five years without instalments, then 1/15 of
the cost a year; interest half-yearly, paid in the middle of December. Read so: the base is lowered once a year, for the
first time after the sixth year; each half-year bears half of the year's rate.

Rounding: interest and instalment of each half-year to whole kroner, a half upwards; the base is carried unrounded.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.kalender import virkedag_for

TERMINER = 2
"""Half-years in a year."""


@dataclass(frozen=True, slots=True)
class Standardlan:
    """A serial loan. ``med_avdrag``: instalments are compensated too, as in the care schemes of 1998–2004."""

    ar: int
    avdragsfrie_ar: int
    med_avdrag: bool = False

    @property
    def halvar(self) -> int:
        return self.ar * TERMINER


@dataclass(frozen=True, slots=True)
class Halvar:
    """One half-year. ``grunnlag``: what interest is reckoned on, kroner to the nearest. All in whole kroner."""

    nr: int
    grunnlag: int
    rente: int
    avdrag: int

    @property
    def kompensasjon(self) -> int:
        return self.rente + self.avdrag


def _kroner(belop: Fraction) -> int:
    return int(belop + Fraction(1, 2))


def grunnlag(lan: Standardlan, kostnad: int, nr: int) -> Fraction:
    """The base of a serial loan in half-year ``nr`` (0 the first), exactly."""
    ar = nr // TERMINER
    betalt = max(0, ar - lan.avdragsfrie_ar)
    return Fraction(kostnad) * (1 - Fraction(betalt, lan.ar - lan.avdragsfrie_ar))


def kompensasjon(lan: Standardlan, kostnad: int, nr: int, rente: float) -> Halvar:
    """What half-year ``nr`` (0 the first) gives at the year's ``rente`` (a share, 0.042 for 4.2 %). Instalments, where
    they count, fall in the second half-year.

    Errors: ValueError naming ``nr``, ``kostnad`` or ``rente``.
    """
    if not 0 <= nr < lan.halvar:
        raise ValueError(f"nr: {nr} ligger ikke i 0–{lan.halvar - 1}")
    if kostnad <= 0:
        raise ValueError("kostnad: må være over null")
    if not 0 <= rente < 1:
        raise ValueError("rente: må være en andel mellom 0 og 1")
    base = grunnlag(lan, kostnad, nr)
    ar, andre = divmod(nr, TERMINER)
    avdrag = Fraction(0)
    if lan.med_avdrag and andre and ar >= lan.avdragsfrie_ar:
        avdrag = Fraction(kostnad, lan.ar - lan.avdragsfrie_ar)
    return Halvar(nr, _kroner(base), _kroner(base * Fraction(str(rente)) / TERMINER), _kroner(avdrag))


def utbetalingsdag(ar: int) -> date:
    """The middle of December, or the working day before."""
    return virkedag_for(date(ar, 12, 15))
