"""A database of decided cases with an anchor of it, and a superuser who tampers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.anker.innstillinger import ankerinnstillinger
from services.anker.kontroll import Ankre, kontroller, les_ankre
from services.anker.lag import Laget, lag
from services.anker.nokkel import offentlige
from services.forsegling import forsegler
from services.lager.verifisering import Resultat
from tests.bench.tillit_land import lag_land
from tests.felles.miljo import miljo


@dataclass
class Forankret:
    """``lag`` makes one more anchor; ``kontroller`` verifies everything against all of them."""

    url: str
    mappe: Path
    saker: list[UUID]

    def lag(self, dag: int = 13) -> Laget:
        return lag(self.url, self.mappe, datetime(2026, 9, dag, 1, 40, tzinfo=UTC))

    def ankre(self) -> Ankre:
        return les_ankre(self.mappe, offentlige())

    def kontroller(self, **valg: int) -> Resultat:
        return kontroller(self.url, ankre=self.ankre(), **valg)


@pytest.fixture
def lag_forankret(rydd: str, tmp_path: Path) -> Iterator[type[Forankret]]:
    """The class with folder and database given: call it with the number of cases."""

    def bygg(antall: int) -> Forankret:
        return Forankret(rydd, tmp_path / "anker", lag_land(rydd, antall))

    forsegler.cache_clear()
    with miljo({"BOLIGSAK_ANKER_MAPPE": str(tmp_path / "anker"), "BOLIGSAK_DATABASE_URL": rydd}):
        ankerinnstillinger.cache_clear()
        yield bygg  # type: ignore[misc]
    ankerinnstillinger.cache_clear()
