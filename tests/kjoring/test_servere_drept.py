"""The run through Celery: a worker, the broker and the database killed under way, in samle and in behandle."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from services.forsegling import forsegler
from services.innebygd import Servere
from services.innebygd.oppsett import lyttere
from services.innebygd.prosess import hale
from services.innebygd.prosesser import Oppsyn, Prosess
from services.kjoring import driv
from services.kjoring.kjoring import AKTIV, Kjoring
from services.kjoring.vekking import _avsender, vekk
from services.lager.migrering import oppgrader
from services.registre import lag_registre
from tests.kjoring import hjelp

TERMIN = "2024-03"
ANTALL = 600
BIT = 20

pytestmark = [pytest.mark.chaos, pytest.mark.treg]


@pytest.fixture(scope="module")
def egne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servere, Oppsyn, str]]:
    """Servers that may be killed, and two workers that are started again when they die."""
    rot = tmp_path_factory.mktemp("drept")
    with hjelp.miljo({"BOLIGSAK_DATABASE_URL": "", "BOLIGSAK_BROKER_URL": "", "BOLIGSAK_ROT": str(rot)}):
        verter = Servere("drept", rot)  # our own, whatever the environment gives
        funnet = verter.start()
    miljo = {
        **funnet.miljo(),
        "BOLIGSAK_ROT": str(rot),
        "BOLIGSAK_MILJO": "test",
        "BOLIGSAK_REGISTER_URL": "inprosess:7",
        **hjelp.LITE,
        "BOLIGSAK_KJORING_BIT_SAKER": str(BIT),
    }
    oppsyn = Oppsyn(Path(rot) / "arbeidere", miljo)
    try:
        with hjelp.oppsett(**miljo):
            _avsender.cache_clear()
            forsegler.cache_clear()
            oppgrader(funnet.database_url)
            hjelp.befolk(ANTALL, TERMIN)
            oppsyn.start(*(_arbeider(nr, funnet.broker_url) for nr in (1, 2)))
            yield verter, oppsyn, funnet.database_url
    finally:
        _avsender.cache_clear()
        forsegler.cache_clear()
        oppsyn.stopp()
        verter.stopp()


def _arbeider(nr: int, broker_url: str) -> Prosess:
    kommando = (
        sys.executable,
        "-m",
        "celery",
        "-A",
        "workers.app",
        "worker",
        "-n",
        f"d{nr}@%h",
        "-P",
        "solo",
    )
    valg = ("-Q", "kjoring", "-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Prosess(f"arbeider-{nr}", (*kommando, *valg), klar=lambda: lyttere(broker_url) >= 2)


def _folg(id_: UUID, oppsyn: Oppsyn, uhell: list[tuple[str, int, Callable[[], Any]]]) -> Kjoring:
    """Drive the run as the command does; each mishap comes when its phase is so many cases on."""
    slutt, sist = time.monotonic() + 60, 0.0
    while time.monotonic() < slutt:
        oppsyn.tikk()
        send = time.monotonic() - sist > 1
        try:
            kjoring = driv.driv(id_, vekk if send else lambda _id, _antall: None)
            faser = driv.faser(id_)
        except DBAPIError:
            time.sleep(0.2)
            continue
        sist = time.monotonic() if send else sist
        if kjoring.status not in AKTIV:
            assert not uhell, f"kjøringen var ferdig før {[n for n, *_ in uhell]}"
            return kjoring
        if uhell and faser[uhell[0][0]][0] >= uhell[0][1]:
            uhell.pop(0)[2]()
        time.sleep(0.02)
    logger = "\n".join(hale(oppsyn.logg_for(n), 8) for n in oppsyn.navn())
    raise AssertionError(f"{driv.faser(id_)}; uhell igjen: {[u[:2] for u in uhell]}\n{logger}")


def _om_igjen(server: Any) -> Callable[[], None]:
    def gjor() -> None:
        server.drep()
        server.start()

    return gjor


def test_arbeider_kringkaster_og_database_drept_i_hver_fase(egne: tuple[Servere, Oppsyn, str]):
    verter, oppsyn, url = egne
    hjelp.endre(
        url, "DELETE FROM opplysning WHERE kilde = 'inntekt' AND get_byte(uuid_send(sak_id), 15) %% 2 = 0"
    )
    uforstyrret = hjelp.kjor(TERMIN, lag_registre(None), prove=True)
    id_ = driv.start(hjelp.ORDNING, TERMIN, aktor="ola")
    uhell = [
        (fase, (nr + 1) * ANTALL // 8, hva)
        for fase in ("samle", "behandle")
        for nr, hva in enumerate(
            (lambda: oppsyn.drep("arbeider-1"), _om_igjen(verter.valkey), _om_igjen(verter.postgres))
        )
    ]
    ferdig = _folg(id_, oppsyn, uhell)
    assert ferdig.status == "ferdig"
    assert ferdig.resultat_hash == uforstyrret.resultat_hash
    assert hjelp.rapport(ferdig)["regnskap"]["stemmer"]
    for tabell in ("vedtak", "utbetaling"):
        assert (
            hjelp.en(url, f"SELECT count(*) - count(DISTINCT sak_id) FROM {tabell} WHERE termin = %s", TERMIN)
            == 0
        )
