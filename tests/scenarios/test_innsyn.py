"""What those who may look see: lists page by page, filters, the audit log, and events as they happen."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.felles.stakk import Stakk
from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import Sak, klient, send

NESODDEN = {"kommune": "3212", "leie": 9000}


def alle_sider(stakk: Stakk, sti: str, felt: str, **sporring: Any) -> Iterator[list[dict[str, Any]]]:
    etter: dict[str, Any] = {}
    while True:
        svar = klient(stakk).get(sti, params={**sporring, **etter})
        assert svar.status_code == 200, svar.text
        yield svar.json()[felt]
        if svar.json()["neste"] is None:
            return
        etter = {"etter": svar.json()["neste"]}


@sendt(*(soknad(person(inntekt=12000), **NESODDEN) for _ in range(7)))  # type: ignore[arg-type]
def test_sakslisten_blas_uten_at_noe_mangler_eller_star_to_ganger(saker: list[Sak]):
    sider = list(alle_sider(saker[0].stakk, "/api/v1/saker", "saker", kommunenummer="3212", antall=3))
    assert [len(s) for s in sider] == [3, 3, 1]
    ider = [s["id"] for side in sider for s in side]
    assert ider == sorted(ider)
    assert set(ider) == {s.id for s in saker}


@sendt(
    soknad(person(inntekt=12000), kommune="3214", leie=9000),
    soknad(person(inntekt=12000), kommune="3214", bolig_er={"bruksenhetstype": "I"}),
)
def test_saker_filtreres_pa_tilstand_termin_og_ordning(saker: list[Sak]):
    ferdig, hos_saksbehandler = saker
    ferdig.vedtak()
    hos_saksbehandler.manuell()

    def treff(**filter_: str) -> list[str]:
        svar = klient(ferdig.stakk).get("/api/v1/saker", params={"kommunenummer": "3214", **filter_})
        return [s["id"] for s in svar.json()["saker"]]

    assert treff() == sorted([ferdig.id, hos_saksbehandler.id])
    assert treff(tilstand="manuell") == [hos_saksbehandler.id]
    assert treff(tilstand="vedtatt") == []
    assert treff(termin="2026-09", ordning="bostotte", status="aktiv") == treff()
    assert treff(termin="2026-08") == treff(ordning="startlan") == treff(status="avsluttet") == []
    feil = klient(ferdig.stakk).get("/api/v1/saker", params={"status": "borte"})
    assert (feil.status_code, feil.json()["feil"][0]["felt"]) == (422, "status")


@sendt(soknad(person(inntekt=18000), person("2016-02-01", barn=True)))
def test_person_finnes_med_fnr_i_kroppen_og_partene_vises_ett_sted(sak: Sak):
    for p in (sak.soknad.soker, *sak.soknad.husstand):
        svar = klient(sak.stakk).post("/api/v1/saker/sok", json={"fnr": p.fnr})
        assert [s["id"] for s in svar.json()["saker"]] == [sak.id]
    parter = klient(sak.stakk).get(f"/api/v1/saker/{sak.id}/parter").json()
    assert {(p["rolle"], p["fnr"]) for p in parter} == {
        ("soker", sak.soknad.soker.fnr), ("biperson", sak.soknad.husstand[0].fnr)
    }  # fmt: skip
    sak.vedtak()
    resten = json.dumps([sak.hent(), sak.hent("/historikk"), sak.hent("/kontroller"), sak.vedtak()])
    assert sak.soknad.soker.fnr not in resten
    feil = klient(sak.stakk).post("/api/v1/saker/sok", json={"fnr": "01859000000"})
    assert (feil.status_code, feil.json()["feil"][0]["felt"]) == (422, "fnr")


@sendt(soknad(person(inntekt=18000)))
def test_historikken_er_en_kjede_og_kan_leses_side_for_side(sak: Sak):
    sak.vedtak()
    hele = sak.hent("/historikk")["hendelser"]
    assert [h["seq"] for h in hele] == [1, 2, 3, 4]
    bitvis = sak.hent("/historikk", antall=3)
    assert (len(bitvis["hendelser"]), bitvis["neste"]) == (3, 3)
    assert sak.hent("/historikk", antall=3, etter=3)["hendelser"] == hele[3:]
    assert len({h["hash"] for h in hele}) == 4
    assert hele[0]["innhold"]["termin"] == "2026-09"


def hendelser(svar: httpx.Response) -> Iterator[tuple[int, str]]:
    """(id, event) of a server-sent stream."""
    nr = 0
    for linje in svar.iter_lines():
        if linje.startswith("id: "):
            nr = int(linje[4:])
        elif linje.startswith("event: "):
            yield nr, linje[7:]


def test_strommen_gir_hendelsene_mens_de_skjer_og_tas_opp_igjen_der_den_slapp(stakk: Stakk):
    s = soknad(person(inntekt=18000), feil=[{"register": "inntekt", "slag": "nede", "antall": 1}])
    [sak] = send(stakk, s)
    sti = f"/api/v1/saker/{sak.id}/strom"
    sett: list[tuple[int, str]] = []
    with klient(stakk).stream("GET", sti) as svar:
        assert svar.headers["content-type"].startswith("text/event-stream")
        for en in hendelser(svar):
            sett.append(en)
            if en[1] == "fatt_vedtak":
                break
    assert sett == [(1, "soknad_mottatt"), (2, "start_kontroll"), (3, "vedtak_fattet"), (4, "fatt_vedtak")]
    with klient(stakk).stream("GET", sti, headers={"Last-Event-ID": "2"}) as svar:
        assert next(hendelser(svar)) == (3, "vedtak_fattet")
    borte = klient(stakk).get(f"/api/v1/saker/{sak.behandling}/strom")
    assert borte.status_code == 404


def test_malinger_og_helse_sier_at_alt_gar(stakk: Stakk):
    klar = httpx.get(f"{stakk.api_url}/helse/klar")
    assert (klar.status_code, klar.json()["status"]) == (200, "ok")
    assert httpx.get(f"{stakk.api_url}/helse/live").json() == {"status": "ok"}
    malinger = httpx.get(f"{stakk.api_url}/metrics").text
    assert 'boligsak_utboks{status="venter"}' in malinger
    assert 'boligsak_oppfolging_apne{slag="manuell"}' in malinger
