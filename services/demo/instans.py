"""Servers, database, queue and processes of the demo's own, so that it meets nothing else that runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

from services.innebygd import Adresser, Servere
from services.innebygd.oppsett import Oppsett, prosesser
from services.innebygd.port import finn_ledig
from services.innebygd.prosesser import Oppsyn
from services.lager.migrering import oppgrader

INSTANS = "demo"
_DATABASE = "boligsak_demo_"


class DemoFeil(RuntimeError):
    """The demo cannot run on the servers given; the text says why."""


@contextmanager
def servere() -> Iterator[tuple[Adresser, Servere]]:
    """A migrated database and an empty queue for this run alone; both are gone at the end.

    Errors: InstansOpptatt, PostgresFeil, ValkeyFeil, DemoFeil.
    """
    verter = Servere(INSTANS)
    funnet = verter.start()
    try:
        with (
            _database(funnet.database_url, egen_server=verter.postgres is not None) as database_url,
            _ko(funnet.broker_url) as broker_url,
        ):
            oppgrader(database_url)
            try:
                yield Adresser(database_url, broker_url), verter
            finally:
                verter.start()  # one that was killed last must be there to be cleaned up
    finally:
        verter.stopp()


@contextmanager
def kjorende(adresser: Adresser, verter: Servere, arbeidere: int) -> Iterator[tuple[Oppsett, Oppsyn]]:
    """API, workers, relay, beat and register simulator on free ports, supervised. Errors: OppstartFeil."""
    oppsett = Oppsett(
        api_port=finn_ledig(),
        register_port=finn_ledig(),
        arbeidere=arbeidere,
        trader=4,
        malinger=verter.mappe / "malinger",
        miljo={
            "BOLIGSAK_KJORING_NATT_FRA_DAG": "32",  # no monthly run in between, whatever the clock says
            "BOLIGSAK_FEIER_ETTER_S": "10",  # somebody sits and waits for what a killed process leaves
        },
    )
    oppsyn = Oppsyn(verter.mappe, verter=verter)
    try:
        oppsyn.start(*prosesser(oppsett, adresser))
        yield oppsett, oppsyn
    finally:
        oppsyn.stopp()


@contextmanager
def _database(url: str, *, egen_server: bool) -> Iterator[str]:
    """A new database on the server. On a server of our own, what a killed run left behind is dropped first."""
    navn = _DATABASE + uuid4().hex[:8]
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as forbindelse:
            if egen_server:
                for (gammel,) in forbindelse.execute(
                    "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (_DATABASE,)
                ).fetchall():
                    _slett(forbindelse, gammel)
            forbindelse.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(navn)))
    except psycopg.Error as feil:
        raise DemoFeil(f"BOLIGSAK_DATABASE_URL: cannot create a database for the demo: {feil}") from None
    try:
        yield make_url(url).set(database=navn).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as forbindelse:
            _slett(forbindelse, navn)


def _slett(forbindelse: psycopg.Connection, navn: str) -> None:
    forbindelse.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(navn)))


@contextmanager
def _ko(url: str) -> Iterator[str]:
    """The highest numbered database of the broker that is empty; it is emptied again at the end."""
    for nr in range(15, -1, -1):
        adresse = make_url(url).set(database=str(nr)).render_as_string(hide_password=False)
        klient = redis.Redis.from_url(adresse, socket_timeout=5)
        try:
            if _er_tom(klient):
                yield adresse
                klient.flushdb()
                return
        finally:
            klient.close()
    raise DemoFeil("BOLIGSAK_BROKER_URL: no database of the broker is empty")


def _er_tom(klient: redis.Redis) -> bool:
    try:
        return klient.dbsize() == 0
    except redis.ResponseError:  # so many databases it has not
        return False
    except redis.ConnectionError as feil:
        raise DemoFeil(f"BOLIGSAK_BROKER_URL: {type(feil).__name__}") from None
