"""``GET /vedtak/{id}``: a decision with facts and trace; ``/begrunnelse``: its reasons in words."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson
from fastapi import APIRouter
from sqlmodel import Session

from domain.ordninger import ORDNINGER
from schemas.begrunnelse import Begrunnelse
from schemas.saker import Vedtak
from services.api.felles import Leser, lesing
from services.api.saker import saksnokkel, vedtak_rad
from services.lager import tabeller
from services.motor.avgjorelse import apne_vedtak
from services.problem import Problem, responser

router = APIRouter(prefix="/vedtak", tags=["vedtak"])


@router.get("/{vedtak_id}", summary="Et vedtak", responses=responser("ikke-funnet", "ugyldige-felt"))
def ett(vedtak_id: UUID, aktor: Leser) -> Vedtak:
    """What was decided, on which facts, and how the sum came about line by line."""
    with lesing(aktor, "vedtak") as les, Session(les.forbindelse) as sesjon:
        vedtak = sesjon.get(tabeller.Vedtak, vedtak_id)
        if vedtak is None:
            raise Problem(404, "ikke-funnet")
        les.saker = (vedtak.sak_id,)
        nokkel = saksnokkel(les.forbindelse, vedtak.sak_id)
        sak = sesjon.get_one(tabeller.Sak, vedtak.sak_id)
        fakta, spor = (
            apne_vedtak(nokkel, vedtak.id, vedtak.fakta, vedtak.spor) if nokkel else (b"null", b"[]")
        )
        return Vedtak(
            **vedtak_rad(vedtak, sak.ordning).model_dump(),
            sak=vedtak.sak_id,
            kommunenummer=vedtak.kommunenummer,
            regelversjon=vedtak.regelversjon,
            fattet_av=vedtak.fattet_av,
            attestert_av=vedtak.attestert_av,
            fakta=orjson.loads(fakta),
            spor=orjson.loads(spor),
        )


@router.get(
    "/{vedtak_id}/begrunnelse",
    summary="Begrunnelsen for et vedtak",
    responses=responser("ikke-funnet", "ugyldige-felt"),
)
def begrunnelse(vedtak_id: UUID, aktor: Leser) -> Begrunnelse:
    """Why, in plain sentences: made from the stored trace alone, so every sum in them stands in it."""
    with lesing(aktor, "vedtak.begrunnelse") as les, Session(les.forbindelse) as sesjon:
        vedtak = sesjon.get(tabeller.Vedtak, vedtak_id)
        if vedtak is None:
            raise Problem(404, "ikke-funnet")
        les.saker = (vedtak.sak_id,)
        setninger: Mapping[str, Sequence[str]] = {}
        if nokkel := saksnokkel(les.forbindelse, vedtak.sak_id):
            sak = sesjon.get_one(tabeller.Sak, vedtak.sak_id)
            _, spor = apne_vedtak(nokkel, vedtak.id, vedtak.fakta, vedtak.spor)
            etterprov = ORDNINGER[sak.ordning].etterprov
            setninger = etterprov.begrunnelse(orjson.loads(spor), vedtak.regelversjon)
        return Begrunnelse(
            vedtak=vedtak.id,
            kode=vedtak.kode,
            regelversjon=vedtak.regelversjon,
            nb=list(setninger.get("nb", ())),
            nn=list(setninger.get("nn", ())),
            setninger={sprak: list(linjer) for sprak, linjer in setninger.items()},
        )
