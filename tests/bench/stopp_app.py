"""The Celery app whose worker pools `tests.bench.stopp` compares: the project's settings, four small tasks."""

import os
import time

import redis
from celery import Celery

app = Celery("stopp", set_as_current=False)
app.config_from_object("workers.celeryconfig")
app.conf.task_queues = None
app.conf.task_create_missing_queues = True
app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "visibility_timeout": int(os.environ.get("STOPP_VISIBILITY", "180")),
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}


@app.task(name="stopp.ingenting")
def ingenting() -> None:
    """Nothing: what Celery itself costs."""


@app.task(name="stopp.vent")
def vent() -> None:
    """Wait 50 ms, as for a register."""
    time.sleep(0.05)


@app.task(name="stopp.regn")
def regn() -> None:
    """Burn 3 ms of CPU, as the rules and the audit of a step."""
    slutt = time.thread_time() + 0.003
    while time.thread_time() < slutt:
        pass


@app.task(name="stopp.merk")
def merk(nummer: int) -> None:
    """Wait 5 ms, then note that message `nummer` was worked on."""
    time.sleep(0.005)
    klient().sadd("stopp.gjort", nummer)


def klient() -> redis.Redis:
    global _klient  # noqa: PLW0603 - one per process, also after a fork
    if _klient is None or _klient[0] != os.getpid():
        _klient = (os.getpid(), redis.Redis.from_url(os.environ["BOLIGSAK_BROKER_URL"]))
    return _klient[1]


_klient: tuple[int, redis.Redis] | None = None
