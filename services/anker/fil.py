"""Anchors as files. Two a night, never changed: ``00000042.json``, signed, and ``00000042.hoder``, the case heads.

The heads are 56 bytes each, ascending: case id (16), sequence number (8, big-endian), hash (32); all cases in every
``HEL_HVER``-th anchor, in the others those that have changed since the one before. The document holds the sha256 of the
heads, the Merkle root over all cases, and the sha256 of the document before it, so that anchors are a chain too.
"""

import hashlib
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.sak.kjede import kanonisk
from domain.sak.merkle import Blad
from domain.sak.verifisering import Hode
from services.anker.feil import AnkerFeil
from services.anker.nokkel import nokkel_id

HODE = 56
FORTSATT = b"boligsak anker 1\n"
"""What a signature is over, before the document: it can stand for nothing else."""
BORTE = b"\xff" * 8 + bytes(32)
"""Sequence number and hash of a case that was there the night before and is gone."""


@dataclass(frozen=True, slots=True)
class Anker:
    """One signed document. ``dokument``: v, nr, tid, saker, rot, hoder {antall, sha256, alle}, forrige, nokkel."""

    dokument: dict[str, Any]
    signatur: str

    @property
    def nr(self) -> int:
        return int(self.dokument["nr"])

    @property
    def rot(self) -> bytes:
        return bytes.fromhex(self.dokument["rot"])

    @property
    def hash(self) -> str:
        return hashlib.sha256(kanonisk(self.dokument)).hexdigest()

    def linje(self) -> bytes:
        return kanonisk({"anker": self.dokument, "signatur": self.signatur}) + b"\n"


def signer(dokument: Mapping[str, Any], nokkel: Ed25519PrivateKey) -> Anker:
    helt = {**dokument, "v": 1, "nokkel": nokkel_id(nokkel.public_key())}
    return Anker(helt, nokkel.sign(FORTSATT + kanonisk(helt)).hex())


def tolk(innhold: Mapping[str, Any], hva: str) -> Anker:
    """The two parts of an anchor; ``hva`` names it in errors. Errors: ``AnkerFeil``."""
    try:
        dokument, signatur = innhold["anker"], innhold["signatur"]
        hoder = dokument["hoder"]
        for felt, art in (("nr", int), ("saker", int), ("tid", str), ("rot", str), ("nokkel", str)):
            if type(dokument[felt]) is not art:
                raise AnkerFeil(f"{hva}: {felt} mangler eller har feil form")
        if dokument["v"] != 1 or type(hoder["antall"]) is not int or type(hoder["sha256"]) is not str:
            raise AnkerFeil(f"{hva}: ukjent versjon, eller hoder har feil form")
        if len(bytes.fromhex(dokument["rot"])) != 32 or type(signatur) is not str:
            raise AnkerFeil(f"{hva}: rot eller signatur har feil form")
    except (KeyError, TypeError, ValueError):
        raise AnkerFeil(f"{hva}: er ikke et anker") from None
    return Anker(dict(dokument), signatur)


def er_signert(anker: Anker, nokler: Mapping[str, Ed25519PublicKey]) -> bool:
    """Signed by one of the keys that are believed?"""
    nokkel = nokler.get(anker.dokument["nokkel"])
    if nokkel is None:
        return False
    try:
        nokkel.verify(bytes.fromhex(anker.signatur), FORTSATT + kanonisk(anker.dokument))
    except (InvalidSignature, ValueError):
        return False
    return True


def les_alle(mappe: Path) -> list[Anker]:
    """Every anchor of the folder, by number. Errors: ``AnkerFeil``."""
    ut = []
    for fil in sorted(mappe.glob("*.json")):
        try:
            anker = tolk(orjson.loads(fil.read_bytes()), fil.name)
        except (OSError, orjson.JSONDecodeError, TypeError):
            raise AnkerFeil(f"{fil.name}: kan ikke leses") from None
        if fil.name != f"{anker.nr:08d}.json":
            raise AnkerFeil(f"{fil.name}: har nummer {anker.nr}")
        ut.append(anker)
    return ut


def hodefil(mappe: Path, nr: int) -> Path:
    return mappe / f"{nr:08d}.hoder"


def skriv(mappe: Path, anker: Anker, hoder: Path) -> None:
    """Put the two files in place, the signed one last: without it the anchor does not exist. Errors: ``AnkerFeil``."""
    mal = hodefil(mappe, anker.nr)
    mal.unlink(missing_ok=True)  # heads without a document: an earlier try was killed
    hoder.chmod(0o444)
    hoder.rename(mal)
    fil = mappe / f"{anker.nr:08d}.json"
    midlertidig = mappe / f".{fil.name}.{os.getpid()}"
    with midlertidig.open("wb") as ut:
        ut.write(anker.linje())
        ut.flush()
        os.fsync(ut.fileno())
    midlertidig.chmod(0o444)
    try:
        os.link(midlertidig, fil)
    except FileExistsError:
        raise AnkerFeil(f"{fil.name} finnes allerede") from None
    finally:
        midlertidig.unlink()
    beskriver = os.open(mappe, os.O_RDONLY)
    try:
        os.fsync(beskriver)
    finally:
        os.close(beskriver)


@contextmanager
def _apne(fil: Path) -> Iterator[memoryview]:
    with fil.open("rb") as f:
        if os.fstat(f.fileno()).st_size == 0:
            yield memoryview(b"")
            return
        with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as kart, memoryview(kart) as utsnitt:
            yield utsnitt


def hodesum(fil: Path) -> tuple[int, str]:
    """Number of heads and sha256 of a file. Errors: ``AnkerFeil`` when it is not there or cut off in a head."""
    try:
        with _apne(fil) as data:
            antall, rest = divmod(len(data), HODE)
            if rest:
                raise AnkerFeil(f"{fil.name}: er avkortet")
            return antall, hashlib.sha256(data).hexdigest()
    except OSError:
        raise AnkerFeil(f"{fil.name}: finnes ikke eller kan ikke leses") from None


def _hoder(fil: Path, fra: UUID | None, til: UUID | None) -> Iterator[bytes]:
    """Heads with ``fra < id <= til``, ascending."""
    with _apne(fil) as data:
        antall = len(data) // HODE
        start = _forste_etter(data, antall, fra.bytes) if fra else 0
        slutt = _forste_etter(data, antall, til.bytes) if til else antall
        for i in range(start * HODE, slutt * HODE, HODE):
            yield bytes(data[i : i + HODE])


def _forste_etter(data: memoryview, antall: int, id_: bytes) -> int:
    lav, hoy = 0, antall
    while lav < hoy:
        midt = (lav + hoy) // 2
        if bytes(data[midt * HODE : midt * HODE + 16]) <= id_:
            lav = midt + 1
        else:
            hoy = midt
    return lav


def punkter(
    mappe: Path, ankre: Sequence[Anker], fra: UUID | None = None, til: UUID | None = None
) -> Iterator[tuple[str, list[Hode]]]:
    """Each case that any anchor has, ascending, with every head it has been anchored with. The files are streamed."""
    strommer = [_hoder(hodefil(mappe, a.nr), fra, til) for a in ankre]
    for id_, gruppe in groupby(merge(*strommer), key=lambda h: h[:16]):
        hoder = list(dict.fromkeys(h[16:] for h in gruppe if h[16:] != BORTE))
        yield str(UUID(bytes=id_)), [Hode(int.from_bytes(h[:8]), h[8:]) for h in hoder]


def tilstand(mappe: Path, ankre: Sequence[Anker]) -> Iterator[bytes]:
    """The heads of all cases as the last of ``ankre`` has them, ascending: the last full list and what came after."""
    siste_hele = max((i for i, a in enumerate(ankre) if a.dokument["hoder"].get("alle")), default=0)
    strommer = [_med_nr(mappe, a.nr) for a in ankre[siste_hele:]]
    for _, gruppe in groupby(merge(*strommer), key=lambda h: h[0]):
        *_, (_, _, hode) = gruppe
        if hode[16:] != BORTE:
            yield hode


def _med_nr(mappe: Path, nr: int) -> Iterator[tuple[bytes, int, bytes]]:
    for hode in _hoder(hodefil(mappe, nr), None, None):
        yield hode[:16], nr, hode


def blad(hode: bytes) -> Blad:
    return Blad(UUID(bytes=hode[:16]), int.from_bytes(hode[16:24]), hode[24:])
