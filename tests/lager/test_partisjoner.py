"""The audit log's months, when nobody made them ahead of time."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon

MAI, JUNI = datetime(2031, 5, 10, tzinfo=UTC), datetime(2031, 6, 1, tzinfo=UTC)
_LAG = text("SELECT lag_hendelse_partisjon(CAST(:tid AS date))")


def _skriv(forbindelse: psycopg.Connection[Any], tid: datetime) -> str:
    """The partition it came to stand in."""
    [(hvor,)] = forbindelse.execute(
        """INSERT INTO hendelse (id, sak_id, seq, tid, type, kanonisk, forrige, hash)
           VALUES (%s, %s, 1, %s, 'prove', '', '', '') RETURNING tableoid::regclass::text""",
        [uuid4(), uuid4(), tid],
    ).fetchall()
    return str(hvor)


@pytest.mark.parametrize("rolle", [DbRolle.ARBEIDER, DbRolle.KJORING])
def test_a_month_that_came_before_its_partition_stays_in_the_rest(rydd: str, rolle: DbRolle) -> None:
    """Neither the daily upkeep nor the monthly run is stopped by it, and the month after is as ever."""
    with psycopg.connect(rydd, autocommit=True) as forbindelse:
        assert _skriv(forbindelse, MAI) == "hendelse_rest"
        for _ in range(2):
            with transaksjon(rolle, SYSTEM) as egen:
                for tid in (MAI, JUNI):
                    egen.execute(_LAG, {"tid": tid})
        assert _skriv(forbindelse, MAI) == "hendelse_rest"
        assert _skriv(forbindelse, JUNI) == "hendelse_2031_06"
        with pytest.raises(InsufficientPrivilege):
            forbindelse.execute("DELETE FROM hendelse WHERE tid >= %s", [MAI])
