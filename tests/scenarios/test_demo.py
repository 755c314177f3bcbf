"""What the example claims of the demo cover. That they go as their files state is for ``test_demokommando.py``."""

import pytest

from domain.bostotte.beregning import regelversjon
from services.demo import eksempel

ALLE = eksempel.alle()
BOSTOTTE = [e for e in ALLE if e.ordning == "bostotte"]


def test_eksempelsoknadene_dekker_hver_vedtakskode_og_en_apen_oppgave():
    assert len(BOSTOTTE) >= 24
    assert {e.forventet.kode for e in BOSTOTTE} == {
        None,
        "V00",
        "V02",
        "V03",
        "V04",
        "V05",
        "V09",
        "V11",
        "V48",
    }


def test_eksempelsoknadene_dekker_hvert_regelsett_rundt_overgangene_i_2024():
    assert {"2022-06", "2023-12", "2024-03", "2024-04", "2024-07", "2026-09"} <= {e.termin for e in BOSTOTTE}
    assert len({regelversjon(e.termin) for e in BOSTOTTE}) >= 4


def test_startlan_har_bevis_avslag_forhandssvar_og_ko():
    startlan = {e.forventet.kode or e.forventet.oppgave for e in ALLE if e.ordning == "startlan"}
    assert startlan == {"L00", "L08", "F00", "bevilgning:venter_pa_ramme"}


def test_hver_disposisjonsform_har_et_eksempel():
    former = {e.bolig.soknad["disposisjonsform"] for e in BOSTOTTE}
    assert former == {"leid", "kommunal", "borettslag", "eid", "bofellesskap"}


def test_ingen_person_star_i_to_eksempler():
    numre = [e.fnr(i) for e in ALLE for i in range(len(e.personer))]
    assert len(set(numre)) == len(numre)


@pytest.mark.parametrize(
    ("endring", "felt"),
    [
        ({"forventet": {}}, "forventet"),
        ({"soker": {}}, "soker"),
        ({"farge": "rød"}, "farge"),
        ({"nede": {"register": "ukjent", "kall": 1}}, "nede.register"),
    ],
)
def test_en_fil_som_ikke_er_riktig_sier_hvilket_felt(endring: dict, felt: str):
    dokument = ALLE[0].model_dump(by_alias=True, exclude={"navn", "nr"})
    with pytest.raises(ValueError) as feil:
        eksempel.les({**dokument, **endring}, "x", 1)
    assert felt in {".".join(map(str, e["loc"])) for e in feil.value.errors()}  # type: ignore[attr-defined]
