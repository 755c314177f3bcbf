"""What a control afterwards needs of a scheme. The engine knows schemes' controls only through this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kontroll.krav import Kontrollkrav, Svar

Fakta = dict[str, Any]
Soknad = Mapping[str, Any]
Svarene = Mapping[str, Svar]


@dataclass(frozen=True)
class Etterkontroll:
    """One kind of control of a period that ends with a termin. All functions are pure.

    ``siste_maned``: the month that every period ends with (1-12).
    ``terminer``: the months of the period, by its last one.
    ``krav``: the checks still to be asked, given the answers so far.
    ``ikke_klare``: the ids of those whose answer is not final yet: nothing is reckoned before it is.
    ``grunner``: coded reasons why a person must look at the answers.
    ``felt``: what of a person the control settles; it stays when the month is reckoned again.
    ``nye_fakta``: a month's decided facts with what is known now; None when a member of the household cannot be told
    from another, or is not among those asked about.
    ``siste_dag``: what is not final by then comes to a person.
    ``utbetales``: is a difference paid or claimed at all (kroner, the day)?
    """

    siste_maned: int
    felt: tuple[str, ...]
    terminer: Callable[[str], Sequence[str]]
    krav: Callable[[Soknad, Svarene, str], list[Kontrollkrav]]
    ikke_klare: Callable[[Soknad, Svarene, str], list[str]]
    grunner: Callable[[Soknad, Svarene, str], list[str]]
    nye_fakta: Callable[[Fakta, Soknad, Svarene, str], Fakta | None]
    siste_dag: Callable[[str], date]
    utbetales: Callable[[int, date], bool]
    klage_pa: str | None = None
    """Not a control of its own, but an appeal on what this one decided: the same months, reckoned the same way."""
