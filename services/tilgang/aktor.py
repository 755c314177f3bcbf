"""The one who asks, as read from a token; no identity number in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

ALLE: Final = "*"
"""Every municipality."""


class Scope(StrEnum):
    LES = "boligsak:les"
    SKRIV = "boligsak:skriv"
    VEDTA = "boligsak:vedta"
    ATTESTER = "boligsak:attester"
    DRIFT = "boligsak:drift"
    INNSYN = "boligsak:innsyn"


MASKINSCOPES = frozenset({Scope.LES, Scope.SKRIV, Scope.DRIFT})
"""What a machine may hold. To decide and to attest takes a person."""

ROLLER: dict[str, frozenset[Scope]] = {
    "saksbehandler": frozenset({Scope.LES, Scope.SKRIV, Scope.VEDTA}),
    "attestant": frozenset({Scope.LES, Scope.ATTESTER}),
    "klagebehandler": frozenset({Scope.LES, Scope.SKRIV, Scope.VEDTA}),
    "annenlinje": frozenset({Scope.LES, Scope.VEDTA}),
    "revisor": frozenset({Scope.LES}),
    "drift": frozenset({Scope.DRIFT}),
    "innsynsbehandler": frozenset({Scope.INNSYN}),
    "innsender": frozenset({Scope.LES, Scope.SKRIV}),
}
"""Roles and the scopes they carry. ``innsender`` is a machine: a municipality's front-end that sends
applications.
"""

MASKINROLLER = frozenset({"innsender"})


class Formal(StrEnum):
    """Why personal data is read; goes into the access log. Header ``Boligsak-Formal``."""

    SAKSBEHANDLING = "saksbehandling"
    KLAGE = "klage"
    ETTERKONTROLL = "etterkontroll"
    INNSYN = "innsyn"
    REVISJON = "revisjon"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Aktor:
    """``id``: stable and pseudonymous, safe in audit and logs. ``kommuner``: numbers, or ``ALLE``.

    ``person_hash``: the look-up hash of the caseworker's own identity number, to tell one's own case; None
    for machines. ``leverandor``: the organisation a machine's owner has delegated to. ``navn`` is for the
    screen only.
    """

    id: str
    art: Literal["saksbehandler", "maskin", "system"]
    organisasjonsnummer: str
    kommuner: frozenset[str] | Literal["*"]
    roller: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    klarert: bool = False
    person_hash: bytes | None = None
    formal: Formal = Formal.SAKSBEHANDLING
    navn: str | None = None
    leverandor: str | None = None

    def har(self, scope: str) -> bool:
        return scope in self.scopes

    def ser_kommune(self, kommunenummer: str) -> bool:
        return self.kommuner == ALLE or kommunenummer in self.kommuner


def systemaktor(navn: str = "system") -> Aktor:
    """The engine, the run, a command: no token, every municipality, cleared."""
    return Aktor(
        id=navn,
        art="system",
        organisasjonsnummer="",
        kommuner=ALLE,
        roller=frozenset({"system"}),
        scopes=frozenset(Scope),
        klarert=True,
        formal=Formal.DRIFT,
    )
