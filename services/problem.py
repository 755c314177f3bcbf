"""Errors out of the API: RFC 9457 problem+json, free of the caller's values.

Raise ``Problem`` anywhere below a request; ``installer(app)`` turns it, validation errors, framework errors
and unforeseen exceptions into documents with a ``type`` from ``services/problemtyper.py``.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.feltfeil import Feltfeil, felt_feil
from services.problemtyper import ADRESSE, PER_STATUS, PROBLEMTYPER

MEDIETYPE = "application/problem+json"
__all__ = ["Feltfeil", "Problem", "Problemdokument", "felt_feil", "installer", "responser"]
_logg = structlog.get_logger("boligsak.problem")


class Problem(Exception):
    """An answer other than success. ``tittel`` is taken from the registry when empty."""

    def __init__(
        self,
        status: int,
        navn: str,
        tittel: str = "",
        detalj: str = "",
        feil: Sequence[Feltfeil] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.navn = navn
        kjent = PROBLEMTYPER.get(navn)
        self.tittel = tittel or (kjent.tittel if kjent else HTTPStatus(status).phrase)
        self.detalj = detalj
        self.feil = list(feil)
        self.headers = dict(headers or {})
        super().__init__(f"{status} {navn}")

    def dokument(self) -> dict[str, Any]:
        """The members of the problem document."""
        ut: dict[str, Any] = {"type": ADRESSE + self.navn, "title": self.tittel, "status": self.status}
        if self.detalj:
            ut["detail"] = self.detalj
        if self.feil:
            ut["feil"] = self.feil
        return ut

    def svar(self) -> Response:
        return Response(orjson.dumps(self.dokument()), self.status, self.headers, media_type=MEDIETYPE)


class Problemdokument(BaseModel):
    """The shape of every error answer, for the OpenAPI document."""

    type: str = Field(examples=[ADRESSE + "ugyldige-felt"])
    title: str
    status: int
    detail: str | None = None
    feil: list[Feltfeil] | None = None


def responser(*navn: str) -> dict[int | str, dict[str, Any]]:
    """``responses=`` of a route: one entry a status, naming the problem types that may come."""
    ut: dict[int | str, dict[str, Any]] = {}
    for n in navn:
        t = PROBLEMTYPER[n]
        beskrivelse = f"{t.tittel} (`{n}`)"
        if t.status in ut:
            ut[t.status]["description"] += f"; {beskrivelse}"
        else:
            ut[t.status] = {"description": beskrivelse, "content": {MEDIETYPE: {"schema": _REF}}}
    return ut


_REF = {"$ref": "#/components/schemas/Problemdokument"}


async def _fra_problem(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Problem)
    return exc.svar()


async def _fra_validering(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    return Problem(422, "ugyldige-felt", feil=felt_feil(exc.errors())).svar()


async def _fra_rammeverk(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, StarletteHTTPException)
    reserve = "ugyldig-foresporsel" if exc.status_code < 500 else "intern-feil"
    return Problem(exc.status_code, PER_STATUS.get(exc.status_code, reserve), headers=exc.headers).svar()


class _SisteSkanse:
    """Answers 500 to what nobody foresaw, logs type and place only: the message may hold personal data."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begynt = False

        async def merk(melding: Message) -> None:
            nonlocal begynt
            begynt = begynt or melding["type"] == "http.response.start"
            await send(melding)

        try:
            await self.app(scope, receive, merk)
        except Exception as exc:  # noqa: BLE001 - the last line of defence
            _logg.error("unhandled_exception", unntak=type(exc).__qualname__, sted=_sted(exc))
            if begynt:
                raise RuntimeError("response aborted") from None
            await Problem(500, "intern-feil").svar()(scope, receive, send)


def _sted(exc: BaseException) -> list[str]:
    """The innermost frames of the traceback as ``file:line function``."""
    rammer: list[str] = []
    tb = exc.__traceback__
    while tb is not None:
        kode = tb.tb_frame.f_code
        rammer.append(f"{'/'.join(kode.co_filename.split('/')[-3:])}:{tb.tb_lineno} {kode.co_name}")
        tb = tb.tb_next
    return rammer[-6:]


def installer(app: FastAPI) -> None:
    """Put the handlers on ``app``. Call it last: only middleware added before it is covered."""
    app.add_exception_handler(Problem, _fra_problem)
    app.add_exception_handler(RequestValidationError, _fra_validering)
    app.add_exception_handler(StarletteHTTPException, _fra_rammeverk)
    app.add_middleware(_SisteSkanse)

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _beskriv(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _beskriv(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with problem+json where it would write its own 422."""
    skjema = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=app.servers,
    )
    for sti in skjema.get("paths", {}).values():
        for operasjon in sti.values():
            svar = operasjon.get("responses", {}) if isinstance(operasjon, dict) else {}
            if "HTTPValidationError" in str(svar.get("422", "")):
                svar["422"] = responser("ugyldige-felt")[422]
    komponenter = skjema.setdefault("components", {}).setdefault("schemas", {})
    komponenter.pop("HTTPValidationError", None)
    komponenter.pop("ValidationError", None)
    dokument = Problemdokument.model_json_schema(ref_template="#/components/schemas/{model}")
    komponenter.update(dokument.pop("$defs", {}))
    komponenter["Problemdokument"] = dokument
    return skjema
