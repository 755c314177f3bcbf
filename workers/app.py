"""The Celery application. Tasks are wake-ups: what there is to do stands in PostgreSQL."""

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from kombu.transport import redis

from services.lager.sesjon import motor
from services.logg import sett_opp


class _QoS(redis.QoS):
    """A message that could not be acknowledged, since the broker was away, takes up no place among the prefetched.

    In kombu 5.7 it does: a worker whose threads were all at work when the broker died has no place left, so it does not
    read, does not find that its connection is dead, and takes no work until somebody starts it again. The broker gives
    the message out once more, and then there is nothing left to do."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except BaseException:
            self._quick_ack(delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        except BaseException:
            self._quick_ack(delivery_tag)
            raise


redis.Channel.QoS = _QoS

app = Celery("boligsak")
app.config_from_object("workers.celeryconfig")
app.conf.imports = ("workers.oppgaver", "workers.vedlikehold", "workers.kjoring", "workers.tillit")


@setup_logging.connect
def _logg(**_: object) -> None:
    sett_opp("arbeider")


@worker_process_init.connect
def _etter_fork(**_: object) -> None:
    """A forked child must not share its parent's connections."""
    motor.cache_clear()


@worker_init.connect
def _varm_opp(**_: object) -> None:
    """Rates, rules, the calendar and the clients of the registers are made before the first case comes, not by it."""
    from domain.kalender import er_virkedag
    from domain.ordninger import ORDNINGER  # noqa: F401
    from services.klokke import i_dag, na
    from workers.oppgaver import registre

    er_virkedag(i_dag(na()))
    registre()
