"""Small cells stay hidden from whoever can add and subtract."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kjoring.statistikk_vern import MINSTE, skjul, utvid


def tabell(indre: list[list[int]], *, total: bool) -> np.ndarray:
    """With the country's row last and, if asked for, the total's column first."""
    x = np.array(indre)
    if total:
        x = np.column_stack((x.sum(axis=1), x))
    return np.vstack((x, x.sum(axis=0)))


def gar_opp(x: np.ndarray, total: bool) -> bool:
    rader = not total or bool((x[:, 0] == x[:, 1:].sum(axis=1)).all())
    return rader and bool((x[-1] == x[:-1].sum(axis=0)).all())


def kan_vaere_noe_annet(
    x: np.ndarray, skjult: np.ndarray, r: int, c: int, *, total: bool, radsum: bool
) -> bool:
    """An attacker's search: other whole numbers, at most one away, that fit everything shown."""
    celler = np.argwhere(skjult).tolist()
    sum_for = x.sum(axis=1)
    for steg in product((-1, 0, 1), repeat=len(celler)):
        y = x.copy()
        for (i, j), d in zip(celler, steg, strict=True):
            y[i, j] += d
        nok = all(y[i, j] >= 0 for i, j in celler)
        if (
            y[r, c] != x[r, c]
            and nok
            and gar_opp(y, total)
            and (not radsum or (y.sum(axis=1) == sum_for).all())
        ):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 5, 9]), min_size=2, max_size=2), min_size=2, max_size=2)
)
def test_ingen_skjult_celle_kan_regnes_ut(indre):
    x = tabell(indre, total=True)
    skjult = skjul(x, total=True)
    assert ((x == 0) | (x >= MINSTE) | skjult).all()
    for r, c in np.argwhere(skjult & (x > 0) & (x < MINSTE)).tolist():
        assert kan_vaere_noe_annet(x, skjult, r, c, total=True, radsum=False), (x, skjult, r, c)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 4, 8]), min_size=3, max_size=3), min_size=2, max_size=2))
def test_heller_ikke_nar_radsummen_er_kjent(indre):
    """A table about the granted, beside the number of granted itself."""
    indre = [rad if sum(rad) >= MINSTE else [5, 5, 5] for rad in indre]
    x = tabell(indre, total=False)
    skjult = skjul(x, total=False)
    for r, c in np.argwhere(skjult & (x > 0) & (x < MINSTE)).tolist():
        if skjult.sum() <= 9:
            assert kan_vaere_noe_annet(x, skjult, r, c, total=False, radsum=True), (x, skjult, r, c)


def test_en_liten_celle_i_en_stor_tabell_koster_fire_celler():
    x = tabell([[100, 50, 7], [200, 2, 8], [300, 40, 30]], total=True)
    skjult = skjul(x, total=True)
    assert skjult[1, 2]
    assert skjult.sum() == 4
    assert not skjult[-1].any()  # the country's figures stand


def test_sjeldne_celler_i_hver_sin_kommune_skjuler_ikke_landets_hovedtall():
    """The country's two rare codes are one municipality's each: a ring through both spares the large figures."""
    x = tabell([[400, 60, 1, 0], [500, 70, 0, 2], [600, 80, 0, 0], [300, 40, 0, 0]], total=True)
    skjult = skjul(x, total=True)
    assert not skjult[-1, :3].any()
    assert skjult[-1, 3:].all()
    assert skjult.sum() == 6


def test_ingenting_skjules_uten_grunn():
    x = tabell([[10, 0, 7], [200, 4, 8]], total=True)
    assert not skjul(x, total=True).any()


def test_minst_to_kommuner_og_fire_til_sammen():
    x = tabell([[1, 9], [1, 9], [50, 9], [8, 9]], total=True)
    skjult = skjul(x, total=True)
    utvid(x, skjult, 1)
    rader = skjult[:-1, 1]
    assert rader.sum() >= 2
    assert x[:-1, 1][rader].sum() >= MINSTE


@pytest.mark.parametrize("fro", [1, 2])
def test_et_helt_land_gar_raskt_og_viser_det_meste(fro):
    rng = np.random.default_rng(fro)
    storrelse = np.exp(rng.normal(4.5, 1.4, 357))
    indre = rng.poisson(storrelse[:, None] * np.array([0.86, 0.002, 0.001, 0.003, 0.13]))
    x = tabell(indre.tolist(), total=True)
    skjult = skjul(x, total=True)
    assert not skjult[-1].any() or (x[-1] < MINSTE).any()
    assert skjult[:, 0].mean() < 0.2
    assert (skjult & (x >= MINSTE)).mean() < 0.25
