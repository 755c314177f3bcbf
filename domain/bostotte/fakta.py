"""The facts document of bostøtte: what a decision stores and what the rules read.

A plain, JSON-able dict without national identity numbers; exactly the body of ``boligsak calc bostotte`` with all
defaults filled in. Amounts are kroner, at most two decimals. A field left out is zero or false.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any, Literal, TypedDict, cast

Rolle = Literal["soker", "biperson"]
Disposisjonsform = Literal["leid", "kommunal", "borettslag", "eid", "bofellesskap"]

ROLLER: tuple[Rolle, ...] = ("soker", "biperson")
DISPOSISJONSFORMER: tuple[Disposisjonsform, ...] = ("leid", "kommunal", "borettslag", "eid", "bofellesskap")


class Ytelse14Dager(TypedDict):
    """AAP or dagpenger. ``belop`` is what was paid in the month and is included in ``manedsinntekt``."""

    belop: float
    utbetalinger: int


class Meldepliktig(TypedDict):
    """Expected for the year, kr per year. ``kapital`` is net and may be negative."""

    kapital: float
    naering: float
    utland: float


class Formue(TypedDict):
    """Net tax values, kr. ``annen`` may be negative (debt)."""

    bolig: float
    annen: float


class Person(TypedDict):
    rolle: Rolle
    fodselsdato: str
    """``YYYY-MM-DD``"""
    manedsinntekt: float
    """A-ordningen, gross, paid in the month"""
    ung_ufor: bool
    alderspensjonist: bool
    uforepensjonist: bool
    etterlattepensjonist: bool
    ytelse_14_dager: Ytelse14Dager
    skattefri_leieinntekt: float
    """kr per month"""
    meldepliktig: Meldepliktig
    formue: Formue
    ikke_bosatt: bool
    """Not registered as resident in Folkeregisteret on the situation date"""
    dod: bool
    """Dead on the situation date"""
    student: bool
    student_unntak_arbeidskvalifisering: bool
    student_unntak_bor_hos_foreldre: bool
    bor_med_egne_barn: bool
    """Under 18 with own children living there"""
    verneplikt: bool
    institusjon: bool
    ikke_pa_adressen: bool
    mangler_opplysninger: bool


class Bolig(TypedDict):
    disposisjonsform: Disposisjonsform
    boutgift_per_maned: float
    """Rent; or felleskostnader and loan costs; or loan costs, property tax and ground rent"""
    oppvarming_inkludert: bool
    spesialtilpasset: bool
    godkjent: bool
    fritidsbolig: bool
    kommunale_avgifter_per_maned: float
    """Owned dwellings: the municipality's average; zero when none is known"""


class Fakta(TypedDict):
    termin: str
    kommunenummer: str
    husstand: list[Person]
    bolig: Bolig


class FaktaFeil(ValueError):
    """A facts document that the rules cannot read. ``felt`` names the field, e.g. ``husstand[1].fodselsdato``."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


PERSONFLAGG: tuple[str, ...] = (
    "ung_ufor",
    "alderspensjonist",
    "uforepensjonist",
    "etterlattepensjonist",
    "ikke_bosatt",
    "dod",
    "student",
    "student_unntak_arbeidskvalifisering",
    "student_unntak_bor_hos_foreldre",
    "bor_med_egne_barn",
    "verneplikt",
    "institusjon",
    "ikke_pa_adressen",
    "mangler_opplysninger",
)
BOLIGFLAGG: tuple[str, ...] = ("oppvarming_inkludert", "spesialtilpasset", "godkjent", "fritidsbolig")
_TOMME: dict[str, dict[str, int]] = {
    "ytelse_14_dager": {"belop": 0, "utbetalinger": 0},
    "meldepliktig": {"kapital": 0, "naering": 0, "utland": 0},
    "formue": {"bolig": 0, "annen": 0},
}
_TOM_PERSON: dict[str, Any] = {
    "rolle": None,
    "fodselsdato": None,
    "manedsinntekt": 0,
    "skattefri_leieinntekt": 0,
    **_TOMME,
    **dict.fromkeys(PERSONFLAGG, False),
}
_FELT = frozenset({"termin", "kommunenummer", "husstand", "bolig"})
_BOLIGFELT = frozenset(
    {"disposisjonsform", "boutgift_per_maned", "kommunale_avgifter_per_maned", *BOLIGFLAGG}
)


personflagg = itemgetter(*PERSONFLAGG)
_JA_NEI = frozenset({bool})


def _krev_kjente(felt: Mapping[str, Any], kjente: AbstractSet[str], sted: str) -> None:
    if not felt.keys() <= kjente:
        navn = next(n for n in felt if n not in kjente)
        raise FaktaFeil(f"{sted}{navn}", "ukjent felt")


def _fullfor_person(person: Mapping[str, Any], sted: str) -> Person:
    _krev_kjente(person, _TOM_PERSON.keys(), f"{sted}.")
    for felt in ("rolle", "fodselsdato"):
        if felt not in person:
            raise FaktaFeil(f"{sted}.{felt}", "mangler")
    ut: dict[str, Any] = {**_TOM_PERSON, **person}
    for gruppe, tom in _TOMME.items():
        verdier = person.get(gruppe) or {}
        _krev_kjente(verdier, tom.keys(), f"{sted}.{gruppe}.")
        ut[gruppe] = {**tom, **verdier}
    if not _JA_NEI.issuperset(map(type, personflagg(ut))):
        ut |= {flagg: bool(ut[flagg]) for flagg in PERSONFLAGG}
    return cast(Person, ut)


def fullfor(dokument: Mapping[str, Any]) -> Fakta:
    """A complete facts document: every field there, left-out ones zero or false. Input is not changed.

    Raises :class:`FaktaFeil` for an unknown field or a missing one that has no default.
    """
    _krev_kjente(dokument, _FELT, "")
    for felt in ("termin", "kommunenummer", "husstand", "bolig"):
        if felt not in dokument:
            raise FaktaFeil(felt, "mangler")
    bolig = dokument["bolig"]
    _krev_kjente(bolig, _BOLIGFELT, "bolig.")
    if "disposisjonsform" not in bolig:
        raise FaktaFeil("bolig.disposisjonsform", "mangler")
    ny_bolig: dict[str, Any] = {
        "disposisjonsform": bolig["disposisjonsform"],
        "boutgift_per_maned": bolig.get("boutgift_per_maned", 0),
        "kommunale_avgifter_per_maned": bolig.get("kommunale_avgifter_per_maned", 0),
    }
    for flagg in BOLIGFLAGG:
        ny_bolig[flagg] = bool(bolig.get(flagg, False))
    return {
        "termin": dokument["termin"],
        "kommunenummer": dokument["kommunenummer"],
        "husstand": [_fullfor_person(p, f"husstand[{i}]") for i, p in enumerate(dokument["husstand"])],
        "bolig": cast(Bolig, ny_bolig),
    }
