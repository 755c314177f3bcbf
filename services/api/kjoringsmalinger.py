"""The monthly run as metrics: runs by state, how long an open one has stood still, and a month that nobody has run, or
not everywhere."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection, text

from domain.kalender import neste_termin
from domain.ordninger import ORDNINGER
from services.kjoring import urettet
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.klokke import i_dag

_STATUS = text("SELECT status, count(*) AS antall FROM kjoring WHERE NOT prove GROUP BY 1")
_STILLE = text("""
    SELECT coalesce(max(extract(epoch FROM now() - greatest(k.laget, k.samlet, (
               SELECT max(greatest(b.samlet, b.behandlet)) FROM kjoring_bit b WHERE b.kjoring_id = k.id)))), 0)
    FROM kjoring k WHERE NOT k.prove AND k.status IN ('bestilt', 'kjorer')
""")
_MANGLER = text("""
    SELECT EXISTS (
        SELECT FROM lopende l WHERE l.ordning = :ordning AND l.status = 'lopende' AND l.siste_termin < :termin
           AND l.kommunenummer NOT IN (
               SELECT o.kommunenummer FROM kjoring_omfang o JOIN kjoring k ON k.id = o.kjoring_id
               WHERE o.ordning = :ordning AND o.termin = :termin AND k.status IN ('ferdig', 'holdt', 'forkastet')))
""")


def legg_til(register: CollectorRegistry, forbindelse: Connection, tid: datetime) -> None:
    """``tid``: now, aware."""
    kjoringer = Gauge("boligsak_kjoring", "Real runs by state.", ["status"], registry=register)
    for status in ("bestilt", "kjorer", "holdt", "avvik"):
        kjoringer.labels(status).set(0)
    for status, antall in forbindelse.execute(_STATUS):
        kjoringer.labels(status).set(antall)
    kjoringer.labels("forkastet").set(urettet.antall(forbindelse))  # those reckoned anew are done with
    stille = Gauge(
        "boligsak_kjoring_stille_sekunder",
        "Since an open real run last got a chunk done; 0 when none is open.",
        registry=register,
    )
    stille.set(float(forbindelse.execute(_STILLE).scalar_one()))
    mangler = Gauge(
        "boligsak_kjoring_mangler",
        "1 from the day that last month may be run, until it has been run in every municipality.",
        ["ordning"],
        registry=register,
    )
    dag = i_dag(tid)
    for ordning in ORDNINGER.values():
        if ordning.manedlig is not None:
            valg = {"ordning": ordning.navn, "termin": neste_termin(f"{dag:%Y-%m}", -1)}
            moden = dag.day >= kjoringsinnstillinger().natt_fra_dag
            mangler.labels(ordning.navn).set(moden and bool(forbindelse.execute(_MANGLER, valg).scalar_one()))
