"""One instance and one stack for the whole room; each test finds all of it running, and its own events marked."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from services.innebygd import Servere
from services.innebygd.oppsett import API, RELE, SIM
from services.lager.migrering import oppgrader
from tests.chaos.kaos import TIDER, Kaos
from tests.felles.miljo import miljo

_nr = count(1)


@pytest.fixture(scope="session")
def _kaos(rot: Path) -> Iterator[Kaos]:
    egne = {"BOLIGSAK_ROT": str(rot), "BOLIGSAK_MILJO": "test", **TIDER}
    with ExitStack() as slutt:
        with miljo({**egne, "BOLIGSAK_DATABASE_URL": "", "BOLIGSAK_BROKER_URL": ""}):
            servere = Servere("kaos", rot)
            adresser = servere.start()
            slutt.callback(servere.stopp)
        with miljo({**egne, **adresser.miljo()}):
            oppgrader(adresser.database_url)
            kaos = Kaos(servere, adresser, rot / "kaos")
            slutt.callback(kaos.lukk)
            kaos.apne()
        yield kaos  # outside of `miljo`: what other rooms start after these tests has other servers and other times


@pytest.fixture
def kaos(_i_gang: Kaos) -> Kaos:
    """The stack, whole and without faults."""
    _i_gang.start(*_i_gang.arbeidere)
    return _i_gang


@pytest.fixture
def uten_arbeidere(_i_gang: Kaos) -> Kaos:
    """The same before any worker is started."""
    _i_gang.uten_arbeidere()
    return _i_gang


@pytest.fixture
def _i_gang(_kaos: Kaos, rot: Path) -> Iterator[Kaos]:
    egne = {"BOLIGSAK_ROT": str(rot), "BOLIGSAK_MILJO": "test", **TIDER, **_kaos.adresser.miljo()}
    with miljo(egne):
        _kaos.start(SIM, RELE, API)
        _kaos.styr("DELETE", "feil")
        _kaos.styr("DELETE", "logg")
        _kaos.merke, _kaos.sendt = f"kaos{next(_nr)}", 0
        yield _kaos
        for navn in _kaos.fremmede():
            _kaos.drep(navn)
