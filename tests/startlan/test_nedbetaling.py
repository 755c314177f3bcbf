"""Plans end at exactly zero, whatever the terms; rates are converted as the law states."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.startlan.nedbetaling import (
    LANESLAG,
    TERMINER_PER_AR,
    Lanevilkar,
    VilkarFeil,
    effektiv_til_nominell,
    etter,
    kurs,
    nominell_til_effektiv,
    plan,
)

RENTE = st.decimals(min_value=0, max_value=20, places=3)


@st.composite
def vilkar(trekk: st.DrawFn) -> Lanevilkar:
    terminer = trekk(st.integers(1, 600))
    return Lanevilkar(
        trekk(st.integers(1, 10**11)),
        trekk(RENTE),
        trekk(st.sampled_from(TERMINER_PER_AR)),
        terminer,
        trekk(st.integers(0, terminer - 1)),
        trekk(st.sampled_from(LANESLAG)),
    )


@settings(max_examples=60, deadline=None)
@given(vilkar())
def test_planen_summerer_til_lanet_og_ender_pa_null_ore(v: Lanevilkar) -> None:
    p = plan(v)
    assert len(p) == v.terminer
    assert sum(t.avdrag for t in p) == v.belop
    assert p[-1].rest == 0
    assert all(t.avdrag >= 0 and t.renter >= 0 for t in p)
    assert all(t.avdrag == 0 and t.renter == p[0].renter for t in p[: v.avdragsfrie])
    for for_, t in pairwise(p):
        assert t.rest == for_.rest - t.avdrag


@settings(max_examples=40, deadline=None)
@given(vilkar(), st.data())
def test_det_som_er_igjen_er_et_lan_for_seg(v: Lanevilkar, trekk: st.DataObject) -> None:
    betalte = trekk.draw(st.integers(0, v.terminer))
    rest = etter(v, betalte)
    igjen = plan(v)[betalte:]
    assert (rest is None) == (not igjen or igjen[0].rest + igjen[0].avdrag == 0)
    if rest:
        assert rest.belop == sum(t.avdrag for t in igjen)
        assert len(plan(rest)) == len(igjen)


def test_annuiteten_er_den_hver_larebok_har() -> None:
    """1 000 000 kr, 5 %, yearly, 20 years: 80 242.59 kr a year; serial: 50 000 kr each time."""
    a = plan(Lanevilkar(100_000_000, Decimal(5), 1, 20))
    assert {t.belop for t in a[:-1]} == {8_024_259}
    assert abs(a[-1].belop - 8_024_259) < 20
    s = plan(Lanevilkar(100_000_000, Decimal(5), 1, 20, slag="serie"))
    assert {t.avdrag for t in s} == {5_000_000}
    assert [t.renter for t in s[:2]] == [5_000_000, 4_750_000]


def test_avdragsfri_start_gir_hoyere_terminer_etterpa() -> None:
    uten = plan(Lanevilkar(200_000_000, Decimal("4.5"), 12, 360))
    med = plan(Lanevilkar(200_000_000, Decimal("4.5"), 12, 360, avdragsfrie=96))
    assert [t.belop for t in med[:96]] == [750_000] * 96
    assert med[96].belop > uten[96].belop


def test_effektiv_og_nominell_er_hverandres_motsatte() -> None:
    """4.640 nominal, monthly, is 4.740 effective; with yearly terms the two are the same."""
    assert nominell_til_effektiv(Decimal("4.640"), 12) == Decimal("4.740")
    assert effektiv_til_nominell(Decimal("4.740"), 12) == Decimal("4.640")
    for n in TERMINER_PER_AR:
        for re in ("0.5", "3.25", "4.52", "9"):
            tilbake = nominell_til_effektiv(effektiv_til_nominell(Decimal(re), n), n)
            assert abs(tilbake - Decimal(re)) <= Decimal("0.001")
    assert effektiv_til_nominell(Decimal("4.52"), 1) == Decimal("4.520")


def test_kursen_er_null_ved_samme_rente_og_folger_markedet() -> None:
    v = Lanevilkar(100_000_000, Decimal(4), 12, 240)
    assert abs(kurs(v, v.belop, 60, Decimal(4))) <= 60  # interest is rounded in each term
    over, under = kurs(v, v.belop, 60, Decimal(3)), kurs(v, v.belop, 60, Decimal(5))
    assert over > 0 > under
    assert kurs(v, v.belop // 2, 60, Decimal(3)) == pytest.approx(over / 2, abs=1)
    assert kurs(v, v.belop, 0, Decimal(3)) == 0  # floating, or the period is over


def test_overkurs_pa_ett_ars_binding_er_renteforskjellen_neddiskontert() -> None:
    """One yearly term left at 5 %, the market at 4 %: 1 % of 100 000 kr a year from now is 961.54 kr today."""
    v = Lanevilkar(10_000_000, Decimal(5), 1, 10, avdragsfrie=9)
    assert kurs(v, v.belop, 1, Decimal(4)) == 96_154


@pytest.mark.parametrize(
    ("endring", "felt"),
    [
        ({"belop": 0}, "belop"),
        ({"nominell": Decimal(-1)}, "nominell"),
        ({"per_ar": 6}, "per_ar"),
        ({"terminer": 0}, "terminer"),
        ({"avdragsfrie": 360}, "terminer"),
        ({"slag": "ballong"}, "slag"),
    ],
)
def test_ugyldige_vilkar_navngir_feltet(endring: dict, felt: str) -> None:
    gyldig = {"belop": 100, "nominell": Decimal(4), "per_ar": 12, "terminer": 360}
    with pytest.raises(VilkarFeil) as feil:
        Lanevilkar(**{**gyldig, **endring})
    assert feil.value.felt == felt
