"""What a control check asks for: one question to one register, with its legal basis and how long the answer holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypedDict
from uuid import UUID

Register = Literal[
    "folkeregister", "lanekassen", "inntekt", "skattegrunnlag", "nav", "matrikkel", "husbanken"
]
REGISTRE: tuple[Register, ...] = (
    "folkeregister",
    "lanekassen",
    "inntekt",
    "skattegrunnlag",
    "nav",
    "matrikkel",
    "husbanken",
)

Svar = Mapping[str, Any]
"""A register's validated answer, JSON-able; the shapes are TypedDicts in domain/kontroll/svar.py."""


@dataclass(frozen=True, slots=True)
class Kontrollkrav:
    """One question to one register.

    ``gjelder``: the person's id; ``None`` when the question concerns the case (household, dwelling).
    ``parametre``: what makes the question its own (termin, date, income year); never an identity number or address.
    ``hjemmel``: the law that lets us ask.  ``gyldig_dager``: days for which the answer may be used again.
    """

    register: Register
    gjelder: UUID | None
    parametre: tuple[tuple[str, str], ...]
    hjemmel: str
    gyldig_dager: int

    @property
    def nokkel(self) -> str:
        """Stable key, unique in a case, e.g. ``inntekt/6f…/termin=2026-09``."""
        return nokkel(self.register, self.gjelder, *self.parametre)


def nokkel(register: Register, gjelder: UUID | str | None, *parametre: tuple[str, str]) -> str:
    """The key of a check without the check, for whoever looks up many."""
    return f"{register}/{gjelder or '-'}/{','.join([f'{navn}={verdi}' for navn, verdi in parametre])}"


class Grunn(TypedDict):
    """Why a person must look: a code (stable, countable) and a text for the caseworker, free of personal data."""

    kode: str
    tekst: str


@dataclass(slots=True)
class Vurdering:
    """A judged answer: facts it gives and the reasons, if any, why a person must look before a decision."""

    fakta: dict[str, Any] = field(default_factory=dict)
    manuell: list[Grunn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sammensatt:
    """All answers of a case put together: the complete facts document, and every reason for manual handling."""

    fakta: dict[str, Any]
    manuell: list[Grunn]
    bortfaller: bool = False
    """There is nothing left to decide: what the treatment was for has been overtaken."""
    tidligst: date | None = None
    """A treatment that begins by itself waits until this day; ``date.max``: until another treatment is answered."""
