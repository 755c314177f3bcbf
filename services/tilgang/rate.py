"""How often one token may ask: counted in Valkey for all processes together, in windows of ten seconds."""

import hashlib
import threading
import time
from functools import lru_cache

import structlog
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.innebygd import ServereNede, adresser
from services.problem import Problem

_logg = structlog.get_logger("boligsak.rate")
VINDU_S = 10
_DEL = 50
"""A process takes a fiftieth of a window's allowance at a time, so that most requests ask nobody."""


class Vernegrenser(BaseSettings):
    """Requests a minute for each token; 0: no limit. Environment: ``BOLIGSAK_RATE_PERSON`` and ``_MASKIN``."""

    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_", extra="ignore")

    rate_person: int = 12_000
    rate_maskin: int = 120_000


@lru_cache
def grenser() -> Vernegrenser:
    return Vernegrenser()


class Rate:
    """Requests of each key in windows of ten seconds, counted in Valkey for all processes together.

    Without Valkey each process counts alone: the API must answer when the broker is away.
    """

    def __init__(self, klient: "Redis | None") -> None:
        self._klient = klient
        self._las = threading.Lock()
        self._tatt: dict[str, tuple[int, int]] = {}
        self._vindu = 0
        self._stille_til = 0.0

    def krev(self, nokkel: str, per_minutt: int) -> None:
        """Count one request. Errors: ``Problem`` 429 with ``Retry-After``."""
        if per_minutt <= 0:
            return
        tak = max(1, per_minutt * VINDU_S // 60)
        na = time.time()
        vindu = int(na // VINDU_S)
        with self._las:
            if vindu != self._vindu:
                self._vindu, self._tatt = vindu, {}
            igjen, brukt = self._tatt.get(nokkel, (0, 0))
            if igjen == 0:
                igjen = self._ta(nokkel, vindu, tak, brukt, na)
            if igjen:
                self._tatt[nokkel] = igjen - 1, brukt + 1
                return
        vent = str(max(1, round((vindu + 1) * VINDU_S - na)))
        raise Problem(429, "for-mange-foresporsler", headers={"Retry-After": vent})

    def _ta(self, nokkel: str, vindu: int, tak: int, brukt: int, na: float) -> int:
        """A share of what is left in the window; 0 when nothing is."""
        del_ = max(1, tak // _DEL)
        if self._klient is not None and na >= self._stille_til:
            try:
                felles = f"boligsak:rate:{nokkel}:{vindu}"
                with self._klient.pipeline(transaction=False) as ror:
                    ror.incrby(felles, del_)
                    ror.expire(felles, 2 * VINDU_S)
                    tatt = int(ror.execute()[0])
                return max(0, min(del_, tak - tatt + del_))
            except (RedisError, OSError) as feil:
                self._stille_til = na + 5
                _logg.warning("rate_uten_valkey", unntak=type(feil).__name__)
        return max(0, min(del_, tak - brukt))


@lru_cache
def rate() -> Rate:
    """The process's own counter. Short time-outs: it must not hold a request up."""
    try:
        broker = adresser().broker_url
    except ServereNede:
        return Rate(None)
    return Rate(
        Redis.from_url(broker, socket_timeout=0.25, socket_connect_timeout=0.25, retry=Retry(NoBackoff(), 0))
    )


def begrens(bevis: str, art: str) -> None:
    """One request with this token. The key is a hash: nothing of the token goes to Valkey."""
    valg = grenser()
    nokkel = hashlib.sha256(bevis.encode("utf-8", "replace")).hexdigest()[:32]
    rate().krev(nokkel, valg.rate_maskin if art == "maskin" else valg.rate_person)
