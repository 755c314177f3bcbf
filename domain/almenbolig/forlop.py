"""The tables of a commitment's treatments. None stands in the way of another in the same month: what is booked rests on
where the account stands, not on which treatment came first."""

from domain.sak.forlop import SOKNAD, Forlop, Overgang
from domain.sak.planlagt import KALENDER

_VENTER = "venter"


def _uden(overganger: tuple[Overgang, ...], *handlinger: str) -> tuple[Overgang, ...]:
    """Without waiting for an applicant, whom a commitment does not have, and without these moves."""
    return tuple(o for o in overganger if _VENTER not in (o.fra, o.til) and o.handling not in handlinger)


SKEMA = Forlop(
    navn="skema",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=_uden(SOKNAD.overganger, "fatt_vedtak"),
    opptar_maneden=False,
)
"""Commitment, project approval, accounts: two people of the municipality, and never the machine alone."""

MELDING = Forlop(
    navn="melding",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=_uden(SOKNAD.overganger),
    opptar_maneden=False,
)
"""What is reported about loan and budget: booked by the machine when it fits, else looked at by people."""

KALENDERSKRIDT = Forlop(
    navn="kalenderskridt",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"kontroll"}),
    overganger=_uden(KALENDER.overganger, "trekk"),
    opptar_maneden=False,
)
"""What the calendar brings. It cannot be withdrawn: the account would stand still."""
