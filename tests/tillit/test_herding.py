"""Limits, time-outs, headers, secrets: what must hold whatever the route."""

import ast
import json
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from services.api.vern import HODER, MAKS_DYBDE, for_dyp
from tests.api.conftest import Klient
from tests.tillit.conftest import A, hode, superbruker

CE = "application/cloudevents+json"
KILDER = [p for rom in ("domain", "schemas", "services", "workers") for p in Path(rom).rglob("*.py")]
EN_MIB = 1_048_576


@pytest.fixture(scope="module")
def dokument(klient: Klient) -> dict[str, Any]:
    return dict(klient.get("/openapi.json").json())


def operasjoner(dokument: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for sti, ops in dokument["paths"].items():
        for metode, op in ops.items():
            yield metode.upper(), sti, op


# --- limits -------------------------------------------------------------------------------------------------------
def test_for_stor_kropp(klient: Klient, database: str) -> None:
    stor = b'{"fnr": "' + b"1" * (EN_MIB + 1) + b'"}'
    for rolle, sti, slag in (
        ("innsender", "/api/v1/hendelser", CE),
        ("saksbehandler", "/api/v1/saker/sok", "application/json"),
        ("saksbehandler", "/api/v1/beregninger/bostotte", "application/json"),
    ):
        svar = klient.post(sti, content=stor, headers={**hode(rolle, [A]), "Content-Type": slag})
        assert (svar.status_code, svar.json()["type"].rpartition("/")[2]) == (413, "for-stor"), sti
        assert svar.headers["X-Content-Type-Options"] == "nosniff"


def test_kropp_uten_oppgitt_lengde(klient: Klient, database: str) -> None:
    async def biter(antall: int) -> AsyncIterator[bytes]:
        yield b'{"fnr": "'
        for _ in range(antall):
            yield b"1" * 65536
        yield b'"}'

    for antall, status in ((17, 413), (1, 422)):
        svar = klient.post(
            "/api/v1/saker/sok",
            content=biter(antall),
            headers={**hode("saksbehandler", [A]), "Content-Type": "application/json"},
        )
        assert svar.status_code == status, svar.text


@pytest.mark.parametrize("dybde", [MAKS_DYBDE + 1, 300, 2000, 100_000])
def test_for_dyp_kropp(klient: Klient, database: str, dybde: int) -> None:
    for rolle, sti, slag, mal in (
        ("innsender", "/api/v1/hendelser", CE, '{"id": "x", "data": %s}'),
        ("innsender", "/api/v1/hendelser", "application/cloudevents-batch+json", "[%s]"),
        ("saksbehandler", "/api/v1/saker/sok", "application/json", '{"fnr": %s}'),
        (
            "saksbehandler",
            f"/api/v1/saker/{'0' * 8}-{'0' * 4}-4000-8000-{'0' * 12}/handlinger/foresla",
            "application/json",
            '{"begrunnelse": "abc", "overstyring": {"a": %s}}',
        ),
    ):
        for apne, lukk in (("[", "]"), ('{"a":', "}")):
            dyp = mal % (apne * dybde + "1" + lukk * dybde)
            svar = klient.post(
                sti, content=dyp, headers={**hode(rolle, [A]), "Content-Type": slag, "If-Match": '"1"'}
            )
            assert svar.status_code == 400, (sti, dybde, svar.text)


def test_ukjent_medietype_er_ogsa_en_avvist_hendelse(klient: Klient, database: str) -> None:
    svar = klient.post(
        "/api/v1/hendelser", content=b"<xml/>", headers={**hode("innsender", [A]), "Content-Type": "text/xml"}
    )
    assert (svar.status_code, svar.json()["type"].rpartition("/")[2]) == (415, "ukjent-medietype")
    with superbruker(database) as forbindelse:
        rader = forbindelse.execute(
            "SELECT status, problem->>'status', kropp IS NOT NULL FROM innboks WHERE problem->>'status' = '415'"
        ).fetchall()
    assert rader == [("avvist", "415", True)]


def test_kuttede_forbindelser_merkes_ikke(klient: Klient, database: str) -> None:
    """As after a restart of PostgreSQL: what lay in the pool is dead, and nobody is answered 503 for it."""
    kall = lambda: klient.get("/api/v1/saker", headers=hode("saksbehandler", [A])).status_code  # noqa: E731
    with ThreadPoolExecutor(4) as samtidig:
        assert {f.result() for f in [samtidig.submit(kall) for _ in range(8)]} == {200}
    with superbruker(database) as forbindelse:
        [[antall]] = forbindelse.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE usename = 'boligsak_api' AND datname = current_database()"
        ).fetchall()
    assert antall >= 1
    with ThreadPoolExecutor(4) as samtidig:
        assert {f.result() for f in [samtidig.submit(kall) for _ in range(8)]} == {200}


def test_dybden_telles_utenfor_tekst() -> None:
    assert not for_dyp(json.dumps({"a": "[" * 500 + '\\"{{{'}).encode())
    assert not for_dyp(b"[" * MAKS_DYBDE + b"]" * MAKS_DYBDE)
    assert for_dyp(b"[" * (MAKS_DYBDE + 1))
    assert for_dyp(b'["\\"", ' + b"[" * MAKS_DYBDE)


def test_hver_side_og_liste_har_en_grense(dokument: dict[str, Any]) -> None:
    sider = 0
    for metode, sti, op in operasjoner(dokument):
        for p in op.get("parameters", []):
            if p["name"] == "antall":
                assert p["schema"]["maximum"] <= 200, f"{metode} {sti}"
                sider += 1
            if p["in"] == "query" and p["schema"].get("type") == "string":
                skjema = p["schema"]
                assert (
                    "maxLength" in skjema or "pattern" in skjema or "format" in skjema or "enum" in skjema
                ), (sti, p)
        svar = op["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "neste" in str(dokument["components"]["schemas"].get(svar.get("$ref", "").rpartition("/")[2], "")):
            assert {"etter", "antall"} <= {p["name"] for p in op.get("parameters", [])} or metode == "POST", (
                sti
            )
    assert sider >= 4


# --- headers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sti", "status"),
    [("/helse/live", 200), ("/api/v1/saker", 401), ("/finnes-ikke", 404), ("/metrics", 200)],
)
def test_sikkerhetshoder(klient: Klient, database: str, sti: str, status: int) -> None:
    svar = klient.get(sti)
    assert svar.status_code == status
    assert {k: svar.headers.get(k) for k in HODER} == dict(HODER)
    assert "server" not in svar.headers
    assert "x-powered-by" not in svar.headers


def test_dokumentasjonen_far_hente_det_den_trenger_og_intet_annet_svar_far(klient: Klient) -> None:
    assert "cdn.jsdelivr.net" in klient.get("/docs").headers["Content-Security-Policy"]
    assert klient.get("/openapi.json").headers["Content-Security-Policy"] == HODER["Content-Security-Policy"]


def test_hver_operasjon_krever_token_og_sier_hva_den_nekter(dokument: dict[str, Any]) -> None:
    apne = {sti for _, sti, op in operasjoner(dokument) if not op.get("security")}
    assert apne == {"/helse/live", "/helse/klar", "/metrics"}
    for metode, sti, op in operasjoner(dokument):
        if op.get("security"):
            assert {"401", "403", "429"} <= op["responses"].keys(), f"{metode} {sti}"


# --- time-outs ----------------------------------------------------------------------------------------------------
KREVER: dict[str, tuple[str, ...]] = {
    "psycopg.connect": ("connect_timeout",),
    "create_engine": ("connect_args",),
    "Redis.from_url": ("socket_timeout",),
    "redis.Redis.from_url": ("socket_timeout",),
    "redis.from_url": ("socket_timeout",),
    "httpx.Client": ("timeout",),
    "httpx.AsyncClient": ("timeout",),
    "httpx.get": ("timeout",),
    "httpx.post": ("timeout",),
    "aiohttp.ClientSession": ("timeout",),
    "urllib.request.urlopen": ("timeout",),
    "urlopen": ("timeout",),
    "socket.create_connection": ("timeout",),
    "subprocess.run": ("timeout",),
    "subprocess.check_output": ("timeout",),
    "subprocess.check_call": ("timeout",),
}


def test_alt_som_venter_pa_andre_har_en_frist() -> None:
    provd = 0
    for fil in KILDER:
        for node in ast.walk(ast.parse(fil.read_text())):
            if not isinstance(node, ast.Call):
                continue
            krav = KREVER.get(ast.unparse(node.func))
            if krav is not None:
                gitt = {k.arg for k in node.keywords}
                assert set(krav) <= gitt or None in gitt, (
                    f"{fil}:{node.lineno}: {ast.unparse(node.func)} uten {krav}"
                )
                provd += 1
    assert provd >= 15


def test_databasens_frister_gjelder_i_hver_okt(som: Any) -> None:
    from services.lager.roller import DbRolle
    from services.lager.sesjon import SYSTEM, transaksjon

    for rolle in DbRolle:
        with transaksjon(rolle, SYSTEM) as forbindelse:
            for navn in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                assert forbindelse.exec_driver_sql(f"SHOW {navn}").scalar() not in {"0", None}, (rolle, navn)


# --- secrets ------------------------------------------------------------------------------------------------------
HEMMELIG = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY"
    r"|(?i:password|passord|secret|hemmelighet|api_?key|token)\s*[:=]\s*[\"'][A-Za-z0-9+/_=-]{12,}[\"']"
    r"|://[^/\s:@{}$<>]+:[^/\s@{}$<>]{6,}@"
)
ALDRI = re.compile(r"(^|/)(\.env|.*\.(pem|key|p12|pfx|jks)|kek\.json|id_(rsa|ed25519))$")


def test_ingen_hemmelighet_i_det_som_er_innsjekket() -> None:
    filer = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, timeout=30, check=True
    ).stdout.split()
    assert len(filer) > 200
    assert [f for f in filer if ALDRI.search(f)] == []
    for fil in filer:
        sti = Path(fil)
        if sti.suffix in {".csv", ".lock", ".xsd", ".png"} or not sti.exists():
            continue
        funnet = [
            t[0]
            for t in HEMMELIG.finditer(sti.read_text(encoding="utf-8", errors="replace"))
            if not (fil.startswith("tests/") and "example" not in t[0] and "BEGIN" not in t[0])
        ]
        assert funnet == [], f"{fil}: {funnet}"


def test_sbom_og_revisjon_av_avhengigheter_kjores() -> None:
    make, ci = Path("Makefile").read_text(), Path(".ci/run").read_text()
    for mal in ("sbom", "audit"):
        assert f"\n{mal}:" in make
        assert f"make {mal}" in ci
    assert "--require-hashes" in make
