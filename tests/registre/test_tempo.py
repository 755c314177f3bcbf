"""The agreed pace: shared by processes through Valkey, kept alone when Valkey is away."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from services.innebygd.port import finn_ledig
from services.innebygd.valkey import Valkey
from services.registre import RegisterFeil
from services.registre.tempo import Tempo

RASK = """
import asyncio, json, sys, time
from redis.asyncio import Redis
from services.registre.tempo import Tempo

async def main(url):
    redis = Redis.from_url(url)
    print("klar", flush=True)
    while ordre := sys.stdin.readline().split():
        per_s, antall = ordre
        tempo = Tempo("prove" + per_s, float(per_s), redis, 0.25)
        start = time.time()
        for _ in range(int(antall)):
            await tempo.tur(60)
        print(json.dumps([start, time.time()]), flush=True)
    await redis.aclose()

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    tjener = Valkey(tmp_path_factory.mktemp("tempo-valkey"))
    url = tjener.start()
    yield url
    tjener.stopp()


@pytest.fixture(autouse=True)
def _tomt(valkey: str) -> None:
    with Redis.from_url(valkey) as redis:
        redis.flushdb()


def test_to_prosesser_holder_tempoet_sammen(valkey: str) -> None:
    prosesser = [
        subprocess.Popen(
            [sys.executable, "-c", RASK, valkey],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    try:
        assert [_linje(p) for p in prosesser] == ["klar\n", "klar\n"]
        for per_s, hver in ((30.0, 18), (200.0, 120)):
            for p in prosesser:
                assert p.stdin is not None
                p.stdin.write(f"{per_s} {hver}\n")
            # From before the first turn was asked for until after the last was had: a pause only makes it longer.
            tider = [json.loads(_linje(p)) for p in prosesser]
            varte = max(slutt for _, slutt in tider) - min(start for start, _ in tider)
            # The burst of a tenth of a second, and what each process may hold or be about to take.
            leie = max(1, int(per_s * 0.05))
            assert len(prosesser) * hver <= per_s * (varte + 0.1) + 2 * leie + 2
    finally:
        for p in prosesser:
            p.kill()
            p.communicate()


def _linje(p: "subprocess.Popen[str]") -> str:
    assert p.stdout is not None
    return p.stdout.readline()


def test_den_som_ma_vente_for_lenge_far_vite_hvor_lenge(valkey: str) -> None:
    async def prov() -> float:
        redis = AsyncRedis.from_url(valkey)
        tempo = Tempo("sakte", 0.1, redis, 0.25)
        await tempo.tur(0)
        with pytest.raises(RegisterFeil, match="tempo") as funnet:
            await tempo.tur(0.1)
        assert funnet.value.midlertidig
        await redis.aclose()
        return funnet.value.vent_s

    start = time.monotonic()
    vent_s = asyncio.run(prov())
    # Ten seconds less the burst, and less what has gone since the turn before.
    assert 9.89 - (time.monotonic() - start) < vent_s <= 9.9


def test_den_som_kan_vente_venter_pa_sin_tur(valkey: str) -> None:
    async def prov() -> None:
        redis = AsyncRedis.from_url(valkey)
        tempo = Tempo("tur", 2, redis, 0.25)
        await tempo.tur(0)
        await tempo.tur(1)
        await redis.aclose()

    start = time.monotonic()
    asyncio.run(prov())
    assert time.monotonic() - start > 0.39


def test_hold_igjen_gjelder_de_andre_prosessene_ogsa(valkey: str) -> None:
    async def prov() -> float:
        en, annen = AsyncRedis.from_url(valkey), AsyncRedis.from_url(valkey)
        start = time.monotonic()
        await Tempo("stille", 1000, en, 0.25).hold_igjen(1)
        await Tempo("stille", 1000, annen, 0.25).tur(5)
        await en.aclose()
        await annen.aclose()
        return time.monotonic() - start

    assert asyncio.run(prov()) > 0.99


@pytest.mark.parametrize(("med_redis", "andel"), [(True, 25), (False, 100)])
def test_uten_valkey_holder_prosessen_sin_andel(
    med_redis: bool, andel: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock that goes only while it waits: neither faster than agreed nor slower."""
    klokke = [100.0]

    async def vent(sekunder: float) -> None:
        klokke[0] += sekunder

    async def prov() -> float:
        redis: Any = None
        if med_redis:  # an address where nobody answers
            redis = AsyncRedis.from_url(f"redis://127.0.0.1:{finn_ledig()}", socket_connect_timeout=0.2)
        tempo = Tempo("alene", 100, redis, 0.25)
        await tempo.tur(5)
        monkeypatch.setattr("services.registre.tempo.asyncio.sleep", vent)
        start = klokke[0]
        for _ in range(50):
            await tempo.tur(5)
        monkeypatch.undo()
        if redis is not None:
            await redis.aclose()
        return klokke[0] - start

    monkeypatch.setattr("services.registre.tempo.monotonic", lambda: klokke[0])
    assert asyncio.run(prov()) == pytest.approx(50 / andel - 0.1)
