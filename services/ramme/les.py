"""Frames read: their sums, their ledger by year, and whether the books hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.ramme.bok import Rammenokkel

_RAMMER = text("""
    SELECT r.id, r.ordning, r.ar, r.post, r.kommunenummer, r.tildelt, r.bundet, r.utbetalt,
           r.tildelt - r.bundet - r.utbetalt AS ledig, r.endret,
           k.antall AS venter_antall, k.belop AS venter_belop
    FROM ramme r CROSS JOIN LATERAL (
        SELECT count(*) AS antall, coalesce(sum(belop), 0)::bigint AS belop FROM rammekrav
        WHERE ramme_id = r.id AND status = 'venter') k
    WHERE (CAST(:ordning AS text) IS NULL OR r.ordning = :ordning)
      AND (CAST(:ar AS integer) IS NULL OR r.ar = :ar)
      AND (CAST(:kommunenummer AS text) IS NULL OR r.kommunenummer = :kommunenummer)
      AND (CAST(:etter AS uuid) IS NULL OR r.id > :etter)
    ORDER BY r.id LIMIT :antall
""")
_EN = text("SELECT id FROM ramme WHERE id = :id")
_POSTER = text("""
    SELECT id, slag, belop, motpost, grunn, aktor, tid FROM rammepost
    WHERE ramme_id = :ramme_id AND id > :etter ORDER BY id LIMIT :antall
""")
_PER_AR = text("""
    SELECT coalesce(s.ordning, r.ordning) AS ordning, r.post, r.kommunenummer, r.ar AS rammear,
           extract(year FROM p.tid AT TIME ZONE 'Europe/Oslo')::int AS ar, p.slag, sum(p.belop)::bigint AS belop,
           count(*) AS antall
    FROM rammepost p JOIN ramme r ON r.id = p.ramme_id
         LEFT JOIN rammekrav k ON k.id = p.krav_id LEFT JOIN sak s ON s.id = k.sak_id
    WHERE (CAST(:ordning AS text) IS NULL OR coalesce(s.ordning, r.ordning) = :ordning)
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
""")
# Frame, claims and ledger each say what is promised and paid; a row here is one that they do not agree on.
_AVVIK = text("""
    WITH bok AS (
        SELECT ramme_id,
               sum(CASE WHEN slag IN ('tildelt', 'overfort_inn') THEN belop
                        WHEN slag IN ('trukket_inn', 'overfort_ut') THEN -belop ELSE 0 END) AS tildelt,
               sum(CASE WHEN slag = 'bundet' THEN belop WHEN slag IN ('frigitt', 'utbetalt') THEN -belop ELSE 0 END)
                   AS bundet,
               sum(CASE slag WHEN 'utbetalt' THEN belop WHEN 'tilbakefort' THEN -belop ELSE 0 END) AS utbetalt
        FROM rammepost GROUP BY 1
    ), krav AS (SELECT ramme_id, sum(bundet) AS bundet, sum(utbetalt) AS utbetalt FROM rammekrav GROUP BY 1)
    SELECT r.id FROM ramme r LEFT JOIN bok b ON b.ramme_id = r.id LEFT JOIN krav k ON k.ramme_id = r.id
    WHERE (r.tildelt, r.bundet, r.utbetalt)
              <> (coalesce(b.tildelt, 0), coalesce(b.bundet, 0), coalesce(b.utbetalt, 0))
       OR (r.bundet, r.utbetalt) <> (coalesce(k.bundet, 0), coalesce(k.utbetalt, 0))
       OR r.bundet + r.utbetalt > r.tildelt
""")


def rammer(
    forbindelse: Connection,
    *,
    ordning: str | None = None,
    ar: int | None = None,
    kommunenummer: str | None = None,
    etter: UUID | None = None,
    antall: int = 200,
) -> Sequence[Any]:
    """Frames that the session may see, with their sums and the queue before them."""
    valg = {
        "ordning": ordning,
        "ar": ar,
        "kommunenummer": kommunenummer,
        "etter": etter,
        "antall": antall,
    }
    return forbindelse.execute(_RAMMER, valg).all()


def finnes(forbindelse: Connection, ramme_id: UUID) -> bool:
    return forbindelse.execute(_EN, {"id": ramme_id}).one_or_none() is not None


def poster(forbindelse: Connection, ramme_id: UUID, etter: int, antall: int) -> Sequence[Any]:
    """The ledger of a frame, oldest first; without the cases."""
    valg = {"ramme_id": ramme_id, "etter": etter, "antall": antall}
    return forbindelse.execute(_POSTER, valg).all()


def per_ar(forbindelse: Connection, ordning: str | None = None) -> Sequence[Any]:
    """Sums by scheme, item, municipality, the frame's year, the year of posting (Europe/Oslo), and kind. Money put into
    a frame that several schemes share stands under the frame's name."""
    return forbindelse.execute(_PER_AR, {"ordning": ordning}).all()


def avvik(forbindelse: Connection) -> list[UUID]:
    """Frames whose sums, claims and ledger do not agree: none, or somebody has been at the tables."""
    return list(forbindelse.scalars(_AVVIK))


@dataclass(frozen=True, slots=True)
class Sammensetning:
    """What a frame's money is made of. ``arets``: given, less what was taken in."""

    overfort_inn: int
    arets: int
    overfort_ut: int


_SAMMENSETNING = text("""
    SELECT coalesce(sum(belop) FILTER (WHERE slag = 'overfort_inn'), 0)::bigint AS overfort_inn,
           coalesce(sum(CASE slag WHEN 'tildelt' THEN belop WHEN 'trukket_inn' THEN -belop END), 0)::bigint AS arets,
           coalesce(sum(belop) FILTER (WHERE slag = 'overfort_ut'), 0)::bigint AS overfort_ut
    FROM rammepost WHERE ramme_id = :ramme_id
""")


def sammensetning(forbindelse: Connection, ramme_id: UUID) -> Sammensetning:
    """From the ledger."""
    return Sammensetning(*forbindelse.execute(_SAMMENSETNING, {"ramme_id": ramme_id}).one())


@dataclass(frozen=True, slots=True)
class Rammekrav:
    """What a treatment has asked of one frame. ``status``: venter, bundet or lukket."""

    nokkel: Rammenokkel
    status: str
    belop: int


_KRAV_FOR = text("""
    SELECT k.behandling_id, r.ordning, r.ar, r.post, r.kommunenummer, k.status, k.belop
    FROM rammekrav k JOIN ramme r ON r.id = k.ramme_id WHERE k.behandling_id = ANY(:behandlinger)
""")


def krav_for(forbindelse: Connection, behandlinger: Sequence[UUID]) -> dict[UUID, list[Rammekrav]]:
    """Treatment → its claims."""
    ut: dict[UUID, list[Rammekrav]] = {}
    for r in forbindelse.execute(_KRAV_FOR, {"behandlinger": list(behandlinger)}):
        nokkel = Rammenokkel(r.ordning, r.ar, r.post, r.kommunenummer)
        ut.setdefault(r.behandling_id, []).append(Rammekrav(nokkel, r.status, r.belop))
    return ut
