"""Bodies of frames: what may be promised in a year, and of the draft of a decision."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from schemas.felles import Streng

Ordningsnavn = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
Grunn = Annotated[str, StringConstraints(pattern=r"^[A-Za-zÆØÅæøå0-9 ./_-]{3,100}$")]


class RammeUtenKo(BaseModel):
    """Whole kroner. ``bundet``: promised and not yet paid."""

    id: UUID
    ordning: str = Field(examples=["startlan"])
    ar: int
    post: str = Field(examples=["lan"])
    kommunenummer: str | None
    tildelt: int
    bundet: int
    utbetalt: int
    ledig: int


class RammeRad(RammeUtenKo):
    """``venter_*``: the queue, as far as this actor may see it."""

    venter_antall: int
    venter_belop: int
    endret: datetime


class Rammeliste(BaseModel):
    rammer: list[RammeRad]
    neste: UUID | None = None


class RammepostRad(BaseModel):
    id: int
    slag: str = Field(examples=["tildelt"])
    belop: int
    motpost: UUID | None
    grunn: str
    aktor: str
    tid: datetime


class Rammebok(BaseModel):
    poster: list[RammepostRad]
    neste: int | None = None


class PosteringInn(Streng):
    """Money put into a frame, taken out, or carried over to another year. ``grunn``: a reference, about nobody."""

    slag: Literal["tildelt", "trukket_inn", "overfort"]
    ordning: Ordningsnavn
    ar: int = Field(ge=2000, le=2100)
    post: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
    kommunenummer: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    belop: int = Field(ge=1, le=1_000_000_000_000)
    til_ar: int | None = Field(None, ge=2000, le=2100, description="For `overfort`: året det overføres til.")
    grunn: Grunn


class UtkastInn(Streng):
    behandling: UUID
    overstyring: dict[str, Any] = Field(
        default_factory=dict, max_length=60, examples=[{"vurdering.langvarige_problemer": True}]
    )


class Mangel(BaseModel):
    felt: str
    melding: str


class Grunnen(BaseModel):
    kode: str
    tekst: str


class Utkast(BaseModel):
    """What would be decided on the facts with these values. ``mangler``: why it may not be proposed yet."""

    behandling: UUID
    soknad: dict[str, Any] = Field(
        description="Det som ble sendt inn, med person_id i stedet for fødselsnummer; for det som begynner av seg "
        "selv, det vedtaket satte."
    )
    grunner: list[Grunnen] = Field(description="Hvorfor et menneske må se på behandlingen.")
    kode: str
    utfall: str
    belop: int
    mangler: Mangel | None
    fakta: dict[str, Any]
    spor: list[dict[str, Any]]
    vis: dict[str, Any] = Field(
        description="Det saksbehandleren skal se før det avgjøres; ordningen bestemmer."
    )
