"""Open tasks with an owner, a deadline and a cause: manual decisions, and work that failed its last try."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager.ider import ny_id
from services.lager.skriving import Skriver

_APNE = text("""
    INSERT INTO oppfolging (id, sak_id, behandling_id, kommunenummer, slag, arsak, fingeravtrykk, eier, frist, ref,
                            laget, paminn)
    SELECT :id, s.id, :behandling_id, s.kommunenummer, :slag, :arsak, :fingeravtrykk, :eier, :frist, :ref, :tid,
           :paminn
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
    paminn: datetime | None = None,
) -> None:
    """Open a task unless the same one is open already. ``paminn``: when to remind its owner."""
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
            "paminn": paminn,
        },
    )


_LUKK = text("""
    UPDATE oppfolging SET lukket = :tid, lukket_av = :aktor
    WHERE behandling_id = :behandling_id AND fingeravtrykk = :fingeravtrykk AND lukket IS NULL
""")


def lukk(skriver: Skriver, behandling_id: UUID, fingeravtrykk: str, aktor: str, tid: datetime) -> None:
    """Close the treatment's open task of this cause."""
    skriver.execute(
        _LUKK,
        {"behandling_id": behandling_id, "fingeravtrykk": fingeravtrykk, "aktor": aktor, "tid": tid},
    )


# Under the rows' own locks, so that two who look remind once.
_PAMINN = text("""
    UPDATE oppfolging SET paminnet = :tid WHERE id IN (
        SELECT id FROM oppfolging WHERE lukket IS NULL AND paminnet IS NULL AND paminn <= :tid
        ORDER BY paminn LIMIT :antall FOR UPDATE SKIP LOCKED)
    RETURNING sak_id, behandling_id, arsak, eier, frist
""")


def paminn(forbindelse: Connection, tid: datetime, antall: int) -> list[Any]:
    """Tasks whose owner is to be reminded now, each given once."""
    return list(forbindelse.execute(_PAMINN, {"tid": tid, "antall": antall}).all())


_GRUPPER = text("""
    SELECT fingeravtrykk, slag, count(*) AS antall, min(laget) AS eldste FROM oppfolging
    WHERE lukket IS NULL GROUP BY fingeravtrykk, slag ORDER BY antall DESC, fingeravtrykk
""")


def grupper(forbindelse: Connection) -> list[Any]:
    """Open tasks by cause."""
    return list(forbindelse.execute(_GRUPPER).all())
