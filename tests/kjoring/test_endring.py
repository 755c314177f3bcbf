"""A running case from its first decision: a reported change counts from the right month, and the API of runs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.motor.dren import dren
from services.registersim.befolkning import Befolkning
from services.registre.inprosess import RegistreIProsess
from services.tilgang import lokal
from tests.api.conftest import CLOUDEVENT, Klient, app, befolkning, klient, sak, token
from tests.kjoring import hjelp
from tests.scenarios.bygg import Soknad, person, soknad

__all__ = ["app", "befolkning", "klient", "sak"]
"""Fixtures of the API's tests, used here too."""
ENDRING = "no.boligsak.bostotte.endring.meldt.v1"


@pytest.fixture(scope="module")
def lopende(sak: Callable[..., dict[str, Any]]) -> tuple[Soknad, dict[str, Any]]:
    s = soknad(person(inntekt=15000), termin="2026-09")
    return s, sak("vedtatt", s)


def _meld(klient: Klient, s: Soknad, dag: str, **bolig: Any) -> httpx.Response:
    hendelse = s.hendelse()
    hendelse |= {"type": ENDRING, "id": f"{hendelse['id']}-{dag}", "time": f"{dag}T12:00:00Z"}
    hendelse["data"]["bolig"] |= bolig
    hoder = {**CLOUDEVENT, **token("innsender")}
    return klient.post("/api/v1/hendelser", json=hendelse, headers=hoder)


def test_et_vedtak_gjor_saken_lopende(database: str, lopende: tuple[Soknad, dict[str, Any]]):
    _, kvittering = lopende
    assert hjelp.sporr(
        database,
        "SELECT status, siste_termin, siste_kode, avslag_pa_rad FROM lopende WHERE sak_id = %s",
        kvittering["sak"],
    ) == [("lopende", "2026-09", "V00", 0)]


@pytest.mark.parametrize(("dag", "fra"), [("2026-10-25", "2026-10"), ("2026-10-26", "2026-11")])
def test_endring_innen_den_25_gjelder_fra_samme_maned(
    database: str, klient: Klient, lopende: tuple[Soknad, dict[str, Any]], dag: str, fra: str
):
    s, kvittering = lopende
    svar = _meld(klient, s, dag, boutgift_per_maned=9000)
    assert svar.status_code == 202, svar.text
    assert svar.json()["sak"] == kvittering["sak"]
    rader = hjelp.sporr(
        database, "SELECT gjelder_fra FROM lopende_soknad WHERE sak_id = %s", kvittering["sak"]
    )
    assert (fra,) in rader
    assert (
        hjelp.en(
            database,
            "SELECT tilstand FROM behandling WHERE id = %s AND avsluttet IS NOT NULL",
            svar.json()["behandling"],
        )
        == "registrert"
    )


def test_endring_pa_en_sak_som_ikke_loper_avvises(klient: Klient):
    svar = _meld(klient, soknad(person(inntekt=15000), termin="2026-09"), "2026-10-01")
    assert svar.status_code == 422
    assert svar.json()["feil"][0]["felt"] == "data.soker.fnr"


def test_kjoring_over_api_bestilles_folges_og_leses(
    klient: Klient, befolkning: Befolkning, lopende: tuple[Soknad, dict[str, Any]]
):
    assert lopende
    drift = token("drift", "Ola Drift")
    kropp = {"termin": "2026-10", "prove": True}
    svar = klient.post("/api/v1/kjoringer", json=kropp, headers=drift)
    assert svar.status_code == 202, svar.text
    sted = svar.headers["Location"]
    assert klient.get(f"{sted}/rapport", headers=drift).status_code == 404
    ferdig = hjelp.fullfor(svar.json()["id"], RegistreIProsess(befolkning))
    vist = klient.get(sted, headers=drift).json()
    assert (vist["status"], vist["fase"], vist["prove"]) == ("ferdig", "ferdig", True)
    assert vist["fremdrift"]["behandlet"] == vist["fremdrift"]["saker"] == 1
    assert vist["resultat_hash"] == (ferdig.resultat_hash or b"").hex()
    rapport = klient.get(f"{sted}/rapport", headers=drift).json()["rapport"]
    assert rapport["regnskap"]["samlet"] == {
        "godtatt": 1, "vedtatt": 1, "stanset": 0, "oppgave": 0, "differanse": 0,
    }  # fmt: skip
    assert klient.get("/api/v1/kjoringer", headers=drift).json()["kjoringer"][0]["id"] == vist["id"]


def test_uten_klarering_telles_ingen_steder(
    klient: Klient, befolkning: Befolkning, lopende: tuple[Soknad, dict[str, Any]]
):
    """A count by municipality or by reason counts protected addresses too."""
    klarert = token("drift", "Ola Drift")
    uklarert = {"Authorization": "Bearer " + lokal.utsted(["alle"], "drift", navn="Per Drift")}
    ider = {}
    for navn, kommuner in (("landet", None), ("oslo", ["0301"])):
        kropp = {"termin": "2026-10", "prove": True, "kommuner": kommuner}
        assert klient.post("/api/v1/kjoringer", json=kropp, headers=klarert).status_code == 202
        if kommuner:
            assert klient.post("/api/v1/kjoringer", json=kropp, headers=uklarert).status_code == 403
        ider[navn] = klient.get("/api/v1/kjoringer", headers=klarert).json()["kjoringer"][0]["id"]
        hjelp.fullfor(ider[navn], RegistreIProsess(befolkning))
    sett = klient.get("/api/v1/kjoringer", headers=uklarert).json()["kjoringer"]
    assert ider["landet"] in {k["id"] for k in sett}
    assert ider["oslo"] not in {k["id"] for k in sett}
    for under in ("", "/rapport"):
        assert klient.get(f"/api/v1/kjoringer/{ider['oslo']}{under}", headers=uklarert).status_code == 404
        assert klient.get(f"/api/v1/kjoringer/{ider['oslo']}{under}", headers=klarert).status_code == 200
    sted = f"/api/v1/kjoringer/{ider['landet']}/rapport"
    vist, helt = (klient.get(sted, headers=h) for h in (uklarert, klarert))
    assert "0301" in helt.text
    assert "0301" not in vist.text
    assert "grunner" not in vist.json()["rapport"]
    assert vist.json()["rapport"]["regnskap"]["samlet"] == helt.json()["rapport"]["regnskap"]["samlet"]


def test_kjoring_to_ganger_over_api_er_en_konflikt(klient: Klient):
    drift = token("drift", "Ola Drift")
    kropp = {"termin": "2024-05"}
    assert klient.post("/api/v1/kjoringer", json=kropp, headers=drift).status_code == 202
    svar = klient.post("/api/v1/kjoringer", json=kropp, headers=drift)
    assert svar.status_code == 409
    assert "er allerede kjørt eller i gang" in svar.text


@pytest.mark.parametrize("rolle", ["saksbehandler", "innsender", "attestant"])
def test_bare_drift_far_bestille(klient: Klient, rolle: str):
    assert (
        klient.post("/api/v1/kjoringer", json={"termin": "2026-12"}, headers=token(rolle)).status_code == 403
    )


def test_en_kjoring_som_ikke_holdes_kan_ikke_slippes(klient: Klient):
    drift = token("drift", "Kari Drift")
    bestilt = klient.post("/api/v1/kjoringer", json={"termin": "2026-08", "prove": True}, headers=drift)
    kjoring = bestilt.json()["id"]
    svar = klient.post(
        f"/api/v1/kjoringer/{kjoring}/slipp", json={"begrunnelse": "Alt er bra."}, headers=drift
    )
    assert svar.status_code == 409


def test_en_forkastet_kjoring_over_api_og_saker_som_avgjores_for_seg(
    database: str, klient: Klient, befolkning: Befolkning, sak: Callable[..., dict[str, Any]]
):
    """A decision in the case itself takes the place of what the run holds, and what lapsed is no part of what the month
    has had: decided before or after the run is rejected, the case gets the whole of what it was granted, once."""
    soknader = {
        navn: soknad(person(inntekt=15000), leie=6000, termin="2026-07")
        for navn in ("opp før", "ned før", "opp etter", "ned etter")
    }
    saker = {navn: sak("vedtatt", s)["sak"] for navn, s in soknader.items()}
    drift = token("drift", "Ola Drift")
    with hjelp.oppsett(BOLIGSAK_KJORING_BAND_KOMMUNE="-1", BOLIGSAK_KJORING_BAND_KOMMUNE_SAKER="1"):
        kjoring = klient.post("/api/v1/kjoringer", json={"termin": "2026-08"}, headers=drift).json()["id"]
        assert hjelp.fullfor(kjoring, RegistreIProsess(befolkning)).status == "holdt"

    def meld(navn: str) -> None:
        leie = 7000 if navn.startswith("opp") else 4500
        svar = _meld(klient, soknader[navn], "2026-08-20", boutgift_per_maned=leie)
        assert svar.status_code == 202, svar.text
        dren(UUID(saker[navn]), RegistreIProsess(befolkning))

    def bok(navn: str) -> tuple[int, int, int]:
        """What lapsed, what is to be paid, what is decided."""
        sporring = (
            "SELECT sum(belop) FILTER (WHERE status = 'bortfalt')::int,"
            " sum(belop) FILTER (WHERE status IN ('planlagt', 'holdt'))::int,"
            " (SELECT belop FROM vedtak v WHERE v.sak_id = u.sak_id AND v.termin = u.termin"
            "  ORDER BY fattet DESC LIMIT 1)::int"
            " FROM utbetaling u WHERE sak_id = %s AND termin = '2026-08' GROUP BY sak_id, termin"
        )
        ((bortfalt, betales, vedtatt),) = hjelp.sporr(database, sporring, saker[navn])
        return bortfalt, betales, vedtatt

    meld("opp før")
    meld("ned før")
    sted, kropp = f"/api/v1/kjoringer/{kjoring}/forkast", {"begrunnelse": "Satsene var gale."}
    maskin = {
        "Authorization": "Bearer " + lokal.utsted(["alle"], "drift", klarert=True, boligsak_art="maskin")
    }
    assert klient.post(sted, json=kropp, headers=maskin).status_code == 403
    assert klient.post(sted, json=kropp, headers=token("saksbehandler")).status_code == 403
    assert klient.post(sted, json={}, headers=drift).json()["feil"][0]["felt"] == "begrunnelse"
    svar = klient.post(sted, json=kropp, headers=drift)
    assert (svar.status_code, svar.json()["status"]) == (200, "forkastet"), svar.text
    assert klient.post(sted, json=kropp, headers=drift).status_code == 409
    meld("opp etter")
    meld("ned etter")

    for navn in saker:
        bortfalt, betales, vedtatt = bok(navn)
        assert vedtatt == betales > 0, navn
        assert (betales > bortfalt) == navn.startswith("opp"), navn
    for_ny = {navn: bok(navn) for navn in saker}
    ny = hjelp.kjor("2026-08", slag="regelendring", aktor="drift")
    assert ny.status == "holdt"
    assert {k["utfall"] for k in hjelp.rapport(ny)["utfall"]} == {"uendret"}
    assert {navn: bok(navn) for navn in saker} == for_ny


def test_endring_i_tide_for_en_maned_som_er_vedtatt_gir_maneden_nytt_vedtak(
    database: str, klient: Klient, befolkning: Befolkning, sak: Callable[..., dict[str, Any]]
):
    """Decided on the day that it was applied for; a change by the 25th still counts for that month."""
    s = soknad(person(inntekt=15000), leie=6000, termin="2026-09")
    forst = sak("vedtatt", s)
    svar = _meld(klient, s, "2026-09-20", boutgift_per_maned=7000)
    assert svar.status_code == 202, svar.text
    assert svar.json()["sak"] == forst["sak"]
    dren(UUID(forst["sak"]), RegistreIProsess(befolkning))
    (en, to), (betalt,) = (
        hjelp.sporr(database, sporring, forst["sak"])
        for sporring in (
            "SELECT belop, termin FROM vedtak WHERE sak_id = %s ORDER BY fattet",
            "SELECT sum(belop) FROM utbetaling WHERE sak_id = %s AND termin = '2026-09'",
        )
    )
    assert to[0] > en[0] > 0
    assert en[1] == to[1] == "2026-09"
    assert betalt == (to[0],)
    igjen = _meld(klient, s, "2026-09-26", boutgift_per_maned=8000).json()
    assert (
        hjelp.en(database, "SELECT tilstand FROM behandling WHERE id = %s", igjen["behandling"])
        == "registrert"
    )
