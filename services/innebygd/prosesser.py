"""Supervision of the child processes of `boligsak start` and `boligsak demo`, of tests and measurements.

No thread and no daemon: whoever owns an `Oppsyn` calls `tikk()` now and then, or `kjor()`.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog
from prometheus_client.multiprocess import mark_process_dead

from services.innebygd.prosess import drep_gruppe, hale, start_prosess, vent_til
from services.innebygd.servere import Servere

logg = structlog.get_logger(__name__)

OMSTART_PAUSE_S = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Pause before the first, second, … start again of a child that keeps dying; the last one from then on."""
STABIL_S = 60.0
"""A child that has lived so long begins at the first pause again."""


class OppstartFeil(RuntimeError):
    """A child ended, or did not get ready in time; the text holds the tail of its log."""


@dataclass(frozen=True)
class Prosess:
    """What to run. `klar`: the probe that says it is ready (None: when it is started).

    `trinn`: children are stopped in waves from the highest to the lowest, so that whoever serves others goes last.
    `stopp_frist_s`: from TERM to KILL; Celery can need more than half a minute when busy.
    `dodssignal`: what the kernel sends when we are killed; for programs with children of their own, one they act on.
    """

    navn: str
    kommando: tuple[str, ...]
    miljo: Mapping[str, str] = field(default_factory=dict)
    klar: Callable[[], bool] | None = None
    klar_frist_s: float = 60.0
    omstart: bool = True
    trinn: int = 0
    stopp_frist_s: float = 45.0
    dodssignal: signal.Signals = signal.SIGKILL


@dataclass
class _Barn:
    prosess: Prosess
    popen: subprocess.Popen[bytes]
    startet: float
    omstarter: int = 0
    neste_start: float | None = None
    klar: bool = False


class Oppsyn:
    """Named children, with logs under `mappe`/logg. Not thread-safe: call it from the main thread alone.

    `verter`: servers that they use, watched over with them."""

    def __init__(
        self, mappe: Path, miljo: Mapping[str, str] | None = None, verter: Servere | None = None
    ) -> None:
        self.mappe = mappe.absolute()
        self.miljo = dict(miljo or {})
        self._verter = verter
        self._barn: dict[str, _Barn] = {}

    def logg_for(self, navn: str) -> Path:
        """The file with the output of child `navn`."""
        return self.mappe / "logg" / f"{navn}.log"

    def start(self, *prosesser: Prosess) -> None:
        """Start all, then wait until each is ready. Errors: OppstartFeil (the others run on: call `stopp()`)."""
        for prosess in prosesser:
            if prosess.navn in self._barn and self.lever(prosess.navn):
                raise ValueError(f"{prosess.navn} runs already")
            self._barn[prosess.navn] = _Barn(prosess, self._spawn(prosess), time.monotonic())
        for prosess in prosesser:
            self.vent_klar(prosess.navn)

    def vent_klar(self, navn: str) -> None:
        """Wait for the child's probe. What is killed meanwhile comes back, as it does later; the first child, of those
        not yet ready, that ends by itself is not tried again. Errors: OppstartFeil."""
        barn = self._barn[navn]
        prove = barn.prosess.klar or (lambda: True)

        def er_klar() -> bool:
            for annen, b in self._barn.items():
                kode = b.popen.poll()
                if not b.klar and kode is not None and (kode >= 0 or not b.prosess.omstart):
                    raise self._feil(annen, f"ended with {kode}")
            self.tikk()
            return barn.popen.poll() is None and prove()

        if not vent_til(er_klar, barn.prosess.klar_frist_s, pause_s=0.05):
            raise self._feil(navn, "is not ready")
        barn.klar = True

    def _feil(self, navn: str, hva: str) -> OppstartFeil:
        logg = self.logg_for(navn)
        return OppstartFeil(f"{navn} {hva}; last lines of {logg}:\n{hale(logg)}")

    def pid(self, navn: str) -> int:
        """Process id of child `navn` (also of one that has ended)."""
        return self._barn[navn].popen.pid

    def lever(self, navn: str) -> bool:
        return self._barn[navn].popen.poll() is None

    def navn(self) -> list[str]:
        return list(self._barn)

    def signaliser(self, navn: str, nummer: signal.Signals) -> None:
        """Send a signal to the child alone (not to its group)."""
        self._barn[navn].popen.send_signal(nummer)

    def drep(self, *navn: str) -> None:
        """kill -9 of each child with all of its own, as a crash. `tikk()` and `start_igjen` start it again."""
        for n in navn:
            drep_gruppe(self._barn[n].popen)

    def start_igjen(self, navn: str) -> None:
        """Start a child that has ended, and wait until it is ready."""
        barn = self._barn[navn]
        if barn.popen.poll() is None:
            raise ValueError(f"{navn} runs already")
        self._barn[navn] = _Barn(barn.prosess, self._spawn(barn.prosess), time.monotonic())
        self.vent_klar(navn)

    def stopp_en(self, navn: str) -> float:
        """TERM to one child, KILL after its respite; seconds it took."""
        startet = time.monotonic()
        self._stopp_bolge([self._barn[navn]])
        return time.monotonic() - startet

    def tikk(self) -> list[str]:
        """Start again what has died and may be started; names of the children that are down now. Errors:
        PostgresFeil, ValkeyFeil."""
        if self._verter is not None:
            self._verter.tikk()
        naa = time.monotonic()
        nede = []
        for navn, barn in self._barn.items():
            kode = barn.popen.poll()
            if kode is None:
                continue
            nede.append(navn)
            if not barn.prosess.omstart:
                continue
            if barn.neste_start is None:
                if naa - barn.startet > STABIL_S:
                    barn.omstarter = 0
                pause = OMSTART_PAUSE_S[min(barn.omstarter, len(OMSTART_PAUSE_S) - 1)]
                barn.omstarter += 1
                barn.neste_start = naa + pause
                logg.warning("prosess.endte", prosess=navn, kode=kode, ny_start_om_s=pause)
            elif naa >= barn.neste_start:
                drep_gruppe(barn.popen)  # what it may have left behind of its own
                barn.popen, barn.startet, barn.neste_start = self._spawn(barn.prosess), naa, None
        return nede

    def kjor(self, pause_s: float = 0.5) -> None:
        """Watch over the children until interrupted (KeyboardInterrupt, or SystemExit from `stoppsignaler`)."""
        while True:
            self.tikk()
            time.sleep(pause_s)

    def stopp(self) -> None:
        """Stop all in waves. A second Ctrl-C kills at once. Leaves nothing behind."""
        try:
            for trinn in sorted({b.prosess.trinn for b in self._barn.values()}, reverse=True):
                self._stopp_bolge([b for b in self._barn.values() if b.prosess.trinn == trinn])
        finally:
            for barn in self._barn.values():
                drep_gruppe(barn.popen)
            self._barn.clear()

    def _stopp_bolge(self, bolge: list[_Barn]) -> None:
        for barn in bolge:
            if barn.popen.poll() is None:
                barn.popen.send_signal(signal.SIGTERM)
        startet = time.monotonic()
        for barn in bolge:
            igjen = barn.prosess.stopp_frist_s - (time.monotonic() - startet)
            try:
                barn.popen.wait(timeout=max(igjen, 0.0))
            except subprocess.TimeoutExpired:
                logg.warning("prosess.drept", prosess=barn.prosess.navn, etter_s=barn.prosess.stopp_frist_s)
            drep_gruppe(barn.popen)

    def _spawn(self, prosess: Prosess) -> subprocess.Popen[bytes]:
        malinger = prosess.miljo.get("PROMETHEUS_MULTIPROC_DIR")
        if malinger and prosess.navn in self._barn:
            mark_process_dead(
                self.pid(prosess.navn), malinger
            )  # gauges of the one before would stand for ever
        return start_prosess(
            prosess.navn,
            prosess.kommando,
            self.logg_for(prosess.navn),
            miljo={**self.miljo, **prosess.miljo},
            dodssignal=prosess.dodssignal,
        )


@contextmanager
def stoppsignaler() -> Iterator[None]:
    """SIGTERM and SIGHUP end the program the way Ctrl-C does: through every `finally`. Exit code 128 + signal.

    SIGINT is listened to as well, since a shell lets its background jobs ignore it.
    """

    def avslutt(nummer: int, _ramme: FrameType | None) -> None:
        raise SystemExit(128 + nummer)

    forrige = {s: signal.signal(s, avslutt) for s in (signal.SIGTERM, signal.SIGHUP)}
    forrige[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        for nummer, behandler in forrige.items():
            signal.signal(nummer, behandler)
