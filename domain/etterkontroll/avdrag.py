"""A claim paid in instalments: the plan, what is left of each, and what is missing on a day.

A payment covers the instalments from the front. Whatever else lessens the claim (reduction, waiver, set-off, a later
decision) shortens the plan from the end: the household goes on paying as agreed, for a shorter time.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.kalender import neste_termin, virkedag_etter

PURREFRIST = timedelta(days=14)
"""From the first reminder to the second, which hands the claim over to collection (Husbankens årsrapport 2024, of
loans: in default at the second reminder; [I] for claims, and the number of days)."""


@dataclass(frozen=True, slots=True)
class Avdrag:
    """``belop``: whole kroner. ``forfall``: a working day."""

    nr: int
    forfall: date
    belop: int


class UgyldigPlan(ValueError):
    """``felt`` is to blame."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


def lag_plan(rest: int, antall: int, forste: date, dag: date, foreldes: date) -> list[Avdrag]:
    """Equal monthly instalments of whole kroner that come to ``rest``; the last takes what does not divide.

    ``dag``: today; ``foreldes``: the day the claim lapses, before which all must be due. Errors: ``UgyldigPlan``.
    """
    if not 2 <= antall <= rest:
        raise UgyldigPlan("antall", f"må være fra 2 til {rest}")
    if not dag < forste < foreldes:
        raise UgyldigPlan("forste_forfall", f"må være etter i dag og før kravet foreldes {foreldes}")
    hvert = rest // antall
    siste = rest - hvert * (antall - 1)
    plan = [
        Avdrag(nr, _forfall(forste, nr - 1), siste if nr == antall else hvert) for nr in range(1, antall + 1)
    ]
    if plan[-1].forfall >= foreldes:
        raise UgyldigPlan("antall", f"siste avdrag må forfalle før kravet foreldes {foreldes}")
    return plan


def _forfall(forste: date, maneder: int) -> date:
    """The same day of a later month, or its last, or the first working day from then (forvaltningsloven § 30)."""
    termin = neste_termin(f"{forste:%Y-%m}", maneder)
    ar, maned = int(termin[:4]), int(termin[5:])
    return virkedag_etter(date(ar, maned, min(forste.day, monthrange(ar, maned)[1])))


def gjenstar(plan: Sequence[Avdrag], betalt: int, nedsatt: int) -> list[int]:
    """Kroner left of each instalment, when so much has been paid and so much taken off the claim otherwise."""
    igjen = [a.belop for a in plan]
    for nr in reversed(range(len(igjen))):
        av = min(igjen[nr], nedsatt)
        igjen[nr] -= av
        nedsatt -= av
    for nr in range(len(igjen)):
        av = min(igjen[nr], betalt)
        igjen[nr] -= av
        betalt -= av
    return igjen


def mangler(plan: Sequence[Avdrag], betalt: int, nedsatt: int, dag: date) -> int:
    """Kroner that were due before ``dag`` and have not been paid."""
    igjen = gjenstar(plan, betalt, nedsatt)
    return sum(kr for a, kr in zip(plan, igjen, strict=True) if a.forfall < dag)
