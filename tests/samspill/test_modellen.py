"""What holds for every household: how the margin moves, and that one case and a grid are the same reckoning."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.samspill.finans import annuitetsfaktor
from domain.samspill.grenser import finn
from domain.samspill.modell import regn_modell
from domain.samspill.regelsett import REGLER, SATSER, SATSTERMIN, TABELLER
from domain.samspill.virkemidler import resttilskudd, verdi_av_lan, verdi_av_tilskudd

HUSSTANDER = [
    (1, 0, False),
    (1, 0, True),
    (1, 1, False),
    (1, 2, False),
    (2, 0, False),
    (2, 1, False),
    (2, 2, False),
]


@st.composite
def saker(draw: st.DrawFn) -> dict[str, Any]:
    voksne, barn, ung_ufor = draw(st.sampled_from(HUSSTANDER))
    return {
        "voksne": voksne,
        "barn": barn,
        "barnehage": barn > 0 and draw(st.booleans()),
        "ung_ufor": ung_ufor,
        "region": draw(st.integers(0, 3)),
        "livsoppholdstabell": draw(st.integers(0, 3)),
        "tilskuddsandel": draw(st.floats(0, 0.9)),
        "kalkulasjonsrente": draw(st.floats(0.001, 0.15)),
        "nedbetalingstid": draw(st.integers(1, 49)),
        "personinntekt": draw(st.floats(50_000, 700_000)),
        "oppgitt_kjopesum": draw(st.floats(200_000, 4_000_000)),
        "oppgitt_livsopphold": draw(st.floats(50_000, 400_000)),
    }


def _ett(sak: dict[str, Any], navn: str, **andre: Any) -> float:
    return float(regn_modell({**sak, **andre}, 2008)[navn][0])


@settings(max_examples=60, deadline=None)
@given(saker(), st.floats(1.01, 2))
def test_marginen_faller_med_pris_rente_og_livsopphold(sak: dict[str, Any], faktor: float) -> None:
    """Before bostøtte, which may rise with the costs."""
    for felt in ("oppgitt_kjopesum", "kalkulasjonsrente", "oppgitt_livsopphold"):
        for_, etter = (_ett(sak, "margin_uten_bostotte", **{felt: sak[felt] * f}) for f in (1.0, faktor))
        assert etter < for_, felt


@settings(max_examples=60, deadline=None)
@given(saker(), st.integers(1, 30))
def test_lengre_nedbetalingstid_senker_aldri_marginen(sak: dict[str, Any], mer: int) -> None:
    """Nor with bostøtte, but where it falls under what is paid out, which takes less than the smallest amount."""
    kort, lang = (regn_modell({**sak, "nedbetalingstid": sak["nedbetalingstid"] + n}, 2008) for n in (0, mer))
    assert lang["margin_uten_bostotte"][0] >= kort["margin_uten_bostotte"][0]
    assert lang["okonomisk_margin"][0] > kort["okonomisk_margin"][0] - 2_000
    if lang["bostotte"][0] > 0 or kort["bostotte"][0] == 0:
        assert lang["okonomisk_margin"][0] >= kort["okonomisk_margin"][0] - 1e-6


@settings(max_examples=60, deadline=None)
@given(saker())
def test_over_taket_er_bostotten_den_samme_og_marginen_faller(sak: dict[str, Any]) -> None:
    dyr = {**sak, "tilskuddsandel": 0.0, "oppgitt_kjopesum": 4_000_000.0}
    assert _ett(dyr, "godkjente_boutgifter") > _ett(dyr, "boutgiftstak"), (
        "also over 49 years at next to no interest"
    )
    for felt in ("oppgitt_kjopesum", "kalkulasjonsrente"):
        dyrere = {**dyr, felt: dyr[felt] * 1.1}
        assert _ett(dyrere, "bostotte") == _ett(dyr, "bostotte")
        assert _ett(dyrere, "okonomisk_margin") < _ett(dyr, "okonomisk_margin")


@settings(max_examples=30, deadline=None)
@given(saker())
def test_bostotten_faller_med_inntekten_og_er_null_eller_minst_minstebelopet(sak: dict[str, Any]) -> None:
    stotte = regn_modell({**sak, "personinntekt": np.arange(0, 400_000, 1_000)}, 2008)["bostotte"]
    assert (np.diff(stotte) <= 1e-9).all()
    assert ((stotte == 0) | (stotte >= 2_000)).all()


@settings(max_examples=30, deadline=None)
@given(saker(), st.sampled_from([2008, 2026]))
def test_ett_svar_er_det_samme_som_ruten_i_et_rutenett(sak: dict[str, Any], ar: int) -> None:
    kommune = {} if ar == 2008 else {"kommunenummer": 301}
    andeler, inntekter = np.array([0.0, 0.25, 0.5]), np.array([150_000.0, 300_000.0])
    nett = regn_modell({**sak, **kommune, "tilskuddsandel": andeler[:, None], "personinntekt": inntekter}, ar)
    for i, andel in enumerate(andeler):
        for j, inntekt in enumerate(inntekter):
            ett = regn_modell({**sak, **kommune, "tilskuddsandel": andel, "personinntekt": inntekt}, ar)
            for navn in ("okonomisk_margin", "bostotte", "skatt"):
                rute = np.broadcast_to(nett[navn], (3, 2))[i, j]
                assert ett[navn][0] == pytest.approx(rute, rel=1e-12, abs=1e-6), navn


def test_annuiteten_betaler_lanet_ned_til_null_og_taler_null_rente() -> None:
    for rente, ar in ((0.065, 20), (0.0, 20), (1e-12, 30), (0.15, 1)):
        rest, betaling = 1.0, float(annuitetsfaktor(np.array(rente), np.array(ar)))
        for _ in range(ar):
            rest = rest * (1 + rente) - betaling
        assert math.isclose(rest, 0, abs_tol=1e-9), (rente, ar)


def test_forste_ars_avdrag_er_2_6_prosent_av_lanet_som_i_kap_2_2() -> None:
    v = regn_modell(
        {
            "voksne": 1,
            "kalkulasjonsrente": 0.065,
            "nedbetalingstid": 20,
            "tilskuddsandel": 0,
            "personinntekt": 0,
            "oppgitt_kjopesum": 1_000_000,
        },
        2008,
    )
    assert round(float(v["avdrag"][0]), -3) == 26_000


def test_grensene_leses_av_aksen() -> None:
    akse = np.array([1.0, 2, 3, 4, 5, 6])
    bostotte = np.array([9.0, 9, 9, 2, 0, 0])
    uten = np.array(
        [[-9.0, -8, -5, -3, 1, 2], [-9, -9, -9, -9, -9, -9], [1, 1, 1, 1, 1, 1], [-9, -8, -5, -1, -1, 2]]
    )
    g = finn(akse, bostotte, uten)
    assert g.hoyeste_bostotte.tolist() == [4, 4, 4, 4]
    assert g.laveste_startlan[[0, 2, 3]].tolist() == [5, 1, 6]  # stays positive from there
    assert np.isnan(g.laveste_startlan[1])
    assert np.isnan(g.samspill_fra).tolist() == [True, True, True, True]
    jevn = finn(akse, bostotte, np.array([-9.0, -8, -5, -1, 1, 2]))
    assert (float(jevn.samspill_fra), float(jevn.samspill_til)) == (2, 4)


def test_verdien_av_et_rentefritt_lan_og_et_nedskrevet_tilskudd() -> None:
    assert round(float(verdi_av_lan(0.055, 10)), 3) == 0.585  # Figur 7.1
    assert float(verdi_av_lan(0.055, 10, verdivekst=0.055)) == pytest.approx(1)
    assert resttilskudd([0, 5, 10, 20]).tolist() == [1, 0.5, 0, 0]
    assert float(verdi_av_tilskudd(0.055, 5)) == pytest.approx(0.5 * 1.055**-5)


@pytest.mark.parametrize("ar", SATSTERMIN)
def test_hver_sats_har_kilde_og_merke_og_regelen_hjemmel(ar: int) -> None:
    for sats in SATSER.values():
        assert all(v.kilde and v.sikkerhet for v in sats.verdier), sats.navn
    for regel in REGLER.gjeldende(SATSTERMIN[ar]):
        assert regel.hjemmel


def test_livsopphold_i_dag_er_framskrevet_som_det_star_i_satsfilen() -> None:
    faktor = (455_140 - 22_000) / ((276_530 - 12 * (2_071 + 1_449) + 272_290) / 2 - 18_010)
    for tabell in TABELLER[:2]:
        da, na = (v.verdi for v in SATSER[f"livsopphold_{tabell}_skole"].verdier)
        assert isinstance(da, tuple)
        assert na == tuple(math.floor(x * faktor + 0.5) for x in da)
