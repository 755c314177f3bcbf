"""Events of startlån: the application, and what happens to the loan later. ``lan`` tells a household's loans apart."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from domain.startlan.regelsett import FORSTE_TERMIN
from schemas.felles import Fnr, Hendelsesinnhold, Kommunenummer, Streng, Termin
from schemas.soknad_bostotte import Matrikkelnummer

HeleKroner = Annotated[int, Field(ge=0, lt=100_000_000)]
Ore = Annotated[int, Field(ge=0, le=10_000_000_000)]
Rentetype = Literal["flytende", "fast_3", "fast_5", "fast_10", "fast_20"]
Rente = Annotated[float, Field(ge=0, le=0.2, allow_inf_nan=False)]
Lanereferanse = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,20}$")]


def _termin(verdi: str, info: ValidationInfo) -> str:
    dato: date = (info.context or {})["dato"]
    siste = f"{dato.year + dato.month // 12}-{dato.month % 12 + 1:02d}"
    if not FORSTE_TERMIN <= verdi <= siste:
        raise PydanticCustomError(
            "boligsak_termin",
            "Terminen må ligge mellom {forste} og {siste}.",
            {"forste": FORSTE_TERMIN, "siste": siste},
        )
    return verdi


LaneTermin = Annotated[Termin, AfterValidator(_termin)]


class _OmLan(Hendelsesinnhold):
    termin: LaneTermin
    kommunenummer: Kommunenummer
    lan: Lanereferanse = Field(
        "", description="Skiller lånene til en husstand; den samme i alle hendelser om lånet."
    )

    def gjelder(self) -> str:
        return self.lan


class Lantaker(Streng):
    fnr: Fnr
    ung_ufor: bool = False


class Medlem(Streng):
    fnr: Fnr
    medlantaker: bool = False


class Bosted(Streng):
    """Where the household lives now."""

    kommunenummer: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    matrikkel: Matrikkelnummer


class Bolig(Streng):
    """The dwelling that the loan is for, when it is chosen."""

    matrikkel: Matrikkelnummer


class Finansiering(Streng):
    """``kostnad``: price and costs, the works, or the debt to be refinanced. ``tilskudd``: applied for."""

    kostnad: HeleKroner
    egenkapital: HeleKroner = 0
    andre_lan: HeleKroner = 0
    tilskudd: HeleKroner = 0


class Gjeld(Streng):
    slag: Literal["studielan", "forbrukslan", "billan", "boliglan", "annet"]
    saldo: HeleKroner
    arlig_kostnad: HeleKroner


class Onsket(Streng):
    """The terms that the household asks for."""

    nedbetalingstid: int = Field(30, ge=1, le=50, description="År")
    avdragsfri_ar: int = Field(0, ge=0, le=49)
    rentetype: Rentetype = "flytende"
    slag: Literal["annuitet", "serie"] = "annuitet"
    per_ar: Literal[1, 2, 4, 12] = 12


class SoknadStartlan(_OmLan):
    sprak: Literal["nb", "nn"] = "nb"
    sporsmal: Literal["soknad", "forhandssvar"] = "soknad"
    formal: Literal["kjop", "utbedring", "bygging", "refinansiering", "omgjoring", "annet"]
    forstegang: bool = Field(False, description="Søknad i forsøket for førstegangsetablerere.")
    soker: Lantaker
    husstand: list[Medlem] = Field(default_factory=list, max_length=14)
    bosted: Bosted
    bolig: Bolig | None = None
    finansiering: Finansiering
    gjeld: list[Gjeld] = Field(default_factory=list, max_length=30)
    skattefri_inntekt: HeleKroner | None = Field(None, description="Kroner i året; utelatt: det satsene gir.")
    bankavslag: bool = Field(False, description="Et avslag fra en bank er vedlagt.")
    boligplan: Annotated[str, StringConstraints(max_length=4000)] | None = None
    onsket: Onsket = Onsket()

    @model_validator(mode="after")
    def _hver_person_en_gang(self) -> Self:
        numre = [self.soker.fnr, *(p.fnr for p in self.husstand)]
        if len(set(numre)) != len(numre):
            raise PydanticCustomError(
                "boligsak_person_to_ganger", "Samme person står to ganger i husstanden."
            )
        if sum(p.medlantaker for p in self.husstand) > 1:
            raise PydanticCustomError("boligsak_medlantaker", "Bare én i husstanden kan være medlåntaker.")
        return self

    def parter(self) -> list[tuple[str, str]]:
        return [("soker", self.soker.fnr), *(("biperson", p.fnr) for p in self.husstand)]

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = self.model_dump(mode="json", exclude_none=True)
        for person in (dokument["soker"], *dokument["husstand"]):
            person["person_id"] = str(person_id[person.pop("fnr")])
        return {"arsak": "soknad", **dokument}


class Hovedperson(Streng):
    fnr: Fnr


class _OmEtLan(_OmLan):
    """Something that happens to a loan whose case exists."""

    soker: Hovedperson

    def parter(self) -> list[tuple[str, str]]:
        return [("soker", self.soker.fnr)]

    def _innhold(self, arsak: str, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = self.model_dump(mode="json", exclude_none=True)
        dokument["soker"] = {"person_id": str(person_id[self.soker.fnr])}
        return {"arsak": arsak, **dokument}


def _ikke_for(verdi: date, info: ValidationInfo, felt: str, melding: str) -> date:
    if (forst := info.data.get(felt)) and verdi < forst:
        raise PydanticCustomError("boligsak_rekkefolge", melding)
    return verdi


class Kjop(Streng):
    dato: date
    kjopesum: Annotated[HeleKroner, Field(ge=1)]
    egenkapital: HeleKroner = 0
    andre_lan: HeleKroner = 0
    oppgjor: date = Field(description="Dagen oppgjøret skal skje.")

    @field_validator("oppgjor")
    @classmethod
    def _etter_kjopet(cls, verdi: date, info: ValidationInfo) -> date:
        return _ikke_for(verdi, info, "dato", "Oppgjøret kan ikke være før kjøpet.")


class KjopStartlan(_OmEtLan):
    """The household has bought within its certificate."""

    kjop: Kjop

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        return self._innhold("utbetaling", person_id)


class Endring(Streng):
    """``terminer``: of deferral; ``nedbetalingstid``: years in all; ``belop_ore``: paid before its time."""

    slag: Literal["betalingsutsettelse", "lengre_lopetid", "rentebytte", "innbetaling"]
    terminer: int = Field(0, ge=0, le=600)
    nedbetalingstid: int = Field(0, ge=0, le=60)
    rentetype: Rentetype = "flytende"
    rente: Rente | None = None
    belop_ore: Ore = 0
    markedsrente_prosent: (
        Annotated[str, StringConstraints(pattern=r"^(1?[0-9]|20)(\.[0-9]{1,3})?$")] | None
    ) = None

    @model_validator(mode="after")
    def _det_som_trengs(self) -> Self:
        trengs = {
            "betalingsutsettelse": "terminer",
            "lengre_lopetid": "nedbetalingstid",
            "innbetaling": "belop_ore",
        }
        felt = trengs.get(self.slag)
        if felt and not getattr(self, felt):
            raise PydanticCustomError(
                "boligsak_endring", "{felt} må oppgis for {slag}.", {"felt": felt, "slag": self.slag}
            )
        return self


class LanendringStartlan(_OmEtLan):
    endring: Endring

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        return self._innhold("lanendring", person_id)


class TapStartlan(_OmEtLan):
    """The dwelling is realised and the loss is known. ``rest_ore``: what was owed, when more than the plan says."""

    rest_ore: Ore = 0
    renter_ore: Ore = 0
    renter_maneder: int = Field(
        0, ge=0, le=600, validate_default=True, description="Hvor mange måneder rentene er for."
    )
    omkostninger_ore: Ore = 0
    innkommet_ore: Ore = 0
    tap_konstatert: date
    sokt: date

    @field_validator("renter_maneder")
    @classmethod
    def _rentene_har_tid(cls, verdi: int, info: ValidationInfo) -> int:
        if info.data.get("renter_ore") and not verdi:
            raise PydanticCustomError("boligsak_rentemaneder", "Måneder må oppgis når det er renter.")
        return verdi

    @field_validator("sokt")
    @classmethod
    def _etter_tapet(cls, verdi: date, info: ValidationInfo) -> date:
        return _ikke_for(verdi, info, "tap_konstatert", "Det kan ikke søkes før tapet er konstatert.")

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        return self._innhold("tap", person_id)


class InnfordretStartlan(_OmEtLan):
    """Something has come in after the loss was shared."""

    innfordret_ore: Annotated[int, Field(ge=1, le=10_000_000_000)]

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        return self._innhold("innfordring", person_id)
