"""Databases of a test's own, copied from one migrated template."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from services.lager.migrering import oppgrader

MAL = f"boligsak_mal_{uuid.uuid4().hex[:8]}"
"""The template: of this run alone, so that two runs on one given server do not meet."""
BEVARES = {"alembic_version"}


def med_database(url: str, navn: str) -> str:
    """The same server, another database."""
    return make_url(url).set(database=navn).render_as_string(hide_password=False)


def _utfor(url: str, setning: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as forbindelse:
        forbindelse.execute(setning)


def lag_mal(url: str) -> None:
    """Create the template database and migrate it."""
    _utfor(url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(MAL)))
    oppgrader(med_database(url, MAL))


def slett(url: str, navn: str) -> None:
    """Drop a database, with whoever is connected to it."""
    _utfor(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(navn)))


@contextmanager
def kopi(url: str, hint: str) -> Iterator[str]:
    """The url of a new migrated database, dropped again at the end. `hint` goes into its name."""
    navn = f"t_{re.sub(r'[^a-z0-9]+', '_', hint.lower())[-30:]}_{uuid.uuid4().hex[:8]}"
    _utfor(
        url,
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(navn), sql.Identifier(MAL)),
    )
    try:
        yield med_database(url, navn)
    finally:
        slett(url, navn)


def tom(url: str) -> None:
    """Empty every table. As superuser with triggers off: the audit refuses it to everybody else."""
    with psycopg.connect(url) as forbindelse:
        tabeller = [
            rad[0]
            for rad in forbindelse.execute(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition"
            )
            if rad[0] not in BEVARES
        ]
        forbindelse.execute("set local session_replication_role = replica")
        forbindelse.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
                sql.SQL(", ").join(map(sql.Identifier, tabeller))
            )
        )
