"""The agreed pace of each register, held across all workers by a script in Redis, or alone when Redis is away.

A process takes a few turns at a time (50 ms worth of the pace), so a fast register costs few trips to Redis; turns
not used within half a second are thrown away.  Over any stretch the calls stay within pace × seconds + a burst of
100 ms worth + what the processes hold.
"""

import asyncio
from pathlib import Path
from time import monotonic

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.registre.protokoll import RegisterFeil

_SKRIPT = Path(__file__).with_name("tempo.lua").read_text()
_UTSLAG_S = 0.1
_LEIE_S = 0.05
_LEIE_VARER_S = 0.5
_REDIS_BORTE_S = 5.0
_MIKRO = 1_000_000


class Tempo:
    """Pace of one register, ``per_s`` calls a second.  Used from the event loop's thread only."""

    def __init__(self, register: str, per_s: float, redis: "Redis | None", reserve_andel: float) -> None:
        self._register = register
        self._nokkel = f"boligsak:tempo:{register}"
        self._per_s = per_s
        self._antall = max(1, int(per_s * _LEIE_S))
        self._redis = redis
        self._skript = redis.register_script(_SKRIPT) if redis is not None else None
        self._reserve_per_s = per_s * reserve_andel if redis is not None else per_s
        self._lokal_tat = 0.0
        self._redis_borte_til = 0.0
        self._leid = 0
        self._leid_til = 0.0
        self._spor_en_om_gangen = asyncio.Lock()

    async def tur(self, maks_vent_s: float) -> None:
        """Wait for this call's turn.  Raises RegisterFeil("tempo") at once when the wait would be longer.

        One call at a time asks for more turns, and waits for them; the others take from what it brings.
        """
        frist = monotonic() + maks_vent_s
        if self._ta_leid():
            return
        async with self._spor_en_om_gangen:
            if self._ta_leid():
                return
            gitt, vent_s = await self._spor(max(0.0, frist - monotonic()))
            if not gitt:
                raise RegisterFeil(self._register, "tempo", midlertidig=True, vent_s=vent_s)
            if vent_s > 0:
                await asyncio.sleep(vent_s)

    def _ta_leid(self) -> bool:
        if self._leid > 0 and monotonic() < self._leid_til:
            self._leid -= 1
            return True
        return False

    async def hold_igjen(self, sekunder: float) -> None:
        """The register asked for quiet (429): nobody calls it for that long."""
        self._leid = 0
        skyv_s = sekunder + _UTSLAG_S  # or the burst would let calls through too early
        self._lokal_tat = max(self._lokal_tat, monotonic() + skyv_s)
        await self._redis_kall(1, 0, skyv_s)

    async def _spor(self, maks_vent_s: float) -> tuple[bool, float]:
        svar = await self._redis_kall(self._antall, maks_vent_s, 0)
        if svar is None:
            return self._lokalt(maks_vent_s)
        if svar[0]:
            self._leid = self._antall - 1
            self._leid_til = monotonic() + svar[1] + _LEIE_VARER_S
        return svar

    async def _redis_kall(self, antall: int, maks_vent_s: float, skyv_s: float) -> tuple[bool, float] | None:
        if self._skript is None or monotonic() < self._redis_borte_til:
            return None
        maks = min(maks_vent_s, 3600.0)
        argumenter = (
            _MIKRO / self._per_s,
            _UTSLAG_S * _MIKRO,
            antall,
            int(maks * _MIKRO),
            int(skyv_s * _MIKRO),
        )
        try:
            gitt, vent = await self._skript(keys=[self._nokkel], args=argumenter)
        except (RedisError, OSError, TimeoutError):
            self._redis_borte_til = monotonic() + _REDIS_BORTE_S
            return None
        return bool(gitt), vent / _MIKRO

    def _lokalt(self, maks_vent_s: float) -> tuple[bool, float]:
        na = monotonic()
        tat = max(self._lokal_tat, na)
        vent = max(0.0, tat - na - _UTSLAG_S)
        if vent > maks_vent_s:
            return False, vent
        self._lokal_tat = tat + 1 / self._reserve_per_s
        return True, vent
