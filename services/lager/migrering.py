"""Bring a database to the newest version: roles first, then Alembic as the owner."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from services.lager import roller

MAPPE = Path(__file__).parent / "migrasjoner"


def alembic_oppsett() -> Config:
    oppsett = Config()
    oppsett.set_main_option("script_location", str(MAPPE))
    return oppsett


def oppgrader(database_url: str) -> None:
    """Create the roles where they are missing and run every outstanding migration as ``boligsak_eier``.

    ``database_url``: a role that may create roles (the embedded superuser, or the owner's own login).
    A lock time-out keeps a migration from queueing behind a long transaction.
    """
    motor = create_engine(roller.sqlalchemy_url(database_url), connect_args={"connect_timeout": 5})
    try:
        with motor.begin() as forbindelse:
            roller.opprett(forbindelse)
        with motor.connect() as forbindelse:
            forbindelse.exec_driver_sql(f"SET ROLE {roller.EIER}")
            forbindelse.exec_driver_sql("SET lock_timeout = '5s'")
            forbindelse.commit()
            oppsett = alembic_oppsett()
            oppsett.attributes["forbindelse"] = forbindelse
            command.upgrade(oppsett, "head")
            forbindelse.commit()
    finally:
        motor.dispose()
