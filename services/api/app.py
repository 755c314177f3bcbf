"""The API as an ASGI application: ``uvicorn services.api.app:app``."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import Depends, FastAPI, Request, Response
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp

from domain.sak.manedlig import SporAvvik
from schemas.hendelser import SKYHENDELSE, hendelsesskjemaer
from services import problem
from services.api import (
    beregninger,
    brev,
    etterkontroller,
    helse,
    hendelser,
    innsyn,
    kjoringer,
    oppfolging,
    rammer,
    revurdering,
    saker,
    samspill,
    statistikk,
    stikkprover,
    strom,
    utkast,
    vedtak,
)
from services.api.felles import bare_kjente_parametre
from services.api.vern import Hoder, Kroppsgrense, grunn_kropp
from services.logg import bundet, sett_opp
from services.sporing import videre

VERSJON = "1.0.0"
_logg = structlog.get_logger("boligsak.api")
_SVAR = Counter("boligsak_api_svar_total", "Answers by route and status.", ["metode", "rute", "status"])
_TID = Histogram(
    "boligsak_api_sekunder",
    "Time to answer, by route.",
    ["metode", "rute"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def lag_app() -> FastAPI:
    sett_opp("api")
    app = FastAPI(
        title="Boligsak",
        version=VERSJON,
        summary="Saksbehandling av bostøtte, startlån, tilskudd og lån.",
        description="Hendelser inn, saker og vedtak ut. Feil er RFC 9457 problem+json.",
        docs_url="/docs",
        redoc_url=None,
    )
    felles = [Depends(bare_kjente_parametre), Depends(grunn_kropp)]
    for ruter in (
        hendelser,
        saker,
        revurdering,
        etterkontroller,
        stikkprover,
        strom,
        vedtak,
        brev,
        oppfolging,
        utkast,
        rammer,
        innsyn,
        beregninger,
        samspill,
        kjoringer,
        statistikk,
    ):
        app.include_router(ruter.router, prefix="/api/v1", dependencies=felles)
    app.include_router(helse.router)
    app.add_exception_handler(DBAPIError, _fra_databasen)
    app.add_exception_handler(PoolTimeout, _fra_databasen)
    app.add_exception_handler(SporAvvik, _fra_sporet)
    app.middleware("http")(_folg)
    problem.installer(app)
    app.add_middleware(Kroppsgrense)
    app.add_middleware(Hoder)
    _beskriv_hendelsen(app)
    return app


async def _fra_sporet(_request: Request, _exc: Exception) -> Response:
    """The rules of today do not give a stored trace again: the decision stands, and somebody must look."""
    _logg.error("spor_avvik")
    return problem.Problem(500, "spor-avvik").svar()


async def _fra_databasen(_request: Request, exc: Exception) -> Response:
    """The database is away or too busy: ask again. Anything else it says is an error of ours."""
    orig = getattr(exc, "orig", None)
    _logg.warning(
        "database_error", unntak=type(orig or exc).__name__, sqlstate=getattr(orig, "sqlstate", None)
    )
    if isinstance(exc, IntegrityError):  # the same Idempotency-Key twice at the same instant
        return problem.Problem(409, "konflikt").svar()
    sqlstate = getattr(orig, "sqlstate", None) or ("22021" if isinstance(exc, DataError) else "08000")
    if sqlstate in {"22021", "22P05"}:  # NUL, in a field that takes any text
        melding = "inneholder et tegn som ikke kan lagres"
        return problem.Problem(422, "ugyldige-felt", feil=[{"felt": "(kropp)", "melding": melding}]).svar()
    if sqlstate[:2] in {"08", "53", "55", "57", "40", "25"}:
        return problem.Problem(503, "utilgjengelig", headers={"Retry-After": "1"}).svar()
    return problem.Problem(500, "intern-feil").svar()


async def _folg(request: Request, videre_til: Callable[[Request], Awaitable[Response]]) -> Response:
    """Trace, one log line and the counters. The route's template, never the address: it may hold an id."""
    request.state.traceparent = videre(request.headers.get("traceparent"))
    start = time.perf_counter()
    with bundet(request.state.traceparent):
        svar = await videre_til(request)
        brukt = time.perf_counter() - start
        rute = getattr(request.scope.get("route"), "path", "(ukjent)")
        _SVAR.labels(request.method, rute, svar.status_code).inc()
        _TID.labels(request.method, rute).observe(brukt)
        _logg.info(
            "request", metode=request.method, rute=rute, status=svar.status_code, ms=round(brukt * 1000, 1)
        )
    if svar.status_code == 405:
        svar.headers["Allow"] = _tillatte(request)
    svar.headers["traceparent"] = request.state.traceparent
    return svar


def _tillatte(request: Request) -> str:
    """Every method of the path: the framework names those of the first route alone."""
    stier = request.app.openapi()["paths"]
    for mal in (request.url.path, *stier):  # a path that stands there as it is comes before one with a gap
        if mal in stier and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", mal), request.url.path):
            return ", ".join(sorted(metode.upper() for metode in stier[mal]))
    return ""


def _beskriv_hendelsen(app: FastAPI) -> None:
    """The intake reads its body itself; its shape still belongs in the document."""
    uten = app.openapi

    def openapi() -> dict[str, Any]:
        skjema = uten()
        komponenter = skjema["components"]["schemas"]
        if SKYHENDELSE not in komponenter:
            komponenter |= hendelsesskjemaer()
            _beskriv_det_felles(skjema)
        return skjema

    app.openapi = openapi  # type: ignore[method-assign]


def _beskriv_det_felles(skjema: dict[str, Any]) -> None:
    """What every operation that asks for a token, or takes a body, may answer."""
    for operasjoner in skjema["paths"].values():
        for operasjon in operasjoner.values():
            med_token = ["token-mangler", "mangler-tilgang", "for-mange-foresporsler"]
            navn = med_token if operasjon.get("security") else []
            navn += ["ugyldig-foresporsel", "for-stor"] if "requestBody" in operasjon else []
            for status, svar in problem.responser(*navn).items():
                operasjon["responses"].setdefault(str(status), svar)


app: ASGIApp = lag_app()
