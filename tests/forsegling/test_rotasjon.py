"""Rotation of the wrapping key over real rows: in batches, stopped half-way, beside destroyed keys."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from services.forsegling import Forsegler, rotasjon
from services.forsegling.nokkelfil import Nokler
from services.lager.roller import sqlalchemy_url

K1, K2, OPPSLAG = (bytes([n]) * 32 for n in (1, 2, 3))
GAMMEL = Forsegler(Nokler("k1", {"k1": K1}, OPPSLAG))
NY = Forsegler(Nokler("k2", {"k1": K1, "k2": K2}, OPPSLAG))
BARE_NY = Forsegler(Nokler("k2", {"k2": K2}, OPPSLAG))
AAD = b"person.fnr"


@pytest.fixture
def motor(rydd: str) -> Iterator[Engine]:
    motor = create_engine(sqlalchemy_url(rydd))
    yield motor
    motor.dispose()


@pytest.fixture
def personer(motor: Engine) -> dict[uuid.UUID, bytes]:
    """23 persons, one with a destroyed key; the sealed number by id."""
    rader = []
    for nr in range(23):
        kek, nokkel = GAMMEL.ny_nokkel()
        forseglet = GAMMEL.pakk_ut(nokkel).forsegle(b"%011d" % nr, AAD)
        rader.append({"id": uuid.uuid4(), "o": b"%d" % nr, "f": forseglet, "n": nokkel, "k": kek})
    rader[7] |= {"f": None, "n": None}
    with motor.begin() as forbindelse:
        forbindelse.execute(
            text("INSERT INTO person (id, oppslag, fnr, nokkel, nokkel_kek) VALUES (:id, :o, :f, :n, :k)"),
            rader,
        )
    return {rad["id"]: rad["f"] for rad in rader if rad["n"]}  # type: ignore[misc]


def apnet(motor: Engine, forsegler: Forsegler) -> set[bytes]:
    with motor.begin() as forbindelse:
        rader = forbindelse.execute(text("SELECT fnr, nokkel FROM person WHERE nokkel IS NOT NULL"))
        return {forsegler.pakk_ut(bytes(n)).apne(bytes(f), AAD) for f, n in rader}


def test_every_key_is_moved_and_content_is_untouched(motor: Engine, personer: dict[uuid.UUID, bytes]) -> None:
    for_ = apnet(motor, GAMMEL)
    assert list(rotasjon.roter(motor, NY, porsjon=10)) == [("person", 10), ("person", 10), ("person", 2)]
    assert apnet(motor, BARE_NY) == for_
    with motor.begin() as forbindelse:
        fnr = dict(forbindelse.execute(text("SELECT id, fnr FROM person WHERE fnr IS NOT NULL")).all())  # type: ignore[arg-type]
    assert {k: bytes(v) for k, v in fnr.items()} == personer
    assert rotasjon.status(motor) == [("person", "k2", 22), ("person", None, 1)]
    assert list(rotasjon.roter(motor, NY)) == []


def test_a_run_that_was_stopped_goes_on(motor: Engine, personer: dict[uuid.UUID, bytes]) -> None:
    forste = rotasjon.roter(motor, NY, porsjon=5)
    assert next(forste) == ("person", 5)
    forste.close()
    assert rotasjon.status(motor) == [("person", "k1", 17), ("person", "k2", 5), ("person", None, 1)]
    assert len(apnet(motor, NY)) == 22
    assert sum(antall for _, antall in rotasjon.roter(motor, NY)) == 17
    assert len(apnet(motor, BARE_NY)) == 22


def test_keys_of_the_inbox_are_moved_too(motor: Engine) -> None:
    kek, nokkel = GAMMEL.ny_nokkel()
    with motor.begin() as forbindelse:
        forbindelse.execute(
            text(
                "INSERT INTO innboks (id, kilde, ekstern_id, type, status, kropp_hash, nokkel, nokkel_kek)"
                " VALUES (:id, 'k', '1', 't', 'avvist', '', :n, :k)"
            ),
            {"id": uuid.uuid4(), "n": nokkel, "k": kek},
        )
    assert list(rotasjon.roter(motor, NY)) == [("innboks", 1)]
    assert rotasjon.status(motor) == [("innboks", "k2", 1)]
