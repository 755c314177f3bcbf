"""The public page of the legal content is the one the rules write, and lacks nothing."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from domain.ordninger import ORDNINGER
from services.cli import app as boligsak
from services.cli.rules import Form, lovsider

SIDER = Path("docs/lovinnhold")


@pytest.mark.parametrize("ordning", ORDNINGER)
@pytest.mark.parametrize("form", Form)
def test_the_committed_page_is_the_one_the_rules_write(ordning: str, form: Form) -> None:
    fil = SIDER / f"{ordning}.{form}"
    assert fil.read_bytes() == lovsider(ordning)[form], f"boligsak rules {ordning} --ut {SIDER}"


@pytest.mark.parametrize("ordning", ORDNINGER)
def test_every_rule_has_reference_period_its_languages_inputs_and_an_example(ordning: str) -> None:
    side = orjson.loads((SIDER / f"{ordning}.json").read_bytes())
    assert side["regler"]
    for regel in side["regler"]:
        navn = f"{regel['navn']} {regel['gyldig_fra']}"
        assert "§" in regel["hjemmel"], navn
        assert len(regel["gyldig_fra"]) == 7, navn
        assert regel["gyldig_til"] is None or regel["gyldig_fra"] <= regel["gyldig_til"], navn
        for sprak in ORDNINGER[ordning].sprak:
            assert len(regel["tekst"][sprak]) > 10, (navn, sprak)
        assert regel["inn"], navn
        eksempel: dict[str, Any] = regel["eksempel"]
        assert eksempel["verdi"] is not None, navn
        assert eksempel["inn"].keys() | eksempel["satser"].keys() == {
            i["navn"] for i in regel["inn"] if i["slag"] != "tabell"
        }, navn
    for sats in side["satser"]:
        assert sats["hjemmel"], sats["navn"]
        assert all(v["kilde"] for v in sats["verdier"]), sats["navn"]
    sprak_ = ORDNINGER[ordning].sprak
    assert all(k["hjemmel"] and all(k["tekst"][s] for s in sprak_) for k in side["koder"])


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    def kjor(*valg: str) -> Any:
        return CliRunner().invoke(boligsak, ["rules", *valg])

    assert kjor("bostotte").stdout.encode() == lovsider("bostotte")[Form.md]
    assert orjson.loads(kjor("bostotte", "--format", "json").stdout)["ordning"] == "bostotte"
    assert kjor("bostotte", "--ut", str(tmp_path / "ny")).exit_code == 0
    assert (tmp_path / "ny/bostotte.md").read_bytes() == lovsider("bostotte")[Form.md]
    ukjent = kjor("noe")
    assert ukjent.exit_code == 2
    assert "bostotte" in ukjent.output
