"""Compute stored decisions again from their facts, by the rules that they name, and hold every part against what was
stored: facts, rule version, code, outcome, amount and the bytes of the trace.

Decisions are taken in groups that share scheme, rule version and termin: a thousand at a time cost little more than
one. No content is told: a difference names the field, and in the trace the first rule.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import make_url

from domain.ordninger import ORDNINGER
from domain.sak.etterprov import Etterprov, Gjentatt, UkjentRegelversjon
from domain.sak.kjede import UgyldigDokument, kanonisk
from domain.sak.manedlig import SporAvvik
from services.forsegling import ForseglingBrutt, NokkelDestruert, UkjentNokkel, forsegler
from services.lager.roller import DbRolle, url_for
from services.motor.avgjorelse import aad, fold_ut

BUNKE = 1000


@dataclass(frozen=True, slots=True)
class Avvik:
    """One decision that does not come out as stored. ``felt``: the first field that differs, ``spor.<rule>``; or what
    stood in the way."""

    vedtak: UUID
    felt: str
    forklaring: str


@dataclass(slots=True)
class Resultat:
    """``slettet``: the person is erased, and the facts with the key; ``ukjente``: no such decision."""

    antall: int = 0
    like: int = 0
    slettet: int = 0
    sekunder: float = 0.0
    avvik: list[Avvik] = field(default_factory=list)
    ukjente: list[UUID] = field(default_factory=list)

    @property
    def andel(self) -> float:
        """Of those that can be computed again. 1 when there are none."""
        provd = self.antall - self.slettet
        return self.like / provd if provd else 1.0


@dataclass(frozen=True, slots=True)
class Lagret:
    """A decision as stored, opened."""

    id: UUID
    termin: str
    kode: str
    utfall: str
    belop: int
    regelversjon: str
    fakta: bytes
    spor: bytes


_VEDTAK = """
    SELECT v.id, v.termin, v.kode, v.utfall, v.belop, v.regelversjon, v.fakta, v.spor, s.ordning,
           CASE WHEN s.slettet IS NULL THEN p.nokkel END AS nokkel
    FROM vedtak v LEFT JOIN sak s ON s.id = v.sak_id LEFT JOIN person p ON p.id = s.hovedperson WHERE v.id = ANY(%s)
"""
# A random order that the seed decides, from the index alone.
_UTVALG = "SELECT id FROM vedtak ORDER BY uuid_hash_extended(id, %s), id LIMIT %s"


def utvalg(database_url: str, antall: int, fro: int) -> list[UUID]:
    """``antall`` decisions at random; the same seed takes the same ones."""
    with _revisor(database_url) as forbindelse:
        return [r[0] for r in forbindelse.execute(_UTVALG, [fro, antall])]


def spill_av(database_url: str, vedtak: Sequence[UUID]) -> Resultat:
    """Compute these decisions again. Errors: those of the database; ``NokkelfilFeil``."""
    start, ut = time.monotonic(), Resultat()
    with _revisor(database_url) as forbindelse:
        for fra in range(0, len(vedtak), BUNKE):
            _bunke(forbindelse, vedtak[fra : fra + BUNKE], ut)
    ut.sekunder = time.monotonic() - start
    return ut


def _revisor(database_url: str) -> psycopg.Connection[Any]:
    url = make_url(url_for(DbRolle.REVISOR, database_url)).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5)


def _bunke(forbindelse: psycopg.Connection[Any], ider: Sequence[UUID], ut: Resultat) -> None:
    rader: list[Any] = (
        forbindelse.cursor(binary=True, row_factory=namedtuple_row).execute(_VEDTAK, [list(ider)]).fetchall()
    )
    funnet = {r.id for r in rader}
    ut.ukjente += [i for i in ider if i not in funnet]
    ut.antall += len(rader)
    grupper: dict[tuple[str, str, str], list[Lagret]] = {}
    for rad in rader:
        try:
            nokkel = forsegler().pakk_ut(rad.nokkel)
            fakta, spor = (
                nokkel.apne(rad.fakta, aad(rad.id, "fakta")),
                nokkel.apne(rad.spor, aad(rad.id, "spor")),
            )
        except NokkelDestruert:
            ut.slettet += 1
            continue
        except (ForseglingBrutt, UkjentNokkel) as feil:
            ut.avvik.append(Avvik(rad.id, "fakta", str(feil)))
            continue
        lagret = Lagret(rad.id, rad.termin, rad.kode, rad.utfall, rad.belop, rad.regelversjon, fakta, spor)
        grupper.setdefault((rad.ordning, rad.regelversjon, rad.termin), []).append(lagret)
    for (ordning, regelversjon, _), lagrede in grupper.items():
        avvik = list(sammenlign(ORDNINGER[ordning].etterprov, regelversjon, lagrede))
        ut.avvik += avvik
        ut.like += len(lagrede) - len(avvik)


def sammenlign(etterprov: Etterprov, regelversjon: str, lagrede: Sequence[Lagret]) -> Iterator[Avvik]:
    """Those that differ, of decisions that share rule version and termin."""
    lesbare: list[tuple[Lagret, dict[str, Any]]] = []
    for v in lagrede:
        if (fakta := _lest(v)) is None:
            yield Avvik(v.id, "fakta", "er ikke et kanonisk faktadokument for terminen")
        else:
            lesbare.append((v, fakta))
    try:
        gjentatte: Sequence[Gjentatt | None] = etterprov.gjenta([f for _, f in lesbare], regelversjon)
    except UkjentRegelversjon as feil:
        yield from (Avvik(v.id, "regelversjon", str(feil)) for v, _ in lesbare)
        return
    except (ValueError, KeyError, TypeError):  # one of them cannot be reckoned: they are taken one by one
        gjentatte = [_alene(etterprov, f, regelversjon) for _, f in lesbare]
    for (v, _), gjentatt in zip(lesbare, gjentatte, strict=True):
        if gjentatt is None:
            yield Avvik(v.id, "fakta", "reglene kan ikke lese dem")
        elif avvik := _forskjell(etterprov, v, gjentatt):
            yield avvik


def _lest(v: Lagret) -> dict[str, Any] | None:
    try:
        fakta = orjson.loads(v.fakta)
        hel = isinstance(fakta, dict) and fakta.get("termin") == v.termin and kanonisk(fakta) == v.fakta
    except (orjson.JSONDecodeError, UgyldigDokument):
        return None
    return fakta if hel else None


def _alene(etterprov: Etterprov, fakta: dict[str, Any], regelversjon: str) -> Gjentatt | None:
    try:
        return etterprov.gjenta([fakta], regelversjon)[0]
    except (ValueError, KeyError, TypeError):
        return None


def _forskjell(etterprov: Etterprov, v: Lagret, g: Gjentatt) -> Avvik | None:
    for felt in ("regelversjon", "kode", "utfall", "belop"):
        if getattr(v, felt) != getattr(g, felt):
            return Avvik(v.id, felt, "blir en annen nå" + _hvor(etterprov, v, g))
    if v.spor == g.spor:
        return None
    if not v.spor.startswith(b"K1 ") and fold_ut(v.fakta, g.spor) == v.spor:  # stored in full
        return None
    regel = _forste_ulike(etterprov.sporverdier, v.spor, g.spor)
    return Avvik(v.id, f"spor.{regel}" if regel else "spor", "sporet blir et annet nå")


def _hvor(etterprov: Etterprov, v: Lagret, g: Gjentatt) -> str:
    regel = _forste_ulike(etterprov.sporverdier, v.spor, g.spor)
    return f"; først i regelen {regel}" if regel else ""


def _forste_ulike(les: Callable[[bytes], Mapping[str, Any]], a: bytes, b: bytes) -> str | None:
    """The first rule whose value is another."""
    try:
        lagret, na = les(a), les(b)
    except SporAvvik:
        return None
    return next((navn for navn, verdi in na.items() if lagret.get(navn) != verdi), None)
