"""A small country in a database, and a run driven to its end in this process."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import psycopg

from domain.ordninger import ORDNINGER
from services.kjoring import driv
from services.kjoring.befolkning_skriv import skriv
from services.kjoring.bit import gjor_en
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import AKTIV, Kjoring
from services.registre import Oppslag, RegisterFeil, Registre
from tests.felles.miljo import miljo

ORDNING = ORDNINGER["bostotte"]
FRO = 7
LITE = {"BOLIGSAK_KJORING_BIT_SAKER": "60", "BOLIGSAK_KJORING_BAND_KOMMUNE_SAKER": "1000"}


@contextmanager
def oppsett(**verdier: str) -> Iterator[None]:
    """Settings of the run for the while."""
    with miljo(verdier):
        kjoringsinnstillinger.cache_clear()
        try:
            yield
        finally:
            kjoringsinnstillinger.cache_clear()


def befolk(antall: int, termin: str) -> None:
    skriv(antall, FRO, termin, prosesser=1)


class IngenRegistre:
    """Nobody is to be asked."""

    def hent_alle(self, oppslag: Sequence[Oppslag], **_: Any) -> Iterator[Any]:
        raise AssertionError(f"spurte {[o.krav.register for o in oppslag]}")


class Svarer:
    """Registers that answer by a function of the question; RegisterFeil is an answer too."""

    def __init__(self, svar: Callable[[Oppslag], Any]) -> None:
        self.svar = svar
        self.spurt: list[str] = []

    def hent_alle(self, oppslag: Sequence[Oppslag], **_: Any) -> Iterator[Any]:
        for o in oppslag:
            self.spurt.append(o.krav.nokkel)
            try:
                yield o.krav, self.svar(o)
            except RegisterFeil as feil:
                yield o.krav, feil


def fullfor(id_: UUID, registre: Any = None, runder: int = 500) -> Kjoring:
    """Coordinator and worker in one, until the run is closed or held."""

    def lag() -> Registre:
        return cast(Registre, registre or IngenRegistre())

    for _ in range(runder):
        kjoring = driv.driv(id_, lambda _id, _antall: None)
        if kjoring.status not in AKTIV:
            return kjoring
        gjor_en(kjoring, lag)
    raise AssertionError("kjøringen kom ikke i mål")


def kjor(termin: str, registre: Any = None, **valg: Any) -> Kjoring:
    return fullfor(driv.start(ORDNING, termin, aktor=valg.pop("aktor", "ola"), **valg), registre)


def sporr(url: str, sporring: str, *verdier: Any) -> list[Any]:
    """As the owner of the database, past every policy."""
    with psycopg.connect(url) as forbindelse:
        return forbindelse.execute(sporring.encode(), verdier).fetchall()


def en(url: str, sporring: str, *verdier: Any) -> Any:
    return sporr(url, sporring, *verdier)[0][0]


def endre(url: str, setning: str, *verdier: Any) -> None:
    with psycopg.connect(url, autocommit=True) as forbindelse:
        forbindelse.execute("SET session_replication_role = replica")
        forbindelse.execute(setning.encode(), verdier)


def rapport(kjoring: Kjoring) -> Mapping[str, Any]:
    assert kjoring.rapport is not None
    return kjoring.rapport
