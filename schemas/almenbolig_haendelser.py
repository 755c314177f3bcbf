"""The events in the life of a Danish commitment. The party is the housing organisation; each project is a case."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Self
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
from stdnum.dk import cpr, cvr

from domain.almenbolig.kommuner import KOMMUNER
from schemas.almenbolig import Kroner, Lantype, ProjektInn, Termin
from schemas.felles import Hendelsesinnhold, Streng

_CPR = re.compile(r"(?=([0-9]{6}-?[0-9]{4}))")
Rente = Annotated[float, Field(gt=-0.05, lt=0.5, allow_inf_nan=False, description="Om året, 0.02 = 2 pct.")]


def _cvr(nummer: str) -> str:
    if not cvr.is_valid(nummer):
        raise PydanticCustomError("boligsak_cvr", "er ikke et gyldigt CVR-nummer")
    return nummer


def _ikke_cpr(betegnelse: str) -> str:
    """It stands open on the case: no personal number, with or without its hyphen."""
    if any(cpr.is_valid(treff[1]) for treff in _CPR.finditer(betegnelse)):
        raise PydanticCustomError("boligsak_betegnelse", "kan ikke indeholde et CPR-nummer")
    return betegnelse


def _kommune(nummer: str) -> str:
    if nummer not in KOMMUNER:
        raise PydanticCustomError("boligsak_kommune", "er ikke en dansk kommune")
    return nummer


def _ikke_fremtid(dato: date, info: ValidationInfo) -> date:
    if dato > (info.context or {})["dato"]:
        raise PydanticCustomError("boligsak_dato", "ligger i fremtiden")
    return dato


class Organisation(Streng):
    cvr: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$"), AfterValidator(_cvr)]


class AlmenHaendelse(Hendelsesinnhold):
    """``dato``: when it happened; ``termin`` is its month. ``projekt_id``: what the organisation calls the project."""

    skridt: ClassVar[str]

    termin: Termin
    kommunenummer: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), AfterValidator(_kommune)]
    organisation: Organisation
    projekt_id: Annotated[
        str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,29}$"), AfterValidator(_ikke_cpr)
    ]
    dato: Annotated[date, AfterValidator(_ikke_fremtid)]

    @model_validator(mode="after")
    def _samme_maned(self) -> Self:
        if f"{self.dato:%Y-%m}" != self.termin:
            raise PydanticCustomError("boligsak_termin", "termin skal være måneden for dato")
        return self

    def parter(self) -> list[tuple[str, str]]:
        return [("soker", f"cvr:{self.organisation.cvr}")]

    def gjelder(self) -> str:
        return self.projekt_id

    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        dokument = self.model_dump(mode="json", exclude_none=True)
        [(_, nummer)] = self.parter()
        dokument["organisation"] = {"person_id": str(person_id[nummer])}
        return {**dokument, "skridt": self.skridt}


class Finanslov(AlmenHaendelse):
    """Year −2: the commitment that is expected, for the finance act of its year."""

    skridt = "finanslov"
    tilsagnstermin: Termin
    projekt: ProjektInn

    @field_validator("tilsagnstermin")
    @classmethod
    def _ikke_for(cls, tilsagnstermin: str, info: ValidationInfo) -> str:
        if tilsagnstermin < info.data.get("termin", ""):
            raise PydanticCustomError("boligsak_termin", "ligger før dato")
        return tilsagnstermin


class Tilsagn(AlmenHaendelse):
    """Skema A."""

    skridt = "tilsagn"
    projekt: ProjektInn


class SkemaB(AlmenHaendelse):
    skridt = "skema_b"
    anskaffelsessum: Kroner
    antal_boliger: int = Field(ge=1, le=10_000)
    areal: Annotated[float, Field(ge=1, le=1_000_000, allow_inf_nan=False)]


class SkemaC(SkemaB):
    """The accounts: what the project did cost."""

    skridt = "skema_c"


class LanOptaget(AlmenHaendelse):
    """The loan as it was taken. ``rente``: of the first period, or of the whole of a fixed loan."""

    skridt = "finansiering"
    hovedstol: Kroner
    lantype: Lantype
    rente: Rente


class LanRefinansieret(AlmenHaendelse):
    """``lanear``: the loan year, from 0, in which the new rate begins."""

    skridt = "refinansiering"
    lanear: int = Field(ge=1, le=29)
    rente: Rente


class Bortfaldet(AlmenHaendelse):
    """The commitment lapses: the project is not built."""

    skridt = "bortfald"


HAENDELSER: Mapping[str, type[AlmenHaendelse]] = {
    "finanslov.budgetteret": Finanslov,
    "tilsagn.meldt": Tilsagn,
    "skema-b.meldt": SkemaB,
    "skema-c.meldt": SkemaC,
    "lan.optaget": LanOptaget,
    "lan.refinansieret": LanRefinansieret,
    "tilsagn.bortfaldet": Bortfaldet,
}
"""Name in the event's type → its data."""
BEGYNDER_SAG = frozenset({"finanslov", "tilsagn"})
"""Steps that make the case when there is none."""
