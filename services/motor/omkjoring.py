"""Start failed work of one cause again, as a canary first: one case, then ten, then all."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text

from services.lager import kontroller, utboks
from services.problem import Problem

_APNE = text("""
    SELECT o.id, o.sak_id, o.behandling_id FROM oppfolging o
    WHERE o.fingeravtrykk = :fingeravtrykk AND o.slag = 'teknisk' AND o.lukket IS NULL
    ORDER BY o.id LIMIT :antall FOR UPDATE SKIP LOCKED
""")
_LUKK = text("UPDATE oppfolging SET lukket = :tid, lukket_av = :aktor WHERE id = :id")
_IGJEN = text("""
    UPDATE utboks SET status = 'venter', publisert = NULL, kjor_etter = :tid, forsok = 0
    WHERE sak_id = :sak_id AND status = 'parkert'
""")
# Of those restarted since the oldest open task came, how many have not come back, with this cause or another, and have
# nothing left to do. What was restarted before that was another time it broke, and says nothing of this one.
_KOM_GJENNOM = text("""
    SELECT count(*) FROM oppfolging o
    WHERE o.fingeravtrykk = :fingeravtrykk AND o.slag = 'teknisk' AND o.lukket_av LIKE 'omkjoring:%'
      AND o.lukket >= (SELECT min(a.laget) FROM oppfolging a
                       WHERE a.fingeravtrykk = :fingeravtrykk AND a.slag = 'teknisk' AND a.lukket IS NULL)
      AND NOT EXISTS (SELECT 1 FROM oppfolging n
                      WHERE n.sak_id = o.sak_id AND n.slag = 'teknisk' AND n.id > o.id)
      AND NOT EXISTS (SELECT 1 FROM utboks u WHERE u.sak_id = o.sak_id AND u.status <> 'ferdig')
""")
_ANTALL = text("""
    SELECT count(*) FROM oppfolging WHERE fingeravtrykk = :fingeravtrykk AND slag = 'teknisk' AND lukket IS NULL
""")
KREVES = {1: 0, 10: 1, "alle": 10}
"""How many must have come through before so many may be started."""


def start(
    forbindelse: Connection,
    fingeravtrykk: str,
    antall: Literal[1, 10, "alle"],
    aktor: str,
    tid: datetime,
    sporing: str | None = None,
) -> tuple[int, int]:
    """(started, still open). Errors: ``Problem`` 404 when nothing is open, 409 when the canary has not come through."""
    valg = {"fingeravtrykk": fingeravtrykk}
    apne = int(forbindelse.scalar(_ANTALL, valg) or 0)
    if not apne:
        raise Problem(
            404, "ikke-funnet", feil=[{"felt": "fingeravtrykk", "melding": "har ingen åpne oppgaver"}]
        )
    gjennom = int(forbindelse.scalar(_KOM_GJENNOM, valg) or 0)
    if gjennom < KREVES[antall]:
        raise Problem(
            409,
            "handling-ikke-tillatt",
            detalj=f"{KREVES[antall]} må ha kommet gjennom først; {gjennom} har det. Start 1, så 10, så alle.",
            feil=[{"felt": "antall", "melding": f"krever at {KREVES[antall]} har kommet gjennom"}],
        )
    rader = forbindelse.execute(_APNE, {**valg, "antall": apne if antall == "alle" else antall}).all()
    for rad in rader:
        if rad.behandling_id:
            kontroller.start_pa_nytt(forbindelse, rad.sak_id, rad.behandling_id, tid)
        forbindelse.execute(_IGJEN, {"sak_id": rad.sak_id, "tid": tid})
        utboks.be_om(forbindelse, rad.sak_id, tid, sporing=sporing)
        forbindelse.execute(_LUKK, {"id": rad.id, "tid": tid, "aktor": f"omkjoring:{aktor}"})
    return len(rader), apne - len(rader)
