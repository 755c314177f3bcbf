"""Was the appeal in time: holidays, leap years, the change of summer time, the change of year."""

from datetime import UTC, date, datetime

import pytest

from domain.bostotte.maned import MANEDLIG
from domain.kalender import er_virkedag, frist_etter, utbetalingsdag
from domain.klage.frist import Rettidighet, klagefrist, vurder
from domain.sak.manedlig import neste_forfall
from services.klokke import i_dag

D = date.fromisoformat


@pytest.mark.parametrize(
    ("varslet", "siste"),
    [
        ("2026-08-03", "2026-08-24"),  # a Monday three weeks on
        ("2026-03-13", "2026-04-07"),  # 3 April is Good Friday, 6 April Easter Monday
        ("2026-04-10", "2026-05-04"),  # 1 May, then a week-end
        ("2026-04-26", "2026-05-18"),  # 17 May is a Sunday
        ("2026-12-04", "2026-12-28"),  # 25 December, the day after, a week-end
        ("2026-04-23", "2026-05-15"),  # 14 May 2026: Ascension Day
    ],
)
def test_tre_uker_og_neste_virkedag(varslet: str, siste: str) -> None:
    assert klagefrist(D(varslet)) == D(siste)
    assert er_virkedag(klagefrist(D(varslet)))
    assert vurder(D(varslet), D(varslet), D(siste), None) is Rettidighet.RETTIDIG
    assert vurder(D(varslet), D(varslet), frist_etter(D(siste), 1), None) is Rettidighet.FOR_SENT


def test_for_sent_med_grunn_er_til_vurdering_og_over_ett_ar_er_det_ikke() -> None:
    vedtatt = D("2024-02-29")
    assert vurder(vedtatt, vedtatt, D("2024-06-01"), "Lå på sykehus.") is Rettidighet.FOR_SENT_MED_GRUNN
    assert vurder(vedtatt, vedtatt, D("2025-02-28"), "Lå på sykehus.") is Rettidighet.FOR_SENT_MED_GRUNN
    assert vurder(vedtatt, vedtatt, D("2025-03-01"), "Lå på sykehus.") is Rettidighet.OVER_ETT_AR
    # Notified late: in time by the notice, and yet too old.
    assert vurder(vedtatt, D("2025-03-01"), D("2025-03-02"), None) is Rettidighet.OVER_ETT_AR


def test_dagen_er_oslos_ogsa_nar_klokken_stilles() -> None:
    """Summer time ends on 25 October 2026: half past eleven at night is another hour in UTC before and after."""
    assert i_dag(datetime(2026, 10, 24, 21, 59, tzinfo=UTC)) == D("2026-10-24")
    assert i_dag(datetime(2026, 10, 24, 22, 0, tzinfo=UTC)) == D("2026-10-25")
    assert i_dag(datetime(2026, 10, 25, 22, 59, tzinfo=UTC)) == D("2026-10-25")
    assert i_dag(datetime(2026, 10, 25, 23, 0, tzinfo=UTC)) == D("2026-10-26")
    varslet = i_dag(datetime(2026, 10, 5, 8, tzinfo=UTC))
    siste = klagefrist(varslet)
    assert siste == D("2026-10-26")
    sist = i_dag(datetime(2026, 10, 26, 22, 59, tzinfo=UTC))
    assert vurder(varslet, varslet, sist, None) is Rettidighet.RETTIDIG
    for_sent = i_dag(datetime(2026, 10, 26, 23, 1, tzinfo=UTC))
    assert vurder(varslet, varslet, for_sent, None) is Rettidighet.FOR_SENT


def test_neste_utbetalingsdag_er_alltid_etter() -> None:
    for dag in (D("2026-01-01"), D("2026-01-19"), D("2026-01-20"), D("2026-12-18"), D("2026-12-31")):
        neste = neste_forfall(MANEDLIG, dag)
        assert neste > dag
        assert neste in {utbetalingsdag(t) for t in ("2025-12", "2026-01", "2026-11", "2026-12")}
