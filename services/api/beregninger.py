"""``POST /beregninger/<name>``: reckoned and explained, and nothing is kept. Bostøtte, and what the list of
calculations holds."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body
from fastapi.responses import Response

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import FaktaFeil
from domain.regler.termin import neste
from schemas.beregnere import BEREGNERE, Beregner, BeregnerFeil
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


def _legg_til(beregner: Beregner) -> None:
    """The path of one calculation of the list."""
    eksempel = beregner.modell.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index]
    body = Body(openapi_examples={"eksempel": {"summary": beregner.sammendrag, "value": eksempel}})

    def regn(_aktor: Leser, kropp: Annotated[beregner.modell, body]) -> Response:  # type: ignore[name-defined]
        try:
            svar = beregner.svar_pa(kropp)
        except BeregnerFeil as feil:
            raise Problem(422, "ugyldige-felt", feil=[{"felt": feil.felt, "melding": feil.melding}]) from None
        return Response(orjson.dumps(svar), media_type="application/json")

    router.add_api_route(
        f"/beregninger/{beregner.navn}",
        regn,
        methods=["POST"],
        name=f"beregn_{beregner.navn}",
        response_model=beregner.svar,
        summary=beregner.sammendrag,
        description=f"Svaret er det samme som fra `boligsak calc {beregner.navn}`.",
        responses=responser("ugyldige-felt"),
    )


for _beregner in BEREGNERE.values():
    _legg_til(_beregner)
