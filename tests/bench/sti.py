"""The whole path: events over HTTP to decisions, beside a Celery task that does nothing; and the API under load."""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import text

from services.innebygd import Servere
from services.innebygd.prosess import vent_til
from services.lager.migrering import oppgrader
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, motor, transaksjon
from tests.bench.krav import hendelser
from tests.felles.miljo import miljo as med_miljo
from tests.felles.stakk import Stakk

BUNKE = 50
RATER = (10, 20, 40)
"""Submits a second, each followed by a read of its case: 1.5 million applications a year are one in 21 seconds."""
_FERDIGE = text("SELECT count(*) FROM behandling WHERE tilstand = 'vedtatt'")
_VENTETID = text("""
    SELECT extract(epoch FROM v.fattet - i.mottatt) FROM vedtak v JOIN innboks i ON i.behandling_id = v.behandling_id
    WHERE i.ekstern_id LIKE :merke
""")


@contextmanager
def stakken(register_url: str | None, **valg: Any) -> Iterator[Stakk]:
    """The processes on servers of their own; ``register_url`` None: the simulator over HTTP."""
    with tempfile.TemporaryDirectory() as mappe:
        servere = Servere("bench", Path(mappe))
        adresser = servere.start()
        try:
            with med_miljo(adresser.miljo()):
                oppgrader(adresser.database_url)
                egne = {"BOLIGSAK_REGISTER_URL": register_url} if register_url else {}
                stakk = Stakk(
                    adresser,
                    Path(mappe),
                    servere,
                    registersim=register_url is None,
                    miljo={**egne, **valg.pop("miljo", {})},
                    **valg,
                )
                try:
                    yield stakk.start()
                finally:
                    stakk.stopp()
                    motor.cache_clear()
        finally:
            servere.stopp()


def _cpu(stakk: Stakk) -> dict[str, float]:
    """CPU seconds so far, by kind of process; children of the servers among them."""
    ut: dict[str, float] = {}

    def legg_til(navn: str, pid: int) -> None:
        for p in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            try:
                tid = p.cpu_times()
            except psutil.NoSuchProcess:
                continue
            ut[navn] = ut.get(navn, 0.0) + tid.user + tid.system

    for navn in stakk.oppsyn.navn():
        legg_til(navn.partition("-")[0], stakk.oppsyn.pid(navn))
    if stakk.servere and stakk.servere.postgres and stakk.servere.valkey:
        legg_til("postgres", stakk.servere.postgres.pid or 0)
        legg_til("valkey", stakk.servere.valkey.pid or 0)
    return ut


def _antall(sql: Any) -> int:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        return int(forbindelse.scalar(sql) or 0)


def gjennomstromning(stakk: Stakk, antall: int, merke: str, fra: int = 0) -> dict[str, float]:
    """Send ``antall`` events in batches as fast as the API takes them; time until the last is decided."""
    alle = list(hendelser(antall, merke, fra=fra))
    for_ = _antall(_FERDIGE)
    cpu = _cpu(stakk)
    start = time.perf_counter()
    with stakk.klient("innsender") as klient:
        for i in range(0, antall, BUNKE):
            svar = klient.post(
                "/api/v1/hendelser",
                json=alle[i : i + BUNKE],
                headers={"Content-Type": "application/cloudevents-batch+json"},
            )
            feil = [s for s in svar.json() if s["status"] != 202]
            if feil:
                raise AssertionError(feil[0])
    inne = time.perf_counter() - start
    while _antall(_FERDIGE) - for_ < antall:
        time.sleep(0.05)
        if time.perf_counter() - start > 600:
            raise AssertionError("decisions do not come")
    brukt = time.perf_counter() - start
    etter = _cpu(stakk)
    return {
        "antall": antall,
        "inn_per_s": round(antall / inne, 1),
        "vedtak_per_s": round(antall / brukt, 1),
        **{f"cpu_ms_{k}": round((etter[k] - cpu.get(k, 0)) / antall * 1000, 2) for k in sorted(etter)},
    }


def ventetid(stakk: Stakk, antall: int, merke: str, pause_s: float, fra: int = 0) -> dict[str, float]:
    """Event to decision, one event at a time on an idle system (milliseconds)."""
    with stakk.klient("innsender") as klient:
        for h in hendelser(antall, merke, fra=fra):
            klient.post("/api/v1/hendelser", json=h, headers={"Content-Type": "application/cloudevents+json"})
            time.sleep(pause_s)
    stakk.vent_ro()
    with transaksjon(DbRolle.API, SYSTEM) as forbindelse:  # the workers may not look into the inbox
        tider = sorted(float(t) * 1000 for t in forbindelse.scalars(_VENTETID, {"merke": f"{merke}-%"}))
    return {"antall": len(tider), **persentiler(tider)}


def persentiler(tider_ms: list[float]) -> dict[str, float]:
    sortert = sorted(tider_ms)
    return {
        "p50_ms": round(statistics.median(sortert), 1),
        "p99_ms": round(sortert[min(len(sortert) - 1, int(len(sortert) * 0.99))], 1),
    }


def api_last(stakk: Stakk, rate: float, sekunder: float, merke: str, fra: int = 0) -> dict[str, Any]:
    """Submits and reads at a fixed rate (open loop: late answers do not slow the senders down)."""
    alle = list(hendelser(int(rate * sekunder), merke, fra=fra))
    tider: dict[str, list[float]] = {"inn": [], "les": []}
    las = threading.Lock()
    start = time.perf_counter() + 0.2
    innsender, leser = stakk.klient("innsender"), stakk.klient("saksbehandler")

    def en(nr: int, klient: httpx.Client, les: httpx.Client) -> None:
        plan = start + nr / rate
        time.sleep(max(0.0, plan - time.perf_counter()))
        svar = klient.post(
            "/api/v1/hendelser", json=alle[nr], headers={"Content-Type": "application/cloudevents+json"}
        )
        midt = time.perf_counter()
        svar.raise_for_status()
        les.get(svar.json()["adresse"]).raise_for_status()
        slutt = time.perf_counter()
        with las:
            tider["inn"].append((midt - plan) * 1000)
            tider["les"].append((slutt - midt) * 1000)

    with innsender, leser:
        trader = 16

        def lop(forste: int) -> None:
            for nr in range(forste, len(alle), trader):
                en(nr, innsender, leser)

        lopere = [threading.Thread(target=lop, args=(i,)) for i in range(trader)]
        for t in lopere:
            t.start()
        for t in lopere:
            t.join()
    return {"inn": persentiler(tider["inn"]), "les": persentiler(tider["les"])}


def ingenting(antall: int = 3000) -> dict[str, float]:
    """The same workers with a task that does nothing: what Celery itself can carry."""
    from tests.bench.stopp import Benk

    ukjent = {"BOLIGSAK_BROKER_URL": "redis://unused", "BOLIGSAK_DATABASE_URL": "postgresql://unused"}
    with tempfile.TemporaryDirectory() as mappe, med_miljo(ukjent):  # Benk sets its own, forgotten at the end
        benk = Benk(Path(mappe))
        try:
            with benk.arbeidere("2 x threads 4"):
                benk.last("stopp.ingenting", 100)
                vent_til(lambda: benk.igjen() == 0, 30)
                start = time.perf_counter()
                benk.last("stopp.ingenting", antall)
                vent_til(lambda: benk.igjen() == 0, 120, pause_s=0.005)
                brukt = time.perf_counter() - start
        finally:
            benk.valkey.stopp()
    return {"antall": antall, "oppgaver_per_s": round(antall / brukt, 1)}


def mal(antall: int = 1500, ventende: int = 150) -> dict[str, Any]:
    """Everything of the path, side by side in one run."""
    ut: dict[str, Any] = {"celery_ingenting": ingenting()}
    for navn, register_url in (("inprosess", "inprosess:1"), ("http", None)):
        with stakken(register_url) as stakk:
            gjennomstromning(stakk, 100, f"varm-{navn}", fra=500_000)
            ut[f"vedtak_{navn}"] = gjennomstromning(stakk, antall, f"gjennom-{navn}")
            ut[f"ventetid_{navn}"] = ventetid(stakk, ventende, f"vent-{navn}", 0.1, fra=100_000)
            if register_url is None:
                # Each event is also checked, decided and answered by the registers on the same cores.
                for nr, rate in enumerate(RATER):
                    ut[f"api_{rate}_per_s"] = api_last(
                        stakk, rate, 10.0, f"api{rate}", fra=200_000 + nr * 10_000
                    )
                    stakk.vent_ro(60.0)
    return ut


if __name__ == "__main__":
    import json

    print(json.dumps(mal(), indent=2))
