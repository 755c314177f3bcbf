"""``POST /beregninger/bostotte``: one household's bostøtte for one month, reckoned and explained. Nothing is kept."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body
from fastapi.responses import Response

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import FaktaFeil
from domain.regler.termin import neste
from schemas.beregning import BeregningBostotte, BeregningSvar
from services.api.felles import Leser
from services.klokke import i_dag, na
from services.problem import Problem, responser

router = APIRouter(tags=["beregninger"])

_EKSEMPLER = BeregningBostotte.model_config["json_schema_extra"]["examples"]  # type: ignore[index]


def siste_termin() -> str:
    """The last termin that may be asked for: the month after this one."""
    return neste(f"{i_dag(na()):%Y-%m}")


@router.post(
    "/beregninger/bostotte",
    response_model=BeregningSvar,
    summary="Regn ut bostøtte for én husstand og én måned",
    responses=responser("ugyldige-felt"),
)
def bostotte(
    _aktor: Leser,
    kropp: Annotated[
        BeregningBostotte,
        Body(
            openapi_examples={
                "leid": {"summary": "Enslig forsørger som leier i Oslo", "value": _EKSEMPLER[0]}
            }
        ),
    ],
) -> Response:
    """Regelsettet følger terminen. Felt som er utelatt, er null eller usanne; et ukjent felt er en feil.

    Svaret er det samme som fra `boligsak calc bostotte`.
    """
    try:
        fakta = kropp.fakta(siste_termin())
    except FaktaFeil as feil:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": feil.felt, "melding": feil.melding}]) from None
    svar = beregn([fakta], kropp.termin).dokument()
    return Response(orjson.dumps(svar), media_type="application/json")
