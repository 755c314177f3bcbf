"""What follows the close of a run: the month's figures. Whoever comes may do it; it stands in the run's log."""

from sqlalchemy import text

from services.kjoring import kjoring as kjoringer
from services.kjoring import statistikk
from services.klokke import na
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon

GJORT = "statistikk_laget"
_LAS = text("SELECT pg_try_advisory_xact_lock(hashtext('boligsak.statistikk'))")
# A run that is balanced once more (``pa_nytt``) is closed anew, and counted anew.
_UGJORT = text("""
    SELECT k.ordning, k.termin, array_agg(k.id) AS kjoringer FROM kjoring k
    WHERE NOT k.prove AND k.status = 'ferdig'
      AND NOT EXISTS (SELECT FROM kjoring_hendelse h WHERE h.kjoring_id = k.id AND h.type = :gjort
                                                       AND h.tid >= k.ferdig)
    GROUP BY 1, 2 ORDER BY 1, 2
""")


def lag_statistikk() -> list[str]:
    """Count each month in which a real run has been released since it was counted last. Gives the months."""
    gjort = []
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        if not forbindelse.execute(_LAS).scalar_one():  # another process is at it
            return []
        forbindelse.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        for ordning, termin, ider in forbindelse.execute(_UGJORT, {"gjort": GJORT}).all():
            tid = na()
            kommuner = statistikk.lag(termin, tid, ordning)
            for id_ in ider:
                kjoringer.logg(forbindelse, id_, GJORT, "system", tid, {"kommuner": kommuner})
            gjort.append(termin)
    return gjort
