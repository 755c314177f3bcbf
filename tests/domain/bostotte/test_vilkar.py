"""Eligibility and the order of the refusals."""

from itertools import combinations
from typing import Any

import pytest

from domain.bostotte.beregning import beregn
from domain.bostotte.koder import KODER
from tests.domain.bostotte.husstander import person, sak, utfall, verdi

T = "2026-09"


def kode(**felt: Any) -> str:
    return utfall(sak(T, **felt))[0]


def test_innvilget_i_utgangspunktet() -> None:
    assert kode() == "V00"


GRUNNER: dict[str, dict[str, Any]] = {
    "V48": {"andre": [person(ikke_pa_adressen=True)]},
    "V09": {"mangler_opplysninger": True},
    "V05": {"ikke_bosatt": True},
    "V11": {"dod": True},
    "V04": {"bolig": {"godkjent": False}},
    "V02": {"verneplikt": True},
    "V03": {"inntekt": 90_000},
}


def test_rekkefolgen_star_ett_sted() -> None:
    assert [k.kode for k in KODER] == ["V00", *GRUNNER]


@pytest.mark.parametrize("navn", GRUNNER)
def test_hver_grunn_alene(navn: str) -> None:
    assert kode(**GRUNNER[navn]) == navn
    assert utfall(sak(T, **GRUNNER[navn]))[1] == 0


@pytest.mark.parametrize(("forst", "sist"), list(combinations(GRUNNER, 2)))
def test_den_forste_grunnen_gar_foran(forst: str, sist: str) -> None:
    assert kode(**{**GRUNNER[sist], **GRUNNER[forst]}) == forst


def test_avvist_er_ikke_avslag() -> None:
    assert {k.kode for k in KODER if k.utfall == "avvist"} == {"V48", "V09"}


@pytest.mark.parametrize(
    ("felt", "ventet"),
    [
        ({"fritidsbolig": True}, "V04"),
        ({"godkjent": False}, "V04"),
        ({"disposisjonsform": "bofellesskap"}, "V00"),
        ({"disposisjonsform": "kommunal"}, "V00"),
    ],
)
def test_boligen(felt: dict[str, object], ventet: str) -> None:
    assert kode(bolig=felt) == ventet


def test_under_18_bare_med_egne_barn() -> None:
    assert kode(fodselsdato="2008-09-02") == "V02"
    assert kode(fodselsdato="2008-09-01") == "V00"
    assert kode(fodselsdato="2009-01-01", bor_med_egne_barn=True, barn=1) == "V00"


def test_soker_ma_bo_i_boligen() -> None:
    assert kode(ikke_pa_adressen=True) == "V02"


@pytest.mark.parametrize("grunn", ["verneplikt", "institusjon", "student"])
def test_en_utelukket_person_stenger_hele_husstanden(grunn: str) -> None:
    assert kode(**dict.fromkeys([grunn], True)) == "V02"
    assert kode(andre=[{**person(), grunn: True}]) == "V02"


@pytest.mark.parametrize("unntak", ["student_unntak_arbeidskvalifisering", "student_unntak_bor_hos_foreldre"])
def test_studentens_unntak(unntak: str) -> None:
    assert kode(andre=[{**person(student=True, fodt="2004-01-01"), unntak: True}]) == "V00"
    assert kode(student=True, **{unntak: True}) == "V00"
    assert kode(verneplikt=True, **{unntak: True}) == "V02"


def test_student_med_barn_i_husstanden() -> None:
    assert kode(student=True, barn=1) == "V00"
    assert kode(student=True, andre=[person(fodt="2008-09-01")]) == "V02"
    assert kode(institusjon=True, barn=1) == "V02"


def test_en_elev_under_18_stenger_ikke_familien_ute() -> None:
    assert kode(andre=[person(fodt="2010-01-01", student=True)]) == "V00"


def test_en_dod_biperson_er_ikke_i_husstanden() -> None:
    fakta = sak(T, 10_000, andre=[person(inntekt=30_000, dod=True, verneplikt=True)])
    assert utfall(fakta) == utfall(sak(T, 10_000))
    assert verdi(fakta, "antall_personer") == 1


def test_et_barn_fodt_etter_situasjonsdatoen_er_ikke_med_enna() -> None:
    assert verdi(sak(T, andre=[person(fodt="2026-09-02")]), "antall_personer") == 1
    assert verdi(sak(T, andre=[person(fodt="2026-09-01")]), "antall_personer") == 2


def test_en_biperson_som_ikke_er_bosatt_gir_ikke_avslag() -> None:
    assert kode(andre=[person(ikke_bosatt=True)]) == "V00"


def test_minste_utbetaling_i_hele_kroner() -> None:
    """No amount between nothing and the minimum, over a range of incomes that meets it."""
    svar = beregn([sak(T, inntekt) for inntekt in range(20_000, 27_000, 3)], T)
    belop = set(svar.belop_per_maned.tolist())
    assert 0 in belop
    assert 63 <= min(belop - {0}) < 70
    assert set(svar.verdier["beregnet_belop"].tolist()) - belop == set(range(1, 63)) & set(
        svar.verdier["beregnet_belop"].tolist()
    )


@pytest.mark.parametrize(
    ("bolig", "ventet"),
    [
        ({"disposisjonsform": "leid", "boutgift_per_maned": 5_000}, 60_000),
        ({"disposisjonsform": "borettslag", "boutgift_per_maned": 5_000}, 60_000),
        (
            {"disposisjonsform": "borettslag", "boutgift_per_maned": 5_000, "oppvarming_inkludert": False},
            66_791,
        ),
        ({"disposisjonsform": "eid", "boutgift_per_maned": 4_000}, 48_000 + 13_582),
        (
            {"disposisjonsform": "eid", "boutgift_per_maned": 4_000, "kommunale_avgifter_per_maned": 900},
            48_000 + 13_582 + 10_800,
        ),
        (
            {"disposisjonsform": "leid", "boutgift_per_maned": 5_000, "kommunale_avgifter_per_maned": 900},
            60_000,
        ),
    ],
)
def test_boutgifter_etter_disposisjonsform(bolig: dict[str, object], ventet: int) -> None:
    """Rates of June 2023, which are verbatim; a pensioner, so that heating counts."""
    assert verdi(sak("2023-06", bolig=bolig, alderspensjonist=True), "boutgifter") == ventet


@pytest.mark.parametrize(
    ("form", "bolig", "annen", "tillegg"),
    [
        ("leid", 0, 310_208, 0),
        ("leid", 0, 410_208, 65_000),
        ("leid", 410_208, 0, 65_000),
        ("eid", 651_436, 310_208, 0),
        ("eid", 751_436, 310_208, 65_000),
        ("borettslag", 751_436, 210_208, 0),
        ("eid", 100_000, 410_208, 65_000),
        ("eid", 2_000_000, -2_000_000, 0),
    ],
)
def test_formue(form: str, bolig: int, annen: int, tillegg: int) -> None:
    """Allowances of June 2023: 310 208, and 651 436 for the dwelling one owns."""
    fakta = sak("2023-06", bolig={"disposisjonsform": form}, formue={"bolig": bolig, "annen": annen})
    assert verdi(fakta, "formuestillegg") == pytest.approx(tillegg)


def test_meldepliktig_inntekt() -> None:
    """The allowance in capital income is a person's own (5 826 in June 2022); a loss does not reduce other income."""
    to = [person(meldepliktig={"kapital": 5_826, "naering": -9_000, "utland": 100})]
    fakta = sak("2022-06", meldepliktig={"kapital": 6_826, "naering": 2_000, "utland": 0}, andre=to)
    assert verdi(fakta, "meldepliktig_husstand") == 1_000 + 2_000 + 100


def test_terskel_for_ung_ufor_gjelder_hele_husstanden() -> None:
    assert verdi(sak(T, ung_ufor=True), "terskel_2") == 295_795
    assert verdi(sak(T, andre=[person(ung_ufor=True)]), "terskel_2") == 295_795
    assert verdi(sak(T, ung_ufor=True, uforepensjonist=True), "terskel_1") == 148_275
    assert verdi(sak(T, ung_ufor=True, uforepensjonist=True), "terskel_2") == 295_795
    assert verdi(sak("2022-06", ung_ufor=True), "terskel_2") == 243_423
