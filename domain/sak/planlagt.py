"""Treatments that begin by themselves on a day: what a decision sets going, and the table they follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.sak.forlop import FRIST_UTE, SOKNAD, Forlop, Overgang, Rolle

PLANLAGT = "planlagt"
"""The state in which a treatment waits for its day. It stands in nobody's way meanwhile."""
_SYSTEM = frozenset({Rolle.SYSTEM})


@dataclass(frozen=True, slots=True)
class Planlagt:
    """A treatment that begins on ``dag``. One of the same cause and month that is open already is not made again.

    ``innhold``: what it has in place of an application; personal data is allowed. ``rang``: among those of one day,
    the lowest first (0–59).
    """

    arsak: str
    termin: str
    dag: date
    innhold: Mapping[str, Any]
    rang: int = 0


KALENDER = Forlop(
    navn="kalender",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"kontroll"}),
    overganger=(
        Overgang("opprettet", "planlegg", PLANLAGT, _SYSTEM),
        Overgang(PLANLAGT, "frist_ut", "kontroll", _SYSTEM, (FRIST_UTE,)),
        Overgang(PLANLAGT, "bortfall", "henlagt", _SYSTEM),
        *(o for o in SOKNAD.overganger if o.fra != "opprettet"),
    ),
    opptar_maneden=False,
)
"""Waits for its day, then goes on as an application does."""
