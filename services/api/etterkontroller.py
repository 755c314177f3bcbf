"""``/etterkontroller``: a control in figures and those not ready; ``/saker/{id}/tilbakekrav``: claims, what moves
them, and instalments."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel
from sqlalchemy import Connection

from domain.etterkontroll.avdrag import UgyldigPlan
from domain.ordninger import ORDNINGER
from schemas.etterkontroll import AvdragsordningInn, IkkeKlar, IkkeKlare, Kontrollsummer, Krav, KravpostInn
from schemas.felles import Termin
from services.api.felles import Antall, Etter, IdempotencyKey, Leser, lesing
from services.api.saker import saksnokkel
from services.etterkontroll import avdrag, oversikt, tilbakekrav
from services.klokke import na
from services.lager import idempotens, saker
from services.lager.saker import LastSak
from services.motor.handlinger import egen_sak
from services.problem import Problem, responser
from services.tilgang import Aktor
from services.tilgang.aktor import Scope

router = APIRouter(tags=["etterkontroll"])
_ARSAKER = sorted(
    {
        arsak
        for ordning in ORDNINGER.values()
        for arsak, k in ordning.etterkontroller.items()
        if not k.klage_pa
    }
)
Arsak = Annotated[str, Path(pattern=f"^({'|'.join(_ARSAKER)})$")]


@router.get(
    "/etterkontroller/{arsak}/{termin}",
    summary="En etterkontroll i tall",
    responses=responser("ugyldige-felt"),
)
def en(arsak: Arsak, termin: Termin, aktor: Leser) -> Kontrollsummer:
    """Number and kroner back-paid and claimed, closed or reduced. ``termin``: the last of the period."""
    with lesing(aktor, "etterkontroll", filter={"arsak": arsak, "termin": termin}) as les:
        return Kontrollsummer(**oversikt.summer(les.forbindelse, arsak, termin))


@router.get(
    "/etterkontroller/{arsak}/{termin}/ikke-klare",
    summary="Husstander som ikke er klare",
    responses=responser("ugyldige-felt"),
)
def ikke_klare(
    arsak: Arsak, termin: Termin, aktor: Leser, etter: Etter = None, antall: Antall = 50
) -> IkkeKlare:
    """Where somebody's tax is not settled yet, and when all of the household are asked again by themselves."""
    with lesing(aktor, "etterkontroll-ikke-klare", filter={"arsak": arsak, "termin": termin}) as les:
        rader = oversikt.ikke_klare(les.forbindelse, arsak, termin, etter, antall + 1)
        les.antall = len(rader[:antall])
    ut = [IkkeKlar.model_validate(r, from_attributes=True) for r in rader[:antall]]
    return IkkeKlare(husstander=ut, neste=ut[-1].behandling if len(rader) > antall else None)


@router.get(
    "/saker/{sak_id}/tilbakekrav", summary="Sakens krav", responses=responser("ikke-funnet", "ugyldige-felt")
)
def krav(sak_id: UUID, aktor: Leser) -> list[Krav]:
    """What the household owes after decisions that took back, what has moved it since, and how it is being paid."""
    with lesing(aktor, "tilbakekrav", sak_id) as les:
        saksnokkel(les.forbindelse, sak_id)  # 404 where the case is not seen
        ut = [Krav.model_validate(r) for r in avdrag.alle_krav(les.forbindelse, sak_id)]
        les.antall = len(ut)
    return ut


@router.post(
    "/saker/{sak_id}/tilbakekrav/{krav_id}/poster",
    summary="Før noe på et krav",
    responses=responser(
        "mangler-tilgang", "egen-sak", "ikke-funnet", "ugyldige-felt", "idempotensnokkel-gjenbrukt"
    ),
)
def post(
    sak_id: UUID, krav_id: UUID, inn: KravpostInn, aktor: Leser, nokkel: IdempotencyKey = None
) -> list[Krav]:
    """Payment, set-off in later bostøtte, reduction, waiver, limitation; or the hand-over to the collection authority.
    By Husbanken's handler."""

    def gjor(forbindelse: Connection, sak: LastSak, tid: datetime) -> None:
        if inn.slag == "oversendelse":
            avdrag.oversend(forbindelse, sak, krav_id, aktor.id, tid, inn.begrunnelse)
        else:
            tilbakekrav.bokfor(forbindelse, sak, krav_id, inn.slag, inn.belop, aktor.id, tid, inn.begrunnelse)

    return _skriv(sak_id, krav_id, inn, aktor, nokkel, gjor)


@router.post(
    "/saker/{sak_id}/tilbakekrav/{krav_id}/avdragsordning",
    summary="Avtal avdrag på et krav",
    responses=responser(
        "mangler-tilgang", "egen-sak", "ikke-funnet", "ugyldige-felt", "idempotensnokkel-gjenbrukt"
    ),
)
def avtal(
    sak_id: UUID, krav_id: UUID, inn: AvdragsordningInn, aktor: Leser, nokkel: IdempotencyKey = None
) -> list[Krav]:
    """Monthly instalments of all that is left; an agreement that runs is changed. By Husbanken's handler."""

    def gjor(forbindelse: Connection, sak: LastSak, tid: datetime) -> None:
        avdrag.avtal(
            forbindelse, sak, krav_id, inn.antall, inn.forste_forfall, aktor.id, tid, inn.begrunnelse
        )

    return _skriv(sak_id, krav_id, inn, aktor, nokkel, gjor)


def _skriv(
    sak_id: UUID,
    krav_id: UUID,
    inn: BaseModel,
    aktor: Aktor,
    nokkel: str | None,
    gjor: Callable[[Connection, LastSak, datetime], None],
) -> list[Krav]:
    """What a handler does with a claim, under the case's lock; the claims as they then are. Sent again with the same
    key, nothing is booked twice."""
    if "klagebehandler" not in aktor.roller or not aktor.har(Scope.VEDTA):
        raise Problem(403, "mangler-tilgang")
    foresporsel = hashlib.sha256(f"{krav_id} {inn.model_dump_json()}".encode()).digest()
    tid = na()
    with lesing(aktor, "tilbakekrav", sak_id, skriver=True) as les:
        try:
            sak = saker.las(les.forbindelse, sak_id)
            if egen_sak(les.forbindelse, sak_id, aktor):
                raise Problem(403, "egen-sak")
            if gjentatt := idempotens.finn(les.forbindelse, aktor.id, nokkel, foresporsel):
                return [Krav.model_validate(k) for k in gjentatt["krav"]]
            gjor(les.forbindelse, sak, tid)
        except LookupError:
            raise Problem(404, "ikke-funnet") from None
        except (tilbakekrav.UgyldigPost, UgyldigPlan) as feil:
            raise Problem(422, "ugyldige-felt", feil=[{"felt": feil.felt, "melding": feil.melding}]) from None
        saker.lagre(les.forbindelse, sak, tid)
        ut = [Krav.model_validate(r) for r in avdrag.alle_krav(les.forbindelse, sak_id)]
        svar = {"krav": [k.model_dump(mode="json") for k in ut]}
        idempotens.lagre(les.forbindelse, aktor.id, nokkel, foresporsel, 200, svar)
        return ut
