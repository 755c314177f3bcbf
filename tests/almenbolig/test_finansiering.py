"""Financing, loan and the 180 quarters, held against the report."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.almenbolig.budget import Stilleskruer, budgetter, finansieringsbehov
from domain.almenbolig.fakta import START
from domain.almenbolig.finansiering import finansier, spor
from domain.almenbolig.forudsaetninger import LANTYPER, Forudsaetninger, af_dokument, les, seneste, udgaver
from domain.almenbolig.hensaettelse import diskontering, lag_plan, vaerdi
from domain.almenbolig.lan import annuitet, laneplan, rentear
from domain.almenbolig.terminer import (
    Projekter,
    Regulering,
    Terminer,
    et_projekt,
    lantype_nr,
    reguleringsindeks,
    stigning,
    terminer,
)
from domain.regler.satser import SatsFeil
from domain.regler.termin import TerminFeil

LOV = Regulering.efter_loven("2021-01")


def flad(rente: float, pris: float, lon: float = 0.05) -> Forudsaetninger:
    """The same every year."""
    renter = dict.fromkeys(LANTYPER, ((2020, rente),))
    return Forudsaetninger("flad", renter, ((2020, pris),), ((2020, lon),), 0.04, {})


FLAD = flad(0.03, 0.02)


def projekt(antal: int, areal: float, boligtype: int = 0, sum_: float = 100e6) -> dict[str, list[float]]:
    return {
        "anskaffelsessum": [sum_],
        "boligtype": [boligtype],
        "antal_boliger": [antal],
        "areal": [areal],
        "bidrag_per_m2": [0.0],
    }


@pytest.mark.parametrize(
    ("rente", "trykt"), [(0.035, 228_040), (0.0325, 221_002), (0.0145, 173_930), (0.016, 177_603)]
)
def test_laanet_paa_16_9_mio_i_bilag_b(rente: float, trykt: int) -> None:
    """Appendix B prints «godt 228 000», «ca. 221 000» and «ca. 174 000»; the formula gives them to the krone."""
    assert round(float(annuitet(16.9e6, rente, 120))) == trykt


def test_det_kilden_modsiger_sig_selv_om_er_ikke_tilpasset() -> None:
    """«174 000» goes with 1.45 per cent and not with the 1.6 that the text names beside it; and the formula gives
    133 302 at −0.36 per cent where the loan paid about 136 000."""
    assert round(float(annuitet(16.9e6, 0.0145, 120)), -3) == 174_000
    assert round(float(annuitet(16.9e6, 0.016, 120)), -3) == 178_000
    assert round(float(annuitet(16.9e6, -0.0036, 120))) == 133_302


@given(
    st.floats(1e5, 1e9),
    st.lists(st.floats(-0.02, 0.2), min_size=30, max_size=30),
    st.sampled_from([1, 5, 10, 30]),
)
def test_laanet_er_betalt_til_sidst_hvad_renten_end_bliver(
    hovedstol: float, ar: list[float], binding: int
) -> None:
    rente = np.array(ar)[rentear(binding)][np.newaxis]
    plan = laneplan(np.array([hovedstol]), rente)
    assert abs(plan.restgaeld[0, 0, -1]) < 1e-6 * hovedstol
    inden_for_perioden = np.diff(plan.ydelse[0, 0])[np.arange(1, 30) % binding != 0]
    assert np.allclose(inden_for_perioden, 0, atol=1e-6 * hovedstol)


def test_ydelsen_er_den_samme_som_en_langsom_amortisering() -> None:
    """RTL-10 with three rates, one quarter at a time."""
    rest, ydelser = 16.9e6, []
    for periode, r in enumerate((0.0145, 0.0415, 0.02)):
        y = rest * (r / 4) / (1 - (1 + r / 4) ** -(120 - 40 * periode))
        for _ in range(40):
            ydelser.append(y)
            rest = rest * (1 + r / 4) - y
    plan = laneplan(np.array([16.9e6]), np.repeat([0.0145, 0.0415, 0.02], 10)[np.newaxis, np.newaxis])
    assert np.allclose(np.repeat(plan.ydelse[0, 0], 4), ydelser)
    assert abs(rest) < 0.01


@pytest.mark.parametrize(
    ("m2", "boligtype", "termin", "andel"),
    [
        (89.99, 0, "2021-06", 0.08),
        (90, 0, "2021-06", 0.10),
        (104.99, 0, "2021-06", 0.10),
        (105, 0, "2026-12", 0.12),
        (80, 1, "2021-06", 0.10),
        (120, 2, "2021-06", 0.10),
        (80, 0, "2018-12", 0.10),
        (80, 0, "2019-01", 0.08),
        (105, 0, "2020-12", 0.12),
        (120, 0, "2018-12", 0.10),
        (80, 0, "2027-01", 0.14),
    ],
)
def test_grundkapital_efter_storrelse_type_og_tid(
    m2: float, boligtype: int, termin: str, andel: float
) -> None:
    v = finansier(projekt(50, 50 * m2, boligtype), termin)
    assert v["grundkapital"][0] == pytest.approx(andel * 100e6)
    assert v["beboerindskud"][0] == 2e6
    assert v["lan"][0] + v["grundkapital"][0] + v["beboerindskud"][0] == pytest.approx(100e6, abs=1e-6)


def test_et_tilsagn_fra_2019_regnes_om_som_det_blev_afgjort() -> None:
    """The first version of the code had grundkapital by size from 2021 on; § 118 a has it from 2019 on."""
    lan = [float(finansier(projekt(50, 4000), "2019-06", v)["lan"][0]) for v in (1, 2, None)]
    assert lan == [88e6, 90e6, 90e6]


@given(st.floats(1, 1e10), st.floats(1, 300))
def test_delene_er_hele_summen_paa_oren(sum_: float, m2: float) -> None:
    sum_ = round(sum_, 2)
    v = finansier(projekt(1, m2, sum_=sum_), "2021-06")
    ore = [round(100 * float(v[n][0])) for n in ("lan", "grundkapital", "beboerindskud")]
    assert sum(ore) == round(100 * sum_)


def test_sporet_naevner_lov_og_sats() -> None:
    linjer = {linje["navn"]: linje for linje in spor(finansier(projekt(50, 4750), "2021-06"), "2021-06")}
    assert linjer["lan"]["verdi"] == 88e6
    assert "§ 129" in linjer["beboerbetaling"]["hjemmel"]
    assert linjer["beboerbetaling"]["satser"] == {"beboerbetaling_andel": {"verdi": 0.028, "sikkerhet": "V"}}


def test_for_satserne_begynder_er_der_ingen_regler() -> None:
    with pytest.raises(TerminFeil, match="2012-07"):
        finansier(projekt(50, 4750), "2012-06")


def test_beboerbetalingen_stiger_fuldt_i_20_aar_med_75_pct_til_45_og_saa_ikke_mere() -> None:
    indeks = reguleringsindeks(np.full(45, 0.02), LOV)
    assert indeks[0] == 1
    assert indeks[19] == pytest.approx(1.02**19)
    assert indeks[44] == pytest.approx(1.02**19 * 1.015**25)
    kortere = reguleringsindeks(np.full(45, 0.02), Regulering(20, 0.75, 30, 40))
    assert kortere[44] == kortere[29] == pytest.approx(1.02**19 * 1.015**10)


@given(
    st.lists(st.floats(-0.1, 0.2), min_size=45, max_size=45),
    st.lists(st.floats(-0.1, 0.2), min_size=45, max_size=45),
)
def test_beboerbetalingen_falder_aldrig(pris: list[float], lon: list[float]) -> None:
    indeks = reguleringsindeks(stigning(np.array(pris), np.array(lon)), LOV)
    assert (np.diff(indeks) >= 0).all()
    assert (indeks <= np.cumprod(1 + np.maximum(np.minimum(pris, lon), 0)) * (1 + 1e-12)).all()


def test_hvem_der_faar_beboerbetalingen() -> None:
    """The credit institution for 30 years, the state for ten, then a third each to the three funds (figure 2.1)."""
    p = et_projekt(finansier(projekt(50, 4750), "2021-06"), "rtl10", 2023)
    t = terminer(p, [FLAD], LOV)
    hvem = t.fordelt()
    assert np.allclose(sum(hvem.values()), t.beboerbetaling)
    betalt = {n: np.flatnonzero(k[0, 0]) for n, k in hvem.items()}
    assert list(betalt["kreditinstitut"]) == list(range(30))
    assert list(betalt["staten"]) == list(range(30, 40))
    fonde = ("landsbyggefonden", "lokal_dispositionsfond", "nybyggerifonden")
    assert all(list(betalt[f]) == list(range(40, 45)) for f in fonde)
    assert all(np.array_equal(hvem[f], hvem[fonde[0]]) for f in fonde)
    assert np.allclose((t.ydelsesstotte + t.beboerbetaling)[..., :40], t.laneydelse[..., :40])
    assert (t.ydelsesstotte[..., 40:] == 0).all()


def test_gammel_metode_er_en_gennemsnitsrente_og_ny_er_renterne_i_aar_0_10_og_20() -> None:
    forud = seneste("2018-12")
    p = Projekter(
        np.array([16.9e6]), np.array([0.028 * 19e6]), np.array([lantype_nr("rtl10")]), np.array([2018])
    )
    ny = terminer(p, [forud], LOV).laneydelse[0, 0] / 4
    gammel = terminer(p, [forud], LOV, gennemsnit=True).laneydelse[0, 0] / 4
    assert round(ny[0]) == 173_930
    assert ny[0] < gammel[0] < ny[29]
    assert round(gammel[0]) == round(gammel[29]) == 221_002  # the printed mean of 3.25 per cent


def test_refusionen_er_en_fjerdedel_af_stotten_paa_skyggelaanet() -> None:
    p = et_projekt(finansier(projekt(50, 4750), "2021-06"), "rtl10", 2023)
    b, skygge = budgetter(p, [FLAD], "2021-06"), budgetter(p, [flad(0.0375, 0.02)], "2021-06")
    assert b.refusion[0, 0] == pytest.approx(0.25 * skygge.ydelsesstotte[0, 0])
    lav = Forudsaetninger(
        "", dict.fromkeys(FLAD.renter, ((2020, -0.02),)), ((2020, 0.05),), ((2020, 0.05),), 0.04, {}
    )
    assert budgetter(p, [lav], "2021-06").refusion[0, 0] < 0
    assert budgetter(p, [lav], "2021-06", refusion_kan_vaere_negativ=False).refusion[0, 0] == 0


def test_stilleskruerne_virker_den_vej_rapporten_siger() -> None:
    """Stronger regulation and a longer maximal life lower the state's cost; a lower beboerbetaling raises it."""
    p = et_projekt(finansier(projekt(50, 4750), "2021-06"), "rtl10", 2023)

    def netto(**skruer: float) -> float:
        return float(budgetter(p, [FLAD], "2021-06", Stilleskruer(**skruer)).netto[0, 0])  # type: ignore[arg-type]

    lov = netto()
    assert netto(senere_regulering_andel=1.0) < lov
    assert netto(maksimal_lobetid_ar=45) < lov
    assert netto(beboerbetaling_andel=0.0241) > lov
    # Scalable: a third of the reduction costs a third.
    assert netto(beboerbetaling_andel=0.0267) - lov == pytest.approx(
        (netto(beboerbetaling_andel=0.0241) - lov) / 3
    )


def test_merudgiften_af_lavere_beboerbetaling_baeres_for_en_fjerdedel_af_landsbyggefonden() -> None:
    """Whatever the rate of the shadow loan (the report, note 4)."""
    p = et_projekt(finansier(projekt(50, 4750), "2021-06"), "rtl10", 2023)
    behov = finansieringsbehov(p, FLAD, "2021-06", 0.0241, np.array([0.2]))
    assert behov.refusion == pytest.approx(0.25 * behov.brutto)
    assert behov.boligstotte == pytest.approx(0.2 * behov.brutto)
    assert behov.rest == pytest.approx(0.55 * behov.brutto)


def test_hensaettelsen_er_den_budgetterede_nutidsvaerdi() -> None:
    """Two ways to the same sum: by quarter in whole øre on the account, by year in the budget."""
    for forud in udgaver():
        dokument = {
            "projekt": {"termin": "2021-06", "anskaffelsessum": 100e6, "boligtype": "familie", "antal_boliger": 50,
                        "areal": 4750, "bidrag_per_m2": 0, "lantype": "rtl10"},
            "lan": None, "dato": "2021-06-01", "forudsaetninger": forud.dokument(), "stilling": START,
        }  # fmt: skip
        p = et_projekt(finansier(projekt(50, 4750), "2021-06"), "rtl10", 2023)
        budget = float(budgetter(p, [forud], "2021-06").ydelsesstotte[0, 0])
        assert vaerdi(lag_plan(dokument), 0, 2021, diskontering(dokument)) / 100 == pytest.approx(
            budget, abs=1
        )
        assert af_dokument(forud.dokument()) == forud


def test_det_faktiske_projekt_i_bilag_b_faar_naesten_ingen_stotte() -> None:
    """Figure B.2: with a rate of −0.36 per cent the support is «minimal», and soon negative."""
    dokument = {
        "projekt": {"termin": "2017-06", "anskaffelsessum": 19e6, "boligtype": "familie", "antal_boliger": 10,
                    "areal": 950, "bidrag_per_m2": 0, "lantype": "rtl10"},
        "lan": {"dato": "2019-08-15", "hovedstol_ore": 1_690_000_000, "type": "rtl10", "renter": [[0, -0.0036]]},
        "dato": "2019-09-01", "forudsaetninger": seneste("2018-12").dokument(), "stilling": START,
    }  # fmt: skip
    plan = lag_plan(dokument)
    assert plan.laneydelse[:40].tolist() == [13_330_187] * 40
    assert plan.ydelsesstotte[:4].tolist() == [30_187] * 4
    assert plan.ydelsesstotte[4] < 0
    assert (
        plan.laneydelse[40] > plan.laneydelse[39]
    )  # from 2029 the forecast's rate, until the real one is reported
    assert list(plan.ar[:2]) == [2019, 2020]


@pytest.mark.parametrize(
    ("bytt", "melding"),
    [
        (("rtl5:", "rtl7:"), "rtl5"),
        (("sikkerhet: V", "sikkerhet: Q"), "2016-12: renter.rtl5"),
        (("udgave: 2018-12", "udgave: 2016-12"), "rækkefølge"),
        (("{2018: 0.0145, 2028: 0.0415}", "{2028: 0.0415, 2018: 0.0145}"), "rtl10"),
    ],
)
def test_en_udgave_der_ikke_kan_bruges_navngives(bytt: tuple[str, str], melding: str) -> None:
    tekst = Path("domain/almenbolig/forudsaetninger.yaml").read_text("utf-8")
    with pytest.raises(SatsFeil, match=melding):
        les(tekst.replace(*bytt, 1))


def test_ti_tusind_projekter_180_terminer_og_tre_rentebaner_i_et_kald() -> None:
    n, rng = 10_000, np.random.default_rng(1)
    p = Projekter(
        rng.uniform(1e6, 1e8, n), rng.uniform(1e5, 3e6, n), rng.integers(0, 4, n), rng.integers(2018, 2030, n)
    )
    t = terminer(p, udgaver(), LOV)
    alle = Terminer.kvartal(t.ydelsesstotte)
    assert alle.shape == (3, n, 180)
    # A project alone gives the same as one of ten thousand.
    for nr in (0, 4321, n - 1):
        en = Projekter(p.hovedstol[[nr]], p.beboerbetaling[[nr]], p.lantype[[nr]], p.finansieret[[nr]])
        assert np.array_equal(terminer(en, udgaver(), LOV).ydelsesstotte[:, 0], t.ydelsesstotte[:, nr])
