"""Put a citizen's answer together: facts with source, time and right; decisions with reasons; who has read.

The applicant is a party and sees the decision with the facts it rests on. Another one of the household sees what is
kept about them, and that it is kept. What a register said of one is never shown to another (personvernforordningen
art. 15 nr. 4).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from schemas.innsyn import (
    Hendelse,
    Innsyn,
    Innsynssak,
    Lesing,
    Opplysning,
    Sporring,
    Utbetaling,
    Vedtak,
)
from services.forsegling import Datanokkel, NokkelDestruert, forsegler
from services.klokke import i_dag
from services.lager import kontroller, opplysninger
from services.motor.avgjorelse import apne_vedtak

_SAKER = text("""
    SELECT s.id, s.ordning, s.kommunenummer, s.status, s.laget, s.slettet, s.gradert, p.id AS person,
           CASE WHEN s.hovedperson = p.id THEN 'soker' ELSE 'biperson' END AS rolle,
           CASE WHEN s.slettet IS NULL THEN h.nokkel END AS nokkel
    FROM person p JOIN sak_person sp ON sp.person_id = p.id JOIN sak s ON s.id = sp.sak_id
         JOIN person h ON h.id = s.hovedperson
    WHERE p.oppslag = :oppslag ORDER BY s.id
""")
_OPPLYSNINGER = text("""
    SELECT id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold FROM opplysning
    WHERE sak_id = :sak ORDER BY hentet, id
""")
_VEDTAK = text("""
    SELECT id, termin, kode, utfall, belop, regelversjon, fattet, fattet_av, attestert_av, fakta, spor FROM vedtak
    WHERE sak_id = :sak ORDER BY fattet, id
""")
_UTBETALINGER = text("""
    SELECT termin, belop, forfall, mottaker, status, laget FROM utbetaling WHERE sak_id = :sak ORDER BY laget, id
""")
_HENDELSER = text("SELECT tid, type, kanonisk FROM hendelse WHERE sak_id = :sak ORDER BY seq")
_LESINGER = text("""
    SELECT tid, aktor, virksomhet, hva, formal, hjemmel FROM lesing WHERE sak_id = :sak ORDER BY tid, id
""")

Gjelder = Literal["deg", "saken", "en annen i husstanden"]


def svar(forbindelse: Connection, fnr: str, tid: datetime) -> Innsyn:
    """Everything that the session may see about a person. Nobody known: no cases. ``tid``: aware UTC."""
    rader = forbindelse.execute(_SAKER, {"oppslag": forsegler().oppslag_hash(fnr)}).all()
    return Innsyn(laget=tid, dato=i_dag(tid), saker=[_sak(forbindelse, r) for r in rader])


def _sak(forbindelse: Connection, rad: Any) -> Innsynssak:
    valg = {"sak": rad.id}
    try:
        nokkel: Datanokkel | None = forsegler().pakk_ut(rad.nokkel)
    except NokkelDestruert:
        nokkel = None
    soker = rad.rolle == "soker"
    return Innsynssak(
        id=rad.id,
        ordning=rad.ordning,
        kommunenummer=rad.kommunenummer,
        rolle=rad.rolle,
        status=rad.status,
        laget=rad.laget,
        slettet=rad.slettet,
        opplysninger=[_opplysning(nokkel, rad, o) for o in forbindelse.execute(_OPPLYSNINGER, valg)],
        registre=[_sporring(rad.person, k) for k in kontroller.for_sak(forbindelse, rad.id)],
        vedtak=[_vedtak(nokkel, rad, v) for v in forbindelse.execute(_VEDTAK, valg)] if soker else [],
        utbetalinger=[
            Utbetaling.model_validate(u, from_attributes=True)
            for u in (forbindelse.execute(_UTBETALINGER, valg) if soker else ())
        ],
        hendelser=[
            Hendelse(tid=h.tid, type=h.type, aktor=orjson.loads(h.kanonisk)["aktor"])
            for h in forbindelse.execute(_HENDELSER, valg)
        ],
        lesinger=[
            Lesing.model_validate(x, from_attributes=True) for x in forbindelse.execute(_LESINGER, valg)
        ],
    )


def _hvem(gjelder: UUID | None, person: UUID) -> Gjelder:
    if gjelder is None:
        return "saken"
    return "deg" if gjelder == person else "en annen i husstanden"


def _opplysning(nokkel: Datanokkel | None, sak: Any, rad: Any) -> Opplysning:
    gjelder = _hvem(rad.gjelder, sak.person)
    innhold = None
    # What the system notes for itself repeats facts of the whole household: the decisions show them, where they may.
    if nokkel is not None and gjelder != "en annen i husstanden" and rad.kilde != "system":
        innhold = orjson.loads(nokkel.apne(rad.innhold, opplysninger.aad(sak.id, rad.id)))
        if gjelder == "saken" and sak.rolle != "soker":
            innhold = _egen_del(innhold, str(sak.person))
            gjelder = "deg" if innhold else gjelder
    return Opplysning(
        kilde=rad.kilde,
        gjelder=gjelder,
        hentet=rad.hentet,
        gyldig_til=rad.gyldig_til,
        hjemmel=rad.hjemmel,
        innhold=innhold,
    )


def _egen_del(innhold: Mapping[str, Any], person: str) -> dict[str, Any] | None:
    """What a document of the whole household says of this person alone."""
    for verdi in innhold.values():
        for del_ in verdi if isinstance(verdi, list) else [verdi]:
            if isinstance(del_, dict) and del_.get("person_id") == person:
                return del_
    return None


def _sporring(person: UUID, rad: Any) -> Sporring:
    _, gjelder, parametre = rad.nokkel.split("/", 2)
    return Sporring(
        register=rad.register,
        gjelder=_hvem(None if gjelder == "-" else UUID(gjelder), person),
        parametre=parametre,
        status=rad.status,
        tid=rad.hentet,
        hjemmel=rad.hjemmel,
    )


def _vedtak(nokkel: Datanokkel | None, sak: Any, rad: Any) -> Vedtak:
    fakta: dict[str, Any] | None = None
    begrunnelse: Mapping[str, Any] = {}
    if nokkel is not None:
        apen_fakta, spor = apne_vedtak(nokkel, rad.id, rad.fakta, rad.spor)
        begrunnelse = ORDNINGER[sak.ordning].etterprov.begrunnelse(orjson.loads(spor), rad.regelversjon)
        fakta = None if sak.gradert else orjson.loads(apen_fakta)
    return Vedtak(
        id=rad.id,
        termin=rad.termin,
        kode=rad.kode,
        utfall=rad.utfall,
        belop=rad.belop,
        regelversjon=rad.regelversjon,
        fattet=rad.fattet,
        fattet_av=rad.fattet_av,
        attestert_av=rad.attestert_av,
        begrunnelse={sprak: list(setninger) for sprak, setninger in begrunnelse.items()},
        fakta=fakta,
    )
