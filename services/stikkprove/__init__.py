"""A seeded draw of decided cases, looked at by people, and what they found (instruks for internkontroll)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager import hendelser, saker
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id
from services.problem import Problem
from services.tilgang import Aktor

_NY = text("""
    INSERT INTO stikkprove (id, ordning, fra, til, fro, populasjon, laget, laget_av)
    SELECT :id, :ordning, :fra, :til, :fro, count(*), :tid, :aktor
    FROM vedtak v JOIN sak s ON s.id = v.sak_id
    WHERE s.ordning = :ordning AND v.termin BETWEEN :fra AND :til AND v.fattet <= :tid
""")
# A random order that the seed decides: the same seed over the same decisions draws the same ones.
_TREKK = text("""
    INSERT INTO stikkprove_vedtak (stikkprove_id, vedtak_id, sak_id, kommunenummer, nr)
    SELECT :id, x.id, x.sak_id, x.kommunenummer, row_number() OVER (ORDER BY uuid_hash_extended(x.id, :fro), x.id)
    FROM (SELECT v.id, v.sak_id, v.kommunenummer FROM vedtak v JOIN sak s ON s.id = v.sak_id
          WHERE s.ordning = :ordning AND v.termin BETWEEN :fra AND :til AND v.fattet <= :tid
          ORDER BY uuid_hash_extended(v.id, :fro), v.id LIMIT :antall) x
""")
_LES = text("SELECT id, ordning, fra, til, fro, populasjon, laget FROM stikkprove WHERE id = :id")
_ALLE = text(
    "SELECT id, ordning, fra, til, fro, populasjon, laget FROM stikkprove ORDER BY id DESC LIMIT 200"
)
_LISTE = text("""
    SELECT vedtak_id AS vedtak, sak_id AS sak, kommunenummer, nr, funn, tid FROM stikkprove_vedtak
    WHERE stikkprove_id = :id AND nr > :etter ORDER BY nr LIMIT :antall
""")
_FUNN = text("""
    SELECT coalesce(funn, 'ikke_sett') AS funn, count(*) AS antall FROM stikkprove_vedtak
    WHERE stikkprove_id = :id GROUP BY 1 ORDER BY 1
""")
_ETT = text("""
    SELECT x.sak_id, x.funn, v.behandling_id, v.fattet_av, v.attestert_av
    FROM stikkprove_vedtak x JOIN vedtak v ON v.id = x.vedtak_id
    WHERE x.stikkprove_id = :id AND x.vedtak_id = :vedtak
""")
_SETT = text("""
    UPDATE stikkprove_vedtak SET funn = :funn, av = :aktor, tid = :tid
    WHERE stikkprove_id = :id AND vedtak_id = :vedtak
""")


def trekk(
    forbindelse: Connection,
    ordning: str,
    fra: str,
    til: str,
    fro: int,
    antall: int,
    aktor: str,
    tid: datetime,
) -> UUID:
    """Draw ``antall`` decisions of the months, by the seed ``fro``."""
    valg = {"id": ny_id(), "ordning": ordning, "fra": fra, "til": til, "fro": fro, "aktor": aktor, "tid": tid}
    forbindelse.execute(_NY, valg)
    forbindelse.execute(_TREKK, {**valg, "antall": antall})
    return UUID(str(valg["id"]))


def les(forbindelse: Connection, id_: UUID) -> dict[str, Any]:
    """The draw and how far it has come. Errors: ``Problem`` 404."""
    rad = forbindelse.execute(_LES, {"id": id_}).mappings().one_or_none()
    if rad is None:
        raise Problem(404, "ikke-funnet")
    return {**rad, "funn": {r.funn: r.antall for r in forbindelse.execute(_FUNN, {"id": id_})}}


def alle(forbindelse: Connection) -> list[dict[str, Any]]:
    """The newest draws first."""
    return [les(forbindelse, r["id"]) for r in forbindelse.execute(_ALLE).mappings()]


def liste(forbindelse: Connection, id_: UUID, etter: int, antall: int) -> list[Mapping[str, Any]]:
    """The work list in the order of the draw."""
    valg = {"id": id_, "etter": etter, "antall": antall}
    return [dict(r) for r in forbindelse.execute(_LISTE, valg).mappings()]


def sett(
    forbindelse: Connection, id_: UUID, vedtak: UUID, funn: str, merknad: str, aktor: Aktor, tid: datetime
) -> UUID:
    """What somebody found in one decision; the case comes back. Once, and never by who made or attested it.

    Errors: ``Problem`` 403, 404, 409.
    """
    rad = forbindelse.execute(_ETT, {"id": id_, "vedtak": vedtak}).one_or_none()
    if rad is None:
        raise Problem(404, "ikke-funnet")
    sak = saker.las(forbindelse, rad.sak_id)
    if aktor.id in (rad.fattet_av, rad.attestert_av):
        raise Problem(403, "to-personer", detalj="Den som har fattet vedtaket, kontrollerer det ikke.")
    if forbindelse.execute(_ETT, {"id": id_, "vedtak": vedtak}).one().funn is not None:
        raise Problem(409, "handling-ikke-tillatt", detalj="Vedtaket er kontrollert.")
    forbindelse.execute(_SETT, {"id": id_, "vedtak": vedtak, "funn": funn, "aktor": aktor.id, "tid": tid})
    data = {"stikkprove": str(id_), "vedtak": str(vedtak), "funn": funn}
    ny = NyHendelse("stikkprove", rad.behandling_id, data, {"merknad": merknad})
    hendelser.skriv(forbindelse, sak, [ny], aktor.id, tid)
    sak.versjon += 1
    saker.lagre(forbindelse, sak, tid)
    return sak.id
