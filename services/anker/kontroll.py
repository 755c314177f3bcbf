"""The whole control: what guards the audit log is there, the anchors are a chain of their own, and every case's chain
is what was written and what was anchored. Large databases are gone through by several processes, each with its ids.
"""

import multiprocessing
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import make_url

from domain.sak.merkle import Rot
from services.anker.feil import AnkerFeil
from services.anker.fil import Anker, blad, er_signert, hodefil, hodesum, les_alle, punkter, tilstand
from services.lager.roller import DbRolle, url_for
from services.lager.verifisering import Funn, Resultat, Utvalg, verifiser_alt

EN_PROSESS_TIL = 100_000
"""Below so many cases another process costs more than it gives."""
INGEN_SAK = "-"
VERN = {"hendelse": ("hendelse_rad", "hendelse_tom"), "vedtak": ("vedtak_rad", "vedtak_tom")}
"""The triggers that refuse change."""


@dataclass(frozen=True, slots=True)
class Ankre:
    """The anchors that are believed, and what is wrong with the row of them."""

    mappe: Path
    ankre: Sequence[Anker]
    funn: list[Funn]


def les_ankre(mappe: Path, nokler: Mapping[str, Ed25519PublicKey]) -> Ankre:
    """Each anchor's signature, its place after the one before, the sha256 of its heads; the last one's root made anew.

    An anchor that does not hold is named and not used.
    """
    try:
        alle = les_alle(mappe)
    except AnkerFeil as feil:
        return Ankre(mappe, [], [_funn("anker", str(feil))])
    funn: list[Funn] = []
    gode: list[Anker] = []
    forrige: Anker | None = None
    for anker in alle:
        galt = _feil_ved(mappe, anker, forrige, nokler)
        forrige = anker
        if galt:
            funn.append(_funn(f"anker {anker.nr}", galt))
        else:
            gode.append(anker)
    if not alle:
        funn.append(_funn("anker", "det finnes ikke noe anker"))
    if gode and not funn and not _rot_stemmer(mappe, gode):
        funn.append(_funn(f"anker {gode[-1].nr}", "hodene gir en annen rot"))
    return Ankre(mappe, gode, funn)


def _funn(hva: str, forklaring: str) -> Funn:
    return Funn(INGEN_SAK, 0, "endret", hva, forklaring)


def _feil_ved(
    mappe: Path, anker: Anker, forrige: Anker | None, nokler: Mapping[str, Ed25519PublicKey]
) -> str | None:
    if not er_signert(anker, nokler):
        return "signaturen er ikke laget med en nøkkel vi tror på"
    if anker.nr != (forrige.nr + 1 if forrige else 1):
        return f"anker {forrige.nr + 1 if forrige else 1} mangler"
    if anker.dokument["forrige"] != (forrige.hash if forrige else None):
        return "peker på et annet anker enn det som er der"
    if forrige and anker.dokument["tid"] < forrige.dokument["tid"]:
        return "er laget før det forrige"
    try:
        antall, sum_ = hodesum(hodefil(mappe, anker.nr))
    except AnkerFeil as feil:
        return str(feil)
    hoder = anker.dokument["hoder"]
    return None if (antall, sum_) == (hoder["antall"], hoder["sha256"]) else "hodene er endret"


def _rot_stemmer(mappe: Path, ankre: Sequence[Anker]) -> bool:
    rot = Rot()
    for hode in tilstand(mappe, ankre):
        rot.legg_til(blad(hode).hash())
    return rot.rot() == ankre[-1].rot and rot.antall == ankre[-1].dokument["saker"]


def kontroller(
    database_url: str, utvalg: Utvalg | None = None, ankre: Ankre | None = None, prosesser: int = 0
) -> Resultat:
    """Everything. ``prosesser``: 0 chooses by the number of cases and processors. Errors: as ``verifiser_alt``."""
    start, valg = time.monotonic(), utvalg or Utvalg()
    deler = [valg]
    url = make_url(url_for(DbRolle.REVISOR, database_url)).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5) as forbindelse:
        funn = _vernet(forbindelse)
        if valg == Utvalg():
            deler = _deler(forbindelse, prosesser)
    filer = (ankre.mappe, list(ankre.ankre)) if ankre and not valg.kommuner else None
    if len(deler) == 1:
        svar = [_en_del(database_url, deler[0], filer)]
    else:
        with _prosesser(len(deler)) as gruppe:
            svar = list(gruppe.map(_en_del, [database_url] * len(deler), deler, [filer] * len(deler)))
    ut = Resultat(funn=[*funn, *(ankre.funn if ankre else [])])
    for s in svar:
        ut.saker += s.saker
        ut.hendelser += s.hendelser
        ut.vedtak += s.vedtak
        ut.uapnet += s.uapnet
        ut.funn += s.funn
    ut.sekunder = time.monotonic() - start
    return ut


@contextmanager
def _prosesser(antall: int) -> Iterator[ProcessPoolExecutor]:
    """Forked where this process has no other thread that could hold a lock: then they have everything imported."""
    alene = sys.platform == "linux" and threading.active_count() == 1
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of the threads that NumPy's libraries have started
        with ProcessPoolExecutor(antall, multiprocessing.get_context("fork" if alene else "spawn")) as gruppe:
            yield gruppe


def _en_del(database_url: str, utvalg: Utvalg, filer: tuple[Path, list[Anker]] | None) -> Resultat:
    strom = None
    if filer:
        fra, til = (UUID(int=utvalg.sak.int - 1), utvalg.sak) if utvalg.sak else (utvalg.fra, utvalg.til)
        strom = punkter(*filer, fra, til)
    return verifiser_alt(database_url, utvalg, punkter=strom)


def _deler(forbindelse: psycopg.Connection[Any], prosesser: int) -> list[Utvalg]:
    """All ids, cut so that each part has as many cases."""
    rad = forbindelse.execute("SELECT count(*) FROM sak").fetchone()
    antall = rad[0] if rad else 0
    n = prosesser or (min(os.cpu_count() or 1, 8) if antall > EN_PROSESS_TIL else 1)
    grenser: list[UUID] = []
    for i in range(1, min(n, antall)):
        rad = forbindelse.execute(
            "SELECT id FROM sak ORDER BY id OFFSET %s LIMIT 1", [i * antall // n]
        ).fetchone()
        grenser += [rad[0]] if rad else []
    return [Utvalg(fra=fra, til=til) for fra, til in zip([None, *grenser], [*grenser, None], strict=True)]


_TRIGGERE = """
    SELECT c.relname, t.tgname, t.tgenabled FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid
    WHERE c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace
"""
_RETTER = """
    SELECT r.rolname, c.relname FROM pg_roles r, pg_class c
    WHERE r.rolname = ANY(%s) AND c.relname = ANY(%s) AND c.relnamespace = 'public'::regnamespace
      AND has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE')
    ORDER BY 1, 2
"""


def _vernet(forbindelse: psycopg.Connection[Any]) -> list[Funn]:
    """Triggers that are gone or out of action, and roles that may do what none may."""
    pa = {
        (tabell, trigger)
        for tabell, trigger, tilstand_ in forbindelse.execute(_TRIGGERE, [list(VERN)])
        if tilstand_ in ("O", "A")
    }
    funn = [
        _funn("vern", f"triggeren {t} på {tabell} er borte eller slått av")
        for tabell, triggere in VERN.items()
        for t in triggere
        if (tabell, t) not in pa
    ]
    roller = [r.value for r in DbRolle]
    funn += [
        _funn("vern", f"{rolle} kan endre {tabell}")
        for rolle, tabell in forbindelse.execute(_RETTER, [roller, list(VERN)])
    ]
    return funn
