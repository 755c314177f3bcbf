"""Work asked for: ``venter`` → ``publisert`` → ``ferdig``. *Ferdig* is written by the commit of the work itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager.skriving import Skriver

DREN = "dren"
KONTROLL = "kontroll"
KO_SAKER = "saker"

_INN = text("""
    INSERT INTO utboks (sak_id, emne, ko, ref, kjor_etter, sporing)
    VALUES (:sak_id, :emne, :ko, :ref, :kjor_etter, :sporing)
""")


def be_om(
    skriver: Skriver,
    sak_id: UUID,
    kjor_etter: datetime,
    *,
    emne: str = DREN,
    ko: str = KO_SAKER,
    ref: UUID | None = None,
    sporing: str | None = None,
) -> None:
    """Ask for work on a case, not before ``kjor_etter``."""
    skriver.execute(
        _INN,
        {"sak_id": sak_id, "emne": emne, "ko": ko, "ref": ref, "kjor_etter": kjor_etter, "sporing": sporing},
    )


_HENT = text("""
    UPDATE utboks u SET status = 'publisert', publisert = now()
    FROM (SELECT id, publisert IS NOT NULL AS igjen FROM utboks WHERE status = 'venter' AND kjor_etter <= now()
          ORDER BY kjor_etter, id LIMIT :antall FOR UPDATE SKIP LOCKED) v
    WHERE u.id = v.id
    RETURNING u.id, u.sak_id, u.emne, u.ko, u.ref, u.sporing, v.igjen
""")


def hent(forbindelse: Connection, antall: int) -> Sequence[Any]:
    """Claim pending rows for the relay. They count as published when this commits: a relay that dies before the
    broker has them leaves them to the sweeper, so that no row lock is held over the network. ``igjen``: it has been
    sent before, and nobody has said how that went."""
    return forbindelse.execute(_HENT, {"antall": antall}).all()


_FERDIG_DREN = text("""
    UPDATE utboks SET status = 'ferdig'
    WHERE sak_id = ANY(:saker) AND emne = 'dren' AND status IN ('venter', 'publisert') AND kjor_etter <= :na
""")
_FERDIG = text("UPDATE utboks SET status = 'ferdig' WHERE id = :id AND status <> 'ferdig'")
_UTSETT = text("""
    UPDATE utboks SET status = 'venter', publisert = NULL, kjor_etter = :kjor_etter, forsok = :forsok
    WHERE id = :id AND status IN ('venter', 'publisert')
""")
_PARKER = text("UPDATE utboks SET status = 'parkert' WHERE id = :id AND status IN ('venter', 'publisert')")
_BEGYNT = text("""
    UPDATE utboks SET forsok = forsok + 1, publisert = now()
    WHERE id = :id AND (status = 'publisert' OR status = 'venter' AND kjor_etter <= now()) AND forsok < :maks
    RETURNING forsok
""")


def ferdig_dren(forbindelse: Connection, saker: Sequence[UUID], na: datetime) -> None:
    """Every wake-up of the drained cases is answered by this commit, however many there were."""
    if saker:
        forbindelse.execute(_FERDIG_DREN, {"saker": saker, "na": na})


def ferdig(forbindelse: Connection, id_: int) -> None:
    forbindelse.execute(_FERDIG, {"id": id_})


def begynt(forbindelse: Connection, id_: int, maks_forsok: int) -> int:
    """Count a try before it is made, and give it its full time. Gives how many that makes; 0 when the work is done,
    given up, out of tries, or not due. Only what is sent again is counted so: the count must grow for a message that
    kills its worker, and must not for one that only waits long, in however many copies."""
    return forbindelse.scalar(_BEGYNT, {"id": id_, "maks": maks_forsok}) or 0


def utsett(forbindelse: Connection, id_: int, kjor_etter: datetime, forsok: int = 0) -> None:
    """Back to *venter*, due later. ``forsok``: the failed tries that count (none when a register was down, say)."""
    forbindelse.execute(_UTSETT, {"id": id_, "kjor_etter": kjor_etter, "forsok": forsok})


def parker(forbindelse: Connection, id_: int) -> bool:
    """Out of the way after the last try; an open task in ``oppfolging`` owns it from now on. False: it was done or
    given up by somebody else meanwhile."""
    return forbindelse.execute(_PARKER, {"id": id_}).rowcount > 0


_RAD = text(
    "SELECT id, sak_id, emne, ko, ref, status, kjor_etter, forsok, sporing FROM utboks WHERE id = :id"
)


def rad(forbindelse: Connection, id_: int) -> Any | None:
    return forbindelse.execute(_RAD, {"id": id_}).one_or_none()


# Spread out, and more for each try: what died together with a message that kills its worker must not travel with it
# again.
_STARTE_PA_NYTT = text("""
    UPDATE utboks SET status = 'venter',
                      kjor_etter = now() + random() * least(60, :spredning * 2.0 ^ forsok) * interval '1 second'
    WHERE id IN (SELECT id FROM utboks WHERE status = 'publisert' AND publisert < :grense AND forsok < :maks
                 ORDER BY publisert LIMIT 5000 FOR UPDATE SKIP LOCKED)
""")
_OPPBRUKT = text("""
    SELECT id, sak_id, ref, emne FROM utboks
    WHERE status = 'publisert' AND publisert < :grense AND forsok >= :maks
    ORDER BY publisert LIMIT 500
""")


def fei(
    forbindelse: Connection, na: datetime, etter: timedelta, maks_forsok: int
) -> tuple[int, Sequence[Any]]:
    """Send again what stays published too long. Returns how many, and the rows that have used up their tries: a
    message that kills its worker each time must not go on for ever."""
    valg = {"grense": na - etter, "maks": maks_forsok}
    antall = forbindelse.execute(_STARTE_PA_NYTT, {**valg, "spredning": etter.total_seconds() / 4}).rowcount
    return antall, forbindelse.execute(_OPPBRUKT, valg).all()


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
           coalesce(extract(epoch FROM now() - min(kjor_etter)
               FILTER (WHERE status = 'venter' AND kjor_etter <= now())), 0) AS eldste_venter_s,
           coalesce(extract(epoch FROM now() - min(publisert) FILTER (WHERE status = 'publisert')), 0)
               AS eldste_publisert_s
    FROM utboks WHERE status <> 'ferdig'
""")


def tilstand(forbindelse: Connection) -> Any:
    """Counts and ages for metrics and health."""
    return forbindelse.execute(_TILSTAND).one()
