"""Loans followed up, and interest compensation by hand calculation."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tilsagn.felt import FeltFeil
from domain.tilsagn.laneplan import dager, dagrente, forfalt, gjeld, lop_til, terminplan, terminrente
from domain.tilsagn.rentekompensasjon.plan import Standardlan, grunnlag, kompensasjon
from services.tilgang.lokal import syntetisk_orgnr
from tests.tilsagn.livet import Liv

SKOLE = Standardlan(20, 5)


def lan(**vilkar: Any) -> Liv:
    """8 500 000 paid out on 15 October 2024, yearly terms."""
    liv = Liv("lanboligkvalitet")
    liv.skje("vilkar")
    liv.skje("utbetaling", **{"rente": 450, "terminer_per_ar": 1, "laneslag": "serie", **vilkar})
    return liv


def test_regneeksempelet_for_skoleordningen():
    """3 000 000 at 4.20 %: 63 000 a half-year for six years, since the first instalment falls at the end of the sixth;
    then 1/15 (200 000, that is 4 200 a half-year) less each year, and 4 200 in each half of the last year."""
    rente = [kompensasjon(SKOLE, 3_000_000, nr, 0.042).kompensasjon for nr in range(40)]
    assert rente[:12] == [63_000] * 12
    assert rente[12:14] == [58_800, 58_800]
    assert rente[-2:] == [4_200, 4_200]
    # 12 × 63 000 + 2 × 4 200 × (14 + 13 + … + 1)
    assert sum(rente) == 756_000 + 2 * 4_200 * 105 == 1_638_000


def test_kompensasjonens_avrunding():
    # 1 000 001 × 0.0411 / 2 = 20 550,02; a half is rounded up: 100 × 0.01 / 2 = 0,5
    assert kompensasjon(SKOLE, 1_000_001, 0, 0.0411).rente == 20_550
    assert kompensasjon(SKOLE, 100, 0, 0.01).rente == 1


def test_omsorgsordningen_kompenserer_avdrag_og_gar_i_null():
    lan = Standardlan(30, 0, med_avdrag=True)
    alle = [kompensasjon(lan, 3_000_000, nr, 0.04) for nr in range(60)]
    assert sum(h.avdrag for h in alle) == 3_000_000
    assert (alle[0].rente, alle[1].avdrag, alle[2].rente) == (60_000, 100_000, 58_000)
    assert grunnlag(lan, 3_000_000, 59) == 100_000


@pytest.mark.parametrize(
    ("nr", "kostnad", "rente", "felt"),
    [
        (40, 1, 0.04, "nr"),
        (-1, 1, 0.04, "nr"),
        (0, 0, 0.04, "kostnad"),
        (0, 1, 1.0, "rente"),
        (0, 1, -0.1, "rente"),
    ],
)
def test_darlige_tall_navngis(nr: int, kostnad: int, rente: float, felt: str):
    with pytest.raises(ValueError, match=felt):
        kompensasjon(SKOLE, kostnad, nr, rente)


def test_kompensasjon_utbetales_i_desember_i_tjue_ar():
    liv = Liv("laeringsarenaer")
    liv.skje("ferdigstilling", "2024-11-20", godkjent_kostnad=2_000_000, ferdigdato="2024-11-15")
    assert liv.sum("annullert") == 1_000_000
    koder = liv.la_ga("2060-01-01")
    assert koder == ["K10"] * 19 + ["K20"]
    forste = liv.virkninger[2]
    # both half-years of 2025 at 4.20 %, the newest rate known then
    assert (forste.belop, liv.fakta[2]["dag"]) == (84_000, "2025-12-15")
    assert liv.fakta[-1]["dag"] == "2044-12-15"
    assert liv.stilling["kompensert"] == sum(v.betales for v in liv.virkninger) == 1_638_000 * 2 // 3


def test_forste_kompensasjon_etter_et_helt_halvar():
    liv = Liv("laeringsarenaer")
    liv.skje("ferdigstilling", "2025-03-01", godkjent_kostnad=3_000_000, ferdigdato="2025-02-28")
    liv.la_ga("2025-12-31")
    assert (liv.virkninger[2].belop, liv.stilling["halvar"]) == (63_000, 1)


@given(
    st.integers(100, 10**12), st.integers(0, 1500), st.sampled_from([1, 2, 4, 12]), st.integers(1, 40),
    st.integers(0, 8), st.sampled_from(["serie", "annuitet"]),
)  # fmt: skip
@settings(max_examples=80, deadline=None, database=None)
def test_planen_ender_pa_null_ore(gjeld: int, rente: int, per_ar: int, ar: int, fri: int, slag: str):
    plan = terminplan(
        {"restgjeld": gjeld, "forfalt_avdrag": 0, "rente": rente, "terminer_per_ar": per_ar, "gjenstar": ar * per_ar,
         "avdragsfrie_terminer": min(fri, ar - 1) * per_ar, "slag": slag}
    )  # fmt: skip
    assert sum(avdrag for _, avdrag, _ in plan) == gjeld
    assert plan[-1][2] == 0
    assert all(avdrag >= 0 and rest_ >= 0 for _, avdrag, rest_ in plan)
    assert len(plan) == ar * per_ar


def test_annuitet_for_hand():
    """1 000 000 at 5 % over three yearly terms: 367 208.56 a year. Each term is reckoned anew: an øre may move."""
    plan = terminplan(
        {"restgjeld": 100_000_000, "forfalt_avdrag": 0, "rente": 500, "terminer_per_ar": 1, "gjenstar": 3,
         "avdragsfrie_terminer": 0, "slag": "annuitet"}
    )  # fmt: skip
    assert [r + a for r, a, _ in plan] == [36_720_856, 36_720_857, 36_720_856]
    assert terminrente(100_000_000, 500, 1) == plan[0][0] == 5_000_000


def test_andre_purring_overforer_til_innkreving_en_gang_og_innbetaling_henter_tilbake():
    liv = lan()
    assert liv.la_ga("2025-10-28") == ["T10"]  # 382 500 interest and 425 000 instalment
    assert liv.la_ga("2025-12-31") == ["P10", "P20"]
    assert (liv.tilstand, liv.fakta[-2]["dag"], liv.fakta[-1]["dag"]) == (
        "misligholdt",
        "2025-10-29",
        "2025-11-12",
    )
    assert liv.skje("purring", "2026-01-01").kode == "F09"
    assert liv.skje("innbetaling", belop_ore=80_749_999).kode == "B10"
    assert liv.skje("innbetaling", belop_ore=1).kode == "B30"
    assert liv.tilstand == "nedbetales"


def test_betalt_i_tide_purres_ikke():
    liv = lan()
    liv.la_ga("2025-10-15")
    liv.skje("innbetaling", "2025-10-15", belop_ore=80_750_000)
    assert liv.la_ga("2026-10-14") == []


def test_hele_lanet_nedbetales_til_null():
    liv = lan()
    while liv.tilstand == "nedbetales":
        liv.la_ga(f"{liv.dag.year + 1}-10-15")
        skyldig = liv.stilling["lan"]
        liv.skje("innbetaling", belop_ore=skyldig["skyldig_rente"] + skyldig["forfalt_avdrag"])
    assert (liv.tilstand, liv.dag.year) == ("innfridd", 2044)
    siste = liv.stilling["lan"]
    assert siste["innbetalt_avdrag"] == 850_000_000
    assert siste["innbetalt_rente"] == siste["opptjent_rente"]


def test_flytende_rente_endres_pa_de_faste_dagene_og_fast_nar_tiden_er_ute():
    liv = lan()
    assert liv.skje("renteendring", "2025-02-01", rente=480).kode == "F04"
    assert liv.skje("renteendring", "2025-03-01", rente=480).kode == "R10"
    assert liv.skje("renteendring", "2025-03-15", rente=400, binding_ar=3).kode == "R10"
    assert liv.skje("renteendring", "2027-05-01", rente=300).kode == "F04"
    assert liv.skje("renteendring", "2028-03-15", rente=300).kode == "R10"
    assert liv.skje("renteendring", "2028-03-16", rente=300, binding_ar=4).kode == "F04"


def test_utsettelse_lengre_lopetid_og_ny_debitor():
    liv = lan()
    liv.skje("utsettelse", "2025-01-01", terminer=2)
    liv.la_ga("2025-10-15")
    assert liv.stilling["lan"]["forfalt_avdrag"] == 0
    assert liv.skje("lengre_lopetid", terminer=10).kode == "E20"
    assert liv.skje("lengre_lopetid", terminer=1).kode == "F05"  # thirty years from the payout is the longest
    ny = syntetisk_orgnr("0301")
    assert liv.skje("debitorbytte", ny_debitor=ny, svak_kreditt=True).kode == "F06"
    assert liv.skje("debitorbytte", ny_debitor=ny, svak_kreditt=True, selvskyldnergaranti=True).kode == "E30"


def test_uten_avdrag_hoyst_atte_ar_i_alt():
    liv = lan(terminer_per_ar=4, avdragsfrie_ar=7)
    assert liv.skje("utsettelse", terminer=28).kode == "E10"  # no longer than it is free already
    assert liv.skje("utsettelse", terminer=32).kode == "E10"
    assert liv.skje("utsettelse", terminer=33).kode == "F10"
    liv.la_ga("2025-02-01")
    assert liv.skje("utsettelse", terminer=32).kode == "F10"  # a year's quarter is used up


def test_darlige_lanevilkar_navngir_feltet():
    for felt, verdi in (
        ("terminer_per_ar", 7),
        ("avdragsfrie_ar", 9),
        ("rente", 3001),
        ("rente", float("nan")),
    ):
        with pytest.raises(FeltFeil, match=felt):
            lan(**{felt: verdi})
    assert lan(binding_ar=4).tilstand == "vilkar_oppfylt"


@pytest.mark.parametrize(
    ("fra", "til", "antall"),
    [
        ("2024-10-15", "2025-10-15", 360), ("2025-01-31", "2025-02-28", 28), ("2024-12-31", "2025-01-31", 30),
        ("2025-02-28", "2025-03-01", 3), ("2025-03-01", "2025-03-01", 0),
    ],
)  # fmt: skip
def test_renter_regnes_av_maneder_pa_tretti_dager(fra: str, til: str, antall: int):
    assert dager(date.fromisoformat(fra), date.fromisoformat(til)) == antall


def test_ny_rente_og_ekstra_avdrag_midt_i_en_termin_for_hand():
    """8 500 000 at 4.50 % from 15 October 2024; 4.80 % from 1 March; 1 000 000 repaid on 1 July."""
    liv = lan()
    assert liv.skje("renteendring", "2025-01-20", rente=480, fra="2025-03-01").kode == "R20"
    assert liv.la_ga("2025-06-30") == ["R10"]
    liv.skje("innbetaling", "2025-07-01", belop_ore=100_000_000)
    assert liv.la_ga("2025-10-15") == ["T10"]
    # 136 days: 144 500.00; 120 days: 136 000.00; of 7 500 000, 104 days: 104 000.00
    assert liv.stilling["lan"]["skyldig_rente"] == 14_450_000 + 13_600_000 + 10_400_000
    assert liv.stilling["lan"]["forfalt_avdrag"] == 37_500_000


def test_hele_lanet_innfris_med_renten_som_er_lopt_pa():
    liv = lan()
    liv.dag = date(2025, 10, 14)
    lopt = dagrente(850_000_000, 450, 359)
    assert liv.skje("innbetaling", belop_ore=850_000_000 + lopt + 1).kode == "F02"
    assert liv.skje("innbetaling", belop_ore=850_000_000).kode == "B10"
    assert liv.skje("innbetaling", belop_ore=lopt).kode == "B20"
    assert (liv.tilstand, liv.stilling["lan"]["innbetalt_rente"]) == ("innfridd", 38_143_750)


def test_lan_som_betales_ut_i_deler_forfaller_og_betales_underveis():
    liv = Liv("lanboligkvalitet")
    liv.skje("vilkar")
    assert liv.skje("utbetaling", belop=2_000_000, siste=False, rente=450).kode == "U10"
    assert liv.la_ga("2024-12-31") == ["T10", "P10", "P20", "T10"]
    assert liv.tilstand == "misligholdt"
    assert liv.skje("utbetaling", belop=1_000_000, rente=450).kode == "F01"  # nothing more to one in default
    assert liv.skje("innbetaling", belop_ore=forfalt(liv.stilling["lan"])).kode == "B30"
    assert liv.tilstand == "under_arbeid"
    assert liv.skje("innbetaling", belop_ore=gjeld(lop_til(liv.stilling["lan"], liv.dag))).kode == "B10"
    assert liv.tilstand == "under_arbeid"  # there is more to pay out
    assert liv.skje("utbetaling", belop=1_000_000, siste=False, rente=450).kode == "U10"
    v = liv.skje("annullering")
    assert (v.kode, v.belop, liv.tilstand) == ("A10", 5_500_000, "nedbetales")
    assert liv.stilling["lan"]["restgjeld"] == 100_000_000


def test_misligholdt_lan_purres_ikke_en_gang_til():
    liv = lan(terminer_per_ar=12)
    assert liv.la_ga("2025-12-31") == ["T10", "P10", "P20", *["T10"] * 13]


def test_lukkede_ordninger_gar_videre_der_de_var():
    """A school done in March 2013: the first half-year was the second of 2013; 21 had been paid by the end of 2023."""
    liv = Liv("skoleanlegg")
    felt = {"godkjent_kostnad": 3_000_000, "ferdigdato": "2013-03-01"}
    assert liv.skje("ferdigstilling", **felt).kode == "F08"  # rates of 2013 are not known
    assert liv.skje("ferdigstilling", **felt, halvar_betalt=40).kode == "F08"
    assert liv.skje("ferdigstilling", **felt, halvar_betalt=21).kode == "U30"
    assert liv.la_ga("2024-12-31") == ["K10"]
    # years 11 and 12 of the loan: 1 − 5/15 of the cost in half-year 21, 1 − 6/15 in 22; 3.74 and 4.11 per cent
    assert liv.stilling["kompensert"] == 37_400 + 36_990
    assert liv.stilling["halvar"] == 23
    assert liv.la_ga("2040-01-01") == ["K10"] * 8 + ["K20"]


def test_kompensasjon_av_et_prosjekt_som_ikke_er_ferdig():
    assert (
        Liv("laeringsarenaer").skje("ferdigstilling", godkjent_kostnad=1, ferdigdato="2099-01-01").kode
        == "F08"
    )


def test_tap_bokfores_forst_nar_det_er_konstatert_og_kan_gjenvinnes():
    liv = lan()
    assert liv.skje("tap", belop_ore=1, konstatert=True).kode == "F01"
    liv.la_ga("2025-12-31")
    assert liv.skje("tap", belop_ore=1).kode == "F07"
    assert liv.skje("tap", belop_ore=850_000_000, konstatert=True).kode == "X10"
    assert (liv.tilstand, liv.stilling["lan"]["skyldig_rente"]) == ("tapt", 0)
    assert liv.skje("gjenvinning", belop_ore=850_000_001).kode == "F02"
    assert liv.skje("gjenvinning", belop_ore=1_000).kode == "X20"
    assert liv.la_ga("2060-01-01") == []
