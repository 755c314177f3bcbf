"""The same body and the same answer on the command line and over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
import time_machine
from fastapi import FastAPI
from typer.testing import CliRunner

from domain.bostotte.beregning import beregn
from schemas.beregning import BeregningBostotte, BeregningSvar
from services.api import beregninger
from services.cli.calc import app as calc
from services.problem import installer

EKSEMPEL: dict[str, Any] = {
    "termin": "2026-09",
    "kommunenummer": "0301",
    "husstand": [
        {
            "rolle": "soker",
            "fodselsdato": "1990-05-01",
            "manedsinntekt": 18000,
            "ung_ufor": False,
            "alderspensjonist": False,
            "meldepliktig": {"kapital": 0, "naering": 0, "utland": 0},
            "formue": {"bolig": 0, "annen": 0},
        },
        {"rolle": "biperson", "fodselsdato": "2016-02-01"},
    ],
    "bolig": {
        "disposisjonsform": "leid",
        "boutgift_per_maned": 12000,
        "oppvarming_inkludert": True,
        "spesialtilpasset": False,
        "godkjent": True,
    },
}
FEIL: list[tuple[dict[str, Any], str]] = [
    ({"termin": "2022-05"}, "termin"),
    ({"termin": "2026-13"}, "termin"),
    ({"termin": "2026-12"}, "termin"),
    ({"kommunenummer": "9999"}, "kommunenummer"),
    ({"kommunenummer": "3005"}, "kommunenummer"),
    ({"kommunenummer": 301}, "kommunenummer"),
    ({"fylke": "03"}, "fylke"),
    ({"husstand": []}, "husstand"),
    ({"husstand": [EKSEMPEL["husstand"][1]]}, "husstand"),
    ({"husstand": [EKSEMPEL["husstand"][0]] * 2}, "husstand"),
    ({"husstand": [EKSEMPEL["husstand"][0], *[EKSEMPEL["husstand"][1]] * 30]}, "husstand"),
    ({"husstand": [{"rolle": "soker", "fodselsdato": "1990-02-30"}]}, "husstand[0].fodselsdato"),
    ({"husstand": [{"rolle": "soker", "fodselsdato": "2026-10-01"}]}, "husstand[0].fodselsdato"),
    (
        {"husstand": [{"rolle": "soker", "fodselsdato": "1990-05-01", "manedsinntekt": -1}]},
        "husstand[0].manedsinntekt",
    ),
    (
        {"husstand": [{"rolle": "soker", "fodselsdato": "1990-05-01", "manedsinntekt": 1.001}]},
        "husstand[0].manedsinntekt",
    ),
    (
        {"husstand": [{"rolle": "soker", "fodselsdato": "1990-05-01", "ytelse_14_dager": {"belop": 1}}]},
        "husstand[0]",
    ),
    ({"bolig": {**EKSEMPEL["bolig"], "boutgift_per_maned": 1e8}}, "bolig.boutgift_per_maned"),
    ({"bolig": {**EKSEMPEL["bolig"], "disposisjonsform": "telt"}}, "bolig.disposisjonsform"),
    ({"bolig": {**EKSEMPEL["bolig"], "godkjent": "ja"}}, "bolig.godkjent"),
]


@pytest.fixture(autouse=True)
def oktober_2026() -> Iterator[None]:
    with time_machine.travel("2026-10-15T12:00:00+02:00", tick=False):
        yield


class Klient:
    """The application called in process, one request at a time."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def kall(self, metode: str, sti: str, **felt: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as klient:
                return await klient.request(metode, sti, **felt)

        return anyio.run(send)


@pytest.fixture
def klient() -> Klient:
    app = FastAPI()
    app.include_router(beregninger.router, prefix="/api/v1")
    app.dependency_overrides = {d.call: lambda: None for d in _avhengigheter(app)}
    installer(app)
    return Klient(app)


def _avhengigheter(app: FastAPI) -> list[Any]:
    ruten = next(r for r in beregninger.router.routes if getattr(r, "path", "").endswith("/bostotte"))
    return list(ruten.dependant.dependencies)  # type: ignore[attr-defined]


def _kommando(kropp: str) -> Any:
    return CliRunner().invoke(calc, ["bostotte", "--input", "-"], input=kropp)


def test_samme_kropp_samme_svar(klient: Klient) -> None:
    svar = klient.kall("POST", "/api/v1/beregninger/bostotte", json=EKSEMPEL)
    assert svar.status_code == 200
    assert (svar.json()["kode"], svar.json()["belop_per_maned"]) == ("V00", 6565)
    kommando = _kommando(json.dumps(EKSEMPEL))
    assert kommando.exit_code == 0
    assert json.loads(kommando.stdout) == svar.json()
    assert BeregningSvar.model_validate(svar.json()).utfall == "innvilget"


def test_kommandoen_leser_en_fil(tmp_path: Any) -> None:
    fil = tmp_path / "sak.json"
    fil.write_text(json.dumps(EKSEMPEL), encoding="utf-8")
    svar = CliRunner().invoke(calc, ["bostotte", "--input", str(fil)])
    assert json.loads(svar.stdout)["belop_per_maned"] == 6565
    assert CliRunner().invoke(calc, ["bostotte", "--input", str(tmp_path / "borte")]).exit_code == 2


def test_neste_maned_kan_regnes_ut(klient: Klient) -> None:
    svar = klient.kall("POST", "/api/v1/beregninger/bostotte", json={**EKSEMPEL, "termin": "2026-11"})
    assert svar.status_code == 200


@pytest.mark.parametrize(("endring", "felt"), FEIL)
def test_feil_navngir_feltet(klient: Klient, endring: dict[str, Any], felt: str) -> None:
    kropp = {**EKSEMPEL, **endring}
    svar = klient.kall("POST", "/api/v1/beregninger/bostotte", json=kropp)
    assert svar.status_code == 422
    assert svar.headers["content-type"] == "application/problem+json"
    assert felt in [f["felt"] for f in svar.json()["feil"]]
    kommando = _kommando(json.dumps(kropp))
    assert kommando.exit_code == 2
    assert kommando.stdout == ""
    assert f"  {felt}: " in kommando.stderr


@pytest.mark.parametrize("kropp", ["", "{", "[]", "null", "3", '"x"'])
def test_det_som_ikke_er_en_sak(kropp: str) -> None:
    svar = _kommando(kropp)
    assert svar.exit_code == 2
    assert "Traceback" not in svar.stderr


def test_kroppen_blir_et_fullstendig_faktadokument() -> None:
    fakta = BeregningBostotte.model_validate_json(json.dumps(EKSEMPEL)).fakta("2026-09")
    svar = beregn([fakta], "2026-09").dokument()
    limt_inn = BeregningBostotte.model_validate_json(json.dumps(fakta)).fakta("2026-09")
    assert limt_inn == fakta
    assert svar["belop_per_maned"] == 6565


def test_openapi_har_eksempelet(klient: Klient) -> None:
    dokument = klient.kall("GET", "/openapi.json").json()
    innhold = dokument["paths"]["/api/v1/beregninger/bostotte"]["post"]["requestBody"]["content"]
    for eksempel in innhold["application/json"]["examples"].values():
        assert klient.kall("POST", "/api/v1/beregninger/bostotte", json=eksempel["value"]).status_code == 200
