"""``boligsak report almenbolig``: printed and model side by side, and the same bytes each time."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import orjson
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from typer.testing import CliRunner

from services.cli.samspill_rapport import app
from services.rapport.almenbolig import FIGURER
from services.rapport.almenbolig_tal import alle, behov, budget_pr_lantype, udledt, virkning_af_skruer
from services.rapport.figurer import tegn


def test_hvert_trykt_tal_er_ens_eller_har_en_grund() -> None:
    afviger = {(t.sted, t.hvad) for t in alle() if not t.ens}
    assert afviger == {
        ("Bilag B", "Terminsydelse ved 1,6 pct."),
        ("Bilag B", "Faktisk terminsydelse ved −0,36 pct."),
        ("Tabel C.2 (tekst)", "Boligstøtte i pct. af 20 500 kr., af andelene selv"),
        ("Tabel C.2", "familie, netto pr. 1 mia. kr."),
        ("Tabel C.2", "ungdom, netto pr. 1 mia. kr."),
    }
    assert all(t.grund for t in alle() if not t.ens)
    assert len([t for t in alle() if t.sted == "Tabel C.1" and t.ens]) == 9


def test_det_udledte_haenger_sammen_med_teksten() -> None:
    """The rate backed out of 7 and 190 million is the edition's discounting; boligstøtte is a fifth, as in family
    dwellings."""
    u = udledt()
    assert abs((1 + u["realrente"]) * 1.02 - 1 - u["diskonteringsrente"]) < 1e-3
    assert abs(u["boligstotte_andel"] - u["boligstotte_andel_familie"]) < 0.005
    assert behov().rest + behov().tilbagelob == behov().brutto == 938


def test_ny_metode_giver_et_lavere_skon_og_skruerne_vender_som_i_teksten() -> None:
    """«Den hidtidige budgetteringsmetode overestimerer»: with rates that rise, the old method is dearer; a loan whose
    rate is one has both alike. Lower beboerbetaling costs; the two other turns save."""
    b = {r["lantype"]: r for r in budget_pr_lantype()}
    assert all(b[t]["ny_metode"] < b[t]["gammel_metode"] for t in ("rtl1", "rtl5", "rtl10"))
    assert round(b["fast"]["ny_metode"] - b["fast"]["gammel_metode"], 6) == 0
    assert [v > 0 for v in virkning_af_skruer().values()] == [True, False, False]


def test_figurerne_begynder_med_betalingsaar_1() -> None:
    """2.8 million from year 0 to 1, the last rise at the start of year 45, the state from year 30 to 40."""
    akser = {}
    for valg in FIGURER:
        ax = Figure().add_subplot()
        valg.tegn(ax)
        akser[valg.nummer] = ax
    for nummer in ("2.2", "4.1A", "4.1B"):
        linjer = {li.get_label(): li for li in akser[nummer].lines}
        x, y = (np.asarray(v).tolist() for v in linjer["Beboerbetaling"].get_data())
        assert (x[0], y[0], x[1], y[1]) == (0, 2.8, 1, 2.8)
        assert y[44] < y[45] == y[50]
        assert np.asarray(linjer["Låneydelse"].get_xdata()).tolist()[-1] == 30
        alle_ = [p for p in akser[nummer].patches if isinstance(p, Rectangle)]
        sojler = [p for p in alle_ if p.get_x() >= 30]
        assert [p.get_x() for p in sojler] == list(range(30, 40))
        assert all(p.get_height() < 0 for p in sojler)
    assert akser["2.1"].get_xlim() == (0, 50)


def test_rapporten_skrives_og_er_den_samme_igen(tmp_path: Path) -> None:
    svar = CliRunner().invoke(app, ["almenbolig", "--ut", str(tmp_path)])
    assert svar.exit_code == 0, svar.output
    filer = sorted(f.relative_to(tmp_path) for f in tmp_path.rglob("*.*"))
    assert len(filer) == 2 + 2 * len(FIGURER)
    igen = tegn(FIGURER[-1])
    assert (tmp_path / f"figurer/{FIGURER[-1].fil}.svg").read_bytes() == igen["svg"]
    assert (tmp_path / f"figurer/{FIGURER[-1].fil}.png").read_bytes() == igen["png"]
    tekst = (tmp_path / "almenbolig.md").read_text()
    for fil, valg in ((f, v) for f in filer for v in FIGURER if f.suffix == ".svg" and f.stem == v.fil):
        assert f"figurer/{fil.name}" in tekst
        assert ET.parse(tmp_path / fil).getroot().tag.endswith("svg")  # noqa: S314
        assert valg.alternativ in tekst
    assert "**afviger**" in tekst
    assert orjson.loads((tmp_path / "almenbolig.json").read_bytes())["valuta"] == "DKK"
