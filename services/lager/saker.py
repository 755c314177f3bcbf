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
    kontroller_fra: datetime | None = None
    """The registers were to be asked again: answers from before do not count for the engine."""
    merker: frozenset[str] = frozenset()
    """What the guards of its table look at (``domain/sak/forlop.py: Merke``)."""

    def __post_init__(self) -> None:
        self.merker = frozenset(self.merker)


class SakFinnesIkke(LookupError):
    """The case does not exist, or the session may not see it."""


_LAS = text("""
    SELECT s.id, s.ordning, s.kommunenummer, s.status, s.gradert, s.versjon, s.siste_seq, s.siste_hash,
           CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM sak s JOIN person p ON p.id = s.hovedperson
    WHERE s.id = ANY(:ider) ORDER BY s.id FOR NO KEY UPDATE OF s
""")
_BEHANDLINGER = text("""
    SELECT sak_id, id, nr, forlop, arsak, termin, tilstand, forslag_av, frist, avsluttet,
           kontroller_fra, merker
    FROM behandling
    WHERE sak_id = ANY(:ider) AND avsluttet IS NULL ORDER BY sak_id, nr
""")
_BEHANDLING = text("""
    SELECT id, nr, forlop, arsak, termin, tilstand, forslag_av, frist, avsluttet,
           kontroller_fra, merker
    FROM behandling
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
    UPDATE behandling SET tilstand = :tilstand, forslag_av = :forslag_av, frist = :frist, avsluttet = :avsluttet,
                          kontroller_fra = :kontroller_fra, merker = :merker
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

# A household gets one payment a month: the main person of either case is a party of the other. A child that lives in
# two homes is the main person of neither. Of two open treatments the first goes on. OFFSET 0 and MATERIALIZED: step by
# step, from the few people asked about; joined as the planner likes, it goes through every case there is.
_ANNEN_SAK = text("""
    WITH part AS MATERIALIZED (
        SELECT b.id, b.termin, b.sak_id, p.person_id FROM behandling b JOIN sak_person p ON p.sak_id = b.sak_id
        WHERE b.id = ANY(:behandlinger)
    ), par AS MATERIALIZED (
        SELECT part.*, annen.sak_id AS annen
        FROM part CROSS JOIN LATERAL (SELECT p.sak_id FROM sak_person p
                                      WHERE p.person_id = part.person_id AND p.sak_id <> part.sak_id OFFSET 0) annen
    )
    SELECT DISTINCT par.id
    FROM par CROSS JOIN LATERAL (SELECT ordning, hovedperson FROM sak WHERE id = par.sak_id OFFSET 0) s
         CROSS JOIN LATERAL (SELECT ordning, hovedperson, status FROM sak WHERE id = par.annen OFFSET 0) s2
    WHERE s2.ordning = s.ordning AND s2.status <> 'avsluttet' AND s2.hovedperson <> s.hovedperson
      AND par.person_id IN (s.hovedperson, s2.hovedperson)
      AND (EXISTS (SELECT 1 FROM behandling b WHERE b.sak_id = par.annen AND b.termin = par.termin
                                                AND b.avsluttet IS NULL AND b.id < par.id OFFSET 0)
           OR (SELECT v.utfall FROM vedtak v WHERE v.sak_id = par.annen AND v.termin = par.termin
               ORDER BY v.fattet DESC, v.id DESC LIMIT 1) = 'innvilget'
           OR EXISTS (SELECT 1 FROM lopende l
                      WHERE l.sak_id = par.annen AND l.status = 'lopende' AND l.siste_utfall = 'innvilget'
                        AND l.siste_termin < par.termin OFFSET 0))
""")


def har_annen_sak(forbindelse: Connection, behandlinger: Sequence[UUID]) -> set[UUID]:
    """Those of the treatments whose household another case gives, or may give, the same support for the same month."""
    return set(forbindelse.scalars(_ANNEN_SAK, {"behandlinger": behandlinger}))


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
            "kontroller_fra": b.kontroller_fra,
            "merker": sorted(b.merker),
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


_FINNES = text("""
    SELECT EXISTS (SELECT 1 FROM sak s JOIN person p ON p.id = s.hovedperson
                   WHERE p.oppslag = :oppslag AND s.ordning = :ordning AND s.kommunenummer = :kommunenummer
                     AND s.gjelder = :gjelder AND s.status <> 'avsluttet')
""")


def finnes(forbindelse: Connection, oppslag: bytes, ordning: str, kommunenummer: str, gjelder: str) -> bool:
    """Is there an open case of this main party (by look-up hash) there, about this?"""
    valg = {"oppslag": oppslag, "ordning": ordning, "kommunenummer": kommunenummer, "gjelder": gjelder}
    return bool(forbindelse.execute(_FINNES, valg).scalar_one())
