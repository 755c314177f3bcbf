"""What the monthly run needs of a scheme whose grants roll on from month to month. The run knows no scheme by name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from domain.kalender import neste_termin
from domain.kontroll.krav import Grunn
from domain.sak.forlop import IKKE_EGEN_SAK, SOKNAD, Forlop, Overgang, Rolle
from domain.sak.varsel import VARSLET, varselgang, varsle

SYSTEM = frozenset({Rolle.SYSTEM})
BEGGE = frozenset({Rolle.SYSTEM, Rolle.SAKSBEHANDLER})

INNHENTING = "innhenting"
"""The run owns the treatment: the engine leaves it alone until it is decided, stopped or handed to a person."""

TERMIN = Forlop(
    navn="termin",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"kontroll"}),
    overganger=(
        Overgang("opprettet", "start_innhenting", INNHENTING, SYSTEM),
        Overgang(INNHENTING, "fatt_vedtak", "vedtatt", SYSTEM, unntak="soknad"),
        Overgang(INNHENTING, "til_manuell", "manuell", SYSTEM),
        Overgang(INNHENTING, "stans", "henlagt", SYSTEM),
        Overgang(INNHENTING, "trekk", "henlagt", BEGGE, (IKKE_EGEN_SAK,), begrunnelse=True),
        *(o for o in SOKNAD.overganger if o.fra != "opprettet"),
    ),
)
"""A month of a running case: decided in the run, or from *manuell* on by a person as an application is."""


def _med_varsel(o: Overgang) -> Overgang:
    """The same move behind the notice gate."""
    return replace(o, vakter=(*o.vakter, VARSLET), unntak="") if o.til == "vedtatt" else o


NY_BEREGNING = Forlop(
    navn="ny_beregning",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=(
        Overgang("opprettet", "start_kontroll", "kontroll", SYSTEM),
        Overgang(INNHENTING, "fatt_vedtak", "vedtatt", SYSTEM, unntak="avregning"),
        *(o for o in TERMIN.overganger if o.fra == INNHENTING and o.til != "vedtatt"),
        Overgang("opprettet", "start_innhenting", INNHENTING, SYSTEM),
        *(_med_varsel(o) for o in SOKNAD.overganger if o.fra != "opprettet"),
        varsle("foreslatt", frozenset({Rolle.SAKSBEHANDLER, Rolle.KLAGEBEHANDLER}), begrunnelse=True),
        *varselgang("foreslatt"),
    ),
)
"""A decided month again. In the run, which brings the month's income up to date, the difference is set off; whatever
else takes from the household takes a notice first."""

ENDRING = Forlop(
    navn="endring",
    start="opprettet",
    slutt=frozenset({"registrert"}),
    automatisk=frozenset(),
    overganger=(Overgang("opprettet", "registrer", "registrert", BEGGE, (IKKE_EGEN_SAK,)),),
)
"""A reported change: it becomes the standing application, and the run decides by it."""


@dataclass(frozen=True, slots=True)
class Lopende:
    """Where a running case stands after its last decision."""

    termin: str
    kode: str
    avslag_pa_rad: int
    utfall: str = ""
    stanset: str | None = None
    """Why it is stopped."""


@dataclass(frozen=True, slots=True)
class Videre:
    """What comes after a decision: the case runs on (a refusal that is tried again too), or is stopped for a cause."""

    status: Literal["lopende", "stanset"]
    avslag_pa_rad: int
    grunn: str | None


@dataclass(frozen=True, slots=True)
class Regnet:
    """Many cases reckoned, one place a case. ``spor``: the compact trace, which ``fold_ut`` makes whole."""

    kode: Sequence[str]
    utfall: Sequence[str]
    belop: Sequence[int]
    spor: Sequence[bytes]
    regelversjon: str
    kolonner: Any
    """The scheme's own columns of the facts, for ``forklar``."""


Fakta = dict[str, Any]
ARSAKER = ("regelform", "satser", "tak", "husstand", "inntekt", "formue", "boutgift", "kontroll")
"""Causes of a difference between two months; ``kjoring_sak`` has a column for each."""


@dataclass(frozen=True)
class Manedlig:
    """All functions are pure.

    ``soknad_for``: the standing application as it reads for one termin.
    ``regn``: the rules over many facts documents.  Errors: those of the rules, naming the field.
    ``forklar``: earlier facts, and ``Regnet.kolonner`` of the later → kroner a cause, an int a case.
    ``fold_ut``: facts and compact trace → the whole trace, as ``Avgjorelse.spor``.  Errors: ``SporAvvik``.
    ``videre``: what follows a decision (``termin``, code, outcome).
    ``stanser``: coded reasons of ``sett_sammen`` that stop a running case at once, and as what.
    ``etterprov``: the registers asked again in *ny beregning*; ``med_nye``: the earlier facts with what those
    registers now say, None when the household is another.
    ``utbetales``: is a difference paid or claimed at all (kroner, the day)?
    ``endring_gjelder``: the termin from which a change reported that day counts.
    ``husk``: the application with what a person judged and another attested (codes of the reasons, what was set);
    ``staende``: of this month's reasons those that must be looked at again, and what stands of what was set.
    """

    soknad_for: Callable[[Mapping[str, Any], str], dict[str, Any]]
    regn: Callable[[Sequence[Fakta], str], Regnet]
    forklar: Callable[[Sequence[Fakta], Any], Mapping[str, Sequence[int]]]
    fold_ut: Callable[[Fakta, bytes], list[dict[str, Any]]]
    regelversjon: Callable[[str], str]
    videre: Callable[[Lopende | None, str, str, str], Videre]
    stanser: Mapping[str, str]
    etterprov: frozenset[str]
    med_nye: Callable[[Fakta, Fakta], Fakta | None]
    utbetales: Callable[[int, date], bool]
    endring_gjelder: Callable[[date], str]
    utbetalingsdag: Callable[[str], date]
    husk: Callable[[Mapping[str, Any], Collection[str], Mapping[str, Any]], dict[str, Any]]
    staende: Callable[[Mapping[str, Any], Sequence[Grunn]], tuple[list[Grunn], dict[str, Any]]]


def videre_etter(manedlig: Manedlig, for_: Lopende | None, termin: str, kode: str, utfall: str) -> Videre:
    """What follows a decision that is no new application's: a case that was stopped for another cause than the
    decision it replaces (the applicant has moved since) stays stopped."""
    ny = manedlig.videre(for_, termin, kode, utfall)
    if for_ is None or for_.stanset is None or ny.status == "stanset":
        return ny
    gammel = manedlig.videre(for_, for_.termin, for_.kode, for_.utfall)
    return ny if gammel.status == "stanset" else replace(ny, status="stanset", grunn=for_.stanset)


def neste_forfall(manedlig: Manedlig, dag: date) -> date:
    """The first payment day after ``dag``: a difference goes with it."""
    termin = neste_termin(f"{dag:%Y-%m}", -1)
    while manedlig.utbetalingsdag(termin) <= dag:
        termin = neste_termin(termin)
    return manedlig.utbetalingsdag(termin)


class SporAvvik(ValueError):
    """The rules of today do not give the trace that the decision was stored with."""
