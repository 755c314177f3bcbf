"""The transition table of a treatment (behandling): states, moves, guards and who may make them.

One declaration: the engine, the actions the API offers, the permission check, the diagram in ``docs/`` and the
exhaustive test are all made from it. A scheme or a cause with a life of its own declares another ``Forlop``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Rolle(StrEnum):
    """Who makes a move. A person may hold several roles, but never two on the same decision."""

    SYSTEM = "system"
    SAKSBEHANDLER = "saksbehandler"
    ATTESTANT = "attestant"
    DRIFT = "drift"
    KLAGEBEHANDLER = "klagebehandler"
    """Husbanken's own handler of appeals and controls."""
    ANNENLINJE = "annenlinje"
    """The national office, which looks at a proposal before it is attested."""


class Merke(StrEnum):
    """What has happened to a treatment and a later move rests on. Kept in its row; set by the moves themselves, but
    for those that an amount, a date or an earlier treatment decides (``TIL_UGUNST``, ``FOR_SENT``, ``NEMNDA``,
    ``ANNENLINJE``)."""

    TIL_UGUNST = "til_ugunst"
    """What is proposed gives less than the decision that stands."""
    FOR_SENT = "for_sent"
    """The appeal came after its deadline."""
    NEMNDA = "nemnda"
    """The last instance has decided what the treatment is about."""
    VARSEL_LAGET = "varsel_laget"
    VARSEL_LEVERT = "varsel_levert"
    VARSEL_BESVART = "varsel_besvart"
    VARSELFRIST_UTE = "varselfrist_ute"
    ANNENLINJE = "annenlinje"
    """What is proposed is so much that a second line must look at it."""
    TILRADD = "tilradd"
    """It has, and recommends it."""


@dataclass(frozen=True, slots=True)
class Kontekst:
    """What a guard may look at. ``aktor`` and ``forslag_av`` are identifiers of users, never of citizens."""

    aktor: str
    roller: frozenset[str]
    egen_sak: bool = False
    """The actor, or somebody of the actor's household, is a party of the case."""
    forslag_av: str | None = None
    kontroller_mangler: bool = False
    har_avgjorelse: bool = False
    frist_ute: bool = False
    merker: frozenset[str] = frozenset()


type_vakt = Callable[[Kontekst], bool]


@dataclass(frozen=True, slots=True)
class Vakt:
    """A condition on a move. ``navn`` is the code a refusal carries."""

    navn: str
    tekst: str
    hjemmel: str
    holder: type_vakt


IKKE_EGEN_SAK = Vakt(
    "egen-sak",
    "Den som behandler saken, kan ikke selv være part i den.",
    "forvaltningsloven § 6",
    lambda k: not k.egen_sak,
)
TO_PERSONER = Vakt(
    "to-personer",
    "Den som foreslår et vedtak, kan ikke selv attestere det.",
    "instruks for internkontroll",
    lambda k: k.forslag_av is not None and k.aktor != k.forslag_av,
)
KONTROLLER_FERDIGE = Vakt(
    "kontroller-mangler",
    "Alle pålagte kontroller må være besvart.",
    "bustøttelova § 8",
    lambda k: not k.kontroller_mangler,
)
HAR_AVGJORELSE = Vakt(
    "avgjorelse-mangler",
    "Det finnes ikke noe forslag til vedtak.",
    "forvaltningsloven § 17",
    lambda k: k.har_avgjorelse,
)
FRIST_UTE = Vakt(
    "frist-loper",
    "Fristen for å gi opplysninger er ikke ute.",
    "forskrift om bustøtte § 9",
    lambda k: k.frist_ute,
)


@dataclass(frozen=True, slots=True)
class Overgang:
    """One allowed move: in state ``fra``, ``handling`` by one of ``roller`` leads to ``til`` if every guard holds."""

    fra: str
    handling: str
    til: str
    roller: frozenset[Rolle]
    vakter: tuple[Vakt, ...] = ()
    begrunnelse: bool = False
    """The actor must give a reason in words."""
    setter: frozenset[Merke] = frozenset()
    """Marks that the move leaves on the treatment."""
    fjerner: frozenset[Merke] = frozenset()
    unntak: str = ""
    """A move that decides without the notice gate: the coded exception it rests on (``domain/sak/varsel.py``)."""
    felt: tuple[str, ...] = ()
    """Fields of the action's body that its event keeps."""
    utgaende: str = ""
    """The event subscribers are told by, ``no.boligsak.<this>``."""

    def etter(self, merker: frozenset[str]) -> frozenset[str]:
        """The treatment's marks after the move."""
        return (merker - self.fjerner) | self.setter


@dataclass(frozen=True, slots=True)
class Oppgave:
    """Who has a treatment in a state, and until when. ``eier`` ``kommune`` means the case's own municipality."""

    eier: str
    dager: int
    paminn_dager: int
    """Reminded so many days before the deadline."""
    hjemmel: str


@dataclass(frozen=True)
class Forlop:
    """A named life of a treatment. Checked for consistency when it is declared."""

    navn: str
    start: str
    slutt: frozenset[str]
    overganger: tuple[Overgang, ...]
    automatisk: frozenset[str]
    """States in which the engine has something to do by itself."""
    oppgaver: Mapping[str, Oppgave] = field(default_factory=dict)
    """State → the task that stands open while the treatment is in it."""
    opptar_maneden: bool = True
    """An open treatment holds up later ones of the same month."""
    _oppslag: Mapping[tuple[str, str], Overgang] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        oppslag: dict[tuple[str, str], Overgang] = {}
        for o in self.overganger:
            if (o.fra, o.handling) in oppslag:
                raise ValueError(f"forløp {self.navn}: {o.fra} + {o.handling} står to ganger")
            if o.fra in self.slutt:
                raise ValueError(f"forløp {self.navn}: {o.fra} er en sluttilstand, men har {o.handling}")
            oppslag[(o.fra, o.handling)] = o
        if ukjent := (self.automatisk | self.slutt | {self.start} | set(self.oppgaver)) - self.tilstander:
            raise ValueError(f"forløp {self.navn}: ukjente tilstander {sorted(ukjent)}")
        object.__setattr__(self, "_oppslag", oppslag)

    @property
    def tilstander(self) -> frozenset[str]:
        return frozenset({o.fra for o in self.overganger} | {o.til for o in self.overganger})

    @property
    def handlinger(self) -> frozenset[str]:
        return frozenset(o.handling for o in self.overganger)

    def finn(self, tilstand: str, handling: str) -> Overgang | None:
        return self._oppslag.get((tilstand, handling))

    def mulige(self, tilstand: str, kontekst: Kontekst) -> list[str]:
        """The actions this actor may take now, in the order of the table."""
        return [
            o.handling
            for o in self.overganger
            if o.fra == tilstand and not isinstance(self.prov(tilstand, o.handling, kontekst), Avslag)
        ]

    def prov(self, tilstand: str, handling: str, kontekst: Kontekst) -> "Overgang | Avslag":
        """The move, or the reason why it is refused."""
        overgang = self.finn(tilstand, handling)
        if overgang is None:
            if handling not in self.handlinger:
                return Avslag("ukjent-handling", f"Handlingen {handling!r} finnes ikke.")
            return Avslag(
                "feil-tilstand", f"Handlingen {handling!r} er ikke mulig i tilstanden {tilstand!r}."
            )
        if not (overgang.roller & kontekst.roller):
            return Avslag(
                "feil-rolle",
                f"Handlingen {handling!r} krever en av rollene {', '.join(sorted(overgang.roller))}.",
            )
        for vakt in overgang.vakter:
            if not vakt.holder(kontekst):
                return Avslag(vakt.navn, vakt.tekst)
        return overgang


@dataclass(frozen=True, slots=True)
class Avslag:
    """Why a move is refused: a code for machines, a sentence for people."""

    kode: str
    tekst: str


_SYSTEM = frozenset({Rolle.SYSTEM})
_SAKSBEHANDLER = frozenset({Rolle.SAKSBEHANDLER})
_ATTESTANT = frozenset({Rolle.ATTESTANT})
_BEGGE = frozenset({Rolle.SYSTEM, Rolle.SAKSBEHANDLER})


def _apne(fra: tuple[str, ...], handling: str, til: str, roller: frozenset[Rolle]) -> tuple[Overgang, ...]:
    return tuple(Overgang(f, handling, til, roller, (IKKE_EGEN_SAK,), begrunnelse=True) for f in fra)


VENTER = "venter"
"""Something was asked of the party, with a deadline."""
VENTER_PA_OPPGJOR = "venter_pa_oppgjor"
"""A register's answer is not final yet; it is asked again by itself."""

SOKNAD = Forlop(
    navn="soknad",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=(
        Overgang("opprettet", "start_kontroll", "kontroll", _SYSTEM),
        Overgang("kontroll", "fatt_vedtak", "vedtatt", _SYSTEM, (KONTROLLER_FERDIGE,), unntak="soknad"),
        Overgang("kontroll", "til_manuell", "manuell", _SYSTEM, (KONTROLLER_FERDIGE,)),
        Overgang("manuell", "foresla", "foreslatt", _SAKSBEHANDLER, (IKKE_EGEN_SAK,), begrunnelse=True),
        Overgang(
            "manuell", "be_om_opplysninger", "venter", _SAKSBEHANDLER, (IKKE_EGEN_SAK,), begrunnelse=True
        ),
        Overgang("manuell", "kontroller_pa_nytt", "kontroll", _SAKSBEHANDLER, (IKKE_EGEN_SAK,)),
        Overgang("venter", "motta_opplysninger", "kontroll", _BEGGE, (IKKE_EGEN_SAK,)),
        Overgang("venter", "frist_ut", "kontroll", _SYSTEM, (FRIST_UTE,)),
        Overgang(
            "foreslatt",
            "attester",
            "vedtatt",
            _ATTESTANT,
            (IKKE_EGEN_SAK, TO_PERSONER, HAR_AVGJORELSE),
            unntak="soknad",
        ),
        Overgang(
            "foreslatt", "underkjenn", "manuell", _ATTESTANT, (IKKE_EGEN_SAK, TO_PERSONER), begrunnelse=True
        ),
        *_apne(("opprettet", "kontroll", "manuell", "venter", "foreslatt"), "trekk", "henlagt", _BEGGE),
    ),
)
"""An application, and every other treatment that asks the registers, applies the rules and ends in a decision."""


def diagram(forlop: Forlop) -> str:
    """The table as a Mermaid state diagram, as it stands in ``docs/forlop.md``."""
    linjer = ["stateDiagram-v2", f"    [*] --> {forlop.start}"]
    for o in forlop.overganger:
        vakter = "".join(f" [{v.navn}]" for v in o.vakter)
        linjer.append(f"    {o.fra} --> {o.til}: {o.handling} ({', '.join(sorted(o.roller))}){vakter}")
    linjer += [f"    {s} --> [*]" for s in sorted(forlop.slutt)]
    return "\n".join(linjer) + "\n"
