"""Compare Celery's worker pools: throughput, time of a warm stop under load, messages lost by kill -9.

    python -m tests.bench.stopp [--runder 3] [--stopp 10] [--drap 3] [--json FILE] [--pooler "2 x solo,2 x threads 4"]

Throughput is the median of rounds in which the pools take turns, so that other load on the machine hits all
alike. A table on the screen; the figures behind docs/adr/0002.
"""

import argparse
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from rich.console import Console
from rich.table import Table

from services.innebygd.prosess import vent_til
from services.innebygd.prosesser import Oppsyn, Prosess, stoppsignaler
from services.innebygd.valkey import Valkey

POOLER: dict[str, tuple[int, tuple[str, ...]]] = {
    "2 x solo": (2, ("-P", "solo")),
    "1 x prefork 2": (1, ("-P", "prefork", "-c", "2")),
    "2 x prefork 2": (2, ("-P", "prefork", "-c", "2")),
    "2 x threads 4": (2, ("-P", "threads", "-c", "4")),
    "2 x threads 8": (2, ("-P", "threads", "-c", "8")),
}
OPPGAVER = {"stopp.ingenting": 3000, "stopp.vent": 300, "stopp.regn": 1200}
KO = "stopp"


class Benk:
    """One Valkey, and workers of one pool at a time."""

    def __init__(self, mappe: Path) -> None:
        self.valkey = Valkey(mappe / "valkey")
        url = self.valkey.start()
        os.environ["BOLIGSAK_BROKER_URL"] = url
        os.environ.setdefault("BOLIGSAK_DATABASE_URL", "postgresql://unused")
        self.klient = redis.Redis.from_url(url)
        self.oppsyn = Oppsyn(mappe)
        from tests.bench.stopp_app import app

        self.app = app

    @contextmanager
    def arbeidere(self, pool: str, visibility: int = 180) -> Iterator[list[str]]:
        antall, valg = POOLER[pool]
        navn = [f"arbeider-{i}" for i in range(antall)]
        self._start(navn, valg, visibility)
        try:
            yield navn
        finally:
            self.oppsyn.drep(*self.oppsyn.navn())
            self.oppsyn.stopp()

    def _start(self, navn: list[str], valg: tuple[str, ...], visibility: int) -> None:
        for n in navn:
            kommando = (
                sys.executable, "-m", "celery", "-A", "tests.bench.stopp_app", "worker", "-Q", KO, "-n", f"{n}@%h",
                *valg, "-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
            )  # fmt: skip
            miljo = {"STOPP_VISIBILITY": str(visibility)}
            self.oppsyn.start(Prosess(n, kommando, miljo, omstart=False))
        if not vent_til(lambda: self._lytter() >= len(navn), 60):
            raise RuntimeError("the workers did not begin to listen")

    def _lytter(self) -> int:
        return sum(k["cmd"] == "brpop" for k in self.klient.client_list())

    def last(self, oppgave: str, antall: int, *, nummer: bool = False) -> None:
        with self.app.producer_pool.acquire(block=True) as produsent:
            for i in range(antall):
                self.app.send_task(oppgave, args=[i] if nummer else [], queue=KO, producer=produsent)

    def igjen(self) -> int:
        return int(self.klient.llen(KO)) + int(self.klient.hlen("unacked"))

    def tom(self) -> None:
        self.klient.flushall()


def gjennomlop(benk: Benk, pool: str) -> dict[str, float]:
    """Tasks a second, for each kind of task, the queue filled before the clock starts."""
    ut = {}
    for oppgave, antall in OPPGAVER.items():
        benk.tom()
        with benk.arbeidere(pool):
            benk.last("stopp.ingenting", 20)
            vent_til(lambda: benk.igjen() == 0, 30)
            start = time.perf_counter()
            benk.last(oppgave, antall)
            if not vent_til(lambda: benk.igjen() == 0, 120, pause_s=0.005):
                raise RuntimeError(f"{pool}: {oppgave} did not finish")
            ut[oppgave] = antall / (time.perf_counter() - start)
    return ut


def varm_stopp(benk: Benk, pool: str, ganger: int) -> list[float]:
    """Seconds from TERM to the end of the last worker, under a full queue."""
    tider = []
    for _ in range(ganger):
        benk.tom()
        benk.last("stopp.regn", 3000)
        with benk.arbeidere(pool) as navn:
            time.sleep(0.7)
            start = time.perf_counter()
            for n in navn:
                benk.oppsyn.signaliser(n, signal.SIGTERM)
            if not vent_til(lambda: not any(benk.oppsyn.lever(n) for n in navn), 60):
                tider.append(60.0)
                continue
            tider.append(time.perf_counter() - start)
    return tider


def kill_ni(benk: Benk, pool: str, ganger: int, antall: int = 400) -> list[int]:
    """Messages never worked on after kill -9 of all workers in the middle, and a new group."""
    tapt = []
    for _ in range(ganger):
        benk.tom()
        benk.last("stopp.merk", antall, nummer=True)
        with benk.arbeidere(pool, visibility=5) as navn:
            vent_til(lambda: int(benk.klient.scard("stopp.gjort")) > antall // 4, 30)
            benk.oppsyn.drep(*navn)
        with benk.arbeidere(pool, visibility=5):
            vent_til(lambda: int(benk.klient.scard("stopp.gjort")) == antall, 20, pause_s=0.1)
        tapt.append(antall - int(benk.klient.scard("stopp.gjort")))
    return tapt


def main() -> None:
    valg = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    valg.add_argument("--runder", type=int, default=3)
    valg.add_argument("--stopp", type=int, default=10)
    valg.add_argument("--drap", type=int, default=3)
    valg.add_argument("--pooler", default=",".join(POOLER))
    valg.add_argument("--json", type=Path)
    gitt = valg.parse_args()
    konsoll = Console()
    pooler = gitt.pooler.split(",")
    with stoppsignaler():
        benk = Benk(Path(".boligsak") / "bench-stopp")
        try:
            fart = {pool: [] for pool in pooler}  # type: dict[str, list[dict[str, float]]]
            for _ in range(gitt.runder):
                for pool in pooler:
                    fart[pool].append(gjennomlop(benk, pool))
                    konsoll.print(pool, json.dumps(fart[pool][-1]))
            stopp = {pool: varm_stopp(benk, pool, gitt.stopp) for pool in pooler}
            tapt = {pool: kill_ni(benk, pool, gitt.drap) for pool in pooler}
        finally:
            benk.oppsyn.stopp()
            benk.valkey.stopp()
    tabell = Table(
        "pool", "no-op/s", "50 ms/s", "3 ms CPU/s", "stop, median s", "stop, max s", "lost of 400, per kill"
    )
    for pool in pooler:
        tabell.add_row(
            pool,
            *(f"{statistics.median(r[o] for r in fart[pool]):.0f}" if fart[pool] else "–" for o in OPPGAVER),
            f"{statistics.median(stopp[pool]):.2f}" if stopp[pool] else "–",
            f"{max(stopp[pool], default=0):.2f}",
            " ".join(map(str, tapt[pool])) or "–",
        )
    konsoll.print(tabell)
    if gitt.json:
        gitt.json.write_text(json.dumps({"per_sekund": fart, "stopp_s": stopp, "tapt": tapt}, indent=1))


if __name__ == "__main__":
    main()
