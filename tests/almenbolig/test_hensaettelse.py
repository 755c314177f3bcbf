"""The provision over forty years: nothing is lost or made, whatever rates and prices do."""

from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.almenbolig.budget import budgetter
from domain.almenbolig.etterprov import afgor
from domain.almenbolig.fakta import START
from domain.almenbolig.finansiering import finansier, som_kolonner
from domain.almenbolig.forudsaetninger import LANTYPER, Forudsaetninger, udgaver
from domain.almenbolig.hensaettelse import LANETERMINER, finansieringsdag, lag_plan, refusion, vaerdi
from domain.almenbolig.livslob import Udfald, kommende, udfor
from domain.almenbolig.terminer import et_projekt

PROJEKT = {
    "termin": "2021-03",
    "navn": "Kvarteret",
    "anskaffelsessum": 100_000_000,
    "boligtype": "familie",
    "antal_boliger": 50,
    "areal": 4750,
    "bidrag_per_m2": 0,
    "lantype": "rtl10",
    "diskonteringsrente": 0.0409,
}


def fakta(skridt: str, dato: str, forud: Forudsaetninger, **andet: Any) -> dict[str, Any]:
    return {
        "termin": dato[:7],
        "kommunenummer": "0101",
        "skridt": skridt,
        "dato": dato,
        "projekt": PROJEKT,
        "lan": None,
        "forudsaetninger": forud.dokument(),
        "stilling": deepcopy(START),
        **andet,
    }


class Liv:
    """A commitment lived through. ``forud(dato)``: the edition that is out that day; ``lan``: kind and rates."""

    def __init__(self, forud: Any, lantype: str = "rtl10", hovedstol: float | None = None) -> None:
        self.forud, self.lantype, self.hovedstol = forud, lantype, hovedstol
        self.projekt: dict[str, Any] = {**PROJEKT, "lantype": lantype}
        self.lan: dict[str, Any] | None = None
        self.stilling: Any = deepcopy(START)
        self.bog: list[Any] = []
        self.udfald: list[tuple[str, str, Udfald]] = []

    def gor(self, skridt: str, dato: str) -> Udfald:
        f = fakta(skridt, dato, self.forud(dato), projekt=self.projekt, lan=self.lan, stilling=self.stilling)
        u = udfor(f)
        assert u.stilling["saldo_ore"] == self.stilling["saldo_ore"] + sum(p.belob_ore for p in u.posteringer)
        self.stilling, self.sidste = u.stilling, f
        self.bog += u.posteringer
        self.udfald.append((skridt, dato, u))
        return u

    def rente(self, ar: int) -> float:
        serie = self.forud(f"{ar}-12-31").renter[self.lantype]
        return float(([v for a, v in serie if a <= ar] or [serie[0][1]])[-1])

    def finansier(self, dato: str) -> None:
        ar = int(dato[:4])
        hovedstol = round((self.hovedstol or 88_000_000) * 100)
        self.lan = {
            "dato": dato,
            "hovedstol_ore": hovedstol,
            "type": self.lantype,
            "renter": [[0, self.rente(ar)]],
        }
        self.gor("finansiering", dato)

    def lev(self, til: str = "9") -> "Liv":
        """What the calendar brings until then, or until nothing does; refinancing becomes known as it happens."""
        for _ in range(400):
            naeste = kommende(self.sidste, self.udfald[-1][2])
            if not naeste or naeste[0].dato.isoformat() > til:
                return self
            skridt = naeste[0]
            if skridt.navn == "termin" and self.lan:
                lanear, binding = self.stilling["terminer"] // 4, LANTYPER[self.lantype]
                if lanear < 30 and lanear % binding == 0 and lanear > self.lan["renter"][-1][0]:
                    self.lan["renter"].append([lanear, self.rente(int(self.lan["dato"][:4]) + lanear)])
            self.gor(skridt.navn, skridt.dato.isoformat())
        raise AssertionError("livet tog ingen ende")


def hele(liv: Liv, lan: str = "2023-12-20", koster: tuple[int, int] = (100_000_000, 100_000_000)) -> Liv:
    """A whole life. ``lan``: the day of the loan; ``koster``: by skema B and by skema C, in kroner."""
    liv.gor("tilsagn", "2021-03-15")
    for dato, skridt in sorted([("2022-02-01", "skema_b"), (lan, "finansiering"), ("2024-02-10", "skema_c")]):
        liv.lev(dato)
        if skridt == "finansiering":
            liv.finansier(dato)
            continue
        liv.projekt["anskaffelsessum"] = koster[skridt == "skema_c"]
        liv.gor(skridt, dato)
    return liv.lev()


@pytest.mark.parametrize("lantype", LANTYPER)
def test_uden_overraskelser_ender_kontoen_paa_nul_af_sig_selv(lantype: str) -> None:
    """With the forecast come true, no step has anything to regulate but the øre that rounding leaves."""
    liv = hele(Liv(lambda _: udgaver()[-1], lantype))
    assert liv.stilling["saldo_ore"] == 0
    assert liv.stilling["terminer"] == 160
    regulering = [p.belob_ore for p in liv.bog if p.art == "regulering"]
    assert max(map(abs, regulering), default=0) <= 300
    [hensat] = [p.belob_ore for p in liv.bog if p.art == "hensaettelse"]
    assert abs(sum(regulering)) < 1e-4 * abs(hensat)


def test_skridtene_kommer_i_raekkefolgen_i_figur_b1() -> None:
    liv = hele(Liv(lambda _: udgaver()[-1]))
    uden = [(s, d) for s, d, _ in liv.udfald if s not in ("rente", "termin")]
    assert uden == [
        ("tilsagn", "2021-03-15"),
        ("revurdering", "2021-12-31"),
        ("skema_b", "2022-02-01"),
        ("refusion", "2023-09-30"),
        ("finansiering", "2023-12-20"),
        ("skema_c", "2024-02-10"),
        *(("revurdering", f"{ar}-12-31") for ar in range(2025, 2063, 4)),
        ("afslutning", "2063-12-31"),
    ]
    assert [d for s, d, _ in liv.udfald if s == "rente"] == [f"{ar}-01-01" for ar in range(2022, 2064)]
    forfald = [d for s, d, _ in liv.udfald if s == "termin"]
    assert (forfald[0], forfald[-1], len(forfald)) == (
        "2024-03-27",
        "2063-12-31",
        160,
    )  # Skærtorsdag 28.3.2024
    assert liv.stilling["refusion_ore"] is not None


@pytest.mark.parametrize("skridt", ["tilsagn", "skema_c", "termin", "rente", "revurdering", "bortfald"])
def test_paa_en_lukket_konto_bogfores_intet(skridt: str) -> None:
    liv = Liv(lambda _: udgaver()[-1])
    liv.gor("tilsagn", "2021-03-15")
    liv.gor("bortfald", "2021-06-01")
    for_ = deepcopy(liv.stilling)
    assert liv.gor(skridt, "2024-02-01").posteringer == ()
    assert liv.stilling == for_
    assert kommende(liv.sidste, liv.udfald[-1][2]) == []


def test_refusionen_er_af_et_beregnet_forlob_hvad_lanet_end_blev() -> None:
    """§ 92 a: the same share of the support that was forecast in year 3, taken early, late or not at all, and at
    whatever rate; worth the same as the budget's, two years on."""
    forud = udgaver()[-1]

    def fastsat(lan: dict[str, Any] | None, **stilling: Any) -> Any:
        rettet = {**START, "rente_ar": 2023, **stilling}
        f = fakta("refusion", "2023-09-30", forud, lan=lan, stilling=rettet)
        return refusion(f, 2023), refusion(f, 2023, 1)

    uden, uden_1 = fastsat(None)
    tidligt, tidligt_1 = fastsat(
        {"dato": "2022-11-15", "hovedstol_ore": 8_000_000_000, "type": "fast", "renter": [[0, 0.06]]},
        terminer=3,
        beboerbetaling_ore=70_000_000,
    )
    assert uden == tidligt
    assert uden_1 != tidligt_1  # the first version's, still reckoned so
    p = et_projekt(
        finansier(som_kolonner({**PROJEKT, "bidrag_per_m2": 0}), "2021-03"), str(PROJEKT["lantype"]), 2023
    )
    budget = float(budgetter(p, [forud], "2021-03").refusion[0, 0]) * 1.0409**2
    assert uden.ore / 100 == pytest.approx(budget, abs=1)


def test_landsbyggefonden_betaler_det_sidste_af_forlobet() -> None:
    """§ 92 a: from when the value of what is left of the calculated support is the fund's share."""
    forud = udgaver()[0]
    f = fakta("refusion", "2023-09-30", forud, stilling={**START, "rente_ar": 2023})
    r = refusion(f, 2023)
    skygge = lag_plan({**f, "dato": "2023-12-31"}, None, 0.0075)
    assert r.fra is not None
    nr = int(np.flatnonzero(skygge.kvartal == r.fra)[0])
    assert vaerdi(skygge, nr, 2023, 0.0409) <= r.ore < vaerdi(skygge, nr - 1, 2023, 0.0409)
    assert 4 * 2024 < r.fra < 4 * 2054  # while the calculated loan runs
    # Where the course is worth nothing to the state, the fund pays nothing.
    lav = Forudsaetninger(
        "x", dict.fromkeys(LANTYPER, ((2020, -0.01),)), ((2020, 0.05),), ((2020, 0.05),), 0.0409, {}
    )
    negativ = refusion(fakta("refusion", "2023-09-30", lav, stilling={**START, "rente_ar": 2023}), 2023)
    assert negativ.ore < 0
    assert negativ.fra is None


def test_hvem_der_faar_beboerbetalingen_staar_i_afgorelserne() -> None:
    """The credit institution for 120 quarters, the state for 40, and at the end a third to each of three funds."""
    liv = hele(Liv(lambda _: udgaver()[-1]))
    tekster, sidste = [], []
    for skridt, dato, _ in liv.udfald:
        if skridt not in ("termin", "afslutning"):
            continue
        nr = sum(s == "termin" and d < dato for s, d, _ in liv.udfald)
        f = fakta(skridt, dato, udgaver()[-1], projekt=liv.projekt, lan=liv.lan)
        f["stilling"] |= {"rente_ar": int(dato[:4]), "terminer": nr}
        spor = {li["navn"]: li for li in orjson.loads(afgor(f).spor)}
        if skridt == "termin":
            tekster.append(spor["beboerbetaling_termin"]["tekst"]["da"])
        else:
            sidste.append(spor["beboerbetaling_efter"])
    assert [t.rsplit(" ", 1)[1] for t in tekster] == ["kreditinstituttet"] * 120 + ["staten"] * 40
    [efter] = sidste
    assert (
        round(sum(efter["inn"]["modtager"]), 2) == efter["verdi"] >= liv.stilling["beboerbetaling_ore"] / 100
    )


serie = st.lists(
    st.tuples(st.integers(2021, 2065), st.floats(-0.02, 0.12)),
    min_size=1,
    max_size=4,
    unique_by=lambda p: p[0],
).map(lambda p: tuple(sorted(p)))
forudsaetning = st.builds(
    lambda renter, pris, lon: Forudsaetninger("x", dict.fromkeys(LANTYPER, renter), pris, lon, 0.0409, {}),
    serie,
    serie,
    serie,
)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(forudsaetning, min_size=1, max_size=4),
    st.sampled_from(list(LANTYPER)),
    st.integers(60_000_000, 120_000_000),
    st.dates(date(2021, 3, 16), date(2032, 12, 31)),
    st.tuples(st.integers(50_000_000, 200_000_000), st.integers(50_000_000, 200_000_000)),
)
def test_intet_opstaar_og_intet_forsvinder(
    udg: list[Forudsaetninger], lantype: str, hovedstol: int, lan: date, koster: tuple[int, int]
) -> None:
    """A new forecast every tenth year, another principal, cost and day of the loan than expected: still zero at the
    end, to the øre."""
    liv = Liv(lambda dato: udg[(int(dato[:4]) - 2021) // 10 % len(udg)], lantype, hovedstol)
    hele(liv, lan.isoformat(), koster)
    assert liv.stilling["saldo_ore"] == 0 == sum(p.belob_ore for p in liv.bog)
    assert liv.stilling["posteret"] == {
        art: sum(p.belob_ore for p in liv.bog if p.art == art) for art in {p.art for p in liv.bog}
    }
    betalt = [u.stilling["beboerbetaling_ore"] for s, _, u in liv.udfald if s == "termin"]
    assert betalt == sorted(betalt)
    assert len(betalt) == 160


@settings(max_examples=60, deadline=None)
@given(forudsaetning, st.sampled_from(list(LANTYPER)))
def test_stotte_og_beboerbetaling_er_laneydelsen_i_hver_termin(forud: Forudsaetninger, lantype: str) -> None:
    f = fakta("tilsagn", "2021-03-15", forud, projekt={**PROJEKT, "lantype": lantype})
    plan = lag_plan(f)
    assert (plan.ydelsesstotte + plan.beboerbetaling == plan.laneydelse).all()
    assert (np.diff(plan.beboerbetaling) >= 0).all()
    assert (plan.laneydelse[LANETERMINER:] == 0).all()
    assert (plan.laneydelse[:LANETERMINER] > 0).all()
    assert finansieringsdag(f) == date(2023, 12, 31)
