"""Each test has a municipality of its own, and its frames add up when it is over."""

from collections.abc import Iterator

import pytest

from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.ramme import les
from tests.startlan import bygg

NUMRE = (
    *range(3411, 3431), *range(3437, 3444), *range(3446, 3455), 3401, 3403, 3405, 3407,
)  # fmt: skip
BRUKT: dict[str, int] = {}
"""Database → how many of ``NUMRE`` its tests have had."""


@pytest.fixture
def egen_kommune(database: str) -> Iterator[None]:
    plass = BRUKT[database] = BRUKT.get(database, -1) + 1
    bygg.KOMMUNE = str(NUMRE[plass])
    yield
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        assert les.avvik(forbindelse) == []
