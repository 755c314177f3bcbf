"""Agreements to pay a claim in instalments: made, changed, kept, and broken, which hands the claim over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.etterkontroll.avdrag import PURREFRIST, Avdrag, gjenstar, lag_plan, mangler
from services.etterkontroll import tilbakekrav
from services.etterkontroll.tilbakekrav import FORELDES, UgyldigPost, foreldes
from services.klokke import i_dag, na, siste_oyeblikk
from services.lager import oppfolginger, saker, utgaende
from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.saker import LastSak
from services.lager.sesjon import SYSTEM, transaksjon

BUNKE = 200
FORELDELSESVARSEL = timedelta(days=90)
"""Somebody is told so long before an open claim lapses."""
EIER = "husbanken:klage"

_NY = text("""
    INSERT INTO avdragsordning (id, tilbakekrav_id, sak_id, kommunenummer, laget, aktor)
    VALUES (:id, :krav_id, :sak_id, :kommunenummer, :tid, :aktor)
""")
_AVDRAG = text("""
    INSERT INTO avdrag (avdragsordning_id, nr, sak_id, forfall, belop) VALUES (:id, :nr, :sak_id, :forfall, :belop)
""")
_STATUS = text("""
    UPDATE avdragsordning SET status = :status WHERE tilbakekrav_id = :krav_id AND status = 'lopende'
""")
_AVBRUTT_FORELDELSE = text("UPDATE tilbakekrav SET foreldes = :foreldes WHERE id = :krav_id")
_NYESTE = text("""
    SELECT DISTINCT ON (o.tilbakekrav_id) o.id, o.tilbakekrav_id, o.status, o.purret, o.laget, k.rest,
           (SELECT coalesce(sum(p.belop), 0) FROM tilbakekravpost p
            WHERE p.tilbakekrav_id = o.tilbakekrav_id AND p.avdragsordning_id = o.id
              AND p.slag = 'innbetaling') AS betalt
    FROM avdragsordning o JOIN tilbakekrav k ON k.id = o.tilbakekrav_id
    WHERE o.sak_id = :sak_id AND (CAST(:krav_id AS uuid) IS NULL OR o.tilbakekrav_id = :krav_id)
    ORDER BY o.tilbakekrav_id, o.status = 'lopende' DESC, o.laget DESC, o.id DESC
""")
_PLANER = text("""
    SELECT avdragsordning_id, nr, forfall, belop FROM avdrag WHERE avdragsordning_id = ANY(:ider)
    ORDER BY avdragsordning_id, nr
""")
_PURRET = text("UPDATE avdragsordning SET purret = :tid WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Ordning:
    """The newest agreement of a claim. ``igjen``: kroner left of each instalment, none when it does not run."""

    id: UUID
    status: str
    purret: datetime | None
    laget: datetime
    plan: Sequence[Avdrag]
    betalt: int
    rest: int

    @property
    def nedsatt(self) -> int:
        """What has been taken off the claim since, without being paid."""
        return sum(a.belop for a in self.plan) - self.rest - self.betalt

    @property
    def igjen(self) -> list[int]:
        if self.status != "lopende":
            return [0] * len(self.plan)
        return gjenstar(self.plan, self.betalt, self.nedsatt)

    def mangler(self, dag: date) -> int:
        """Kroner due before ``dag`` that have not been paid."""
        return mangler(self.plan, self.betalt, self.nedsatt, dag) if self.status == "lopende" else 0


def nyeste(forbindelse: Connection, sak_id: UUID, krav_id: UUID | None = None) -> dict[UUID, Ordning]:
    """Claim → its newest agreement."""
    rader = forbindelse.execute(_NYESTE, {"sak_id": sak_id, "krav_id": krav_id}).all()
    planer: dict[UUID, list[Avdrag]] = {r.id: [] for r in rader}
    if planer:
        for id_, *avdrag in forbindelse.execute(_PLANER, {"ider": list(planer)}):
            planer[id_].append(Avdrag(*avdrag))
    return {
        r.tilbakekrav_id: Ordning(r.id, r.status, r.purret, r.laget, planer[r.id], int(r.betalt), r.rest)
        for r in rader
    }


def alle_krav(forbindelse: Connection, sak_id: UUID) -> list[dict[str, Any]]:
    """The claims of a case with what has moved them and how they are being paid."""
    ordninger = nyeste(forbindelse, sak_id)
    return [
        {**k, "avdragsordning": _vis(ordninger.get(k["id"]))} for k in tilbakekrav.alle(forbindelse, sak_id)
    ]


def _vis(ordning: Ordning | None) -> dict[str, Any] | None:
    if ordning is None:
        return None
    avdrag = [
        {"nr": a.nr, "forfall": a.forfall, "belop": a.belop, "igjen": igjen}
        for a, igjen in zip(ordning.plan, ordning.igjen, strict=True)
    ]
    return {
        "status": ordning.status,
        "avtalt": ordning.laget,
        "purret": ordning.purret,
        "avdrag": avdrag,
    }


def avtal(
    forbindelse: Connection,
    sak: LastSak,
    krav_id: UUID,
    antall: int,
    forste: date,
    aktor: str,
    tid: datetime,
    begrunnelse: str,
) -> None:
    """Agree on instalments of all that is left; a running agreement is changed into this one. The promise to pay
    interrupts limitation: three years run from now (foreldelsesloven §§ 14 and 20 [I]). Under the case's lock; the
    caller writes the case.

    Errors: ``UgyldigPost``, ``UgyldigPlan``, LookupError.
    """
    krav = tilbakekrav.hent(forbindelse, sak, krav_id)
    if krav.status != "apent":
        raise UgyldigPost("tilbakekrav", f"kravet er {krav.status}")
    dag = i_dag(tid)
    if dag >= krav.foreldes:
        raise UgyldigPost("tilbakekrav", f"kravet ble foreldet {krav.foreldes}")
    plan = lag_plan(krav.rest, antall, forste, dag, foreldes(dag))
    forbindelse.execute(_STATUS, {"krav_id": krav_id, "status": "endret"})
    id_ = ny_id()
    rad = {"id": id_, "sak_id": sak.id, "krav_id": krav_id, "kommunenummer": sak.kommunenummer}
    forbindelse.execute(_NY, {**rad, "tid": tid, "aktor": aktor})
    forbindelse.execute(
        _AVDRAG,
        [{"id": id_, "sak_id": sak.id, "nr": a.nr, "forfall": a.forfall, "belop": a.belop} for a in plan],
    )
    forbindelse.execute(_AVBRUTT_FORELDELSE, {"krav_id": krav_id, "foreldes": foreldes(dag)})
    avdrag = [{"nr": a.nr, "forfall": a.forfall.isoformat(), "belop": a.belop} for a in plan]
    innhold = {"avdrag": avdrag, "begrunnelse": begrunnelse}
    tilbakekrav.logg(forbindelse, sak, krav, "avdragsordning", innhold, aktor, tid)
    data = {"tilbakekrav": str(krav_id), "avdragsordning": str(id_)}
    utgaende.skriv(forbindelse, sak.id, "tilbakekrav.avdragsordning.v1", data, tid)


def oversend(
    forbindelse: Connection, sak: LastSak, krav_id: UUID, aktor: str, tid: datetime, begrunnelse: str
) -> None:
    """Hand the claim over to collection, unless it is paid as agreed. Errors: as ``tilbakekrav.oversend``."""
    ordning = nyeste(forbindelse, sak.id, krav_id).get(krav_id)
    if ordning is not None and ordning.status == "lopende" and not ordning.mangler(i_dag(tid)):
        raise UgyldigPost("slag", "kravet betales etter en avdragsordning som holdes")
    forbindelse.execute(_STATUS, {"krav_id": krav_id, "status": "brutt"})
    tilbakekrav.oversend(forbindelse, sak, krav_id, aktor, tid, begrunnelse)


# What is due and not paid, by payments from the front; what is taken off otherwise shortens the plan from the end.
_MANGLER = text("""
    SELECT o.id, o.tilbakekrav_id, o.sak_id, o.purret
    FROM avdragsordning o JOIN tilbakekrav k ON k.id = o.tilbakekrav_id
    WHERE o.status = 'lopende' AND (o.purret IS NULL OR o.purret <= :purret_for) AND o.id > :etter
      AND (SELECT coalesce(sum(a.belop), 0) FROM avdrag a WHERE a.avdragsordning_id = o.id AND a.forfall < :dag)
        > (SELECT coalesce(sum(p.belop), 0) FROM tilbakekravpost p
           WHERE p.tilbakekrav_id = o.tilbakekrav_id AND p.avdragsordning_id = o.id AND p.slag = 'innbetaling')
    ORDER BY o.id LIMIT :antall
""")
_FORELDES = text("""
    SELECT k.sak_id, k.behandling_id, k.foreldes FROM tilbakekrav k
    WHERE k.rest > 0 AND k.status = 'apent' AND k.foreldes <= :dag
      AND NOT EXISTS (SELECT 1 FROM oppfolging o WHERE o.behandling_id = k.behandling_id AND o.lukket IS NULL
                      AND o.fingeravtrykk = :fingeravtrykk)
    LIMIT :antall
""")


def folg_opp(tid: datetime | None = None) -> int:
    """Remind whoever is behind; at the second reminder the claim is handed over. Gives how many were.

    An open claim that is about to lapse becomes a task.
    """
    tid = tid or na()
    gjort, etter = 0, UUID(int=0)
    while True:
        valg = {"dag": i_dag(tid), "purret_for": tid - PURREFRIST, "etter": etter, "antall": BUNKE}
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            rader = forbindelse.execute(_MANGLER, valg).all()
        for r in rader:
            gjort += _purr(r.sak_id, r.tilbakekrav_id, tid)
        if len(rader) < BUNKE:
            break
        etter = rader[-1].id
    _varsle_om_foreldelse(tid)
    return gjort


def _purr(sak_id: UUID, krav_id: UUID, tid: datetime) -> bool:
    """One claim, looked at again under the case's lock."""
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        sak = saker.las(forbindelse, sak_id)
        ordning = nyeste(forbindelse, sak_id, krav_id)[krav_id]
        krav, dag = tilbakekrav.hent(forbindelse, sak, krav_id), i_dag(tid)
        if dag >= krav.foreldes or not (kroner := ordning.mangler(dag)):  # what has lapsed is somebody's task
            return False
        if ordning.purret is None:
            forbindelse.execute(_PURRET, {"id": ordning.id, "tid": tid})
            tilbakekrav.logg(forbindelse, sak, krav, "purring", {"mangler": kroner}, SYSTEM.aktor, tid)
            utgaende.skriv(forbindelse, sak_id, "tilbakekrav.purret.v1", {"tilbakekrav": str(krav_id)}, tid)
        elif ordning.purret <= tid - PURREFRIST:
            oversend(forbindelse, sak, krav_id, SYSTEM.aktor, tid, "Avdragsordningen er misligholdt.")
        else:
            return False
        saker.lagre(forbindelse, sak, tid)
        return True


def _varsle_om_foreldelse(tid: datetime) -> None:
    valg = {"dag": i_dag(tid + FORELDELSESVARSEL), "fingeravtrykk": FORELDES, "antall": BUNKE}
    antall = BUNKE
    while antall == BUNKE:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            rader = forbindelse.execute(_FORELDES, valg).all()
            for r in rader:
                oppfolginger.apne(
                    forbindelse,
                    r.sak_id,
                    r.behandling_id,
                    slag="manuell",
                    arsak="tilbakekrav:foreldes",
                    fingeravtrykk=FORELDES,
                    eier=EIER,
                    frist=siste_oyeblikk(r.foreldes - timedelta(days=1)),
                    tid=tid,
                    paminn=tid,
                )
        antall = len(rader)
