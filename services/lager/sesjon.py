"""The one place where the database session learns who asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from services.innebygd import adresser
from services.lager.roller import DbRolle, url_for

ALLE = "*"

_SETT = text(
    "SELECT set_config('boligsak.kommuner', :kommuner, true), set_config('boligsak.klarert', :klarert, true),"
    " set_config('boligsak.aktor', :aktor, true)"
)


_SESJON = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "plan_cache_mode": "force_generic_plan",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Innsyn:
    """What a transaction may see: municipalities (``frozenset`` of numbers, or ALLE) and protected addresses."""

    aktor: str
    kommuner: frozenset[str] | str = frozenset()
    klarert: bool = False

    @property
    def kommuneliste(self) -> str:
        return ALLE if self.kommuner == ALLE else ",".join(sorted(self.kommuner))

    @property
    def klarert_tekst(self) -> str:
        return "ja" if self.klarert else "nei"


SYSTEM = Innsyn("system", ALLE, klarert=True)
"""The engine itself: every case, since a case is processed wherever it belongs."""


@lru_cache
def motor(rolle: DbRolle) -> Engine:
    """One pool a process and role. A statement that hangs is ended; a transaction left open is too.

    The workers' sessions see every case from the start (SYSTEM), which spares a round trip in each transaction.
    """
    innsyn = SYSTEM if rolle is not DbRolle.API else Innsyn("")
    return create_engine(
        url_for(rolle, adresser().database_url),
        pool_size=10,
        max_overflow=10,
        connect_args={
            "application_name": rolle.value,
            "connect_timeout": 5,
            # The same few statements for ever: prepared at once, planned once. Row-level security makes a plan dear.
            "prepare_threshold": 0,
            "options": " ".join(f"-c {navn}={verdi}" for navn, verdi in _SESJON.items())
            + f" -c boligsak.kommuner={innsyn.kommuneliste} -c boligsak.klarert={innsyn.klarert_tekst}"
            f" -c boligsak.aktor={innsyn.aktor}",
        },
    )


@contextmanager
def transaksjon(rolle: DbRolle, innsyn: Innsyn) -> Iterator[Connection]:
    """A transaction as ``rolle`` that sees what ``innsyn`` says; committed at the end, rolled back on an error."""
    if rolle is not DbRolle.API and innsyn is SYSTEM:
        with motor(rolle).begin() as forbindelse:
            yield forbindelse
        return
    forbindelse = _apne(rolle, innsyn)
    with forbindelse:
        yield forbindelse
        forbindelse.commit()


def _apne(rolle: DbRolle, innsyn: Innsyn) -> Connection:
    """A connection whose transaction says what it may see. That is the first word to the server, so a connection that
    a restart has cut is found out before anything is done, and another taken: the caller notices nothing."""
    valg = {"kommuner": innsyn.kommuneliste, "klarert": innsyn.klarert_tekst, "aktor": innsyn.aktor}
    for siste in (False, True):
        forbindelse = motor(rolle).connect()
        try:
            forbindelse.begin()
            forbindelse.execute(_SETT, valg)
        except BaseException as feil:
            forbindelse.close()
            if siste or not (isinstance(feil, DBAPIError) and feil.connection_invalidated):
                raise
        else:
            return forbindelse
    raise AssertionError("nås ikke")
