"""Circuit breaker: after some failures in a row a register is left alone for a while, then one call looks."""

from collections.abc import Callable
from time import monotonic

from services.registre.protokoll import RegisterFeil


class Bryter:
    """One register's breaker in one process; used from the event loop's thread only.

    Closed: calls pass.  Open: calls fail at once with RegisterFeil("brutt").  Half-open: one call passes; its
    outcome closes or opens again.
    """

    def __init__(
        self, register: str, etter: int, i_s: float, klokke: Callable[[], float] = monotonic
    ) -> None:
        self._register = register
        self._etter = etter
        self._i_s = i_s
        self._klokke = klokke
        self._feil_pa_rad = 0
        self._apen_til: float | None = None
        self._proves = False

    @property
    def apen(self) -> bool:
        return self._apen_til is not None

    def slipp(self) -> None:
        """Raises RegisterFeil when open; otherwise the caller must report ``ok``, ``feil`` or ``avbrutt``."""
        if self._apen_til is None:
            return
        igjen = self._apen_til - self._klokke()
        if igjen > 0 or self._proves:
            raise RegisterFeil(self._register, "brutt", midlertidig=True, vent_s=max(igjen, 0.1))
        self._proves = True

    def ok(self) -> None:
        self._feil_pa_rad, self._apen_til, self._proves = 0, None, False

    def feil(self) -> None:
        self._feil_pa_rad += 1
        self._proves = False
        if self._feil_pa_rad >= self._etter:
            self._apen_til = self._klokke() + self._i_s

    def avbrutt(self) -> None:
        """The call was given up before the register had its say."""
        self._proves = False
