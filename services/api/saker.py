"""``/saker``: lists, one case with all that hangs on it, and what a person does with it."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Connection, text
from sqlmodel import Session, col, select

from domain.ordninger import ORDNINGER
from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller
from schemas.felles import Termin
from schemas.saker import (
    BehandlingRad,
    HandlingInn,
    HendelseRad,
    Historikk,
    Kontrolliste,
    KontrollRad,
    Part,
    PersonsokInn,
    Sak,
    SakRad,
    Saksliste,
    UtbetalingRad,
    VedtakRad,
    valuta,
)
from services.api import eksempler
from services.api.felles import Antall, Etter, IdempotencyKey, Leser, Sporing, etag, if_match, lesing
from services.forsegling import Datanokkel, NokkelDestruert, forsegler
from services.klokke import i_dag, na
from services.lager import hendelser, idempotens, personer, tabeller
from services.lager import kontroller as kontrollager
from services.lager import saker as sakslager
from services.motor.handlinger import kontekst, utfor
from services.problem import Problem, responser
from services.tilgang import Aktor

router = APIRouter(prefix="/saker", tags=["saker"])
_FINNES_IKKE = responser("ikke-funnet", "ugyldige-felt")
_TILSTANDER = frozenset(
    tilstand for o in ORDNINGER.values() for f in o.forlop.values() for tilstand in f.tilstander
)


def _rad(sak: tabeller.Sak) -> SakRad:
    return SakRad.model_validate(sak, from_attributes=True)


@router.get("", summary="Saker", responses=responser("ugyldige-felt"))
def liste(
    aktor: Leser,
    etter: Etter = None,
    antall: Antall = 50,
    ordning: Annotated[str | None, Query(max_length=40)] = None,
    kommunenummer: Annotated[str | None, Query(pattern=r"^[0-9]{4}$")] = None,
    status: Annotated[str | None, Query(pattern=r"^(aktiv|stanset|avsluttet)$")] = None,
    tilstand: Annotated[
        str | None, Query(max_length=40, description="En åpen behandling står i denne tilstanden.")
    ] = None,
    termin: Annotated[Termin | None, Query(description="Saken har en behandling for denne måneden.")] = None,
) -> Saksliste:
    """The cases this token may see, oldest first."""
    sporring = select(tabeller.Sak).order_by(col(tabeller.Sak.id)).limit(antall + 1)
    for kolonne, verdi in (
        (tabeller.Sak.ordning, ordning),
        (tabeller.Sak.kommunenummer, kommunenummer),
        (tabeller.Sak.status, status),
    ):
        if verdi is not None:
            sporring = sporring.where(col(kolonne) == verdi)
    if etter is not None:
        sporring = sporring.where(col(tabeller.Sak.id) > etter)
    if tilstand is not None or termin is not None:
        behandling = select(tabeller.Behandling.id).where(
            col(tabeller.Behandling.sak_id) == col(tabeller.Sak.id)
        )
        if tilstand is not None:
            behandling = behandling.where(
                col(tabeller.Behandling.tilstand) == tilstand, col(tabeller.Behandling.avsluttet).is_(None)
            )
        if termin is not None:
            behandling = behandling.where(col(tabeller.Behandling.termin) == termin)
        sporring = sporring.where(behandling.exists())
    filter_ = {
        "ordning": ordning if ordning in ORDNINGER else ordning and "(ukjent)",
        "kommunenummer": kommunenummer,
        "status": status,
        "tilstand": tilstand if tilstand in _TILSTANDER else tilstand and "(ukjent)",
        "termin": termin,
    }
    with lesing(aktor, "saker", filter=filter_) as les, Session(les.forbindelse) as sesjon:
        rader = [_rad(s) for s in sesjon.exec(sporring)]
        les.antall = len(rader[:antall])
    return Saksliste(saker=rader[:antall], neste=rader[antall - 1].id if len(rader) > antall else None)


_MED_PERSON = text("""
    SELECT s.* FROM sak s JOIN sak_person sp ON sp.sak_id = s.id JOIN person p ON p.id = sp.person_id
    WHERE p.oppslag = :oppslag ORDER BY s.id LIMIT 200
""")


@router.post("/sok", summary="Saker der en person er part", responses=responser("ugyldige-felt"))
def sok(inn: PersonsokInn, aktor: Leser) -> Saksliste:
    """By identity number, in a body and never in an address. Nobody found and nobody visible look the same."""
    try:
        kontroller(inn.fnr, i_dag(na()), tillat_syntetiske=True)
    except UgyldigIdentitetsnummer as feil:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "fnr", "melding": str(feil)}]) from None
    with lesing(aktor, "personsok") as les:
        valg = {"oppslag": forsegler().oppslag_hash(inn.fnr)}
        saker = [
            SakRad.model_validate(dict(r)) for r in les.forbindelse.execute(_MED_PERSON, valg).mappings()
        ]
        les.saker, les.antall = [s.id for s in saker], len(saker)
    return Saksliste(saker=saker)


def _hent(forbindelse: Connection, sak_id: UUID) -> tabeller.Sak:
    with Session(forbindelse) as sesjon:
        sak = sesjon.get(tabeller.Sak, sak_id)
        if sak is None:
            raise Problem(404, "ikke-funnet")
        sesjon.expunge(sak)
        return sak


def _alle(sesjon: Session, tabell: Any, sak_id: UUID, *orden: Any) -> Sequence[Any]:
    return sesjon.exec(select(tabell).where(col(tabell.sak_id) == sak_id).order_by(*orden)).all()


def hele_saken(forbindelse: Connection, sak_id: UUID, aktor: Aktor) -> Sak:
    """The case with treatments, decisions and payments. Errors: ``Problem`` 404."""
    sak = _hent(forbindelse, sak_id)
    with Session(forbindelse) as sesjon:
        behandlinger = _alle(sesjon, tabeller.Behandling, sak_id, col(tabeller.Behandling.nr))
        vedtak = _alle(sesjon, tabeller.Vedtak, sak_id, col(tabeller.Vedtak.fattet), col(tabeller.Vedtak.id))
        betalt = _alle(
            sesjon, tabeller.Utbetaling, sak_id, col(tabeller.Utbetaling.termin), col(tabeller.Utbetaling.id)
        )
        return Sak(
            **_rad(sak).model_dump(),
            behandlinger=[_behandling(forbindelse, sak, b, aktor) for b in behandlinger],
            vedtak=[vedtak_rad(v, sak.ordning) for v in vedtak],
            utbetalinger=[UtbetalingRad.model_validate(u, from_attributes=True) for u in betalt],
        )


def _behandling(
    forbindelse: Connection, sak: tabeller.Sak, b: tabeller.Behandling, aktor: Aktor
) -> BehandlingRad:
    forlop = ORDNINGER[sak.ordning].forlop[b.arsak]
    mulige: list[str] = []
    if b.avsluttet is None:
        last = sakslager.Behandling(
            b.id,
            b.nr,
            b.forlop,
            b.arsak,
            b.termin,
            b.tilstand,
            b.forslag_av,
            b.frist,
            merker=frozenset(b.merker),
        )
        mulige = forlop.mulige(b.tilstand, kontekst(forbindelse, ORDNINGER[sak.ordning], sak.id, last, aktor))
    return BehandlingRad(
        **b.model_dump(exclude={"sak_id", "kommunenummer", "forlop", "forslag_av"}), handlinger=mulige
    )


def vedtak_rad(v: tabeller.Vedtak, ordning: str) -> VedtakRad:
    egne = set(VedtakRad.model_fields) - {"behandling", "valuta"}
    return VedtakRad(behandling=v.behandling_id, valuta=valuta(ordning), **v.model_dump(include=egne))


@router.get("/{sak_id}", summary="En sak", responses=_FINNES_IKKE)
def en(sak_id: UUID, aktor: Leser, svar: Response) -> Sak:
    """The case with its treatments, decisions and payments, and what this actor may do now. ``ETag``: its version."""
    with lesing(aktor, "sak", sak_id) as les:
        sak = hele_saken(les.forbindelse, sak_id, aktor)
    svar.headers["ETag"] = etag(sak.versjon)
    return sak


@router.get("/{sak_id}/parter", summary="Sakens parter", responses=_FINNES_IKKE)
def parter(sak_id: UUID, aktor: Leser) -> list[Part]:
    """Who the case is about, with identity numbers: the only place the API gives them out."""
    with lesing(aktor, "parter", sak_id) as les:
        slettet = _hent(les.forbindelse, sak_id).slettet is not None
        parter = sakslager.personer(les.forbindelse, [sak_id])
        les.antall = len(parter)
    return [
        Part(
            person=p.id,
            rolle=p.rolle,
            fnr=personer.apne_fnr(p.id, p.fnr, p.nokkel) if p.fnr and not slettet else None,
        )
        for p in parter
    ]


_NOKKEL = text("""
    SELECT CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM sak s JOIN person p ON p.id = s.hovedperson WHERE s.id = :sak_id
""")


def saksnokkel(forbindelse: Connection, sak_id: UUID) -> Datanokkel | None:
    """The key of what is stored about the case; None when the person is erased. Errors: ``Problem`` 404."""
    rad = forbindelse.execute(_NOKKEL, {"sak_id": sak_id}).one_or_none()
    if rad is None:
        raise Problem(404, "ikke-funnet")
    try:
        return forsegler().pakk_ut(rad.nokkel)
    except NokkelDestruert:
        return None


def hendelse_rad(nokkel: Datanokkel | None, sak_id: UUID, rad: Any) -> HendelseRad:
    hode = orjson.loads(rad.kanonisk)
    innhold = hendelser.apne(nokkel, sak_id, rad.seq, rad.innhold) if nokkel and rad.innhold else None
    return HendelseRad(
        id=rad.id,
        seq=rad.seq,
        tid=rad.tid,
        type=rad.type,
        aktor=hode["aktor"],
        behandling=hode["behandling"],
        data=hode["data"],
        innhold=orjson.loads(innhold) if innhold else None,
        hash=rad.hash.hex(),
    )


@router.get("/{sak_id}/historikk", summary="Sakens hendelser", responses=_FINNES_IKKE)
def historikk(
    sak_id: UUID,
    aktor: Leser,
    etter: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    antall: Antall = 50,
) -> Historikk:
    """The audit log of the case, oldest first."""
    with lesing(aktor, "historikk", sak_id) as les:
        nokkel = saksnokkel(les.forbindelse, sak_id)
        rader = hendelser.historikk(les.forbindelse, sak_id, etter, antall + 1)
        les.antall = len(rader[:antall])
    ut = [hendelse_rad(nokkel, sak_id, r) for r in rader[:antall]]
    return Historikk(hendelser=ut, neste=ut[-1].seq if len(rader) > antall else None)


@router.get("/{sak_id}/kontroller", summary="Sakens kontroller", responses=_FINNES_IKKE)
def kontrollene(sak_id: UUID, aktor: Leser) -> Kontrolliste:
    """Every register that was asked: answered, waiting for another try, or given up."""
    with lesing(aktor, "kontroller", sak_id) as les:
        _hent(les.forbindelse, sak_id)
        rader = kontrollager.for_sak(les.forbindelse, sak_id)
        les.antall = len(rader)
    return Kontrolliste(kontroller=[_kontroll(r) for r in rader])


def _kontroll(rad: Any) -> KontrollRad:
    _, gjelder, parametre = rad.nokkel.split("/", 2)
    return KontrollRad(
        register_=rad.register,
        gjelder=None if gjelder == "-" else gjelder,
        parametre=parametre,
        status=rad.status,
        behandling=rad.behandling_id,
        forsok=rad.forsok,
        feil=rad.feil,
        tid=rad.hentet,
        gyldig_til=rad.gyldig_til,
        hjemmel=rad.hjemmel,
    )


@router.post(
    "/{sak_id}/handlinger/{handling}",
    summary="Gjør noe med en sak",
    responses=responser(
        "mangler-tilgang",
        "egen-sak",
        "to-personer",
        "ikke-funnet",
        "handling-ikke-tillatt",
        "endret-siden-sist",
        "ugyldige-felt",
        "if-match-mangler",
    ),
    openapi_extra=eksempler.HANDLING,
)
def handling(
    sak_id: UUID,
    handling: str,
    inn: HandlingInn,
    aktor: Leser,
    versjon: Annotated[int, Depends(if_match)],
    sporing: Sporing,
    svar: Response,
    nokkel: IdempotencyKey = None,
) -> Sak:
    """Only what the transition table allows for this role now; the case's ``handlinger`` lists it."""
    foresporsel = hashlib.sha256(f"{sak_id} {handling} {inn.model_dump_json()}".encode()).digest()
    with lesing(aktor, "handling", sak_id, skriver=True) as les:
        forbindelse = les.forbindelse
        sett = _hent(forbindelse, sak_id)  # an answer kept from before is for those who still see the case
        if sett.slettet is not None:
            raise Problem(409, "handling-ikke-tillatt", detalj="personopplysningene i saken er slettet")
        if gjentatt := idempotens.finn(forbindelse, aktor.id, nokkel, foresporsel):
            sak = Sak.model_validate(gjentatt)
        else:
            try:
                utfor(forbindelse, sak_id, handling, inn, aktor, versjon, na(), sporing)
            except (
                Problem
            ):  # the same request at the same instant may have been first, and have changed the case
                if not (gjentatt := idempotens.finn(forbindelse, aktor.id, nokkel, foresporsel)):
                    raise
                sak = Sak.model_validate(gjentatt)
            else:
                sak = hele_saken(forbindelse, sak_id, aktor)
                idempotens.lagre(forbindelse, aktor.id, nokkel, foresporsel, 200, sak.model_dump(mode="json"))
    svar.headers["ETag"] = etag(sak.versjon)
    return sak
