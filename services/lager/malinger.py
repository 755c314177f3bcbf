"""What the nightly controls came to, one row a control."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text

Slag = Literal["anker", "replay"]


@dataclass(frozen=True, slots=True)
class Maling:
    """``antall``: cases anchored, or decisions computed again, those whose person is erased (``utelatt``) apart."""

    tid: datetime
    antall: int
    utelatt: int
    avvik: int
    sekunder: float


_INN = text("""
    INSERT INTO tillitsmaling (slag, tid, antall, utelatt, avvik, sekunder)
    VALUES (:slag, :tid, :antall, :utelatt, :avvik, :sekunder)
""")
_SISTE = text("""
    SELECT DISTINCT ON (slag) slag, tid, antall, utelatt, avvik, sekunder FROM tillitsmaling
    ORDER BY slag, tid DESC, id DESC
""")


def skriv(forbindelse: Connection, slag: Slag, maling: Maling) -> None:
    forbindelse.execute(
        _INN,
        {
            "slag": slag,
            "tid": maling.tid,
            "antall": maling.antall,
            "utelatt": maling.utelatt,
            "avvik": maling.avvik,
            "sekunder": maling.sekunder,
        },
    )


def siste(forbindelse: Connection) -> Mapping[str, Maling]:
    """The newest of each kind, for a session that sees the whole country."""
    return {r.slag: Maling(*r[1:]) for r in forbindelse.execute(_SISTE)}
