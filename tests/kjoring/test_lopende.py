"""What follows a decision, and which month a change and a payment belong to."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bostotte.koder import KODER
from domain.bostotte.kontrollkrav import GRUNNLAG, personkrav, personnokkel
from domain.bostotte.lopende import endring_gjelder, videre
from domain.bostotte.maned import MANEDLIG, rettsgebyr, utbetales
from domain.kalender import neste_termin, utbetalingsdag
from domain.sak.manedlig import Lopende, Videre, neste_forfall
from services.klokke import i_dag


def _etter(koder: list[str], termin: str = "2026-01") -> Videre:
    """Where a case stands after these decisions, one a month, as long as it runs."""
    for_: Lopende | None = None
    siste = Videre("lopende", 0, None)
    for kode in koder:
        utfall = next(k.utfall for k in KODER if k.kode == kode)
        siste = videre(for_, termin, kode, utfall)
        if siste.status == "stanset":
            break
        for_ = Lopende(termin, kode, siste.avslag_pa_rad)
        termin = neste_termin(termin)
    return siste


def test_innvilget_ruller_videre():
    assert _etter(["V00"] * 5) == Videre("lopende", 0, None)


@pytest.mark.parametrize(("antall", "status"), [(1, "lopende"), (2, "lopende"), (3, "stanset")])
def test_tre_avslag_pa_inntekt_pa_rad_stanser(antall: int, status: str):
    assert _etter(["V03"] * antall).status == status
    assert _etter(["V00"] + ["V03"] * antall).status == status


def test_en_innvilgelse_mellom_to_avslag_begynner_tellingen_pa_nytt():
    assert _etter(["V03", "V03", "V00", "V03", "V03"]) == Videre("lopende", 2, None)


@pytest.mark.parametrize("kode", [k.kode for k in KODER if k.kode not in ("V00", "V03")])
def test_ethvert_annet_avslag_stanser_straks_med_grunn(kode: str):
    etter = _etter(["V00", kode])
    assert etter.status == "stanset"
    assert etter.grunn


def test_dodsfall_og_flytting_har_hver_sin_grunn():
    assert _etter(["V11"]).grunn == "dod"
    assert _etter(["V48"]).grunn == "flyttet"
    assert MANEDLIG.stanser["soker_ikke_pa_adressen"] == "flyttet"


def test_nytt_vedtak_for_samme_maned_er_ikke_ett_avslag_til():
    for_ = Lopende("2026-05", "V03", 2)
    assert videre(for_, "2026-05", "V03", "avslag") == Videre("lopende", 2, None)
    assert videre(for_, "2026-06", "V03", "avslag").status == "stanset"


@pytest.mark.parametrize("grunn", ["tre_avslag", "flyttet"])
def test_en_ny_soknad_etter_stans_proves_tre_ganger_den_ogsa(grunn: str):
    stanset = Lopende("2026-03", "V03", 3, "avslag", grunn)
    assert videre(stanset, "2026-10", "V03", "avslag") == Videre("lopende", 1, None)
    assert videre(stanset, "2026-03", "V03", "avslag") == Videre("stanset", 3, "tre_avslag"), "samme måned"


@given(st.lists(st.sampled_from(["V00", "V03"]), min_size=1, max_size=12))
def test_stanset_bare_etter_tre_avslag_pa_rad(koder: list[str]):
    rad = "".join("n" if k == "V03" else "j" for k in koder)
    assert (_etter(koder).status == "stanset") == ("nnn" in rad)


@pytest.mark.parametrize(
    ("dag", "termin"),
    [
        (date(2026, 9, 1), "2026-09"),
        (date(2026, 9, 25), "2026-09"),
        (date(2026, 9, 26), "2026-10"),
        (date(2024, 2, 29), "2024-03"),
        (date(2026, 12, 31), "2027-01"),
    ],
)
def test_endring_innen_den_25_gjelder_samme_maned(dag: date, termin: str):
    assert endring_gjelder(dag) == termin


@pytest.mark.parametrize(
    ("meldt", "termin"),
    [
        ("2026-09-25T21:59:00+00:00", "2026-09"),  # 23:59 in Oslo
        ("2026-09-25T22:01:00+00:00", "2026-10"),  # 00:01 on the 26th
        ("2026-10-25T22:59:00+00:00", "2026-10"),  # the day that summer time ends: an hour longer
        ("2026-10-25T23:01:00+00:00", "2026-11"),
    ],
)
def test_den_25_slutter_ved_midnatt_i_oslo(meldt: str, termin: str):
    assert endring_gjelder(i_dag(datetime.fromisoformat(meldt))) == termin


@pytest.mark.parametrize(
    ("termin", "dag"),
    [
        ("2026-08", date(2026, 9, 18)),  # the 20th is a Sunday
        ("2026-05", date(2026, 6, 19)),  # a Saturday
        ("2026-03", date(2026, 4, 20)),
        ("2025-03", date(2025, 4, 16)),  # Easter Sunday; Thursday and Friday are closed too
        ("2024-01", date(2024, 2, 20)),
        ("2026-11", date(2026, 12, 18)),
    ],
)
def test_utbetalingsdag(termin: str, dag: date):
    assert utbetalingsdag(termin) == dag


@pytest.mark.parametrize(
    ("na", "dag"),
    [
        (datetime(2026, 9, 10, tzinfo=UTC), date(2026, 9, 18)),
        (datetime(2026, 9, 18, tzinfo=UTC), date(2026, 10, 20)),
        (datetime(2026, 9, 17, 22, 30, tzinfo=UTC), date(2026, 10, 20)),  # the 18th in Oslo
        (datetime(2026, 12, 31, tzinfo=UTC), date(2027, 1, 20)),
    ],
)
def test_en_differanse_folger_neste_utbetaling(na: datetime, dag: date):
    assert neste_forfall(MANEDLIG, i_dag(na)) == dag


def test_smabelop_verken_betales_eller_kreves():
    dag = date(2024, 6, 1)
    assert rettsgebyr(dag) == 1277
    assert [utbetales(d, dag) for d in (52, 53, 0, -1276, -1277)] == [False, True, False, False, True]


@pytest.mark.parametrize("termin", ["2024-12", "2026-01"])
def test_nokkelen_uten_kravet_er_kravets(termin: str):
    hvem = str(UUID(int=0xABC << 64))
    for register in GRUNNLAG:
        assert personnokkel(register, hvem, termin) == personkrav(register, hvem, termin).nokkel


def test_en_gammel_kommune_far_sitt_nye_nummer():
    soknad: dict[str, Any] = {"termin": "2023-12", "kommunenummer": "3004"}
    assert MANEDLIG.soknad_for(soknad, "2024-01")["kommunenummer"] == "3107"
    assert MANEDLIG.soknad_for(soknad, "2023-12")["kommunenummer"] == "3004"
