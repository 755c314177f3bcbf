"""``boligsak demo`` as it is typed: servers and processes of its own, the closing table, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from services.innebygd.prosess import vent_til

BEGYNNER = ("BOLIGSAK_", "PROMETHEUS_", "PYTEST_")
DREPES = ("workers.rele", "arbeider-1@", "valkey-server", "bin/postgres", "services.api", " beat ")
SLUTTEN = "Ctrl-C stops everything"


def etterlatte(rot: Path) -> list[str]:
    """Command lines of living processes that belong to this folder."""
    funnet = []
    for p in psutil.process_iter():
        try:
            if p.status() != psutil.STATUS_ZOMBIE and p.environ().get("BOLIGSAK_ROT") == str(rot):
                funnet.append(" ".join(p.cmdline()))
        except psutil.Error:
            continue
    return funnet


def ofre(pid: int) -> list[psutil.Process | None]:
    """The child for each of ``DREPES``; None for what has not been started."""
    barn = {}
    for p in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):  # such as make the database's files, and end
            barn[p] = " ".join(p.cmdline())
    return [next((p for p, linje in barn.items() if hva in linje), None) for hva in DREPES]


def les_til_slutten(prosess: "subprocess.Popen[str]") -> str:
    """What is told until all is, and the demo holds."""
    assert prosess.stdout
    sett = ""
    for linje in prosess.stdout:
        sett += linje
        if SLUTTEN in linje:
            break
    return sett


@contextmanager
def demo(rot: Path, *valg: str) -> Iterator[subprocess.Popen[str]]:
    miljo = {k: v for k, v in os.environ.items() if not k.startswith(BEGYNNER)}
    prosess = subprocess.Popen(
        [sys.executable, "-c", "from services.cli import app; app()", "demo", *valg],
        env={**miljo, "BOLIGSAK_ROT": str(rot)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A shell's background job ignores Ctrl-C, and so would its children: here it is typed at a terminal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (no threads run yet)
    )
    try:
        yield prosess
    finally:
        if prosess.poll() is None:
            prosess.kill()
        prosess.communicate()


@pytest.mark.treg
def test_demoen_viser_hver_soknad_og_ctrl_c_etterlater_ingen_prosess(tmp_path: Path):
    with demo(tmp_path, "--hold") as prosess:
        sett = les_til_slutten(prosess)
        assert "39 of 39 claims reached the outcome that their file states." in sett, sett
        assert "The letter of 01-enslig-leietaker-oslo: accessible PDF" in sett
        assert "/docs" in sett
        assert "boligsak token" in sett
        assert etterlatte(tmp_path)
        prosess.send_signal(signal.SIGINT)
        assert prosess.wait(60) == 0
    assert etterlatte(tmp_path) == []


@pytest.mark.treg
def test_demoen_gar_i_mal_nar_hver_prosess_drepes_mens_soknadene_er_underveis(tmp_path: Path):
    """Each server and process once, but for the simulated registers, which forget who lives there."""
    # Held, or it may have ended before all are killed.
    with demo(tmp_path, "--hold") as prosess:
        logg = tmp_path / "demo" / "logg" / "api.log"
        assert vent_til(lambda: None not in ofre(prosess.pid), 90)
        barn = ofre(prosess.pid)
        assert vent_til(lambda: logg.exists() and b'"rute": "/hendelser"' in logg.read_bytes(), 90)
        for offer in barn:
            assert offer
            offer.kill()
        sett = les_til_slutten(prosess)
        assert "39 of 39 claims reached the outcome that their file states." in sett, sett
        prosess.send_signal(signal.SIGINT)
        assert prosess.wait(60) == 0


@pytest.mark.treg
@pytest.mark.parametrize("etter_s", [0.8, 4.0])
def test_ctrl_c_midt_i_oppstarten_etterlater_ingen_prosess(tmp_path: Path, etter_s: float):
    with demo(tmp_path, "--hold") as prosess:
        time.sleep(etter_s)
        prosess.send_signal(signal.SIGINT)
        kode = prosess.wait(120)
        assert prosess.stdout
        # A machine that stood still meanwhile may have let it come all the way.
        kom_i_mal = SLUTTEN in prosess.stdout.read()
        assert kode in ({0} if kom_i_mal else {130, -signal.SIGINT, 1})
    # Children of one that died by the signal itself are ended by the kernel, a moment later.
    assert vent_til(lambda: etterlatte(tmp_path) == [], 15), etterlatte(tmp_path)
