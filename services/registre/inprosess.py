"""The registers answered in this process from the simulator's population, for measuring without HTTP."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from domain.kontroll.krav import Kontrollkrav
from services.registre.foresporsel import Foresporsel, Raasvar, samtale
from services.registre.protokoll import Oppslag, RegisterFeil, SvarDict


class Befolkning(Protocol):
    """Whoever can answer a request as the registers would."""

    def svar(self, foresporsel: Foresporsel) -> Raasvar: ...


class RegistreIProsess:
    """Implements ``services.registre.protokoll.Registre``: same questions, same reading of the answers, no network."""

    def __init__(self, befolkning: Befolkning) -> None:
        self._befolkning = befolkning

    def hent(
        self,
        krav: Kontrollkrav,
        fnr: str | None,
        ekstra: Mapping[str, str],
        *,
        traceparent: str | None = None,  # noqa: ARG002
    ) -> SvarDict:
        gang = samtale(krav, fnr, ekstra)
        foresporsler = next(gang)
        while True:
            try:
                foresporsler = gang.send([self._befolkning.svar(f) for f in foresporsler])
            except StopIteration as ferdig:
                return ferdig.value

    def hent_alle(
        self,
        oppslag: Iterable[Oppslag],
        *,
        traceparent: str | None = None,  # noqa: ARG002
        maks_vent_s: float | None = None,  # noqa: ARG002
    ) -> Iterator[tuple[Kontrollkrav, SvarDict | RegisterFeil]]:
        for krav, fnr, ekstra, _ in oppslag:
            try:
                yield krav, self.hent(krav, fnr, ekstra)
            except RegisterFeil as feil:
                yield krav, feil

    def lukk(self) -> None:
        """Nothing is held."""
