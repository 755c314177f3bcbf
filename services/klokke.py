"""The clock of everything with I/O. ``domain/`` gets times as arguments."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def na() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


def i_dag(tid: datetime) -> date:
    """The legal date of a time."""
    return tid.astimezone(OSLO).date()


def siste_oyeblikk(dag: date) -> datetime:
    """The end of a legal day: until then an answer is in time."""
    return datetime.combine(dag, time(23, 59, 59), OSLO)
