"""As one municipality, through every operation of the document, with the other's ids everywhere: nothing of it is met.

Twice: as the API stands, and with the API's own filters off, so that row security alone holds.
"""

import json
import re
import statistics
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.klokke import na
from services.lager import oppfolginger
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.tilgang import Aktor
from tests.tillit.conftest import A, B, Land, etag, hode, superbruker

MARKOR = '"pattern": "^[0-9]{1,19}-'
UUID_MONSTER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LANDET = ("/api/v1/statistikk/", "/helse/", "/metrics")
"""Open figures of the whole country, without a case in them; what they may hold is tested below."""
TABELLER = """
    SELECT s.table_name FROM information_schema.columns s JOIN information_schema.columns i USING (table_name)
    WHERE i.column_name = 'id' AND i.data_type = 'uuid' AND s.table_schema = 'public' AND s.column_name = 'sak_id'
      AND s.table_name NOT LIKE 'hendelse\\_%'
"""
"""Whatever hangs on a case and has an id of its own, tables that come later too."""


def ider(forbindelse: psycopg.Connection[Any], kommune: str) -> list[str]:
    """Every id of a municipality's cases."""
    sporringer = ["SELECT s.id FROM sak s WHERE s.kommunenummer = %s"]
    sporringer += [
        f"SELECT t.{kolonne} FROM {tabell} t JOIN sak s ON s.id = t.sak_id WHERE s.kommunenummer = %s"
        for tabell, kolonne in [(t, "id") for (t,) in forbindelse.execute(TABELLER)]
        + [("sak_person", "person_id")]
    ]
    rader = forbindelse.execute(" UNION ".join(sporringer).encode(), [kommune] * len(sporringer))
    return [str(r[0]) for r in rader]


class Verden:
    """What the walk needs to know: the operations, whose ids are whose, and A's own people."""

    def __init__(self, land: Land, database: str) -> None:
        self.land = land
        self.klient = land.klient
        self.dokument = land.klient.get("/openapi.json").json()
        with superbruker(database) as forbindelse:
            self.b_ider = ider(forbindelse, B)
            self.vedtak = [
                str(r[0]) for r in forbindelse.execute("SELECT id FROM vedtak WHERE kommunenummer = '4601'")
            ]
        self.b_saker = [k["sak"] for k in land.alle(B)]
        self.b_fnr = [land.soknader[s].soker.fnr for s in self.b_saker]
        self.forbudt = set(self.b_ider)
        self.folk = {
            rolle: hode(rolle, [A], f"A {rolle}", klarert=klarert)
            for rolle, klarert in (
                ("saksbehandler", True),
                ("attestant", True),
                ("klagebehandler", True),
                ("revisor", True),
                ("drift", True),
                ("innsynsbehandler", True),
                ("innsender", False),
            )
        }

    def operasjoner(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for sti, ops in sorted(self.dokument["paths"].items()):
            for metode, op in sorted(ops.items()):
                yield metode.upper(), sti, op


@pytest.fixture(scope="module")
def verden(land: Land, database: str) -> Verden:
    return Verden(land, database)


@pytest.fixture(scope="module", params=["som den er", "bare radvern"])
def vern(request: pytest.FixtureRequest) -> Iterator[str]:
    """The API as it is, or with its own filters of municipality off."""
    if request.param == "som den er":
        yield request.param
        return
    with (
        patch.object(Aktor, "ser_kommune", lambda *_: True),
        patch("services.api.kjoringer._hele_landet", lambda *_: None),
    ):
        yield request.param


def _fyll(sti: str, id_: str, op: dict[str, Any]) -> str:
    for p in op.get("parameters", []):
        if p["in"] == "path":
            verdi = id_ if p["schema"].get("format") == "uuid" else STIVERDIER[p["name"]]
            sti = sti.replace("{{{}}}".format(p["name"]), verdi)
    return sti


STIVERDIER = {
    "handling": "foresla",
    "arsak": "etterkontroll",
    "termin": "2026-09",
    "ar": "2026",
    "slag": "vedtak",
}
"""A parameter that has no value here stops the walk: it would go past what stands behind it."""


def _verdi(navn: str, skjema: dict[str, Any], id_: str, trekk: st.DataObject) -> Any:
    """A value of a query parameter: an id where one fits, else one that the other municipality's rows have."""
    tekst = json.dumps(skjema)
    if '"uuid"' in tekst:
        return id_
    kjente: dict[str, list[Any]] = {
        "kommunenummer": [A, B],
        "ordning": ["bostotte"],
        "status": ["aktiv", "avsluttet"],
        "tilstand": ["vedtatt", "manuell", "foreslatt", "opprettet"],
        "termin": ["2026-09"],
        "slag": ["manuell", "teknisk"],
        "fingeravtrykk": ["register:inntekt:nede", "manuell:bolig"],
        "antall": [1, 200],
    }
    return trekk.draw(st.sampled_from(kjente.get(navn, [f"0-{id_}"] if MARKOR in tekst else [1])))


KROPPER: dict[str, dict[str, Any]] = {
    "/omkjoring": {"fingeravtrykk": "finnes-ikke", "antall": 1},
    "/slipp": {"begrunnelse": "Prøver meg."},
    "/forkast": {"begrunnelse": "Prøver meg."},
    "/kjoringer": {"ordning": "bostotte", "termin": "2026-09", "kommuner": [B]},
    "/posteringer": {
        "slag": "tildelt",
        "ordning": "startlan",
        "ar": 2026,
        "post": "lan",
        "kommunenummer": B,
        "belop": 1,
        "grunn": "prøve",
    },
}


def _kropp(sti: str, op: dict[str, Any], verden: Verden, id_: str, trekk: st.DataObject) -> Any:
    if "requestBody" not in op:
        return None
    fnr = trekk.draw(st.sampled_from(verden.b_fnr))
    if sti.endswith(("/sok", "/innsyn")):
        return {"fnr": fnr}
    if sti.endswith("/handlinger/{handling}"):
        return {"begrunnelse": "Prøver meg.", "behandling": id_}
    if kjent := next((kropp for slutt, kropp in KROPPER.items() if sti.endswith(slutt)), None):
        return kjent
    if sti.endswith("/hendelser"):
        # The other municipality's very own event.
        return verden.land.soknader[trekk.draw(st.sampled_from(verden.b_saker))].hendelse()
    [innhold] = op["requestBody"]["content"].values()
    return _minste(innhold["schema"], verden.dokument, id_)


def _minste(skjema: dict[str, Any], dokument: dict[str, Any], id_: str) -> Any:
    """The least that a body may be, so that what stands behind the validation is met."""
    if "$ref" in skjema:
        skjema = dokument["components"]["schemas"][skjema["$ref"].rpartition("/")[2]]
    if valg := skjema.get("anyOf") or skjema.get("oneOf"):
        return _minste(next(v for v in valg if v.get("type") != "null"), dokument, id_)
    if "enum" in skjema or "const" in skjema or skjema.get("examples"):
        return deepcopy((skjema.get("enum") or skjema.get("examples") or [skjema.get("const")])[0])
    match skjema.get("type"):
        case "object":
            felt = skjema.get("properties", {})
            return {n: _minste(felt[n], dokument, id_) for n in skjema.get("required", ())}
        case "array":
            return [_minste(skjema["items"], dokument, id_)] * skjema.get("minItems", 0)
        case "integer" | "number":
            return max(1, skjema.get("minimum", 1))
        case "boolean":
            return False
    former = {"uuid": id_, "date": "2026-09-01", "date-time": "2026-09-01T12:00:00Z"}
    return former.get(
        skjema.get("format", ""), "2026-09" if "[0-9]{4}-" in skjema.get("pattern", "") else "Prøver meg."
    )


def _send(
    verden: Verden, metode: str, sti: str, op: dict[str, Any], rolle: str, id_: str, sporring: Any, kropp: Any
) -> Any:
    hoder = {**verden.folk[rolle], "If-Match": '"1"'}
    if sti.endswith("/hendelser"):
        hoder["Content-Type"] = "application/cloudevents+json"
    return verden.klient(
        metode,
        _fyll(sti, id_, op),
        headers=hoder,
        params=sporring or None,
        **({"content": json.dumps(kropp)} if kropp is not None else {}),
    )


def _uten(tekst: str, *ider: str) -> str:
    for id_ in ider:
        tekst = tekst.replace(id_, "«id»")
    return tekst


@given(trekk=st.data())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_en_kommune_moter_aldri_en_annen(verden: Verden, vern: str, trekk: st.DataObject) -> None:
    operasjoner = [o for o in verden.operasjoner() if not o[1].startswith(LANDET)]
    metode, sti, op = trekk.draw(st.sampled_from(operasjoner))
    rolle = trekk.draw(st.sampled_from(sorted(verden.folk)))
    finnes, finnes_ikke = trekk.draw(st.sampled_from(verden.b_ider)), str(uuid4())
    sporringer: list[dict[str, Any]] = [{}, {}]
    for p in op.get("parameters", []):
        if p["in"] == "query" and trekk.draw(st.booleans()):
            tekst = json.dumps(p["schema"])
            verdi = _verdi(p["name"], p["schema"], finnes, trekk)
            med_id = '"uuid"' in tekst or MARKOR in tekst
            sporringer[0][p["name"]] = verdi
            sporringer[1][p["name"]] = verdi.replace(finnes, finnes_ikke) if med_id else verdi
    kropper = [_kropp(sti, op, verden, finnes, trekk)]
    kropper.append(
        {**kropper[0], "behandling": finnes_ikke} if kropper[0] and "behandling" in kropper[0] else kropper[0]
    )
    a, b = (
        _send(verden, metode, sti, op, rolle, id_, sporring, kropp)
        for id_, sporring, kropp in zip((finnes, finnes_ikke), sporringer, kropper, strict=True)
    )
    lik = "etter" in sporringer[0]  # a page after an id is another page after another id
    for svar in (a, b):
        assert svar.status_code < 500 or (vern == "bare radvern" and sti.endswith("/hendelser")), (
            sti,
            svar.text,
        )
        sendt = {finnes, finnes_ikke}
        ute = set(UUID_MONSTER.findall(svar.text + str(dict(svar.headers)))) - sendt
        assert not ute & verden.forbudt, f"{metode} {sti} som {rolle}: viser {ute & verden.forbudt}"
        assert not [f for f in verden.b_fnr if f in svar.text]
    assert a.status_code == b.status_code, (sti, a.text, b.text)
    if not lik:
        assert _uten(a.text, finnes, finnes_ikke) == _uten(b.text, finnes, finnes_ikke)


def test_hvert_oppslag_svarer_likt_om_det_finnes_eller_ikke(verden: Verden, vern: str) -> None:
    """Every read with an id in its path, with an id of the right kind: the other's decision, the other's case."""
    sett = 0
    for metode, sti, op in verden.operasjoner():
        if metode != "GET" or not any(f"{{{p}_id}}" in sti for p in ("sak", "vedtak")):
            continue
        finnes = verden.vedtak[0] if "{vedtak_id}" in sti else verden.b_saker[0]
        finnes_ikke = str(uuid4())
        for rolle in ("revisor", "saksbehandler", "innsender"):
            a, b = (_send(verden, metode, sti, op, rolle, i, None, None) for i in (finnes, finnes_ikke))
            assert (a.status_code, _uten(a.text, finnes)) == (b.status_code, _uten(b.text, finnes_ikke)), sti
            sett += 1
    assert sett >= 24


def _alt_a_ser(verden: Verden) -> dict[str, str]:
    """Every GET and search of A, all pages in one, ages and clocks left out."""
    ut = {}
    for metode, sti, op in verden.operasjoner():
        if metode != "GET" or sti.startswith(LANDET):
            continue
        for rolle in ("revisor", "drift"):
            for id_ in (
                verden.land.saker[A, "vedtatt"][0]["sak"],
                verden.land.vedtak(verden.land.saker[A, "vedtatt"][0]["sak"]),
            ):
                svar = _send(
                    verden, metode, sti, op, rolle, id_, {"antall": 200} if _har_antall(op) else {}, None
                )
                ut[f"{rolle} {sti} {id_}"] = f"{svar.status_code} {svar.text}"
    for fnr in verden.b_fnr:
        for sti, rolle in (("/api/v1/saker/sok", "revisor"), ("/api/v1/innsyn", "innsynsbehandler")):
            svar = verden.klient.post(sti, json={"fnr": fnr}, headers=verden.folk[rolle])
            ut[f"{sti} {fnr}"] = re.sub(r'"laget":"[^"]*"', "", f"{svar.status_code} {svar.text}")
    return ut


def _har_antall(op: dict[str, Any]) -> bool:
    return any(p["name"] == "antall" for p in op.get("parameters", []))


def _uten_egne_lesinger(svar: dict[str, str]) -> dict[str, str]:
    return {k: re.sub(r'"lesinger":\[.*?\]', "", v) for k, v in svar.items()}


def test_det_en_annen_kommune_gjor_endrer_intet(verden: Verden, vern: str) -> None:
    """Non-interference: new cases, decisions, tasks and events of B change no byte of what A is answered."""
    for_ = _alt_a_ser(verden)
    for tilstand in ("vedtatt", "manuell", "teknisk", "gradert"):
        verden.land.sak(tilstand, B)
    etter = _alt_a_ser(verden)
    assert _uten_egne_lesinger(for_) == _uten_egne_lesinger(etter)


def test_samme_person_i_to_kommuner_og_hendelsens_id(verden: Verden, database: str) -> None:
    """A's own case about somebody B knows: neither the answer, nor the ids in it, tell that B does."""
    b_sak = verden.land.saker[B, "vedtatt"][0]["sak"]
    s = verden.land.soknader[b_sak]
    hendelse = s.igjen().hendelse(kommunenummer=A)
    hendelse["id"] = s.hendelse()["id"]  # the id is B's too
    hoder = {"Content-Type": "application/cloudevents+json", **verden.folk["innsender"]}
    svar = verden.klient.post("/api/v1/hendelser", json=hendelse, headers=hoder)
    assert svar.status_code == 202, svar.text
    assert svar.json()["sak"] != b_sak
    parter = verden.klient.get(
        f"/api/v1/saker/{svar.json()['sak']}/parter", headers=verden.folk["revisor"]
    ).json()
    assert UUID(parter[0]["person"]).version == 4, "en tidsordnet id sier at personen var kjent fra før"
    igjen = verden.klient.post("/api/v1/hendelser", json=hendelse, headers=hoder)
    assert igjen.json() == svar.json()
    funnet = verden.klient.post(
        "/api/v1/saker/sok", json={"fnr": s.soker.fnr}, headers=verden.folk["revisor"]
    ).json()
    assert [x["id"] for x in funnet["saker"]] == [svar.json()["sak"]]
    innsyn = verden.klient.post(
        "/api/v1/innsyn", json={"fnr": s.soker.fnr}, headers=verden.folk["innsynsbehandler"]
    )
    assert [x["id"] for x in innsyn.json()["saker"]] == [svar.json()["sak"]]
    assert b_sak not in innsyn.text


def test_tiden_et_svar_tar_forteller_ikke_om_saken_finnes(verden: Verden) -> None:
    """Medians of interleaved calls: B's case against no case. The noise of a call is larger than the tolerance."""
    from services.api import saker

    b_sak = UUID(verden.land.saker[B, "vedtatt"][0]["sak"])
    from services.innsyn.leselogg import les_som
    from services.problem import Problem

    aktor = Aktor("t", "saksbehandler", "", frozenset({A}))
    tider: dict[str, list[float]] = {"finnes": [], "finnes ikke": []}
    for i in range(240):
        for navn, id_ in (("finnes", b_sak), ("finnes ikke", uuid4()))[:: 1 if i % 2 else -1]:
            start = time.perf_counter()
            with pytest.raises(Problem), les_som(aktor, "sak", id_) as les:
                saker.hele_saken(les.forbindelse, id_, aktor)
            tider[navn].append(time.perf_counter() - start)
    finnes, finnes_ikke = (statistics.median(t[40:]) for t in tider.values())
    spredning = statistics.quantiles(tider["finnes ikke"][40:], n=4)
    assert abs(finnes - finnes_ikke) < max(0.0003, spredning[2] - spredning[0]), (finnes, finnes_ikke)


# --- protected addresses ------------------------------------------------------------------------------------------
def test_beskyttet_adresse_finnes_bare_for_klarerte(verden: Verden, database: str) -> None:
    """One more protected case in A changes nothing that anybody uncleared, in A or with the whole country, is shown."""
    land = verden.land
    gradert = land.saker[A, "gradert"][0]["sak"]
    klarert = hode("revisor", [A], klarert=True)
    assert land.klient.get(f"/api/v1/saker/{gradert}", headers=klarert).status_code == 200
    oppgaver = land.klient.get("/api/v1/oppfolging?antall=200", headers=klarert).json()["oppgaver"]
    assert gradert in {o["sak"] for o in oppgaver}
    uklarerte = [hode(r, k, f"Uklarert {r}") for r in ("revisor", "drift") for k in ([A], ["alle"])]
    stier = [
        "/api/v1/saker?antall=200",
        "/api/v1/saker?antall=200&tilstand=manuell",
        "/api/v1/oppfolging?antall=200",
        "/api/v1/oppfolging/arsaker",
        "/api/v1/hendelser/ut?antall=200",
        f"/api/v1/saker/{gradert}",
        f"/api/v1/saker/{gradert}/parter",
        f"/api/v1/saker/{gradert}/historikk",
        f"/api/v1/saker/{gradert}/kontroller",
        f"/api/v1/saker/{gradert}/strom",
    ]

    def alt() -> list[str]:
        svar = [land.klient.get(s, headers=h) for s in stier for h in uklarerte]
        sok = [
            land.klient.post(sti, json={"fnr": land.soknader[gradert].soker.fnr}, headers=h)
            for sti, h in (
                ("/api/v1/saker/sok", uklarerte[0]),
                ("/api/v1/innsyn", hode("innsynsbehandler", ["alle"], "Uklarert")),
            )
        ]
        malt = land.klient.get("/metrics").text
        apne = re.findall(r"^boligsak_oppfolging_apne.*$", malt, re.MULTILINE)
        return [re.sub(r'"laget":"[^"]*"', "", f"{s.status_code} {s.text}") for s in svar + sok] + apne

    for_ = alt()
    assert gradert not in "".join(for_).replace(f"/{gradert}", "")
    land.sak("gradert", A)
    assert alt() == for_


def test_det_som_telles_uten_a_leses_er_for_den_som_ser_sakene(verden: Verden, database: str) -> None:
    """Restart of failed work answers with counts, and a run is about the whole country: neither leaves a row in the
    read log, so the session alone holds them."""
    avtrykk, kjoring = "register:nav:feil_form", uuid4()
    saker = [verden.land.saker[sted][0] for sted in ((B, "opprettet"), (A, "gradert"))]
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        for k in saker:
            oppfolginger.apne(
                forbindelse,
                UUID(k["sak"]),
                UUID(k["behandling"]),
                slag="teknisk",
                arsak=avtrykk,
                fingeravtrykk=avtrykk,
                eier="husbanken:drift",
                frist=na(),
                tid=na(),
            )
    with superbruker(database) as db:
        db.execute(
            "INSERT INTO kjoring (id, ordning, termin, slag, prove, tid, startet_av)"
            " VALUES (%s, 'bostotte', '2026-08', 'ordinar', true, now(), 'test')",
            [kjoring],
        )
    try:
        drift = hode("drift", [A], "Uklarert drift")
        svar = verden.klient.post(
            "/api/v1/oppfolging/omkjoring", json={"fingeravtrykk": avtrykk, "antall": 1}, headers=drift
        )
        assert svar.status_code == 404, svar.text
        assert verden.klient.get(f"/api/v1/kjoringer/{kjoring}", headers=drift).status_code in {403, 404}
        assert str(kjoring) not in verden.klient.get("/api/v1/kjoringer", headers=drift).text
        landet = hode("drift", ["alle"], "Klarert drift", klarert=True)
        assert verden.klient.get(f"/api/v1/kjoringer/{kjoring}", headers=landet).status_code == 200
    finally:
        with superbruker(database) as db:
            db.execute("DELETE FROM kjoring WHERE id = %s", [kjoring])
            db.execute("DELETE FROM oppfolging WHERE fingeravtrykk = %s", [avtrykk])


def test_malinger_har_ingen_id_kommune_eller_person(verden: Verden) -> None:
    for sti in ("/metrics", "/helse/klar"):
        tekst = verden.klient.get(sti).text
        assert not UUID_MONSTER.search(tekst)
        assert not re.search(r'kommune|"4601"|"0301"', tekst)


def test_gjentatt_svar_er_for_den_som_fremdeles_ser_saken(verden: Verden, database: str) -> None:
    land = verden.land
    sak = land.sak("manuell", A)["sak"]
    hoder = {
        **hode("saksbehandler", [A], "Gjentar"),
        "Idempotency-Key": "nokkel-1",
        "If-Match": etag(land.klient, sak),
    }
    kropp = {"begrunnelse": "Boligen er godkjent.", "overstyring": {"bolig.godkjent": True}}
    sti = f"/api/v1/saker/{sak}/handlinger/foresla"
    svar = land.klient.post(sti, json=kropp, headers=hoder)
    assert svar.status_code == 200, svar.text
    assert land.klient.post(sti, json=kropp, headers=hoder).json() == svar.json()
    with superbruker(database) as forbindelse:
        forbindelse.execute("UPDATE sak SET gradert = true WHERE id = %s", [sak])
    assert land.klient.post(sti, json=kropp, headers=hoder).status_code == 404
