"""What is started, in which order it is stopped, and where the addresses go."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import KOMMANDOER, app
from services.innebygd import Adresser
from services.innebygd.oppsett import API, BEAT, RELE, SIM, Oppsett, prosesser

ADRESSER = Adresser("postgresql://u:p@db/x", "redis://r/0")


def test_everything_is_started_with_the_same_addresses() -> None:
    oppsett = Oppsett(api_port=1234, register_port=4321, arbeidere=3, miljo={"EGEN": "ja"})
    ut = {p.navn: p for p in prosesser(oppsett, ADRESSER)}
    assert set(ut) == {SIM, "arbeider-1", "arbeider-2", "arbeider-3", RELE, BEAT, API}
    for p in ut.values():
        assert p.miljo["BOLIGSAK_DATABASE_URL"] == ADRESSER.database_url
        assert p.miljo["BOLIGSAK_BROKER_URL"] == ADRESSER.broker_url
        assert p.miljo["BOLIGSAK_REGISTER_URL"] == "http://127.0.0.1:4321"
        assert p.miljo["EGEN"] == "ja"
    assert "1234" in ut[API].kommando


def test_who_serves_others_is_stopped_after_them() -> None:
    trinn = {p.navn: p.trinn for p in prosesser(Oppsett(arbeidere=1), ADRESSER)}
    assert trinn[API] > trinn[RELE] > trinn["arbeider-1"] > trinn[SIM]


def test_workers_get_the_respite_that_celery_needs() -> None:
    frister = {p.navn: p.stopp_frist_s for p in prosesser(Oppsett(arbeidere=1), ADRESSER)}
    assert frister["arbeider-1"] >= 45


def test_own_queues_and_no_simulator() -> None:
    ut = {
        p.navn: p
        for p in prosesser(Oppsett(arbeidere=1, koer=("saker", "register.nav"), registersim=False), ADRESSER)
    }
    assert SIM not in ut
    kommando = ut["arbeider-1"].kommando
    assert kommando[kommando.index("-Q") + 1] == "saker,register.nav"


def test_counters_of_the_run_before_are_gone(tmp_path: Path) -> None:
    mappe = tmp_path / "malinger"
    mappe.mkdir()
    (mappe / "counter_1.db").touch()
    [sim, *_] = prosesser(Oppsett(malinger=mappe), ADRESSER)
    assert list(mappe.iterdir()) == []
    assert sim.miljo["PROMETHEUS_MULTIPROC_DIR"] == str(mappe)


@pytest.mark.parametrize("navn", [c.name for c in app.registered_commands])
def test_every_command_answers_help(navn: str) -> None:
    sti, _ = KOMMANDOER[navn]
    modul, _, attributt = sti.partition(":")
    assert hasattr(importlib.import_module(modul), attributt)
    svar = CliRunner().invoke(app, [navn, "--help"])
    assert svar.exit_code == 0
    assert f"boligsak {navn}" in svar.output


def test_help_loads_no_heavy_library() -> None:
    """That is what keeps `boligsak --help` quick."""
    kode = (
        "import sys, services.cli; tunge = {'sqlalchemy', 'celery', 'fastapi', 'psycopg', 'numpy', 'pydantic'};"
        "print(sorted(tunge & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
