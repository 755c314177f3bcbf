"""``/rammer``: what may be promised in a year, the ledger of it, and money put in, taken out or carried over."""

import hashlib
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from domain.ordninger import ORDNINGER, RAMMER
from schemas.ramme import PosteringInn, Rammebok, Rammeliste, RammepostRad, RammeRad, RammeUtenKo
from services import fnrvakt
from services.api.felles import Antall, Etter, IdempotencyKey, Leser, Skriver, uten_saker
from services.klokke import na
from services.lager import idempotens
from services.lager.roller import DbRolle
from services.lager.sesjon import ALLE, Innsyn, transaksjon
from services.problem import Problem, responser
from services.ramme import bok, les
from services.ramme.bok import RammeFeil, Rammenokkel
from services.tilgang import Aktor

router = APIRouter(prefix="/rammer", tags=["rammer"])


def _rad(r: Any) -> RammeRad:
    return RammeRad.model_validate(r, from_attributes=True)


@router.get("", summary="Rammer", responses=responser("ugyldige-felt"))
def liste(
    aktor: Leser,
    etter: Etter = None,
    antall: Antall = 50,
    ordning: Annotated[str | None, Query(max_length=40)] = None,
    ar: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    kommunenummer: Annotated[str | None, Query(pattern=r"^[0-9]{4}$")] = None,
) -> Rammeliste:
    """The frames this token may see: its municipalities' own, and the country's for those who see the country."""
    with uten_saker(aktor) as forbindelse:
        rader = les.rammer(
            forbindelse, ordning=ordning, ar=ar, kommunenummer=kommunenummer, etter=etter, antall=antall + 1
        )
    ut = [_rad(r) for r in rader[:antall]]
    return Rammeliste(rammer=ut, neste=ut[-1].id if len(rader) > antall else None)


@router.get("/{ramme_id}/poster", summary="Rammens bok", responses=responser("ikke-funnet", "ugyldige-felt"))
def poster(
    ramme_id: UUID,
    aktor: Leser,
    etter: Annotated[int, Query(ge=0, le=2**62)] = 0,
    antall: Antall = 50,
) -> Rammebok:
    """Every movement, oldest first; of cases it holds the sums alone."""
    with uten_saker(aktor) as forbindelse:
        if not les.finnes(forbindelse, ramme_id):
            raise Problem(404, "ikke-funnet")
        rader = les.poster(forbindelse, ramme_id, etter, antall + 1)
    ut = [RammepostRad.model_validate(r, from_attributes=True) for r in rader[:antall]]
    return Rammebok(poster=ut, neste=ut[-1].id if len(rader) > antall else None)


_EKSEMPEL: dict[str, Any] = {
    "lan": {
        "summary": "Kommunen har lånt 20 millioner til videre utlån",
        "value": {
            "slag": "tildelt",
            "ordning": "startlan",
            "ar": 2026,
            "post": "lan",
            "kommunenummer": "0301",
            "belop": 20_000_000,
            "grunn": "lånedokument 2026-1",
        },
    }
}


@router.post(
    "/posteringer",
    summary="Før penger inn i, ut av eller mellom rammer",
    responses=responser("mangler-tilgang", "ugyldige-felt", "idempotensnokkel-gjenbrukt"),
)
def poster_ny(
    inn: Annotated[PosteringInn, Body(openapi_examples=_EKSEMPEL)],
    aktor: Skriver,
    nokkel: IdempotencyKey = None,
) -> RammeUtenKo:
    """By a named person. Those who wait are served at once when there is room. The frame as it then stands."""
    _krev_person(inn, aktor)
    foresporsel = hashlib.sha256(inn.model_dump_json().encode()).digest()
    ramme = Rammenokkel(inn.ordning, inn.ar, inn.post, inn.kommunenummer)
    # The queue is served in its own order, protected cases among the rest; the answer is the frame alone.
    with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, klarert=True)) as forbindelse:
        if gjentatt := idempotens.finn(forbindelse, aktor.id, nokkel, foresporsel):
            return RammeUtenKo.model_validate(gjentatt)
        try:
            _poster(forbindelse, ramme, inn, aktor.id)
        except RammeFeil as feil:
            raise Problem(422, "ugyldige-felt", feil=[{"felt": feil.felt, "melding": feil.melding}]) from None
        except DBAPIError as feil:
            if getattr(feil.orig, "sqlstate", None) != _RADVERN:
                raise
            raise Problem(403, "mangler-tilgang", detalj="tokenet gjelder ikke denne rammen") from None
        r = bok.finn(forbindelse, ramme)
        assert r is not None
        svar = RammeUtenKo(
            id=r.id, **inn.model_dump(include=_NOKKEL), tildelt=r.tildelt, bundet=r.bundet, utbetalt=r.utbetalt,
            ledig=r.ledig,
        )  # fmt: skip
        idempotens.lagre(forbindelse, aktor.id, nokkel, foresporsel, 200, svar.model_dump(mode="json"))
    return svar


_RADVERN = "42501"
_NOKKEL = {"ordning", "ar", "post", "kommunenummer"}


def _poster(forbindelse: Connection, ramme: Rammenokkel, inn: PosteringInn, aktor: str) -> None:
    """Errors: ``RammeFeil``; that of row security."""
    tid = na()
    if inn.slag == "tildelt":
        bok.tildel(forbindelse, ramme, inn.belop, aktor=aktor, grunn=inn.grunn, tid=tid)
    elif inn.slag == "trukket_inn":
        bok.trekk_inn(forbindelse, ramme, inn.belop, aktor=aktor, grunn=inn.grunn, tid=tid)
    elif inn.til_ar in (None, inn.ar):
        raise RammeFeil("til_ar", "må oppgis, og være et annet år")
    else:
        til = replace(ramme, ar=inn.til_ar or 0)
        _krev_overforbart(forbindelse, ramme, til, inn.belop)
        bok.overfor(forbindelse, ramme, til, inn.belop, aktor=aktor, grunn=inn.grunn, tid=tid)


def _krev_overforbart(forbindelse: Connection, ramme: Rammenokkel, til: Rammenokkel, belop: int) -> None:
    """The scheme's own rule of what may be carried over, and to which year. Errors: ``RammeFeil``."""
    regel = RAMMER[ramme.ordning].overforbart
    fra = bok.finn(forbindelse, ramme)
    if regel is None or fra is None:
        return
    if til.ar != ramme.ar + 1:
        raise RammeFeil("til_ar", "må være året etter")
    s = les.sammensetning(forbindelse, fra.id)
    maks = regel(ramme.post, s.overfort_inn, s.arets, fra.bundet + fra.utbetalt) - s.overfort_ut
    if belop > maks:
        raise RammeFeil("belop", f"er mer enn de {max(0, maks)} kr av rammen som kan overføres")


def _krev_person(inn: PosteringInn, aktor: Aktor) -> None:
    if aktor.art != "saksbehandler":
        raise Problem(403, "mangler-tilgang", detalj="krever en navngitt person")
    if inn.ordning not in RAMMER:
        felles = ORDNINGER[inn.ordning].ramme if inn.ordning in ORDNINGER else ""
        melding = f"har ramme sammen med andre: {felles}" if felles else "er ikke en ordning med ramme"
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "ordning", "melding": melding}])
    if fnrvakt.inneholder(inn.grunn):
        raise Problem(
            422,
            "ugyldige-felt",
            feil=[{"felt": "grunn", "melding": "kan ikke inneholde et fødselsnummer"}],
        )
    ser = aktor.kommuner == ALLE if inn.kommunenummer is None else aktor.ser_kommune(inn.kommunenummer)
    if not ser:
        raise Problem(403, "mangler-tilgang", detalj="tokenet gjelder ikke denne rammen")
