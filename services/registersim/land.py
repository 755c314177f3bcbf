"""A whole country behind the simulator: people and dwellings made when they are asked for."""

from typing import Any, Protocol

from services.registersim.person import Bolignummer, Person


class Land(Protocol):
    """Whoever knows a country's people, e.g. ``services.kjoring.befolkning_register.Register``."""

    def person(self, fnr: str) -> Person | None: ...

    def beboere(self, nummer: Bolignummer) -> set[str]:
        """Everyone registered at a dwelling; empty when there is none."""
        ...


class Personlager(dict[str, Person]):
    """People registered one by one first, then the country's."""

    def __init__(self, land: Land) -> None:
        self._land = land

    def get(self, fnr: str, ellers: Any = None) -> Any:
        return super().get(fnr) or self._land.person(fnr) or ellers

    def __contains__(self, fnr: object) -> bool:
        return super().__contains__(fnr) or (isinstance(fnr, str) and self._land.person(fnr) is not None)


class Beboerlager(dict[Bolignummer, set[str]]):
    def __init__(self, land: Land) -> None:
        self._land = land

    def get(self, nummer: Bolignummer, ellers: Any = None) -> Any:
        return super().get(nummer, set()) | self._land.beboere(nummer) or ellers

    def __contains__(self, nummer: object) -> bool:
        return super().__contains__(nummer) or (
            isinstance(nummer, Bolignummer) and bool(self._land.beboere(nummer))
        )
