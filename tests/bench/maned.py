"""The national month, measured: a run with all register answers in the store, through workers as in use.

Beside it a bare COPY of the very same rows into the same tables, as text and in the binary form that the run uses, and
the same cases with one Celery task each (on a sample, scaled). ``python -m tests.bench.maned [CASES]``.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psutil
import psycopg
from sqlalchemy import make_url

from services.innebygd import Adresser, Servere
from services.innebygd.oppsett import lyttere
from services.innebygd.prosesser import Oppsyn, Prosess
from services.innstillinger import innstillinger
from services.kjoring.befolkning_trekk import tall
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import AKTIV
from tests.felles.miljo import miljo

TERMIN = "2024-04"
ARBEIDERE = 2
BARE = (("text", 1), ("text", ARBEIDERE), ("binary", 1), ("binary", ARBEIDERE))
"""Bare COPY: its form, and how many connections share the rows."""
PROVE = 400
"""Cases in the sample of one task a case (at least)."""
TABELLER = (
    "behandling",
    "vedtak",
    "utbetaling",
    "hendelse",
    "utgaende",
    "opplysning",
    "oppfolging",
    "kjoring_sak",
)
_RADER = {
    "behandling": "SELECT b.* FROM behandling b WHERE b.arsak = 'termin' AND {del}",
    "vedtak": "SELECT v.* FROM vedtak v JOIN kjoring_sak b ON b.vedtak_id = v.id WHERE {del}",
    "utbetaling": "SELECT b.* FROM utbetaling b WHERE b.kjoring_id IS NOT NULL AND {del}",
    "hendelse": "SELECT b.* FROM hendelse b JOIN behandling t ON t.id = b.behandling_id"
    " WHERE t.arsak = 'termin' AND {del}",
    "utgaende": "SELECT b.id, b.sak_id, b.type, b.data, b.laget FROM utgaende b WHERE {del}",
    "opplysning": "SELECT o.* FROM opplysning o JOIN behandling b ON b.id = o.behandling_id"
    " WHERE b.arsak = 'termin' AND {del}",
    "oppfolging": "SELECT b.* FROM oppfolging b WHERE {del}",
    "kjoring_sak": "SELECT b.* FROM kjoring_sak b WHERE {del}",
}


class Toppminne:
    """Peak of the memory of all processes together, looked at every other second. Pages that PostgreSQL's processes
    share are counted once (proportional set size)."""

    def __init__(self) -> None:
        self.topp = 0
        self.deler: dict[str, int] = {}
        self.cpu: dict[int, tuple[str, float, float]] = {}
        """By process: what it is, its CPU seconds when first and last seen."""
        self._stopp = threading.Event()
        self._trad = threading.Thread(target=self._se, daemon=True)

    def __enter__(self) -> Self:
        self._trad.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopp.set()
        self._trad.join()

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds by kind of process while this looked: they hang less on what else the machine does."""
        ut: dict[str, float] = {}
        for navn, forst, sist in self.cpu.values():
            ut[navn] = ut.get(navn, 0.0) + sist - forst
        return ut

    def _se(self) -> None:
        while not self._stopp.wait(2.0):
            deler: dict[str, int] = {}
            for p in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                try:
                    navn = "postgres" if "postgres" in p.name() else p.name()
                    deler[navn] = deler.get(navn, 0) + p.memory_full_info().pss
                    brukt = sum(p.cpu_times()[:2])
                    self.cpu[p.pid] = (navn, self.cpu.get(p.pid, ("", brukt, 0.0))[1], brukt)
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            if sum(deler.values()) > self.topp:
                self.topp, self.deler = sum(deler.values()), deler


def _url(adresser: Adresser, navn: str) -> str:
    return make_url(adresser.database_url).set(database=navn).render_as_string(hide_password=False)


def _utfor(adresser: Adresser, *setninger: str) -> None:
    with psycopg.connect(adresser.database_url, autocommit=True) as forbindelse:
        for setning in setninger:
            forbindelse.execute(setning.encode())


def _varm(adresser: Adresser) -> None:
    """What was written is on disk, and the database's pages are in memory, as where a server has its own: else the
    first to read them is measured by the disk, and the next one is not."""
    os.sync()
    _utfor(
        adresser,
        "CREATE EXTENSION IF NOT EXISTS pg_prewarm",
        "SELECT sum(pg_prewarm(oid::regclass, 'read')) FROM pg_class WHERE relkind IN ('r', 'i', 't')",
    )


@contextmanager
def _arbeidere(adresser: Adresser, mappe: Path, app: str = "workers.app", **miljo_: str) -> Iterator[Oppsyn]:
    """Workers of the run's queue, as ``boligsak batch`` starts them."""
    oppsyn = Oppsyn(mappe, {**adresser.miljo(), **miljo_})
    for_ = lyttere(adresser.broker_url)
    try:
        oppsyn.start(
            *(
                Prosess(
                    f"kjoring-{nr}",
                    (sys.executable, "-m", "celery", "-A", app, "worker", "-n", f"b{nr}@%h", "-P", "solo",
                     "-Q", "kjoring", "-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"),
                    klar=lambda: lyttere(adresser.broker_url) >= for_ + ARBEIDERE,
                )
                for nr in range(1, ARBEIDERE + 1)
            )
        )  # fmt: skip
        yield oppsyn
    finally:
        oppsyn.stopp()


def _kjor(adresser: Adresser) -> dict[str, Any]:
    """One real run to its end: seconds of the wall by phase, and the report."""
    from domain.ordninger import ORDNINGER
    from services.kjoring import driv
    from services.kjoring.vekking import vekk

    id_ = driv.start(ORDNINGER["bostotte"], TERMIN, aktor="maling")
    start, sist, faser = time.perf_counter(), 0.0, {}
    fase = "manifest"
    while True:
        send = time.perf_counter() - sist > 1
        kjoring = driv.driv(id_, vekk if send else lambda _id, _antall: None)
        sist = time.perf_counter() if send else sist
        if kjoring.fase != fase:
            faser[fase], start, fase = time.perf_counter() - start, time.perf_counter(), kjoring.fase
        if kjoring.status not in AKTIV:
            break
        if time.perf_counter() - start > 600:
            raise RuntimeError(f"kjøringen kommer ikke videre fra {fase}; se loggene")
        time.sleep(0.5)
    with psycopg.connect(adresser.database_url) as forbindelse:
        tider = forbindelse.execute(
            "SELECT extract(epoch FROM max(b.samlet) - min(k.laget)),"
            " extract(epoch FROM max(b.behandlet) - min(k.samlet)),"
            " extract(epoch FROM max(k.ferdig) - max(b.behandlet))"
            " FROM kjoring k JOIN kjoring_bit b ON b.kjoring_id = k.id WHERE k.id = %s",
            (id_,),
        ).fetchone()
    assert tider is not None
    rapport = kjoring.rapport or {}
    return {
        "status": kjoring.status,
        "samle_s": float(tider[0]),
        "tre_faser_s": float(tider[1]),
        "avstem_s": float(tider[2]),
        "rapport": rapport,
    }


def _eksporter(adresser: Adresser, mappe: Path, form: str) -> dict[str, list[Path]]:
    """The run's rows as COPY writes them in this form, in as many parts as there are workers."""
    mappe.mkdir(parents=True)
    ut: dict[str, list[Path]] = {}
    with psycopg.connect(adresser.database_url) as forbindelse, forbindelse.cursor() as peker:
        for tabell in TABELLER:
            for nr in range(ARBEIDERE):
                fil = mappe / f"{tabell}.{nr}"
                # The cases were made in order of their ids; halves by the last bit are alike.
                sporring = _RADER[tabell].format(
                    **{"del": f"get_byte(uuid_send(b.sak_id), 15) % {ARBEIDERE} = {nr}"}
                )
                with (
                    fil.open("wb") as f,
                    peker.copy(f"COPY ({sporring}) TO STDOUT (FORMAT {form})".encode()) as kopi,
                ):
                    for data in kopi:
                        f.write(data)
                ut.setdefault(tabell, []).append(fil)
    return ut


def _bar_copy(
    url: str, filer: dict[str, list[Path]], form: str, kjoring: tuple[Any, ...], samtidige: int
) -> float:
    """Seconds of the wall for COPY alone, with all keys, indexes and triggers; one transaction a connection."""
    with psycopg.connect(url) as forbindelse:
        forbindelse.execute(
            "INSERT INTO kjoring (id, ordning, termin, slag, prove, tid, startet_av)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            kjoring,
        )

    def en(deler: list[int]) -> None:
        with psycopg.connect(url) as forbindelse, forbindelse.cursor() as peker:
            for tabell in TABELLER:
                felt = "(id, sak_id, type, data, laget)" if tabell == "utgaende" else ""
                for nr in deler:
                    with (
                        peker.copy(f"COPY {tabell} {felt} FROM STDIN (FORMAT {form})".encode()) as kopi,
                        filer[tabell][nr].open("rb") as f,
                    ):
                        while data := f.read(1 << 20):
                            kopi.write(data)

    deler = [list(range(ARBEIDERE))] if samtidige == 1 else [[nr] for nr in range(ARBEIDERE)]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(deler)) as pool:
        list(pool.map(en, deler))
    return time.perf_counter() - start


def _en_oppgave_per_sak(adresser: Adresser, mappe: Path) -> tuple[int, float]:
    """So many cases with a message, a task and a transaction each; seconds of the wall."""
    from domain.ordninger import ORDNINGER
    from services.kjoring import driv
    from tests.bench.maned_oppgave import en_sak

    with psycopg.connect(adresser.database_url) as forbindelse:
        kommuner = [
            r[0]
            for r in forbindelse.execute(
                "SELECT knr FROM (SELECT kommunenummer AS knr,"
                " sum(count(*)) OVER (ORDER BY count(*), kommunenummer) AS s FROM lopende GROUP BY 1) AS x"
                " WHERE s <= %s",
                (PROVE * 2,),
            )
        ]
    with (
        miljo({"BOLIGSAK_KJORING_BIT_SAKER": "1"}),
        _arbeidere(adresser, mappe, "tests.bench.maned_oppgave"),
    ):
        kjoringsinnstillinger.cache_clear()
        id_ = driv.start(ORDNINGER["bostotte"], TERMIN, kommuner=kommuner, aktor="maling")
        kjoring = driv.driv(id_, lambda _id, _antall: None)
        antall = (kjoring.manifest or {})["antall"]
        brukt, sist = 0.0, [0.0]

        def igjen(_id: UUID, ledige: int) -> None:
            if ledige < 32 and time.perf_counter() - sist[0] > 0.5:
                sist[0] = time.perf_counter()
                for _ in range(ledige):
                    en_sak.apply_async((str(id_),), queue="kjoring")

        while kjoring.fase in ("samle", "behandle"):
            start, fase = time.perf_counter(), kjoring.fase
            for _ in range(antall):
                en_sak.apply_async((str(id_),), queue="kjoring")
            while kjoring.fase == fase:
                if time.perf_counter() - start > 180:
                    raise RuntimeError("arbeiderne kommer ikke videre; se loggene")
                time.sleep(0.05)
                # A message that found its case in another's hands did nothing; what is left is asked for again.
                kjoring = driv.driv(id_, igjen)
            brukt = time.perf_counter() - start  # of the last phase: kontroll, beregn, vedta
    kjoringsinnstillinger.cache_clear()
    return antall, brukt


def mal(saker: int = 138_846, *, sammenlign: bool = True) -> dict[str, Any]:
    """Measure one country. ``sammenlign``: also the bare COPY and one task a case."""
    from services.kjoring.befolkning_skriv import skriv
    from services.lager.migrering import oppgrader

    ut: dict[str, Any] = {"saker": saker, "arbeidere": ARBEIDERE}
    with tempfile.TemporaryDirectory(prefix="maned") as navn:
        rot = Path(navn)
        verter = Servere("maned", rot)
        try:
            vert = verter.start()
            _utfor(vert, "CREATE DATABASE land")
            land = Adresser(_url(vert, "land"), vert.broker_url)
            with miljo({**land.miljo(), "BOLIGSAK_ROT": str(rot)}):
                oppgrader(land.database_url)
                start = time.perf_counter()
                skriv(saker, 1, TERMIN)
                ut["befolkning_s"] = time.perf_counter() - start
                _utfor(land, "VACUUM (ANALYZE)", "CHECKPOINT")
            if sammenlign:
                for base in (*(f"bar_{form}_{n}" for form, n in BARE), "enkelt"):
                    _utfor(vert, f"CREATE DATABASE {base} TEMPLATE land STRATEGY FILE_COPY")
                _utfor(vert, "CHECKPOINT")
            _varm(land)
            with miljo({**land.miljo(), "BOLIGSAK_ROT": str(rot)}):
                _mal_kjoringen(ut, land, rot)
            if sammenlign:
                vis(ut)
                _mal_ved_siden_av(ut, vert, land, rot)
        finally:
            verter.stopp()
    vis(ut)
    return ut


def _mal_kjoringen(ut: dict[str, Any], land: Adresser, rot: Path) -> None:
    with psycopg.connect(land.database_url) as forbindelse, Toppminne() as minne:
        for_ = forbindelse.execute("SELECT pg_current_wal_lsn()").fetchone()
        with _arbeidere(land, rot / "arbeidere"):
            svar = _kjor(land)
        wal = forbindelse.execute("SELECT pg_current_wal_lsn() - %s", for_).fetchone()
    rapport = svar.pop("rapport")
    ut |= svar
    ut["arbeidersekunder"] = rapport["sekunder"]
    ut["saker_per_s"] = ut["saker"] / svar["tre_faser_s"]
    ut["rader"] = {t: n for t, n in rapport["rader"].items() if t != "byte"}
    ut["byte"] = rapport["rader"]["byte"]
    ut["wal_byte"] = int(wal[0]) if wal else 0
    ut["toppminne"], ut["minne_deler"], ut["cpu_s"] = minne.topp, minne.deler, minne.cpu_s()
    ut["avslag"] = rapport["band"]["avslag"]["na"]
    ut["snitt"] = rapport["band"]["snitt"]["na"]
    virkelig = tall()["nasjonalt"]["maneder"][TERMIN]
    ut["avslag_virkelig"] = virkelig["avslag"] / virkelig["soknader"]
    ut["snitt_virkelig"] = virkelig["belop"]
    ut["stemmer"] = rapport["regnskap"]["stemmer"]


def _mal_ved_siden_av(ut: dict[str, Any], vert: Adresser, land: Adresser, rot: Path) -> None:
    with psycopg.connect(land.database_url) as forbindelse:
        kjoring = forbindelse.execute(
            "SELECT id, ordning, termin, slag, prove, tid, startet_av FROM kjoring"
        ).fetchone()
    assert kjoring is not None
    _utfor(land, "ANALYZE")  # the export is read by plans for what the run has filled
    filer: dict[str, dict[str, list[Path]]] = {}
    for form, samtidige in BARE:
        navn = f"bar_{form}_{samtidige}"
        if form not in filer:
            filer[form] = _eksporter(land, rot / "eksport" / form, form)
        _utfor(vert, "CHECKPOINT")
        _varm(Adresser(_url(vert, navn), vert.broker_url))
        s = _bar_copy(_url(vert, navn), filer[form], form, kjoring, samtidige)
        ut[f"{navn}_s"], ut[f"{navn}_forhold"] = s, ut["tre_faser_s"] / s
    enkelt = Adresser(_url(vert, "enkelt"), vert.broker_url)
    _varm(enkelt)
    with miljo({**enkelt.miljo(), "BOLIGSAK_ROT": str(rot)}):
        antall, brukt = _en_oppgave_per_sak(enkelt, rot / "enkelt")
    ut["enkelt_saker"], ut["enkelt_s"] = antall, brukt
    ut["enkelt_skalert_s"] = brukt / antall * ut["saker"]
    ut["ganger_raskere"] = ut["enkelt_skalert_s"] / ut["tre_faser_s"]


def vis(ut: dict[str, Any]) -> None:
    """The figures, one a line."""
    mib = 1024 * 1024
    linjer = [
        (f"cases, {ut['arbeidere']} workers on {os.cpu_count()} cores", f"{ut['saker']}"),
        ("samle (all answers in the store)", f"{ut['samle_s']:.1f} s"),
        ("kontroll + beregn + vedta", f"{ut['tre_faser_s']:.1f} s"),
        ("  worker seconds", ", ".join(f"{f} {s:.1f}" for f, s in ut["arbeidersekunder"].items())),
        ("avstem", f"{ut['avstem_s']:.1f} s"),
        ("CPU seconds, start to end", ", ".join(f"{n} {s:.1f}" for n, s in ut["cpu_s"].items())),
        ("cases a second, three phases", f"{ut['saker_per_s']:.0f}"),
        ("rows", ", ".join(f"{t} {n}" for t, n in ut["rader"].items())),
        ("COPY, WAL", f"{ut['byte'] / mib:.0f} MiB, {ut['wal_byte'] / mib:.0f} MiB"),
        ("peak memory, all processes", f"{ut['toppminne'] / mib:.0f} MiB"),
        ("refusals, mean grant", f"{ut['avslag']:.1%}, {ut['snitt']} kr"),
        ("  of the real month", f"{ut['avslag_virkelig']:.1%}, {ut['snitt_virkelig']:.0f} kr"),
    ]
    if "enkelt_s" in ut:
        for form, nr in BARE:
            navn = f"bar_{form}_{nr}"
            tid = f"{ut[f'{navn}_s']:.1f} s: the run takes {ut[f'{navn}_forhold']:.2f} times that"
            linjer.append((f"bare COPY, {form}, connections: {nr}", tid))
        prove = f"{ut['enkelt_saker']} cases in {ut['enkelt_s']:.1f} s, scaled {ut['enkelt_skalert_s']:.0f} s"
        linjer.append(
            ("one Celery task a case", f"{prove}: the run is {ut['ganger_raskere']:.1f} times faster")
        )
    for navn, verdi in linjer:
        print(f"{navn:<36} {verdi}")


if __name__ == "__main__":
    antall = next((int(a) for a in sys.argv[1:] if a.isdecimal()), 138_846)
    innstillinger.cache_clear()
    alt = [mal(antall, sammenlign="--alene" not in sys.argv)]
    if "--json" in sys.argv:
        print(json.dumps(alt, indent=1))
