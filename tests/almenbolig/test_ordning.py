"""What brings people into a step: everything that does not fit what the case knows."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from domain.almenbolig.forlop import VAGTER
from domain.almenbolig.livslob import udfor
from domain.almenbolig.ordning import ALMENBOLIG, sett_sammen
from domain.sak.ordning import VEDTAK
from services.bevaring.frister import frist
from services.utbetaling.fil import AnnenValuta, lag

PROJEKT = {
    "anskaffelsessum": 100_000_000, "boligtype": "familie", "antal_boliger": 50, "areal": 4750, "bidrag_per_m2": 0,
    "lantype": "rtl10",
}  # fmt: skip


class Sag:
    """The decisions of a case, without an engine."""

    def __init__(self) -> None:
        self.rader: list[dict[str, Any]] = []

    def meld(self, skridt: str, dato: str, **data: Any) -> tuple[dict[str, Any], set[str]]:
        soknad = {"skridt": skridt, "dato": dato, "termin": dato[:7], "kommunenummer": "0751", **data}
        sammensat = sett_sammen(soknad, {VEDTAK: {"rader": self.rader}})
        return sammensat.fakta, {g["kode"] for g in sammensat.manuell}

    def afgor(self, skridt: str, dato: str, **data: Any) -> set[str]:
        fakta, koder = self.meld(skridt, dato, **data)
        versjon = ALMENBOLIG.avgjor(fakta).regelversjon
        self.rader.append({"arsak": skridt, "fakta": deepcopy(fakta), "regelversjon": versjon})
        return koder


def givet() -> Sag:
    sag = Sag()
    assert sag.afgor("tilsagn", "2020-10-15", projekt=PROJEKT) == {"kommunal_godkendelse"}
    return sag


def test_skemaerne_kommer_i_deres_orden() -> None:
    skema = {"anskaffelsessum": 101_000_000, "antal_boliger": 50, "areal": 4750}
    sag = givet()
    assert "projektgodkendelse_mangler" in sag.meld("skema_c", "2021-05-01", **skema)[1]
    assert sag.afgor("skema_b", "2021-06-01", **skema) == {"kommunal_godkendelse"}
    assert sag.afgor("skema_c", "2022-06-01", **skema) == {"kommunal_godkendelse"}
    assert "regnskab_findes" in sag.meld("skema_b", "2022-07-01", **skema)[1]


@pytest.mark.parametrize(
    ("hovedstol", "dato", "koder"),
    [
        (88_000_000, "2022-11-15", set()),
        (88_000_000.01, "2022-11-15", {"lan_over_graensen"}),
        (100_000_000_000, "2022-11-15", {"lan_over_graensen"}),
        (1, "2022-11-15", set()),
        (88_000_000, "2020-09-30", {"lan_for_tilsagnet"}),
    ],
)
def test_et_laan_der_ikke_passer_til_projektet_ser_et_menneske_paa(
    hovedstol: float, dato: str, koder: set[str]
) -> None:
    """88 per cent of 100 million may be borrowed, and not before the commitment."""
    assert givet().meld("finansiering", dato, hovedstol=hovedstol, lantype="rtl10", rente=0.01)[1] == koder


def test_et_laan_uden_tilsagn_og_et_laan_til() -> None:
    lan = {"hovedstol": 88_000_000, "lantype": "rtl10", "rente": 0.01}
    budgetteret = Sag()
    budgetteret.afgor("finanslov", "2018-06-01", projekt=PROJEKT, tilsagnstermin="2020-10")
    assert budgetteret.meld("finansiering", "2022-11-15", **lan)[1] == {"tilsagn_mangler"}
    sag = givet()
    sag.afgor("finansiering", "2022-11-15", **lan)
    assert sag.meld("finansiering", "2022-12-15", **lan)[1] == {"lan_findes"}


def test_det_der_er_finansieret_bortfalder_ikke_af_sig_selv() -> None:
    sag = givet()
    assert sag.meld("bortfald", "2021-03-01")[1] == set()
    sag.afgor("finansiering", "2022-11-15", hovedstol=88_000_000, lantype="rtl10", rente=0.01)
    assert sag.meld("bortfald", "2030-03-01")[1] == {"lan_findes"}


def test_et_tilsagn_eller_budget_til_flytter_ikke_tilsagnsaaret_eller_renten() -> None:
    """People may take a second skema A in; the year and its discount rate are those of the first, and a budget that
    comes late does not put its project in the place of the one that was granted."""
    sag = givet()
    forste = sag.rader[0]["fakta"]["projekt"]
    storre = {**PROJEKT, "anskaffelsessum": 120_000_000}
    fakta, koder = sag.meld("tilsagn", "2021-03-01", projekt=storre)
    assert koder == {"kommunal_godkendelse", "tilsagn_givet"}
    assert (fakta["projekt"]["termin"], fakta["projekt"]["anskaffelsessum"]) == ("2020-10", 120_000_000)
    assert fakta["projekt"]["diskonteringsrente"] == forste["diskonteringsrente"]
    budget, koder = sag.meld("finanslov", "2021-03-01", projekt=storre, tilsagnstermin="2023-01")
    assert koder == {"tilsagn_givet"}
    assert budget["projekt"] == forste
    assert udfor(budget).stilling["saldo_ore"] == udfor(sag.rader[0]["fakta"]).stilling["saldo_ore"]


def test_en_sag_holdes_til_beboerbetalingen_ikke_laengere_reguleres() -> None:
    """Five payment years after the support, and the longest limitation; a budget without a commitment is shorter."""
    ar = {s: frist("almenbolig", s, date(2026, 1, 1)) for s in ("innvilget", "avslag", "uten_vedtak")}
    assert [f and f.ar for f in ar.values()] == [15, 5, 3]
    assert ALMENBOLIG.etterprov.lovinnhold()["koder"][1]["utfall"] == "innvilget"


def test_stotten_er_ingen_utbetaling_i_kroner() -> None:
    """It is settled with the credit institution in øre, and no row of it may come into a file of Norwegian kroner."""
    sag = givet()
    fakta = sag.rader[0]["fakta"]
    assert list(ALMENBOLIG.betalinger(ALMENBOLIG.avgjor(fakta), fakta)) == []
    with pytest.raises(AnnenValuta, match="DKK"):
        lag("2026-09", "almenbolig")


def test_ingen_norsk_lov_staar_bag_et_dansk_skridt() -> None:
    """Guards are shared; what they say to a person, and by what right, is the country's own."""
    vagter = {v for f in ALMENBOLIG.forlop.values() for o in f.overganger for v in o.vakter}
    assert {v.navn for v in vagter} == set(VAGTER)
    assert not [v for v in vagter if "bustøtte" in v.hjemmel or "kan ikkje" in v.tekst or " må " in v.tekst]
    assert all((v.tekst, v.hjemmel) == VAGTER[v.navn] for v in vagter)
