"""The public legal content: complete, and reckoned rather than typed."""

import json

import pytest

from domain.bostotte.lovinnhold import lovinnhold, lovinnhold_markdown
from domain.bostotte.regelsett import REGLER, SATSER


def test_hver_regel_har_tekst_hjemmel_periode_inn_og_regnet_eksempel() -> None:
    side = lovinnhold()
    assert len(side["regler"]) == len(REGLER.alle())
    for regel in side["regler"]:
        navn = regel["navn"]
        assert regel["tekst"]["nb"].endswith("."), navn
        assert regel["tekst"]["nn"].endswith("."), navn
        assert "§" in regel["hjemmel"], navn
        assert regel["gyldig_fra"], navn
        assert regel["inn"], navn
        assert regel["formel"], navn
        eksempel = regel["eksempel"]
        assert eksempel["verdi"] is not None, navn
        opplysninger = {i["navn"] for i in regel["inn"] if i["slag"] in ("regel", "opplysning")}
        assert set(eksempel["inn"]) == opplysninger, navn
        assert set(eksempel["satser"]) == {i["navn"] for i in regel["inn"] if i["slag"] == "sats"}, navn


def test_eksemplene_er_regnet_av_regelen() -> None:
    eksempler = {(r["navn"], r["gyldig_fra"]): r["eksempel"]["verdi"] for r in lovinnhold()["regler"]}
    assert eksempler["egenandel", "2024-07"] == 34855.86
    assert eksempler["beregnet_belop", "2022-06"] == 6565
    assert eksempler["inntektsvekt", "2023-02"] == pytest.approx(1.3)
    assert eksempler["vektet_inntekt", "2022-06"] == 238095.24
    assert eksempler["kode", "2022-06"] == "V04"
    assert eksempler["manedsinntekt_medregnet", "2025-01"] == [18_000]
    assert eksempler["kommunegruppe", "2022-06"] == 1


def test_siden_er_json_og_nevner_hver_sats() -> None:
    side = lovinnhold()
    assert json.loads(json.dumps(side)) == side
    assert {s["navn"] for s in side["satser"]} == set(SATSER)


def test_markdown_har_hver_regel_og_merker_hver_usikker_sats() -> None:
    tekst = lovinnhold_markdown()
    for regel in REGLER.alle():
        assert f"### `{regel.navn}` ({regel.gyldig_fra}" in tekst
        assert regel.tekst["nn"] in tekst
    assert "**[D]** utledet ved regning" in tekst
    assert "| 2025-06-01 | [89029, 109820, 121599, 133380, 145159] | D |" in tekst
    assert tekst == lovinnhold_markdown()


def test_hver_sats_er_i_bruk_i_en_regel() -> None:
    brukt = {navn for regel in REGLER.alle() for navn in regel.inn}
    assert set(SATSER) <= brukt
