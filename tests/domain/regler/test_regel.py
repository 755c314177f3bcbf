import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regler.avrunding import til_kroner, til_ore, to_tredjedeler, vis_ore
from domain.regler.plan import lag_plan, regn
from domain.regler.regel import RegelFeil, Regelsett
from domain.regler.satser import Satssamling
from domain.regler.termin import TerminFeil, del_opp, forrige, neste, situasjonsdato

GOD: dict[str, Any] = {
    "hjemmel": "lov § 1",
    "gyldig_fra": "2024-01",
    "enhet": "kr",
    "tekst": {"nb": "En regel.", "nn": "Ein regel."},
    "formel": "2 * x",
    "eksempel": {"x": 1},
}


def doble(x: Any) -> Any:
    return 2 * x


@pytest.mark.parametrize(
    ("felt", "verdi"),
    [
        ("tekst", {"nb": "En regel."}),
        ("tekst", {"nb": "En regel.", "nn": " "}),
        ("hjemmel", ""),
        ("formel", ""),
        ("eksempel", {}),
        ("eksempel", {"y": 1}),
        ("enhet", "euro"),
        ("gyldig_til", "2023-01"),
    ],
)
def test_en_regel_uten_det_leseren_trenger_nektes(felt: str, verdi: Any) -> None:
    with pytest.raises(RegelFeil, match="regelen"):
        Regelsett("test").regel("regelen", **{**GOD, felt: verdi})(doble)


def test_to_versjoner_kan_ikke_gjelde_samtidig() -> None:
    regler = Regelsett("test")
    regler.regel("a", **{**GOD, "gyldig_til": "2024-06"})(doble)
    with pytest.raises(RegelFeil, match="samtidig"):
        regler.regel("a", **{**GOD, "gyldig_fra": "2024-06"})(doble)
    regler.regel("a", **{**GOD, "gyldig_fra": "2024-07"})(doble)
    assert regler.grenser() == ["2024-01", "2024-07"]
    assert [len(regler.gjeldende(t)) for t in ("2023-12", "2024-06", "2024-07")] == [0, 1, 1]


def test_en_regel_ma_lese_noe_som_finnes() -> None:
    regler = Regelsett("test")
    regler.regel("a", **GOD)(doble)
    with pytest.raises(RegelFeil, match="'x'"):
        lag_plan(regler, Satssamling([]), (), {}, form="2024-01", satstermin={})
    assert lag_plan(regler, Satssamling([]), ("x",), {}, form="2024-01", satstermin={}).steg[0][0] == "a"


def test_samling_over_personer() -> None:
    regler = Regelsett("test")
    for samle in ("sum", "noen", "soker"):
        regler.regel(samle, **{**GOD, "enhet": "flagg", "samle": samle})(lambda x: x)
    plan = lag_plan(regler, Satssamling([]), ("x",), {}, form="2024-01", satstermin={})
    ja = np.array([True, False, True, True, False])
    verdier = regn(plan, {"x": ja}, np.array([0, 2, 5]), np.array([1, 2]))
    assert verdier["sum"].tolist() == [1, 2]
    assert verdier["noen"].tolist() == [True, True]
    assert verdier["soker"].tolist() == [False, True]


@given(st.integers(0, 10**10))
def test_to_tredjedeler_til_naermeste_ore(ore: int) -> None:
    ventet = math.floor(Fraction(2 * ore, 3) + Fraction(1, 2))
    assert int(to_tredjedeler(np.array([ore]))[0]) == ventet


@given(st.integers(-(10**10), 10**10))
def test_ore_ut_og_inn_er_det_samme(ore: int) -> None:
    assert int(til_ore(np.array([ore / 100]))[0]) == ore
    assert vis_ore(ore / 100) == ore / 100


def test_en_halv_rundes_fra_null() -> None:
    assert til_kroner(np.array([0.5, 1.5, 2.5, 2.4999])).tolist() == [1, 2, 3, 2]
    assert til_ore(np.array([0.125, -0.125])).tolist() == [13, -13]
    assert (vis_ore(0.125), vis_ore(-0.125)) == (0.13, -0.13)


def test_termin() -> None:
    assert (neste("2024-12"), forrige("2024-01"), situasjonsdato("2024-02")) == (
        "2025-01",
        "2023-12",
        20240201,
    )
    for feil in ("2024-13", "2024-1", "24-01", "2024-01-01", ""):
        with pytest.raises(TerminFeil, match="termin"):
            del_opp(feil)
