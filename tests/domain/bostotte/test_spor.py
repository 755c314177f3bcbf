"""The trace can be followed by hand: every line is reckoned again from its own formula, inputs and rates."""

import json
import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import Fakta
from domain.kommuner import finn
from tests.domain.bostotte.husstander import husstander, sak

_FELT_I_GRUPPE = {
    "ytelse_14_belop": ("ytelse_14_dager", "belop"),
    "ytelse_14_utbetalinger": ("ytelse_14_dager", "utbetalinger"),
    **{navn: ("meldepliktig", navn) for navn in ("kapital", "naering", "utland")},
    "formue_bolig": ("formue", "bolig"),
    "formue_annen": ("formue", "annen"),
}


def _hele_ar(fodt: str, dag: str) -> int:
    return int(dag[:4]) - int(fodt[:4]) - (dag[5:] < fodt[5:])


def _avrund(belop: float, til: str) -> float:
    return float(Decimal(belop).quantize(Decimal(til), ROUND_HALF_UP))


def _miljo(termin: str) -> dict[str, Any]:
    ar, maned = map(int, termin.split("-"))
    return {
        "hele_ar": _hele_ar,
        "gruppe_for": lambda nummer: finn(nummer, date(ar, maned, 1)).gruppe,
        "til_ore": lambda belop: _avrund(belop, "0.01"),
        "til_kroner": lambda belop: int(_avrund(belop, "1")),
        "floor": math.floor,
        "min": min,
        "max": max,
    }


def _opplysning(fakta: Fakta, navn: str) -> Any:
    if navn == "situasjonsdato":
        return fakta["termin"] + "-01"
    if navn in fakta:
        return fakta[navn]  # type: ignore[literal-required]
    if navn in fakta["bolig"]:
        return fakta["bolig"][navn]  # type: ignore[literal-required]
    personer: list[Any] = fakta["husstand"]
    if navn == "er_soker":
        return [p["rolle"] == "soker" for p in personer]
    if navn in _FELT_I_GRUPPE:
        gruppe, felt = _FELT_I_GRUPPE[navn]
        return [p[gruppe][felt] for p in personer]
    return [p[navn] for p in personer]


def _regn(linje: dict[str, Any], fakta: Fakta) -> Any:
    """The line's value by its formula for one case: the independent reading of the rule."""
    formel: str = linje["formel"]
    felles = {**_miljo(fakta["termin"]), **{n: s["verdi"] for n, s in linje["satser"].items()}}
    lister = {n: v for n, v in linje["inn"].items() if isinstance(v, list)}
    enkle = {n: v for n, v in linje["inn"].items() if not isinstance(v, list)}
    samling = next((s for s in ("sum", "any", "soker") if formel.startswith(f"{s}(")), None)
    uttrykk = formel[len(samling) + 1 : -1] if samling else formel
    if not lister:
        return eval(uttrykk, {"__builtins__": {}}, {**felles, **enkle})  # noqa: S307  our own formulas
    per_person = [
        eval(uttrykk, {"__builtins__": {}}, {**felles, **enkle, **{n: v[i] for n, v in lister.items()}})  # noqa: S307
        for i in range(len(fakta["husstand"]))
    ]
    if samling == "sum":
        return sum(per_person)
    if samling == "any":
        return any(per_person)
    if samling == "soker":
        return per_person[[p["rolle"] for p in fakta["husstand"]].index("soker")]
    return per_person


def _like(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return len(a) == len(b) and all(_like(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-6)


@settings(max_examples=60, deadline=None)
@given(husstander())
def test_hver_linje_kan_regnes_om_igjen_av_linjene_for(fakta: Fakta) -> None:
    svar = beregn([fakta], fakta["termin"]).dokument()
    tidligere: dict[str, Any] = {}
    for linje in svar["spor"]:
        for navn, verdi in linje["inn"].items():
            ventet = tidligere[navn] if navn in tidligere else _opplysning(fakta, navn)
            assert _like(verdi, ventet), (linje["navn"], navn)
        eksakt = linje.get("eksakt", linje["verdi"])
        assert _like(eksakt, _regn(linje, fakta)), linje
        if "eksakt" in linje:
            assert linje["verdi"] == _avrund(float(repr(linje["verdi"])), "0.01")
            assert abs(linje["verdi"] - eksakt) < 0.005 + 1e-6
        tidligere[linje["navn"]] = eksakt
    assert svar["spor"][-1]["verdi"] == svar["belop_per_maned"]
    assert tidligere["kode"] == svar["kode"]


@pytest.mark.parametrize("termin", ["2022-06", "2024-06", "2026-09"])
def test_hver_sats_i_sporet_star_i_satsene_med_merke_og_kilde(termin: str) -> None:
    svar = beregn([sak(termin)], termin).dokument()
    satser = {s["navn"]: s for s in svar["satser"]}
    i_bruk = {n: s for linje in svar["spor"] for n, s in linje["satser"].items()}
    assert i_bruk.keys() == satser.keys()
    for navn, sats in i_bruk.items():
        assert sats == {"verdi": satser[navn]["verdi"], "sikkerhet": satser[navn]["sikkerhet"]}
        assert satser[navn]["kilde"]
        assert satser[navn]["fra"] <= termin + "-01"


def test_utledede_satser_sier_det() -> None:
    svar = beregn([sak("2025-07")], "2025-07").dokument()
    merker = {s["navn"]: s["sikkerhet"] for s in svar["satser"]}
    assert merker["tak_husstand"] == merker["linear_terskel_1"] == "D"
    assert merker["dekningsgrad"] == "V"
    tak = next(linje for linje in svar["spor"] if linje["navn"] == "boutgiftstak")
    assert tak["satser"]["tak_husstand"]["sikkerhet"] == "D"


def test_svaret_er_json() -> None:
    svar = beregn([sak("2026-09", 12_345.67)], "2026-09").dokument()
    assert json.loads(json.dumps(svar)) == svar
    assert all(set(linje["tekst"]) == {"nb", "nn"} for linje in svar["spor"])
