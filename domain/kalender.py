"""Working days, Norwegian unless another country is named, and the month as the law counts it."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

UTBETALINGSDAG = 20


LAND = "NO"


@lru_cache
def _helligdager(ar: int, land: str) -> frozenset[date]:
    return frozenset(holidays.country_holidays(land, years=ar))


def er_virkedag(dag: date, land: str = LAND) -> bool:
    """Neither Saturday, Sunday nor a public holiday."""
    return dag.weekday() < 5 and dag not in _helligdager(dag.year, land)


def virkedag_for(dag: date, land: str = LAND) -> date:
    """The day itself, or the working day before."""
    while not er_virkedag(dag, land):
        dag -= timedelta(days=1)
    return dag


def virkedag_etter(dag: date) -> date:
    """The day itself, or the working day after (a deadline that ends on a holiday, forvaltningsloven § 30)."""
    while not er_virkedag(dag):
        dag += timedelta(days=1)
    return dag


def frist_etter(dag: date, dager: int) -> date:
    """The last day of a deadline of so many days from ``dag``; one that would end on a day off ends on the next
    working day (forvaltningsloven § 30)."""
    return virkedag_etter(dag + timedelta(days=dager))


def ar_etter(dag: date, antall: int) -> date:
    """The same day so many years later; of 29 February the last day of February."""
    try:
        return dag.replace(year=dag.year + antall)
    except ValueError:
        return dag.replace(year=dag.year + antall, day=28)


def neste_termin(termin: str, antall: int = 1) -> str:
    """``YYYY-MM`` so many months later (earlier when negative)."""
    maneder = int(termin[:4]) * 12 + int(termin[5:]) - 1 + antall
    return f"{maneder // 12}-{maneder % 12 + 1:02d}"


@lru_cache
def utbetalingsdag(termin: str) -> date:
    """The 20th of the month after, or the working day before (forskrift om bustøtte § 13)."""
    return virkedag_for(date.fromisoformat(f"{neste_termin(termin)}-{UTBETALINGSDAG}"))


def soknadsfrist(termin: str, *, papir: bool = False) -> date:
    """The 25th; on paper the next working day if that is closed (forskrift om bustøtte § 9)."""
    dag = date.fromisoformat(f"{termin}-25")
    return virkedag_etter(dag) if papir else dag
