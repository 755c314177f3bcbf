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

from services.innebygd.valkey import Valkey
from services.registre import RegisterFeil
from services.registre.tempo import Tempo
from tests.registre.hjelp import ledig_port

RASK = """
import asyncio, json, sys, time
from redis.asyncio import Redis
from services.registre.tempo import Tempo

async def main(url, sekunder):
    redis = Redis.from_url(url)
    print("klar", flush=True)
    while per_s := sys.stdin.readline().strip():
        tempo = Tempo("prove" + per_s, float(per_s), redis, 0.25)
        slutt, turer = time.time() + sekunder, []
        while time.time() < slutt:
            await tempo.tur(10)
            turer.append(time.time())
        print(json.dumps(turer), flush=True)
    await redis.aclose()

asyncio.run(main(sys.argv[1], float(sys.argv[2])))
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
    sekunder = 1.2
    prosesser = [
        subprocess.Popen(
            [sys.executable, "-c", RASK, valkey, str(sekunder)],
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
        for per_s in (30.0, 200.0):
            for p in prosesser:
                assert p.stdin is not None
                p.stdin.write(f"{per_s}\n")
            turer = [json.loads(_linje(p)) for p in prosesser]
            alle = sorted(t for liste in turer for t in liste)
            leie, varte = max(1, int(per_s * 0.05)), alle[-1] - alle[0]
            # The burst of a tenth of a second, and what each process may hold or be about to take.
            assert len(alle) <= per_s * (varte + 0.1) + 2 * leie + 2
            assert len(alle) >= per_s * sekunder * 0.6, "the pace is used"
            assert min(map(len, turer)) > 0.1 * len(alle), "both get their turns"
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
        tempo = Tempo("sakte", 2, redis, 0.25)
        await tempo.tur(0)
        with pytest.raises(RegisterFeil, match="tempo") as funnet:
            await tempo.tur(0.1)
        assert funnet.value.midlertidig
        await tempo.tur(1)
        await redis.aclose()
        return funnet.value.vent_s

    start = time.monotonic()
    assert 0.3 < asyncio.run(prov()) <= 0.5
    assert 0.3 < time.monotonic() - start < 1.5


def test_hold_igjen_gjelder_de_andre_prosessene_ogsa(valkey: str) -> None:
    async def prov() -> float:
        en, annen = AsyncRedis.from_url(valkey), AsyncRedis.from_url(valkey)
        await Tempo("stille", 1000, en, 0.25).hold_igjen(0.3)
        start = time.monotonic()
        await Tempo("stille", 1000, annen, 0.25).tur(5)
        await en.aclose()
        await annen.aclose()
        return time.monotonic() - start

    assert 0.25 < asyncio.run(prov()) < 1.0


@pytest.mark.parametrize("med_redis", [True, False])
def test_uten_valkey_holder_prosessen_sin_andel(med_redis: bool) -> None:
    async def prov() -> tuple[int, float]:
        redis: Any = None
        if med_redis:  # an address where nobody answers
            redis = AsyncRedis.from_url(f"redis://127.0.0.1:{ledig_port()}", socket_connect_timeout=0.2)
        tempo = Tempo("alene", 100, redis, 0.25)
        start, turer = time.monotonic(), 0
        while time.monotonic() - start < 0.6:
            await tempo.tur(5)
            turer += 1
        if redis is not None:
            await redis.aclose()
        return turer, time.monotonic() - start

    turer, varte = asyncio.run(prov())
    andel = 25 if med_redis else 100
    assert 0.5 * andel * varte <= turer <= andel * (varte + 0.1) + 4
