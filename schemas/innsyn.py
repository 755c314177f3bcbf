"""A citizen's whole answer: what is kept about them, where it is from, what was decided, who has read it."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from schemas.felles import Streng
from schemas.saker import UtbetalingRad


class InnsynInn(Streng):
    model_config = ConfigDict(json_schema_extra={"examples": [{"fnr": "01859001064"}]})

    fnr: str = Field(pattern=r"^[0-9]{11}$")


class Opplysning(BaseModel):
    """One fact. ``innhold`` is null when it is about somebody else in the household."""

    kilde: str = Field(examples=["folkeregister"])
    gjelder: Literal["deg", "saken", "en annen i husstanden"]
    hentet: datetime
    gyldig_til: datetime | None
    hjemmel: str
    innhold: dict[str, Any] | None


class Sporring(BaseModel):
    """A register that has been asked about the citizen or the case."""

    register_: str = Field(alias="register", examples=["inntekt"])
    gjelder: Literal["deg", "saken", "en annen i husstanden"]
    parametre: str = Field(examples=["termin=2026-09"])
    status: Literal["utfort", "venter", "oppgitt"]
    tid: datetime
    hjemmel: str | None


class Vedtak(BaseModel):
    id: UUID
    termin: str
    kode: str
    utfall: str
    belop: int = Field(description="Hele kroner per måned.")
    regelversjon: str
    fattet: datetime
    fattet_av: str
    attestert_av: str | None
    begrunnelse: dict[str, list[str]] = Field(description="Begrunnelsen på bokmål (nb) og nynorsk (nn).")
    fakta: dict[str, Any] | None


class Utbetaling(UtbetalingRad):
    laget: datetime


class Lesing(BaseModel):
    """Who has read the case, when and why."""

    tid: datetime
    aktor: str
    virksomhet: str
    hva: str
    formal: str
    hjemmel: str


class Hendelse(BaseModel):
    tid: datetime
    type: str
    aktor: str


class Innsynssak(BaseModel):
    id: UUID
    ordning: str
    kommunenummer: str
    rolle: Literal["soker", "biperson"]
    status: str
    laget: datetime
    slettet: datetime | None
    opplysninger: list[Opplysning]
    registre: list[Sporring]
    vedtak: list[Vedtak] = Field(description="Tom for den som ikke er søker.")
    utbetalinger: list[Utbetaling]
    hendelser: list[Hendelse]
    lesinger: list[Lesing]


class Innsyn(BaseModel):
    laget: datetime
    dato: date
    saker: list[Innsynssak]
