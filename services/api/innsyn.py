"""``POST /innsyn``: a citizen's whole answer, by somebody whose work it is to give it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends

from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller
from schemas.innsyn import Innsyn, InnsynInn
from services.api.felles import lesing
from services.innsyn.svar import svar
from services.klokke import i_dag, na
from services.problem import Problem, responser
from services.tilgang import Aktor
from services.tilgang.aktor import Formal
from services.tilgang.fastapi import krev

router = APIRouter(prefix="/innsyn", tags=["innsyn"])


@router.post("", summary="En persons innsyn", responses=responser("ugyldige-felt", "mangler-tilgang"))
def innsyn(inn: InnsynInn, aktor: Annotated[Aktor, Depends(krev("boligsak:innsyn"))]) -> Innsyn:
    """What this token may see of the person's cases: facts, decisions, payments, who has read. Nobody found and nobody
    visible look the same. The purpose is always *innsyn*."""
    tid = na()
    try:
        kontroller(inn.fnr, i_dag(tid), tillat_syntetiske=True)
    except UgyldigIdentitetsnummer as feil:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "fnr", "melding": str(feil)}]) from None
    with lesing(replace(aktor, formal=Formal.INNSYN), "innsyn") as les:
        funnet = svar(les.forbindelse, inn.fnr, tid)
        les.saker, les.antall = [s.id for s in funnet.saker], len(funnet.saker)
    return funnet
