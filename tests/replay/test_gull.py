"""Golden decisions: of every rule period, the same for ever."""

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from domain.ordninger import ORDNINGER
from domain.regler.termin import forskyv
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.cli.replay import app
from services.replay import gull

MAPPE = Path("tests/golden")
ALLE = list(gull.les(MAPPE))


def test_every_rule_period_has_its_own_and_none_is_changed_or_gone() -> None:
    assert gull.feil(MAPPE) == []


@pytest.mark.parametrize("fil", sorted({g.sted.rpartition("/")[0] for g in ALLE}))
def test_the_golden_decisions_of_a_period_come_out_the_same(fil: str) -> None:
    egne = [g for g in ALLE if g.sted.startswith(fil + "/")]
    assert len(egne) >= 6
    assert {g.sted: gull.avvik(g) for g in egne if gull.avvik(g)} == {}


def test_the_periods_are_all_there_are() -> None:
    """Whatever the rates and the forms say of themselves: month by month, every change of rule version begins one."""
    for ordning in ORDNINGER.values():
        perioder = ordning.etterprov.perioder()
        assert perioder[0] == ordning.etterprov.lovinnhold()["forste_termin"]
        termin = perioder[0]
        for _ in range(12 * 8):
            neste = forskyv(termin, 1)
            if ordning.etterprov.regelversjon(neste) != ordning.etterprov.regelversjon(termin):
                assert neste in perioder
            termin = neste
    assert ORDNINGER["bostotte"].etterprov.perioder()[0] == "2022-06"
    assert "2024-01" in ORDNINGER["bostotte"].etterprov.perioder()  # the municipalities' numbers and groups


def test_the_kinds_reach_every_outcome_and_both_forms() -> None:
    egne = [g for g in ALLE if g.sted.startswith("bostotte/")]
    assert {g.dokument["kode"] for g in egne} >= {"V00", "V02", "V03", "V04", "V09"}
    assert len({g.dokument["fakta"]["kommunenummer"] for g in egne}) >= 5
    assert {f["bolig"]["disposisjonsform"] for f in (g.dokument["fakta"] for g in egne)} == {
        "leid", "kommunal", "borettslag", "eid", "bofellesskap",
    }  # fmt: skip


@pytest.mark.parametrize("navn", TILSAGNSORDNINGER)
def test_every_grant_and_loan_has_grants_refusals_and_events_of_its_life(navn: str) -> None:
    """A kind is named by the code it comes to under the newest rules."""
    egne = [g for g in ALLE if g.sted.startswith(f"{navn}/")]
    siste = max(g.sted.split("/")[1] for g in egne)
    koder = {}
    for g in egne:
        _, periode, slag = g.sted.split("/")
        if periode == siste:
            koder[slag] = g.dokument["kode"]
    assert {slag: kode for slag, kode in koder.items() if slag[:3] != kode} == {}
    assert {v.kode for v in TILSAGNSORDNINGER[navn].verk.vilkar} | {"T00"} <= set(koder.values())
    assert any("stilling" in g.dokument["fakta"] for g in egne)


@pytest.fixture
def kopi(tmp_path: Path) -> Path:
    """Two periods of the golden decisions, in a folder of their own, with their sums."""
    shutil.copytree(MAPPE, tmp_path / "g")
    return tmp_path / "g"


def test_a_changed_a_removed_and_a_forged_one_are_named(kopi: Path) -> None:
    fil = kopi / "bostotte/2024-07-v1.json"
    innhold = orjson.loads(fil.read_bytes())
    innhold["vedtak"]["enslig_leietaker"]["belop"] += 1
    innhold["vedtak"]["min_egen"] = innhold["vedtak"]["bofellesskap"]
    del innhold["vedtak"]["student"]
    fil.write_bytes(orjson.dumps(innhold))
    assert gull.feil(kopi) == [
        "bostotte/2024-07-v1/enslig_leietaker: er endret",
        "bostotte/2024-07-v1/enslig_leietaker: belop blir en annen nå",
        "bostotte/2024-07-v1/min_egen: står ikke i SUMMER.txt",
        "bostotte/2024-07-v1/student: er borte",
        "bostotte/2024-07-v1/student: mangler",
    ]
    kjor = CliRunner().invoke(app, ["gull", str(kopi)])
    assert kjor.exit_code == 2
    assert "holder ikke" in kjor.output


def test_the_command_adds_and_never_changes(kopi: Path) -> None:
    (kopi / "bostotte/2026-06-v1.json").unlink()
    summer = (kopi / "SUMMER.txt").read_text().splitlines(keepends=True)
    (kopi / "SUMMER.txt").write_text("".join(s for s in summer if "/2026-06-v1/" not in s))
    with (kopi / "bostotte/husstander.yaml").open("a") as ut:
        ut.write(
            'ny_slags:\n  kommunenummer: "0301"\n  husstand: [{rolle: soker, fodselsdato: "1990-01-01"}]\n'
            "  bolig: {disposisjonsform: leid, boutgift_per_maned: 8000, godkjent: true}\n"
        )
    for_ = {g.sted: g.sum for g in gull.les(kopi)}
    sjekk = CliRunner().invoke(app, ["gull", str(kopi), "--sjekk"])
    assert sjekk.exit_code == 1
    assert "bostotte/2026-06-v1/student: mangler" in sjekk.output
    kjor = CliRunner().invoke(app, ["gull", str(kopi)])
    assert kjor.exit_code == 0, kjor.output
    etter = {g.sted: g.sum for g in gull.les(kopi)}
    assert for_.items() <= etter.items()
    assert len(etter) == len(ALLE) + len(ORDNINGER["bostotte"].etterprov.perioder())
    assert gull.feil(kopi) == []
    assert "0 lagt til" in CliRunner().invoke(app, ["gull", str(kopi)]).output
    # What was there before comes out again exactly as committed.
    assert {g.sted: g.sum for g in ALLE}.items() <= etter.items()
