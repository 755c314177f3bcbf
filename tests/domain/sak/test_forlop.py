"""The transition table, walked whole: every state, action, role and outcome of the guards."""

from itertools import product
from pathlib import Path

import pytest

from domain.ordninger import ORDNINGER
from domain.sak.forlop import (
    SOKNAD,
    Avslag,
    Forlop,
    Kontekst,
    Overgang,
    Rolle,
    diagram,
)
from tests.domain.sak.forlopsdokument import DOKUMENT, dokument

ALLE = {f"{navn}/{arsak}": f for navn, o in ORDNINGER.items() for arsak, f in o.forlop.items()}
FORLOP = {navn: f for navn, f in ALLE.items() if f not in list(ALLE.values())[: list(ALLE).index(navn)]}
"""Every table once, by the first scheme and cause that use it."""
UTFALL = tuple(product((False, True), repeat=5))
"""Every combination of what the guards look at."""

LOVLIG = {
    ("opprettet", "start_kontroll"): ("kontroll", {"system"}),
    ("opprettet", "trekk"): ("henlagt", {"system", "saksbehandler"}),
    ("kontroll", "fatt_vedtak"): ("vedtatt", {"system"}),
    ("kontroll", "til_manuell"): ("manuell", {"system"}),
    ("kontroll", "trekk"): ("henlagt", {"system", "saksbehandler"}),
    ("manuell", "foresla"): ("foreslatt", {"saksbehandler"}),
    ("manuell", "be_om_opplysninger"): ("venter", {"saksbehandler"}),
    ("manuell", "kontroller_pa_nytt"): ("kontroll", {"saksbehandler"}),
    ("manuell", "trekk"): ("henlagt", {"system", "saksbehandler"}),
    ("venter", "motta_opplysninger"): ("kontroll", {"system", "saksbehandler"}),
    ("venter", "frist_ut"): ("kontroll", {"system"}),
    ("venter", "trekk"): ("henlagt", {"system", "saksbehandler"}),
    ("foreslatt", "attester"): ("vedtatt", {"attestant"}),
    ("foreslatt", "underkjenn"): ("manuell", {"attestant"}),
    ("foreslatt", "trekk"): ("henlagt", {"system", "saksbehandler"}),
}
"""What is allowed, written out once more by hand: a change of the table must be meant."""

EGEN_SAK_HINDRER = {h for (_, h) in LOVLIG} - {"start_kontroll", "fatt_vedtak", "til_manuell", "frist_ut"}


def kontekst(rolle: str, utfall: tuple[bool, ...]) -> Kontekst:
    egen, samme, mangler, avgjorelse, frist = utfall
    return Kontekst(
        aktor="a",
        roller=frozenset({rolle}),
        egen_sak=egen,
        forslag_av="a" if samme else "b",
        kontroller_mangler=mangler,
        har_avgjorelse=avgjorelse,
        frist_ute=frist,
    )


def skal_ga(tilstand: str, handling: str, rolle: str, utfall: tuple[bool, ...]) -> bool:
    """The rules in words, apart from the table: who, and what must hold."""
    egen, samme, mangler, avgjorelse, frist = utfall
    if (tilstand, handling) not in LOVLIG or rolle not in LOVLIG[tilstand, handling][1]:
        return False
    hindres = (
        (egen and handling in EGEN_SAK_HINDRER)
        or (samme and handling in {"attester", "underkjenn"})
        or (mangler and handling in {"fatt_vedtak", "til_manuell"})
        or (not avgjorelse and handling == "attester")
        or (not frist and handling == "frist_ut")
    )
    return not hindres


def test_hver_tilstand_handling_rolle_og_vakt_gir_det_tabellen_sier():
    handlinger = [*sorted(SOKNAD.handlinger), "finnes_ikke"]
    provd = gikk = 0
    for tilstand, handling, rolle, utfall in product(sorted(SOKNAD.tilstander), handlinger, Rolle, UTFALL):
        svar = SOKNAD.prov(tilstand, handling, kontekst(rolle, utfall))
        sted = (tilstand, handling, rolle.value, utfall)
        if skal_ga(tilstand, handling, rolle.value, utfall):
            assert isinstance(svar, Overgang), sted
            assert svar.til == LOVLIG[tilstand, handling][0]
            gikk += 1
        else:
            assert isinstance(svar, Avslag), sted
            assert svar.kode
            assert svar.tekst
        provd += 1
    assert provd == len(SOKNAD.tilstander) * len(handlinger) * len(Rolle) * len(UTFALL)
    assert gikk


@pytest.mark.parametrize("navn", FORLOP)
def test_ingen_vei_utenom_roller_og_vakter(navn: str):
    """The same walk for every table in use, held against its own declaration."""
    forlop = FORLOP[navn]
    erklaert = {(o.fra, o.handling): o for o in forlop.overganger}
    for tilstand, handling, rolle, utfall in product(forlop.tilstander, forlop.handlinger, Rolle, UTFALL):
        k = kontekst(rolle, utfall)
        o = erklaert.get((tilstand, handling))
        lov = o is not None and rolle in o.roller and all(v.holder(k) for v in o.vakter)
        assert (forlop.prov(tilstand, handling, k) is o) == lov or o is None
        assert isinstance(forlop.prov(tilstand, handling, k), Avslag) != lov


def test_avslaget_sier_hvorfor():
    def kode(tilstand: str, handling: str, rolle: str, **felt: object) -> str:
        svar = SOKNAD.prov(tilstand, handling, Kontekst("a", frozenset({rolle}), **felt))  # type: ignore[arg-type]
        return svar.kode if isinstance(svar, Avslag) else "ok"

    assert kode("manuell", "tryll", "saksbehandler") == "ukjent-handling"
    assert kode("vedtatt", "foresla", "saksbehandler") == "feil-tilstand"
    assert kode("manuell", "foresla", "attestant") == "feil-rolle"
    assert kode("manuell", "foresla", "saksbehandler", egen_sak=True) == "egen-sak"
    assert kode("foreslatt", "attester", "attestant", har_avgjorelse=True, forslag_av="a") == "to-personer"
    assert kode("foreslatt", "attester", "attestant", har_avgjorelse=True) == "to-personer"
    assert kode("foreslatt", "attester", "attestant", forslag_av="b") == "avgjorelse-mangler"
    assert kode("kontroll", "fatt_vedtak", "system", kontroller_mangler=True) == "kontroller-mangler"
    assert kode("venter", "frist_ut", "system") == "frist-loper"


def test_mulige_er_det_prov_slipper_gjennom():
    for tilstand, rolle, utfall in product(SOKNAD.tilstander, Rolle, UTFALL):
        k = kontekst(rolle, utfall)
        slipper = [
            o.handling
            for o in SOKNAD.overganger
            if o.fra == tilstand and not isinstance(SOKNAD.prov(tilstand, o.handling, k), Avslag)
        ]
        assert SOKNAD.mulige(tilstand, k) == slipper


@pytest.mark.parametrize("navn", FORLOP)
def test_hver_tilstand_kan_nas_og_hver_apen_tilstand_kan_ende(navn: str):
    forlop = FORLOP[navn]
    kanter = {(o.fra, o.til) for o in forlop.overganger}
    assert naes(kanter, {forlop.start}) == forlop.tilstander
    for tilstand in forlop.tilstander - forlop.slutt:
        assert naes(kanter, {tilstand}) & forlop.slutt, tilstand


def naes(kanter: set[tuple[str, str]], fra: set[str]) -> frozenset[str]:
    while nye := {til for f, til in kanter if f in fra} - fra:
        fra = fra | nye
    return frozenset(fra)


@pytest.mark.parametrize("navn", FORLOP)
def test_vedtak_krever_maskinen_eller_to_personer(navn: str):
    """Whatever leads to a decision is done by the engine, or attested by another than who proposed."""
    for o in FORLOP[navn].overganger:
        if o.til == "vedtatt":
            assert o.roller == {Rolle.SYSTEM} or {"to-personer", "egen-sak"} <= {v.navn for v in o.vakter}


@pytest.mark.parametrize("navn", FORLOP)
def test_person_i_egen_sak_kan_ikke_gjore_noe(navn: str):
    forlop = FORLOP[navn]
    for tilstand, rolle in product(forlop.tilstander, set(Rolle) - {Rolle.SYSTEM}):
        k = Kontekst(
            "a", frozenset({rolle}), egen_sak=True, forslag_av="b", har_avgjorelse=True, frist_ute=True
        )
        assert forlop.mulige(tilstand, k) == []


@pytest.mark.parametrize(
    ("endring", "melding"),
    [
        ({"overganger": (*SOKNAD.overganger, SOKNAD.overganger[0])}, "to ganger"),
        (
            {"overganger": (Overgang("vedtatt", "angre", "kontroll", frozenset({Rolle.SYSTEM})),)},
            "sluttilstand",
        ),
        ({"automatisk": frozenset({"borte"})}, "ukjente tilstander"),
        ({"start": "borte"}, "ukjente tilstander"),
    ],
)
def test_en_tabell_som_ikke_henger_sammen_kan_ikke_lages(endring: dict, melding: str):
    felt = {"navn": "x", "start": SOKNAD.start, "slutt": SOKNAD.slutt, "overganger": SOKNAD.overganger}
    with pytest.raises(ValueError, match=melding):
        Forlop(**{**felt, "automatisk": SOKNAD.automatisk, **endring})


def test_diagrammet_i_docs_er_laget_av_tabellen():
    """``python -m tests.domain.sak.forlopsdokument`` writes it anew."""
    assert Path(DOKUMENT).read_text(encoding="utf-8") == dokument()


@pytest.mark.parametrize("navn", FORLOP)
def test_diagrammet_har_hver_overgang(navn: str):
    tegnet = diagram(FORLOP[navn])
    for o in FORLOP[navn].overganger:
        assert f"{o.fra} --> {o.til}: {o.handling}" in tegnet
