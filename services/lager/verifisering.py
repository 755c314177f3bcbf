"""Every chain recomputed from the database, as a role that may only read; each break named.

What is checked: the chain of each case against its head, and against every head that an anchor has of it; the sealed
content against the hash in its header, and where the person's key exists the plaintext too; and the rows beside the
chain against what its events say of them (``verifisering_rader``).
"""

import hmac
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

from domain.sak.kjede import pakk_opp_innhold
from domain.sak.verifisering import Brudd, Hode, Rad, verifiser
from services.forsegling import Datanokkel, ForseglingBrutt, NokkelDestruert, UkjentNokkel, forsegler
from services.lager import hendelser, segl
from services.lager.roller import DbRolle, url_for
from services.lager.verifisering_rader import Rader, avvik

BUNKE = 5000
"""Rows a fetch."""
OYEBLIKK_S = 60.0
"""One snapshot is kept no longer than this (and to the end of its case): an old one lets the queue tables rot."""

Punkter = Iterator[tuple[str, Sequence[Hode]]]
"""Cases, ascending by id, with the heads that signed anchors outside the database have of them, oldest first."""


@dataclass(frozen=True, slots=True)
class Funn:
    """One break. ``hva``: the type of the event, or the row beside the chain; ``seq`` 0: not tied to one event."""

    sak: str
    seq: int
    slag: str
    hva: str
    forklaring: str


@dataclass(slots=True)
class Resultat:
    """What was gone through. ``uapnet``: sealed contents whose key is erased or not in the key file."""

    saker: int = 0
    hendelser: int = 0
    vedtak: int = 0
    uapnet: int = 0
    sekunder: float = 0.0
    funn: list[Funn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Utvalg:
    """Which cases; all when nothing is given. Events whose case row is gone belong to no municipality.

    ``fra`` (exclusive) and ``til`` (inclusive): ids.
    """

    sak: UUID | None = None
    kommuner: tuple[str, ...] = ()
    fra: UUID | None = None
    til: UUID | None = None

    def vilkar(self, kolonne: str) -> tuple[str, list[Any]]:
        if self.til:
            return f" AND {kolonne} <= %s", [self.til]
        if self.sak:
            return f" AND {kolonne} = %s", [self.sak]
        if self.kommuner:
            return f" AND {kolonne} IN (SELECT id FROM sak WHERE kommunenummer = ANY(%s))", [  # noqa: S608
                list(self.kommuner)
            ]
        return "", []


@dataclass(slots=True)
class _Sak:
    hode: Hode | None
    nokkel: bytes | None
    hendelser: Sequence[Rad]
    rader: Rader


_HODER = """
    SELECT s.id::text AS sak, s.siste_seq, s.siste_hash, CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel,
           s.ordning, s.kommunenummer, s.hovedperson, s.gjelder, s.gradert, s.status, s.slettet
    FROM sak s LEFT JOIN person p ON p.id = s.hovedperson
    WHERE s.id > %s{vilkar} ORDER BY s.id
"""
_HENDELSER = """
    SELECT h.sak_id::text AS sak, h.seq, h.id::text AS hendelse, h.behandling_id::text AS behandling,
           to_char(h.tid AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS nar, h.type, h.kanonisk, h.forrige,
           h.hash, h.innhold
    FROM hendelse h WHERE h.sak_id > %s{vilkar} ORDER BY h.sak_id, h.seq, h.tid
"""
_VEDTAK = """
    SELECT v.sak_id::text AS sak, v.* FROM vedtak v WHERE v.sak_id > %s{vilkar} ORDER BY v.sak_id, v.fattet, v.id
"""
_UTBETALINGER = """
    SELECT u.sak_id::text AS sak, u.* FROM utbetaling u WHERE u.sak_id > %s{vilkar} ORDER BY u.sak_id, u.id
"""
_BEHANDLINGER = """
    SELECT b.sak_id::text AS sak, b.* FROM behandling b WHERE b.sak_id > %s{vilkar} ORDER BY b.sak_id, b.nr
"""
_SVAR = f"""
    SELECT o.sak_id::text AS sak, o.behandling_id::text AS behandling, {segl.OPPLYSNINGER_SQL} AS segl
    FROM opplysning o WHERE o.sak_id > %s{{vilkar}} GROUP BY o.sak_id, o.behandling_id ORDER BY o.sak_id
"""  # noqa: S608 - our own expression
_PARTER = """
    SELECT sp.sak_id::text AS sak, sp.person_id::text AS person, sp.rolle FROM sak_person sp
    WHERE sp.sak_id > %s{vilkar} ORDER BY sp.sak_id
"""
_LOPENDE = """
    SELECT l.sak_id::text AS sak, l.ordning, l.kommunenummer, l.status, l.stanset_grunn AS grunn,
           l.avslag_pa_rad AS avslag, l.siste_termin AS termin, l.siste_kode AS kode, l.siste_utfall AS utfall,
           l.siste_belop AS belop, l.siste_vedtak AS vedtak
    FROM lopende l WHERE l.sak_id > %s{vilkar} ORDER BY l.sak_id
"""
_SOKNADER = """
    SELECT ls.sak_id::text AS sak, ls.gjelder_fra AS fra, ls.soknad FROM lopende_soknad ls
    WHERE ls.sak_id > %s{vilkar} ORDER BY ls.sak_id
"""
_BESIDE = (
    (_HODER, "s.id"),
    (_VEDTAK, "v.sak_id"),
    (_UTBETALINGER, "u.sak_id"),
    (_BEHANDLINGER, "b.sak_id"),
    (_SVAR, "o.sak_id"),
    (_PARTER, "sp.sak_id"),
    (_LOPENDE, "l.sak_id"),
    (_SOKNADER, "ls.sak_id"),
)
"""What stands beside the chains, each with the column of the case."""


def verifiser_alt(
    database_url: str,
    utvalg: Utvalg | None = None,
    *,
    punkter: Punkter | None = None,
    oyeblikk_s: float = OYEBLIKK_S,
) -> Resultat:
    """Go through the cases in the order of their ids; memory holds one case and three batches.

    ``punkter``: of the cases of ``utvalg`` and no other; a case that is in them and not in the database is named.
    Errors: those of the database; ``NokkelfilFeil`` when the key file cannot be read.
    """
    start, ut, ankret = time.monotonic(), Resultat(), _Ankret(punkter)
    url = make_url(url_for(DbRolle.REVISOR, database_url)).set(drivername="postgresql")
    for sak_id, sak in _gjennom(url.render_as_string(hide_password=False), utvalg or Utvalg(), oyeblikk_s):
        ut.funn += ankret.fram_til(sak_id)
        ut.saker += 1
        ut.hendelser += len(sak.hendelser)
        ut.vedtak += len(sak.rader.vedtak)
        brudd = verifiser(sak_id, sak.hendelser, sak.hode) or ankret.brudd(sak_id, sak)
        ut.funn += [_som_funn(b, sak.hendelser) for b in brudd]
        ut.funn += [Funn(sak_id, *a) for a in avvik(sak.hendelser, sak.rader)]
        if not brudd:  # a content that is not the one hashed has been named already
            funn, uapnet = _innholdsfunn(sak_id, sak)
            ut.funn += funn
            ut.uapnet += uapnet
    ut.funn += ankret.fram_til(None)
    ut.sekunder = time.monotonic() - start
    return ut


class _Ankret:
    """The anchors' heads, taken along in the order of the cases."""

    def __init__(self, punkter: Punkter | None) -> None:
        self._punkter = punkter or iter(())
        self._neste = next(self._punkter, None)
        self._hoder: Sequence[Hode] = ()

    def fram_til(self, sak_id: str | None) -> list[Funn]:
        """Go on to this case (None: to the end): those passed by, which an anchor has and the database does not."""
        funn = []
        while self._neste is not None and (sak_id is None or self._neste[0] < sak_id):
            borte, hoder = self._neste
            funn.append(Funn(borte, 0, "fjernet", "sak", _borte(hoder)))
            self._neste = next(self._punkter, None)
        self._hoder = ()
        if self._neste is not None and self._neste[0] == sak_id:
            self._hoder = self._neste[1]
            self._neste = next(self._punkter, None)
        return funn

    def brudd(self, sak_id: str, sak: _Sak) -> list[Brudd]:
        """The first anchored head that the chain of the case gone on to does not have."""
        if self._hoder and sak.hode is None and not sak.hendelser:  # other rows of it are left
            return [Brudd(sak_id, 0, "fjernet", _borte(self._hoder))]
        for hode in self._hoder:
            if hode.seq > len(sak.hendelser) or (hode.seq and sak.hendelser[hode.seq - 1].hash != hode.hash):
                return verifiser(sak_id, sak.hendelser, sak.hode, hode)
        return []


def _borte(hoder: Sequence[Hode]) -> str:
    return f"saken er borte; et anker har den med {hoder[-1].seq if hoder else 0} hendelser"


def _gjennom(url: str, utvalg: Utvalg, oyeblikk_s: float) -> Iterator[tuple[str, _Sak]]:
    """Case by case; every so often in a new snapshot, from the case after."""
    etter = utvalg.fra or UUID(int=0)
    while True:
        slutt = time.monotonic() + oyeblikk_s
        with psycopg.connect(url, connect_timeout=5, application_name=DbRolle.REVISOR.value) as forbindelse:
            forbindelse.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            forbindelse.read_only = True
            for sak_id, sak in _saker(forbindelse, utvalg, etter):
                yield sak_id, sak
                if time.monotonic() > slutt:
                    etter = UUID(sak_id)
                    break
            else:
                return


def _saker(forbindelse: psycopg.Connection[Any], utvalg: Utvalg, etter: UUID) -> Iterator[tuple[str, _Sak]]:
    """Server-side cursors, each in the order of case ids, put together."""
    rader = _strom(forbindelse, "hendelser", _HENDELSER, utvalg.vilkar("h.sak_id"), etter)
    grupper = [_gruppert("hendelser", rader, 0)]
    for sporring, kolonne in _BESIDE:
        strom = _strom(forbindelse, kolonne, sporring, utvalg.vilkar(kolonne), etter, som_dict=True)
        grupper.append(_gruppert(kolonne, strom, "sak"))
    for sak_id, deler in groupby(merge(*grupper, key=itemgetter(0)), key=itemgetter(0)):
        del_ = {hva: gruppe for _, hva, gruppe in deler}
        yield sak_id, _som_sak(del_)


def _som_sak(del_: Mapping[str, list[Any]]) -> _Sak:
    """``del_``: rows by the name of their cursor."""
    hode = del_["s.id"][0] if "s.id" in del_ else None
    return _Sak(
        hode=Hode(hode["siste_seq"], hode["siste_hash"]) if hode else None,
        nokkel=hode["nokkel"] if hode else None,
        hendelser=[Rad(*r) for r in del_.get("hendelser", ())],
        rader=Rader(
            sak=hode,
            vedtak=del_.get("v.sak_id", ()),
            utbetalinger=del_.get("u.sak_id", ()),
            behandlinger=del_.get("b.sak_id", ()),
            svar={r["behandling"]: r["segl"] for r in del_.get("o.sak_id", ())},
            parter={r["person"]: r["rolle"] for r in del_.get("sp.sak_id", ())},
            lopende=next(iter(del_.get("l.sak_id", ())), None),
            soknader={r["fra"]: r["soknad"] for r in del_.get("ls.sak_id", ())},
        ),
    )


def _gruppert(hva: str, strom: Iterator[Any], nokkel: int | str) -> Iterator[tuple[str, str, list[Any]]]:
    for sak_id, gruppe in groupby(strom, key=itemgetter(nokkel)):
        yield sak_id, hva, list(gruppe)


def _strom(
    forbindelse: psycopg.Connection[Any],
    navn: str,
    sporring: str,
    vilkar: tuple[str, list[Any]],
    etter: UUID,
    *,
    som_dict: bool = False,
) -> Iterator[Any]:
    with forbindelse.cursor(navn) as peker:
        if som_dict:
            peker.row_factory = dict_row
        peker.itersize = BUNKE
        peker.execute(sporring.format(vilkar=vilkar[0]).encode(), [etter, *vilkar[1]], binary=True)
        yield from peker


def _som_funn(brudd: Brudd, rader: Sequence[Rad]) -> Funn:
    hva = next((r.type for r in rader if r.seq == brudd.seq), "hendelse")
    return Funn(brudd.sak, brudd.seq, brudd.slag, hva, brudd.forklaring)


def _innholdsfunn(sak_id: str, sak: _Sak) -> tuple[list[Funn], int]:
    """The plaintext against the salted hash of the chain; how many could not be opened."""
    forseglet = [r for r in sak.hendelser if r.innhold is not None]
    if not forseglet:
        return [], 0
    try:
        nokkel = forsegler().pakk_ut(sak.nokkel)
    except (NokkelDestruert, UkjentNokkel):
        return [], len(forseglet)
    except ForseglingBrutt as feil:
        return [Funn(sak_id, 0, "endret", "nøkkel", str(feil))], len(forseglet)
    return [
        Funn(sak_id, r.seq, "endret", r.type, "innholdet lar seg ikke åpne, eller er ikke det som ble hashet")
        for r in forseglet
        if not _er_innholdet(nokkel, r)
    ], 0


def _er_innholdet(nokkel: Datanokkel, rad: Rad) -> bool:
    try:
        klart = nokkel.apne(rad.innhold or b"", hendelser.aad(UUID(rad.sak), rad.seq))
    except ForseglingBrutt:
        return False
    ventet = orjson.loads(rad.kanonisk).get("innhold") or ""
    return hmac.compare_digest(pakk_opp_innhold(klart)[1].hex(), ventet)
