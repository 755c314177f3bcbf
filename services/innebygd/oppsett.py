"""Which processes make up Boligsak on one machine, and how each is started."""

import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis

from services.innebygd.port import VERT
from services.innebygd.prosesser import Prosess
from services.innebygd.servere import Adresser
from services.innebygd.valkey import uten_gjentak
from services.innstillinger import innstillinger

API, SIM, RELE, BEAT, ARBEIDER = "api", "registersim", "rele", "beat", "arbeider"
"""Names of the processes; workers are ``arbeider-1``, ``arbeider-2``, …"""


@dataclass(frozen=True)
class Oppsett:
    """How many of each, and where (ports on 127.0.0.1). `miljo` goes to every process.

    `arbeidere` processes of `trader` threads each; `koer`: the queues they read, all when empty.
    """

    api_port: int = field(default_factory=lambda: innstillinger().api_port)
    register_port: int = 8099
    arbeidere: int = 2
    trader: int = 4
    koer: tuple[str, ...] = ()
    registersim: bool = True
    omstart: bool = True
    """Start again what dies; the chaos tests do it themselves."""
    malinger: Path | None = None
    """Folder where the processes put their counters, so that /metrics of the API shows those of all; emptied here."""
    miljo: dict[str, str] = field(default_factory=dict)

    @property
    def api_url(self) -> str:
        return f"http://{VERT}:{self.api_port}"

    @property
    def register_url(self) -> str:
        """The simulator's address, or the one of the settings when it is not started here."""
        return f"http://{VERT}:{self.register_port}" if self.registersim else innstillinger().register_url


def miljo(oppsett: Oppsett, adresser: Adresser) -> dict[str, str]:
    """The environment of every child."""
    return {
        **adresser.miljo(),
        "BOLIGSAK_REGISTER_URL": oppsett.register_url,
        "BOLIGSAK_API_PORT": str(oppsett.api_port),
        "PYTHONUNBUFFERED": "1",
        **({"PROMETHEUS_MULTIPROC_DIR": str(oppsett.malinger.absolute())} if oppsett.malinger else {}),
        **oppsett.miljo,
    }


def prosesser(oppsett: Oppsett, adresser: Adresser) -> list[Prosess]:
    """All processes but the servers. They are stopped in waves, so that work under way finds whom it asks: first API
    and beat, then the relay, the workers, and last the simulator."""
    felles = miljo(oppsett, adresser)
    if oppsett.malinger:
        shutil.rmtree(oppsett.malinger, ignore_errors=True)
        oppsett.malinger.mkdir(parents=True)

    def python(
        navn: str, *argumenter: str, trinn: int, frist: float, klar: Callable[[], bool] | None = None
    ) -> Prosess:
        kommando = (sys.executable, "-m", *argumenter)
        return Prosess(
            navn, kommando, felles, klar=klar, omstart=oppsett.omstart, trinn=trinn, stopp_frist_s=frist
        )

    api = python(
        API, "uvicorn", "services.api.app:app", "--host", VERT, "--port", str(oppsett.api_port),
        "--no-access-log", "--timeout-graceful-shutdown", "10",
        trinn=3, frist=15, klar=http_svarer(f"{oppsett.api_url}/helse/live"),
    )  # fmt: skip
    # The scheduler in memory: no file to write, and a task sent twice after a restart finds nothing to do.
    beat = python(
        BEAT, "celery", "-A", "workers.app", "beat", "-S", "celery.beat:Scheduler", "-l", "INFO", trinn=3, frist=10
    )  # fmt: skip
    rele = python(RELE, "workers.rele", trinn=2, frist=10)
    arbeidere = [
        python(
            f"{ARBEIDER}-{nr}", "celery", "-A", "workers.app", "worker", "-n", f"{ARBEIDER}-{nr}@%h",
            "-P", "threads", "-c", str(oppsett.trader), "-l", "INFO",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
            *(("-Q", ",".join(oppsett.koer)) if oppsett.koer else ()),
            trinn=1, frist=60, klar=lambda: lyttere(adresser.broker_url) >= oppsett.arbeidere,
        )
        for nr in range(1, oppsett.arbeidere + 1)
    ]  # fmt: skip
    sim = python(
        SIM, "services.registersim", "--port", str(oppsett.register_port),
        trinn=0, frist=5, klar=http_svarer(f"{oppsett.register_url}/helse/live"),
    )  # fmt: skip
    return [*([sim] if oppsett.registersim else []), *arbeidere, rele, beat, api]


def http_svarer(url: str) -> Callable[[], bool]:
    """A probe: does `url` answer 200?"""

    def prove() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as svar:  # noqa: S310 - our own address
                return bool(svar.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    return prove


def lyttere(broker_url: str) -> int:
    """How many workers wait for messages just now (clients of the broker that block in a pop)."""
    klient = uten_gjentak(broker_url)
    try:
        return sum(k["cmd"] == "brpop" for k in klient.client_list())
    except redis.RedisError:
        return 0
    finally:
        klient.close()
