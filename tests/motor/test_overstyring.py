"""A caseworker's values are of the kind that they replace, or refused by name."""

from copy import deepcopy
from typing import Any

import pytest

from domain.sak.ordning import UlovligOverstyring
from schemas.beregning import BeregningBostotte
from services.motor.overstyring import krev_gyldig, krev_samme_slag, trygg_sti

FAKTA: dict[str, Any] = {
    "husstand": [{"fodselsdato": "1990-05-01", "student": False, "formue": {"bolig": 0, "annen": -5}}],
    "bolig": {"godkjent": False, "boutgift_per_maned": 12000},
}


@pytest.mark.parametrize(
    ("sti", "verdi"),
    [
        ("bolig.godkjent", True),
        ("bolig.boutgift_per_maned", 9000.5),
        ("husstand.0.fodselsdato", "1991-02-28"),
        ("husstand.0.formue", {"annen": -100}),
        ("husstand.7.student", True),  # leads nowhere: the scheme says so
    ],
)
def test_samme_slag_slipper_gjennom(sti: str, verdi: Any) -> None:
    krev_samme_slag(FAKTA, {sti: verdi})


@pytest.mark.parametrize(
    ("sti", "verdi"),
    [
        ("bolig.godkjent", "nei"),
        ("bolig.godkjent", 1),
        ("bolig.godkjent", None),
        ("bolig.boutgift_per_maned", "9000"),
        ("bolig.boutgift_per_maned", True),
        ("bolig.boutgift_per_maned", 10**400),
        ("bolig.boutgift_per_maned", 1e308),
        ("husstand.0.fodselsdato", "20260101"),
        ("husstand.0.fodselsdato", "2026-02-30"),
        ("husstand.0.formue", None),
        ("husstand.0.formue", []),
        ("husstand.0.formue", {}),
        ("husstand.0.formue", {"annen": "mye"}),
        ("husstand.0.formue", {"annen": 1e300}),
    ],
)
def test_annet_slag_nektes_med_stien(sti: str, verdi: Any) -> None:
    with pytest.raises(UlovligOverstyring) as feil:
        krev_samme_slag(FAKTA, {sti: verdi})
    assert feil.value.felt == sti


HELE: dict[str, Any] = {
    "termin": "2026-09",
    "kommunenummer": "0301",
    "husstand": [{"rolle": "soker", "fodselsdato": "1990-05-01", "formue": {"bolig": 0, "annen": -5}}],
    "bolig": {"disposisjonsform": "leid", "boutgift_per_maned": 12000},
}


@pytest.mark.parametrize(
    ("sti", "verdi", "melding"),
    [
        ("bolig.boutgift_per_maned", -1, "må være minst 0.0"),
        ("bolig.boutgift_per_maned", 0.001, "må ha høyst to desimaler"),
        ("husstand.0.fodselsdato", "1850-01-01", "må være en dato (ÅÅÅÅ-MM-DD) etter 1900"),
        ("husstand.0.formue.bolig", -1, "må være minst 0.0"),
        ("husstand.0.formue.gull", 1, "ukjent felt"),
    ],
)
def test_utenfor_det_fakta_kan_vaere_nektes_med_stien(sti: str, verdi: Any, melding: str) -> None:
    etter = deepcopy(HELE)
    *vei, siste = sti.split(".")
    sted: Any = etter
    for ledd in vei:
        sted = sted[int(ledd)] if ledd.isdecimal() else sted[ledd]
    sted[siste] = verdi
    with pytest.raises(UlovligOverstyring) as feil:
        krev_gyldig(BeregningBostotte, HELE, etter, {sti: verdi})
    assert (feil.value.felt, feil.value.melding) == (sti, melding)
    krev_gyldig(BeregningBostotte, etter, etter, {"bolig.godkjent": True})  # it was so before
    krev_gyldig(None, HELE, etter, {sti: verdi})


def test_ingen_er_fodt_etter_terminen() -> None:
    krev_samme_slag(HELE, {"husstand.0.fodselsdato": "2026-09-30"})
    with pytest.raises(UlovligOverstyring, match="etter terminen"):
        krev_samme_slag(HELE, {"husstand.0.fodselsdato": "2026-10-01"})


def test_sifre_fra_andre_skriftsprak_er_ikke_en_plass_i_husstanden() -> None:
    with pytest.raises(UlovligOverstyring):
        krev_samme_slag(FAKTA, {"husstand.\u0660.student": True})


@pytest.mark.parametrize("sti", ["soker.01019012345", "Kari Nordmann", "", "a" * 200])
def test_feilen_sier_ikke_etter_det_som_kan_vaere_et_navn_eller_et_nummer(sti: str) -> None:
    assert trygg_sti(sti) == "(ukjent)"
    assert trygg_sti("husstand.0.student") == "husstand.0.student"
