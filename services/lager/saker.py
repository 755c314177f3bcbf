"""Cases and their treatments: lock, read, write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.forsegling import Datanokkel, forsegler
from services.lager.skriving import Skriver


@dataclass(slots=True)
class LastSak:
    """A case row under lock, with the key that opens its content."""

    id: UUID
    ordning: str
    kommunenummer: str
    status: str
    gradert: bool
    versjon: int
    siste_seq: int
    siste_hash: bytes
    nokkel: Datanokkel


@dataclass(slots=True)
class Behandling:
    id: UUID
    nr: int
    forlop: str
    arsak: str
    termin: str
    tilstand: str
    forslag_av: str | None
    frist: datetime | None
    avsluttet: datetime | None = None


class SakFinnesIkke(LookupError):
    """The case does not exist, or the session may not see it."""


_LAS = text("""
    SELECT s.id, s.ordning, s.kommunenummer, s.status, s.gradert, s.versjon, s.siste_seq, s.siste_hash,
           CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM sak s JOIN person p ON p.id = s.hovedperson
    WHERE s.id = ANY(:ider) ORDER BY s.id FOR NO KEY UPDATE OF s
""")
_BEHANDLINGER = text("""
    SELECT sak_id, id, nr, forlop, arsak, termin, tilstand, forslag_av, frist, avsluttet FROM behandling
    WHERE sak_id = ANY(:ider) AND avsluttet IS NULL ORDER BY sak_id, nr
""")
_BEHANDLING = text("""
    SELECT id, nr, forlop, arsak, termin, tilstand, forslag_av, frist, avsluttet FROM behandling
    WHERE sak_id = :sak_id AND id = :id
""")
_LAGRE_SAK = text("""
    UPDATE sak SET versjon = :versjon, siste_seq = :siste_seq, siste_hash = :siste_hash, status = :status,
                   gradert = :gradert, endret = :tid
    WHERE id = :id
""")
# A treatment that ends, or goes on by itself, closes its open tasks in the same statement.
_LAGRE_BEHANDLING = text("""
    WITH lukket AS (
        UPDATE oppfolging SET lukket = :tid, lukket_av = :aktor
        WHERE behandling_id = :id AND lukket IS NULL
          AND (CAST(:avsluttet AS timestamptz) IS NOT NULL OR (:gar_videre AND slag = 'manuell'))
    )
    UPDATE behandling SET tilstand = :tilstand, forslag_av = :forslag_av, frist = :frist, avsluttet = :avsluttet
    WHERE id = :id
""")
_NY_BEHANDLING = text("""
    INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand, laget)
    VALUES (:id, :sak_id, (SELECT coalesce(max(nr), 0) + 1 FROM behandling WHERE sak_id = :sak_id),
            :kommunenummer, :forlop, :arsak, :termin, :tilstand, :tid)
""")
_PERSONER = text("""
    SELECT sp.sak_id, p.id, p.fnr, p.nokkel, sp.rolle FROM sak_person sp JOIN person p ON p.id = sp.person_id
    WHERE sp.sak_id = ANY(:ider) ORDER BY sp.sak_id, sp.rolle DESC, p.id
""")


def las(forbindelse: Connection, sak_id: UUID) -> LastSak:
    """The case row, locked until the transaction ends. Errors: SakFinnesIkke."""
    funnet = las_flere(forbindelse, [sak_id])
    if not funnet:
        raise SakFinnesIkke(str(sak_id))
    return funnet[sak_id]


def las_flere(forbindelse: Connection, ider: Collection[UUID]) -> dict[UUID, LastSak]:
    """Case rows locked in the order of their ids, so that two who lock many cannot wait for each other."""
    rader = forbindelse.execute(_LAS, {"ider": list(ider)})
    return {r.id: LastSak(*[*r[:-1], forsegler().pakk_ut(r.nokkel)]) for r in rader}


_BARE_LAS = text("SELECT id FROM sak WHERE id = :id FOR NO KEY UPDATE")


def bare_las(forbindelse: Connection, sak_id: UUID) -> None:
    """The lock alone, for whoever must not stumble over the case's key."""
    forbindelse.execute(_BARE_LAS, {"id": sak_id})


def apne_behandlinger(forbindelse: Connection, ider: Sequence[UUID]) -> list[tuple[UUID, Behandling]]:
    """(case, open treatment) of the cases, in order."""
    return [(r[0], Behandling(*r[1:])) for r in forbindelse.execute(_BEHANDLINGER, {"ider": ider})]


def behandling(forbindelse: Connection, sak_id: UUID, id_: UUID) -> Behandling | None:
    rad = forbindelse.execute(_BEHANDLING, {"sak_id": sak_id, "id": id_}).one_or_none()
    return None if rad is None else Behandling(*rad)


def lagre(skriver: Skriver, sak: LastSak, tid: datetime) -> None:
    """Write back a locked case: version, state, head of the chain."""
    skriver.execute(
        _LAGRE_SAK,
        {
            "id": sak.id,
            "versjon": sak.versjon,
            "siste_seq": sak.siste_seq,
            "siste_hash": sak.siste_hash,
            "status": sak.status,
            "gradert": sak.gradert,
            "tid": tid,
        },
    )


def lagre_behandling(skriver: Skriver, b: Behandling, aktor: str, tid: datetime, *, gar_videre: bool) -> None:
    """Write a treatment back. ``gar_videre``: its state is one the engine works on, so no manual task is open."""
    skriver.execute(
        _LAGRE_BEHANDLING,
        {
            "id": b.id,
            "tilstand": b.tilstand,
            "forslag_av": b.forslag_av,
            "frist": b.frist,
            "avsluttet": b.avsluttet,
            "aktor": aktor,
            "tid": tid,
            "gar_videre": gar_videre,
        },
    )


def ny_behandling(
    skriver: Skriver,
    id_: UUID,
    sak_id: UUID,
    kommunenummer: str,
    forlop: str,
    arsak: str,
    termin: str,
    tilstand: str,
    tid: datetime,
) -> None:
    """A new treatment of a case that the caller holds the lock of."""
    skriver.execute(
        _NY_BEHANDLING,
        {
            "id": id_,
            "sak_id": sak_id,
            "kommunenummer": kommunenummer,
            "forlop": forlop,
            "arsak": arsak,
            "termin": termin,
            "tilstand": tilstand,
            "tid": tid,
        },
    )


def personer(forbindelse: Connection, ider: Sequence[UUID]) -> Sequence[Any]:
    """The parties of the cases: case, person, sealed identity number, wrapped key, role; the applicant first."""
    return forbindelse.execute(_PERSONER, {"ider": ider}).all()
