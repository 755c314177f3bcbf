"""Was the appeal in time? Dates are those of the calendar in Oslo."""

from datetime import date
from enum import StrEnum

from domain.kalender import ar_etter, frist_etter

KLAGEFRIST_DAGER = 21
"""Three weeks from when the notice of the decision reached the party (forvaltningsloven § 29)."""


class Rettidighet(StrEnum):
    RETTIDIG = "rettidig"
    FOR_SENT_MED_GRUNN = "for_sent_med_grunn"
    """Late, with a reason that may excuse it (forvaltningsloven § 31): a person judges."""
    FOR_SENT = "for_sent"
    OVER_ETT_AR = "over_ett_ar"
    """The decision is more than a year old: not treated (forvaltningsloven § 31 tredje ledd)."""


def klagefrist(varslet: date) -> date:
    """The last day to appeal what was notified that day."""
    return frist_etter(varslet, KLAGEFRIST_DAGER)


def vurder(vedtatt: date, varslet: date, fremsatt: date, grunn: str | None) -> Rettidighet:
    """``fremsatt``: the day the appeal was sent; ``grunn``: why it is late, if the party says so."""
    if fremsatt > ar_etter(vedtatt, 1):
        return Rettidighet.OVER_ETT_AR
    if fremsatt <= klagefrist(varslet):
        return Rettidighet.RETTIDIG
    return Rettidighet.FOR_SENT_MED_GRUNN if grunn else Rettidighet.FOR_SENT
