"""Writes that wait: a transaction over many cases sends each kind of statement once, with all its rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, TextClause

Rader = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Skriver(Protocol):
    """Whoever takes a write: a connection does it at once, a ``Skrivebord`` when it is emptied."""

    def execute(self, statement: TextClause, parameters: Rader, /) -> Any: ...


class Skrivebord:
    """Collects writes in the order their statements are first seen, which is the order of the foreign keys.

    A statement here must not be one whose answer is needed.
    """

    def __init__(self, forbindelse: Connection) -> None:
        self._forbindelse = forbindelse
        self._ko: dict[TextClause, list[Mapping[str, Any]]] = {}
        self._sak: list[tuple[TextClause, Rader]] | None = None

    def execute(self, statement: TextClause, parameters: Rader, /) -> None:
        if self._sak is None:
            self._legg(statement, parameters)
        else:
            self._sak.append((statement, parameters))

    def _legg(self, setning: TextClause, parametre: Rader) -> None:
        rader = self._ko.setdefault(setning, [])
        if isinstance(parametre, Mapping):
            rader.append(parametre)
        else:
            rader.extend(parametre)

    @contextmanager
    def en_sak(self) -> Iterator[None]:
        """What is written within counts as a whole: an error leaves nothing of it, and the other cases as they are."""
        self._sak = []
        try:
            yield
            skrevet, self._sak = self._sak, None
            for setning, parametre in skrevet:
                self._legg(setning, parametre)
        finally:
            self._sak = None

    def tom(self) -> None:
        """Send everything."""
        for setning, rader in self._ko.items():
            self._forbindelse.execute(setning, rader)
        self._ko.clear()
