"""Types that several borders share."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from domain.kommuner import UkjentKommune, finn
from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller


class Streng(BaseModel):
    """A body that comes from outside: unknown fields are errors, strings are not turned into numbers."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


def _kontekst(info: ValidationInfo) -> dict[str, Any]:
    if info.context is None:
        raise RuntimeError("validering av hendelser krever context={'dato': …, 'syntetiske': …}")
    return info.context


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
