"""The life of a commitment after it is given: each event is a treatment of its own on the same case, with a decision.

What stands is the *stilling*, a plain document. An event and the day turn one stilling into the next, or are refused
with a code; nothing else changes it, so that the decisions of a case in order give its stilling again.

Facts of such a decision, JSON-able:
{"termin", "kommunenummer", "slag", "dag", "hendelse": {field: value}, "stilling": the one before}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from domain.tilsagn.felt import Felt, FeltFeil, fyll_ut

if TYPE_CHECKING:
    from domain.tilsagn.ordning import Tilsagnsordning

Stilling = dict[str, Any]
Art = Literal["gitt", "utbetalt", "annullert"]
GJENTATT = "gjentatt_soknad"
"""An application for a project that has a commitment: it is dismissed, and changes nothing."""
SLUTT = frozenset(
    {
        "annullert",
        "trukket_tilbake",
        "utlopt",
        "avsluttet",
        "nedskrevet",
        "solgt",
        "tilbakebetalt",
        "innfridd",
        "tapt",
    }
)
"""States in which nothing more happens to the commitment."""


@dataclass(frozen=True, slots=True)
class Bevegelse:
    """What an event does to the frame: ``gitt`` binds, ``utbetalt`` pays of what is bound, ``annullert`` gives back.
    ``grunn`` is a code: annullert, mindreutbetalt, redusert, trukket_tilbake, utlopt."""

    art: Art
    belop: int
    grunn: str


@dataclass(frozen=True, slots=True)
class Kommende:
    """An event that comes by itself on ``dag``."""

    slag: str
    dag: date


@dataclass(frozen=True, slots=True)
class Virkning:
    """What an event came to. ``kode`` of ``KODER``; ``belop``: whole kroner it is about; ``linjer``: how it was
    reckoned."""

    kode: str
    stilling: Stilling
    belop: int = 0
    bevegelser: tuple[Bevegelse, ...] = ()
    betales: int = 0
    """Kroner to pay the recipient now."""
    linjer: tuple["Linje", ...] = ()


@dataclass(frozen=True, slots=True)
class Linje:
    """One line of the trace. Amounts are whole kroner unless the unit says øre."""

    navn: str
    verdi: Any
    enhet: str
    nb: str
    nn: str
    formel: str
    inn: Mapping[str, Any] = field(default_factory=dict)
    satser: Mapping[str, Any] = field(default_factory=dict)

    def dokument(self, hjemmel: str) -> dict[str, Any]:
        return {
            "navn": self.navn,
            "verdi": self.verdi,
            "enhet": self.enhet,
            "hjemmel": hjemmel,
            "tekst": {"nb": self.nb, "nn": self.nn},
            "formel": self.formel,
            "inn": dict(self.inn),
            "satser": dict(self.satser),
        }


class Nektet(Exception):
    """The event cannot happen now: a code of ``KODER`` that begins with F."""

    def __init__(self, kode: str) -> None:
        super().__init__(kode)
        self.kode = kode


@dataclass(frozen=True, slots=True)
class Anledning:
    """What a handler gets: the scheme, the stilling before (a copy to change), the event's fields, the day, and which
    version of the scheme's rules (None: the newest)."""

    ordning: "Tilsagnsordning"
    stilling: Stilling
    hendelse: Mapping[str, Any]
    dag: date
    versjon: int | None = None


@dataclass(frozen=True, slots=True)
class Hendelsesslag:
    """A kind of event. ``fra``: the states it may happen in. ``maskin``: comes due by itself and needs no person."""

    navn: str
    nb: str
    felt: tuple[Felt, ...]
    fra: frozenset[str]
    utfor: Callable[[Anledning], Virkning]
    maskin: bool = False
    bokforing: bool = False
    """Booked as it is reported (money that has come in), with nobody's judgement."""


def rest(s: Stilling) -> int:
    """What is given and neither annulled nor paid."""
    return int(s["gitt"] - s["annullert"] - s["utbetalt"])


def fyll_hendelse(slag: Hendelsesslag, hendelse: object) -> dict[str, Any]:
    """The event's fields, defaults filled in. Errors: ``FeltFeil``."""
    return dict(fyll_ut(slag.felt, hendelse, "hendelse"))


def utfor(ordning: "Tilsagnsordning", fakta: Mapping[str, Any], versjon: int | None = None) -> Virkning:
    """What the event of these facts comes to, by this version of the rules. Errors: ``FeltFeil`` naming the field.

    A refused event has a code that begins with F and leaves the stilling as it was.
    """
    if fakta["slag"] == GJENTATT:
        return Virkning("F11", dict(fakta["stilling"]))
    slag = ordning.hendelser.get(fakta["slag"])
    if slag is None:
        raise FeltFeil("slag", f"ordningen har ingen hendelse {str(fakta['slag'])[:40]!r}")
    for_ = fakta["stilling"]
    if for_["tilstand"] not in slag.fra:
        # what comes by itself may come too late; what a person asks for is told that it cannot be done
        return Virkning("F09" if slag.maskin else "F01", dict(for_))
    stilling = {k: dict(v) if isinstance(v, dict) else v for k, v in for_.items()}
    try:
        return slag.utfor(
            Anledning(
                ordning,
                stilling,
                fyll_hendelse(slag, fakta["hendelse"]),
                date.fromisoformat(fakta["dag"]),
                versjon,
            )
        )
    except Nektet as nektet:
        return Virkning(nektet.kode, dict(for_))
