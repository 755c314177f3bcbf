"""Events of grants and loans: an application and some events of each scheme, made from its declared fields."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError
from stdnum.no import orgnr

from domain.tilsagn.felt import BETEGNELSE, MAKS_SIFRE, Felt, for_fa_sifre
from domain.tilsagn.ordning import SOKNAD, Tilsagnsordning
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from schemas.felles import Fnr, Hendelsesinnhold, Kommunenummer, Streng, Termin

MAKS_ENHETER = 500


def _orgnr(verdi: str) -> str:
    if not orgnr.is_valid(verdi):
        raise PydanticCustomError("boligsak_orgnr", "er ikke et gyldig organisasjonsnummer")
    return verdi


Orgnr = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$"), AfterValidator(_orgnr)]


class Virksomhet(Streng):
    """A municipality, student welfare organisation, foundation, company or housing co-operative."""

    organisasjonsnummer: Orgnr


class Sokerperson(Streng):
    fnr: Fnr


def _uten_sifferrekke(verdi: str) -> str:
    """The reference stands open on the case: nothing that could be an identity number."""
    if not for_fa_sifre(verdi):
        raise PydanticCustomError("boligsak_referanse", "kan ikke ha mer enn {n} sifre", {"n": MAKS_SIFRE})
    return verdi


Betegnelse = Annotated[str, StringConstraints(pattern=BETEGNELSE), AfterValidator(_uten_sifferrekke)]
Referanse = Annotated[
    Betegnelse,
    Field(
        description="Søkerens egen betegnelse på prosjektet, lik i alle hendelser om det. Ikke om personer."
    ),
]


class OmTilsagn(Hendelsesinnhold):
    """What every event about a project carries. ``soker`` is an organisation, or a person of a municipal grant."""

    termin: Termin
    kommunenummer: Kommunenummer
    soker: Any
    referanse: Referanse

    def parter(self) -> list[tuple[str, str]]:
        soker = self.soker
        nummer = soker.fnr if isinstance(soker, Sokerperson) else soker.organisasjonsnummer
        return [("soker", nummer)]

    def gjelder(self) -> str:
        return self.referanse

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = self.model_dump(mode="json", exclude_none=True)
        [(_, nummer)] = self.parter()
        dokument["soker"] = {"person_id": str(person_id[nummer])}
        if self.slag != SOKNAD:
            dokument["slag"] = self.slag
        return dokument

    @property
    def slag(self) -> str:
        """Which event of the scheme this is."""
        return SOKNAD


def _siste(dato: date) -> str:
    return f"{dato.year + dato.month // 12}-{dato.month % 12 + 1:02d}"


def _termin(forste: str, verdi: str, info: ValidationInfo) -> str:
    siste = _siste((info.context or {})["dato"])
    if not forste <= verdi <= siste:
        raise PydanticCustomError(
            "boligsak_termin",
            "Terminen må ligge mellom {forste} og {siste}.",
            {"forste": forste, "siste": siste},
        )
    return verdi


def _hel(verdi: Any) -> Any:
    """A number that came as a truth value is no number."""
    if isinstance(verdi, bool):
        raise PydanticCustomError("boligsak_tall", "må være et helt tall")
    return verdi


def _dagtekst(verdi: Any) -> Any:
    return verdi.isoformat() if isinstance(verdi, date) else verdi


def _felttype(f: Felt) -> tuple[Any, Any]:
    beskrivelse = f.nb
    slag: Any
    if f.slag == "flagg":
        slag = bool
    elif f.slag == "valg":
        slag = Literal[f.valg]
    elif f.slag == "dato":
        tom = "|^$" if f.standard == "" else ""
        slag = Annotated[
            str, BeforeValidator(_dagtekst), StringConstraints(pattern=rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}${tom}"),
            AfterValidator(partial(_ekte_dag, f)),
        ]  # fmt: skip
    elif f.slag in ("tekst", "orgnr"):
        slag = Betegnelse if f.slag == "tekst" else Orgnr
    elif f.tillatt:
        slag = Annotated[Literal[f.tillatt], BeforeValidator(_hel)]
    else:
        slag = Annotated[int, BeforeValidator(_hel), Field(ge=f.minst, le=f.hoyst)]
    standard = ... if f.standard is None else f.standard
    return slag, Field(standard, description=beskrivelse)


def _ekte_dag(f: Felt, verdi: str) -> str:
    try:
        if verdi or f.standard != "":
            date.fromisoformat(verdi)
    except ValueError:
        raise PydanticCustomError("boligsak_dato", "er ikke en dag i kalenderen") from None
    return verdi


def _feltmodell(navn: str, felt: tuple[Felt, ...]) -> type[Streng]:
    return create_model(navn, __base__=Streng, **{f.navn: _felttype(f) for f in felt})  # type: ignore[call-overload, no-any-return]


class _MedEnheter(OmTilsagn):
    """A scheme whose projects consist of units needs one at least."""

    enheter: Any = Field(default_factory=list)

    @model_validator(mode="after")
    def _noen(self) -> Self:
        if not self.enheter:
            raise PydanticCustomError("boligsak_enheter", "enheter: minst én må oppgis")
        return self


def _klassenavn(o: Tilsagnsordning, slag: str) -> str:
    return f"{o.navn.capitalize()}{''.join(d.capitalize() for d in slag.split('_'))}"


def _soknad(o: Tilsagnsordning) -> type[OmTilsagn]:
    navn = _klassenavn(o, "soknad")
    felt: dict[str, Any] = {
        "termin": (Annotated[Termin, AfterValidator(partial(_termin, o.verk.forste_termin))], ...),
        "soker": (Sokerperson if o.til_person else Virksomhet, ...),
        "sprak": (Literal["nb", "nn"], "nb"),
        "engasjement": (
            Annotated[int, BeforeValidator(_hel), Field(ge=0, le=100_000_000_000)],
            Field(0, description="Søkerens samlede engasjement fra før, hele kroner."),
        ),
        "prosjekt": (_feltmodell(f"{navn}Prosjekt", o.verk.prosjektfelt), ...),
    }
    base: type[OmTilsagn] = OmTilsagn
    if o.verk.enhetsfelt:
        base = _MedEnheter
        enhet = _feltmodell(f"{navn}Enhet", o.verk.enhetsfelt)
        felt["enheter"] = (Annotated[list[enhet], Field(max_length=MAKS_ENHETER)], ...)  # type: ignore[valid-type]
    modell: type[OmTilsagn] = create_model(navn, __base__=base, **felt)
    modell.__doc__ = f"Søknad: {o.verk.tittel}."
    return modell


def _hendelse(o: Tilsagnsordning, slag: str) -> type[OmTilsagn]:
    navn = _klassenavn(o, slag)
    hendelse = _feltmodell(f"{navn}Felt", o.hendelser[slag].felt)
    modell: type[OmTilsagn] = create_model(
        navn,
        __base__=OmTilsagn,
        termin=(Annotated[Termin, AfterValidator(partial(_termin, o.verk.forste_termin))], ...),
        soker=(Sokerperson if o.til_person else Virksomhet, ...),
        hendelse=(hendelse, Field(default_factory=hendelse) if not _pakrevd(o, slag) else ...),
    )
    modell.slag = property(lambda _: slag)  # type: ignore[assignment, method-assign]
    modell.__doc__ = f"{o.hendelser[slag].nb}: {o.verk.tittel}."
    return modell


def _pakrevd(o: Tilsagnsordning, slag: str) -> bool:
    return any(f.standard is None for f in o.hendelser[slag].felt)


TILSAGNSMODELLER: Mapping[tuple[str, str], type[OmTilsagn]] = {
    **{(o.navn, SOKNAD): _soknad(o) for o in TILSAGNSORDNINGER.values()},
    **{
        (o.navn, slag): _hendelse(o, slag)
        for o in TILSAGNSORDNINGER.values()
        for slag, h in o.hendelser.items()
        if not h.maskin
    },
}
"""(scheme, kind of event) → the model of its data."""
SENTRALE = frozenset(
    (o.navn, slag)
    for o in TILSAGNSORDNINGER.values()
    for slag, h in o.hendelser.items()
    if h.bokforing and not o.kommunal
)
"""Events of the state's schemes that are booked as they are reported, with nobody's judgement: money that has come in.
The one who owes it does not report it."""
