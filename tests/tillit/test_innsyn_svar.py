"""A citizen's whole answer: everything about them, nothing a register said of another, and the reading is noted."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from schemas.innsyn import Innsyn
from services.cli.innsyn import app
from services.innsyn.side import html
from tests.scenarios.bygg import person, soknad
from tests.tillit.conftest import A, Land, hode

NESTE = "en annen i husstanden"


@pytest.fixture(scope="module")
def husstand(tomt_land: Land) -> tuple[str, str, str]:
    """Case, applicant, partner: each with an income of their own."""
    partner = person("1991-04-04", inntekt=7123)
    s = soknad(person(inntekt=8456), partner, kommune=A)
    tomt_land.registrer(s)
    sak = tomt_land.send(s)["sak"]
    tomt_land.dren(sak)
    leser = {**hode("saksbehandler", [A], "Leser"), "Boligsak-Formal": "etterkontroll"}
    assert tomt_land.klient.get(f"/api/v1/saker/{sak}", headers=leser).status_code == 200
    return sak, s.soker.fnr, partner.fnr


def spor(land: Land, fnr: str, **valg: Any) -> dict[str, Any]:
    som = hode("innsynsbehandler", valg.pop("kommuner", ["alle"]), klarert=True)
    svar = land.klient.post("/api/v1/innsyn", json={"fnr": fnr}, headers=som)
    assert svar.status_code == 200, svar.text
    return dict(svar.json())


def test_sokeren_ser_fakta_vedtak_med_grunner_registre_og_lesinger(
    tomt_land: Land, husstand: tuple[str, str, str]
) -> None:
    sak_id, soker, partner = husstand
    spor(tomt_land, soker)
    [sak] = spor(tomt_land, soker)["saker"]
    assert (sak["id"], sak["rolle"]) == (sak_id, "soker")
    assert {o["kilde"] for o in sak["opplysninger"]} >= {"soknad", "folkeregister", "inntekt"}
    for o in sak["opplysninger"]:
        assert o["hentet"]
        assert o["hjemmel"]
        assert (o["innhold"] is None) == (o["gjelder"] == NESTE)
    [vedtak] = sak["vedtak"]
    assert len(vedtak["begrunnelse"]["nb"]) == len(vedtak["begrunnelse"]["nn"]) >= 3
    assert vedtak["fakta"]["husstand"]
    assert vedtak["regelversjon"]
    assert sak["utbetalinger"] or vedtak["utfall"] != "innvilget"
    assert {r["register"] for r in sak["registre"]} >= {"folkeregister", "inntekt", "matrikkel"}
    formal = [(x["hva"], x["formal"]) for x in sak["lesinger"]]
    assert ("sak", "etterkontroll") in formal
    assert ("innsyn", "innsyn") in formal
    assert all(x["hjemmel"] and x["aktor"] for x in sak["lesinger"])
    assert partner not in json.dumps(sak)


def test_den_andre_i_husstanden_ser_sitt_og_ikke_mer(tomt_land: Land, husstand: tuple[str, str, str]) -> None:
    _, soker, partner = husstand
    [sak] = spor(tomt_land, partner)["saker"]
    assert sak["rolle"] == "biperson"
    assert sak["vedtak"] == sak["utbetalinger"] == []
    vist = [o for o in sak["opplysninger"] if o["innhold"] is not None]
    assert {o["gjelder"] for o in vist} == {"deg"}
    assert soker not in json.dumps(vist)
    # Four digits may stand in any time or id: only what is said is searched.
    sagt = json.dumps([{k: v for k, v in o["innhold"].items() if k != "person_id"} for o in vist])
    assert "7123" in sagt
    assert "8456" not in sagt
    assert sak["lesinger"]


def test_bare_det_tokenet_ser(tomt_land: Land, husstand: tuple[str, str, str]) -> None:
    assert spor(tomt_land, husstand[1], kommuner=["4601"])["saker"] == []
    feil = tomt_land.klient.post(
        "/api/v1/innsyn", json={"fnr": "12345678901"}, headers=hode("innsynsbehandler", ["alle"])
    )
    assert (feil.status_code, feil.json()["feil"][0]["felt"]) == (422, "fnr")


class _Side(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.apne: list[str] = []
        self.overskrifter: list[int] = []
        self.tabeller: list[bool] = []
        self.koder: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.koder.add(tag)
        if tag not in {"meta", "link", "br"}:
            self.apne.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.overskrifter.append(int(tag[1]))
        if tag == "table":
            self.tabeller.append(False)
        if tag == "caption":
            self.tabeller[-1] = True
        if tag == "th":
            assert dict(attrs).get("scope") in {"row", "col"}

    def handle_endtag(self, tag: str) -> None:
        assert self.apne.pop() == tag


def test_siden_er_velformet_og_kan_leses_av_en_skjermleser(
    tomt_land: Land, husstand: tuple[str, str, str]
) -> None:
    tekst = html(Innsyn.model_validate(spor(tomt_land, husstand[1])))
    side = _Side()
    side.feed(tekst)
    assert side.apne == []
    assert all(side.tabeller)
    assert side.overskrifter[0] == 1
    assert side.overskrifter.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(side.overskrifter, side.overskrifter[1:], strict=False))
    assert {"main", "header", "title"} <= side.koder
    assert not side.koder & {"script", "img", "iframe"}
    assert '<html lang="nb">' in tekst
    assert "bustøttelova" in tekst
    farlig = Innsyn.model_validate(spor(tomt_land, husstand[1]))
    farlig.saker[0].opplysninger[0].innhold = {"<script>alert(1)</script>": "<b>x</b>"}
    assert "<script>" not in html(farlig)
    assert "&lt;script&gt;" in html(farlig)
    assert "ingen saker" in html(Innsyn(laget=farlig.laget, dato=farlig.dato, saker=[]))


def test_kommandoen_leser_nummeret_fra_standard_inn(
    tomt_land: Land, husstand: tuple[str, str, str], tmp_path: Path
) -> None:
    sak_id, soker, _ = husstand

    def kjor(*ord_: str, inn: str = "") -> Any:
        return CliRunner().invoke(app, ord_, input=inn)

    svar = kjor("--person", "-", inn=soker + "\n")
    assert svar.exit_code == 0, svar.stderr
    [sak] = json.loads(svar.stdout)["saker"]
    assert sak["id"] == sak_id
    assert sak["registre"][0]["register"]
    fil = tmp_path / "svar.html"
    assert kjor("--person", "-", "--format", "html", "--ut", str(fil), inn=soker).exit_code == 0
    assert fil.stat().st_mode & 0o777 == 0o600
    assert "kommando:" in fil.read_text()
    assert kjor("--person", "-", inn="123").exit_code == 2
