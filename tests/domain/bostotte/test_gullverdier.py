"""Figures printed in the sources [V], [V2]: the only oracles. Derived rates are inputs here, never the answer."""

from typing import Any

import pytest

from domain.bostotte.beregning import beregn, plan_for, regn_ut
from domain.bostotte.kolonner import kolonner
from tests.domain.bostotte.husstander import person, sak, utfall, verdi

EKSEMPEL = sak(
    "2026-09",
    18_000,
    kommunenummer="0301",
    fodselsdato="1990-05-01",
    barn=1,
    bolig={"boutgift_per_maned": 12_000},
)


def test_eksempelet_i_oslo_september_2026() -> None:
    assert utfall(EKSEMPEL) == ("V00", 6565)
    svar = beregn([EKSEMPEL], "2026-09").dokument()
    egenandel = next(linje for linje in svar["spor"] if linje["navn"] == "egenandel")
    assert egenandel["verdi"] == 34855.86
    assert egenandel["hjemmel"] == "forskrift om bustøtte § 4"
    assert svar["utfall"] == "innvilget"


def test_arsrapport_2022_tabell_3() -> None:
    """Single, group 4, costs above the ceiling, 222 954 a year, June 2022, 0.12 %: 1 781 kr a month."""
    assert utfall(sak("2022-06", 222_954 / 12)) == ("V00", 1781)


def _hoyeste_inntekt(form: str, **husstand: Any) -> int:
    """Highest whole monthly income that still gives 56 kr, with the rates of December 2023 and this rule form."""
    plan = plan_for(form, "2023-12", "2023-12", "2023-12")
    lav, hoy = 5_000, 90_000
    while hoy - lav > 1:
        midt = (lav + hoy) // 2
        kol = kolonner([sak("2023-12", midt, **husstand)])
        lav, hoy = (midt, hoy) if regn_ut(plan, kol)["belop_per_maned"][0] >= 56 else (lav, midt)
    return lav


@pytest.mark.parametrize(
    ("husstand", "form", "tabell"),
    [
        ({}, "2024-04", 21_800),
        ({}, "2023-12", 24_600),
        ({"voksne": 1, "barn": 3}, "2024-04", 41_600),
        ({"voksne": 1, "barn": 3}, "2023-12", 50_200),
    ],
)
def test_arsrapport_2023_tabell_2(husstand: dict[str, int], form: str, tabell: int) -> None:
    """December 2023, group 4; the table is rounded to hundreds. The ordinary form is that of April 2024."""
    assert round(_hoyeste_inntekt(form, **husstand), -2) == tabell


@pytest.mark.parametrize(
    ("arsinntekt", "voksne", "barn", "for_februar", "desember"),
    [(300_000, 0, 1, 265_487, 260_870), (500_000, 1, 3, 328_947, 316_456)],
)
def test_arsrapport_2023_tabell_5(
    arsinntekt: int, voksne: int, barn: int, for_februar: int, desember: int
) -> None:
    inntekt = arsinntekt / 12
    assert round(verdi(sak("2023-12", inntekt, voksne=voksne, barn=barn), "vektet_inntekt")) == desember
    assert round(verdi(sak("2023-01", inntekt, voksne=voksne, barn=barn), "vektet_inntekt")) == for_februar


@pytest.mark.parametrize(("voksne", "barn", "vektet"), [(2, 0, 238_095), (0, 2, 230_769)])
def test_veilederens_eksempler_pa_vekting(voksne: int, barn: int, vektet: int) -> None:
    fakta = sak("2026-07", 25_000, voksne=voksne, barn=barn)
    assert round(verdi(fakta, "vektet_inntekt")) == vektet


@pytest.mark.parametrize(
    ("antall", "tak_2023", "tak_2026"),
    [
        (1, 78_237, 92_234),
        (2, 97_404, 113_774),
        (3, 108_263, 125_977),
        (4, 119_124, 138_182),
        (5, 129_983, 150_385),
    ],
)
def test_tak_etter_storrelse(antall: int, tak_2023: int, tak_2026: int) -> None:
    andre = [person(fodt="1950-01-01") for _ in range(antall - 1)]
    assert verdi(sak("2023-06", andre=andre), "boutgiftstak") == tak_2023
    assert verdi(sak("2026-06", andre=andre), "boutgiftstak") == tak_2026
    if antall == 5:
        assert verdi(sak("2026-06", andre=[*andre, person(), person()]), "boutgiftstak") == tak_2026


@pytest.mark.parametrize(
    ("kommunenummer", "tillegg_2023", "tillegg_2026"),
    [("0301", 24_900, 27_982), ("5001", 16_978, 19_079), ("1108", 11_319, 12_720), ("3401", 0, 0)],
)
def test_tak_etter_gruppe_og_tilpasning(kommunenummer: str, tillegg_2023: int, tillegg_2026: int) -> None:
    assert verdi(sak("2023-06", kommunenummer=kommunenummer), "boutgiftstak") == 78_237 + tillegg_2023
    tilpasset = {"spesialtilpasset": True}
    assert (
        verdi(sak("2026-06", kommunenummer=kommunenummer, bolig=tilpasset), "boutgiftstak")
        == 92_234 + tillegg_2026 + 5_724
    )


@pytest.mark.parametrize(
    ("termin", "minste"), [("2022-06", 22_487), ("2023-12", 23_949), ("2026-09", 26_576)]
)
def test_minste_egenandel(termin: str, minste: int) -> None:
    assert verdi(sak(termin), "egenandel") == minste
