"""What the engine knows of a register: a question goes in, an answer or a RegisterFeil comes out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from domain.kontroll.krav import Kontrollkrav

SvarDict = dict[str, Any]


class RegisterFeil(Exception):
    """A register gave no usable answer.

    ``arsak``: a stable code without personal data (``tidsavbrudd``, ``nede``, ``brutt``, ``tempo``, ``for_mange``,
    ``ikke_json``, ``feil_form``, ``avvist``, …).  ``midlertidig``: worth another try; otherwise the owner must look.
    ``vent_s``: the least time to the next try, when the register or the pace said so.
    """

    def __init__(self, register: str, arsak: str, midlertidig: bool, vent_s: float = 0.0) -> None:
        super().__init__(f"{register}: {arsak}")
        self.register = register
        self.arsak = arsak
        self.midlertidig = midlertidig
        self.vent_s = vent_s


class Oppslag(NamedTuple):
    """A control check with what is needed to ask it and must not be in its key."""

    krav: Kontrollkrav
    fnr: str | None
    """Identity number of the person in ``krav.gjelder``; None when the check concerns the case."""
    ekstra: Mapping[str, str]
    """From ``domain.bostotte.kontroller.ekstra``: person id → identity number, or the dwelling's numbers."""
    traceparent: str | None = None
    """The trace of the case, where many cases are asked about at once."""


class Registre(Protocol):
    """All registers behind one door. Made once per process, after any fork; safe to use from several threads."""

    def hent(
        self,
        krav: Kontrollkrav,
        fnr: str | None,
        ekstra: Mapping[str, str],
        *,
        traceparent: str | None = None,
    ) -> SvarDict:
        """One answer.  Raises RegisterFeil."""
        ...

    def hent_alle(
        self, oppslag: Iterable[Oppslag], *, traceparent: str | None = None, maks_vent_s: float | None = None
    ) -> Iterator[tuple[Kontrollkrav, SvarDict | RegisterFeil]]:
        """All of them concurrently, each given out the moment it is in; a failure is a value, never raised.

        ``oppslag`` is drawn as places come free, so a long generator is asked at the registers' pace in bounded
        memory.  ``maks_vent_s``: how long one call may wait for its turn in the pace before it is given up as
        RegisterFeil("tempo"); None: the setting.  All registers share one window of calls under way: a long stream
        that must not be held up by the slowest register is given as one stream a register, each in its own thread.
        """
        ...

    def lukk(self) -> None:
        """Close connections and stop the background thread."""
        ...
