"""The work of one chunk: taken by its row lock, done by one commit; a killed worker leaves nothing behind."""

import gc
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import orjson
import structlog
from psycopg import Connection as PgForbindelse
from sqlalchemy import Connection, text

from services.kjoring import kjoring as kjoringer
from services.kjoring import kontroll, les, samle, skriv
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import NY_BEREGNING, Bit, Kjoring
from services.kjoring.manifest import kodeversjon
from services.klokke import na
from services.krasjpunkt import krasjpunkt
from services.lager import segl
from services.lager.opplysninger import NyOpplysning
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.feil import er_forbigaende, fingeravtrykk
from services.registre import Registre

_logg = structlog.get_logger("boligsak.kjoring")
LagRegistre = Callable[[], Registre]


class ForMangeGiftige(RuntimeError):
    """So many cases of a chunk cannot be reckoned that it must be the run that is wrong."""


class FeilKode(RuntimeError):
    """This process runs another version of the rules than the run was ordered with."""


def raa_av(forbindelse: Connection) -> PgForbindelse[Any]:
    """The driver's own connection, in the same transaction."""
    driver: PgForbindelse[Any] = forbindelse.connection.driver_connection  # type: ignore[assignment]
    return driver


@contextmanager
def _uten_soppelleting() -> Iterator[None]:
    """A chunk is hundreds of thousands of small objects without cycles, which are freed as the last name goes. To
    look for cycles among them again and again costs nearly half of the work, and finds none."""
    var_pa = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if var_pa:
            gc.enable()


def gjor_en(kjoring: Kjoring, registre: LagRegistre) -> bool | None:
    """Take one chunk of the run's phase and do it. False: none was free. None: one was taken, and failed.

    Errors: ``FeilKode``. Those of a chunk are noted on it; it is tried again after a pause.
    """
    if (kjoring.manifest or {}).get("kode") != kodeversjon():
        with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
            kjoringer.merk(forbindelse, kjoring.id, "annen_kodeversjon")
        raise FeilKode("kjøringen er bestilt med en annen versjon av reglene enn denne prosessen har")
    nr: int | None = None
    try:
        with _uten_soppelleting(), transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
            bit = kjoringer.ta_bit(forbindelse, kjoring.id, kjoring.fase)
            if bit is None:
                return False
            nr = bit.nr
            if kjoring.fase == "samle":
                _samle(forbindelse, kjoring, bit, registre)
            else:
                _behandle(forbindelse, kjoring, bit, registre)
            krasjpunkt(f"kjoring.{kjoring.fase}.for_commit")
    except Exception as feil:
        avtrykk = fingeravtrykk(feil)
        _logg.error("bit_feilet", kjoring=str(kjoring.id), nr=nr, fingeravtrykk=avtrykk)
        if nr is None:
            raise
        with suppress(Exception), transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
            kjoringer.bit_feilet(forbindelse, kjoring.id, nr, avtrykk)
        return None
    krasjpunkt(f"kjoring.{kjoring.fase}.etter_commit")
    return True


_NY_BEHANDLING = """
    INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand, laget)
    VALUES (%s, %s, %s, %s, 'termin', %s, %s, 'innhenting', %s)
"""
_NY_OPPLYSNING = f"""
    INSERT INTO opplysning ({", ".join(skriv.OPPLYSNINGSFELT)})
    SELECT n.* FROM (VALUES (%s::uuid, %s::uuid, %s::uuid, %s, %s, %s::uuid, %s, %s::timestamptz, %s::timestamptz,
                             %s::bytea)) AS n (id, sak_id, behandling_id)
        JOIN behandling b ON b.id = n.behandling_id AND b.avsluttet IS NULL
    ON CONFLICT (behandling_id, nokkel, hentet) DO NOTHING
"""  # noqa: S608 - our own list of columns
_SAMLET = text("""
    UPDATE kjoring_bit SET samlet = clock_timestamp(), mangler = :mangler, feil = NULL,
                           tall = coalesce(tall, '{}') || CAST(:tall AS jsonb)
    WHERE kjoring_id = :id AND nr = :nr
""")


def _samle(forbindelse: Connection, kjoring: Kjoring, bit: Bit, registre: LagRegistre) -> None:
    """Ask for what is missing. The chunk is held by this transaction; answers are stored by others, as they come."""
    start = time.perf_counter()
    saker = les.les(raa_av(forbindelse), kjoring, bit)
    behov = samle.trenger(kjoring, saker)
    utbytte = samle.Sporring()
    if behov:
        with transaksjon(DbRolle.KJORING, SYSTEM) as egen:
            fnr = samle.numre(raa_av(egen), [s for s, _ in behov])
            _apne_behandlinger(egen, kjoring, [s for s, _ in behov])
        utbytte = samle.hent(kjoring, behov, fnr, registre(), _lagre)
    utbytte.gjenbrukt = sum(len(s.svar) for s in saker if s.svar is not None) - sum(
        len(s.nye_svar) for s in saker
    )
    tall = {
        "samle": {
            "sekunder": round(time.perf_counter() - start, 3),
            "spurt": dict(utbytte.spurt),
            "feilet": dict(utbytte.feilet),
            "gjenbrukt": utbytte.gjenbrukt,
        }
    }
    forbindelse.execute(
        _SAMLET,
        {
            "id": kjoring.id,
            "nr": bit.nr,
            "mangler": b"".join(i.bytes for i in utbytte.mangler),
            "tall": orjson.dumps(tall).decode(),
        },
    )


def _apne_behandlinger(forbindelse: Connection, kjoring: Kjoring, saker: Sequence[les.Sak]) -> None:
    """The month's treatment of those who are asked about; under their locks, so that the numbers do not collide."""
    nye = [s for s in saker if s.innhenting is None]
    if not nye:
        return
    raa, tid = raa_av(forbindelse), na()
    les.las(raa, [s.id for s in nye])
    hoyeste: dict[UUID, int] = dict(
        raa.execute(
            "SELECT sak_id, max(nr) FROM behandling WHERE sak_id = ANY(%s) GROUP BY sak_id",
            ([s.id for s in nye],),
        )
    )
    rader = []
    for sak in nye:
        sak.innhenting = skriv.id_for(kjoring, sak, b"behandling")
        nr = hoyeste.get(sak.id, 0) + 1
        rader.append((sak.innhenting, sak.id, nr, sak.kommunenummer, kjoring.arsak, kjoring.termin, tid))
    with raa.cursor() as peker:
        peker.executemany(_NY_BEHANDLING, rader)


def _lagre(svar: Sequence[tuple[les.Sak, NyOpplysning]]) -> None:
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse, raa_av(forbindelse).cursor() as peker:
        peker.executemany(
            _NY_OPPLYSNING,
            [
                skriv.opplysningsrad(sak.nokkel, sak.id, sak.innhenting, ny)
                for sak, ny in svar
                if sak.nokkel is not None and sak.innhenting is not None
            ],
        )
    krasjpunkt("kjoring.samle.lagret")


_BEHANDLET = text("""
    UPDATE kjoring_bit SET behandlet = clock_timestamp(), resultat_hash = :hash, feil = NULL,
                           tall = coalesce(tall, '{}') || CAST(:tall AS jsonb)
    WHERE kjoring_id = :id AND nr = :nr
""")


def _behandle(forbindelse: Connection, kjoring: Kjoring, bit: Bit, registre: LagRegistre) -> None:
    raa = raa_av(forbindelse)
    mangler = bit.mangler
    saker: list[les.Sak] | None = None
    sporring: dict[str, Any] = {}
    if not kjoring.samles_for_seg and (kjoring.fra_register or kjoring.slag == NY_BEREGNING):
        saker, mangler, sporring = _spor_uten_lagring(raa, kjoring, bit, registre)
    start = time.perf_counter()
    if not kjoring.prove:
        nye = {s.id: s for s in saker or ()}
        les.las(raa, bit.ider)
        saker = les.les(raa, kjoring, bit)
        for sak in saker:
            if (spurt := nye.get(sak.id)) and sak.svar is not None:
                sak.nye_svar, sak.registerfeil = spurt.nye_svar, spurt.registerfeil
                for ny in spurt.nye_svar:
                    sak.svar.legg(ny.nokkel, ny.innhold)
    elif saker is None:
        saker = les.les(raa, kjoring, bit)
    arbeid = _Arbeid(raa, kjoring, mangler)
    if not kjoring.prove:
        arbeid.svarsegl = segl.les(raa, [s.innhenting for s in saker if s.innhenting])
    arbeid.sekunder["les"] = time.perf_counter() - start
    krasjpunkt("kjoring.kontroll")
    rader, skrevet = arbeid.gjor(saker)
    krasjpunkt("kjoring.vedta")
    tall = {
        **sporring,
        "sekunder": {fase: round(s, 4) for fase, s in arbeid.sekunder.items()},
        "rader": skrevet,
        "maks_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    forbindelse.execute(
        _BEHANDLET,
        {
            "id": kjoring.id,
            "nr": bit.nr,
            "hash": rader.avtrykk.digest(),
            "tall": orjson.dumps(tall).decode(),
        },
    )


def _spor_uten_lagring(
    raa: PgForbindelse[Any], kjoring: Kjoring, bit: Bit, registre: LagRegistre
) -> tuple[list[les.Sak], frozenset[UUID], dict[str, Any]]:
    """For a trial and a new calculation: what is missing is asked for and kept in memory alone."""
    saker = les.les(raa, kjoring, bit)
    behov = samle.trenger(kjoring, saker)
    if not behov:
        return saker, frozenset(), {}
    fnr = samle.numre(raa, [s for s, _ in behov])
    utbytte = samle.hent(kjoring, behov, fnr, registre(), lambda _: None)
    tall = {"samle": {"spurt": dict(utbytte.spurt), "feilet": dict(utbytte.feilet), "gjenbrukt": 0}}
    return saker, frozenset(utbytte.mangler), tall


class _Arbeid:
    """Kontroll, beregn and vedta of some cases; when a statement or a rule fails, of half of them, and so on down to
    the one case that is to blame, which becomes an open task."""

    def __init__(self, raa: PgForbindelse[Any], kjoring: Kjoring, mangler: frozenset[UUID]) -> None:
        self.raa, self.kjoring, self.mangler = raa, kjoring, mangler
        self.svarsegl: Mapping[UUID, bytes] = {}
        self.sekunder = {"les": 0.0, "kontroll": 0.0, "beregn": 0.0, "vedta": 0.0}
        self.giftige: dict[UUID, str] = {}

    def gjor(self, saker: Sequence[les.Sak]) -> tuple[skriv.Rader, dict[str, int]]:
        grense = max(20, int(len(saker) * kjoringsinnstillinger().giftige_andel))
        while True:
            try:
                with self.raa.transaction():
                    return self._alle(saker)
            except Exception as feil:
                if _er_hele_kjoringen(feil):
                    raise
                for sak_id, avtrykk in self._finn_giftige(saker):
                    self.giftige[sak_id] = avtrykk
                if len(self.giftige) > grense:
                    raise ForMangeGiftige(f"{len(self.giftige)} av {len(saker)} saker feiler") from feil
                if not self.giftige:
                    raise

    def _alle(self, saker: Sequence[les.Sak]) -> tuple[skriv.Rader, dict[str, int]]:
        t0 = time.perf_counter()
        utfall = [
            kontroll.oppgave(u.sak, self.giftige[u.sak.id], teknisk=True) if u.sak.id in self.giftige else u
            for u in kontroll.kontroller(self.kjoring, saker, self.mangler)
        ]
        kontroll.etter_stans(utfall)
        t1 = time.perf_counter()
        krasjpunkt("kjoring.beregn")
        versjon = kontroll.beregn(self.kjoring, utfall)
        t2 = time.perf_counter()
        rader = skriv.lag(self.kjoring, utfall, versjon, na(), self.svarsegl)
        skrevet = skriv.skriv(self.raa, self.kjoring, rader)
        for fase, s in (("kontroll", t1 - t0), ("beregn", t2 - t1), ("vedta", time.perf_counter() - t2)):
            self.sekunder[fase] += s
        return rader, skrevet

    def _finn_giftige(self, saker: Sequence[les.Sak]) -> list[tuple[UUID, str]]:
        """The cases that fail alone, found by halving. Nothing is kept of what is written on the way."""
        igjen = [s for s in saker if s.id not in self.giftige]
        ut: list[tuple[UUID, str]] = []
        stabel: list[list[les.Sak]] = [igjen]
        while stabel:
            del_ = stabel.pop()
            try:
                with self.raa.transaction(force_rollback=True):
                    self._alle(del_)
            except Exception as feil:
                if _er_hele_kjoringen(feil):
                    raise
                if not del_:  # it fails with no case at all
                    raise
                if len(del_) == 1:
                    ut.append((del_[0].id, fingeravtrykk(feil)))
                else:
                    midt = len(del_) // 2
                    stabel += [del_[:midt], del_[midt:]]
            if len(ut) > max(20, len(saker) * kjoringsinnstillinger().giftige_andel):
                break
        return ut


def _er_hele_kjoringen(feil: Exception) -> bool:
    """Errors that no single case is to blame for: the database is away, a lock was not given in time."""
    import psycopg

    return isinstance(feil, psycopg.OperationalError | psycopg.InterfaceError) or er_forbigaende(feil)
