"""The stack of the chaos tests: real processes that can be killed, on servers that can be killed."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import kombu
import psycopg
import redis

from services.innebygd import Adresser, Servere
from services.innebygd.oppsett import API, ARBEIDER, RELE, SIM, Oppsett, prosesser
from services.innebygd.port import finn_ledig
from services.innebygd.prosess import hale, vent_til
from services.innebygd.valkey import uten_gjentak
from services.tilgang import lokal
from tests.bench.krav import hendelser

FRIST_S = 180.0
BUNKE = 100
TIDER = {
    "BOLIGSAK_FEIER_ETTER_S": "1.2",
    "BOLIGSAK_KONTROLL_MAKS_VENTETID_S": "1",
    "BOLIGSAK_UTBOKS_MAKS_FORSOK": "3",
    "BOLIGSAK_REGISTER_BRUTT_I_S": "0.5",
}
"""Short waits, and few tries: what is only slow or was only interrupted must not be given up for that."""
_husstander = count(0)


class Kaos:
    """Processes by name (``api``, ``rele``, ``arbeider-1`` …): started, killed, started again with other settings."""

    def __init__(self, servere: Servere, adresser: Adresser, mappe: Path) -> None:
        self.servere, self.adresser = servere, adresser
        self.mappe = mappe
        self.oppsett = Oppsett(
            api_port=finn_ledig(), register_port=finn_ledig(), arbeidere=2, trader=4, miljo=TIDER
        )
        self._prosesser = {p.navn: p for p in prosesser(self.oppsett, adresser)}
        self._pid: dict[str, int] = {}
        self._slutt: dict[str, Path] = {}
        self._vugge: subprocess.Popen[str] | None = None
        self._database: psycopg.Connection[Any] | None = None
        self.merke = ""
        self.sendt = 0

    @property
    def arbeidere(self) -> list[str]:
        return [f"{ARBEIDER}-{nr}" for nr in range(1, self.oppsett.arbeidere + 1)]

    @property
    def alle(self) -> list[str]:
        return [SIM, *self.arbeidere, RELE, API]

    def apne(self) -> None:
        """Start the cradle: in the main thread, with which it dies."""
        for undermappe in ("logg", "slutt"):
            (self.mappe / undermappe).mkdir(parents=True, exist_ok=True)
        self._vugge = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.vugge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.mappe / "logg" / "vugge.log").open("ab"),
            text=True,
            env={**os.environ, **self._prosesser[RELE].miljo},
        )
        assert self._svar(240) == "klar"  # it imports everything first

    def lukk(self) -> None:
        if self._database:
            self._database.close()
        try:
            for navn in list(self._pid):
                if self.lever(navn):
                    self.drep(navn)
        finally:
            self._lukk_vugge()

    def _lukk_vugge(self) -> None:
        if self._vugge and self._vugge.stdin and self._vugge.stdout:
            self._vugge.stdin.close()
            try:
                self._vugge.wait(60)
            except subprocess.TimeoutExpired:  # must not hide why the tests ended
                self._vugge.kill()
                self._vugge.wait()
            self._vugge.stdout.close()

    def _svar(self, frist_s: float = 60) -> str:
        assert self._vugge is not None
        assert self._vugge.stdout is not None
        assert select.select([self._vugge.stdout], [], [], frist_s)[0], "the cradle does not answer"
        return self._vugge.stdout.readline().strip()

    # --- processes ------------------------------------------------------------------------------------------------
    def start(self, *navn: str, **miljo: str) -> None:
        """Start these, and wait until they are ready. ``miljo``: settings of this start alone, without the prefix."""
        nye = [n for n in navn if not self.lever(n)]
        lest = {}
        for n in nye:
            self.logg(n).touch()
            lest[n] = self.logg(n).stat().st_size
            self._start_en(n, miljo)
        for n in nye:
            klar = self._prosesser[self._mal(n)].klar if n in {API, SIM} else None
            if n.startswith(ARBEIDER):
                klar = partial(self._arbeider_klar, n, lest[n])
            if klar:
                self.vent(klar, 90, f"{n} ready")

    def _arbeider_klar(self, navn: str, lest: int) -> bool:
        """Celery has said so, or a crash point was quicker."""
        return b" ready." in self.logg(navn).read_bytes()[lest:] or not self.lever(navn)

    def _mal(self, navn: str) -> str:
        """``rele-2`` is another process of the kind ``rele``, ``arbeider-x`` another worker."""
        if navn in self._prosesser:
            return navn
        return self.arbeidere[0] if navn.startswith(ARBEIDER) else navn.partition("-")[0]

    def _start_en(self, navn: str, miljo: dict[str, str]) -> None:
        prosess = self._prosesser[self._mal(navn)]
        slutt = self.mappe / "slutt" / f"{navn}.{time.monotonic_ns()}"
        bestilling = {
            "kommando": prosess.kommando[2:],
            "miljo": {**prosess.miljo, **{f"BOLIGSAK_{k.upper()}": v for k, v in miljo.items()}},
            "logg": str(self.logg(navn)),
            "slutt": str(slutt),
        }
        assert self._vugge is not None
        assert self._vugge.stdin is not None
        self._vugge.stdin.write(json.dumps(bestilling) + "\n")
        self._vugge.stdin.flush()
        self._pid[navn], self._slutt[navn] = int(self._svar()), slutt

    def uten_arbeidere(self) -> None:
        self.drep(*filter(self.lever, self.arbeidere))

    def fremmede(self) -> list[str]:
        """Processes beyond the ordinary ones."""
        return [n for n in self._pid if n not in self.alle and self.lever(n)]

    def logg(self, navn: str) -> Path:
        return self.mappe / "logg" / f"{navn}.log"

    def lever(self, navn: str) -> bool:
        return navn in self._pid and not self._slutt[navn].exists()

    def kode(self, navn: str) -> int:
        """How it ended: 0, or minus the signal."""
        return int(self._slutt[navn].read_text())

    def drep(self, *navn: str) -> None:
        """kill -9 of each with all of its own; returns when they are gone."""
        for n in navn:
            os.killpg(self._pid[n], signal.SIGKILL)
        self.vent(lambda: not any(map(self.lever, navn)), 60, f"{navn} dead")

    def stopp(self, navn: str, frist_s: float = 60) -> float:
        """TERM; seconds until it has ended by itself."""
        start = time.monotonic()
        os.kill(self._pid[navn], signal.SIGTERM)
        self.vent(lambda: not self.lever(navn), frist_s, f"{navn} stopped")
        return time.monotonic() - start

    def vent_krasj(self, navn: str) -> None:
        """Wait until a crash point has killed it."""
        self.vent(lambda: not self.lever(navn), 90, f"{navn} crashed")
        assert self.kode(navn) == -signal.SIGKILL

    def vent(self, prove: Callable[[], bool], frist_s: float = FRIST_S, hva: str = "the condition") -> None:
        if vent_til(prove, frist_s, pause_s=0.05):
            return
        logger = "\n".join(f"--- {n}\n{hale(self.logg(n), 6)}" for n in self._pid)
        raise AssertionError(f"{hva} did not come within {frist_s} s\n{logger}")

    # --- work -----------------------------------------------------------------------------------------------------
    def hendelser(self, antall: int) -> list[dict[str, Any]]:
        """Applications of households that no test has used before."""
        ut = [next(iter(hendelser(1, self.merke, fra=next(_husstander)))) for _ in range(antall)]
        self.sendt += antall
        return ut

    @contextmanager
    def klient(self) -> Iterator[httpx.Client]:
        token = lokal.utsted(["alle"], "innsender")
        hode = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.oppsett.api_url, headers=hode, timeout=60) as klient:
            yield klient

    def send(self, antall: int) -> list[str]:
        """Submit new applications over HTTP; the ids of their cases."""
        return self.post(self.hendelser(antall))

    def post(self, alle: list[dict[str, Any]]) -> list[str]:
        ider: list[str] = []
        with self.klient() as klient:
            for i in range(0, len(alle), BUNKE):
                while True:
                    svar = klient.post(
                        "/api/v1/hendelser",
                        json=alle[i : i + BUNKE],
                        headers={"Content-Type": "application/cloudevents-batch+json"},
                    )
                    if svar.status_code != 503:  # as any client does, with the same ids
                        break
                assert svar.status_code == 207, svar.text
                assert {s["status"] for s in svar.json()} == {202}, svar.text
                ider += [s["kvittering"]["sak"] for s in svar.json()]
        return ider

    def styr(self, metode: str, sti: str, **valg: Any) -> Any:
        """Tell the register simulator."""
        svar = httpx.request(metode, f"{self.oppsett.register_url}/styring/{sti}", timeout=20, **valg)
        assert svar.is_success, svar.text
        return svar.json() if svar.content else None

    def feil(self, register: str, slag: str, **valg: Any) -> None:
        self.styr("POST", "feil", json={"register": register, "slag": slag, **valg})

    def sporsmal(self) -> dict[str, int]:
        """Calls by register since the log was emptied."""
        return dict(self.styr("GET", "logg")["kall"])

    def redis(self) -> redis.Redis:
        return uten_gjentak(self.adresser.broker_url)

    def gi_tilbake(self) -> int:
        """Every message that nobody has acknowledged goes back to its queue, as when its time is out. How many."""
        with kombu.Connection(self.adresser.broker_url) as kobling, self.redis() as klient:
            kanal = kobling.default_channel
            merker = klient.zrange(kanal.unacked_index_key, 0, -1)
            for merke in merker:
                kanal.qos.restore_by_tag(merke)
        return len(merker)

    def sql(self, sporring: str, *verdier: Any) -> list[tuple[Any, ...]]:
        """As the superuser, with triggers off. The connection is kept, and made anew when the server was killed."""
        try:
            return self._sql(sporring, verdier)
        except psycopg.OperationalError:
            if self._database:
                self._database.close()
            return self._sql(sporring, verdier)

    def _sql(self, sporring: str, verdier: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if self._database is None or self._database.closed:
            self._database = psycopg.connect(self.adresser.database_url, autocommit=True)
            self._database.execute("SET session_replication_role = replica")
        peker = self._database.execute(sporring.encode(), verdier)
        return peker.fetchall() if peker.description else []

    def ferdige(self) -> int:
        """How many of this test's events have come to an end: a decision, or an open task."""
        [(antall,)] = self.sql(
            """SELECT count(*) FROM innboks i JOIN behandling b ON b.id = i.behandling_id
               WHERE i.ekstern_id LIKE %s AND (b.avsluttet IS NOT NULL OR EXISTS (
                   SELECT 1 FROM oppfolging o WHERE o.behandling_id = b.id AND o.lukket IS NULL))""",
            self.merke + "-%",
        )
        return int(antall)

    def vent_ferdige(self, antall: int) -> None:
        self.vent(lambda: self.ferdige() >= antall, FRIST_S, f"{antall} finished")
