"""A seeded draw of decided cases: the same seed draws the same, each is seen once, and never by who decided it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Klient, app, befolkning, klient, sak, token
from tests.scenarios.bygg import person, soknad

__all__ = ["app", "befolkning", "klient", "sak"]
"""Fixtures of the API's tests, used here too."""
HUSBANKEN = "klagebehandler"
TREKK = {"fra": "2026-08", "til": "2026-09", "fro": 7, "antall": 3}


@pytest.fixture(scope="module")
def vedtatte(sak: Callable[..., dict[str, Any]]) -> list[str]:
    return [sak("vedtatt", soknad(person(inntekt=12000 + nr)))["sak"] for nr in range(5)]


def test_samme_fro_trekker_de_samme_og_hver_ses_en_gang(klient: Klient, vedtatte: list[str]) -> None:
    def trekk(**valg: Any) -> dict[str, Any]:
        svar = klient.post("/api/v1/stikkprover", json={**TREKK, **valg}, headers=token(HUSBANKEN))
        assert svar.status_code == 201, svar.text
        return dict(svar.json())

    def liste(id_: str, **valg: Any) -> dict[str, Any]:
        svar = klient.get(f"/api/v1/stikkprover/{id_}/vedtak", params=valg, headers=token(HUSBANKEN))
        return dict(svar.json())

    en, to, annen = trekk(), trekk(), trekk(fro=8, antall=5)
    assert en["populasjon"] == len(vedtatte)
    assert en["funn"] == {"ikke_sett": 3}
    trukket = [r["vedtak"] for r in liste(en["id"])["vedtak"]]
    assert len(trukket) == 3
    assert [r["vedtak"] for r in liste(to["id"])["vedtak"]] == trukket
    alle = [r["vedtak"] for r in liste(annen["id"])["vedtak"]]
    assert set(trukket) < set(alle)
    # Two seeds may well agree on three of five; twenty never do.
    assert any(
        [r["vedtak"] for r in liste(trekk(fro=fro)["id"])["vedtak"]] != trukket for fro in range(9, 29)
    )
    side = liste(en["id"], antall=2)
    assert side["neste"] == 2
    assert [r["nr"] for r in liste(en["id"], etter=2)["vedtak"]] == [3]

    adresse = f"/api/v1/stikkprover/{en['id']}/vedtak/{trukket[0]}/funn"
    funn = {"funn": "mangelfull_dokumentasjon", "merknad": "Leiekontrakten mangler."}
    assert klient.post(adresse, json=funn, headers=token("saksbehandler")).status_code == 403
    svar = klient.post(adresse, json=funn, headers=token(HUSBANKEN))
    assert svar.status_code == 200, svar.text
    assert svar.json()["funn"] == {"ikke_sett": 2, "mangelfull_dokumentasjon": 1}
    assert klient.post(adresse, json=funn, headers=token(HUSBANKEN)).status_code == 409
    rad = liste(en["id"])["vedtak"][0]
    historikk = klient.get(f"/api/v1/saker/{rad['sak']}/historikk", headers=token("revisor")).json()[
        "hendelser"
    ]
    assert (historikk[-1]["type"], historikk[-1]["innhold"]) == ("stikkprove", {"merknad": funn["merknad"]})
    feil = klient.post("/api/v1/stikkprover", json={**TREKK, "til": "2026-07"}, headers=token(HUSBANKEN))
    assert feil.json()["feil"][0]["felt"] == "til"
