"""Used one-time tokens in PostgreSQL: one of many simultaneous uses wins."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, text

from services.lager.roller import sqlalchemy_url
from services.tilgang.engang import BrukteIPostgres, rydd

SENERE = datetime.now(UTC) + timedelta(hours=2)


@pytest.fixture
def motor(database: str) -> Iterator[Engine]:
    motor = create_engine(sqlalchemy_url(database))
    with motor.begin() as forbindelse:
        forbindelse.execute(
            text(
                "CREATE TABLE IF NOT EXISTS brukt_token (nokkel bytea PRIMARY KEY, utloper timestamptz NOT NULL)"
            )
        )
    yield motor
    motor.dispose()


def test_first_use_wins_and_only_once(motor: Engine) -> None:
    brukte = BrukteIPostgres(motor.begin)
    assert brukte.forste_gang(b"a" * 32, SENERE)
    assert not brukte.forste_gang(b"a" * 32, SENERE)
    with ThreadPoolExecutor(8) as folk:
        vant = list(folk.map(lambda _: brukte.forste_gang(b"b" * 32, SENERE), range(20)))
    assert sum(vant) == 1


def test_expired_ones_are_forgotten(motor: Engine) -> None:
    brukte = BrukteIPostgres(motor.begin)
    assert brukte.forste_gang(b"c" * 32, datetime.now(UTC) - timedelta(seconds=1))
    assert brukte.forste_gang(b"d" * 32, SENERE)
    with motor.begin() as forbindelse:
        assert rydd(forbindelse) == 1
        assert rydd(forbindelse) == 0
    assert not brukte.forste_gang(b"d" * 32, SENERE)
