"""Cases that ask for money, written straight into the tables: what they are about is nothing to a frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.feil import er_forbigaende
from services.ramme import bok
from services.ramme.bok import Krav, Rammenokkel
from tests.tillit.conftest import superbruker

TID = datetime(2026, 9, 10, 8, tzinfo=UTC)
OSLO = Rammenokkel("prove", 2026, "lån", "0301")


@contextmanager
def transaksjonen() -> Iterator[Connection]:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        yield forbindelse


def saker(database: str, antall: int, kommunenummer: str = "0301") -> list[tuple[UUID, UUID]]:
    """(case, treatment) of so many new applicants."""
    ut = []
    with superbruker(database) as forbindelse:
        for _ in range(antall):
            person, sak, behandling = ny_id(), ny_id(), ny_id()
            forbindelse.execute("INSERT INTO person (id, oppslag) VALUES (%s, %s)", [person, person.bytes])
            forbindelse.execute(
                "INSERT INTO sak (id, ordning, kommunenummer, hovedperson) VALUES (%s, 'prove', %s, %s)",
                [sak, kommunenummer, person],
            )
            forbindelse.execute(
                "INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand)"
                " VALUES (%s, %s, 1, %s, 'x', 'x', '2026-09', 'x')",
                [behandling, sak, kommunenummer],
            )
            ut.append((sak, behandling))
    return ut


def krav(
    sak: tuple[UUID, UUID], belop: int, *, minutt: int = 0, prioritet: int = 0, nokkel: Rammenokkel = OSLO
) -> Krav:
    return Krav(nokkel, sak[0], sak[1], belop, TID + timedelta(minutes=minutt), prioritet)


def fyll(belop: int, nokkel: Rammenokkel = OSLO) -> None:
    with transaksjonen() as forbindelse:
        bok.tildel(forbindelse, nokkel, belop, aktor="kasse", grunn="lanedokument", tid=TID)


def be_om(*alle: Krav) -> set[UUID]:
    """Asked again as a worker does, when the queue for the lock was too long for the moment."""
    for _ in range(20):
        try:
            with transaksjonen() as forbindelse:
                return bok.bind(forbindelse, alle, TID)
        except DBAPIError as feil:
            if not er_forbigaende(feil):
                raise
    raise AssertionError("the lock never came free")


def sum_av(nokkel: Rammenokkel = OSLO) -> tuple[int, int, int]:
    """(tildelt, bundet, utbetalt)"""
    with transaksjonen() as forbindelse:
        ramme = bok.finn(forbindelse, nokkel)
        assert ramme
        return ramme.tildelt, ramme.bundet, ramme.utbetalt


def status(*behandlinger: UUID) -> list[str]:
    with transaksjonen() as forbindelse:
        sporring = text("SELECT behandling_id, status FROM rammekrav WHERE behandling_id = ANY(:b)")
        funnet = {r.behandling_id: r.status for r in forbindelse.execute(sporring, {"b": list(behandlinger)})}
    return [funnet[b] for b in behandlinger]
