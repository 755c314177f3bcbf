"""The run through Celery: worker, coordinator, broker and database each killed with -9 in each of the five phases.

The process that works stops at a named place of the phase, so that the kill comes just then and nowhere else.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest

from services.forsegling import forsegler
from services.innebygd import Servere
from services.innebygd.oppsett import lyttere
from services.innebygd.prosess import hale
from services.innebygd.prosesser import Oppsyn, Prosess
from services.kjoring import driv
from services.kjoring.vekking import _avsender, vekk
from services.lager.migrering import oppgrader
from services.lager.roller import DbRolle
from services.lager.sesjon import motor
from services.registre import lag_registre
from tests.kjoring import hjelp
from tests.kjoring.prosess import koordiner

TERMIN = "2024-03"
ANTALL = 500
BIT = 20
STEDER = {
    "samle": "kjoring.samle.lagret",
    "kontroll": "kjoring.kontroll",
    "beregn": "kjoring.beregn",
    "vedta": "kjoring.vedta",
}
AVSTEM = "kjoring.driv.avstem"

pytestmark = [pytest.mark.chaos, pytest.mark.treg]


class Oppstilling:
    """Servers of its own, one worker and one coordinator; each may be killed, and started again."""

    def __init__(self, rot: Path) -> None:
        with hjelp.miljo({"BOLIGSAK_DATABASE_URL": "", "BOLIGSAK_BROKER_URL": "", "BOLIGSAK_ROT": str(rot)}):
            self.verter = Servere("drept", rot)  # our own, whatever the environment gives
            funnet = self.verter.start()
        self.url, self.broker = funnet.database_url, funnet.broker_url
        self.miljo = {
            **funnet.miljo(),
            "BOLIGSAK_ROT": str(rot),
            "BOLIGSAK_MILJO": "test",
            "BOLIGSAK_REGISTER_URL": "inprosess:7",
            **hjelp.LITE,
            "BOLIGSAK_KJORING_BIT_SAKER": str(BIT),
        }
        self.oppsyn = Oppsyn(rot / "arbeider", self.miljo)
        self.prosesser = get_context("forkserver")
        self.prosesser.set_forkserver_preload(["tests.kjoring.prosess"])
        self.koordinator: Any = None
        self.drept: list[tuple[str, str]] = []

    def arbeider(self, *steder: str) -> None:
        """A worker that stops at these places."""
        kommando = (
            sys.executable,
            "-m",
            "celery",
            "-A",
            "workers.app",
            "worker",
            "-n",
            "d1@%h",
            "-P",
            "solo",
        )
        valg = (
            "-Q",
            "kjoring",
            "-l",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        )
        stopp = {"BOLIGSAK_KRASJPUNKT": ",".join(f"{s}=stopp" for s in steder)}
        self.oppsyn.start(
            Prosess(
                "arbeider",
                (*kommando, *valg),
                stopp,
                klar=lambda: lyttere(self.broker) >= 1,
                klar_frist_s=180,
            )
        )

    def koordiner(self, id_: UUID, sted: str = "") -> None:
        miljo = {**os.environ, **self.miljo, "BOLIGSAK_KRASJPUNKT": f"{sted}=stopp" if sted else ""}
        self.koordinator = self.prosesser.Process(target=koordiner, args=(id_, miljo))
        self.koordinator.start()

    def drep(self, hvem: str, fase: str, id_: UUID) -> None:
        """kill -9, and what died is there again (a worker is started by whoever needs the next one)."""
        self.drept.append((fase, hvem))
        if hvem == "arbeider":
            self.oppsyn.drep("arbeider")
        elif hvem == "koordinator":
            self.koordinator.kill()
            self.koordinator.join()
            self.koordiner(id_)
        else:
            server = getattr(self.verter, hvem)
            server.drep()
            server.start()

    def vent(self, pid: int, id_: UUID, *, vekking: bool = False) -> psutil.Process:
        """Until the process stands still at its place."""
        slutt, prosess = time.monotonic() + 180, psutil.Process(pid)
        while time.monotonic() < slutt:
            if prosess.status() == psutil.STATUS_STOPPED:
                return prosess
            if vekking:
                vekk(id_, 1)
            time.sleep(0.05)
        log = hale(self.oppsyn.logg_for("arbeider"), 8)
        sporring = "SELECT fase, (SELECT count(*) FROM kjoring_bit WHERE behandlet IS NULL) FROM kjoring WHERE id = %s"
        raise AssertionError(f"{hjelp.sporr(self.url, sporring, id_)} etter {self.drept}\n{log}")


@pytest.fixture(scope="module")
def egne(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oppstilling]:
    o = Oppstilling(tmp_path_factory.mktemp("drept"))
    try:
        with hjelp.oppsett(**o.miljo):
            _avsender.cache_clear()
            forsegler.cache_clear()
            oppgrader(o.url)
            hjelp.befolk(ANTALL, TERMIN)
            yield o
    finally:
        _avsender.cache_clear()
        forsegler.cache_clear()
        if o.koordinator is not None:
            o.koordinator.kill()
        o.oppsyn.drep(*o.oppsyn.navn())
        o.verter.stopp()


def _fase(o: Oppstilling, id_: UUID) -> Any:
    return hjelp.en(o.url, "SELECT fase FROM kjoring WHERE id = %s", id_)


def _i_fase(o: Oppstilling, fase: str, sted: str, id_: UUID) -> None:
    """Each of the four killed while the worker stands at the place, the worker itself last."""
    hvem = ("valkey", "postgres", "koordinator", "arbeider")
    o.arbeider(*(f"{sted}:{nr}" for nr in range(1, len(hvem) + 1)))
    for offer in hvem:
        arbeider = o.vent(o.oppsyn.pid("arbeider"), id_)
        assert _fase(o, id_) == ("samle" if fase == "samle" else "behandle")
        o.drep(offer, fase, id_)
        if offer != "arbeider":
            arbeider.send_signal(signal.SIGCONT)


def _i_avstem(o: Oppstilling, id_: UUID) -> None:
    """The books are balanced by whoever gets there: first the worker, then the coordinator."""
    o.koordinator.kill()
    o.arbeider(f"{AVSTEM}:1", f"{AVSTEM}:2")
    for offer in ("postgres", "arbeider"):
        arbeider = o.vent(o.oppsyn.pid("arbeider"), id_, vekking=True)
        o.drep(offer, "avstem", id_)
        if offer != "arbeider":
            arbeider.send_signal(signal.SIGCONT)
    o.koordiner(id_, AVSTEM)
    o.vent(o.koordinator.pid, id_)
    assert _fase(o, id_) == "avstem"
    o.drept.append(("avstem", "koordinator"))
    o.koordinator.kill()
    o.koordiner(id_, AVSTEM)
    koordinator = o.vent(o.koordinator.pid, id_)
    o.drep("valkey", "avstem", id_)
    koordinator.send_signal(signal.SIGCONT)
    o.koordinator.join(180)


def test_hver_av_fire_drept_i_hver_av_fem_faser(egne: Oppstilling):
    o, url = egne, egne.url
    hjelp.endre(
        url, "DELETE FROM opplysning WHERE kilde = 'inntekt' AND get_byte(uuid_send(sak_id), 15) %% 2 = 0"
    )
    uforstyrret = hjelp.kjor(TERMIN, lag_registre(None), prove=True)
    id_ = driv.start(hjelp.ORDNING, TERMIN, aktor="ola")
    o.koordiner(id_)
    for fase, sted in STEDER.items():
        _i_fase(o, fase, sted, id_)
    _i_avstem(o, id_)
    assert len(set(o.drept)) == 4 * 5
    motor(DbRolle.KJORING).dispose()  # connections of this process to the server that was killed
    ferdig = driv.les(id_)
    assert ferdig.status == "ferdig"
    assert ferdig.resultat_hash == uforstyrret.resultat_hash
    assert hjelp.rapport(ferdig)["regnskap"]["stemmer"]
    for tabell in ("vedtak", "utbetaling"):
        assert (
            hjelp.en(url, f"SELECT count(*) - count(DISTINCT sak_id) FROM {tabell} WHERE termin = %s", TERMIN)
            == 0
        )
