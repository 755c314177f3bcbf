"""The body and the answer of ``almenbolig``: one Danish project's financing, its 180 quarters, and the state's cost."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from domain.almenbolig.finansiering import BOLIGTYPER
from domain.almenbolig.forudsaetninger import LANTYPER
from domain.almenbolig.regelsett import FORSTE_TERMIN
from schemas.beregning import SatsUt, Sporlinje
from schemas.felles import hele_ore

Kroner = Annotated[float, Field(ge=1, le=100_000_000_000, allow_inf_nan=False), AfterValidator(hele_ore)]
"""What a project may cost, kroner and whole øre."""
Andel = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Boligtype = Literal["familie", "ungdom", "aeldre"]
Lantype = Literal["fast", "rtl1", "rtl5", "rtl10"]
assert set(Boligtype.__args__) == set(BOLIGTYPER)  # type: ignore[attr-defined]
assert set(Lantype.__args__) == set(LANTYPER)  # type: ignore[attr-defined]


def _efter_de_forste_satser(termin: str) -> str:
    if termin < FORSTE_TERMIN:
        raise PydanticCustomError("boligsak_termin", "ligger før de første satser")
    return termin


Termin = Annotated[
    str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"), AfterValidator(_efter_de_forste_satser)
]


class Streng(BaseModel):
    """Unknown fields are errors, and no type is turned into another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProjektInn(Streng):
    """What a project is, as calc and the commitment's events say it."""

    anskaffelsessum: Kroner
    boligtype: Boligtype
    antal_boliger: int = Field(ge=1, le=10_000)
    areal: Annotated[float, Field(ge=1, le=1_000_000, allow_inf_nan=False, description="Samlet areal i m².")]
    bidrag_per_m2: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] = Field(
        default=0, description="Ungdomsboligbidrag i kroner pr. m²; kun til ungdomsboliger."
    )
    lantype: Lantype = "rtl10"

    @field_validator("bidrag_per_m2")
    @classmethod
    def _kun_ungdom(cls, bidrag: float, info: ValidationInfo) -> float:
        if bidrag and info.data.get("boligtype") not in (None, "ungdom"):
            raise PydanticCustomError("boligsak_bidrag", "ydes kun til ungdomsboliger")
        return bidrag


class StilleskruerInn(Streng):
    """What is set otherwise than the law has it (section 3.4 of the report)."""

    beboerbetaling_andel: Annotated[float, Field(ge=0.001, le=0.2, allow_inf_nan=False)] | None = None
    fuld_regulering_ar: Annotated[int, Field(ge=0, le=45)] | None = None
    senere_regulering_andel: Andel | None = None
    sidste_regulering_ar: Annotated[int, Field(ge=1, le=45)] | None = None
    maksimal_lobetid_ar: Annotated[int, Field(ge=30, le=45)] | None = None
    bidrag_per_m2: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] | None = None


class _Antagelser(Streng):
    """``termin``: the month of the commitment. ``forudsaetninger``: an edition; left out, the newest by then."""

    termin: Termin
    finansieret: Annotated[int, Field(ge=2012, le=2100)] | None = Field(
        default=None, description="Kalenderåret lånet optages; udeladt to år efter tilsagnsåret."
    )
    forudsaetninger: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None = None
    refusion_kan_vaere_negativ: bool = True


def _kun_til_ungdom(skruer: StilleskruerInn | None, boligtyper: Sequence[str]) -> StilleskruerInn | None:
    if skruer and skruer.bidrag_per_m2 is not None and "ungdom" not in boligtyper:
        raise PydanticCustomError("boligsak_bidrag", "bidrag_per_m2 ændres kun for ungdomsboliger")
    return skruer


class BeregningAlmenbolig(_Antagelser, ProjektInn):
    """One project, and what of the law is turned."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "termin": "2021-06",
                    "anskaffelsessum": 100_000_000,
                    "boligtype": "familie",
                    "antal_boliger": 50,
                    "areal": 4750,
                    "stilleskruer": {"beboerbetaling_andel": 0.0241},
                }
            ]
        }
    )

    stilleskruer: StilleskruerInn | None = None

    @field_validator("stilleskruer")
    @classmethod
    def _bidraget(cls, skruer: StilleskruerInn | None, info: ValidationInfo) -> StilleskruerInn | None:
        return _kun_til_ungdom(skruer, [info.data.get("boligtype", "ungdom")])


class Argangsgruppe(ProjektInn):
    """Projects alike."""

    antal_projekter: int = Field(default=1, ge=1, le=10_000)


class BeregningArgang(_Antagelser):
    """The commitments of the year of ``termin``, in groups."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "termin": "2021-06",
                    "grupper": [
                        {
                            "anskaffelsessum": 100_000_000,
                            "boligtype": "familie",
                            "antal_boliger": 50,
                            "areal": 4750,
                            "antal_projekter": 60,
                        },
                        {
                            "anskaffelsessum": 60_000_000,
                            "boligtype": "aeldre",
                            "antal_boliger": 30,
                            "areal": 1950,
                            "antal_projekter": 20,
                        },
                    ],
                    "stilleskruer": {"beboerbetaling_andel": 0.0241},
                }
            ]
        }
    )

    grupper: Annotated[list[Argangsgruppe], Field(min_length=1, max_length=1000)]
    stilleskruer: StilleskruerInn | None = None

    @field_validator("stilleskruer")
    @classmethod
    def _bidraget(cls, skruer: StilleskruerInn | None, info: ValidationInfo) -> StilleskruerInn | None:
        grupper = info.data.get("grupper")
        return _kun_til_ungdom(skruer, [g.boligtype for g in grupper] if grupper else ["ungdom"])


class DanskLinje(Sporlinje):
    """A rule's line with its text in Danish."""

    tekst: dict[Literal["da"], str]  # type: ignore[assignment]


class DanskSats(SatsUt):
    etikett: dict[Literal["da"], str]  # type: ignore[assignment]


class TerminUd(BaseModel):
    """One payment year; amounts are of each of its four quarters."""

    betalingsar: int
    kalenderar: int
    laneydelse: float
    beboerbetaling: float
    ydelsesstotte: float = Field(
        description="Negativ når beboerbetalingen er større; den indbetales til staten."
    )
    ungdomsboligbidrag: float
    beboerbetaling_til: dict[str, float]


class Nutidsvaerdi(BaseModel):
    """At the end of the commitment year."""

    ydelsesstotte: float
    ydelsesstotte_gammel_metode: float
    refusion: float
    netto: float
    ungdomsboligbidrag: float


class Finansieringsbehov(BaseModel):
    """What another beboerbetaling costs and what flows back, present value (the shape of Tabel 3.1)."""

    brutto: float
    refusion: float
    boligstotte: float
    tilbagelob: float
    rest: float


class MedStilleskruer(BaseModel):
    skruer: dict[str, float]
    nutidsvaerdi: Nutidsvaerdi
    ungdomsboligbidrag: float
    aendring_netto: float
    finansieringsbehov: Finansieringsbehov | None = None


class AlmenboligSvar(BaseModel):
    """Amounts in ``valuta``, a year or once where not said otherwise."""

    valuta: Literal["DKK"]
    anskaffelsessum: float
    beboerindskud: float
    grundkapital: float
    lan: float
    beboerbetaling: float
    ungdomsboligbidrag: float
    lantype: dict[str, str | int]
    terminer: list[TerminUd]
    nutidsvaerdi: Nutidsvaerdi
    med_stilleskruer: MedStilleskruer | None = None
    spor: list[DanskLinje]
    satser: list[DanskSats]
    forudsaetninger: dict[str, Any]
    regelversjon: str


class Betalingsar(BaseModel):
    """Nominal kroner of a payment year, all projects together."""

    betalingsar: int
    kalenderar: int
    laneydelse: float
    beboerbetaling: float
    ydelsesstotte: float


class ArgangSvar(BaseModel):
    """Amounts in ``valuta``; ``boligtyper``: present value of the projects of each kind, the refusion as it may be."""

    valuta: Literal["DKK"]
    tilsagnsar: int
    projekter: int
    boliger: int
    anskaffelsessum: float
    beboerindskud: float
    grundkapital: float
    lan: float
    beboerbetaling: float
    ungdomsboligbidrag: float
    nutidsvaerdi: Nutidsvaerdi
    boligtyper: dict[str, Nutidsvaerdi]
    betalingsar: list[Betalingsar]
    med_stilleskruer: MedStilleskruer | None = None
    satser: list[DanskSats]
    forudsaetninger: dict[str, Any]
    regelversjon: str
