"""The database roles and how each process logs in as its own."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from services.innstillinger import innstillinger

EIER = "boligsak_eier"


class DbRolle(StrEnum):
    """One login a kind of process. None of them owns a table; KJORING and REVISOR bypass row-level security."""

    API = "boligsak_api"
    ARBEIDER = "boligsak_arbeider"
    KJORING = "boligsak_kjoring"
    REVISOR = "boligsak_revisor"
    """Verifies; may only read."""
    BEVARING = "boligsak_bevaring"
    """Erases what has been kept long enough, and sets legal holds."""


def _hemmelighet() -> bytes:
    """The secret that the roles' passwords are made from: ``BOLIGSAK_DB_HEMMELIGHET_FIL``, or a local file."""
    oppgitt = os.environ.get("BOLIGSAK_DB_HEMMELIGHET_FIL")
    fil = Path(oppgitt) if oppgitt else innstillinger().rot / "nokler" / "database"
    if not fil.exists():
        if innstillinger().miljo == "prod":
            raise RuntimeError("BOLIGSAK_DB_HEMMELIGHET_FIL må peke på en fil når BOLIGSAK_MILJO=prod")
        fil.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ny = fil.with_suffix(f".{os.getpid()}")
        ny.touch(mode=0o600)
        ny.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):  # another process was first: its file counts, and it is whole
            os.link(ny, fil)
        ny.unlink()
    return fil.read_bytes()


def passord(rolle: DbRolle) -> str:
    return hmac.new(_hemmelighet(), rolle.value.encode(), hashlib.sha256).hexdigest()


def opprett(forbindelse: Connection) -> None:
    """Create or renew the roles; safe to repeat, also from two processes at once."""
    forbindelse.execute(text("SELECT pg_advisory_xact_lock(hashtext('boligsak.roller'))"))
    finnes = set(forbindelse.scalars(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'boligsak_%'")))
    if EIER not in finnes:
        forbindelse.exec_driver_sql(f"CREATE ROLE {EIER} NOLOGIN")
    forbindelse.exec_driver_sql(f"GRANT {EIER} TO CURRENT_USER")
    database = forbindelse.dialect.identifier_preparer.quote(
        forbindelse.scalar(text("SELECT current_database()"))
    )
    forbindelse.exec_driver_sql(f"GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {database} TO {EIER}")
    forbindelse.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA public TO {EIER}")
    for rolle in DbRolle:
        verb = "ALTER" if rolle.value in finnes else "CREATE"
        omgar = "BYPASSRLS" if rolle in (DbRolle.KJORING, DbRolle.REVISOR) else "NOBYPASSRLS"
        forbindelse.exec_driver_sql(
            f"{verb} ROLE {rolle.value} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {omgar} PASSWORD '{passord(rolle)}'"
        )
        forbindelse.exec_driver_sql(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {rolle.value}")


def sqlalchemy_url(url: str) -> str:
    """The same address for SQLAlchemy with psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def url_for(rolle: DbRolle, database_url: str) -> str:
    """The address with the role's own login. ``BOLIGSAK_DATABASE_URL_API`` etc. override it."""
    egen = os.environ.get("BOLIGSAK_DATABASE_URL_" + rolle.name)
    if egen:
        return sqlalchemy_url(egen)
    url = make_url(database_url).set(username=rolle.value, password=passord(rolle))
    return sqlalchemy_url(url.render_as_string(hide_password=False))
