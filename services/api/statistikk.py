"""``GET /statistikk/bostotte``: figures without a person in them, the same for every municipality."""

from typing import Annotated

from fastapi import APIRouter, Query

from schemas.statistikk import Arsstatistikk, Kommunetall, Manedsstatistikk
from services.api.felles import Leser
from services.kjoring import statistikk_les
from services.lager.roller import DbRolle
from services.lager.sesjon import ALLE, Innsyn, transaksjon
from services.problem import Problem, responser

router = APIRouter(prefix="/statistikk", tags=["statistikk"])


def _alle(aktor: Leser) -> Innsyn:
    """Counts of households look across municipalities; no case is shown."""
    return Innsyn(aktor.id, ALLE, klarert=True)


@router.get("/bostotte", summary="Bostøtten i en måned", responses=responser("ikke-funnet", "ugyldige-felt"))
def bostotte(
    aktor: Leser,
    termin: Annotated[str, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")],
    kommune: Annotated[
        list[Annotated[str, Query(pattern=r"^[0-9]{4}$")]] | None,
        Query(max_length=400, description="Utelatt: alle. Landet (0000) er alltid med."),
    ] = None,
) -> Manedsstatistikk:
    """Celler under fire er skjult (null), og så mange andre at de ikke kan regnes ut. Saker med sperret adresse er ikke
    med i noe tall."""
    with transaksjon(DbRolle.API, _alle(aktor)) as forbindelse:
        rader = statistikk_les.maned(forbindelse, termin, kommune)
    if not rader:
        raise Problem(404, "ikke-funnet")
    laget = max(rad.pop("laget") for rad in rader)
    return Manedsstatistikk(
        termin=termin, laget=laget, rader=[Kommunetall.model_validate(rad) for rad in rader]
    )


@router.get(
    "/bostotte/{ar}", summary="Bostøtten i et år", responses=responser("ikke-funnet", "ugyldige-felt")
)
def aret(aktor: Leser, ar: int) -> Arsstatistikk:
    """Hovedtall for terminene som ble utbetalt i året."""
    with transaksjon(DbRolle.API, _alle(aktor)) as forbindelse:
        tall = statistikk_les.aret(forbindelse, ar) if 2000 <= ar <= 2200 else None
    if tall is None:
        raise Problem(404, "ikke-funnet")
    return Arsstatistikk.model_validate(tall)
