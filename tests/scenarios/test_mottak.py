"""What the door lets in, what it refuses, and that a refused event is kept with its reason and makes no case."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, Innsyn, transaksjon
from tests.felles.stakk import Stakk
from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import BUNKE, Sak, klient, send

EN = {"Content-Type": "application/cloudevents+json"}
DOREN = Innsyn("test", "*", klarert=True)


def post(stakk: Stakk, kropp: Any, hode: dict[str, str] = EN) -> httpx.Response:
    innhold = kropp if isinstance(kropp, bytes) else json.dumps(kropp).encode()
    return klient(stakk, "innsender").post("/api/v1/hendelser", content=innhold, headers=hode)


def antall_saker() -> int:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        return int(forbindelse.scalar(text("SELECT count(*) FROM sak")) or 0)


def siste_avviste() -> Any:
    with transaksjon(DbRolle.API, DOREN) as forbindelse:
        return forbindelse.execute(
            text("SELECT * FROM innboks WHERE status = 'avvist' ORDER BY mottatt DESC, id DESC LIMIT 1")
        ).one()


def hendelse(**endret: Any) -> dict[str, Any]:
    return {**soknad(person(inntekt=18000)).hendelse(), **endret}


def med_data(**endret: Any) -> dict[str, Any]:
    """A valid event with other data; a dotted name goes down."""
    ny = hendelse()
    for sti, verdi in endret.items():
        mal = ny["data"]
        *ned, felt = sti.split("__")
        for del_ in ned:
            mal = mal[del_]
        if verdi is ...:
            del mal[felt]
        else:
            mal[felt] = verdi
    return ny


AVVISES: dict[str, tuple[Callable[[], Any], int, str, str]] = {
    "ukjent felt": (lambda: med_data(bolig__farge="rød"), 422, "ugyldige-felt", "data.bolig.farge"),
    "felt mangler": (lambda: med_data(soker=...), 422, "ugyldige-felt", "data.soker"),
    "feil type": (
        lambda: med_data(bolig__boutgift_per_maned="mye"),
        422,
        "ugyldige-felt",
        "data.bolig.boutgift_per_maned",
    ),
    "negativ leie": (
        lambda: med_data(bolig__boutgift_per_maned=-1),
        422,
        "ugyldige-felt",
        "data.bolig.boutgift_per_maned",
    ),
    "ukjent type": (lambda: hendelse(type="no.boligsak.ukjent.v1"), 422, "ukjent-hendelsestype", "type"),
    "feil versjon av CloudEvents": (lambda: hendelse(specversion="0.3"), 422, "ugyldige-felt", "specversion"),
    "tom id": (lambda: hendelse(id=""), 422, "ugyldige-felt", "id"),
    "ukjent kommune": (lambda: med_data(kommunenummer="9999"), 422, "ugyldige-felt", "data.kommunenummer"),
    "kommune som er slått sammen": (
        lambda: med_data(kommunenummer="3024"),
        422,
        "ugyldige-felt",
        "data.kommunenummer",
    ),
    "feil kontrollsiffer": (
        lambda: med_data(soker__fnr="01859000000"),
        422,
        "ugyldige-felt",
        "data.soker.fnr",
    ),
    "fnr med bokstaver": (lambda: med_data(soker__fnr="0185900000X"), 422, "ugyldige-felt", "data.soker.fnr"),
    "termin før reglene": (lambda: med_data(termin="2022-05"), 422, "ugyldige-felt", "data.termin"),
    "termin langt frem": (lambda: med_data(termin="2099-01"), 422, "ugyldige-felt", "data.termin"),
    "måned som ikke finnes": (lambda: med_data(termin="2026-13"), 422, "ugyldige-felt", "data.termin"),
    "transport uten samtykke": (
        lambda: med_data(transport={"til_kommunen": True}),
        422,
        "ugyldige-felt",
        "data.transport",
    ),
    "ikke et objekt": (lambda: ["en", "liste"], 422, "ugyldige-felt", ""),
    "tekst der et tall skal stå": (
        lambda: med_data(bolig__boutgift_per_maned="12000"),
        422,
        "ugyldige-felt",
        "data.bolig.boutgift_per_maned",
    ),
    "sant der et tall skal stå": (
        lambda: med_data(bolig__boutgift_per_maned=True),
        422,
        "ugyldige-felt",
        "data.bolig.boutgift_per_maned",
    ),
    "tall der sant eller usant skal stå": (
        lambda: med_data(bolig__oppvarming_inkludert=1),
        422,
        "ugyldige-felt",
        "data.bolig.oppvarming_inkludert",
    ),
    "brøkdeler av en øre": (
        lambda: med_data(bolig__boutgift_per_maned=9000.0049),
        422,
        "ugyldige-felt",
        "data.bolig.boutgift_per_maned",
    ),
    "tidspunkt som tall": (lambda: hendelse(time=12345), 422, "ugyldige-felt", "time"),
    "tidspunkt som tall i tekst": (lambda: hendelse(time="12345"), 422, "ugyldige-felt", "time"),
    "tidspunkt som ikke har vært": (
        lambda: hendelse(time="2999-01-01T00:00:00Z"),
        422,
        "ugyldige-felt",
        "time",
    ),
    "ugyldig JSON": (lambda: b'{"specversion": ', 400, "ugyldig-foresporsel", "(kropp)"),
    "ikke UTF-8": (lambda: b'{"id": "\xff\xfe"}', 400, "ugyldig-foresporsel", "(kropp)"),
    "fem megabyte": (lambda: b'{"id": "' + b"x" * 5_000_000 + b'"}', 413, "for-stor", "(kropp)"),
}


@pytest.mark.usefixtures("_alle_sendte")
@pytest.mark.parametrize("navn", AVVISES)
def test_avvist_hendelse_navngir_feltet_og_beholdes_uten_sak(navn: str, stakk: Stakk):
    lag, status, problem, felt = AVVISES[navn]
    for_ = antall_saker()
    svar = post(stakk, lag())
    assert svar.status_code == status, svar.text
    assert svar.headers["content-type"] == "application/problem+json"
    dokument = svar.json()
    assert dokument["type"] == f"https://boligsak.no/problemer/{problem}"
    assert any(f["felt"].startswith(felt) for f in dokument["feil"]), dokument
    beholdt = siste_avviste()
    assert beholdt.problem == dokument
    assert beholdt.sak_id is None
    assert antall_saker() == for_


def test_hendelse_med_annen_medietype_avvises(stakk: Stakk):
    svar = post(stakk, hendelse(), {"Content-Type": "text/plain"})
    assert (svar.status_code, svar.json()["type"].rpartition("/")[2]) == (415, "ukjent-medietype")


def test_samme_person_to_ganger_i_husstanden_avvises(stakk: Stakk):
    en = person(inntekt=1000)
    svar = post(stakk, soknad(en, en).hendelse())
    assert svar.status_code == 422
    assert svar.json()["feil"][0]["felt"].startswith("data.husstand")
    assert en.fnr not in svar.text


def test_hendelse_uten_token_eller_fra_feil_rolle_slipper_ikke_inn(stakk: Stakk):
    uten = httpx.post(f"{stakk.api_url}/api/v1/hendelser", json=hendelse(), headers=EN)
    assert (uten.status_code, uten.headers["WWW-Authenticate"]) == (401, "Bearer")
    revisor = klient(stakk).post("/api/v1/hendelser", json=hendelse(), headers=EN)
    assert revisor.status_code == 403


def test_kommunen_kan_bare_sende_for_sine_egne(stakk: Stakk):
    with stakk.klient("innsender", ("4601",)) as bergen:
        svar = bergen.post("/api/v1/hendelser", json=hendelse(), headers=EN)
    assert (svar.status_code, svar.json()["feil"][0]["felt"]) == (403, "data.kommunenummer")
    assert siste_avviste().problem == svar.json()


def test_bunke_gir_ett_svar_per_hendelse_i_samme_rekkefolge(stakk: Stakk):
    gode = [soknad(person(inntekt=18000)) for _ in range(2)]
    bunke = [gode[0].hendelse(), hendelse(type="no.annet.v1"), gode[1].hendelse(), 7, gode[0].hendelse()]
    svar = post(stakk, bunke, BUNKE)
    assert svar.status_code == 207
    rader = svar.json()
    assert [r["status"] for r in rader] == [202, 422, 202, 422, 202]
    assert rader[0] == rader[4]
    assert rader[0]["kvittering"]["sak"] != rader[2]["kvittering"]["sak"]
    assert rader[1]["problem"]["type"].endswith("ukjent-hendelsestype")


@pytest.mark.parametrize("kropp", [[], {"id": "1"}], ids=["tom", "ikke en liste"])
def test_bunke_som_ikke_er_en_bunke_avvises_hel(stakk: Stakk, kropp: Any):
    assert post(stakk, kropp, BUNKE).status_code == 422


def test_samme_hendelse_fra_tjue_samtidige_sendere_gir_en_sak_og_samme_svar(stakk: Stakk):
    s = soknad(person(inntekt=18000))
    send_personene(stakk, s)
    with ThreadPoolExecutor(20) as trader:
        svar = list(trader.map(lambda _: post(stakk, s.hendelse()), range(20)))
    assert {r.status_code for r in svar} == {202}
    assert len({r.text for r in svar}) == 1
    sak = Sak(stakk, s, svar[0].json())
    assert sak.utfall() == ("V00", 4958)
    assert [b["tilstand"] for b in sak.hent()["behandlinger"]] == ["vedtatt"]
    with transaksjon(DbRolle.API, DOREN) as forbindelse:
        rader = forbindelse.execute(text("SELECT status FROM innboks WHERE ekstern_id = :id"), {"id": s.id})
        assert [r.status for r in rader] == ["godtatt"]


def send_personene(stakk: Stakk, *soknader: Any) -> None:
    with httpx.Client(base_url=stakk.register_url, timeout=20) as sim:
        for s in soknader:
            sim.post("/styring/personer", json=s.registrering()).raise_for_status()


def test_to_soknader_i_samme_husstand_samtidig_laser_seg_ikke(stakk: Stakk):
    """Each names the other: the people are written in one order whoever applies."""
    par = [(person(inntekt=9000), person(inntekt=9000)) for _ in range(8)]
    soknader = [s for a, b in par for s in (soknad(a, b), soknad(b, a))]
    with ThreadPoolExecutor(16) as trader:
        svar = list(trader.map(lambda s: post(stakk, s.hendelse()), soknader))
    assert [r.status_code for r in svar] == [202] * 16


@sendt(soknad(person(inntekt=18000)))
def test_samme_id_med_annet_innhold_er_konflikt(sak: Sak):
    sak.vedtak()
    assert post(sak.stakk, sak.soknad.hendelse()).json() == sak.kvittering
    annen = sak.soknad.hendelse()
    annen["data"]["bolig"]["boutgift_per_maned"] = 1
    svar = post(sak.stakk, annen)
    assert (svar.status_code, svar.json()["type"].rpartition("/")[2]) == (409, "hendelse-id-brukt")
    assert len(sak.hent()["behandlinger"]) == 1


@sendt(soknad(person(inntekt=18000)))
def test_rekkefolgen_av_feltene_gjor_ikke_hendelsen_til_en_annen(sak: Sak):
    snudd = dict(reversed(sak.soknad.hendelse().items()))
    assert post(sak.stakk, snudd).json() == sak.kvittering


@sendt(soknad(person(inntekt=18000), leie=10000))
def test_ny_soknad_for_samme_maned_betaler_bare_differansen(sak: Sak):
    """0,737 × (120 000 − 39 487,65) / 12 = 4 945; with 12 000 in rent the ceiling gives 4 958; with 6 000: 1 997."""
    assert sak.utfall() == ("V00", 4945)
    [mer] = send(sak.stakk, sak.soknad.igjen(boutgift_per_maned=12000))
    assert mer.id == sak.id
    assert mer.utfall() == ("V00", 4958)
    [mindre] = send(sak.stakk, sak.soknad.igjen(boutgift_per_maned=6000))
    assert mindre.utfall() == ("V00", 1997)
    hele = sak.hent()
    assert [u["belop"] for u in hele["utbetalinger"]] == [4945, 13, 1997 - 4958]
    forste, andre, tredje = hele["vedtak"]
    assert (forste["erstatter"], andre["erstatter"], tredje["erstatter"]) == (None, forste["id"], andre["id"])


@sendt(soknad(person(inntekt=18000)))
def test_neste_maned_blir_en_ny_behandling_pa_samme_sak(sak: Sak):
    sak.vedtak()
    neste = sak.soknad.igjen()
    neste.termin, neste.tid = "2026-10", "2026-10-10T08:00:00Z"
    [oktober] = send(sak.stakk, neste)
    assert oktober.id == sak.id
    assert oktober.utfall() == ("V00", 4958)
    hele = sak.hent()
    assert [b["termin"] for b in hele["behandlinger"]] == ["2026-09", "2026-10"]
    assert [(u["termin"], u["forfall"]) for u in hele["utbetalinger"]] == [
        ("2026-09", "2026-10-20"), ("2026-10", "2026-11-20")
    ]  # fmt: skip


@sendt(soknad(person(inntekt=18000), tid="2026-09-28T09:00:00+02:00"))
def test_soknad_etter_den_tjuefemte_vurderes_av_saksbehandler(sak: Sak):
    assert sak.manuell() == "soknadsfrist"


@sendt(soknad(person(inntekt=18000), tid="2026-09-25T21:59:59Z"))
def test_soknad_sist_pa_dagen_den_tjuefemte_i_oslo_er_i_tide(sak: Sak):
    assert sak.utfall() == ("V00", 4958)
