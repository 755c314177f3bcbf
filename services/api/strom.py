"""``GET /saker/{id}/strom``: the events of a case as they happen (server-sent events)."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from services.api.felles import Leser, lesing
from services.api.saker import hendelse_rad, saksnokkel
from services.innstillinger import innstillinger
from services.lager import hendelser
from services.problem import responser
from services.tilgang import Aktor

router = APIRouter(prefix="/saker", tags=["saker"])
PAUSE_S = 0.5
PULS_S = 15.0
_EN_HENDELSE = {
    "type": "object",
    "description": "`data` er en HendelseRad som JSON, `event` typen, `id` nummeret i saken.",
    "properties": {felt: {"type": "string"} for felt in ("id", "event", "data")},
}


def _nye(aktor: Aktor, sak_id: UUID, etter: int, *, apnet: bool = False) -> tuple[str, int]:
    """Events after ``etter`` as SSE text, and the last sequence number. Errors: ``Problem`` 404."""
    with lesing(aktor, "strom", sak_id) as les:
        nokkel = saksnokkel(les.forbindelse, sak_id)
        rader = [
            hendelse_rad(nokkel, sak_id, r) for r in hendelser.historikk(les.forbindelse, sak_id, etter, 200)
        ]
        les.antall, les.stille = len(rader), not rader and not apnet
    tekst = "".join(f"id: {r.seq}\nevent: {r.type}\ndata: {r.model_dump_json()}\n\n" for r in rader)
    return tekst, rader[-1].seq if rader else etter


async def _strom(request: Request, aktor: Aktor, sak_id: UUID, forste: tuple[str, int]) -> AsyncIterator[str]:
    tekst, etter = forste
    slutt = time.monotonic() + innstillinger().strom_maks_s
    sist = time.monotonic()
    yield "retry: 1000\n\n" + tekst
    while time.monotonic() < slutt and not await request.is_disconnected():
        await asyncio.sleep(PAUSE_S)
        tekst, etter = await run_in_threadpool(_nye, aktor, sak_id, etter)
        if tekst or time.monotonic() - sist > PULS_S:
            sist = time.monotonic()
            yield tekst or ": puls\n\n"


@router.get(
    "/{sak_id}/strom",
    summary="Sakens hendelser mens de skjer",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": _EN_HENDELSE}},
            "description": "En strøm av hendelser.",
        },
        **responser("ikke-funnet", "ugyldige-felt"),
    },
)
async def strom(
    request: Request,
    sak_id: UUID,
    aktor: Leser,
    siste: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=2**31 - 1)] = 0,
) -> StreamingResponse:
    """Server-sent events with the sequence number as id. The stream ends after some minutes; a client takes it up
    again where it was with ``Last-Event-ID``, as browsers do by themselves."""
    forste = await run_in_threadpool(partial(_nye, aktor, sak_id, siste, apnet=True))
    return StreamingResponse(
        _strom(request, aktor, sak_id, forste),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
