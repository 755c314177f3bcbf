"""Types that several borders share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from domain.kommuner import UkjentKommune, finn
from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller


def hele_ore(belop: float) -> float:
    """Errors: more than two decimals."""
    if round(belop, 2) != belop:
        raise PydanticCustomError("boligsak_desimaler", "må ha høyst to desimaler")
    return belop


_FA = AfterValidator(hele_ore)
Kroner = Annotated[float, Field(ge=0, lt=100_000_000, allow_inf_nan=False), _FA]
"""An amount of kroner and whole øre, zero or more."""
Belop = Annotated[float, Field(gt=-100_000_000, lt=100_000_000, allow_inf_nan=False), _FA]
"""The same, below zero too."""


class Streng(BaseModel):
    """A body that comes from outside: unknown fields are errors. Events are read strictly: no type is turned into
    another (``services/mottak``)."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class Hendelsesinnhold(Streng, ABC):
    """What the intake needs of an event's data, whatever the scheme."""

    termin: str
    kommunenummer: str

    @abstractmethod
    def parter(self) -> list[tuple[str, str]]:
        """(role, identity number), the main person first."""

    def gjelder(self) -> str:
        """Which of the main party's matters in the municipality this is about, where it may have several. Nothing
        personal: it stands open on the case."""
        return ""

    @abstractmethod
    def uten_fnr(self, person_id: Mapping[str, UUID]) -> dict[str, Any]:
        """The data as the case keeps it: every identity number replaced by the person's id."""


def _kontekst(info: ValidationInfo) -> dict[str, Any]:
    if info.context is None:
        raise RuntimeError("validering av hendelser krever context={'dato': …, 'syntetiske': …}")
    kontekst: dict[str, Any] = info.context
    return kontekst


def _fnr(verdi: str, info: ValidationInfo) -> str:
    kontekst = _kontekst(info)
    try:
        return kontroller(verdi, kontekst["dato"], tillat_syntetiske=kontekst["syntetiske"]).nummer
    except UgyldigIdentitetsnummer as feil:
        raise PydanticCustomError("boligsak_fnr", str(feil)) from None


def _kommune(verdi: str, info: ValidationInfo) -> str:
    dato: date = _kontekst(info)["dato"]
    if "termin" in info.data:  # the municipality must exist in the month that is applied for
        dato = date.fromisoformat(info.data["termin"] + "-01")
    try:
        return finn(verdi, dato).kommunenummer
    except UkjentKommune as feil:
        raise PydanticCustomError("boligsak_kommune", str(feil)) from None


Fnr = Annotated[str, StringConstraints(pattern=r"^[0-9]{11}$"), AfterValidator(_fnr)]
"""Identity number, checked; needs ``context={"dato": date, "syntetiske": bool}``."""
Kommunenummer = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), AfterValidator(_kommune)]
Termin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
