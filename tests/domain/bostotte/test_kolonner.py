"""Facts that cannot be read are refused with the name of the field."""

from copy import deepcopy
from typing import Any

import pytest

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import FaktaFeil, fullfor
from domain.bostotte.kolonner import kolonner
from domain.kommuner import UkjentKommune
from tests.domain.bostotte.husstander import person, sak


def endret(sti: str, verdi: Any) -> Any:
    ut: Any = deepcopy(sak("2026-09", barn=1))
    *veien, siste = [int(d) if d.isdecimal() else d for d in sti.split(".")]
    mal = ut
    for del_ in veien:
        mal = mal[del_]
    if verdi is ...:
        del mal[siste]
    else:
        mal[siste] = verdi
    return ut


@pytest.mark.parametrize(
    ("sti", "verdi", "felt"),
    [
        ("husstand.1.fodselsdato", "2016-2-1", "husstand[1].fodselsdato"),
        ("husstand.1.fodselsdato", "2016-02-30", "husstand[1].fodselsdato"),
        ("husstand.1.fodselsdato", None, "husstand[1].fodselsdato"),
        ("husstand.0.fodselsdato", ..., "husstand[0].fodselsdato"),
        ("husstand.0.manedsinntekt", None, "husstand[0].manedsinntekt"),
        ("husstand.0.formue.annen", "mye", "husstand[0].formue.annen"),
        ("husstand.0.formue.annen", float("nan"), "husstand[0].formue.annen"),
        ("husstand.0.meldepliktig.naering", float("inf"), "husstand[0].meldepliktig.naering"),
        ("husstand.1.rolle", "soker", "husstand"),
        ("husstand", [], "husstand"),
        ("bolig.disposisjonsform", "telt", "bolig.disposisjonsform"),
        ("bolig.disposisjonsform", ..., "bolig.disposisjonsform"),
        ("bolig.boutgift_per_maned", None, "bolig.boutgift_per_maned"),
        ("kommunenummer", "oslo", "kommunenummer"),
        ("kommunenummer", "12345", "kommunenummer"),
        ("kommunenummer", "-301", "kommunenummer"),
        ("bolig", ..., "bolig"),
    ],
)
def test_feilen_navngir_feltet(sti: str, verdi: Any, felt: str) -> None:
    dokument = endret(sti, verdi)
    with pytest.raises(FaktaFeil) as feil:
        kolonner([dokument])
    assert feil.value.felt == felt
    with pytest.raises(FaktaFeil) as feil:
        kolonner([sak("2026-09"), dokument])
    assert feil.value.felt == f"dokument[1].{felt}"


@pytest.mark.parametrize(
    ("sti", "felt"),
    [("husstand.0.lonn", "husstand[0].lonn"), ("adresse", "adresse"), ("bolig.farge", "bolig.farge")],
)
def test_ukjente_felt_nektes(sti: str, felt: str) -> None:
    with pytest.raises(FaktaFeil) as feil:
        fullfor(endret(sti, 1))
    assert feil.value.felt == felt


def test_ukjent_kommune_nektes_i_terminen() -> None:
    for nummer, termin in (("9999", "2026-09"), ("3005", "2024-01"), ("3301", "2023-12")):
        with pytest.raises(UkjentKommune) as feil:
            beregn([sak(termin), sak(termin, kommunenummer=nummer)], termin)
        assert feil.value.felt == "kommunenummer"
        assert nummer not in feil.value.melding


def test_gamle_og_nye_numre_gir_samme_gruppe() -> None:
    par = {"3024": "3201", "5401": "5501", "3030": "3205", "3005": "3301"}
    for gammelt, nytt in par.items():
        gruppe = [
            beregn([sak(t, kommunenummer=n)], t).verdier["kommunegruppe"][0]
            for t, n in (("2023-12", gammelt), ("2024-01", nytt))
        ]
        assert gruppe[0] == gruppe[1]


def test_et_ufullstendig_dokument_er_det_samme_som_et_fullstendig() -> None:
    delvis: Any = {
        "termin": "2026-09",
        "kommunenummer": "0301",
        "husstand": [{"rolle": "soker", "fodselsdato": "1990-05-01", "meldepliktig": {"kapital": 9_000}}],
        "bolig": {"disposisjonsform": "eid", "godkjent": True},
    }
    hel = fullfor(delvis)
    assert fullfor(hel) == hel
    assert hel["husstand"][0]["meldepliktig"] == {"kapital": 9_000, "naering": 0, "utland": 0}
    assert beregn([delvis], "2026-09").dokument() == beregn([hel], "2026-09").dokument()


def test_utsnitt_er_sakene_de_sier() -> None:
    dokumenter = [sak("2026-09", 1_000 * i, voksne=i % 3) for i in range(9)]
    del_ = kolonner(dokumenter).utsnitt(4, 7)
    assert beregn(del_, "2026-09").dokument(1) == beregn([dokumenter[5]], "2026-09").dokument()


def test_innsendt_dokument_endres_ikke() -> None:
    dokument = sak("2026-09", andre=[person()])
    kopi = deepcopy(dokument)
    beregn([dokument], "2026-09").dokument()
    assert dokument == kopi
