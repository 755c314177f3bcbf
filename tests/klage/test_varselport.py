"""The notice gate, by search: every state and every set of marks that any order of moves leads to, in every table."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from domain.ordninger import ORDNINGER
from domain.sak.forlop import Avslag, Forlop, Kontekst, Merke, Overgang, Rolle
from domain.sak.varsel import UNNTAK, VARSLET, etter_forslag

ALLE = {f"{navn}/{arsak}": f for navn, o in ORDNINGER.items() for arsak, f in o.forlop.items()}
FORLOP = {navn: f for navn, f in ALLE.items() if f not in list(ALLE.values())[: list(ALLE).index(navn)]}
"""Every table once, by the first scheme and cause that use it."""
MED_PORT = {n: f for n, f in FORLOP.items() if any(VARSLET in o.vakter for o in f.overganger)}
VEDTATT = "vedtatt"

Sted = tuple[str, frozenset[str], int]
"""Where a treatment is: state, marks, and what has really happened with the notice, told by the moves alone:
0 nothing, 1 made, 2 delivered, 3 answered or run out."""


def fremdrift(vei: int, tilstand: str, handling: str) -> int:
    """The notice's own story, apart from the marks."""
    if handling == "varsle":
        return 1
    if handling == "levert" and vei == 1:
        return 2
    if handling == "innsigelse" and vei:  # whoever answers has been told
        return 3
    if vei == 2 and handling == "frist_ut" and tilstand == "varslet":
        return 3
    return vei


def kontekster(merker: frozenset[str]) -> Iterator[Kontekst]:
    for rolle, egen, annen, har, ute in product(Rolle, *[(False, True)] * 4):
        yield Kontekst(
            "a",
            frozenset({rolle}),
            egen_sak=egen,
            forslag_av="b" if annen else "a",
            har_avgjorelse=har,
            frist_ute=ute,
            merker=merker,
        )


def omverdenen(sted: Sted) -> Iterator[Sted]:
    """What no move decides: a proposal of more, of as much as was notified, of less than that; a late appeal."""
    tilstand, merker, vei = sted
    varslet = 1000 if Merke.VARSEL_LAGET in merker else 0
    yield tilstand, etter_forslag(merker, 500, varslet), vei
    yield tilstand, etter_forslag(merker, -1000, varslet), vei
    # A larger claim than was told: the story begins anew.
    yield tilstand, etter_forslag(merker, -1001, varslet), 0
    yield tilstand, merker | {Merke.FOR_SENT}, vei


_trekk: dict[tuple[int, str, frozenset[str]], list[tuple[str, Overgang]]] = {}


def trekk(forlop: Forlop, tilstand: str, merker: frozenset[str]) -> list[tuple[str, Overgang]]:
    """Every move that anybody may make there, whoever it is and whatever else the guards look at."""
    nokkel = (id(forlop), tilstand, merker)
    if nokkel not in _trekk:
        ut = {}
        for handling in {o.handling for o in forlop.overganger if o.fra == tilstand}:
            for k in kontekster(merker):
                o = forlop.prov(tilstand, handling, k)
                if not isinstance(o, Avslag):
                    ut[handling] = o
                    break
        _trekk[nokkel] = list(ut.items())
    return _trekk[nokkel]


def sok(forlop: Forlop) -> tuple[set[Sted], list[tuple[Sted, Overgang]]]:
    """(every place that can be reached, decisions to somebody's disadvantage that nobody was told of)."""
    _trekk.clear()  # a table made for one search may leave its id to another
    sett: set[Sted] = set()
    hull = []
    ko: list[Sted] = [(forlop.start, frozenset(), 0)]
    ko += [(t, frozenset(), 0) for t in forlop.tilstander]  # treatments that others began in the middle
    while ko:
        sted = ko.pop()
        if sted in sett:
            continue
        sett.add(sted)
        tilstand, merker, vei = sted
        if tilstand in forlop.slutt:
            continue
        ko += omverdenen(sted)
        for handling, o in trekk(forlop, tilstand, merker):
            if o.til == VEDTATT and Merke.TIL_UGUNST in merker and vei != 3 and o.unntak not in UNNTAK:
                hull.append((sted, o))
            ko.append((o.til, o.etter(merker), fremdrift(vei, tilstand, handling)))
    return sett, hull


@pytest.mark.parametrize("navn", FORLOP)
def test_ingen_vei_til_ugunst_uten_varsel_eller_unntak_i_loven(navn: str) -> None:
    sett, hull = sok(FORLOP[navn])
    assert hull == []
    assert {t for t, _, _ in sett} == FORLOP[navn].tilstander


@pytest.mark.parametrize("navn", FORLOP)
def test_hvert_vedtak_er_bak_porten_eller_navngir_sitt_unntak(navn: str) -> None:
    for o in FORLOP[navn].overganger:
        if o.til == VEDTATT:
            assert (VARSLET in o.vakter) != bool(o.unntak), o.handling
            assert not o.unntak or UNNTAK[o.unntak].hjemmel
        else:
            assert not o.unntak, o.handling


@pytest.mark.parametrize("navn", MED_PORT)
def test_soket_finner_hullet_nar_porten_tas_bort(navn: str) -> None:
    """The search must be able to fail: without the guard, and with each mark given away too early."""
    forlop = MED_PORT[navn]
    apnet = tuple(
        replace(o, vakter=tuple(v for v in o.vakter if v is not VARSLET)) for o in forlop.overganger
    )
    assert sok(replace(forlop, overganger=apnet))[1]


@pytest.mark.parametrize(
    ("handling", "merke"),
    [("levert", Merke.VARSEL_BESVART), ("foresla", Merke.VARSELFRIST_UTE)],
)
def test_soket_finner_et_merke_som_settes_for_tidlig(handling: str, merke: Merke) -> None:
    forlop = FORLOP["bostotte/etterkontroll"]
    alle = {Merke.VARSEL_LAGET, Merke.VARSEL_LEVERT, merke}
    endret = tuple(
        replace(o, setter=o.setter | alle, fjerner=frozenset()) if o.handling == handling else o
        for o in forlop.overganger
    )
    assert sok(replace(forlop, overganger=endret))[1]


def test_en_klage_kan_aldri_gi_mindre() -> None:
    """No way to a notice, so no way to a lower decision."""
    sett, _ = sok(FORLOP["bostotte/klage"])
    assert not any(Merke.TIL_UGUNST in merker for tilstand, merker, _ in sett if tilstand == VEDTATT)


def test_et_nytt_varsel_starter_fristen_pa_nytt() -> None:
    forlop = FORLOP["bostotte/etterkontroll"]
    varsle = forlop.finn("foreslatt", "varsle")
    assert varsle is not None
    ferdig = frozenset(
        {
            Merke.VARSEL_LAGET,
            Merke.VARSEL_LEVERT,
            Merke.VARSEL_BESVART,
            Merke.VARSELFRIST_UTE,
            Merke.TIL_UGUNST,
        }
    )
    assert varsle.etter(ferdig) == {Merke.VARSEL_LAGET, Merke.TIL_UGUNST}


def test_mer_enn_det_ble_varslet_om_er_ikke_varslet() -> None:
    varslet = frozenset({Merke.VARSEL_LAGET, Merke.VARSEL_LEVERT, Merke.VARSEL_BESVART, Merke.TIL_UGUNST})
    assert etter_forslag(varslet, -1000, 1000) == varslet
    assert etter_forslag(varslet, -400, 1000) == varslet
    assert etter_forslag(varslet, -1001, 1000) == {Merke.TIL_UGUNST}
    assert Merke.TIL_UGUNST not in etter_forslag(varslet, 0, 1000)
