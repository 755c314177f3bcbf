"""``POST /beregninger/samspill``: startlån, boligtilskudd and bostøtte together for one household. Nothing is kept."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body
from fastapi.responses import Response

from domain.samspill.vurder import SamspillFeil, vurder
from schemas.samspill import BeregningSamspill, SamspillSvar
from services.api.felles import Leser
from services.problem import Problem, responser

router = APIRouter(tags=["beregninger"])

_EKSEMPLER = BeregningSamspill.model_config["json_schema_extra"]["examples"]  # type: ignore[index]


@router.post(
    "/beregninger/samspill",
    response_model=SamspillSvar,
    summary="Regn ut om startlån, boligtilskudd og bostøtte sammen gjør en bolig mulig",
    responses=responser("ugyldige-felt"),
)
def samspill(
    _aktor: Leser,
    kropp: Annotated[
        BeregningSamspill,
        Body(
            openapi_examples={
                "rapporten": {"summary": "Enslig med ett skolebarn, modellens år", "value": _EKSEMPLER[0]},
                "i_dag": {"summary": "Den samme med dagens regler", "value": _EKSEMPLER[1]},
            }
        ),
    ],
) -> Response:
    """Svaret er det samme som fra `boligsak calc samspill`. `regelendring` setter andre satser enn de gjeldende."""
    try:
        svar = vurder(kropp.data())
    except SamspillFeil as feil:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": feil.felt, "melding": feil.melding}]) from None
    return Response(orjson.dumps(svar), media_type="application/json")
