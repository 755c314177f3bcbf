"""``/stikkprover``: decided cases drawn for quality control, the work list, and what was found."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from domain.ordninger import ORDNINGER
from schemas.stikkprove import Arbeidsliste, FunnInn, Stikkprove, StikkproveInn, StikkproveRad
from services import stikkprove
from services.api.felles import Antall, Leser, lesing
from services.klokke import na
from services.problem import Problem, responser
from services.tilgang import Aktor
from services.tilgang.aktor import ALLE, Scope

router = APIRouter(prefix="/stikkprover", tags=["stikkprøver"])
_FINNES_IKKE = responser("ikke-funnet", "ugyldige-felt")


def _krev_husbanken(aktor: Aktor) -> None:
    """Quality control is Husbanken's own, of the whole country."""
    if "klagebehandler" not in aktor.roller or not aktor.har(Scope.VEDTA) or aktor.kommuner != ALLE:
        raise Problem(403, "mangler-tilgang")


@router.post(
    "",
    status_code=201,
    summary="Trekk en stikkprøve",
    responses=responser("mangler-tilgang", "ugyldige-felt"),
)
def trekk(inn: StikkproveInn, aktor: Leser) -> Stikkprove:
    """Decisions of the months, in a random order that the seed decides. Protected addresses take a cleared handler."""
    _krev_husbanken(aktor)
    if inn.ordning not in ORDNINGER:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "ordning", "melding": "ukjent ordning"}])
    if inn.til < inn.fra:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "til", "melding": "kan ikke være før fra"}])
    with lesing(aktor, "stikkprove-trekk", filter={"fra": inn.fra, "til": inn.til}, skriver=True) as les:
        id_ = stikkprove.trekk(
            les.forbindelse, inn.ordning, inn.fra, inn.til, inn.fro, inn.antall, aktor.id, na()
        )
        return Stikkprove(**stikkprove.les(les.forbindelse, id_))


@router.get("", summary="Stikkprøver", responses=responser("ugyldige-felt"))
def alle(aktor: Leser) -> list[Stikkprove]:
    """Draws with the number of each finding, newest first."""
    with lesing(aktor, "stikkprover") as les:
        return [Stikkprove(**r) for r in stikkprove.alle(les.forbindelse)]


@router.get("/{stikkprove_id}/vedtak", summary="Arbeidslisten", responses=_FINNES_IKKE)
def arbeidsliste(
    stikkprove_id: UUID,
    aktor: Leser,
    etter: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    antall: Antall = 50,
) -> Arbeidsliste:
    """The decisions in the order they were drawn, seen and not yet seen."""
    with lesing(aktor, "stikkprove-liste") as les:
        stikkprove.les(les.forbindelse, stikkprove_id)
        rader = stikkprove.liste(les.forbindelse, stikkprove_id, etter, antall + 1)
        les.antall = len(rader[:antall])
        les.saker = [r["sak"] for r in rader[:antall]]
    ut = [StikkproveRad(**r) for r in rader[:antall]]
    return Arbeidsliste(vedtak=ut, neste=ut[-1].nr if len(rader) > antall else None)


@router.post(
    "/{stikkprove_id}/vedtak/{vedtak_id}/funn",
    summary="Hva som ble funnet",
    responses=responser(
        "mangler-tilgang", "to-personer", "ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"
    ),
)
def funn(stikkprove_id: UUID, vedtak_id: UUID, inn: FunnInn, aktor: Leser) -> Stikkprove:
    """Once for each decision, by another than who made or attested it; kept in the case's own log."""
    _krev_husbanken(aktor)
    with lesing(aktor, "stikkprove-funn", skriver=True) as les:
        sak = stikkprove.sett(les.forbindelse, stikkprove_id, vedtak_id, inn.funn, inn.merknad, aktor, na())
        les.saker = (sak,)
        return Stikkprove(**stikkprove.les(les.forbindelse, stikkprove_id))
