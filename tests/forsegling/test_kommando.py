"""``boligsak nokkel`` and ``boligsak token`` as commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import nokkel, token
from services.forsegling import forsegler
from services.innstillinger import innstillinger
from services.tilgang import lokal
from services.tilgang.oppsett import tilgangsoppsett
from services.tilgang.token import les_token, leser

KJOR = CliRunner()


@pytest.fixture(autouse=True)
def _egen_rot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lagre = (innstillinger, tilgangsoppsett, lokal.privat_nokkel, lokal.offentlig_jwk, forsegler, leser)
    monkeypatch.setenv("BOLIGSAK_ROT", str(tmp_path))
    for lager in lagre:
        lager.cache_clear()
    yield
    for lager in lagre:
        lager.cache_clear()


def test_new_key_then_rotate_and_count(rydd: str) -> None:
    ny = KJOR.invoke(nokkel.app, ["ny"])
    assert ny.exit_code == 0
    assert ny.stdout.startswith("k-20")
    roter = KJOR.invoke(nokkel.app, ["roter"])
    assert (roter.exit_code, roter.stdout) == (0, f"Ferdig: 0 nøkler pakket om med {ny.stdout.strip()}\n")
    assert KJOR.invoke(nokkel.app, ["status"]).exit_code == 0


def test_rotation_without_a_key_file_in_production(rydd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOLIGSAK_MILJO", "prod")
    innstillinger.cache_clear()
    svar = KJOR.invoke(nokkel.app, ["roter"])
    assert svar.exit_code == 1
    assert "BOLIGSAK_KEK_FIL" in svar.stderr


def test_token_for_a_caseworker() -> None:
    svar = KJOR.invoke(
        token.app, ["--kommune", "0301", "--rolle", "saksbehandler", "--navn", "Kari", "--klarert"]
    )
    assert svar.exit_code == 0
    aktor = les_token(f"Bearer {svar.stdout.strip()}")
    assert (aktor.navn, aktor.kommuner, aktor.klarert) == ("Kari", {"0301"}, True)


@pytest.mark.parametrize(
    ("valg", "felt"),
    [
        (["--kommune", "301", "--rolle", "saksbehandler"], "--kommune"),
        (["--kommune", "alle", "--kommune", "0301", "--rolle", "saksbehandler"], "--kommune"),
        (["--kommune", "0301", "--rolle", "konge"], "--rolle"),
        (["--rolle", "saksbehandler"], "--kommune"),
    ],
)
def test_bad_choice_names_the_option(valg: list[str], felt: str) -> None:
    svar = KJOR.invoke(token.app, valg)
    assert svar.exit_code == 2
    assert felt in svar.stderr


def test_no_token_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOLIGSAK_MILJO", "prod")
    svar = KJOR.invoke(token.app, ["--kommune", "0301", "--rolle", "saksbehandler"])
    assert svar.exit_code == 1
    assert "prod" in svar.stderr
    assert svar.stdout == ""
