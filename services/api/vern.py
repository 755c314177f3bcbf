"""What every body must keep within, and what every answer says to a browser."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.problem import Problem

MAKS_DYBDE = 20
_TEKST = re.compile(rb'"(?:[^"\\]|\\.)*"')
_PARENTES = re.compile(rb"[\[\]{}]")


def for_dyp(kropp: bytes, maks: int = MAKS_DYBDE) -> bool:
    """Do the brackets of a JSON text nest deeper than ``maks``? Looked at before it is parsed."""
    dybde = 0
    for treff in _PARENTES.finditer(_TEKST.sub(b"", kropp)):
        dybde += 1 if treff[0] in b"[{" else -1
        if dybde > maks:
            return True
    return False


def krev_grunn(kropp: bytes) -> None:
    """Errors: ``Problem`` 400."""
    if for_dyp(kropp):
        melding = f"er nøstet dypere enn {MAKS_DYBDE} nivåer"
        raise Problem(400, "ugyldig-foresporsel", feil=[{"felt": "(kropp)", "melding": melding}])


async def grunn_kropp(request: Request) -> None:
    """A dependency for routes whose body the framework reads. Errors: ``Problem`` 400."""
    if getattr(request.scope["route"], "body_field", None) is not None:
        krev_grunn(await request.body())


HODER: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
MAKS_KROPP = 1_048_576
_LESER_SELV = frozenset({"/api/v1/hendelser"})
"""Routes that count their body themselves, and keep what they refuse."""


class Kroppsgrense:
    """No body above one MiB reaches a route that has it read and parsed. Inside ``Hoder``, outside all else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"] in _LESER_SELV
            or scope["method"] in {"GET", "HEAD", "OPTIONS"}
        ):
            await self.app(scope, receive, send)
            return
        lengde = Headers(scope=scope).get("content-length", "")
        if lengde.isdecimal() and len(lengde) < 20:  # the server holds the sender to it
            kropp = b"" if int(lengde) <= MAKS_KROPP else None
        else:
            kropp = await _les_hoyst(receive, MAKS_KROPP)
            receive = _igjen(kropp or b"", receive)
        if kropp is None:
            melding = f"må være høyst {MAKS_KROPP} byte"
            svar = Problem(413, "for-stor", feil=[{"felt": "(kropp)", "melding": melding}]).svar()
            await svar(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _les_hoyst(receive: Receive, maks: int) -> bytes | None:
    """A body of unknown length; None when it is longer."""
    kropp = bytearray()
    while True:
        melding = await receive()
        if melding["type"] != "http.request":
            return bytes(kropp)
        kropp += melding.get("body", b"")
        if len(kropp) > maks:
            return None
        if not melding.get("more_body", False):
            return bytes(kropp)


def _igjen(kropp: bytes, videre: Receive) -> Receive:
    """What was read, once more; then the connection's own messages."""
    gitt = False

    async def receive() -> Message:
        nonlocal gitt
        if gitt:
            return await videre()
        gitt = True
        return {"type": "http.request", "body": kropp, "more_body": False}

    return receive


_DOKUMENTASJON = (
    "default-src 'none'; frame-ancestors 'none'; connect-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com;"
    " script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net"
)


class Hoder:
    """Security headers on every answer, whatever made it. The outermost middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        docs: bool = scope["path"] in {"/docs", "/docs/oauth2-redirect"}

        async def merk(melding: Message) -> None:
            if melding["type"] == "http.response.start":
                hoder = MutableHeaders(scope=_som_scope(melding))
                for navn, verdi in HODER.items():
                    if navn not in hoder:
                        hoder[navn] = verdi
                if docs:
                    hoder["Content-Security-Policy"] = _DOKUMENTASJON
            await send(melding)

        await self.app(scope, receive, merk)


def _som_scope(melding: Message) -> Any:
    melding.setdefault("headers", [])
    return melding
