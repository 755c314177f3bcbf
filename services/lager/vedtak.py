"""Decisions read back: the newest of each month, as they stand or as they stood."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_NYESTE = text("""
    SELECT DISTINCT ON (termin) id, behandling_id, termin, kode, utfall, belop, regelversjon, fattet, fakta, spor
    FROM vedtak WHERE sak_id = :sak_id AND termin = ANY(:terminer)
      AND (CAST(:kjent AS timestamptz) IS NULL OR fattet <= :kjent)
    ORDER BY termin, fattet DESC, id DESC
""")


def nyeste(
    forbindelse: Connection, sak_id: UUID, terminer: Sequence[str], kjent: datetime | None = None
) -> list[Any]:
    """The newest decision of each of the months, in their order; ``kjent``: as it stood at that time."""
    valg = {"sak_id": sak_id, "terminer": list(terminer), "kjent": kjent}
    return list(forbindelse.execute(_NYESTE, valg).all())
