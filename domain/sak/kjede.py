"""The audit chain of a case: canonical bytes (RFC 8785) and hash links. The check is in ``verifisering.py``.

``hash = sha256(forrige || kanonisk)``. The canonical document is the event's header and holds no personal
data; the content stands sealed beside it, bound to the header by two hashes: one of the sealed bytes, so that
a verifier without keys sees a change, and one of salt and plaintext, so that one content can be proved
without giving up a key. The salt is sealed with the content and dies with the person's key, so that nothing
guessable is left behind.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypedDict
from uuid import UUID

import orjson
import rfc8785

START = bytes(32)
"""``forrige`` of the first event of a case."""

VERSJON = 1
SALT_BYTE = 16
_OVER_D7FF = re.compile(rb"[\xee-\xff]")
"""First bytes of the characters from U+E000 on: below them, order by UTF-8 and by UTF-16 is the same."""
_MAKS_HELTALL = 2**53 - 1


class UgyldigDokument(ValueError):
    """The document has no canonical form: NaN, a number beyond 2^53, a key or value that is not JSON."""


class Hendelseshode(TypedDict):
    """What is hashed: ids as lower-case UUIDs, ``tid`` UTC with microseconds and ``Z``, hashes in hex.

    ``data`` holds what the event says without personal data (codes, states, amounts' hashes, rule version).
    """

    v: int
    id: str
    sak: str
    behandling: str | None
    seq: int
    tid: str
    type: str
    aktor: str
    data: dict[str, Any]
    innhold: str | None
    forseglet: str | None


def hendelseshode(
    *,
    id: UUID | str,
    sak_id: UUID | str,
    behandling_id: UUID | str | None,
    seq: int,
    tid: datetime,
    type: str,
    aktor: str,
    data: Mapping[str, Any],
    innhold: bytes | None = None,
    forseglet: bytes | None = None,
) -> Hendelseshode:
    """``innhold``: from ``innhold_hash``; ``forseglet``: the sealed bytes as stored; both or neither."""
    return {
        "v": VERSJON,
        "id": str(id),
        "sak": str(sak_id),
        "behandling": str(behandling_id) if behandling_id else None,
        "seq": seq,
        "tid": tid_tekst(tid),
        "type": type,
        "aktor": aktor,
        "data": dict(data),
        "innhold": innhold.hex() if innhold is not None else None,
        "forseglet": hashlib.sha256(forseglet).hexdigest() if forseglet is not None else None,
    }


@lru_cache(maxsize=64)
def tid_tekst(tid: datetime) -> str:
    """UTC with microseconds, e.g. ``2026-09-01T12:00:00.000000Z``. Naive times are refused."""
    if tid.tzinfo is None:
        raise UgyldigDokument("tid mangler tidssone")
    return tid.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def kanonisk(dokument: Mapping[str, Any] | list[Any]) -> bytes:
    """The RFC 8785 bytes of a JSON document.

    orjson writes the same bytes once numbers are brought to the range where the two formats agree and no key
    can be ordered differently by UTF-8 than by UTF-16; anything else goes the slow way through the rfc8785
    package.
    """
    try:
        ut = orjson.dumps(_forenkle(dokument), option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
        if ut.isascii() or not _OVER_D7FF.search(ut):
            return ut
    except (_Langsom, orjson.JSONEncodeError, RecursionError):
        pass
    try:
        return rfc8785.dumps(dokument)
    except (rfc8785.CanonicalizationError, RecursionError) as feil:
        raise UgyldigDokument(str(feil)) from None


class _Langsom(Exception):
    """Not provably equal: leave it to the reference."""


_SOM_DE_ER = frozenset({str, bool, type(None), int})
_TEKST = frozenset({str})


def _forenkle(verdi: Any) -> Any:
    """The same document with numbers that both formats write alike; what needs no change is passed on as it is.
    Types are asked of a whole level at a time, since it is asked of every decision of a month."""
    art = type(verdi)
    if art is dict:
        if not _TEKST.issuperset(map(type, verdi)):
            raise _Langsom
        if _SOM_DE_ER.issuperset(map(type, verdi.values())):
            return verdi
        return {n: v if type(v) in _SOM_DE_ER else _forenkle(v) for n, v in verdi.items()}
    if art is list or art is tuple:
        if _SOM_DE_ER.issuperset(map(type, verdi)):
            return verdi
        return [v if type(v) in _SOM_DE_ER else _forenkle(v) for v in verdi]
    if art is float:
        if verdi.is_integer():
            if abs(verdi) <= _MAKS_HELTALL:
                return int(verdi)
        elif 1e-3 <= abs(verdi) < _MAKS_HELTALL:
            return verdi
    if isinstance(verdi, str):  # StrEnum
        return str.__str__(verdi)
    raise _Langsom


def neste_hash(forrige: bytes, kanonisk: bytes) -> bytes:
    """The link: sha256(forrige || kanonisk), 32 bytes."""
    return hashlib.sha256(forrige + kanonisk).digest()


def innhold_hash(salt: bytes, innhold: bytes) -> bytes:
    """sha256(salt || innhold), 32 bytes; the salt has a fixed length, so the join is unambiguous."""
    if len(salt) != SALT_BYTE:
        raise ValueError(f"salt må være {SALT_BYTE} byte")
    return hashlib.sha256(salt + innhold).digest()


def pakk_innhold(innhold: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """``(to be sealed, innhold_hash)``: the salt (``SALT_BYTE`` random bytes) in front of the content."""
    return salt + innhold, innhold_hash(salt, innhold)


def pakk_opp_innhold(klartekst: bytes) -> tuple[bytes, bytes]:
    """``(content, innhold_hash)`` of what was sealed."""
    salt, innhold = klartekst[:SALT_BYTE], klartekst[SALT_BYTE:]
    return innhold, innhold_hash(salt, innhold)
