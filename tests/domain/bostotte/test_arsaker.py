"""The causes of a difference add up to it, and the right one is named."""

import numpy as np
import pytest
from hypothesis import given, settings

from domain.bostotte.arsaker import ARSAKER, forklar, forklar_en
from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import Fakta, FaktaFeil
from domain.bostotte.kolonner import kolonner
from tests.domain.bostotte.husstander import husstander, person, sak, tilfeldige, utfall


@settings(max_examples=60, deadline=None)
@given(husstander(), husstander())
def test_delene_er_hele_forskjellen(for_: Fakta, etter: Fakta) -> None:
    deler = forklar([for_], [etter])
    assert tuple(deler) == ARSAKER
    assert sum(int(k[0]) for k in deler.values()) == utfall(etter)[1] - utfall(for_)[1]


def test_delene_er_hele_forskjellen_for_mange_par() -> None:
    for_, etter = tilfeldige(3000, "2024-03", 1), tilfeldige(3000, "2024-10", 2)
    sum_ = sum(forklar(kolonner(for_), kolonner(etter)).values())
    forskjell = beregn(etter, "2024-10").belop_per_maned - beregn(for_, "2024-03").belop_per_maned
    assert np.array_equal(sum_, forskjell)


def test_par_av_ulike_terminer_kan_blandes() -> None:
    par = [(sak("2024-03", 20_000), sak("2024-04", 20_000)), (sak("2026-05", 9_000), sak("2026-06", 9_000))]
    deler = forklar([a for a, _ in par], [b for _, b in par])
    for i, (a, b) in enumerate(par):
        assert {n: int(k[i]) for n, k in deler.items() if k[i]} == forklar_en(a, b)


@pytest.mark.parametrize(
    ("etter", "arsak"),
    [
        (sak("2026-09", 12_000), "inntekt"),
        (sak("2026-09", 15_000, barn=1), "husstand"),
        (sak("2026-09", 15_000, bolig={"boutgift_per_maned": 5_000}), "boutgift"),
        (sak("2026-09", 15_000, kommunenummer="0301"), "tak"),
        (sak("2026-09", 15_000, bolig={"spesialtilpasset": True}), "tak"),
        (sak("2026-09", 15_000, formue={"bolig": 0, "annen": 400_000}), "formue"),
        (sak("2026-09", 15_000, student=True), "kontroll"),
        (sak("2026-09", 15_000, bolig={"fritidsbolig": True}), "kontroll"),
        (sak("2026-09", 15_000, ung_ufor=True), None),
        (sak("2026-09", 15_000), None),
    ],
)
def test_en_endret_opplysning_gir_en_arsak(etter: Fakta, arsak: str | None) -> None:
    assert set(forklar_en(sak("2026-09", 15_000), etter)) == ({arsak} if arsak else set())


@pytest.mark.parametrize(
    ("for_", "etter", "arsaker"),
    [
        ("2024-03", "2024-04", {"regelform"}),
        ("2024-04", "2024-03", {"regelform"}),
        ("2023-01", "2023-02", {"regelform"}),
        ("2024-06", "2024-07", {"regelform", "satser", "tak"}),
        ("2026-05", "2026-06", {"satser", "tak"}),
        ("2025-06", "2025-07", set()),
    ],
)
def test_endrede_regler(for_: str, etter: str, arsaker: set[str]) -> None:
    assert set(forklar_en(sak(for_, 21_500, barn=1), sak(etter, 21_500, barn=1))) <= arsaker
    assert bool(arsaker) == bool(forklar_en(sak(for_, 21_500, barn=1), sak(etter, 21_500, barn=1)))


def test_den_som_flytter_inn_tar_inntekten_med_seg() -> None:
    alene = sak("2026-09", 10_000)
    to = sak("2026-09", 10_000, andre=[person(inntekt=6_000)])
    assert set(forklar_en(alene, to)) == {"husstand"}
    assert forklar_en(to, alene) == {"husstand": -forklar_en(alene, to)["husstand"]}


def test_samme_person_kjennes_igjen_selv_om_en_annen_flytter_ut() -> None:
    tvillinger = [person(fodt="1999-05-05", inntekt=4_000), person(fodt="1999-05-05", inntekt=4_000)]
    for_ = sak("2026-09", 10_000, andre=[person(fodt="1970-01-01"), *tvillinger])
    etter = sak("2026-09", 10_000, andre=[tvillinger[0], person(fodt="1999-05-05", inntekt=9_000)])
    deler = forklar_en(for_, etter)
    assert deler["inntekt"] == utfall(etter)[1] - utfall(sak("2026-09", 10_000, andre=tvillinger))[1]
    assert set(deler) == {"husstand", "inntekt"}


def test_ulike_antall_nektes() -> None:
    with pytest.raises(FaktaFeil, match="etter"):
        forklar([sak("2026-09")], [])
