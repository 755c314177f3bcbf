"""Bodies about sampling for quality control."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from schemas.felles import Streng, Termin

Funn = Literal[
    "riktig", "mangelfull_dokumentasjon", "feil_uten_betydning", "feil_til_gunst", "feil_til_ugunst"
]


class StikkproveInn(Streng):
    """Which decisions to draw from, how many, and by which seed."""

    ordning: str = Field("bostotte", max_length=40)
    fra: Termin
    til: Termin
    fro: int = Field(ge=0, lt=2**53, description="Samme frø over de samme vedtakene trekker de samme.")
    antall: int = Field(ge=1, le=2000)


class Stikkprove(BaseModel):
    id: UUID
    ordning: str
    fra: str
    til: str
    fro: int
    populasjon: int
    laget: datetime
    funn: dict[str, int] = Field(description="Antall etter funn; `ikke_sett` står igjen.")


class StikkproveRad(BaseModel):
    vedtak: UUID
    sak: UUID
    kommunenummer: str
    nr: int
    funn: Funn | None
    tid: datetime | None


class Arbeidsliste(BaseModel):
    vedtak: list[StikkproveRad]
    neste: int | None = Field(None, description="Send som `etter` for neste side; null på siste side.")


class FunnInn(Streng):
    funn: Funn
    merknad: str = Field(min_length=3, max_length=4000)
