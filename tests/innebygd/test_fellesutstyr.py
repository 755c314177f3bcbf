"""The shared fixtures: a database of one's own, and emptying it."""

import psycopg
from sqlalchemy import text

from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon


def test_the_process_looks_into_the_modules_own_database(database: str) -> None:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        navn, bruker = forbindelse.execute(text("select current_database(), current_user")).one()
    assert database.rsplit("/", 1)[1] == navn
    assert bruker == "boligsak_arbeider"


def test_1_the_audit_can_be_emptied_between_tests(rydd: str) -> None:
    _skriv(rydd)
    assert _antall(rydd) == 1


def test_2_the_audit_can_be_emptied_between_tests(rydd: str) -> None:
    _skriv(rydd)
    assert _antall(rydd) == 1


def _skriv(url: str) -> None:
    with psycopg.connect(url) as forbindelse:
        forbindelse.execute("create table if not exists prove_rydd (n int)")
        forbindelse.execute("insert into prove_rydd values (1)")


def _antall(url: str) -> object:
    with psycopg.connect(url) as forbindelse:
        rad = forbindelse.execute("select count(*) from prove_rydd").fetchone()
    return rad and rad[0]
