"""What a scheme tells the engine about itself. The engine knows schemes only through this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.kontroll.krav import Grunn, Kontrollkrav, Sammensatt, Svar
from domain.regler.regel import SPRAK
from domain.sak.bevilgning import Rammepost
from domain.sak.brev import Brevord
from domain.sak.etterkontroll import Etterkontroll
from domain.sak.etterprov import Etterprov
from domain.sak.forlop import Forlop
from domain.sak.manedlig import Manedlig
from domain.sak.planlagt import Planlagt

Fakta = dict[str, Any]
Soknad = Mapping[str, Any]
"""The event's data, with every identity number replaced by ``person_id``."""
VEDTAK = "vedtak"
"""Key of the case's earlier decisions among the answers (``Ordning.ser_vedtak``)."""
ENGASJEMENT = "engasjement"
"""Key of what the applicant has on other cases among the answers (``Ordning.ser_engasjement``)."""


@dataclass(frozen=True, slots=True)
class Avgjorelse:
    """The outcome of the rules on one set of facts. ``spor``: the trace as it is stored, canonical or compact."""

    kode: str
    utfall: str
    belop: int
    """Whole kroner a month, or once for what is given once; in the scheme's currency."""
    regelversjon: str
    spor: bytes
    avslutter: bool = False
    """The case ends with this decision: what was planned falls away."""


@dataclass(frozen=True, slots=True)
class Betaling:
    """One sum that a decision says is due. ``mottaker``: ``husstand`` or ``kommune``."""

    termin: str
    belop: int
    forfall: date
    mottaker: str


class UlovligOverstyring(ValueError):
    """``felt``: the dotted path that cannot be set, or not to this value. ``fakta``: the facts as they would then be,
    when they can be reckoned with and something else is missing before they may be proposed."""

    def __init__(self, felt: str, melding: str, fakta: dict[str, Any] | None = None) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding
        self.fakta = fakta


@dataclass(frozen=True)
class Ordning:
    """One scheme. All functions are pure.

    ``krav``: the checks needed, given the application and the answers so far; asked again after each wave.
    ``sett_sammen``: application + answers → facts, and the reasons for manual handling.
    ``grunner``: reasons for manual handling that no register gives (``mottatt``: when the event was sent).
    ``ekstra``: what a register's client needs besides the key of the check (numbers of people by id, of dwellings).
    ``overstyr``: the facts with what a caseworker has set. Errors: ``UlovligOverstyring``.
    ``uten_svar``: the facts when the applicant did not answer what was asked within the deadline.
    ``gradert``: does an answer say that somebody's address is protected?
    """

    navn: str
    hjemmel: str
    """By what right an application's own facts are kept."""
    forlop: Mapping[str, Forlop]
    krav: Callable[[Soknad, Mapping[str, Svar]], list[Kontrollkrav]]
    sett_sammen: Callable[[Soknad, Mapping[str, Svar]], Sammensatt]
    ekstra: Callable[[Kontrollkrav, Soknad, Mapping[str, str]], dict[str, str]]
    grunner: Callable[[Soknad, datetime], list[Grunn]]
    avgjor: Callable[[Fakta], Avgjorelse]
    betalinger: Callable[[Avgjorelse, Soknad], Sequence[Betaling]]
    overstyr: Callable[[Fakta, Mapping[str, Any]], Fakta]
    uten_svar: Callable[[Fakta], Fakta]
    gradert: Callable[[Mapping[str, Svar]], bool]
    etterprov: Etterprov
    """For those who check a decision afterwards."""
    brev: Brevord
    """For letters."""
    frist_manuell_dager: int = 14
    sentral: bool = False
    """Husbanken's own people handle and attest; a municipality, which may itself be the applicant, only reads."""
    manedlig: Manedlig | None = None
    """For schemes whose grants roll on from month to month."""
    tidligst: Callable[[str], date] | None = None
    """The first day on which an application for a month can be looked at; None: the day it comes."""
    paklages: frozenset[str] | None = None
    """Causes whose decisions may be appealed, where the scheme has appeals at all; None: every cause."""
    etterkontroller: Mapping[str, Etterkontroll] = field(default_factory=dict)
    """Cause of a treatment → the control that it is."""
    ser_vedtak: bool = False
    """The case's earlier decisions stand among the answers that ``krav`` and ``sett_sammen`` get, under ``VEDTAK``:
    ``{"rader": [{id, arsak, termin, kode, utfall, belop, regelversjon, fattet, fakta}, …], "apne": [arsak, …]}``, the
    oldest first; ``apne``: of the case's treatments that are under way."""
    ser_engasjement: bool = False
    """What the applicant is promised and paid on other cases that run stands among the answers, under ``ENGASJEMENT``:
    ``{"kroner": n}``; as of now, whenever the facts are put together."""
    legges_til: bool = False
    """The case's decisions add to one another: none replaces an earlier one of the same month."""
    planlagte: Callable[[Fakta, Avgjorelse], Sequence[Planlagt]] | None = None
    """What a decision on these facts sets going at a later day."""
    rammeposter: Callable[[Fakta, Avgjorelse], Sequence[Rammepost]] | None = None
    """What a decision promises, pays, gives back or gets back, and of which frame."""
    ramme: str = ""
    """The name of the frame, when several schemes are given from one; else it is the scheme's own."""
    overforbart: Callable[[str, int, int, int], int] | None = None
    """(item, carried over from the year before, given this year, used) → what of a frame may be carried to the year
    after; None: whatever is free."""
    datert: Callable[[Fakta, date], Fakta] | None = None
    """The facts as they read on the day of the decision, which may come long after the proposal."""
    vis: Callable[[Fakta], dict[str, Any]] | None = None
    """What a person is to see before deciding, JSON-able."""
    merker: Callable[[Fakta], frozenset[str]] | None = None
    """Marks that a proposal's facts decide."""
    storste_tall: int = 100_000_000
    """No number that a caseworker sets is as large."""
    valuta: str = "NOK"
    """ISO 4217, of every amount of the scheme."""
    sprak: tuple[str, ...] = SPRAK
    """The languages of its texts."""

    @property
    def rammenavn(self) -> str:
        """Whose frame its money is given from."""
        return self.ramme or self.navn

    def krav_for(
        self, arsak: str, termin: str, soknad: Soknad, svar: Mapping[str, Svar]
    ) -> list[Kontrollkrav]:
        """The checks that a treatment of this cause still has to ask."""
        if kontroll := self.etterkontroller.get(arsak):
            return kontroll.krav(soknad, svar, termin)
        return self.krav(soknad, svar)
