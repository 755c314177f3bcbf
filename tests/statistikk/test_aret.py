"""The year's households by what a-ordningen says of them, held against the country as it was drawn."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.kjoring import befolkning
from services.kjoring.befolkning_saker import saker
from services.kjoring.statistikk_ar import lag
from tests.kjoring import hjelp

TERMIN = "2024-03"
ANTALL = 400
TID = datetime(2024, 12, 20, 9, tzinfo=UTC)
KODER = {
    "aap": "arbeidsavklaringspenger",
    "dagpenger": "dagpengerVedArbeidsloeshet",
    "introduksjonsstonad": "introduksjonsstoenad",
}


@pytest.fixture(scope="module")
def land(database: str):
    with hjelp.oppsett(**hjelp.LITE):
        hjelp.befolk(ANTALL, TERMIN)
        hjelp.kjor(TERMIN)
        yield database


def _trukket(url: str) -> dict[str, int]:
    """Households granted the month by what their people were drawn to have, from the draw and not from the store."""
    innvilget = {
        sak_id
        for (sak_id,) in hjelp.sporr(
            url,
            "SELECT v.sak_id FROM vedtak v JOIN sak s ON s.id = v.sak_id"
            " WHERE v.termin = %s AND v.kode = 'V00' AND NOT s.gradert",
            TERMIN,
        )
    }
    ut = dict.fromkeys(KODER, 0)
    b = befolkning.bit(hjelp.FRO, 0, ANTALL)
    for sak in saker(b, befolkning.maned(b, TERMIN)):
        if sak.id in innvilget:
            svar: list[Any] = [s for krav, s in sak.svar if krav.register == "inntekt"]
            fikk = {post["beskrivelse"] for s in svar for post in s["poster"] if post["belop_ore"] > 0}
            for navn, kode in KODER.items():
                ut[navn] += kode in fikk
    return ut


def test_aap_dagpenger_og_introduksjonsstonad_telles_hver_for_seg(land: str):
    riktig = _trukket(land)
    assert all(n >= 4 for n in riktig.values()), riktig
    talt = lag(2024, TID)
    assert {navn: talt[navn] for navn in KODER} == riktig


def test_svar_som_ikke_lar_seg_apne_hindrer_ikke_tellingen(land: str):
    talt = lag(2024, TID)
    odelagt = "UPDATE opplysning SET innhold = set_byte(innhold, 40, get_byte(innhold, 40) # 1) WHERE kilde = 'inntekt'"
    try:
        hjelp.endre(land, odelagt)
        assert {navn: lag(2024, TID)[navn] for navn in KODER} == dict.fromkeys(KODER, 0)
        assert lag(2024, TID)["uforetrygd"] == talt["uforetrygd"], "det vedtakene sier, telles fortsatt"
    finally:
        hjelp.endre(land, odelagt)
    assert lag(2024, TID) == talt
