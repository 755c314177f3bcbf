"""``boligsak calc tilsagn``: an application or an event reckoned from what a decision stores."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.cli.calc import app
from tests.tilsagn.livet import Liv


def _regn(navn: str, fakta: Any) -> Any:
    inn = fakta if isinstance(fakta, str) else orjson.dumps(fakta).decode()
    return CliRunner().invoke(app, ["tilsagn", "--ordning", navn, "--input", "-"], input=inn)


@pytest.mark.parametrize("navn", TILSAGNSORDNINGER)
def test_soknad_og_hendelse_regnes_og_lagrede_fakta_gir_det_samme(navn: str):
    liv = Liv(navn)
    liv.skje("annullering", belop=1)
    for fakta, virkning in zip(liv.fakta, liv.virkninger, strict=True):
        svar = orjson.loads(_regn(navn, fakta).stdout)
        assert (svar["kode"], svar["belop"]) == (virkning.kode, virkning.belop)
        assert orjson.loads(_regn(navn, svar["fakta"]).stdout) == svar
        assert svar["begrunnelse"]["nn"]


_GODT = {
    "termin": "2024-06",
    "kommunenummer": "0301",
    "prosjekt": {"soker": "annen", "voksenplasser": 1, "anleggskostnad": 1},
}


@pytest.mark.parametrize(
    ("endring", "felt"),
    [
        ({"termin": "2024-13"}, "termin"), ({"termin": 5}, "termin"), ({"termin": "1999-01"}, "termin"),
        ({"prosjekt": []}, "prosjekt"), ({"prosjekt": {"soker": "annen"}}, "prosjekt.voksenplasser"),
        ({"enheter": 3}, "enheter"), ({"enheter": [{"prom": 1}]}, "enheter.0.prom"),
        ({"engasjement": -1}, "engasjement"), ({"engasjement": 10**15}, "engasjement"),
        ({"engasjement_av": {"tull": 1}}, "engasjement_av.tull"), ({"prioritet": 1.5}, "prioritet"),
        ({"slag": "tull", "dag": "2024-06-01", "hendelse": {}, "stilling": {}}, "slag"),
        ({"slag": "vilkar", "dag": "i dag", "hendelse": {}, "stilling": {"tilstand": "tilsagn"}}, "input"),
        ({"slag": "vilkar"}, "stilling"),
    ],
)  # fmt: skip
def test_det_som_ikke_kan_regnes_navngir_feltet(endring: dict[str, Any], felt: str):
    svar = _regn("studentboliger", {**_GODT, **endring})
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert f"  {felt}: " in svar.stderr


@pytest.mark.parametrize("inn", ["", "{", "[]", "null", '{"termin": NaN}'])
def test_det_som_ikke_er_et_dokument(inn: str):
    assert _regn("studentboliger", inn).exit_code == 2
    assert _regn("finnes_ikke", inn).exit_code == 2


def test_siden_om_ordningene_nevner_hver_av_dem_med_post():
    side = Path("docs/tilsagn.md").read_text("utf-8")
    for navn, o in TILSAGNSORDNINGER.items():
        assert f"`{navn}`" in side
        assert o.post in side
        assert o.tilvekstpost is None or o.tilvekstpost in side
    eksempel = re.search(r"<<'JSON'\n(.*?)\nJSON", side, re.DOTALL)
    assert eksempel is not None
    svar = orjson.loads(_regn("studentboliger", eksempel[1]).stdout)
    assert f'"kode": "{svar["kode"]}"' in side
    assert f'"belop": {svar["belop"]}' in side
