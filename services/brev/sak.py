"""The case that a letter is written in, and the letter as it is to be set."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.brev.dokument import Brev
from domain.kommuner import UkjentKommune, finn
from domain.ordninger import ORDNINGER
from domain.sak.ordning import Ordning
from services.forsegling import Datanokkel, NokkelDestruert, forsegler


class FinnesIkke(LookupError):
    """There is no such decision, notice or statement in the case."""


class Slettet(LookupError):
    """The person is erased, and what the letter would say with the key."""


class KanIkkeLages(ValueError):
    """The letter cannot be written now; the message says why."""


@dataclass(frozen=True, slots=True)
class Sak:
    forbindelse: Connection
    id: UUID
    ordning: Ordning
    kommunenummer: str
    gradert: bool
    nokkel: Datanokkel

    def kommune(self, dag: date) -> str | None:
        """Name and number; None where the address is protected, since it says where somebody lives."""
        if self.gradert:
            return None
        try:
            return f"{finn(self.kommunenummer, dag).navn} ({self.kommunenummer})"
        except UkjentKommune:
            return self.kommunenummer


@dataclass(frozen=True, slots=True)
class Skrevet:
    """``rad``: what the letter is about: the decision, the notice, the event of the statement."""

    brev: Brev
    dekning: frozenset[Decimal]
    behandling: UUID
    rad: UUID


_SAK = text("""
    SELECT s.ordning, s.kommunenummer, s.gradert, CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM sak s JOIN person p ON p.id = s.hovedperson WHERE s.id = :id
""")


def les(forbindelse: Connection, sak_id: UUID) -> Sak:
    """Errors: ``FinnesIkke``, ``Slettet``."""
    rad: Any = forbindelse.execute(_SAK, {"id": sak_id}).one_or_none()
    if rad is None:
        raise FinnesIkke
    try:
        nokkel = forsegler().pakk_ut(rad.nokkel)
    except NokkelDestruert:
        raise Slettet from None
    return Sak(forbindelse, sak_id, ORDNINGER[rad.ordning], rad.kommunenummer, rad.gradert, nokkel)
