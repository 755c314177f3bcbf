"""Which PostgreSQL and which broker: those of the environment, or the embedded ones of a named instance."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit, urlunsplit

import structlog

from services.innebygd.postgres import Postgres
from services.innebygd.valkey import Valkey
from services.innstillinger import innstillinger

_logg = structlog.get_logger("boligsak.innebygd")
LOKAL = "lokal"
"""Name of the instance that `boligsak start` owns and that every other command finds."""


class ServereNede(RuntimeError):
    """No servers are given in the environment and no embedded ones run."""


class InstansOpptatt(RuntimeError):
    """Another process runs this instance."""


@dataclass(frozen=True)
class Adresser:
    """``database_url``: postgresql://…, the superuser when embedded. ``broker_url``: redis://…"""

    database_url: str
    broker_url: str

    def miljo(self) -> dict[str, str]:
        """The environment variables that make a child process use these servers."""
        return {"BOLIGSAK_DATABASE_URL": self.database_url, "BOLIGSAK_BROKER_URL": self.broker_url}


def uten_passord(url: str) -> str:
    """An address that may be shown and logged."""
    deler = urlsplit(url)
    bruker = f"{deler.username}@" if deler.username else ""
    port = f":{deler.port}" if deler.port else ""
    return urlunsplit(deler._replace(netloc=f"{bruker}{deler.hostname or ''}{port}", query=""))


class Servere:
    """The servers of one instance, under ``<rot>/<navn>/``. Several instances run side by side.

    A server whose address the environment gives is not started: its attribute is None and the given address is used.
    """

    def __init__(self, navn: str = LOKAL, rot: Path | None = None) -> None:
        valg = innstillinger()
        self.navn = navn
        self.mappe = ((rot or valg.rot) / navn).absolute()
        self.postgres = None if valg.database_url else Postgres(self.mappe / "postgres")
        self.valkey = None if valg.broker_url else Valkey(self.mappe / "valkey")
        self._gitt = (valg.database_url, valg.broker_url)
        self._las: TextIO | None = None

    def start(self) -> Adresser:
        """Start what is not given; safe after kill -9. Errors: InstansOpptatt, PostgresFeil, ValkeyFeil."""
        self._ta_las()
        try:
            database_url = self.postgres.start() if self.postgres else (self._gitt[0] or "")
            broker_url = self.valkey.start() if self.valkey else (self._gitt[1] or "")
            funnet = Adresser(database_url, broker_url)
            fil = self.mappe / "adresser.json"
            fil.touch(mode=0o600)
            fil.write_text(json.dumps(asdict(funnet)))
        except BaseException:
            self.stopp()
            raise
        return funnet

    def tikk(self) -> None:
        """Start again, at its old address, a server of ours that has died. Errors: PostgresFeil, ValkeyFeil."""
        for server in (self.postgres, self.valkey):
            if server is not None and server.pid is None:
                _logg.warning("server.endte", server=type(server).__name__)
                server.start()

    def stopp(self) -> None:
        """Stop what we started, the broker first; the data stays."""
        try:
            for server in (self.valkey, self.postgres):
                if server is not None:
                    server.stopp()
        finally:
            if self._las is not None:
                self._las.close()
                self._las = None

    def _ta_las(self) -> None:
        if self._las is not None:
            return
        self.mappe.mkdir(parents=True, exist_ok=True)
        las = (self.mappe / "las").open("a+")
        try:
            fcntl.flock(las, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            las.seek(0)
            eier = las.read().strip() or "?"
            las.close()
            raise InstansOpptatt(f"{self.mappe} is in use by process {eier}; stop that one first") from None
        las.truncate(0)
        las.write(str(os.getpid()))
        las.flush()
        self._las = las


def _kjorer(mappe: Path) -> bool:
    """Does a living process hold the instance? A lock of the kernel, so kill -9 cannot leave it behind."""
    try:
        with (mappe / "las").open("a+") as las:
            fcntl.flock(las, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def adresser(navn: str = LOKAL) -> Adresser:
    """The servers to use, for everybody: BOLIGSAK_DATABASE_URL and BOLIGSAK_BROKER_URL where set, else the embedded
    ones of the running instance `navn`. Errors: ServereNede."""
    valg = innstillinger()
    if valg.database_url and valg.broker_url:
        return Adresser(valg.database_url, valg.broker_url)
    mappe = valg.rot.absolute() / navn
    fil = mappe / "adresser.json"
    if not fil.exists() or not _kjorer(mappe):
        raise ServereNede(
            f"no servers run under {mappe}: type `boligsak start`, "
            "or set BOLIGSAK_DATABASE_URL and BOLIGSAK_BROKER_URL"
        )
    kjorende = json.loads(fil.read_text())
    return Adresser(valg.database_url or kjorende["database_url"], valg.broker_url or kjorende["broker_url"])


@contextmanager
def oppe(navn: str = LOKAL) -> Iterator[Adresser]:
    """Servers for one command: the running ones, else started here and stopped again at the end."""
    try:
        funnet = adresser(navn)
    except ServereNede:
        servere = Servere(navn)
        try:
            yield servere.start()
        finally:
            servere.stopp()
        return
    yield funnet
