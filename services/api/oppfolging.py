"""``/oppfolging``: open tasks with owner, deadline and cause, and the restart of failed work."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session, col, select

from schemas.saker import (
    Arsak,
    Arsaksliste,
    Omkjoring,
    OmkjoringInn,
    OppfolgingRad,
    Oppfolgingsliste,
)
from services.api.felles import Antall, Drift, Etter, IdempotencyKey, Leser, Sporing, lesing, uten_saker
from services.klokke import na
from services.lager import idempotens, oppfolginger, tabeller
from services.motor.omkjoring import start
from services.problem import responser

router = APIRouter(prefix="/oppfolging", tags=["oppfølging"])


@router.get("", summary="Åpne oppgaver", responses=responser("ugyldige-felt"))
def liste(
    aktor: Leser,
    etter: Etter = None,
    antall: Antall = 50,
    slag: Annotated[str | None, Query(pattern=r"^(manuell|teknisk)$")] = None,
    fingeravtrykk: Annotated[str | None, Query(max_length=300)] = None,
) -> Oppfolgingsliste:
    """Manual decisions and failed work, oldest first."""
    o = tabeller.Oppfolging
    sporring = select(o).where(col(o.lukket).is_(None)).order_by(col(o.id)).limit(antall + 1)
    if etter is not None:
        sporring = sporring.where(col(o.id) > etter)
    if slag is not None:
        sporring = sporring.where(col(o.slag) == slag)
    if fingeravtrykk is not None:
        sporring = sporring.where(col(o.fingeravtrykk) == fingeravtrykk)
    filter_ = {"slag": slag, "fingeravtrykk": "(oppgitt)" if fingeravtrykk else None}
    with lesing(aktor, "oppfolging", filter=filter_) as les, Session(les.forbindelse) as sesjon:
        rader = [
            OppfolgingRad(
                sak=r.sak_id, behandling=r.behandling_id, **r.model_dump(exclude={"sak_id", "behandling_id"})
            )
            for r in sesjon.exec(sporring)
        ]
        les.antall = len(rader[:antall])
    return Oppfolgingsliste(
        oppgaver=rader[:antall], neste=rader[antall - 1].id if len(rader) > antall else None
    )


@router.get("/arsaker", summary="Åpne oppgaver etter årsak")
def arsaker(aktor: Leser) -> Arsaksliste:
    with lesing(aktor, "oppfolging-arsaker") as les:
        rader = oppfolginger.grupper(les.forbindelse)
        les.antall = len(rader)
    return Arsaksliste(arsaker=[Arsak.model_validate(r, from_attributes=True) for r in rader])


@router.post(
    "/omkjoring",
    summary="Start arbeid som feilet på nytt",
    responses=responser("mangler-tilgang", "ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"),
)
def omkjoring(inn: OmkjoringInn, aktor: Drift, sporing: Sporing, nokkel: IdempotencyKey = None) -> Omkjoring:
    """By cause, as a canary: one case first, ten when it has come through, then all. Needs the operator's scope."""
    foresporsel = hashlib.sha256(inn.model_dump_json().encode()).digest()
    # The counts that are answered would tell of protected addresses: those cases take a cleared operator.
    with uten_saker(aktor) as forbindelse:
        if gjentatt := idempotens.finn(forbindelse, aktor.id, nokkel, foresporsel):
            return Omkjoring.model_validate(gjentatt)
        startet, gjenstar = start(forbindelse, inn.fingeravtrykk, inn.antall, aktor.id, na(), sporing)
        svar = Omkjoring(fingeravtrykk=inn.fingeravtrykk, startet=startet, gjenstar=gjenstar)
        idempotens.lagre(forbindelse, aktor.id, nokkel, foresporsel, 200, svar.model_dump(mode="json"))
    return svar
