"""Every read of a case leaves a row and a CEF line; nobody can forget it, change it or read it across a border."""

import ast
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.innsyn import cef
from services.lager.roller import DbRolle
from tests.tillit.conftest import A, B, Land, etag, hode, superbruker

UTEN_SAK = {
    "POST /api/v1/hendelser": "writes; answers a receipt alone",
    "POST /api/v1/oppfolging/omkjoring": "restarts work by cause; answers two counts",
    "POST /api/v1/saker/{sak_id}/tilbakekrav/{krav_id}/poster": "needs a claim; goes through ``lesing``, see below",
    "POST /api/v1/saker/{sak_id}/tilbakekrav/{krav_id}/avdragsordning": "needs a claim; goes through ``lesing``",
    "GET /helse/live": "",
    "GET /helse/klar": "",
    "GET /metrics": "",
}
"""Routes that show no case. A new route stands here with its reason, or leaves a row."""
UTEN_SAK_UNDER = (
    "/api/v1/beregninger/",  # keeps nothing
    "/api/v1/statistikk/",  # published figures
    "/api/v1/kjoringer",  # the run's own book-keeping
    "/api/v1/rammer",  # frames and their sums
)


def ruter(land: Land) -> list[tuple[str, str]]:
    dokument = land.klient.get("/openapi.json").json()
    return [(m.upper(), sti) for sti, ops in dokument["paths"].items() for m in ops]


def antall(database: str) -> int:
    with superbruker(database) as forbindelse:
        rad = forbindelse.execute("SELECT count(*) FROM lesing").fetchone()
    return int(rad[0]) if rad else 0


STIKKPROVE = {"fra": "2026-09", "til": "2026-09", "fro": 1, "antall": 2000}
_trukket: dict[int, str] = {}


def stikkprove(land: Land) -> str:
    """A draw of every decision, made once."""
    if id(land) not in _trukket:
        som = hode("klagebehandler", ["alle"], "Kvalitet", klarert=True)
        svar = land.klient("POST", "/api/v1/stikkprover", headers=som, json=STIKKPROVE)
        _trukket[id(land)] = svar.json()["id"]
    return _trukket[id(land)]


def kall(land: Land, metode: str, sti: str) -> Any:
    """A call that succeeds, of any route that shows a case."""
    [k] = land.saker[A, "vedtatt"]
    [manuell] = land.saker[A, "manuell"]
    [foreslatt] = land.saker[A, "foreslatt"]
    som = hode("saksbehandler", ["alle"], "Leser", klarert=True)
    valg: dict[str, Any] = {}
    if sti.endswith("/handlinger/{handling}"):
        sti = f"/api/v1/saker/{foreslatt['sak']}/handlinger/underkjenn"
        som = hode("attestant", ["alle"], "Attestant", klarert=True)
        valg = {"json": {"begrunnelse": "Mangler bilde."}}
        som["If-Match"] = etag(land.klient, foreslatt["sak"])
    elif sti == "/api/v1/innsyn":
        som = hode("innsynsbehandler", ["alle"], klarert=True)
        valg = {"json": {"fnr": land.soknader[k["sak"]].soker.fnr}}
    elif sti.endswith("/utkast"):
        sti = sti.replace("{sak_id}", foreslatt["sak"])
        valg = {"json": {"behandling": foreslatt["behandling"]}}
    elif sti.startswith("/api/v1/stikkprover"):
        som = hode("klagebehandler", ["alle"], "Kvalitet", klarert=True)
        sti = sti.replace("{stikkprove_id}", stikkprove(land)) if "{" in sti else sti
        if metode == "POST":
            valg = {
                "json": {"funn": "riktig", "merknad": "Sett gjennom."}
                if sti.endswith("/funn")
                else STIKKPROVE
            }
    elif sti.startswith("/api/v1/etterkontroller/"):
        sti = sti.replace("{arsak}", "etterkontroll").replace("{termin}", "2026-09")
    elif sti.endswith("/brev") and metode == "POST":
        valg = {"json": {"slag": "vedtak", "gjelder": land.vedtak(k["sak"])}}
    elif sti.endswith("/brev/{slag}/{gjelder}"):
        sti = sti.replace("{slag}", "vedtak").replace("{gjelder}", land.vedtak(k["sak"]))
    elif sti.endswith("/revurdering"):
        valg = {"json": {"termin": land.soknader[k["sak"]].termin}}
    elif sti == "/api/v1/saker/sok":
        valg = {"json": {"fnr": land.soknader[k["sak"]].soker.fnr}}
    sti = sti.replace("{sak_id}", k["sak"]).replace("{vedtak_id}", land.vedtak(k["sak"]))
    assert "{" not in sti, f"{sti}: ukjent parameter; legg ruten til her"
    svar = land.klient(metode, sti, headers=som, **valg)
    assert svar.status_code in (200, 201), (sti, svar.text, manuell)
    return svar


def test_hver_rute_som_viser_en_sak_etterlater_en_rad(land: Land, database: str) -> None:
    provd = 0
    stikkprove(land)  # its own row is not the one looked for
    for metode, sti in ruter(land):
        if f"{metode} {sti}" in UTEN_SAK or sti.startswith(UTEN_SAK_UNDER):
            continue
        for_ = antall(database)
        kall(land, metode, sti)
        # The ETag of an action is fetched by a read of its own.
        assert antall(database) - for_ >= (2 if "handling" in sti else 1), (
            f"{metode} {sti} leste uten å etterlate en rad"
        )
        provd += 1
    assert provd >= 11


def test_raden_sier_hvem_hva_hvorfor_og_intet_om_personen(land: Land, database: str) -> None:
    [k] = land.saker[A, "vedtatt"]
    land.klient.get(
        f"/api/v1/saker/{k['sak']}/parter",
        headers={**hode("saksbehandler", [A], "Kari Leser"), "Boligsak-Formal": "klage"},
    )
    land.klient.get(
        "/api/v1/saker?tilstand=manuell&kommunenummer=0301", headers=hode("saksbehandler", [A], "Kari Leser")
    )
    land.klient.get("/api/v1/saker?tilstand=Ola%20Nordmann", headers=hode("saksbehandler", [A], "Kari Leser"))
    with superbruker(database) as forbindelse:
        rader = forbindelse.execute(
            "SELECT hva, formal, hjemmel, sak_id::text, antall, filter, aktor, virksomhet, spor FROM lesing"
            " ORDER BY id DESC LIMIT 3"
        ).fetchall()
    ukjent, liste, parter = rader
    assert parter[:2] == ("parter", "klage")
    assert parter[3] == k["sak"]
    assert parter[4] == 1
    assert "forvaltningslova" in parter[2]
    assert liste[0] == "saker"
    assert liste[3] is None
    assert liste[5] == {"tilstand": "manuell", "kommunenummer": "0301"}
    assert ukjent[5] == {"tilstand": "(ukjent)"}
    assert ukjent[4] == 0
    assert parter[6].startswith("lokal:")
    assert len(parter[7]) == 9
    assert re.fullmatch("[0-9a-f]{32}", parter[8])
    assert "Kari" not in str(rader)


def test_det_som_ikke_ble_vist_er_ikke_lest(land: Land, database: str) -> None:
    [k] = land.saker[B, "vedtatt"]
    for_ = antall(database)
    for sti in (f"/api/v1/saker/{k['sak']}", f"/api/v1/saker/{uuid4()}", f"/api/v1/saker/{k['sak']}/parter"):
        assert land.klient.get(sti, headers=hode("saksbehandler", [A])).status_code == 404
    assert antall(database) == for_


def test_cef_linjene_er_velformede_og_uten_personopplysninger(
    land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fil = tmp_path / "logg" / "lesing.cef"
    monkeypatch.setenv("BOLIGSAK_CEF_FIL", str(fil))
    cef.cef_fil.cache_clear()
    [k] = land.saker[A, "vedtatt"]
    try:
        kall(land, "GET", "/api/v1/saker/{sak_id}")
        kall(land, "POST", "/api/v1/saker/sok")
    finally:
        monkeypatch.undo()
        cef.cef_fil.cache_clear()
    linjer = fil.read_text().splitlines()
    assert len(linjer) == 2
    for linje in linjer:
        assert linje.startswith("CEF:0|Boligsak|boligsak|1.0|les:")
        assert f"cs3={k['sak']}" in linje
        assert "cs1=saksbehandling" in linje
        assert "suid=lokal:" in linje
        assert land.soknader[k["sak"]].soker.fnr not in linje
    assert cef.linje("a|b", "n\nm", {"x": "1=2\\3\n4", "tom": ""}).endswith("a\\|b|n m|3|x=1\\=2\\\\3\\n4")


def test_loggen_kan_bare_vokse_og_bare_i_eget_navn(land: Land, som: Any) -> None:
    [k] = land.saker[A, "vedtatt"]
    [annen] = land.saker[B, "vedtatt"]
    felt = "aktor, virksomhet, hva, formal, hjemmel, sak_id, antall"
    kall(land, "GET", "/api/v1/saker/{sak_id}")
    land.klient.get("/api/v1/saker", headers=hode("revisor", [B]))
    land.klient.get(f"/api/v1/saker/{annen['sak']}", headers=hode("revisor", [B]))
    with som(DbRolle.API, A) as forbindelse:
        lest = {r[0] for r in forbindelse.execute("SELECT DISTINCT sak_id::text FROM lesing")}
        assert k["sak"] in lest
        assert not lest & {s["sak"] for s in land.alle(B)}
        assert None not in lest
    for setning, verdier in (
        ("UPDATE lesing SET aktor = 'x'", []),
        ("DELETE FROM lesing", []),
        ("TRUNCATE lesing", []),
        (f"INSERT INTO lesing ({felt}) VALUES ('en annen', '', 'sak', 'drift', '', %s, 1)", [k["sak"]]),
        (f"INSERT INTO lesing ({felt}) VALUES ('test', '', 'sak', 'drift', '', %s, 1)", [annen["sak"]]),
    ):
        with som(DbRolle.API, A) as forbindelse, pytest.raises(psycopg.errors.InsufficientPrivilege):
            forbindelse.execute(setning, verdier)
    with superbruker(land.database) as forbindelse:
        for setning in ("UPDATE lesing SET aktor = 'x'", "DELETE FROM lesing", "TRUNCATE lesing"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                forbindelse.execute(setning)


def test_ingen_rute_apner_databasen_utenom() -> None:
    """A router reads through ``lesing`` or ``uten_saker``; what opens a transaction itself is named here, and why."""
    tillatt = {
        "felles.py": 1,  # uten_saker
        "helse.py": 3,  # counts for operations, no case
        "kjoringer.py": 2,  # the run's own rows
        "rammer.py": 1,  # the queue is served whole; the answer is the frame alone
        "statistikk.py": 2,  # published figures
    }
    funnet = {}
    for fil in Path("services/api").glob("*.py"):
        kall = [
            n
            for n in ast.walk(ast.parse(fil.read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "transaksjon"
        ]
        if kall:
            funnet[fil.name] = len(kall)
    assert funnet == tillatt
