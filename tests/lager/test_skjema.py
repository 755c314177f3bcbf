"""The migrations and the SQLModel classes say the same; every table with case data is guarded."""

import importlib
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlmodel import SQLModel

import services.lager
from services.lager.roller import sqlalchemy_url

pytestmark = pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")

UTEN_SAK = {"alembic_version", "kjoring", "kjoring_bit", "kjoring_omfang", "statistikk"}
"""Tables that hold no case's data: the run's own book-keeping, by counts and hashes, and published figures."""


def _fyll_metadata() -> None:
    for modul in pkgutil.iter_modules(services.lager.__path__):
        if modul.name.startswith("tabeller"):
            importlib.import_module(f"services.lager.{modul.name}")


def _er_del_av_skjema(
    objekt: object, navn: str | None, slag: str, reflektert: bool, sammenlignet: object
) -> bool:
    if slag in {"index", "unique_constraint", "foreign_key_constraint"}:
        return False  # kept in SQL alone, where partial indexes and policies live
    return not (slag == "table" and str(navn).startswith("hendelse_"))


def test_migrasjoner_og_modeller_er_like(database: str) -> None:
    _fyll_metadata()
    motor = create_engine(sqlalchemy_url(database))
    with motor.connect() as forbindelse:
        sammenligning = MigrationContext.configure(
            forbindelse, opts={"include_object": _er_del_av_skjema, "compare_type": True}
        )
        ulikt = compare_metadata(sammenligning, SQLModel.metadata)
    motor.dispose()
    viktig = [u for u in ulikt if not (isinstance(u, list) and u[0][0] == "modify_default")]
    assert [u for u in viktig if "xid8" not in str(u)] == []


def test_alle_tabeller_med_saksdata_har_radvern(database: str) -> None:
    motor = create_engine(sqlalchemy_url(database))
    with motor.connect() as forbindelse:
        tabeller = set(inspect(forbindelse).get_table_names())
        uten = set(
            forbindelse.scalars(
                text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relrowsecurity")
            )
        )
        kolonner = {t: {k["name"] for k in inspect(forbindelse).get_columns(t)} for t in tabeller}
    motor.dispose()
    # A partition is reached through its parent alone: nobody is granted anything on it.
    assert {
        t
        for t in uten & {t for t, k in kolonner.items() if k & {"sak_id", "kommunenummer"}}
        if not t.startswith("hendelse_")
    } - UTEN_SAK == set()
