"""Claims: made by a decision after notice, moved by entries that are never changed."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.klokke import i_dag
from services.lager import hendelser, utgaende
from services.lager.hendelser import NyHendelse
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
_LAS = text("""
    SELECT id, sak_id, behandling_id, belop, rest, status, foreldes FROM tilbakekrav
    WHERE id = :id AND sak_id = :sak_id
""")
_POST = text("""
    INSERT INTO tilbakekravpost (id, tilbakekrav_id, sak_id, slag, belop, tid, aktor)
    VALUES (:id, :krav_id, :sak_id, :slag, :belop, :tid, :aktor)
""")
_REST = text("""
    UPDATE tilbakekrav SET rest = rest - :belop, status = CASE WHEN rest = :belop THEN 'oppgjort' ELSE status END
    WHERE id = :id
""")
_MOTREGN = text("UPDATE utbetaling SET status = 'planlagt' WHERE tilbakekrav_id = :id AND status = 'krav'")
_STATUS = text("UPDATE tilbakekrav SET status = :til WHERE id = :id AND status = :fra")


class UgyldigPost(ValueError):
    """The entry cannot be made: it is not positive, more than what is left, or too early. ``felt`` is to blame."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


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


def bokfor(
    forbindelse: Connection,
    sak: LastSak,
    krav_id: UUID,
    slag: Post,
    belop: int | None,
    aktor: str,
    tid: datetime,
    begrunnelse: str,
) -> int:
    """Enter what moves a claim, all that is left when ``belop`` is None; what is then left comes back. Under the case's
    lock; the caller writes the case. Set-off takes the whole claim: its rows are netted in the payments that follow.

    Errors: ``UgyldigPost``, LookupError.
    """
    krav = _hent(forbindelse, sak, krav_id)
    belop = krav.rest if belop is None else belop
    if not 0 < belop <= krav.rest:
        raise UgyldigPost("belop", f"må være fra 1 til {krav.rest} kroner")
    if slag == "foreldelse" and i_dag(tid) < krav.foreldes:
        raise UgyldigPost("slag", f"kravet foreldes først {krav.foreldes}")
    if slag == "motregning":
        if belop != krav.belop:
            raise UgyldigPost("belop", "motregning gjelder hele kravet, og før noe av det er gjort opp")
        forbindelse.execute(_MOTREGN, {"id": krav_id})
    rad = {"id": ny_id(), "krav_id": krav_id, "sak_id": sak.id, "slag": slag, "belop": belop}
    forbindelse.execute(_POST, {**rad, "tid": tid, "aktor": aktor})
    forbindelse.execute(_REST, {"id": krav_id, "belop": belop})
    _logg(forbindelse, sak, krav, slag, {"belop": belop, "begrunnelse": begrunnelse}, aktor, tid)
    return int(krav.rest) - belop


def oversend(
    forbindelse: Connection, sak: LastSak, krav_id: UUID, aktor: str, tid: datetime, begrunnelse: str
) -> None:
    """Hand the claim over to the collection authority, which answers with a receipt. Errors: as ``bokfor``."""
    krav = _hent(forbindelse, sak, krav_id)
    if not forbindelse.execute(_STATUS, {"id": krav_id, "fra": "apent", "til": "oversendt"}).rowcount:
        raise UgyldigPost("slag", f"kravet er {krav.status}")
    data = {"tilbakekrav": str(krav_id), "foreldes": krav.foreldes.isoformat()}
    utgaende.skriv(forbindelse, krav.sak_id, "tilbakekrav.oversendt.v1", data, tid)
    _logg(forbindelse, sak, krav, "oversendelse", {"rest": krav.rest, "begrunnelse": begrunnelse}, aktor, tid)


def kvitter(forbindelse: Connection, sak: LastSak, krav_id: UUID, aktor: str, tid: datetime) -> UUID:
    """The collection authority has it; the treatment that made the claim comes back. Errors: as ``bokfor``."""
    krav = _hent(forbindelse, sak, krav_id)
    valg = {"id": krav_id, "fra": "oversendt", "til": "hos_innkreving"}
    if not forbindelse.execute(_STATUS, valg).rowcount:
        raise UgyldigPost("tilbakekrav", f"kravet er {krav.status}")
    _logg(forbindelse, sak, krav, "kvittering", None, aktor, tid)
    return UUID(str(krav.behandling_id))


def _hent(forbindelse: Connection, sak: LastSak, krav_id: UUID) -> Any:
    krav = forbindelse.execute(_LAS, {"id": krav_id, "sak_id": sak.id}).one_or_none()
    if krav is None:
        raise LookupError("kravet finnes ikke")
    return krav


def _logg(
    forbindelse: Connection,
    sak: LastSak,
    krav: Any,
    slag: str,
    innhold: dict[str, Any] | None,
    aktor: str,
    tid: datetime,
) -> None:
    ny = NyHendelse(f"tilbakekrav_{slag}", krav.behandling_id, {"tilbakekrav": str(krav.id)}, innhold)
    hendelser.skriv(forbindelse, sak, [ny], aktor, tid)
    sak.versjon += 1


_ALLE = text("""
    SELECT id, behandling_id AS behandling, belop, rest, status, foreldes, laget FROM tilbakekrav
    WHERE sak_id = :sak_id ORDER BY laget, id
""")
_POSTER = text("""
    SELECT tilbakekrav_id, slag, belop, tid FROM tilbakekravpost WHERE sak_id = :sak_id ORDER BY tid, id
""")


def alle(forbindelse: Connection, sak_id: UUID) -> list[dict[str, Any]]:
    """The claims of a case with what has moved them."""
    poster: dict[UUID, list[dict[str, Any]]] = {}
    for r in forbindelse.execute(_POSTER, {"sak_id": sak_id}).mappings():
        poster.setdefault(r["tilbakekrav_id"], []).append(dict(r))
    rader = forbindelse.execute(_ALLE, {"sak_id": sak_id}).mappings()
    return [{**r, "poster": poster.get(r["id"], [])} for r in rader]
