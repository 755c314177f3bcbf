"""Open tasks with an owner, a deadline and a cause: manual decisions, and work that failed its last try."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager.ider import ny_id
from services.lager.skriving import Skriver

_APNE = text("""
    INSERT INTO oppfolging (id, sak_id, behandling_id, kommunenummer, slag, arsak, fingeravtrykk, eier, frist, ref,
                            laget)
    SELECT :id, s.id, :behandling_id, s.kommunenummer, :slag, :arsak, :fingeravtrykk, :eier, :frist, :ref, :tid
    FROM sak s WHERE s.id = :sak_id
    ON CONFLICT (behandling_id, fingeravtrykk) WHERE lukket IS NULL DO NOTHING
""")


def apne(
    skriver: Skriver,
    sak_id: UUID,
    behandling_id: UUID | None,
    *,
    slag: str,
    arsak: str,
    fingeravtrykk: str,
    eier: str,
    frist: datetime,
    tid: datetime,
    ref: UUID | None = None,
) -> None:
    """Open a task unless the same one is open already."""
    skriver.execute(
        _APNE,
        {
            "id": ny_id(),
            "sak_id": sak_id,
            "behandling_id": behandling_id,
            "slag": slag,
            "arsak": arsak,
            "fingeravtrykk": fingeravtrykk,
            "eier": eier,
            "frist": frist,
            "ref": ref,
            "tid": tid,
        },
    )


_GRUPPER = text("""
    SELECT fingeravtrykk, slag, count(*) AS antall, min(laget) AS eldste FROM oppfolging
    WHERE lukket IS NULL GROUP BY fingeravtrykk, slag ORDER BY antall DESC, fingeravtrykk
""")


def grupper(forbindelse: Connection) -> list[Any]:
    """Open tasks by cause."""
    return list(forbindelse.execute(_GRUPPER).all())
