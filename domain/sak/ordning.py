"""What a scheme tells the engine about itself. The engine knows schemes only through this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kontroll.krav import Grunn, Kontrollkrav, Sammensatt, Svar
from domain.sak.forlop import Forlop

Fakta = dict[str, Any]
Soknad = Mapping[str, Any]
"""The event's data, with every identity number replaced by ``person_id``."""


@dataclass(frozen=True, slots=True)
class Avgjorelse:
    """The outcome of the rules on one set of facts. ``spor`` is the full trace, JSON-able."""

    kode: str
    utfall: str
    belop: int
    """Whole kroner a month."""
    regelversjon: str
    spor: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Betaling:
    """One sum that a decision says is due. ``mottaker``: ``husstand`` or ``kommune``."""

    termin: str
    belop: int
    forfall: date
    mottaker: str


@dataclass(frozen=True)
class Ordning:
    """One scheme. All functions are pure.

    ``krav``: the checks needed, given the application and the answers so far; asked again after each wave.
    ``sett_sammen``: application + answers → facts, and the reasons for manual handling.
    ``grunner``: reasons for manual handling that no register gives (``mottatt``: when the event was sent).
    ``overstyrbare``: facts a caseworker may set in a proposal, as dotted paths.
    """

    navn: str
    forlop: Mapping[str, Forlop]
    krav: Callable[[Soknad, Mapping[str, Svar]], list[Kontrollkrav]]
    sett_sammen: Callable[[Soknad, Mapping[str, Svar]], Sammensatt]
    grunner: Callable[[Soknad, datetime], list[Grunn]]
    avgjor: Callable[[Fakta], Avgjorelse]
    betalinger: Callable[[Avgjorelse, Soknad], Sequence[Betaling]]
    overstyr: Callable[[Fakta, Mapping[str, Any]], Fakta]
    gradert: Callable[[Mapping[str, Svar]], bool]
    frist_manuell_dager: int = 14
