"""Claims: made by a decision after notice, moved by entries that are never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from domain.kalender import ar_etter
from services.etterkontroll.motregning import motregn
from services.klokke import i_dag
from services.lager import hendelser, utgaende
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver

FORELDELSE_AR = 3
"""Years until a claim lapses (foreldelsesloven § 2)."""
Post = Literal["innbetaling", "motregning", "nedsettelse", "ettergivelse", "foreldelse"]
FORELDES = "manuell:tilbakekrav:foreldes"
"""Fingerprint of the task that an open claim is about to lapse."""

_NYTT = text("""
    INSERT INTO tilbakekrav (id, sak_id, behandling_id, kommunenummer, belop, rest, foreldes, laget)
    VALUES (:id, :sak_id, :behandling_id, :kommunenummer, :belop, :belop, :foreldes, :tid)
""")
_TIL_UTBETALING = text("""
    SELECT coalesce(sum(belop), 0) FROM utbetaling WHERE sak_id = :id AND status = 'planlagt'
""")
_LAS = text("""
    SELECT id, sak_id, behandling_id, belop, rest, status, foreldes FROM tilbakekrav
    WHERE id = :id AND sak_id = :sak_id
""")
_POST = text("""
    INSERT INTO tilbakekravpost (id, tilbakekrav_id, sak_id, slag, belop, tid, aktor, avdragsordning_id)
    VALUES (:id, :krav_id, :sak_id, :slag, :belop, :tid, :aktor,
            (SELECT id FROM avdragsordning WHERE tilbakekrav_id = :krav_id AND status = 'lopende'))
""")
_REST = text("""
    UPDATE tilbakekrav SET rest = rest - :belop, status = CASE WHEN rest = :belop THEN 'oppgjort' ELSE status END
    WHERE id = :id
""")
# All is settled: the agreement is kept, and nobody need see to it.
_OPPGJORT = text("""
    UPDATE avdragsordning o SET status = 'fullfort' FROM tilbakekrav k
    WHERE k.id = :id AND o.tilbakekrav_id = k.id AND k.rest = 0 AND o.status = 'lopende'
""")
_LUKK_OPPGAVEN = text("""
    UPDATE oppfolging o SET lukket = :tid, lukket_av = :aktor FROM tilbakekrav k
    WHERE k.id = :id AND o.behandling_id = k.behandling_id AND o.fingeravtrykk = :foreldes AND o.lukket IS NULL
      AND (k.rest = 0 OR k.status <> 'apent')
""")
# What was missing of the instalments is paid: the next reminder is a first one again.
_A_JOUR = text("""
    UPDATE avdragsordning o SET purret = NULL
    WHERE o.tilbakekrav_id = :id AND o.status = 'lopende' AND o.purret IS NOT NULL
      AND (SELECT coalesce(sum(a.belop), 0) FROM avdrag a WHERE a.avdragsordning_id = o.id AND a.forfall < :dag)
       <= (SELECT coalesce(sum(p.belop), 0) FROM tilbakekravpost p
           WHERE p.tilbakekrav_id = o.tilbakekrav_id AND p.avdragsordning_id = o.id AND p.slag = 'innbetaling')
""")
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


def uten_motregning(
    forbindelse: Connection, sak: LastSak, behandling: Behandling, belop: int, tid: datetime
) -> UUID | None:
    """A claim of ``belop`` kroner that a case which no longer runs owes, after notice; None when what is still to be
    paid of it is enough to set it off in."""
    if forbindelse.execute(_TIL_UTBETALING, {"id": sak.id}).scalar_one() >= belop:
        return None
    return lag(forbindelse, sak, behandling, belop, tid)


def foreldes(dag: date) -> date:
    """The day a claim of that day lapses."""
    return ar_etter(dag, FORELDELSE_AR)


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
    lock; the caller writes the case. What is set off is netted in the payments that follow.

    Errors: ``UgyldigPost``, LookupError.
    """
    krav = hent(forbindelse, sak, krav_id)
    belop = krav.rest if belop is None else belop
    if not 0 < belop <= krav.rest:
        raise UgyldigPost("belop", f"må være fra 1 til {krav.rest} kroner")
    if slag == "foreldelse" and i_dag(tid) < krav.foreldes:
        raise UgyldigPost("slag", f"kravet foreldes først {krav.foreldes}")
    data = {}
    if slag == "motregning":
        if krav.status != "apent":
            raise UgyldigPost("slag", f"kravet er {krav.status}")
        data["motregnet"] = motregn(forbindelse, sak, krav_id, belop, tid)
    flytt(forbindelse, sak.id, krav_id, slag, belop, aktor, tid)
    if krav.status != "apent" and slag != "innbetaling":  # whoever has it must not ask for what is given up
        utgaende.skriv(forbindelse, sak.id, "tilbakekrav.endret.v1", {"tilbakekrav": str(krav_id)}, tid)
    logg(forbindelse, sak, krav, slag, {"belop": belop, "begrunnelse": begrunnelse}, aktor, tid, data)
    return int(krav.rest) - belop


def flytt(
    skriver: Skriver, sak_id: UUID, krav_id: UUID, slag: str, belop: int, aktor: str, tid: datetime
) -> None:
    """Write an entry, and what follows from it for the agreement and the tasks of the claim."""
    rad = {"id": ny_id(), "krav_id": krav_id, "sak_id": sak_id, "slag": slag, "belop": belop}
    skriver.execute(_POST, {**rad, "tid": tid, "aktor": aktor})
    skriver.execute(_REST, {"id": krav_id, "belop": belop})
    skriver.execute(_OPPGJORT, {"id": krav_id})
    skriver.execute(_A_JOUR, {"id": krav_id, "dag": i_dag(tid)})
    skriver.execute(_LUKK_OPPGAVEN, {"id": krav_id, "tid": tid, "aktor": aktor, "foreldes": FORELDES})


def oversend(
    forbindelse: Connection, sak: LastSak, krav_id: UUID, aktor: str, tid: datetime, begrunnelse: str
) -> None:
    """Hand the claim over to the collection authority, which answers with a receipt. One that is paid in instalments
    goes by way of ``avdrag.oversend``. Errors: as ``bokfor``; of one that has lapsed too."""
    krav = hent(forbindelse, sak, krav_id)
    if i_dag(tid) >= krav.foreldes:
        raise UgyldigPost("slag", f"kravet ble foreldet {krav.foreldes}")
    if not forbindelse.execute(_STATUS, {"id": krav_id, "fra": "apent", "til": "oversendt"}).rowcount:
        raise UgyldigPost("slag", f"kravet er {krav.status}")
    forbindelse.execute(_LUKK_OPPGAVEN, {"id": krav_id, "tid": tid, "aktor": aktor, "foreldes": FORELDES})
    data = {"tilbakekrav": str(krav_id), "foreldes": krav.foreldes.isoformat()}
    utgaende.skriv(forbindelse, krav.sak_id, "tilbakekrav.oversendt.v1", data, tid)
    logg(forbindelse, sak, krav, "oversendelse", {"rest": krav.rest, "begrunnelse": begrunnelse}, aktor, tid)


def kvitter(forbindelse: Connection, sak: LastSak, krav_id: UUID, aktor: str, tid: datetime) -> None:
    """The collection authority has it. Errors: as ``bokfor``."""
    krav = hent(forbindelse, sak, krav_id)
    valg = {"id": krav_id, "fra": "oversendt", "til": "hos_innkreving"}
    if not forbindelse.execute(_STATUS, valg).rowcount:
        raise UgyldigPost("tilbakekrav", f"kravet er {krav.status}")
    logg(forbindelse, sak, krav, "kvittering", None, aktor, tid)


def hent(forbindelse: Connection, sak: LastSak, krav_id: UUID) -> Any:
    """The claim's row. Errors: LookupError."""
    krav = forbindelse.execute(_LAS, {"id": krav_id, "sak_id": sak.id}).one_or_none()
    if krav is None:
        raise LookupError("kravet finnes ikke")
    return krav


def logg(
    forbindelse: Connection,
    sak: LastSak,
    krav: Any,
    slag: str,
    innhold: dict[str, Any] | None,
    aktor: str,
    tid: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """What happened to the claim, in the case's chain."""
    ny = NyHendelse(
        f"tilbakekrav_{slag}", krav.behandling_id, {"tilbakekrav": str(krav.id), **(data or {})}, innhold
    )
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
