"""``krev`` and the problem documents, through a real application."""

import ast
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.problem import Problem, installer, responser
from services.problemtyper import PER_STATUS, PROBLEMTYPER
from services.tilgang import Aktor, lokal
from services.tilgang.fastapi import krev

MERKET = "17912099997"
NAVN = "Ola Merkesen"


class Bolig(BaseModel):
    model_config = ConfigDict(extra="forbid")
    boutgift_per_maned: Annotated[int, Field(ge=0)]
    form: Literal["leid", "eid"] = "leid"


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    fnr: str

    @field_validator("fnr")
    @classmethod
    def _fnr(cls, verdi: str) -> str:
        if verdi != "rett":
            raise ValueError(f"{verdi} er feil")  # what a validator must not do, and sometimes does
        return verdi


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid")
    bolig: Bolig
    husstand: list[Person] = []


class Kropp(BaseModel):
    data: Data


def lag_app() -> FastAPI:
    app = FastAPI()

    @app.get("/les")
    def les(aktor: Annotated[Aktor, Depends(krev("boligsak:les"))]) -> dict[str, str]:
        return {"aktor": aktor.id, "formal": aktor.formal}

    @app.post("/hendelser", responses=responser("token-mangler", "token-ugyldig", "konflikt"))
    def hendelser(kropp: Kropp) -> str:
        return "ok"

    @app.get("/konflikt")
    def konflikt() -> None:
        raise Problem(409, "konflikt", detalj="venter på attestering", headers={"Retry-After": "5"})

    @app.get("/krasj")
    def krasj() -> None:
        raise RuntimeError(f"{NAVN} {MERKET}")

    @app.get("/sporring")
    def sporring(grense: Annotated[int, Field(le=100)]) -> int:
        return grense

    installer(app)
    return app


class Klient:
    """The application behind httpx, one event loop a call."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def __call__(self, metode: str, sti: str, **andre: Any) -> httpx.Response:
        import asyncio

        async def kall() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as klient:
                return await klient.request(metode, sti, **andre)

        return asyncio.run(kall())


@pytest.fixture
def klient() -> Klient:
    return Klient(lag_app())


def bearer(rolle: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {lokal.utsted(['0301'], rolle)}"}


def problem(svar: httpx.Response, status: int, navn: str) -> dict[str, Any]:
    assert svar.headers["content-type"] == "application/problem+json"
    dokument: dict[str, Any] = svar.json()
    assert (svar.status_code, dokument["status"]) == (status, status)
    assert dokument["type"] == f"https://boligsak.no/problemer/{navn}"
    assert dokument["title"] == PROBLEMTYPER[navn].tittel
    return dokument


def test_scope_lets_in_and_keeps_out(klient: Klient) -> None:
    svar = klient("GET", "/les", headers=bearer("saksbehandler") | {"Boligsak-Formal": "klage"})
    assert (svar.status_code, svar.json()["formal"]) == (200, "klage")
    nektet = klient("GET", "/les", headers=bearer("drift"))
    problem(nektet, 403, "mangler-tilgang")
    assert 'error="insufficient_scope"' in nektet.headers["WWW-Authenticate"]


@pytest.mark.parametrize("hode", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}])
def test_no_token(klient: Klient, hode: dict[str, str]) -> None:
    svar = klient("GET", "/les", headers=hode)
    problem(svar, 401, "token-mangler")
    assert svar.headers["WWW-Authenticate"] == "Bearer"


def test_bad_token_is_not_echoed(klient: Klient) -> None:
    svar = klient("GET", "/les", headers={"Authorization": f"Bearer {MERKET}"})
    problem(svar, 401, "token-ugyldig")
    assert MERKET not in svar.text


def test_unknown_purpose_is_refused(klient: Klient) -> None:
    dokument = problem(
        klient("GET", "/les", headers=bearer("revisor") | {"Boligsak-Formal": NAVN}), 422, "ugyldige-felt"
    )
    assert dokument["feil"][0]["felt"] == "Boligsak-Formal"
    assert NAVN not in str(dokument)


@pytest.mark.parametrize(
    ("kropp", "felt", "melding"),
    [
        ({"data": {}}, "data.bolig", "mangler"),
        ({"data": {"bolig": {}}}, "data.bolig.boutgift_per_maned", "mangler"),
        (
            {"data": {"bolig": {"boutgift_per_maned": MERKET + "x"}}},
            "data.bolig.boutgift_per_maned",
            "må være et heltall",
        ),
        ({"data": {"bolig": {"boutgift_per_maned": -1}}}, "data.bolig.boutgift_per_maned", "må være minst 0"),
        (
            {"data": {"bolig": {"boutgift_per_maned": 1, "form": NAVN}}},
            "data.bolig.form",
            "må være en av 'leid' eller 'eid'",
        ),
        ({"data": {"bolig": {"boutgift_per_maned": 1, "ukjent": 1}}}, "data.bolig.ukjent", "ukjent felt"),
        ({"data": {"bolig": {"boutgift_per_maned": 1, MERKET: 1}}}, "data.bolig.(ukjent)", "ukjent felt"),
        ({"data": {"bolig": {"boutgift_per_maned": 1, NAVN: 1}}}, "data.bolig.(ukjent)", "ukjent felt"),
        (
            {"data": {"bolig": {"boutgift_per_maned": 1}, "husstand": [{"fnr": "rett"}, {"fnr": MERKET}]}},
            "data.husstand[1].fnr",
            "… er feil",
        ),
        ([], "(kropp)", "må være et objekt"),
    ],
)
def test_field_is_named_and_value_is_not(klient: Klient, kropp: Any, felt: str, melding: str) -> None:
    svar = klient("POST", "/hendelser", json=kropp)
    dokument = problem(svar, 422, "ugyldige-felt")
    assert dokument["feil"] == [{"felt": felt, "melding": melding}]
    assert MERKET not in svar.text
    assert NAVN not in svar.text


def test_body_that_is_no_json(klient: Klient) -> None:
    svar = klient("POST", "/hendelser", content=f'{{"{MERKET}"', headers={"Content-Type": "application/json"})
    assert problem(svar, 422, "ugyldige-felt")["feil"] == [
        {"felt": "(kropp)", "melding": "er ikke gyldig JSON"}
    ]
    assert MERKET not in svar.text


def test_framework_errors_and_our_own(klient: Klient) -> None:
    problem(klient("GET", f"/finnes-ikke/{MERKET}"), 404, "ikke-funnet")
    feil_metode = klient("PUT", "/konflikt")
    problem(feil_metode, 405, "metode-ikke-tillatt")
    assert feil_metode.headers["Allow"] == "GET"
    svar = klient("GET", "/konflikt")
    assert problem(svar, 409, "konflikt")["detail"] == "venter på attestering"
    assert svar.headers["Retry-After"] == "5"
    assert problem(klient("GET", "/sporring?grense=101"), 422, "ugyldige-felt")["feil"][0]["felt"] == "grense"


def test_unforeseen_error_says_nothing_outside_or_in_the_log(
    klient: Klient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    svar = klient("GET", "/krasj")
    assert "detail" not in problem(svar, 500, "intern-feil")
    logget = "".join(capfd.readouterr()) + caplog.text  # another test may have pointed the log elsewhere
    assert "unhandled_exception" in logget
    assert MERKET not in svar.text + logget
    assert NAVN not in svar.text + logget


def test_openapi_describes_problems(klient: Klient) -> None:
    skjema = klient("GET", "/openapi.json").json()
    svar = skjema["paths"]["/hendelser"]["post"]["responses"]
    for status in ("401", "409", "422"):
        assert svar[status]["content"].keys() == {"application/problem+json"}
    assert "token-ugyldig" in svar["401"]["description"]
    assert {"Problemdokument", "Feltfeil"} <= skjema["components"]["schemas"].keys()
    assert "HTTPValidationError" not in str(skjema)
    assert skjema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_registry_is_consistent() -> None:
    assert all(PROBLEMTYPER[navn].status == status for status, navn in PER_STATUS.items())


def test_every_problem_raised_is_documented() -> None:
    """Names written as literals in ``Problem(status, "navn", …)`` are in the registry, with the same status."""
    rot = Path(__file__).parents[2]
    funnet = 0
    for fil in [*rot.glob("services/**/*.py"), *rot.glob("workers/**/*.py")]:
        for node in ast.walk(ast.parse(fil.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
            ):
                continue
            status, navn = (a.value if isinstance(a, ast.Constant) else None for a in node.args[:2])
            if isinstance(navn, str):
                funnet += 1
                assert navn in PROBLEMTYPER, f"{fil.relative_to(rot)}:{node.lineno} {navn}"
                assert status in (None, PROBLEMTYPER[navn].status), f"{fil.relative_to(rot)}:{node.lineno}"
    assert funnet >= 5
