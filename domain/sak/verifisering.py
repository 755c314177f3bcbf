"""Is a case's chain what was written? If not, the first break, and what kind of tampering it shows.

The chain alone cannot show a history that has been rewritten from some point on with every hash made anew: that takes
the anchor, the head as it stood in a signed Merkle root kept elsewhere. What was appended after the last anchor is as
sure as the database is.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import orjson

from domain.sak.kjede import START, neste_hash

Slag = Literal["endret", "fjernet", "satt_inn", "byttet", "avkortet", "rullet_tilbake", "omskrevet"]


class Rad(NamedTuple):
    """An event as stored, ordered by seq. Ids and ``tid`` as text in the header's own form; ``innhold`` sealed."""

    sak: str
    seq: int
    id: str
    behandling: str | None
    tid: str
    type: str
    kanonisk: bytes
    forrige: bytes
    hash: bytes
    innhold: bytes | None


class Hode(NamedTuple):
    """Last sequence number and hash: of the case row, or of an anchor. No events: 0 and ``START``."""

    seq: int
    hash: bytes


class Brudd(NamedTuple):
    sak: str
    seq: int
    slag: Slag
    forklaring: str


def verifiser(
    sak: str, hendelser: Sequence[Rad], hode: Hode | None, anker: Hode | None = None
) -> list[Brudd]:
    """The first break within the chain, else the first against head and anchor; empty when all is well.

    ``hode`` None: the case's own row is gone.
    """
    forrige = START
    for i, rad in enumerate(hendelser):
        if rad.seq != i + 1 or rad.forrige != forrige or not _hel(rad):
            return [_finn_slag(sak, hendelser, i, hode)]
        forrige = rad.hash
    siste = Hode(len(hendelser), forrige)
    return _mot_hode(sak, siste, hode) or _mot_anker(sak, hendelser, siste, anker)


def _hel(rad: Rad) -> bool:
    """Hash, header and columns of one row agree."""
    if neste_hash(rad.forrige, rad.kanonisk) != rad.hash:
        return False
    h = _les(rad)
    if h is None:
        return False
    forseglet = hashlib.sha256(rad.innhold).hexdigest() if rad.innhold is not None else None
    return (
        h.get("seq") == rad.seq
        and h.get("id") == rad.id
        and h.get("sak") == rad.sak
        and h.get("behandling") == rad.behandling
        and h.get("tid") == rad.tid
        and h.get("type") == rad.type
        and h.get("forseglet") == forseglet
    )


def _les(rad: Rad) -> dict[str, Any] | None:
    try:
        h = orjson.loads(rad.kanonisk)
    except orjson.JSONDecodeError:
        return None
    return h if isinstance(h, dict) else None


def _mot_hode(sak: str, siste: Hode, hode: Hode | None) -> list[Brudd]:
    if hode is None:
        return [Brudd(sak, 0, "fjernet", "saken finnes ikke, men har hendelser")] if siste.seq else []
    if siste.seq < hode.seq:
        return [
            Brudd(sak, siste.seq + 1, "avkortet", f"{hode.seq - siste.seq} av de siste hendelsene mangler")
        ]
    if siste.seq > hode.seq:
        return [Brudd(sak, hode.seq + 1, "satt_inn", "hendelser etter sakens hode")]
    if siste.hash != hode.hash:
        return [Brudd(sak, siste.seq, "endret", "sakens hode er ikke den siste hendelsens hash")]
    return []


def _mot_anker(sak: str, hendelser: Sequence[Rad], siste: Hode, anker: Hode | None) -> list[Brudd]:
    if anker is None or anker.seq == 0:
        return []
    if siste.seq < anker.seq:
        forklaring = f"kjeden slutter på {siste.seq}, ankeret viser {anker.seq}"
        return [Brudd(sak, siste.seq + 1, "rullet_tilbake", forklaring)]
    if hendelser[anker.seq - 1].hash != anker.hash:
        return [Brudd(sak, anker.seq, "omskrevet", "kjeden henger sammen, men er ikke den som ble forankret")]
    return []


def _finn_slag(sak: str, hendelser: Sequence[Rad], i: int, hode: Hode | None) -> Brudd:
    """Name the break at row ``i`` from the sequence numbers that are inside the hashed headers."""
    rad, ventet = hendelser[i], i + 1
    numre = [h.get("seq") if (h := _les(r)) else None for r in hendelser]
    nr = numre[i]
    rest = numre[:i] + numre[i + 1 :]
    for_mange = hode is None or len(hendelser) > hode.seq
    if for_mange and nr is not None and nr in rest:
        return Brudd(sak, ventet, "satt_inn", f"to hendelser har nummer {nr}")
    if hode is not None and hode.seq == len(rest) and rest == list(range(1, len(rest) + 1)):
        return Brudd(sak, ventet, "satt_inn", "en hendelse som ikke hører til")
    if nr != ventet and ventet in rest:
        return Brudd(sak, ventet, "byttet", f"hendelse {nr} står på plass {ventet}")
    if neste_hash(rad.forrige, rad.kanonisk) != rad.hash:
        return Brudd(sak, ventet, "endret", "hendelsens hash stemmer ikke med innholdet")
    if isinstance(nr, int) and nr > ventet:
        return Brudd(sak, ventet, "fjernet", f"hendelse {ventet} mangler")
    lenke_brutt = i > 0 and rad.forrige != hendelser[i - 1].hash
    if nr == ventet == rad.seq and lenke_brutt and _forankret(hendelser, i, hode):
        return Brudd(
            sak, ventet - 1, "endret", "hendelsens hash er laget på nytt; den neste peker på en annen"
        )
    return Brudd(sak, ventet, "endret", "hendelsens felter stemmer ikke med det som ble hashet")


def _forankret(hendelser: Sequence[Rad], i: int, hode: Hode | None) -> bool:
    """The next event, or the head, points at row ``i``: then it is the one before it that has been changed."""
    if i + 1 < len(hendelser):
        return hendelser[i + 1].forrige == hendelser[i].hash
    return hode is not None and hode.hash == hendelser[i].hash
