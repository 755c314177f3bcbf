"""The monthly run at the API: ordered, followed, released, reported."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from schemas.felles import Streng, Termin

Slag = Literal["ordinar", "ny_beregning", "regelendring", "skygge"]
_Knr = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]


class KjoringInn(Streng):
    """``skygge``: the rules of ``termin`` over last month's facts, nothing decided. ``ny_beregning``: the decided
    termin again with the income that a-ordningen now has. ``regelendring``: the decided termin with today's rules."""

    ordning: str = Field("bostotte", max_length=40)
    termin: Termin = Field(examples=["2026-09"])
    slag: Slag = "ordinar"
    prove: bool = Field(False, description="Prøvekjøring: ingenting vedtas eller betales.")
    kommuner: list[_Knr] | None = Field(
        None, min_length=1, max_length=400, description="Utelatt: hele landet."
    )


class BegrunnetInn(Streng):
    """Why a held run is right to pay, or wrong."""

    begrunnelse: Annotated[str, StringConstraints(min_length=3, max_length=2000, strip_whitespace=True)]


class Fremdrift(BaseModel):
    saker: int
    samlet: int
    behandlet: int
    biter: int
    feil: str | None = Field(description="Siste feil på en bit som ikke er ferdig.")


class Kjoring(BaseModel):
    """Where a run stands. ``status``: ``holdt`` waits for a named person; ``avvik``: the books do not balance;
    ``forkastet``: a named person has rejected it, and nothing of it is paid."""

    id: UUID
    ordning: str
    termin: str
    slag: Slag
    prove: bool
    kommuner: list[str] | None
    status: Literal["bestilt", "kjorer", "holdt", "ferdig", "avvik", "forkastet"]
    fase: Literal["manifest", "samle", "behandle", "avstem", "ferdig"]
    tid: datetime
    startet_av: str
    frigitt_av: str | None
    ferdig: datetime | None
    manifest_hash: str | None
    resultat_hash: str | None
    fremdrift: Fremdrift


class Kjoringsliste(BaseModel):
    kjoringer: list[Kjoring]


class Rapport(BaseModel):
    """The whole report: ledger by municipality, outcomes, causes in kroner, band, payments, seconds and rows."""

    kjoring: UUID
    rapport: dict[str, Any]
