"""``POST /saker/{id}/utkast``: what would be decided now, and what is to be looked at first. Nothing is kept of it."""

from uuid import UUID

from fastapi import APIRouter

from schemas.ramme import Utkast, UtkastInn
from services.api.felles import Leser, lesing
from services.klokke import na
from services.motor.utkast import utkast
from services.problem import responser

router = APIRouter(prefix="/saker", tags=["saker"])


@router.post(
    "/{sak_id}/utkast",
    summary="Hva vedtaket ville blitt",
    responses=responser("ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"),
)
def lag(sak_id: UUID, inn: UtkastInn, aktor: Leser) -> Utkast:
    """With the values that a proposal would set. The read log says that the case was read."""
    with lesing(aktor, "utkast", sak_id) as les:
        svar = utkast(les.forbindelse, sak_id, inn.behandling, inn.overstyring, na())
    return Utkast(**svar)
