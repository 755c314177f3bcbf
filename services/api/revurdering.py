"""``POST /saker/{id}/revurdering``: a decision side by side, for any day; or a decided month reckoned anew."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from domain.ordninger import ORDNINGER
from schemas.klage import Revurdering, RevurderingInn
from services.api.felles import Leser, lesing
from services.api.saker import hele_saken, saksnokkel
from services.klage.revurdering import sammenstill, start_ny_beregning
from services.klokke import na
from services.motor.handlinger import egen_sak
from services.problem import Problem, responser
from services.tilgang.aktor import Scope

router = APIRouter(prefix="/saker", tags=["saker"])


@router.post(
    "/{sak_id}/revurdering",
    summary="Vedtaket sett på tre måter, eller måneden regnet på nytt",
    responses=responser(
        "mangler-tilgang", "egen-sak", "ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"
    ),
)
def revurder(
    sak_id: UUID,
    inn: RevurderingInn,
    aktor: Leser,
    dry_run: Annotated[
        bool, Query(description="Bare vis; ellers spørres registrene på nytt og måneden avgjøres igjen.")
    ] = True,
) -> Revurdering:
    """(a) facts and rules then, (b) facts now by the rules then, (c) facts and rules now; with ``kjent`` as the case
    was known on another day. Asked without ``dry_run``, a treatment is started (or the open one named)."""
    tid = na()
    if not dry_run and not aktor.har(Scope.VEDTA):
        raise Problem(403, "mangler-tilgang")
    if not dry_run and inn.kjent is not None:
        melding = "kan bare oppgis med dry_run=true"
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "kjent", "melding": melding}])
    with lesing(aktor, "revurdering", sak_id, skriver=not dry_run) as les:
        sak = hele_saken(les.forbindelse, sak_id, aktor)
        nokkel = saksnokkel(les.forbindelse, sak_id)
        if nokkel is None:
            raise Problem(409, "handling-ikke-tillatt", detalj="personopplysningene i saken er slettet")
        ordning = ORDNINGER[sak.ordning]
        kjent = inn.kjent or tid
        ut = sammenstill(les.forbindelse, ordning, sak_id, nokkel, inn.termin, kjent, tid)
        if dry_run:
            return ut
        if egen_sak(les.forbindelse, sak_id, aktor):
            raise Problem(403, "egen-sak")
        id_ = start_ny_beregning(les.forbindelse, sak_id, inn.termin, inn.begrunnelse, aktor, tid)
        return ut.model_copy(update={"behandling": id_})
