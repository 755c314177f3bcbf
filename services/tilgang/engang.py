"""One-time tokens: a token with the scope ``boligsak:engang`` is good for one request
(docs/adr/0011-tokens.md).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, text

ENGANG = "boligsak:engang"

_BRUK = text("INSERT INTO brukt_token (nokkel, utloper) VALUES (:nokkel, :utloper) ON CONFLICT DO NOTHING")
_RYDD = text("DELETE FROM brukt_token WHERE utloper < now()")


class BrukteToken(Protocol):
    """Remembers which one-time tokens have been used, for as long as they are valid."""

    def forste_gang(self, nokkel: bytes, utloper: datetime) -> bool:
        """True exactly once for a key (32 bytes), however many ask at the same instant."""
        ...


class BrukteIPostgres:
    """Table ``brukt_token (nokkel bytea primary key, utloper timestamptz)``.

    ``apne`` opens a transaction of its own, committed at the end: a request that fails later has still used
    its token.
    """

    def __init__(self, apne: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._apne = apne

    def forste_gang(self, nokkel: bytes, utloper: datetime) -> bool:
        with self._apne() as forbindelse:
            return forbindelse.execute(_BRUK, {"nokkel": nokkel, "utloper": utloper}).rowcount == 1


def rydd(forbindelse: Connection) -> int:
    """Forget tokens that have expired; gives how many."""
    return forbindelse.execute(_RYDD).rowcount
