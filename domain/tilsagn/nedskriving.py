"""How much of a grant is written down after whole years, and what is left to claim back on a sale.

Rounding: what is written down in all is a whole number of kroner, a half upwards; after the last year it is the grant
to the krone.
"""

from datetime import date


def hele_ar(fra: date, til: date) -> int:
    """Whole years from one day to another; 29 February counts as the 28th in a year without it."""
    ar = til.year - fra.year
    return ar - ((til.month, til.day) < (fra.month, min(fra.day, _siste(til.year, fra.month))))


def _siste(ar: int, maned: int) -> int:
    return 28 if maned == 2 and not (ar % 4 == 0 and (ar % 100 or ar % 400 == 0)) else 31


def arsdag(fra: date, ar: int) -> date:
    """The day so many years after."""
    return date(fra.year + ar, fra.month, min(fra.day, _siste(fra.year + ar, fra.month)))


def nedskrevet(grunnlag: int, over_ar: int, etter_ar: int) -> int:
    """Kroner written down after so many whole years, the same share each year. ``over_ar`` > 0."""
    ar = min(max(etter_ar, 0), over_ar)
    return (2 * grunnlag * ar + over_ar) // (2 * over_ar)
