"""Letters issued in a case."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from schemas.felles import Streng

Brevslag = Literal["vedtak", "varsel", "klageoversendelse"]
Uttalelse = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000, pattern=r"^[^\x00]*$")
]


class BrevInn(Streng):
    """Which letter to issue."""

    slag: Brevslag = Field(examples=["vedtak"])
    gjelder: UUID = Field(
        description="Vedtakets id; for `varsel` og `klageoversendelse` behandlingens.",
        examples=["01990000-0000-7000-8000-000000000000"],
    )
    sprak: Literal["nb", "nn", "da"] | None = Field(None, description="Utelatt: språket i søknaden.")
    uttalelse: Uttalelse | None = Field(
        None, description="For `klageoversendelse`: uttalelsen med andre ord enn da klagen ble opprettholdt."
    )


class Utstedt(BaseModel):
    """An issued letter. Its bytes are made again from what it said, and held against the imprints."""

    brev: UUID
    slag: Brevslag
    gjelder: UUID
    sprak: str
    mal: str = Field(description="Hvilken utgave av malene.", examples=["1"])
    tid: datetime
    aktor: str
    sha256: dict[str, str] = Field(description="Avtrykket av brevet i hvert format, heksadesimalt.")


class Brevliste(BaseModel):
    brev: list[Utstedt]
