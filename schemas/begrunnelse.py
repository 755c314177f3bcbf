"""The reasons of a decision, as data."""

from uuid import UUID

from pydantic import BaseModel, Field


class Begrunnelse(BaseModel):
    """Plain sentences from the decision's own trace. Both lists are empty when the person is erased."""

    vedtak: UUID
    kode: str = Field(examples=["V00"])
    regelversjon: str
    nb: list[str] = Field(description="Bokmål.", examples=[["Du får bostøtte."]])
    nn: list[str] = Field(description="Nynorsk.", examples=[["Du får bustøtte."]])
    setninger: dict[str, list[str]] = Field(description="På hvert av ordningens språk, etter språkkode.")
