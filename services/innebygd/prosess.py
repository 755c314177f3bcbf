"""One child process: started in a session of its own, bound to this process's life, its output in a log file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LANSERING = Path(__file__).with_name("lansering.py")
MERKE = "BOLIGSAK_PROSESS"
"""Environment variable that every child carries: its name. Survivors can be found by it."""


@dataclass(frozen=True)
class Bruker:
    """An unprivileged account. `les_alt`: may pass folders closed to others (only given when a path needs it)."""

    uid: int
    gid: int
    les_alt: bool = False


def start_prosess(
    navn: str,
    kommando: Sequence[str | Path],
    logg: Path,
    *,
    miljo: Mapping[str, str] | None = None,
    dodssignal: signal.Signals = signal.SIGKILL,
    bruker: Bruker | None = None,
    mappe: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `kommando`; output is appended to `logg`.

    The child leads a session of its own (Ctrl-C in the terminal reaches only us), and gets `dodssignal` from the
    kernel when *the thread that called this* ends, also by kill -9: call it from the main thread. Programs with
    children of their own want a signal they can act on.
    """
    valg = {
        "forelder": os.getpid(),
        "dodssignal": int(dodssignal),
        "uid": bruker.uid if bruker else None,
        "gid": bruker.gid if bruker else None,
        "les_alt": bool(bruker and bruker.les_alt),
    }
    logg.parent.mkdir(parents=True, exist_ok=True)
    with logg.open("ab") as ut:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", LANSERING, json.dumps(valg), *kommando],
            stdin=subprocess.DEVNULL,
            stdout=ut,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(miljo or {}), MERKE: navn},
            cwd=mappe,
        )


def drep_gruppe(barn: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the child and everything in its process group; returns when the child is reaped."""
    try:
        os.killpg(barn.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except PermissionError:  # macOS, when the group holds only a zombie
        barn.kill()
    barn.wait()


def vent_til(
    prove: Callable[[], bool],
    frist_s: float,
    barn: subprocess.Popen[bytes] | None = None,
    pause_s: float = 0.02,
) -> bool:
    """True when `prove()` became true within `frist_s`; False at once when `barn` has ended, or at the deadline."""
    slutt = time.monotonic() + frist_s
    while True:
        if barn is not None and barn.poll() is not None:
            return False
        if prove():
            return True
        if time.monotonic() > slutt:
            return False
        time.sleep(pause_s)


def er_programmet(pid: int, navn: str, mappe: Path) -> bool:
    """Does process `pid` live, and is it the program `navn` with `mappe` in its command line?

    A pid file alone says nothing after kill -9 or a restart of a container: the number is soon another's.
    """
    try:
        linje = psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return bool(linje) and navn in linje[0] and any(str(mappe) in ord_ for ord_ in linje)


def legg_til_side(logg: Path) -> None:
    """Keep the log of the run before, once; a new start writes a new one."""
    if logg.exists():
        logg.replace(logg.with_suffix(".forrige.log"))


def hale(logg: Path, linjer: int = 15) -> str:
    """The last lines of a log file, for an error message."""
    return "\n".join(logg.read_text(errors="replace").splitlines()[-linjer:]) if logg.exists() else "(no log)"
