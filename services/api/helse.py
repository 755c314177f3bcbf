"""Health and metrics."""

import os

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client import REGISTRY as PROSESSENS
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.api import kjoringsmalinger, tillitsmalinger
from services.klokke import na
from services.lager import utboks
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.problem import Problem, responser

router = APIRouter(tags=["drift"])
_DRIFT = Innsyn("drift", "*", klarert=True)
_UKLARERT = Innsyn("drift", "*")
"""A count of tasks would tell of protected addresses: what stands on such a case is for the cleared, in the list."""
_DODE_TUPLER = text(
    "SELECT relname, n_dead_tup FROM pg_stat_user_tables WHERE relname IN ('utboks', 'sak', 'behandling')"
)
_OPPFOLGING = text("SELECT slag, count(*) AS antall FROM oppfolging WHERE lukket IS NULL GROUP BY slag")


class Helse(BaseModel):
    status: str = Field(examples=["ok"])


class Klar(Helse):
    eldste_venter_s: float = Field(description="Alder på det eldste arbeidet som ikke er sendt.")
    eldste_publisert_s: float = Field(
        description="Alder på det eldste arbeidet som er sendt, men ikke gjort."
    )


@router.get("/helse/live", summary="Prosessen lever")
def live() -> Helse:
    return Helse(status="ok")


@router.get("/helse/klar", summary="Tjenesten kan ta imot", responses=responser("utilgjengelig"))
def klar() -> Klar:
    """503 when the database cannot be reached. The ages are for the alarm, not for taking the service out."""
    try:
        with transaksjon(DbRolle.API, _DRIFT) as forbindelse:
            rad = utboks.tilstand(forbindelse)
    except DBAPIError:
        raise Problem(503, "utilgjengelig") from None
    return Klar(
        status="ok",
        eldste_venter_s=float(rad.eldste_venter_s),
        eldste_publisert_s=float(rad.eldste_publisert_s),
    )


@router.get("/metrics", summary="Målinger for Prometheus", response_class=Response)
def metrics() -> Response:
    """The queue and the follow-up as the database has them, and what the processes have counted themselves."""
    register = CollectorRegistry()
    arbeid = Gauge("boligsak_utboks", "Outbox rows by state.", ["status"], registry=register)
    alder = Gauge(
        "boligsak_utboks_eldste_sekunder",
        "Age of the oldest outbox row by state.",
        ["status"],
        registry=register,
    )
    oppfolging = Gauge(
        "boligsak_oppfolging_apne", "Open follow-up tasks by kind.", ["slag"], registry=register
    )
    dode = Gauge("boligsak_dode_tupler", "Dead tuples of the busy tables.", ["tabell"], registry=register)
    with transaksjon(DbRolle.API, _DRIFT) as forbindelse:
        rad = utboks.tilstand(forbindelse)
        for status in ("venter", "utsatt", "publisert", "parkert"):
            arbeid.labels(status).set(getattr(rad, status))
        alder.labels("venter").set(float(rad.eldste_venter_s))
        alder.labels("publisert").set(float(rad.eldste_publisert_s))
        for tabell, antall in forbindelse.execute(_DODE_TUPLER):
            dode.labels(tabell).set(antall)
        kjoringsmalinger.legg_til(register, forbindelse, na())
    with transaksjon(DbRolle.API, _UKLARERT) as forbindelse:
        for slag in ("manuell", "teknisk"):
            oppfolging.labels(slag).set(0)
        for slag, antall in forbindelse.execute(_OPPFOLGING):
            oppfolging.labels(slag).set(antall)
        tillitsmalinger.legg_til(register, forbindelse)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(register)
        egne = b""
    else:
        egne = generate_latest(PROSESSENS)
    return Response(generate_latest(register) + egne, media_type=CONTENT_TYPE_LATEST)
