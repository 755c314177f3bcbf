"""The ledger of a frame, and the queue before it.

A frame is money for one scheme, year and item, of one municipality or of the country. What is *bundet* (promised) and
*utbetalt* (paid) never exceeds what is *tildelt*, whoever asks at once: the sums are changed by the ledger alone, under
the row lock of the frame, and the database refuses the rest.

    ramme = tildel(forbindelse, Rammenokkel("x", 2026, "lån", "0301"), 10_000_000, aktor=…, grunn=…, tid=…)
    bind(forbindelse, [Krav(nokkel, sak_id, behandling_id, 2_500_000, mottatt)], tid)   # → bound, or waiting in line
    utbetal(…), frigi(…), tilbakefor(…), overfor(…)

The queue is strict: by priority (lower first), then by when the application came. Nobody who came later is served
because his claim is smaller. Whatever frees money serves the queue in the same transaction and wakes those cases.

Amounts are whole kroner, above zero. All functions run in the caller's transaction. A caller that touches several
frames in one call has them locked in one order; one that makes several calls may meet a deadlock, which the database
resolves and the engine tries again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager.ider import ny_id


@dataclass(frozen=True, slots=True)
class Rammenokkel:
    """Which frame. ``kommunenummer`` None: the country's."""

    ordning: str
    ar: int
    post: str
    kommunenummer: str | None = None


@dataclass(frozen=True, slots=True)
class Ramme:
    id: UUID
    nokkel: Rammenokkel
    tildelt: int
    bundet: int
    utbetalt: int

    @property
    def ledig(self) -> int:
        return self.tildelt - self.bundet - self.utbetalt


@dataclass(frozen=True, slots=True)
class Krav:
    """What one treatment asks of one frame. ``mottatt``: when the application came; ``prioritet``: lower first."""

    nokkel: Rammenokkel
    sak_id: UUID
    behandling_id: UUID
    belop: int
    mottatt: datetime
    prioritet: int = 0


class RammeFeil(ValueError):
    """A posting that the frame cannot take. ``felt``: what is to blame."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt, self.melding = felt, melding


_FELT = "id, ordning, ar, post, kommunenummer, tildelt, bundet, utbetalt"
_NOKKEL = (
    "ordning = :ordning AND ar = :ar AND post = :post AND kommunenummer IS NOT DISTINCT FROM :kommunenummer"
)
_NY = text("""
    INSERT INTO ramme (id, ordning, ar, post, kommunenummer, laget, endret)
    VALUES (:id, :ordning, :ar, :post, :kommunenummer, :tid, :tid)
    ON CONFLICT (ordning, ar, post, kommunenummer) DO NOTHING
""")
_FINN = text(f"SELECT {_FELT} FROM ramme WHERE {_NOKKEL}")  # noqa: S608
_LAS = text(f"SELECT {_FELT} FROM ramme WHERE id = ANY(:ider) ORDER BY id FOR NO KEY UPDATE")  # noqa: S608
_POST = text("""
    INSERT INTO rammepost (ramme_id, krav_id, slag, belop, motpost, grunn, aktor, tid)
    VALUES (:ramme_id, :krav_id, :slag, :belop, :motpost, :grunn, :aktor, :tid)
""")
# A claim that was given up and is asked anew keeps its place by when the application came.
_KRAV = text("""
    INSERT INTO rammekrav AS k (id, ramme_id, sak_id, behandling_id, belop, prioritet, mottatt, laget)
    VALUES (:id, :ramme_id, :sak_id, :behandling_id, :belop, :prioritet, :mottatt, :tid)
    ON CONFLICT (behandling_id, ramme_id) DO UPDATE
        SET belop = excluded.belop, prioritet = excluded.prioritet, status = 'venter'
        WHERE k.status <> 'bundet' AND k.utbetalt = 0
""")
_FORST_I_KO = text("""
    SELECT belop FROM rammekrav WHERE ramme_id = :ramme_id AND status = 'venter'
    ORDER BY prioritet, mottatt, id LIMIT 1
""")
# As many from the front as there is room for.
_SLIPP = text("""
    WITH ko AS (
        SELECT id, sak_id, behandling_id, belop, sum(belop) OVER (ORDER BY prioritet, mottatt, id) AS hittil
        FROM rammekrav WHERE ramme_id = :ramme_id AND status = 'venter'
    ), slapp AS (SELECT * FROM ko WHERE hittil <= :ledig
    ), bok AS (
        INSERT INTO rammepost (ramme_id, krav_id, slag, belop, grunn, aktor, tid)
        SELECT :ramme_id, id, 'bundet', belop, 'fra_ko', :aktor, :tid FROM slapp ORDER BY hittil
    )
    SELECT sak_id, behandling_id FROM slapp
""")
_VEKK = text("""
    INSERT INTO utboks (sak_id, emne, ko, kjor_etter) SELECT DISTINCT s, 'dren', 'saker', CAST(:tid AS timestamptz)
    FROM unnest(CAST(:saker AS uuid[])) s
""")
_BUNDET = text("""
    SELECT k.behandling_id, bool_and(k.status = 'bundet' OR k.utbetalt > 0) AS bundet
    FROM rammekrav k
    WHERE k.behandling_id = ANY(:behandlinger) AND (k.status <> 'lukket' OR k.utbetalt > 0) GROUP BY 1
""")
_FOR_BEHANDLING = text("""
    SELECT id, ramme_id, belop, status, bundet, utbetalt FROM rammekrav
    WHERE behandling_id = :behandling_id AND (CAST(:ramme_id AS uuid) IS NULL OR ramme_id = :ramme_id)
    ORDER BY ramme_id
""")
_GI_OPP = text("UPDATE rammekrav SET status = 'lukket' WHERE id = :id AND status = 'venter'")


def _ramme(rad: Any) -> Ramme:
    return Ramme(
        rad.id,
        Rammenokkel(rad.ordning, rad.ar, rad.post, rad.kommunenummer),
        rad.tildelt,
        rad.bundet,
        rad.utbetalt,
    )


def _verdier(nokkel: Rammenokkel) -> dict[str, Any]:
    return {
        "ordning": nokkel.ordning,
        "ar": nokkel.ar,
        "post": nokkel.post,
        "kommunenummer": nokkel.kommunenummer,
    }


def finn(forbindelse: Connection, nokkel: Rammenokkel) -> Ramme | None:
    """The frame as it stands, None when nobody has opened it (or the session may not see it)."""
    rad = forbindelse.execute(_FINN, _verdier(nokkel)).one_or_none()
    return _ramme(rad) if rad else None


def apne(forbindelse: Connection, nokkel: Rammenokkel, tid: datetime) -> UUID:
    """The frame's id; it is opened, with nothing in it, if it is new."""
    verdier = _verdier(nokkel)
    rad = forbindelse.execute(_FINN, verdier).one_or_none()
    if rad is None:
        forbindelse.execute(_NY, {**verdier, "id": ny_id(), "tid": tid})
        rad = forbindelse.execute(_FINN, verdier).one()
    return UUID(str(rad.id))


def _las(forbindelse: Connection, ider: Iterable[UUID]) -> dict[UUID, Ramme]:
    """Frames under lock, taken in the order of their ids."""
    rader = forbindelse.execute(_LAS, {"ider": list(ider)})
    return {r.id: _ramme(r) for r in rader}


def _for(
    forbindelse: Connection,
    ramme_id: UUID,
    slag: str,
    belop: int,
    *,
    aktor: str,
    grunn: str,
    tid: datetime,
    krav_id: UUID | None = None,
    motpost: UUID | None = None,
) -> None:
    if belop <= 0:
        raise RammeFeil("belop", "må være over null")
    forbindelse.execute(
        _POST,
        {
            "ramme_id": ramme_id,
            "krav_id": krav_id,
            "slag": slag,
            "belop": belop,
            "motpost": motpost,
            "grunn": grunn,
            "aktor": aktor,
            "tid": tid,
        },
    )


def tildel(
    forbindelse: Connection, nokkel: Rammenokkel, belop: int, *, aktor: str, grunn: str, tid: datetime
) -> Ramme:
    """Put money into a frame (opened if new); those who wait are served. Gives the frame as it then stands.

    Errors: ``RammeFeil``.
    """
    id_ = apne(forbindelse, nokkel, tid)
    _las(forbindelse, [id_])
    _for(forbindelse, id_, "tildelt", belop, aktor=aktor, grunn=grunn, tid=tid)
    slipp(forbindelse, id_, tid, aktor=aktor)
    return _las(forbindelse, [id_])[id_]


def trekk_inn(
    forbindelse: Connection, nokkel: Rammenokkel, belop: int, *, aktor: str, grunn: str, tid: datetime
) -> Ramme:
    """Take money out of a frame, what is promised and paid left alone. Errors: ``RammeFeil``."""
    id_ = apne(forbindelse, nokkel, tid)
    _krev_ledig(_las(forbindelse, [id_])[id_], belop)
    _for(forbindelse, id_, "trukket_inn", belop, aktor=aktor, grunn=grunn, tid=tid)
    return _las(forbindelse, [id_])[id_]


def overfor(
    forbindelse: Connection,
    fra: Rammenokkel,
    til: Rammenokkel,
    belop: int,
    *,
    aktor: str,
    grunn: str,
    tid: datetime,
) -> None:
    """Carry what is free over to another frame, e.g. to the year after. Errors: ``RammeFeil``."""
    if fra == til:
        raise RammeFeil("til", "er den samme rammen")
    fra_id, til_id = apne(forbindelse, fra, tid), apne(forbindelse, til, tid)
    _krev_ledig(_las(forbindelse, [fra_id, til_id])[fra_id], belop)
    _for(forbindelse, fra_id, "overfort_ut", belop, aktor=aktor, grunn=grunn, tid=tid, motpost=til_id)
    _for(forbindelse, til_id, "overfort_inn", belop, aktor=aktor, grunn=grunn, tid=tid, motpost=fra_id)
    slipp(forbindelse, til_id, tid, aktor=aktor)


def _krev_ledig(ramme: Ramme, belop: int) -> None:
    if belop > ramme.ledig:
        raise RammeFeil("belop", f"er mer enn de {ramme.ledig} kr som er ledige i rammen")


def bind(forbindelse: Connection, krav: Sequence[Krav], tid: datetime, *, aktor: str = "system") -> set[UUID]:
    """Claims join their queues, and the queues are served; the treatments of ``krav`` that have all they asked for.

    Asked again, nothing is bound twice. A treatment that waits is woken when its turn comes.
    """
    rammer = {k.nokkel: apne(forbindelse, k.nokkel, tid) for k in krav}
    _las(forbindelse, rammer.values())
    if krav:
        forbindelse.execute(
            _KRAV,
            [
                {
                    "id": ny_id(),
                    "ramme_id": rammer[k.nokkel],
                    "sak_id": k.sak_id,
                    "behandling_id": k.behandling_id,
                    "belop": k.belop,
                    "prioritet": k.prioritet,
                    "mottatt": k.mottatt,
                    "tid": tid,
                }
                for k in krav
            ],
        )
    spor = {k.behandling_id for k in krav}
    for id_ in sorted(rammer.values()):
        slipp(forbindelse, id_, tid, aktor=aktor, uten=spor)
    rader = forbindelse.execute(_BUNDET, {"behandlinger": list(spor)})
    return {r.behandling_id for r in rader if r.bundet}


def slipp(
    forbindelse: Connection,
    ramme_id: UUID,
    tid: datetime,
    *,
    aktor: str = "system",
    uten: Iterable[UUID] = (),
) -> int:
    """Serve the queue from its front while there is room, and wake the cases (but those of ``uten``, treatments that
    the caller has in hand). Gives how many were served."""
    ramme = _las(forbindelse, [ramme_id])[ramme_id]
    forst = forbindelse.execute(_FORST_I_KO, {"ramme_id": ramme_id}).scalar_one_or_none()
    if forst is None or forst > ramme.ledig:
        return 0
    valg = {"ramme_id": ramme_id, "ledig": ramme.ledig, "aktor": aktor, "tid": tid}
    rader = forbindelse.execute(_SLIPP, valg).all()
    egne = set(uten)
    if vekkes := sorted({r.sak_id for r in rader if r.behandling_id not in egne}):
        forbindelse.execute(_VEKK, {"saker": vekkes, "tid": tid})
    return len(rader)


def _krav_av(forbindelse: Connection, behandling_id: UUID, nokkel: Rammenokkel | None) -> list[Any]:
    ramme = finn(forbindelse, nokkel) if nokkel else None
    if nokkel and ramme is None:
        return []
    valg = {"behandling_id": behandling_id, "ramme_id": ramme.id if ramme else None}
    return list(forbindelse.execute(_FOR_BEHANDLING, valg).all())


def frigi(
    forbindelse: Connection,
    behandling_id: UUID,
    tid: datetime,
    *,
    grunn: str,
    aktor: str = "system",
    nokkel: Rammenokkel | None = None,
    belop: int | None = None,
) -> int:
    """Give back what a treatment has bound (all of it, or ``belop`` in the one frame), and leave the queue. The kroner
    given back. Errors: ``RammeFeil`` when less is bound."""
    frigitt = 0
    krav = _krav_av(forbindelse, behandling_id, nokkel)
    _las(forbindelse, [k.ramme_id for k in krav])
    for k in _krav_av(forbindelse, behandling_id, nokkel):  # as they stand under the lock
        forbindelse.execute(_GI_OPP, {"id": k.id})
        tilbake = k.bundet if belop is None else belop
        if tilbake > k.bundet:
            raise RammeFeil("belop", f"er mer enn de {k.bundet} kr som er bundet")
        if tilbake:
            _for(forbindelse, k.ramme_id, "frigitt", tilbake, aktor=aktor, grunn=grunn, tid=tid, krav_id=k.id)
            frigitt += tilbake
        slipp(forbindelse, k.ramme_id, tid, aktor=aktor)
    return frigitt


def utbetal(
    forbindelse: Connection,
    behandling_id: UUID,
    nokkel: Rammenokkel,
    belop: int,
    tid: datetime,
    *,
    grunn: str,
    aktor: str = "system",
) -> None:
    """Pay out of what the treatment has bound. Errors: ``RammeFeil`` when less is bound."""
    krav = _under_las(forbindelse, behandling_id, nokkel, "bundet", belop)
    _for(forbindelse, krav.ramme_id, "utbetalt", belop, aktor=aktor, grunn=grunn, tid=tid, krav_id=krav.id)


def tilbakefor(
    forbindelse: Connection,
    behandling_id: UUID,
    nokkel: Rammenokkel,
    belop: int,
    tid: datetime,
    *,
    grunn: str,
    aktor: str = "system",
) -> None:
    """What was paid has come back and may be used again. Errors: ``RammeFeil`` when less was paid."""
    krav = _under_las(forbindelse, behandling_id, nokkel, "utbetalt", belop)
    _for(forbindelse, krav.ramme_id, "tilbakefort", belop, aktor=aktor, grunn=grunn, tid=tid, krav_id=krav.id)
    slipp(forbindelse, krav.ramme_id, tid, aktor=aktor)


def _under_las(
    forbindelse: Connection, behandling_id: UUID, nokkel: Rammenokkel, sum_: str, belop: int
) -> Any:
    """The claim, read when the frame is locked. Errors: ``RammeFeil`` when ``sum_`` of it is less than ``belop``."""
    ramme = finn(forbindelse, nokkel)
    krav: Sequence[Any] = ()
    if ramme is not None:
        _las(forbindelse, [ramme.id])
        krav = _krav_av(forbindelse, behandling_id, nokkel)
    har = getattr(krav[0], sum_) if krav else 0
    if belop > har or not krav:
        raise RammeFeil("belop", f"er mer enn de {har} kr som er {sum_}")
    return krav[0]
