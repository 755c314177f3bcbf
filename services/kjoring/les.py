"""Read the cases of a chunk: heads of chains, standing applications, earlier facts, register answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection, Cursor

from domain.sak.manedlig import Lopende
from services.forsegling import Datanokkel, ForseglingFeil, forsegler
from services.kjoring.kjoring import Bit, Kjoring
from services.klokke import na
from services.lager import lopende, opplysninger
from services.lager.opplysninger import NyOpplysning
from services.motor.avgjorelse import aad as vedtak_aad

_INGEN = UUID(int=0)


class Svar:
    """A case's answers by key, opened when they are read: what an older month asked for is never opened.

    Reads as a mapping; ``nye`` are those that this run has asked for."""

    __slots__ = ("_aad", "_apne", "_lukkede", "_nokkel")

    def __init__(self, sak_id: UUID, nokkel: Datanokkel) -> None:
        self._aad = opplysninger.aad(sak_id, _INGEN)[:-16]  # what is left is the answer's own id
        self._nokkel = nokkel
        self._lukkede: dict[str, tuple[bytes, bytes]] = {}
        self._apne: dict[str, dict[str, Any]] = {}

    def legg_lukket(self, nokkel: str, id_: bytes, innhold: bytes) -> None:
        """A stored answer; the first of a key counts (they come newest first)."""
        if nokkel not in self._lukkede:
            self._lukkede[nokkel] = (id_, innhold)

    def legg(self, nokkel: str, svar: dict[str, Any]) -> None:
        self._apne[nokkel] = svar

    def glem(self, registre: frozenset[str]) -> None:
        """Answers of these registers do not count any more."""
        for nokkel in [n for n in self._lukkede if n.partition("/")[0] in registre]:
            del self._lukkede[nokkel]

    def __getitem__(self, nokkel: str) -> dict[str, Any]:
        svar = self._apne.get(nokkel)
        if svar is None:
            id_, innhold = self._lukkede[nokkel]
            svar = orjson.loads(self._nokkel.apne(innhold, self._aad + id_))
            self._apne[nokkel] = svar
        return svar

    def get(self, nokkel: str, ellers: Any = None) -> Any:
        try:
            return self[nokkel]
        except KeyError:
            return ellers

    def __contains__(self, nokkel: object) -> bool:
        return nokkel in self._apne or nokkel in self._lukkede

    def __iter__(self) -> Iterator[str]:
        return iter(self._lukkede.keys() | self._apne.keys())

    def __len__(self) -> int:
        return len(self._lukkede.keys() | self._apne.keys())

    def keys(self) -> set[str]:
        return set(self)

    def items(self) -> list[tuple[str, dict[str, Any]]]:
        return [(n, self[n]) for n in self]


@dataclass(slots=True)
class Sak:
    """One case in a chunk. ``feil``: why it cannot be read; then it becomes an open task."""

    id: UUID
    kommunenummer: str
    gradert: bool
    versjon: int
    siste_seq: int
    siste_hash: bytes
    nokkel: Datanokkel | None
    for_: Lopende
    forrige_utfall: str
    forrige_belop: int
    forrige_vedtak: UUID
    status: str
    nr: int
    """The highest number of its treatments."""
    stanset_grunn: str | None
    plass: int
    """Its place in the manifest, as ``Bit.plasser`` gives it."""
    svar: Svar | None = None
    soknad: dict[str, Any] | None = None
    forrige_fakta: dict[str, Any] | None = None
    apen: UUID | None = None
    """An open treatment of the same termin that is somebody else's."""
    innhenting: UUID | None = None
    """The run's own treatment, opened when answers were asked for."""
    betalt: int = 0
    """What the termin has had before, kroner."""
    forkastet: bool = False
    """The decision that stands is a rejected run's: what it gave was never paid, and nobody has been told of it."""
    feil: BaseException | None = None
    registerfeil: dict[str, str] = field(default_factory=dict)
    nye_svar: list[NyOpplysning] = field(default_factory=list)
    tekst: str = field(init=False)
    """``id`` as text, made once: it stands in every row of the case."""

    def __post_init__(self) -> None:
        self.tekst = str(self.id)


_LAS = "SELECT id FROM sak WHERE id = ANY(%b) ORDER BY id FOR NO KEY UPDATE"
# A statement of its own after the lock, so that it sees what those who held it before wrote.
_HODE = """
    SELECT s.id, s.kommunenummer, s.gradert, s.versjon, s.siste_seq, s.siste_hash, p.nokkel,
           l.siste_termin, l.siste_kode, l.avslag_pa_rad, l.siste_utfall, l.siste_belop, l.siste_vedtak, l.status,
           (SELECT max(nr) FROM behandling b WHERE b.sak_id = s.id), l.stanset_grunn
    FROM sak s JOIN person p ON p.id = s.hovedperson JOIN lopende l ON l.sak_id = s.id
    WHERE s.id = ANY(%b) ORDER BY s.id
"""
_APNE = """
    SELECT sak_id, id, tilstand, arsak FROM behandling
    WHERE avsluttet IS NULL AND sak_id = ANY(%b) AND termin = %s ORDER BY nr
"""
_SOKNAD = """
    SELECT DISTINCT ON (sak_id) sak_id, gjelder_fra, soknad FROM lopende_soknad
    WHERE sak_id = ANY(%b) AND gjelder_fra <= %s ORDER BY sak_id, gjelder_fra DESC
"""
_VEDTAK = "SELECT sak_id, id, fakta FROM vedtak WHERE id = ANY(%b)"
# The newest decision of the termin itself, for a new calculation: what it replaces.
_VEDTAK_FOR = """
    SELECT DISTINCT ON (sak_id) sak_id, id, kode, utfall, belop, fakta FROM vedtak
    WHERE sak_id = ANY(%b) AND termin = %s ORDER BY sak_id, fattet DESC, id DESC
"""
_BETALT = """
    SELECT sak_id, sum(belop)::bigint FROM utbetaling
    WHERE sak_id = ANY(%b) AND termin = %s AND status <> 'bortfalt' GROUP BY sak_id
"""
_FORKASTET = """
    SELECT s.sak_id, s.vedtak_id FROM kjoring_sak s JOIN kjoring k ON k.id = s.kjoring_id
    WHERE s.sak_id = ANY(%b) AND k.termin = %s AND k.status = 'forkastet'
"""
_SVAR = """
    SELECT uuid_send(sak_id), uuid_send(id), nokkel, innhold FROM opplysning
    WHERE sak_id = ANY(%b) AND kilde = ANY(%b) AND hentet <= %s AND (gyldig_til > %s OR %s)
    ORDER BY sak_id, hentet DESC
"""
"""Ids as plain bytes: they are many, and most are only passed on."""
REGISTRE = ["folkeregister", "lanekassen", "inntekt", "skattegrunnlag", "nav", "matrikkel"]


def las(forbindelse: Connection[Any], ider: Sequence[UUID]) -> None:
    """Lock the cases in the order of their ids until the transaction ends."""
    forbindelse.execute(_LAS, (list(ider),))


def les(forbindelse: Connection[Any], kjoring: Kjoring, bit: Bit) -> list[Sak]:
    """A chunk's cases with all that is needed to decide them, in the order of their ids. What cannot be opened stands
    as ``feil`` of its case alone."""
    ider, plasser = bit.ider, bit.plasser()
    with forbindelse.cursor(binary=True) as peker, _planlagt_na(peker):
        saker: dict[UUID, Sak] = {}
        for r in peker.execute(_HODE, (list(ider),)):
            nokkel, feil = _pakk_ut(r[6])
            saker[r[0]] = Sak(*[*r[:6], nokkel, Lopende(*r[7:10]), *r[10:16], plasser[r[0]]])
            saker[r[0]].feil = feil
        _tidligere(peker, kjoring, ider, saker)
        _apne_behandlinger(peker, kjoring, ider, saker)
        _soknader(peker, kjoring, ider, saker)
        if kjoring.slag != "skygge":
            for sak_id, sum_ in peker.execute(_BETALT, (list(ider), kjoring.termin)):
                saker[sak_id].betalt = sum_
        if kjoring.slag in ("ordinar", "ny_beregning"):
            _svar(peker, kjoring, ider, saker)
    return list(saker.values())


@contextmanager
def _planlagt_na(peker: Cursor[Any]) -> Iterator[None]:
    """Plans are made for this chunk: one that was made when the month's tables were empty would read them from end to
    end as they fill. Not for what is written: each foreign key that is checked would be planned anew."""
    peker.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    yield
    peker.execute("SET LOCAL plan_cache_mode TO DEFAULT")


def _pakk_ut(innpakket: bytes | None) -> tuple[Datanokkel | None, BaseException | None]:
    """A case's key, or why there is none: it is erased, or damaged."""
    try:
        return forsegler().pakk_ut(innpakket), None
    except ForseglingFeil as feil:
        return None, feil


def _apne_behandlinger(
    peker: Cursor[Any], kjoring: Kjoring, ider: Sequence[UUID], saker: dict[UUID, Sak]
) -> None:
    for sak_id, id_, tilstand, arsak in peker.execute(_APNE, (list(ider), kjoring.termin)):
        if tilstand == "innhenting" and arsak == kjoring.arsak:
            saker[sak_id].innhenting = id_
        elif saker[sak_id].forkastet and not kjoring.ordning.forlop[arsak].opptar_maneden:
            continue  # an appeal, say: it goes on beside the decision that puts the month right
        elif saker[sak_id].apen is None:
            saker[sak_id].apen = id_


def _soknader(peker: Cursor[Any], kjoring: Kjoring, ider: Sequence[UUID], saker: dict[UUID, Sak]) -> None:
    for sak_id, fra, forseglet in peker.execute(_SOKNAD, (list(ider), kjoring.termin)):
        sak = saker[sak_id]
        if sak.nokkel is not None:
            try:
                soknad = lopende.apne(sak.nokkel, sak_id, fra, forseglet)
                sak.soknad = kjoring.manedlig.soknad_for(soknad, kjoring.termin)
            except Exception as feil:  # noqa: BLE001 - whatever it is, it is this case's alone
                sak.feil = feil


def _tidligere(peker: Cursor[Any], kjoring: Kjoring, ider: Sequence[UUID], saker: dict[UUID, Sak]) -> None:
    if kjoring.gjelder_vedtatte:
        for sak_id, id_, kode, utfall, belop, fakta in peker.execute(
            _VEDTAK_FOR, (list(ider), kjoring.termin)
        ):
            sak = saker[sak_id]
            sak.forrige_vedtak, sak.forrige_utfall, sak.forrige_belop = id_, utfall, belop
            sak.for_ = Lopende(sak.for_.termin, kode, sak.for_.avslag_pa_rad)
            _apne_fakta(sak, fakta)
        for sak_id, vedtak_id in peker.execute(_FORKASTET, (list(ider), kjoring.termin)):
            saker[sak_id].forkastet |= vedtak_id == saker[sak_id].forrige_vedtak
    else:
        for sak_id, _, fakta in peker.execute(_VEDTAK, ([s.forrige_vedtak for s in saker.values()],)):
            _apne_fakta(saker[sak_id], fakta)


def _apne_fakta(sak: Sak, forseglet: bytes) -> None:
    if sak.nokkel is None:
        return
    try:
        sak.forrige_fakta = orjson.loads(sak.nokkel.apne(forseglet, vedtak_aad(sak.forrige_vedtak, "fakta")))
    except Exception as feil:  # noqa: BLE001 - this case's alone
        sak.feil = feil


def _svar(peker: Cursor[Any], kjoring: Kjoring, ider: Sequence[UUID], saker: dict[UUID, Sak]) -> None:
    uansett_alder = kjoring.gjelder_vedtatte  # the same month's question: what was answered then still counts
    grense = kjoring.samlet or na()
    forrige = b""
    svar: Svar | None = None
    for sak in saker.values():
        if sak.nokkel is not None:
            sak.svar = Svar(sak.id, sak.nokkel)
    for sak_id, id_, nokkel, innhold in peker.execute(
        _SVAR, (list(ider), REGISTRE, grense, kjoring.tid, uansett_alder)
    ):
        if sak_id != forrige:
            forrige = sak_id
            svar = saker[UUID(bytes=sak_id)].svar
        if svar is not None:
            svar.legg_lukket(nokkel, id_, innhold)
    if kjoring.slag == "ny_beregning":
        for sak in saker.values():
            if sak.svar is not None:
                sak.svar.glem(kjoring.manedlig.etterprov)
