"""Erasure: the key of a main person is destroyed, and with it everything that their cases say; the chains stay.

What is left: ids, codes, amounts, times and hashes, which no number leads to any more. A copy of the database or of its
log from before still holds the wrapped key; it is worth nothing once the wrapping key of its time is destroyed
(``boligsak nokkel roter``, then take the old key out of the file).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection, text

from services.bevaring.frister import dager_avviste
from services.bevaring.kjede import legg_til
from services.bevaring.utvalg import Kandidat, kandidater
from services.forsegling import Datanokkel, forsegler
from services.klokke import i_dag
from services.lager import personer
from services.lager.hendelser import NyHendelse
from services.lager.roller import DbRolle
from services.lager.saker import LastSak
from services.lager.sesjon import ALLE, Innsyn, transaksjon

_logg = structlog.get_logger("boligsak.bevaring")


@dataclass(frozen=True, slots=True)
class Slettet:
    """What one person's erasure took with it."""

    saker: tuple[UUID, ...]
    personer: int


class KanIkkeSlettes(Exception):
    """A case that must be kept stands in the way; the message says which, and why."""


def innsyn(aktor: str) -> Innsyn:
    return Innsyn(aktor, ALLE, klarert=True)


def slett_forfalte(aktor: str, tid: datetime) -> Iterator[Slettet]:
    """Erase everything that is due on ``tid``, a transaction for each person."""
    dato = i_dag(tid)
    with transaksjon(DbRolle.BEVARING, innsyn(aktor)) as forbindelse:
        klare = {k.hovedperson: None for k in kandidater(forbindelse, dato) if k.stilling == "klar"}
    for person in klare:
        with transaksjon(DbRolle.BEVARING, innsyn(aktor)) as forbindelse:
            if slettet := _slett_person(forbindelse, person, aktor, tid, dato):
                _logg.info("personopplysninger_slettet", saker=len(slettet.saker), personer=slettet.personer)
                yield slettet


def slett_etter_palegg(sak_id: UUID, hjemmel: str, aktor: str, tid: datetime) -> Slettet:
    """Erase the main person of a case before the clock runs out, by a decision outside this system.

    Errors: ``KanIkkeSlettes`` when one of their cases is held, unfinished or not there.
    """
    with transaksjon(DbRolle.BEVARING, innsyn(aktor)) as forbindelse:
        person = forbindelse.scalar(_HOVEDPERSON, {"id": sak_id})
        if person is None:
            raise KanIkkeSlettes(f"sak {sak_id} finnes ikke, eller er slettet")
        slettet = _slett_person(forbindelse, person, aktor, tid, None, hjemmel)
        assert slettet is not None
        return slettet


_HOVEDPERSON = text("SELECT hovedperson FROM sak WHERE id = :id AND slettet IS NULL")
_LAS_PERSON = text("SELECT id, fnr, nokkel FROM person WHERE id = :id FOR UPDATE")
_LAS_SAKER = text("""
    SELECT id, ordning, kommunenummer, status, gradert, versjon, siste_seq, siste_hash FROM sak
    WHERE hovedperson = :id AND slettet IS NULL ORDER BY id FOR NO KEY UPDATE
""")
_MERK = text("UPDATE sak SET slettet = :tid, status = 'avsluttet' WHERE id = ANY(:saker)")
_INNBOKS = text(
    "UPDATE innboks SET kropp = NULL, nokkel = NULL, nokkel_kek = NULL WHERE sak_id = ANY(:saker)"
)
_UTBOKS = text("UPDATE utboks SET status = 'ferdig' WHERE sak_id = ANY(:saker) AND status <> 'ferdig'")
# Everybody of these cases, and whether another case still needs their number. The locks are a statement of their own:
# an intake that held one has committed by the time the second looks, and a later one waits.
_LAS_PARTER = text("""
    SELECT p.id FROM person p
    WHERE p.id IN (SELECT person_id FROM sak_person WHERE sak_id = ANY(:saker)) AND p.fnr IS NOT NULL
    ORDER BY p.id FOR UPDATE
""")
_PARTER = text("""
    SELECT p.id, EXISTS (SELECT 1 FROM sak_person o JOIN sak s ON s.id = o.sak_id
                         WHERE o.person_id = p.id AND s.slettet IS NULL) AS trengs
    FROM person p WHERE p.id = ANY(:personer)
""")
_GLEM = text("""
    UPDATE person SET fnr = NULL, nokkel = NULL, nokkel_kek = NULL, oppslag = :tilfeldig WHERE id = :id
""")
_NY_NOKKEL = text("UPDATE person SET fnr = :fnr, nokkel = :nokkel, nokkel_kek = :kek WHERE id = :id")


def _slett_person(
    forbindelse: Connection, person: UUID, aktor: str, tid: datetime, dato: date | None, hjemmel: str = ""
) -> Slettet | None:
    """Locks in the order of the intake: person, then cases by id; then everything is looked at again."""
    rad = forbindelse.execute(_LAS_PERSON, {"id": person}).one()
    laste = {
        r.id: LastSak(**r._mapping, nokkel=Datanokkel(os.urandom(32)))  # the event has no content to seal
        for r in forbindelse.execute(_LAS_SAKER, {"id": person})
    }
    funnet = kandidater(forbindelse, dato or date.max, person)
    if dato is not None and any(k.stilling != "klar" for k in funnet):
        return None  # it has moved since it was listed
    if opptatt := [k for k in funnet if k.stilling in {"hold", "apen"}]:
        raise KanIkkeSlettes(f"sak {opptatt[0].sak}: {opptatt[0].stilling}")
    for k in funnet:
        data = _grunnlag(k, hjemmel) | {"sak": {"status": "avsluttet", "slettet": True}}
        legg_til(forbindelse, laste[k.sak], NyHendelse(TYPE, data=data), aktor, tid)
    saker = list(laste)
    forbindelse.execute(_MERK, {"saker": saker, "tid": tid})
    forbindelse.execute(_INNBOKS, {"saker": saker})
    forbindelse.execute(_UTBOKS, {"saker": saker})
    return Slettet(tuple(saker), _glem(forbindelse, saker, rad))


TYPE = "personopplysninger_slettet"


def _grunnlag(k: Kandidat, hjemmel: str) -> dict[str, Any]:
    if hjemmel:
        return {"grunnlag": "palegg", "hjemmel": hjemmel}
    assert k.frist is not None
    return {
        "grunnlag": "frist",
        "frist": k.frist.navn,
        "ar": k.frist.ar,
        "hjemmel": k.frist.hjemmel,
        "sist": k.sist.isoformat(),
    }


def _glem(forbindelse: Connection, saker: Sequence[UUID], hovedperson: Any) -> int:
    """Destroy keys and numbers. Who is a party of a case that lives on keeps the number, under a new key: what the old
    one sealed is gone all the same."""
    antall = 0
    laste = list(forbindelse.scalars(_LAS_PARTER, {"saker": list(saker)}))
    for p in forbindelse.execute(_PARTER, {"personer": laste}).all():
        if not p.trengs:
            forbindelse.execute(_GLEM, {"id": p.id, "tilfeldig": os.urandom(32)})
            antall += 1
        elif p.id == hovedperson.id:
            fnr = personer.apne_fnr(p.id, hovedperson.fnr, hovedperson.nokkel)
            kek, pakket = forsegler().ny_nokkel()
            forseglet = forsegler().pakk_ut(pakket).forsegle(fnr.encode(), personer.aad(p.id))
            forbindelse.execute(_NY_NOKKEL, {"id": p.id, "fnr": forseglet, "nokkel": pakket, "kek": kek})
    return antall


_AVVISTE = text("""
    UPDATE innboks SET kropp = NULL, nokkel = NULL, nokkel_kek = NULL
    WHERE status = 'avvist' AND nokkel IS NOT NULL AND mottatt < :grense
""")
_TELL_AVVISTE = text("""
    SELECT count(*) FROM innboks WHERE status = 'avvist' AND nokkel IS NOT NULL AND mottatt < :grense
""")


def avviste(forbindelse: Connection, tid: datetime, *, slett: bool) -> int:
    """Bodies of refused events that have been kept long enough: how many; erased when ``slett``."""
    valg = {"grense": tid - timedelta(days=dager_avviste())}
    if slett:
        return forbindelse.execute(_AVVISTE, valg).rowcount
    return int(forbindelse.scalar(_TELL_AVVISTE, valg) or 0)
