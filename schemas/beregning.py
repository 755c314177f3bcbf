"""The body and the answer of a calculation: one household's bostøtte for one month, without identity numbers."""

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from domain.bostotte.fakta import Disposisjonsform, Fakta, FaktaFeil, Rolle
from domain.bostotte.regelsett import FORSTE_TERMIN
from domain.kommuner import UkjentKommune, finn
from domain.regler.termin import del_opp
from schemas.felles import Belop, Kroner

MAKS_HUSSTAND = 30


class _Streng(BaseModel):
    """Unknown fields are errors, and no type is turned into another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _dato(tekst: str) -> str:
    try:
        dato = date.fromisoformat(tekst)
    except ValueError:
        dato = date.min
    if dato.year < 1900:
        raise PydanticCustomError("boligsak_dato", "må være en dato (ÅÅÅÅ-MM-DD) etter 1900")
    return tekst


def _termin(termin: str) -> str:
    if termin < FORSTE_TERMIN:
        raise PydanticCustomError(
            "boligsak_termin", "må være {forste} eller senere", {"forste": FORSTE_TERMIN}
        )
    return termin


Dato = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_dato)]
Termin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), AfterValidator(_termin)]


class YtelseInn(_Streng):
    """AAP or dagpenger paid in the month; ``belop`` is part of ``manedsinntekt``."""

    belop: Kroner = 0
    utbetalinger: int = Field(default=0, ge=0, le=5)


class MeldepliktigInn(_Streng):
    """Expected for the year, kroner. ``kapital`` is net."""

    kapital: Belop = 0
    naering: Belop = 0
    utland: Kroner = 0


class FormueInn(_Streng):
    """Net tax values, kroner. ``annen`` is negative when debt is larger."""

    bolig: Kroner = 0
    annen: Belop = 0


class PersonInn(_Streng):
    rolle: Rolle
    fodselsdato: Dato
    manedsinntekt: Kroner = 0
    ung_ufor: bool = False
    alderspensjonist: bool = False
    uforepensjonist: bool = False
    etterlattepensjonist: bool = False
    ytelse_14_dager: YtelseInn = YtelseInn()
    skattefri_leieinntekt: Kroner = 0
    meldepliktig: MeldepliktigInn = MeldepliktigInn()
    formue: FormueInn = FormueInn()
    ikke_bosatt: bool = False
    dod: bool = False
    student: bool = False
    student_unntak_arbeidskvalifisering: bool = False
    student_unntak_bor_hos_foreldre: bool = False
    bor_med_egne_barn: bool = False
    verneplikt: bool = False
    institusjon: bool = False
    ikke_pa_adressen: bool = False
    mangler_opplysninger: bool = False

    @model_validator(mode="after")
    def _ytelsen_er_med_i_inntekten(self) -> "PersonInn":
        if self.ytelse_14_dager.belop > self.manedsinntekt:
            raise PydanticCustomError(
                "boligsak_ytelse", "ytelse_14_dager.belop er en del av manedsinntekt og kan ikke være større"
            )
        return self

    @model_validator(mode="after")
    def _unntaket_er_for_barn_hos_foreldre(self) -> "PersonInn":
        if self.rolle == "soker" and self.student_unntak_bor_hos_foreldre:
            raise PydanticCustomError(
                "boligsak_student",
                "student_unntak_bor_hos_foreldre gjelder studenter hos foreldre som søker, ikke søkeren selv",
            )
        return self


class BoligInn(_Streng):
    disposisjonsform: Disposisjonsform
    boutgift_per_maned: Kroner = 0
    oppvarming_inkludert: bool = False
    spesialtilpasset: bool = False
    godkjent: bool = False
    fritidsbolig: bool = False
    kommunale_avgifter_per_maned: Kroner = 0


class BeregningBostotte(_Streng):
    """Fields left out are zero or false."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "termin": "2026-09",
                    "kommunenummer": "0301",
                    "husstand": [
                        {"rolle": "soker", "fodselsdato": "1990-05-01", "manedsinntekt": 18000},
                        {"rolle": "biperson", "fodselsdato": "2016-02-01"},
                    ],
                    "bolig": {
                        "disposisjonsform": "leid",
                        "boutgift_per_maned": 12000,
                        "oppvarming_inkludert": True,
                        "godkjent": True,
                    },
                }
            ]
        }
    )

    termin: Termin
    kommunenummer: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    husstand: list[PersonInn] = Field(min_length=1, max_length=MAKS_HUSSTAND)
    bolig: BoligInn

    @field_validator("husstand")
    @classmethod
    def _en_soker(cls, husstand: list[PersonInn]) -> list[PersonInn]:
        if sum(p.rolle == "soker" for p in husstand) != 1:
            raise PydanticCustomError("boligsak_soker", "må ha nøyaktig én med rollen soker")
        return husstand

    def fakta(self, siste_termin: str) -> Fakta:
        """The complete facts document. Raises FaktaFeil for what depends on the day: a termin after
        ``siste_termin``, a municipality that does not exist in the termin, a birth after the termin."""
        if self.termin > siste_termin:
            raise FaktaFeil("termin", f"må være {siste_termin} eller tidligere")
        ar, maned = del_opp(self.termin)
        try:
            finn(self.kommunenummer, date(ar, maned, 1))
        except UkjentKommune as feil:
            raise FaktaFeil("kommunenummer", feil.melding) from None
        for nr, person in enumerate(self.husstand):
            if person.fodselsdato[:7] > self.termin:
                raise FaktaFeil(f"husstand[{nr}].fodselsdato", "er etter terminen")
        return cast(Fakta, self.model_dump())


class SatsIBruk(BaseModel):
    verdi: float | list[float]
    sikkerhet: Literal["V", "V2", "D", "I", "M"]


class Sporlinje(BaseModel):
    """One rule's line. ``verdi`` as shown (a list: one a person), ``eksakt`` the number carried on where it differs."""

    navn: str
    verdi: bool | int | float | str | list[bool | int | float]
    eksakt: float | None = None
    enhet: str
    hjemmel: str
    tekst: dict[Literal["nb", "nn"], str]
    formel: str
    inn: dict[str, Any]
    satser: dict[str, SatsIBruk]


class SatsUt(SatsIBruk):
    """A rate in force, with its source and how sure the figure is."""

    navn: str
    etikett: dict[Literal["nb", "nn"], str]
    enhet: str
    fra: date
    kilde: str
    hjemmel: str
    indeks: str | None = None
    merknad: str | None = None


class BeregningSvar(BaseModel):
    kode: str
    utfall: Literal["innvilget", "avslag", "avvist"]
    belop_per_maned: int
    spor: list[Sporlinje]
    regelversjon: str
    satser: list[SatsUt]
