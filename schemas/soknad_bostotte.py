"""``no.boligsak.bostotte.soknad.mottatt.v1``: one household's application for bostøtte for one month."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas.felles import Belop, Fnr, Hendelsesinnhold, Kommunenummer, Kroner, Streng, Termin

FORSTE_TERMIN = "2022-06"


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


class Meldepliktig(Streng):
    """Expected gross amounts for the whole year, kroner (forskrift om bustøtte § 5)."""

    kapital: Belop = 0
    naering: Belop = 0
    utland: Kroner = 0


class Formue(Streng):
    """Net wealth at the end of the year, kroner (forskrift om bustøtte § 6)."""

    bolig: Kroner = 0
    annen: Belop = 0


class Person(Streng):
    fnr: Fnr
    ung_ufor: bool = False
    meldepliktig: Meldepliktig | None = None
    formue: Formue | None = None
    skattefri_leieinntekt: Kroner = 0
    student_unntak_arbeidskvalifisering: bool = False
    student_unntak_bor_hos_foreldre: bool = False
    institusjon: bool = False
    verneplikt: bool = False


class Matrikkelnummer(Streng):
    gardsnummer: int = Field(ge=1, le=99_999)
    bruksnummer: int = Field(ge=0, le=99_999)
    bruksenhetsnummer: Annotated[str, Field(pattern=r"^[HLUK][0-9]{4}$")] = "H0101"


class Bolig(Streng):
    disposisjonsform: Literal["leid", "kommunal", "borettslag", "eid", "bofellesskap"]
    boutgift_per_maned: Kroner
    oppvarming_inkludert: bool = False
    spesialtilpasset: bool = False
    kommunale_avgifter_per_maned: Kroner = 0
    matrikkel: Matrikkelnummer


class Transport(Streng):
    """Payment to the municipality that has advanced support (bustøttelova § 9): needs a written consent."""

    til_kommunen: bool = False
    samtykke_dato: date | None = None

    @model_validator(mode="after")
    def _samtykke(self) -> Self:
        if self.til_kommunen and self.samtykke_dato is None:
            raise PydanticCustomError(
                "boligsak_samtykke", "samtykke_dato må oppgis når til_kommunen er sann."
            )
        return self


class SoknadBostotte(Hendelsesinnhold):
    termin: Annotated[Termin, AfterValidator(_termin)]
    kommunenummer: Kommunenummer
    sprak: Literal["nb", "nn"] = "nb"
    soker: Person
    husstand: list[Person] = Field(default_factory=list, max_length=29)
    bolig: Bolig
    transport: Transport = Transport()

    @field_validator("husstand")
    @classmethod
    def _hver_person_en_gang(cls, husstand: list[Person], info: ValidationInfo) -> list[Person]:
        sett = {info.data["soker"].fnr} if "soker" in info.data else set()
        for nr, person in enumerate(husstand):
            if person.fnr in sett:
                raise PydanticCustomError(
                    "boligsak_person_to_ganger", "Samme person står to ganger: husstand[{nr}].fnr", {"nr": nr}
                )
            sett.add(person.fnr)
        return husstand

    def parter(self) -> list[tuple[str, str]]:
        return [("soker", self.soker.fnr), *(("biperson", p.fnr) for p in self.husstand)]

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = self.model_dump(mode="json", exclude_none=True)
        for person in (dokument["soker"], *dokument["husstand"]):
            person["person_id"] = str(person_id[person.pop("fnr")])
        return dokument
