"""Fixtures of all rooms: servers, databases and the running stack. Nothing starts before a test asks for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.innebygd import Adresser, Servere


@pytest.fixture(scope="session")
def rot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of this run: embedded servers, keys, logs."""
    mappe = tmp_path_factory.mktemp("boligsak")
    yield mappe
    shutil.rmtree(mappe, ignore_errors=True)


@pytest.fixture(scope="session")
def servere(rot: Path) -> Iterator[Servere]:
    """One PostgreSQL and one broker for the run: embedded, or those of the environment. Started."""
    verter = Servere("test", rot)
    verter.start()
    try:
        yield verter
    finally:
        verter.stopp()


@pytest.fixture(scope="session")
def grunn(servere: Servere, rot: Path) -> Iterator[Adresser]:
    """The servers with a migrated template database; the settings of this process point at them."""
    from tests.felles import database
    from tests.felles.miljo import miljo

    adresser = servere.start()
    with miljo({**adresser.miljo(), "BOLIGSAK_ROT": str(rot), "BOLIGSAK_MILJO": "test"}):
        database.lag_mal(adresser.database_url)
        yield adresser
        database.slett(adresser.database_url, database.MAL)


@pytest.fixture(scope="module")
def database(grunn: Adresser, request: pytest.FixtureRequest) -> Iterator[str]:
    """The url of a migrated database of this module's own; `transaksjon()` and all else in this process uses it."""
    from tests.felles.database import kopi
    from tests.felles.miljo import miljo

    with kopi(grunn.database_url, request.module.__name__) as url, miljo({"BOLIGSAK_DATABASE_URL": url}):
        yield url


@pytest.fixture
def rydd(database: str) -> Iterator[str]:
    """A `database` whose tables are emptied after the test: for tests with commits of their own."""
    from tests.felles.database import tom

    yield database
    tom(database)


@pytest.fixture(scope="session")
def stakk_database(grunn: Adresser) -> Iterator[Adresser]:
    """The database of the running stack."""
    from tests.felles.database import kopi

    with kopi(grunn.database_url, "stakk") as url:
        yield Adresser(url, grunn.broker_url)


@pytest.fixture(scope="session")
def _stakk_prosesser(stakk_database: Adresser, servere: Servere, rot: Path):
    from tests.felles.stakk import Stakk

    kjorende = Stakk(stakk_database, rot / "stakk", servere, omstart=True)
    try:
        yield kjorende.start()
    finally:
        kjorende.stopp()


@pytest.fixture
def stakk(_stakk_prosesser):
    """The whole of Boligsak as processes, started once a run. This process looks into its database.

    Whoever kills processes or servers starts a `Stakk` of his own on servers of his own (tests/chaos).
    """
    from tests.felles.miljo import miljo

    with miljo({"BOLIGSAK_DATABASE_URL": _stakk_prosesser.adresser.database_url}):
        _stakk_prosesser.oppsyn.tikk()
        yield _stakk_prosesser
