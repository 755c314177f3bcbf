"""Claims: made by a decision after notice, moved by entries that are never changed."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.klokke import i_dag
from services.lager import utgaende
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver

FORELDELSE_AR = 3
"""Years until a claim lapses (foreldelsesloven § 2)."""
Post = Literal["innbetaling", "motregning", "nedsettelse", "ettergivelse", "foreldelse"]

_NYTT = text("""
    INSERT INTO tilbakekrav (id, sak_id, behandling_id, kommunenummer, belop, rest, foreldes, laget)
    VALUES (:id, :sak_id, :behandling_id, :kommunenummer, :belop, :belop, :foreldes, :tid)
""")
_LAS = text("SELECT id, sak_id, belop, rest, status, foreldes FROM tilbakekrav WHERE id = :id FOR UPDATE")
_POST = text("""
    INSERT INTO tilbakekravpost (id, tilbakekrav_id, sak_id, slag, belop, tid, aktor)
    VALUES (:id, :krav_id, :sak_id, :slag, :belop, :tid, :aktor)
""")
_REST = text("""
    UPDATE tilbakekrav SET rest = rest - :belop, status = CASE WHEN rest = :belop THEN 'oppgjort' ELSE status END
    WHERE id = :id
""")
_STATUS = text("UPDATE tilbakekrav SET status = :til WHERE id = :id AND status = :fra")


class UgyldigPost(ValueError):
    """The entry cannot be made: it is not positive, more than what is left, or too early."""


def lag(skriver: Skriver, sak: LastSak, behandling: Behandling, belop: int, tid: datetime) -> UUID:
    """A claim of ``belop`` kroner, by the decision of this treatment."""
    id_ = ny_id()
    rad = {"id": id_, "sak_id": sak.id, "behandling_id": behandling.id, "belop": belop, "tid": tid}
    skriver.execute(_NYTT, {**rad, "kommunenummer": sak.kommunenummer, "foreldes": foreldes(i_dag(tid))})
    return id_


def foreldes(dag: date) -> date:
    """The day a claim of that day lapses."""
    ar = dag.year + FORELDELSE_AR
    return dag.replace(year=ar, day=28) if (dag.month, dag.day) == (2, 29) else dag.replace(year=ar)


def bokfor(forbindelse: Connection, krav_id: UUID, slag: Post, belop: int, aktor: str, tid: datetime) -> int:
    """Enter what moves a claim; what is left of it comes back. Errors: ``UgyldigPost``, LookupError."""
    krav = forbindelse.execute(_LAS, {"id": krav_id}).one_or_none()
    if krav is None:
        raise LookupError("kravet finnes ikke")
    if not 0 < belop <= krav.rest:
        raise UgyldigPost(f"belop: må være fra 1 til {krav.rest} kroner")
    if slag == "foreldelse" and i_dag(tid) < krav.foreldes:
        raise UgyldigPost(f"slag: kravet foreldes først {krav.foreldes}")
    rad = {"id": ny_id(), "krav_id": krav_id, "sak_id": krav.sak_id, "slag": slag, "belop": belop}
    forbindelse.execute(_POST, {**rad, "tid": tid, "aktor": aktor})
    forbindelse.execute(_REST, {"id": krav_id, "belop": belop})
    return int(krav.rest) - belop


def oversend(forbindelse: Connection, krav_id: UUID, tid: datetime) -> bool:
    """Hand the claim over to the collection authority; it answers with a receipt. False: it has been before."""
    krav = forbindelse.execute(_LAS, {"id": krav_id}).one_or_none()
    if krav is None:
        raise LookupError("kravet finnes ikke")
    if not forbindelse.execute(_STATUS, {"id": krav_id, "fra": "apent", "til": "oversendt"}).rowcount:
        return False
    data = {"tilbakekrav": str(krav_id), "foreldes": krav.foreldes.isoformat()}
    utgaende.skriv(forbindelse, krav.sak_id, "tilbakekrav.oversendt.v1", data, tid)
    return True


def kvitter(forbindelse: Connection, krav_id: UUID) -> bool:
    """The collection authority has it."""
    valg = {"id": krav_id, "fra": "oversendt", "til": "hos_innkreving"}
    return bool(forbindelse.execute(_STATUS, valg).rowcount)
