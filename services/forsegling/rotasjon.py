"""Move wrapped data keys to the active key-encryption key, in batches that each commit: stop and go on at will."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Engine, text

from services.forsegling.forsegler import Forsegler

TABELLER = ("person", "innboks")
"""Tables with the columns id, nokkel (wrapped, null when destroyed) and nokkel_kek (id of its key-encryption key)."""

_NULL_ID = UUID(int=0)
_VELG = """
SELECT id, nokkel FROM {} WHERE id > :etter AND nokkel IS NOT NULL AND nokkel_kek IS DISTINCT FROM :aktiv
ORDER BY id LIMIT :porsjon FOR UPDATE
"""
_SETT = """
UPDATE {} AS t SET nokkel = ny.nokkel, nokkel_kek = :aktiv
FROM unnest(CAST(:id AS uuid[]), CAST(:nokkel AS bytea[])) AS ny (id, nokkel) WHERE t.id = ny.id
"""
_TELL = (
    "SELECT CASE WHEN nokkel IS NOT NULL THEN nokkel_kek END AS kek, count(*) FROM {} GROUP BY 1 ORDER BY 1"
)


def roter(motor: Engine, forsegler: Forsegler, porsjon: int = 5000) -> Iterator[tuple[str, int]]:
    """Yield ``(table, rows re-wrapped)`` for each committed batch.

    Rows are taken by what still has another key, so a run that was stopped is resumed by running again. A row locked by
    an erasure is waited for, and is left alone when its key is gone.
    """
    for tabell in TABELLER:
        etter = _NULL_ID
        while True:
            etter, antall = _porsjon(motor, forsegler, tabell, etter, porsjon)
            if not antall:
                break
            yield tabell, antall


def _porsjon(motor: Engine, forsegler: Forsegler, tabell: str, etter: UUID, porsjon: int) -> tuple[UUID, int]:
    with motor.begin() as forbindelse:
        rader = forbindelse.execute(
            text(_VELG.format(tabell)), {"etter": etter, "aktiv": forsegler.aktiv, "porsjon": porsjon}
        ).all()
        if not rader:
            return etter, 0
        forbindelse.execute(
            text(_SETT.format(tabell)),
            {
                "aktiv": forsegler.aktiv,
                "id": [rad.id for rad in rader],
                "nokkel": [forsegler.pakk_om(bytes(rad.nokkel))[1] for rad in rader],
            },
        )
        return rader[-1].id, len(rader)


def status(motor: Engine) -> list[tuple[str, str | None, int]]:
    """``(table, key-encryption key, rows)``; key None: destroyed."""
    ut: list[tuple[str, str | None, int]] = []
    with motor.begin() as forbindelse:
        for tabell in TABELLER:
            rader = forbindelse.execute(text(_TELL.format(tabell)))
            ut += [(tabell, kek, antall) for kek, antall in rader]
    return ut
