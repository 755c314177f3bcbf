"""Supervision: readiness, restart, orderly stop, and that nothing outlives its parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from services.innebygd.prosess import vent_til
from services.innebygd.prosesser import OppstartFeil, Oppsyn, Prosess
from tests.innebygd.spor import overlevende

SOV = "import time; time.sleep(600)"
STA = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('klar', flush=True); time.sleep(600)"


def python(navn: str, kode: str, **valg: object) -> Prosess:
    return Prosess(navn, (sys.executable, "-c", kode), **valg)  # type: ignore[arg-type]


@pytest.fixture
def oppsyn(tmp_path: Path):
    o = Oppsyn(tmp_path)
    yield o
    o.stopp()


def test_a_child_that_ends_at_once_is_reported_with_its_log(oppsyn: Oppsyn) -> None:
    with pytest.raises(OppstartFeil, match=r"syk ended with 3.*\n.*uff"):
        oppsyn.start(python("syk", "print('uff'); raise SystemExit(3)", klar=lambda: False))


def test_a_child_that_ends_while_another_is_awaited_is_reported(oppsyn: Oppsyn) -> None:
    """Not one that was killed, and so not started again and again behind the other's back."""
    slutt = time.monotonic() + 60
    with pytest.raises(OppstartFeil, match=r"syk ended with 3.*\n.*uff"):
        oppsyn.start(
            python("treg", SOV, klar=lambda: time.monotonic() > slutt, klar_frist_s=90),
            python("syk", "print('uff'); raise SystemExit(3)"),
        )


def test_a_child_that_never_gets_ready_is_reported(oppsyn: Oppsyn) -> None:
    with pytest.raises(OppstartFeil, match="treg is not ready"):
        oppsyn.start(python("treg", SOV, klar=lambda: False, klar_frist_s=0.3))


def test_an_unknown_program_is_reported(oppsyn: Oppsyn) -> None:
    with pytest.raises(OppstartFeil, match="cannot run finnes-ikke"):
        oppsyn.start(Prosess("borte", ("finnes-ikke",), klar=lambda: False))


def test_environment_reaches_the_child(tmp_path: Path) -> None:
    oppsyn = Oppsyn(tmp_path, {"FELLES": "a", "EGEN": "x"})
    kode = "import os; print(os.environ['FELLES'] + os.environ['EGEN'] + os.environ['BOLIGSAK_PROSESS'], flush=True)"
    try:
        oppsyn.start(python("miljo", kode, miljo={"EGEN": "b"}, omstart=False))
        assert vent_til(lambda: oppsyn.logg_for("miljo").read_text() == "abmiljo\n", 60)
    finally:
        oppsyn.stopp()


def test_a_killed_child_comes_back_by_tikk(oppsyn: Oppsyn) -> None:
    oppsyn.start(python("en", SOV), python("to", SOV))
    forst = oppsyn.pid("en")
    oppsyn.drep("en")
    assert oppsyn.tikk() == ["en"]
    assert vent_til(lambda: oppsyn.tikk() == [], 30)
    assert oppsyn.pid("en") != forst
    assert oppsyn.lever("en")


def test_children_killed_while_others_start_come_back(oppsyn: Oppsyn) -> None:
    """One that is ready, and the one that is waited for; neither keeps the start from coming about."""
    forste: list[int] = []

    def klar() -> bool:
        if not forste:
            forste.extend((oppsyn.pid("en"), oppsyn.pid("to")))
            oppsyn.drep("en", "to")
        return oppsyn.lever("en") and oppsyn.lever("to")

    oppsyn.start(python("en", SOV), python("to", SOV, klar=klar, klar_frist_s=60))
    assert len({*forste, oppsyn.pid("en"), oppsyn.pid("to")}) == 4


def test_without_restart_it_stays_down_until_asked(oppsyn: Oppsyn) -> None:
    oppsyn.start(python("en", SOV, omstart=False))
    oppsyn.drep("en")
    time.sleep(0.7)
    assert oppsyn.tikk() == ["en"]
    assert not oppsyn.lever("en")
    oppsyn.start_igjen("en")
    assert oppsyn.lever("en")


def test_one_that_ends_by_itself_when_it_is_started_again_is_reported(oppsyn: Oppsyn, tmp_path: Path) -> None:
    merke = tmp_path / "en gang"
    kode = (
        f"import pathlib, sys; p = pathlib.Path({str(merke)!r}); p.exists() and sys.exit(3); p.touch(); {SOV}"
    )
    lansert: list[int] = []

    def klar() -> bool:
        """The first time only."""
        lansert.append(oppsyn.pid("en"))
        return merke.exists() and len(set(lansert)) == 1

    oppsyn.start(python("en", kode, klar=klar))
    oppsyn.drep("en")
    with pytest.raises(OppstartFeil, match="en ended with 3"):
        oppsyn.start_igjen("en")


def test_one_that_ignores_term_is_killed_after_its_respite(oppsyn: Oppsyn) -> None:
    oppsyn.start(
        python("sta", STA, stopp_frist_s=0.5, klar=lambda: "klar" in oppsyn.logg_for("sta").read_text())
    )
    assert 0.4 < oppsyn.stopp_en("sta") < 30, "its own respite, not the ordinary one"


def test_stop_goes_in_waves(tmp_path: Path) -> None:
    """The higher wave is gone before the lower one hears anything."""
    oppsyn = Oppsyn(tmp_path)
    kode = textwrap.dedent("""
        import signal, sys, time
        def slutt(*_):
            open(sys.argv[1], "a").write(sys.argv[2] + "\\n"); sys.exit()
        signal.signal(signal.SIGTERM, slutt); print("klar", flush=True); time.sleep(600)
    """)
    spor = tmp_path / "spor"
    for navn, trinn in (("sim", 0), ("arbeider", 1), ("api", 3)):
        oppsyn.start(
            Prosess(
                navn,
                (sys.executable, "-c", kode, str(spor), navn),
                trinn=trinn,
                klar=lambda n=navn: oppsyn.logg_for(n).exists() and "klar" in oppsyn.logg_for(n).read_text(),  # type: ignore[misc]
            )
        )
    oppsyn.stopp()
    assert spor.read_text().split() == ["api", "arbeider", "sim"]


def test_grandchildren_go_with_the_child(tmp_path: Path) -> None:
    merke = uuid.uuid4().hex
    oppsyn = Oppsyn(tmp_path, {"BOLIGSAK_PROVE": merke})
    kode = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SOV!r}])"
    oppsyn.start(python("far", kode))
    assert vent_til(lambda: len(overlevende(tmp_path, "BOLIGSAK_PROVE", merke)) == 2, 60)
    oppsyn.stopp()
    assert vent_til(lambda: overlevende(tmp_path, "BOLIGSAK_PROVE", merke) == [], 30)


FORELDER = """
import sys, time
from services.innebygd import Servere
from services.innebygd.prosesser import Oppsyn, Prosess, stoppsignaler

verter = Servere("prove")
oppsyn = Oppsyn(verter.mappe)
with stoppsignaler():
    try:
        verter.start()
        oppsyn.start(*(Prosess(f"barn-{i}", (sys.executable, "-c", "import time; time.sleep(600)")) for i in range(3)))
        print("oppe", flush=True)
        oppsyn.kjor()
    finally:
        oppsyn.stopp()
        verter.stopp()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at a parent's death is Linux's")
@pytest.mark.parametrize("nummer", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_outlives_the_parent(tmp_path: Path, nummer: signal.Signals) -> None:
    """PostgreSQL, Valkey and every child are gone soon after their parent, however it ended."""
    merke = uuid.uuid4().hex
    miljo = {k: v for k, v in os.environ.items() if k not in ("BOLIGSAK_DATABASE_URL", "BOLIGSAK_BROKER_URL")}
    miljo |= {"BOLIGSAK_ROT": str(tmp_path / "rot"), "BOLIGSAK_PROVE": merke}
    forelder = subprocess.Popen(
        [sys.executable, "-c", FORELDER], env=miljo, stdout=subprocess.PIPE, text=True
    )
    assert forelder.stdout is not None
    try:
        with forelder.stdout:
            assert forelder.stdout.readline() == "oppe\n"
        # Parent, three children, PostgreSQL, Valkey.
        assert len(overlevende(tmp_path, "BOLIGSAK_PROVE", merke)) >= 6
        forelder.send_signal(nummer)
        assert forelder.wait(timeout=90) in {-signal.SIGINT, 128 + nummer, -signal.SIGKILL}
    finally:
        forelder.kill()
        forelder.wait()
    assert vent_til(lambda: not overlevende(tmp_path, "BOLIGSAK_PROVE", merke), 60)
