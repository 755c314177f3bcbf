"""The reasons of a decision as data: from the stored trace, every sum in it."""

import re
from typing import Any

import orjson
import psycopg
import pytest
from hypothesis import given, settings

from domain.bostotte.fakta import Fakta
from domain.ordninger import ORDNINGER
from domain.sak.kjede import kanonisk
from services.forsegling import forsegler
from services.motor.avgjorelse import fold_ut
from tests.api.conftest import Klient, token
from tests.bench.tillit_land import lag_land
from tests.domain.bostotte.husstander import husstander

ETTERPROV = ORDNINGER["bostotte"].etterprov
SUM = re.compile("((?:\u2212)?[0-9\u00a0]+(?:,[0-9]{2})?)\u00a0kr")


def summer(setninger: list[str]) -> list[float]:
    return [
        float(t.replace("\u00a0", "").replace(",", ".").replace("\u2212", "-"))
        for t in SUM.findall(" ".join(setninger))
    ]


def i_sporet(spor: list[dict[str, Any]]) -> set[float]:
    return {
        linje["verdi"]
        for linje in spor
        if isinstance(linje["verdi"], int | float) and linje["enhet"].startswith("kr")
    }


@settings(max_examples=50, deadline=None)
@given(husstander())
def test_every_sum_stands_in_the_trace_that_is_stored(fakta: Fakta) -> None:
    versjon = ETTERPROV.regelversjon(fakta["termin"])
    [g] = ETTERPROV.gjenta([dict(fakta)], versjon)
    spor = orjson.loads(fold_ut(kanonisk(dict(fakta)), g.spor))
    ut = ETTERPROV.begrunnelse(spor, versjon)
    assert ut.keys() == {"nb", "nn"}
    for setninger in ut.values():
        assert all(s.endswith(".") for s in setninger)
        assert set(summer(list(setninger))) <= i_sporet(spor)
    assert summer(list(ut["nb"])) == summer(list(ut["nn"]))
    if g.kode == "V00":
        assert float(g.belop) in summer(list(ut["nb"]))


@pytest.fixture
def klient(rydd: str) -> Klient:
    from services.api.app import app

    forsegler.cache_clear()
    return Klient(app)


def test_the_endpoint_gives_both_languages_and_leaves_a_mark(rydd: str, klient: Klient) -> None:
    lag_land(rydd, 12)
    with psycopg.connect(rydd) as db:
        rader = db.execute("SELECT id, sak_id, kode, belop FROM vedtak").fetchall()
    for id_, sak, kode, belop in rader:
        svar = klient.get(f"/api/v1/vedtak/{id_}/begrunnelse", headers=token("saksbehandler"))
        assert svar.status_code == 200, svar.text
        innhold = svar.json()
        assert (innhold["vedtak"], innhold["kode"]) == (str(id_), kode)
        helt = klient.get(f"/api/v1/vedtak/{id_}", headers=token("saksbehandler")).json()
        assert set(summer(innhold["nb"])) <= i_sporet(helt["spor"])
        assert kode != "V00" or float(belop) in summer(innhold["nn"])
        with psycopg.connect(rydd) as db:
            lest = db.execute("SELECT hva FROM lesing WHERE sak_id = %s ORDER BY id", [sak]).fetchall()
        assert ("vedtak.begrunnelse",) in lest


def test_an_unknown_decision_and_an_erased_person(rydd: str, klient: Klient) -> None:
    lag_land(rydd, 1)
    with psycopg.connect(rydd) as db:
        [(id_,)] = db.execute("SELECT id FROM vedtak").fetchall()
        db.execute("UPDATE person SET nokkel = NULL")
    svar = klient.get(f"/api/v1/vedtak/{id_}/begrunnelse", headers=token("saksbehandler"))
    assert svar.status_code == 200
    assert (svar.json()["nb"], svar.json()["nn"]) == ([], [])
    borte = klient.get(
        "/api/v1/vedtak/00000000-0000-7000-8000-000000000000/begrunnelse", headers=token("saksbehandler")
    )
    assert borte.status_code == 404
