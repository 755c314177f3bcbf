"""Every read of a person's case leaves a row and a CEF line: who, what, why. No personal data in either.

The row is written in the transaction of the read, which does not wait for the disk: a crash of the database within
the last moments may lose rows, and the CEF line, written before the answer leaves, has them (docs/adr/0013).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Connection, text

from services.innsyn import cef
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.tilgang import Aktor
from services.tilgang.aktor import Formal

HJEMLER: Mapping[Formal, str] = {
    Formal.SAKSBEHANDLING: "bustøttelova §§ 3 og 8; personvernforordningen art. 6 nr. 1 bokstav e",
    Formal.KLAGE: "forvaltningslova kap. VI; personvernforordningen art. 6 nr. 1 bokstav e",
    Formal.ETTERKONTROLL: "husbankloven § 10; personvernforordningen art. 6 nr. 1 bokstav e",
    Formal.INNSYN: "personvernforordningen art. 15; forvaltningslova § 18",
    Formal.REVISJON: "personvernforordningen art. 5 nr. 2 og art. 32",
    Formal.DRIFT: "personvernforordningen art. 32",
}
"""By what right each purpose reads. From memory of the acts, except what the scheme's own sources state (bustøttelova,
husbankloven): a lawyer confirms them before use."""

_INN = text("""
    INSERT INTO lesing (aktor, virksomhet, hva, formal, hjemmel, sak_id, antall, filter, spor)
    VALUES (:aktor, :virksomhet, :hva, :formal, :hjemmel, :sak_id, :antall, CAST(:filter AS jsonb), :spor)
""")
_INN_UTEN_VENT = text("""
    INSERT INTO lesing (aktor, virksomhet, hva, formal, hjemmel, sak_id, antall, filter, spor)
    SELECT :aktor, :virksomhet, :hva, :formal, :hjemmel, CAST(:sak_id AS uuid), CAST(:antall AS integer),
           CAST(:filter AS jsonb), :spor
    FROM set_config('synchronous_commit', 'off', true)
""")


@dataclass(slots=True)
class Lesing:
    """A read under way. The reader tells what came of it.

    ``saker``: the cases that were read; empty for a list. ``antall``: rows that the reader was given.
    ``stille``: nothing was given out after all (a stream that had no news).
    """

    forbindelse: Connection
    saker: Sequence[UUID] = ()
    antall: int = 1
    filter: dict[str, Any] = field(default_factory=dict)
    stille: bool = False


@contextmanager
def les_som(
    aktor: Aktor,
    hva: str,
    sak: UUID | None = None,
    *,
    filter: Mapping[str, Any] | None = None,
    skriver: bool = False,
    innsyn: Innsyn | None = None,
) -> Iterator[Lesing]:
    """A transaction that sees what this actor may see, and leaves its mark unless it fails.

    ``skriver``: something else is written too, so the commit waits for the disk. ``innsyn``: another view than the
    actor's own, for the door of a command.
    """
    innsyn = innsyn or Innsyn(aktor.id, aktor.kommuner, aktor.klarert)
    with transaksjon(DbRolle.API, innsyn) as forbindelse:
        valg = {k: v for k, v in (filter or {}).items() if v is not None}
        lesing = Lesing(forbindelse, (sak,) if sak else (), filter=valg)
        yield lesing
        if lesing.stille:
            return
        rader = _rader(lesing, aktor, hva)
        forbindelse.execute(_INN if skriver else _INN_UTEN_VENT, rader)
    for rad in rader:
        _cef(rad)


def _rader(lesing: Lesing, aktor: Aktor, hva: str) -> list[dict[str, Any]]:
    felles = {
        "aktor": aktor.id,
        "virksomhet": aktor.organisasjonsnummer + (f"/{aktor.leverandor}" if aktor.leverandor else ""),
        "hva": hva,
        "formal": aktor.formal.value,
        "hjemmel": HJEMLER[aktor.formal],
        "antall": lesing.antall,
        "filter": orjson.dumps(lesing.filter, default=str).decode() if lesing.filter else None,
        "spor": structlog.contextvars.get_contextvars().get("spor"),
    }
    return [{**felles, "sak_id": sak} for sak in (lesing.saker or (None,))]


def _cef(rad: Mapping[str, Any]) -> None:
    cef.skriv(
        f"les:{rad['hva']}",
        "Lesing av sak" if rad["sak_id"] else "Lesing av liste",
        {
            "end": str(round(datetime.now(UTC).timestamp() * 1000)),
            "suid": rad["aktor"],
            "cs1Label": "formal",
            "cs1": rad["formal"],
            "cs2Label": "hjemmel",
            "cs2": rad["hjemmel"],
            "cs3Label": "sak",
            "cs3": str(rad["sak_id"] or ""),
            "cs4Label": "virksomhet",
            "cs4": rad["virksomhet"],
            "cs5Label": "filter",
            "cs5": rad["filter"] or "",
            "cs6Label": "spor",
            "cs6": rad["spor"] or "",
            "cn1Label": "antall",
            "cn1": str(rad["antall"]),
        },
    )
