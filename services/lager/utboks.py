"""Work asked for: ``venter`` → ``publisert`` → ``ferdig``. *Ferdig* is written by the commit of the work itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

DREN = "dren"
KONTROLL = "kontroll"
KO_SAKER = "saker"

_INN = text("""
    INSERT INTO utboks (sak_id, emne, ko, ref, kjor_etter, sporing)
    VALUES (:sak_id, :emne, :ko, :ref, :kjor_etter, :sporing)
""")


def be_om(
    forbindelse: Connection,
    sak_id: UUID,
    kjor_etter: datetime,
    *,
    emne: str = DREN,
    ko: str = KO_SAKER,
    ref: UUID | None = None,
    sporing: str | None = None,
) -> None:
    """Ask for work on a case, not before ``kjor_etter``."""
    forbindelse.execute(
        _INN,
        {"sak_id": sak_id, "emne": emne, "ko": ko, "ref": ref, "kjor_etter": kjor_etter, "sporing": sporing},
    )


_HENT = text("""
    UPDATE utboks SET status = 'publisert', publisert = now(), forsok = forsok + 1
    WHERE id IN (SELECT id FROM utboks WHERE status = 'venter' AND kjor_etter <= now()
                 ORDER BY kjor_etter, id LIMIT :antall FOR UPDATE SKIP LOCKED)
    RETURNING id, sak_id, emne, ko, ref, sporing
""")


def hent(forbindelse: Connection, antall: int) -> Sequence[Any]:
    """Claim pending rows for the relay. They count as published when this commits: a relay that dies before the
    broker has them leaves them to the sweeper, so that no row lock is held over the network."""
    return forbindelse.execute(_HENT, {"antall": antall}).all()


_FERDIG_DREN = text("""
    UPDATE utboks SET status = 'ferdig'
    WHERE sak_id = :sak_id AND emne = 'dren' AND status IN ('venter', 'publisert') AND kjor_etter <= :na
""")
_FERDIG = text("UPDATE utboks SET status = 'ferdig' WHERE id = :id AND status <> 'ferdig'")
_UTSETT = text("""
    UPDATE utboks SET status = 'venter', kjor_etter = :kjor_etter, forsok = CASE WHEN :nullstill THEN 0 ELSE forsok END
    WHERE id = :id AND status <> 'ferdig'
""")
_PARKER = text("UPDATE utboks SET status = 'parkert' WHERE id = :id AND status <> 'ferdig'")


def ferdig_dren(forbindelse: Connection, sak_id: UUID, na: datetime) -> None:
    """Every wake-up of a drained case is answered by this commit, however many there were."""
    forbindelse.execute(_FERDIG_DREN, {"sak_id": sak_id, "na": na})


def ferdig(forbindelse: Connection, id_: int) -> None:
    forbindelse.execute(_FERDIG, {"id": id_})


def utsett(forbindelse: Connection, id_: int, kjor_etter: datetime, *, nullstill: bool = False) -> None:
    """Back to *venter*, due later. ``nullstill``: the attempts so far do not count (a register was down, say)."""
    forbindelse.execute(_UTSETT, {"id": id_, "kjor_etter": kjor_etter, "nullstill": nullstill})


def parker(forbindelse: Connection, id_: int) -> None:
    """Out of the way after the last try; an open task in ``oppfolging`` owns it from now on."""
    forbindelse.execute(_PARKER, {"id": id_})


_RAD = text("SELECT id, sak_id, emne, ko, ref, status, forsok, sporing FROM utboks WHERE id = :id")


def rad(forbindelse: Connection, id_: int) -> Any | None:
    return forbindelse.execute(_RAD, {"id": id_}).one_or_none()


_STARTE_PA_NYTT = text("""
    UPDATE utboks SET status = 'venter', kjor_etter = now()
    WHERE id IN (SELECT id FROM utboks WHERE status = 'publisert' AND publisert < :grense AND forsok < :maks
                 ORDER BY publisert LIMIT 5000 FOR UPDATE SKIP LOCKED)
""")
_OPPBRUKT = text("""
    SELECT id, sak_id, ref, emne FROM utboks
    WHERE status = 'publisert' AND publisert < :grense AND forsok >= :maks
    ORDER BY publisert LIMIT 500 FOR UPDATE SKIP LOCKED
""")


def fei(
    forbindelse: Connection, na: datetime, etter: timedelta, maks_forsok: int
) -> tuple[int, Sequence[Any]]:
    """Send again what stays published too long. Returns how many, and the rows (locked) that have used up their
    tries: a message that kills its worker each time must not go on for ever."""
    grense = na - etter
    antall = forbindelse.execute(_STARTE_PA_NYTT, {"grense": grense, "maks": maks_forsok}).rowcount
    return antall, forbindelse.execute(_OPPBRUKT, {"grense": grense, "maks": maks_forsok}).all()


_RYDD = text(
    "DELETE FROM utboks WHERE id IN (SELECT id FROM utboks WHERE status = 'ferdig' AND laget < :grense LIMIT 20000)"
)


def rydd(forbindelse: Connection, grense: datetime) -> int:
    return forbindelse.execute(_RYDD, {"grense": grense}).rowcount


_TILSTAND = text("""
    SELECT count(*) FILTER (WHERE status = 'venter' AND kjor_etter <= now()) AS venter,
           count(*) FILTER (WHERE status = 'venter' AND kjor_etter > now()) AS utsatt,
           count(*) FILTER (WHERE status = 'publisert') AS publisert,
           count(*) FILTER (WHERE status = 'parkert') AS parkert,
           coalesce(extract(epoch FROM now() - min(kjor_etter) FILTER (WHERE status = 'venter' AND kjor_etter <= now())), 0)
               AS eldste_venter_s,
           coalesce(extract(epoch FROM now() - min(publisert) FILTER (WHERE status = 'publisert')), 0) AS eldste_publisert_s
    FROM utboks WHERE status <> 'ferdig'
""")


def tilstand(forbindelse: Connection) -> Any:
    """Counts and ages for metrics and health."""
    return forbindelse.execute(_TILSTAND).one()
