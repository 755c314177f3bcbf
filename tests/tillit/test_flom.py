"""A flood of marked people through every path: none comes out where no person may be named.

Looked at: every log line, traces, metrics, problem bodies and headers, the read log and its CEF file, what the broker
holds, and the columns of the database that are open.
"""

import asyncio
import base64
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from kombu import Connection
from redis import Redis

from services.innebygd import adresser
from services.innsyn import cef
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.logg import sett_opp
from services.motor.dren import dren_flere
from services.motor.feil import arbeid_feilet
from services.registersim.fnr import lag_fnr
from services.registre.foresporsel import Foresporsel, Raasvar
from services.registre.inprosess import RegistreIProsess
from tests.scenarios.bygg import person, soknad
from tests.tillit.conftest import A, Land, hode, superbruker

FNR = [lag_fnr("1984-08-24", 30 + i) for i in range(6)]
ETTERNAVN, VEI = "Markertsen", "Qwixveien"
NAVN = f"Zyxander {ETTERNAVN}"
ADRESSE = f"{VEI} 99B"
MERKER = [*FNR, NAVN, ETTERNAVN, ADRESSE, VEI, NAVN.lower().replace(" ", "_")]
APNE_KOLONNER = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'ARRAY')
    UNION SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name IN ('kanonisk', 'kropp', 'innhold', 'fakta', 'spor', 'soknad')
"""


class Fangst:
    """Everything that is written, and what is said back."""

    def __init__(self) -> None:
        self.logg = io.StringIO()
        self.ut: list[str] = []

    def sjekk(self, tekst: str, hvor: str) -> None:
        funnet = [m for m in MERKER if m in tekst or quote(m) in tekst]
        assert not funnet, f"{hvor}: {funnet[0]!r} i …{tekst[max(0, tekst.find(funnet[0]) - 150) :][:400]}…"


@pytest.fixture(scope="module")
def fangst(database: str) -> Iterator[Fangst]:
    """The log's own handler, its stream replaced; the level as low as it goes."""
    sett_opp("test")
    rot = logging.getLogger()
    funnet = Fangst()
    handterer = logging.StreamHandler(funnet.logg)
    handterer.setFormatter(rot.handlers[0].formatter)
    # The caller's own client writes addresses too: it stands for the other side.
    handterer.addFilter(lambda linje: linje.name not in {"httpx", "httpcore", "asyncio"})
    rot.addHandler(handterer)
    rot.setLevel(logging.DEBUG)
    yield funnet
    rot.removeHandler(handterer)
    rot.setLevel(logging.INFO)


@pytest.fixture(scope="module")
def cef_fil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    fil = tmp_path_factory.mktemp("cef") / "lesing.cef"
    with pytest.MonkeyPatch.context() as mp:
        mp.setenv("BOLIGSAK_CEF_FIL", str(fil))
        cef.cef_fil.cache_clear()
        yield fil
    cef.cef_fil.cache_clear()


def _kropper(fnr: str) -> Iterator[tuple[Any, str]]:
    """(body, content type): valid, invalid in every way, and not JSON at all."""
    gyldig = soknad(person(inntekt=18000)).hendelse()
    gyldig["data"]["soker"]["fnr"] = fnr
    ce, bunke = "application/cloudevents+json", "application/cloudevents-batch+json"
    yield gyldig, ce
    yield (
        [gyldig, {**gyldig, "id": fnr}, {**gyldig, "source": f"https://x.no/{fnr}"}, fnr, NAVN, {NAVN: fnr}],
        bunke,
    )
    for felt in (
        "id",
        "source",
        "type",
        "subject",
        "time",
        "specversion",
        "dataschema",
        "traceparent",
        "datacontenttype",
    ):
        yield {**gyldig, felt: f"{fnr} {NAVN} {ADRESSE}"}, ce
        yield {**gyldig, felt: fnr}, ce
    yield {**gyldig, "utvidelse": f"{NAVN} {fnr}", NAVN.lower().replace(" ", "_"): ADRESSE, fnr: fnr}, ce
    yield {**gyldig, "traceparent": f"00-{fnr}{'a' * 21}-{fnr}aaaaa-01"}, ce
    data = gyldig["data"]
    for del_ in (
        {**data, NAVN: fnr},
        {**data, "termin": fnr},
        {**data, "kommunenummer": fnr},
        {**data, "sprak": NAVN},
        {**data, "soker": {"fnr": fnr[:-1] + str((int(fnr[-1]) + 1) % 10)}},
        {**data, "soker": {"fnr": fnr, "navn": NAVN, "adresse": ADRESSE}},
        {**data, "soker": {"fnr": f"{fnr} {NAVN}"}},
        {**data, "soker": fnr},
        {**data, "husstand": [{"fnr": fnr}, {"fnr": fnr}]},
        {**data, "husstand": [fnr, NAVN]},
        {**data, "husstand": {fnr: NAVN}},
        {**data, "bolig": {**data["bolig"], "boutgift_per_maned": fnr}},
        {**data, "bolig": {**data["bolig"], "disposisjonsform": ADRESSE}},
        {**data, "bolig": {**data["bolig"], "matrikkel": {"gardsnummer": int(fnr), "adresse": ADRESSE}}},
        {**data, "transport": {"til_kommunen": NAVN, "samtykke_dato": fnr}},
        fnr,
        [NAVN],
    ):
        yield {**gyldig, "id": str(uuid4()), "data": del_}, ce
    yield f'{{"id": "{fnr}", "navn": "{NAVN}"', ce
    yield f"{fnr} {NAVN}", "application/json"
    yield gyldig, f"text/plain; navn={fnr}"


def _hoder(fnr: str) -> Iterator[dict[str, str]]:
    yield {}
    for navn in (
        "User-Agent",
        "Referer",
        "X-Request-Id",
        "X-Forwarded-For",
        "Cookie",
        "Accept",
        "Origin",
        "baggage",
        "tracestate",
    ):
        yield {navn: f"{fnr} {ADRESSE}"}
    yield {"traceparent": f"00-{fnr}{'b' * 21}-{fnr}bbbbb-01"}
    yield {"traceparent": f"{fnr}"}
    for navn in ("Boligsak-Formal", "If-Match", "Last-Event-ID", "Idempotency-Key"):
        yield {navn: fnr}
    yield {"Authorization": f"Bearer {fnr}"}
    yield {"Authorization": f"Basic {base64.b64encode(fnr.encode()).decode()}"}


def _adresser(sak: str, fnr: str) -> Iterator[tuple[str, str]]:
    sted = quote(f"{NAVN} {fnr}")
    for sti in (
        f"/api/v1/saker/{fnr}",
        f"/api/v1/saker/{sted}/parter",
        f"/api/v1/vedtak/{fnr}",
        f"/{sted}",
        f"/api/v1/saker/{sak}/{fnr}",
        f"/api/v1/saker?tilstand={fnr}&ordning={quote(NAVN)}",
        f"/api/v1/saker?kommunenummer={fnr}&termin={sted}&status={fnr}&etter={fnr}&antall={fnr}",
        f"/api/v1/saker?{fnr}={fnr}&{quote(NAVN)}=1&navn_{ETTERNAVN.lower()}=1",
        f"/api/v1/saker/{sak}/historikk?etter={fnr}",
        f"/api/v1/oppfolging?slag={fnr}&fingeravtrykk={sted}",
        f"/api/v1/oppfolging?fingeravtrykk={sted}",
        f"/api/v1/hendelser/ut?etter={fnr}",
        f"/api/v1/statistikk/bostotte/{fnr}",
    ):
        yield "GET", sti
    yield "POST", f"/api/v1/saker/{sak}/handlinger/{fnr}"
    yield "POST", f"/api/v1/saker/{fnr}/handlinger/{sted}"
    yield "DELETE", f"/api/v1/saker/{fnr}"
    yield quote(ETTERNAVN).upper(), f"/api/v1/saker/{fnr}"


@pytest.fixture(scope="module")
def flom(tomt_land: Land, fangst: Fangst, cef_fil: Path) -> Fangst:
    """Everything sent; the answers kept."""
    sak = tomt_land.sak("manuell")["sak"]
    som = hode("saksbehandler", [A], NAVN, klarert=True, pid=FNR[5])
    innsender = hode("innsender", [A], NAVN)

    async def alt() -> None:
        transport = httpx.ASGITransport(tomt_land.klient._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as klient:

            async def send(metode: str, sti: str, **valg: Any) -> None:
                svar = await klient.request(metode, sti, **valg)
                assert svar.status_code < 500, (metode, sti, svar.text)
                if svar.status_code != 200 or "problem+json" in svar.headers["content-type"]:
                    fangst.ut.append(f"{svar.status_code} {dict(svar.headers)} {svar.text}")

            for kropp, slag in _kropper(FNR[0]):
                innhold = kropp if isinstance(kropp, str) else json.dumps(kropp)
                await send(
                    "POST", "/api/v1/hendelser", content=innhold, headers={**innsender, "Content-Type": slag}
                )
            for hoder in _hoder(FNR[1]):
                await send("GET", f"/api/v1/saker/{sak}", headers={**som, **hoder})
                await send("POST", "/api/v1/hendelser", json={}, headers={**innsender, **hoder})
            for metode, sti in _adresser(sak, FNR[2]):
                await send(
                    metode,
                    sti,
                    headers={**som, "If-Match": '"1"'},
                    **({"json": {NAVN: FNR[2]}} if metode == "POST" else {}),
                )
            for sti in (
                "/api/v1/saker/sok",
                "/api/v1/innsyn",
                "/api/v1/oppfolging/omkjoring",
                "/api/v1/beregninger/bostotte",
            ):
                for rolle in ("saksbehandler", "innsynsbehandler", "drift"):
                    for kropp in (
                        {"fnr": FNR[3]},
                        {"fnr": f"{FNR[3]} "},
                        {"navn": NAVN, FNR[3]: 1},
                        FNR[3],
                        {"fingeravtrykk": FNR[3], "antall": 1},
                    ):
                        await send("POST", sti, json=kropp, headers=hode(rolle, [A], NAVN))
            await send(
                "POST",
                f"/api/v1/saker/{sak}/handlinger/foresla",
                headers={**som, "If-Match": '"1"'},
                json={
                    "begrunnelse": f"{NAVN} {FNR[4]}",
                    "overstyring": {f"bolig.{FNR[4]}": NAVN, ADRESSE: 1},
                },
            )

    asyncio.run(alt())
    return fangst


def test_svarene_gjentar_ingen(flom: Fangst) -> None:
    assert len(flom.ut) > 120
    for svar in flom.ut:
        flom.sjekk(svar, "svar")


class _Ekko:
    """A register that says the number and the name back, in words no schema knows, or breaks naming them."""

    def __init__(self, form: str) -> None:
        self.form = form

    def svar(self, foresporsel: Foresporsel) -> Raasvar:
        ekko = f"{FNR[4]} {NAVN} {ADRESSE} {foresporsel!r}"
        if self.form == "unntak":
            raise ValueError(ekko)
        if self.form == "tekst":
            return Raasvar(200, ekko.encode())
        return Raasvar(
            200, json.dumps({"feil": ekko, FNR[4]: NAVN, "data": [ekko], "oppgaver": ekko}).encode()
        )


@pytest.mark.parametrize("form", ["unntak", "tekst", "annen_form"])
def test_registre_som_gjentar_nummeret(tomt_land: Land, flom: Fangst, database: str, form: str) -> None:
    s = soknad(person(inntekt=18000))
    hendelse = s.hendelse()
    hendelse["data"]["soker"]["fnr"] = FNR[4]
    svar = tomt_land.klient.post(
        "/api/v1/hendelser",
        json=hendelse,
        headers={**hode("innsender", [A]), "Content-Type": "application/cloudevents+json"},
    )
    assert svar.status_code == 202
    sak = UUID(svar.json()["sak"])
    feilet = dren_flere({sak: None}, RegistreIProsess(_Ekko(form)))
    feilet.setdefault(sak, ValueError(f"{FNR[4]} {NAVN} {ADRESSE}"))
    with superbruker(database) as forbindelse:
        rad = forbindelse.execute("SELECT min(id) FROM utboks WHERE sak_id = %s", [sak]).fetchone()
    for feil in feilet.values():
        for _ in range(10):
            arbeid_feilet(rad[0], feil)


def test_ingen_i_logg_malinger_lesinger_eller_cef(tomt_land: Land, flom: Fangst, cef_fil: Path) -> None:
    logg = flom.logg.getvalue()
    assert logg.count("\n") > 100
    assert '"event"' in logg
    flom.sjekk(logg, "logg")
    flom.sjekk(tomt_land.klient.get("/metrics").text, "målinger")
    assert cef_fil.read_text().count("CEF:0") > 5
    flom.sjekk(cef_fil.read_text(), "CEF")


def test_ingen_i_apne_kolonner(tomt_land: Land, flom: Fangst, database: str) -> None:
    sett = 0
    with superbruker(database) as forbindelse:
        for tabell, kolonne in forbindelse.execute(APNE_KOLONNER).fetchall():
            rader = forbindelse.execute(
                f'SELECT "{kolonne}" FROM "{tabell}" WHERE "{kolonne}" IS NOT NULL'
            ).fetchall()
            for (verdi,) in rader:
                tekst = (
                    verdi.decode("latin-1")
                    if isinstance(verdi, bytes)
                    else json.dumps(verdi, default=str, ensure_ascii=False)
                )
                flom.sjekk(tekst, f"{tabell}.{kolonne}")
                sett += 1
    assert sett > 500


def test_ingen_hos_megleren(tomt_land: Land, flom: Fangst) -> None:
    """What the relay would send, sent to a database of Valkey's own, and read there byte by byte."""
    from workers.app import app
    from workers.rele import meldinger

    url = adresser().broker_url.rpartition("/")[0] + "/9"
    megler = Redis.from_url(url, socket_timeout=5)
    megler.flushdb()
    try:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            rader = utboks.hent(forbindelse, 500)
        assert rader
        with Connection(url) as kobling:
            produsent = app.amqp.Producer(kobling.default_channel, auto_declare=False)
            for oppgave, ko, args in meldinger(rader, 4):
                flom.sjekk(repr(args), "argumenter")
                app.send_task(
                    oppgave, args=args, queue=ko, producer=produsent, retry=False, ignore_result=True
                )
        lest = 0
        for nokkel in megler.keys("*"):
            if megler.type(nokkel) == b"list":
                for raa in megler.lrange(nokkel, 0, -1):
                    melding = bytes(raa).decode()
                    flom.sjekk(melding, "melding")
                    flom.sjekk(base64.b64decode(json.loads(melding)["body"]).decode(), "kropp i melding")
                    lest += 1
        assert lest
    finally:
        megler.flushdb()
        megler.close()
    with Redis.from_url(adresser().broker_url, socket_timeout=5) as felles:
        for nokkel in felles.scan_iter("*"):
            flom.sjekk(nokkel.decode("latin-1"), "nøkkel i Valkey")
