"""The month as the law counts it: pay days, deadlines, holidays, leap years, the clocks of October."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kalender import (
    er_virkedag,
    neste_termin,
    soknadsfrist,
    utbetalingsdag,
    virkedag_etter,
    virkedag_for,
)
from services.klokke import i_dag

TERMINER = st.builds("{:04d}-{:02d}".format, st.integers(2017, 2060), st.integers(1, 12))
DAGER = st.dates(date(2017, 1, 1), date(2060, 12, 31))


def paskedag(ar: int) -> date:
    """Easter Sunday by the anonymous Gregorian algorithm, independent of the package that knows the holidays."""
    a, (b, c) = ar % 19, divmod(ar, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    maned, dag = divmod(h + m - 7 * n + 114, 31)
    return date(ar, maned, dag + 1)


@pytest.mark.parametrize(
    ("termin", "dag", "hvorfor"),
    [
        ("2024-01", "2024-02-20", "a Tuesday"),
        ("2024-03", "2024-04-19", "the 20th is a Saturday"),
        ("2026-08", "2026-09-18", "the 20th is a Sunday"),
        ("2024-04", "2024-05-16", "the 20th is Whit Monday, then a weekend, then Constitution Day"),
        ("2025-03", "2025-04-16", "the 20th is Easter Sunday: back past Good Friday and Maundy Thursday"),
        ("2030-03", "2030-04-17", "the 20th is Holy Saturday"),
        ("2024-11", "2024-12-20", "a Friday before Christmas"),
        ("2025-12", "2026-01-20", "over the turn of the year"),
    ],
)
def test_utbetalingsdag(termin, dag, hvorfor):
    assert utbetalingsdag(termin) == date.fromisoformat(dag), hvorfor


@given(TERMINER)
def test_det_betales_en_virkedag_i_maneden_etter_og_aldri_etter_den_tjuende(termin):
    dag = utbetalingsdag(termin)
    assert er_virkedag(dag)
    assert f"{dag:%Y-%m}" == neste_termin(termin)
    assert 13 <= dag.day <= 20
    tjuende = dag.replace(day=20)
    mellom = [dag + timedelta(days=d) for d in range(1, (tjuende - dag).days + 1)]
    assert not any(er_virkedag(d) for d in mellom)


@given(DAGER)
def test_virkedager_for_og_etter(dag):
    assert virkedag_for(dag) <= dag <= virkedag_etter(dag)
    assert er_virkedag(virkedag_for(dag))
    assert er_virkedag(virkedag_etter(dag))
    if er_virkedag(dag):
        assert virkedag_for(dag) == dag == virkedag_etter(dag)


@given(st.integers(2017, 2060))
def test_de_bevegelige_helligdagene(ar):
    paske = paskedag(ar)
    for fra_paske in (-3, -2, 0, 1, 39, 49, 50):
        assert not er_virkedag(paske + timedelta(days=fra_paske)), fra_paske
    for fast in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)):
        assert not er_virkedag(date(ar, *fast))
    assert er_virkedag(paske - timedelta(days=4))  # the Wednesday before


@given(TERMINER, st.integers(-60, 60))
def test_terminer_telles_frem_og_tilbake(termin, antall):
    assert neste_termin(neste_termin(termin, antall), -antall) == termin
    assert (neste_termin(termin, antall) > termin) == (antall > 0)


@pytest.mark.parametrize(
    ("termin", "antall", "neste"),
    [
        ("2024-12", 1, "2025-01"),
        ("2024-01", -1, "2023-12"),
        ("2024-02", 12, "2025-02"),
        ("2025-11", 14, "2027-01"),
    ],
)
def test_arsskifte(termin, antall, neste):
    assert neste_termin(termin, antall) == neste


def test_skuddar():
    assert virkedag_for(date(2024, 2, 29)) == date(2024, 2, 29)
    assert virkedag_etter(date(2024, 2, 29) + timedelta(days=1)) == date(2024, 3, 1)
    assert er_virkedag(date(2028, 2, 29))
    assert utbetalingsdag("2024-02") == date(2024, 3, 20)


@pytest.mark.parametrize(
    ("termin", "digital", "papir"),
    [
        ("2024-05", "2024-05-25", "2024-05-27"),  # a Saturday
        ("2026-12", "2026-12-25", "2026-12-28"),  # Christmas Day on a Friday
        ("2024-03", "2024-03-25", "2024-03-25"),
        ("2032-03", "2032-03-25", "2032-03-30"),  # Maundy Thursday
    ],
)
def test_soknadsfrist(termin, digital, papir):
    assert soknadsfrist(termin) == date.fromisoformat(digital)
    assert soknadsfrist(termin, papir=True) == date.fromisoformat(papir)


@pytest.mark.parametrize(
    ("utc", "dag"),
    [
        # Summer time: Norway is two hours ahead, so the 26th begins at 22:00 UTC; from the end of October at 23:00.
        ("2024-10-25T21:59:59", "2024-10-25"),
        ("2024-10-25T22:00:00", "2024-10-26"),
        ("2024-10-27T00:59:59", "2024-10-27"),  # 02:59:59 for the first time
        ("2024-10-27T01:00:00", "2024-10-27"),  # 02:00:00 for the second time
        ("2024-10-27T22:30:00", "2024-10-27"),
        ("2024-10-27T23:00:00", "2024-10-28"),
        ("2024-03-31T00:59:59", "2024-03-31"),  # the hour that is not there
        ("2024-02-29T22:59:59", "2024-02-29"),
        ("2024-02-29T23:00:00", "2024-03-01"),
        ("2024-12-31T23:00:00", "2025-01-01"),
    ],
)
def test_lovens_dag_er_norsk(utc, dag):
    assert i_dag(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == date.fromisoformat(dag)
