"""The body and the answer of samspill: startlån, boligtilskudd and bostøtte together for one household."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.samspill.vurder import Barnetype, Samspilldata, Tabell
from schemas.beregning import SatsUt, Sporlinje
from schemas.felles import Kroner

Andel = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Rente = Annotated[float, Field(ge=0, le=0.3, allow_inf_nan=False)]
Ar = Annotated[int, Field(ge=1, le=50)]


class _Streng(BaseModel):
    """Unknown fields are errors, and no type is turned into another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RegelendringInn(_Streng):
    """Figures put in place of those in force. Ceiling and start hold for every household size and region."""

    boutgiftstak: Kroner | None = None
    basisandel: Andel | None = None
    innslagspunkt: Kroner | None = None
    progresjon: Andel | None = Field(
        default=None, description="Andel for hver 1 000 kr over innslagspunktet."
    )
    dekningsgrad: Andel | None = None
    minste_bostotte: Kroner | None = Field(default=None, description="Kroner i året.")
    kalkulasjonsrente: Rente | None = None
    nedbetalingstid: Ar | None = None


class BeregningSamspill(_Streng):
    """``ar`` 2008 is the report's model; 2026 asks today's bostøtte and needs ``kjopesum``."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ar": 2008,
                    "voksne": 1,
                    "barn": 1,
                    "barnetype": "skole",
                    "ung_ufor": False,
                    "region": 0,
                    "tilskuddsandel": 0.4,
                    "kalkulasjonsrente": 0.065,
                    "nedbetalingstid": 20,
                    "livsopphold": "sifo_minimum",
                    "personinntekt": 210_000,
                },
                {
                    "ar": 2026,
                    "voksne": 1,
                    "barn": 1,
                    "barnetype": "skole",
                    "kommunenummer": "3401",
                    "tilskuddsandel": 0.4,
                    "kalkulasjonsrente": 0.055,
                    "nedbetalingstid": 30,
                    "livsopphold": "sosialhjelp",
                    "personinntekt": 300_000,
                    "kjopesum": 2_500_000,
                },
            ]
        }
    )

    ar: Literal[2008, 2026]
    voksne: int = Field(ge=1, le=2)
    barn: int = Field(ge=0, le=12)
    barnetype: Barnetype | None = None
    ung_ufor: bool = False
    region: Literal[0, 1, 2, 3] | None = Field(
        default=None,
        description="0 resten av landet, 1 Oslo, 2 de største byene, 3 byer med forhøyet boutgiftstak.",
    )
    kommunenummer: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    tilskuddsandel: Andel
    kalkulasjonsrente: Rente
    nedbetalingstid: Ar
    livsopphold: Tabell
    personinntekt: Kroner
    kjopesum: Annotated[Kroner, Field(gt=0)] | None = None
    egenkapital: Kroner = 0
    andre_lanekostnader: Kroner = Field(default=0, description="Kroner i året til andre lån.")
    skattefri_inntekt: Kroner | None = None
    livsopphold_per_ar: Kroner | None = None
    driftsutgifter: Kroner | None = None
    leiesats: Andel | None = Field(default=None, description="Årlig leie av den andelen som ikke eies.")
    markedsrente: Rente | None = None
    regelendring: RegelendringInn = RegelendringInn()

    def data(self) -> Samspilldata:
        """The plain data of ``domain.samspill.vurder``: what is left out is not there."""
        return cast(Samspilldata, self.model_dump(exclude_none=True))


class Intervall(BaseModel):
    fra: int
    til: int


class VedSalg(BaseModel):
    etter_ar: int
    tilbakebetales: int
    naverdi: int


class VirkemiddelUt(BaseModel):
    navn: Literal["boligtilskudd", "rente_og_avdragsfritt_lan", "delt_eierskap"]
    belop: int
    okonomisk_margin: int
    startlan_mulig: bool
    leie: int
    ved_salg: list[VedSalg]


class SamspillLinje(Sporlinje):
    verdi: bool | int | float | str | None  # type: ignore[assignment]  # a given amount may be absent


class SamspillSvar(BaseModel):
    """Kroner a year where not said. Incomes over the axis are in steps of 1 000 kr, null where there is none."""

    ar: int
    kjopesum: int
    tilskudd: int
    lan: int
    renter: int
    avdrag: int
    lanekostnader: int
    driftsutgifter: int
    godkjente_boutgifter: int
    boutgiftstak: int
    rimelig_boutgift: int
    bostotte: int
    skatt: int
    skattefri_inntekt: int
    livsopphold: int
    okonomisk_margin: int
    margin_uten_bostotte: int
    startlan_mulig: bool
    startlan_mulig_uten_bostotte: bool
    bostotten_avgjor: bool
    hoyeste_inntekt_bostotte: int | None
    laveste_inntekt_startlan: int | None
    laveste_inntekt_startlan_uten_bostotte: int | None
    samspill: Intervall | None
    minste_tilskuddsandel: float | None
    minste_tilskudd: int | None
    minste_tilskuddsandel_uten_bostotte: float | None
    virkemidler: list[VirkemiddelUt]
    regelendring: dict[str, float]
    bostotte_fakta: dict[str, Any] | None
    spor: list[SamspillLinje]
    regelversjon: str
    satser: list[SatsUt]
