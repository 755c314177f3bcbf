"""``POST /hendelser``: CloudEvents in, one or a batch; ``GET /hendelser/ut``: what subscribers read."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import text

from schemas.hendelser import HENDELSESTYPER, SKYHENDELSE, Kvittering
from services.api.eksempler import SOKNAD_BOSTOTTE, SOKNAD_STARTLAN
from services.api.felles import Leser, Skriver, Sporing, lesing
from services.api.vern import krev_grunn
from services.klokke import na
from services.mottak.mottak import Konvoluttkjenning, behold_avvist, ta_imot, ta_imot_flere
from services.problem import Problem, Problemdokument, responser
from services.tilgang import Aktor

router = APIRouter(tags=["hendelser"])
MAKS_KROPP = 1_048_576
MAKS_BUNKE = 500
ENKEL = {"application/cloudevents+json", "application/json"}
BUNKE = "application/cloudevents-batch+json"


class Bunkesvar(BaseModel):
    """One of the two, by ``status``."""

    status: int = Field(examples=[202])
    kvittering: Kvittering | None = None
    problem: Problemdokument | None = None


_KROPP = {
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {
                "schema": {"$ref": f"#/components/schemas/{SKYHENDELSE}"},
                "examples": {
                    "soknad": {"summary": "Søknad om bostøtte", "value": SOKNAD_BOSTOTTE},
                    "startlan": {"summary": "Søknad om startlån", "value": SOKNAD_STARTLAN},
                },
            },
            BUNKE: {
                "schema": {
                    "type": "array",
                    "items": {"$ref": f"#/components/schemas/{SKYHENDELSE}"},
                    "maxItems": MAKS_BUNKE,
                },
                "examples": {"to": {"summary": "En bunke", "value": [SOKNAD_BOSTOTTE]}},
            },
        },
    }
}


_BESKRIVELSE = """\
Structured mode, one event or a batch. A refused event is kept with its reason, and no case is made.

An event about something decided or under treatment (an appeal, a notice delivered or answered, the board's answer, a
receipt) names it by `vedtak` or `behandling`, with its `termin` and `kommunenummer`; what the treatment's table does
not allow now is answered 409. The types marked * are sent by organisations of the whole country.

"""
_TYPER = "\n".join(f"- `{navn}`{' *' if t.sentral else ''}" for navn, t in sorted(HENDELSESTYPER.items()))


@router.post(
    "/hendelser",
    status_code=202,
    description=_BESKRIVELSE + _TYPER,
    response_model=None,
    summary="Ta imot hendelser (CloudEvents 1.0)",
    openapi_extra=_KROPP,
    responses={
        202: {"model": Kvittering, "description": "Godtatt; samme hendelse igjen gir samme svar."},
        207: {
            "model": list[Bunkesvar],
            "description": "En bunke: ett svar per hendelse, i samme rekkefølge.",
        },
        **responser(
            "ugyldig-foresporsel",
            "for-stor",
            "ukjent-medietype",
            "ugyldige-felt",
            "hendelse-id-brukt",
            "handling-ikke-tillatt",
        ),
    },
)
async def motta(request: Request, aktor: Skriver, sporing: Sporing) -> Response:
    """As its description says."""
    medietype = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    kropp = await _les(request, aktor)
    if medietype not in ENKEL and medietype != BUNKE:
        await run_in_threadpool(_avvis, kropp, Problem(415, "ukjent-medietype"), aktor)
    return await run_in_threadpool(_behandle, kropp, medietype == BUNKE, aktor, na(), sporing)


async def _les(request: Request, aktor: Aktor) -> bytes:
    kropp = bytearray()
    async for del_ in request.stream():
        kropp += del_
        if len(kropp) > MAKS_KROPP:
            problem = Problem(
                413, "for-stor", feil=[{"felt": "(kropp)", "melding": f"må være høyst {MAKS_KROPP} byte"}]
            )
            await run_in_threadpool(behold_avvist, Konvoluttkjenning.av(None), b"", problem, aktor)
            raise problem
    return bytes(kropp)


def _behandle(kropp: bytes, bunke: bool, aktor: Aktor, tid: datetime, sporing: str | None) -> Response:
    try:
        krev_grunn(kropp)
    except Problem as problem:
        _avvis(kropp, problem, aktor)
    try:
        dokument = orjson.loads(kropp)
    except orjson.JSONDecodeError:
        _avvis(
            kropp,
            Problem(400, "ugyldig-foresporsel", feil=[{"felt": "(kropp)", "melding": "er ikke gyldig JSON"}]),
            aktor,
        )
    if not bunke:
        kvittering = ta_imot(dokument, aktor, tid, sporing)
        return _json(kvittering.model_dump(mode="json"), 202)
    if not isinstance(dokument, list) or not 1 <= len(dokument) <= MAKS_BUNKE:
        melding = f"må være en liste med 1 til {MAKS_BUNKE} hendelser"
        _avvis(kropp, Problem(422, "ugyldige-felt", feil=[{"felt": "(kropp)", "melding": melding}]), aktor)
    return _json([_ett_svar(s) for s in ta_imot_flere(dokument, aktor, tid, sporing)], 207)


def _ett_svar(svar: Kvittering | Problem) -> dict[str, Any]:
    if isinstance(svar, Problem):
        return {"status": svar.status, "problem": svar.dokument()}
    return {"status": 202, "kvittering": svar.model_dump(mode="json")}


def _avvis(kropp: bytes, problem: Problem, aktor: Aktor) -> None:
    behold_avvist(Konvoluttkjenning.av(None), kropp, problem, aktor)
    raise problem


def _json(innhold: Any, status: int) -> Response:
    return Response(orjson.dumps(innhold), status, media_type="application/json")


class UtHendelse(BaseModel):
    """An outgoing CloudEvent. It holds ids and codes; what is personal is read from the case."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = "https://boligsak.no"
    type: str = Field(examples=["no.boligsak.bostotte.vedtak.fattet.v1"])
    time: datetime
    subject: str = Field(examples=["saker/0199c7a0-0000-7000-8000-000000000001"])
    data: dict[str, Any]


class UtListe(BaseModel):
    hendelser: list[UtHendelse]
    neste: str | None = Field(
        None, description="Send som `etter` for det som kom siden; det siste leste når null."
    )


# Only what no open transaction can still precede: a cursor over ids alone would lose late commits.
_UT = text("""
    SELECT id, tx::text AS tx, sak_id, type, data, laget FROM utgaende
    WHERE tx < pg_snapshot_xmin(pg_current_snapshot())
      AND (CAST(:tx AS xid8), CAST(:id AS uuid)) < (tx, id)
    ORDER BY tx, id LIMIT :antall
""")


@router.get("/hendelser/ut", summary="Utgående hendelser", responses=responser("ugyldige-felt"))
def ut(
    aktor: Leser,
    etter: Annotated[str, Query(pattern=r"^[0-9]{1,19}-[0-9a-f-]{36}$", max_length=60)] = "0-"
    + str(UUID(int=0)),
    antall: Annotated[int, Query(ge=1, le=200)] = 50,
) -> UtListe:
    """A feed in commit order. Keep ``neste`` and ask again with it."""
    tx, _, id_ = etter.partition("-")
    try:
        valg = {"tx": str(int(tx)), "id": UUID(id_), "antall": antall}
    except ValueError:
        raise Problem(
            422, "ugyldige-felt", feil=[{"felt": "etter", "melding": "er ikke en markør herfra"}]
        ) from None
    with lesing(aktor, "hendelser-ut") as les:
        rader = les.forbindelse.execute(_UT, valg).all()
        les.antall = len(rader)
    return UtListe(
        hendelser=[
            UtHendelse(id=r.id, type=r.type, time=r.laget, subject=f"saker/{r.sak_id}", data=r.data)
            for r in rader
        ],
        neste=f"{rader[-1].tx}-{rader[-1].id}" if rader else None,
    )
