"""The simulator's HTTP: the registers' own paths, and ``/styring`` to describe people, set faults and read the log.

Identity numbers stand in the registers' paths, so nothing here logs an address; the log of calls holds hashes.
"""

from collections import Counter, deque
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import jwt
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from domain.kontroll.krav import Register
from services.registersim.befolkning import Befolkning
from services.registersim.dokumenter import register_av
from services.registersim.feil import Feil, Feilbok, vrovle
from services.registersim.land import Land
from services.registersim.person import Bolig, Endring, Person
from services.registre.foresporsel import SCOPE, Foresporsel, Raasvar
from services.registre.token import SIMULATORNOKKEL

_OK = 200
_FNR_LENGDE = 11
_HUSK_SPOR = 2000


def person_hash(fnr: str) -> str:
    """How a person is named in the log."""
    return sha256(fnr.encode()).hexdigest()[:16]


class Registrering(BaseModel):
    """Body of ``POST /styring/personer``."""

    model_config = ConfigDict(extra="forbid")
    personer: list[Person] = []
    boliger: list[Bolig] = []


class Endringsbestilling(BaseModel):
    """Body of ``POST /styring/endringer``: from the ``fra_kall``-th call or from ``fra`` on, other fields."""

    model_config = ConfigDict(extra="forbid")
    fnr: str
    felt: dict[str, Any]
    hos: Register | None = Field(default=None, alias="register")
    fra_kall: int = 0
    fra: datetime | None = None


class Simulator:
    """Population, faults and log of one simulator.  As an ASGI app it answers the registers' paths."""

    def __init__(self, fro: int = 1, land: Land | None = None) -> None:
        self.befolkning = Befolkning(fro, land)
        self.feil = Feilbok()
        self.kall: Counter[str] = Counter()
        self.personkall: dict[str, Counter[str]] = {}
        self.spor: dict[str, deque[str]] = {}
        """The trace ids (W3C traceparent) of the latest calls."""
        self._tokener: dict[bytes, frozenset[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kropp = b""
        mer = scope["method"] == "POST"
        while mer:
            melding = await receive()
            kropp += melding.get("body", b"")
            mer = melding.get("more_body", False)
        sti = scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
        try:
            svar, hoder = await self._svar(
                scope, Foresporsel(sti, kropp if scope["method"] == "POST" else None)
            )
        except ConnectionAbortedError:
            # uvicorn answers 500 for a call without an answer; one that is begun and not ended it cuts.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
            return
        hode = [(b"content-type", b"application/json"), (b"content-length", str(len(svar.kropp)).encode())]
        hode += [(k.encode(), v.encode()) for k, v in hoder.items()]
        await send({"type": "http.response.start", "status": svar.status, "headers": hode})
        await send({"type": "http.response.body", "body": svar.kropp})

    async def _svar(self, scope: Scope, f: Foresporsel) -> tuple[Raasvar, dict[str, str]]:
        register = register_av(scope["path"])
        if register is None:
            return Raasvar(404, b'{"melding":"Ukjent sti"}'), {}
        numre = _numre(f)
        self.kall[register] += 1
        if spor := next((v for k, v in scope["headers"] if k == b"traceparent"), b""):
            self.spor.setdefault(register, deque(maxlen=_HUSK_SPOR)).append(spor.decode()[3:35])
        for fnr in numre:
            self.personkall.setdefault(register, Counter())[person_hash(fnr)] += 1
        if (avvist := self._tilgang(scope, register)) is not None:
            return avvist, {}
        feilsvar, hoder, vrovl = await self.feil.moter(register, numre)
        if feilsvar is not None:
            return feilsvar, hoder
        try:
            svar = self.befolkning.svar(f)
        except (KeyError, IndexError, ValueError):
            return Raasvar(400, b'{"melding":"Ugyldig foresp\\u00f8rsel"}'), {}
        return vrovle(vrovl.form, svar) if vrovl is not None and svar.status == _OK else svar, {}

    def _tilgang(self, scope: Scope, register: Register) -> Raasvar | None:
        hode = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
        token = hode.removeprefix(b"Bearer ")
        if token not in self._tokener:
            try:
                krav = jwt.decode(token, SIMULATORNOKKEL, algorithms=["HS256"])
            except jwt.PyJWTError:
                return Raasvar(401, b'{"melding":"Token mangler eller er ugyldig"}')
            self._tokener[token] = frozenset(krav["scope"].split())
        if SCOPE[register] not in self._tokener[token]:
            return Raasvar(403, b'{"melding":"Token mangler scope"}')
        return None


def _numre(f: Foresporsel) -> list[str]:
    """Identity numbers that a call names."""
    if f.kropp is not None:
        try:
            return list(orjson.loads(f.kropp)["foedselsEllerDNummer"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return []
    return [
        ledd for ledd in f.sti.partition("?")[0].split("/") if len(ledd) == _FNR_LENGDE and ledd.isdigit()
    ]


def lag_app(fro: int = 1, land: Land | None = None) -> Starlette:
    """The whole service.  ``land``: a country that it knows beside those registered and those out of the seed.
    ``app.state.simulator`` is the Simulator, for tests in the same process."""
    sim = Simulator(fro, land)

    async def personer(request: Request) -> Response:
        if request.method == "DELETE":
            sim.befolkning.nullstill()
            return Response(status_code=204)
        inn = Registrering.model_validate_json(await request.body())
        sim.befolkning.registrer(inn.personer, inn.boliger)
        return Response(status_code=204)

    async def endringer(request: Request) -> Response:
        inn = Endringsbestilling.model_validate_json(await request.body())
        fra = inn.fra.timestamp() if inn.fra else 0.0
        sim.befolkning.endre(inn.fnr, Endring(inn.felt, inn.hos, inn.fra_kall, fra))
        return Response(status_code=204)

    async def feil(request: Request) -> Response:
        if request.method == "DELETE":
            sim.feil.fjern(request.query_params.get("register"))
        else:
            sim.feil.sett(Feil.model_validate_json(await request.body()))
        return Response(status_code=204)

    async def logg(request: Request) -> Response:
        if request.method == "DELETE":
            sim.kall.clear()
            sim.personkall.clear()
            sim.spor.clear()
            return Response(status_code=204)
        spor = {register: list(s) for register, s in sim.spor.items()}
        return _json({"kall": sim.kall, "personer": sim.personkall, "spor": spor})

    async def eksempel(request: Request) -> Response:
        """Household of a number: what an application must say for the registers to agree with it."""
        funnet = sim.befolkning.husstand(request.path_params["fnr"])
        if funnet is None:
            return Response(status_code=404)
        husstand = [p.model_dump(mode="json") for p in funnet.personer]
        return _json({"personer": husstand, "bolig": funnet.bolig.model_dump()})

    async def maskinporten(request: Request) -> Response:
        return _token({k: v[0] for k, v in parse_qs((await request.body()).decode()).items()})

    async def live(_request: Request) -> Response:
        return _json({"status": "oppe"})

    app = Starlette(
        routes=[
            Route("/styring/personer", personer, methods=["POST", "DELETE"]),
            Route("/styring/endringer", endringer, methods=["POST"]),
            Route("/styring/feil", feil, methods=["POST", "DELETE"]),
            Route("/styring/logg", logg, methods=["GET", "DELETE"]),
            Route("/styring/husstand/{fnr}", eksempel),
            Route("/maskinporten/token", maskinporten, methods=["POST"]),
            Route("/helse/live", live),
            Mount("/", sim),
        ],
        exception_handlers={ValidationError: _ugyldig},
    )
    app.state.simulator = sim
    return app


def _token(skjema: dict[str, str]) -> Response:
    """Maskinporten's token endpoint, as far as a client sees it; the assertion's signature is not checked."""
    try:
        pastand = jwt.decode(skjema.get("assertion", ""), options={"verify_signature": False}, audience=None)
    except jwt.PyJWTError:
        return _json({"error": "invalid_grant"}, 400)
    if skjema.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" or not pastand.get("scope"):
        return _json({"error": "invalid_request"}, 400)
    token = jwt.encode({"scope": pastand["scope"], "iss": "simulator"}, SIMULATORNOKKEL, algorithm="HS256")
    return _json(
        {"access_token": token, "token_type": "Bearer", "expires_in": 120, "scope": pastand["scope"]}
    )


async def _ugyldig(_request: Request, feil: Exception) -> Response:
    assert isinstance(feil, ValidationError)
    return _json({"feil": feil.errors(include_input=False, include_context=False, include_url=False)}, 422)


def _json(innhold: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(innhold), status_code=status, media_type="application/json")
