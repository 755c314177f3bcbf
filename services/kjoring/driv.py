"""The run driven forward: manifest, phase after phase, ledger. Whoever comes may do it, as often as they like.

The command, every worker that finishes a chunk and beat all call ``driv``; what there is to do stands in the rows. So
the run goes on whichever of them dies.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Connection, text

from domain.sak.ordning import Ordning
from services.kjoring import avstem, manifest
from services.kjoring import kjoring as kjoringer
from services.kjoring import urettet as urettede
from services.kjoring.bit import raa_av
from services.kjoring.kjoring import AKTIV, Kjoring
from services.klokke import OSLO, na
from services.krasjpunkt import krasjpunkt
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, Innsyn, motor, transaksjon

_logg = structlog.get_logger("boligsak.kjoring")
Vekk = Callable[[UUID, int], None]
"""Send so many wake-ups for the run to the workers."""

_NESTE = text(
    "UPDATE kjoring SET fase = :fase, status = 'kjorer', samlet = coalesce(samlet, :samlet) WHERE id = :id"
)
_MANIFEST = text("""
    UPDATE kjoring SET manifest = CAST(:manifest AS jsonb), manifest_hash = :hash, fase = :fase, status = 'kjorer',
                       samlet = :samlet WHERE id = :id
""")
_BESTILT = text("""
    SELECT EXISTS (SELECT FROM kjoring WHERE ordning = :ordning AND termin = :termin AND slag = :slag AND NOT prove
                                         AND tid >= :fra)
""")
_PARTISJON = text("SELECT lag_hendelse_partisjon(CAST(:tid AS date))")
_AKTIVE = text("SELECT id FROM kjoring WHERE status IN ('bestilt', 'kjorer') ORDER BY id")
_HOLD = text("SELECT pg_advisory_lock(hashtextextended(:id, 4))")
_PROV = text("SELECT pg_try_advisory_lock(hashtextextended(:id, 4))")
_SLIPP = text("SELECT pg_advisory_unlock(hashtextextended(:id, 4))")
_STORE = text("SELECT set_config('statement_timeout', '300s', true)")


def start(
    ordning: Ordning,
    termin: str,
    *,
    slag: str = kjoringer.ORDINAR,
    prove: bool = False,
    kommuner: Sequence[str] | None = None,
    aktor: str,
    rolle: DbRolle = DbRolle.KJORING,
) -> UUID:
    """Order a run; it goes on by itself from there. Errors: ``KanIkkeStarte``."""
    tid = na()
    with transaksjon(rolle, Innsyn(aktor, "*", klarert=True)) as forbindelse:
        return kjoringer.bestill(
            forbindelse,
            ordning,
            termin,
            slag=slag,
            prove=prove,
            kommunevalg=kommuner,
            aktor=aktor,
            tid=tid,
        )


def les(id_: UUID) -> Kjoring:
    """The run as it stands. Errors: ``FinnesIkke``."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return kjoringer.hent(forbindelse, id_)


def aktive() -> list[UUID]:
    """Runs that are not closed."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return list(forbindelse.scalars(_AKTIVE))


def driv(id_: UUID, vekk: Vekk) -> Kjoring:
    """Do what the run itself has to do now, and wake workers for chunks that nobody holds. Gives the run after it."""
    while True:
        with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
            forbindelse.execute(_STORE)
            kjoring = kjoringer.hent(forbindelse, id_, las=True)
            if kjoring.status not in AKTIV:
                return kjoring
            if kjoring.fase in ("samle", "behandle") and kjoringer.igjen(forbindelse, id_, kjoring.fase):
                ledige = kjoringer.ledige(forbindelse, id_, kjoring.fase)
                break
            _videre(forbindelse, kjoring)
            krasjpunkt(f"kjoring.driv.{kjoring.fase}")
        _logg.info("kjoring_videre", kjoring=str(id_), fase=kjoring.fase)
    if ledige:
        vekk(id_, ledige)
    return kjoring


def _videre(forbindelse: Connection, kjoring: Kjoring) -> None:
    """One step of the run's own."""
    if kjoring.fase == "manifest":
        _frys(forbindelse, kjoring)
    elif kjoring.fase == "avstem":
        avstem.avstem(forbindelse, kjoring)
    else:
        fase = "behandle" if kjoring.fase == "samle" else "avstem"
        forbindelse.execute(_NESTE, {"id": kjoring.id, "fase": fase, "samlet": na()})


def _frys(forbindelse: Connection, kjoring: Kjoring) -> None:
    innhold, avtrykk = manifest.lag(raa_av(forbindelse), kjoring)
    forbindelse.execute(_PARTISJON, {"tid": na()})
    forbindelse.execute(
        _MANIFEST,
        {
            "id": kjoring.id,
            "manifest": orjson.dumps(innhold).decode(),
            "hash": avtrykk,
            "fase": "samle" if kjoring.samles_for_seg else "behandle",
            "samlet": None if kjoring.samles_for_seg else na(),
        },
    )
    kjoringer.logg(
        forbindelse,
        kjoring.id,
        "manifest",
        "system",
        na(),
        {"antall": innhold["antall"], "hash": avtrykk.hex(), "biter": len(innhold["biter"])},
    )


def bestilt_siden(ordning: Ordning, termin: str, slag: str, dag: date) -> bool:
    """Has a real run of the kind been ordered for the month on that day (Oslo) or later?"""
    valg = {
        "ordning": ordning.navn,
        "termin": termin,
        "slag": slag,
        "fra": datetime.combine(dag, time(), OSLO),
    }
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return bool(forbindelse.execute(_BESTILT, valg).scalar_one())


def urettet(ordning: Ordning, termin: str) -> bool:
    """Has a run of the month been rejected, and the month not been reckoned anew?"""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return urettede.urettet(forbindelse, ordning.navn, termin, None)


def siste(antall: int) -> list[Kjoring]:
    """The newest runs."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return kjoringer.siste(forbindelse, antall)


def fremdrift(id_: UUID) -> dict[str, Any]:
    """Cases through each phase, and the last failure of a chunk that is not done."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        return avstem.fremdrift(forbindelse, id_)


@contextmanager
def i_gang(id_: UUID) -> Iterator[None]:
    """Hold the run as ours for as long as this process lives: a second command is then told so, and does not go on
    with a run that is no more interrupted than the first."""
    with motor(DbRolle.KJORING).connect() as forbindelse:
        forbindelse.execute(_HOLD, {"id": str(id_)})
        forbindelse.commit()  # the lock is the session's, and ends with it
        try:
            yield
        finally:
            if not forbindelse.invalidated:
                forbindelse.invalidate()


def holdes_i_gang(id_: UUID) -> bool:
    """Does a living command drive this run?"""
    with motor(DbRolle.KJORING).connect() as forbindelse:
        ledig = bool(forbindelse.execute(_PROV, {"id": str(id_)}).scalar_one())
        if ledig:
            forbindelse.execute(_SLIPP, {"id": str(id_)})
        forbindelse.commit()
    return not ledig
