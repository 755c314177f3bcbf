"""The manifest: what exactly a run decides, and with what. Frozen, with a hash, before anything is done."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import domain
from domain.kalender import neste_termin
from domain.sak.kjede import kanonisk
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import MAKS_BITER, Kjoring

_ORDINAR = """
    SELECT sak_id, kommunenummer FROM lopende
    WHERE ordning = %s AND status = 'lopende' AND siste_termin < %s AND (%s::text[] IS NULL OR kommunenummer = ANY(%s))
    ORDER BY sak_id
"""
_VEDTATTE = """
    SELECT l.sak_id, l.kommunenummer FROM lopende l
    WHERE l.ordning = %s AND l.siste_termin >= %s AND (%s::text[] IS NULL OR l.kommunenummer = ANY(%s))
      AND EXISTS (SELECT 1 FROM vedtak v WHERE v.sak_id = l.sak_id AND v.termin = %s)
    ORDER BY l.sak_id
"""
# A household gets one payment a month (as saker.har_annen_sak has it for a single case). Of two that run on, the one
# that was granted last month goes on, else the older; one that is granted the month already comes before both. Found
# once, as the run is frozen: an application that comes later meets the running case.
_ANNEN_SAK = """
    SELECT DISTINCT a.sak_id
    FROM lopende l JOIN sak_person a ON a.sak_id = l.sak_id JOIN sak_person b ON b.person_id = a.person_id
         JOIN sak s ON s.id = a.sak_id JOIN sak s2 ON s2.id = b.sak_id
         LEFT JOIN lopende l2 ON l2.sak_id = b.sak_id
    WHERE l.ordning = %(ordning)s AND l.status = 'lopende' AND l.siste_termin < %(termin)s AND b.sak_id <> a.sak_id
      AND s2.ordning = s.ordning AND s2.status <> 'avsluttet' AND s2.hovedperson <> s.hovedperson
      AND a.person_id IN (s.hovedperson, s2.hovedperson)
      AND (l2.status = 'lopende' AND l2.siste_termin < %(termin)s
           AND (l2.siste_utfall <> 'innvilget', l2.sak_id) < (l.siste_utfall <> 'innvilget', l.sak_id)
           OR (SELECT v.utfall FROM vedtak v WHERE v.sak_id = b.sak_id AND v.termin = %(termin)s
               ORDER BY v.fattet DESC, v.id DESC LIMIT 1) = 'innvilget')
    ORDER BY 1
"""
# A grant that was long in coming: the months between its own and this one were run before the case ran. Those whose
# last month is still in somebody's hands are not among them.
_HOPPER = """
    SELECT l.sak_id FROM lopende l
    WHERE l.ordning = %(ordning)s AND l.status = 'lopende' AND l.siste_termin < %(forrige)s
      AND (%(kommuner)s::text[] IS NULL OR l.kommunenummer = ANY(%(kommuner)s))
      AND NOT EXISTS (SELECT FROM behandling b WHERE b.sak_id = l.sak_id AND b.termin = %(forrige)s
                                                 AND b.avsluttet IS NULL)
      AND NOT EXISTS (SELECT FROM vedtak v WHERE v.sak_id = l.sak_id AND v.termin = %(forrige)s)
    ORDER BY 1
"""
_BIT = "COPY kjoring_bit (kjoring_id, nr, antall, saker) FROM STDIN"


@lru_cache
def kodeversjon() -> str:
    """The program's version and a digest of everything in ``domain/``: two processes that decide alike share it."""
    rot = Path(domain.__path__[0])
    avtrykk = hashlib.sha256()
    for fil in sorted(f for f in rot.rglob("*") if f.suffix in (".py", ".yaml", ".csv")):
        avtrykk.update(str(fil.relative_to(rot)).encode() + b"\0" + fil.read_bytes())
    return f"{version('boligsak')}+{avtrykk.hexdigest()[:16]}"


def lag(raa: Any, kjoring: Kjoring) -> tuple[dict[str, Any], bytes]:
    """Choose the cases, cut them into chunks, and describe it all. Gives the manifest and its hash.

    The cases stand in the manifest by count and hash a chunk; the ids themselves stand with the chunk.
    """
    rader = raa.execute(*_sporring(kjoring)).fetchall()
    storrelse = kjoringsinnstillinger().bit_saker
    if len(rader) > MAKS_BITER * storrelse:
        raise ValueError("bit_saker: så små biter blir det for mange av")
    biter: list[dict[str, Any]] = []
    kommuner: dict[str, int] = {}
    for _, knr in rader:
        kommuner[knr] = kommuner.get(knr, 0) + 1
    with raa.cursor() as peker, peker.copy(_BIT) as kopi:
        for nr, fra in enumerate(range(0, len(rader), storrelse)):
            pakket = b"".join(rad[0].bytes for rad in rader[fra : fra + storrelse])
            kopi.write_row((kjoring.id, nr, len(pakket) // 16, pakket))
            biter.append({"antall": len(pakket) // 16, "saker": hashlib.sha256(pakket).hexdigest()})
    manifest = {
        "ordning": kjoring.ordning.navn,
        "termin": kjoring.termin,
        "slag": kjoring.slag,
        "prove": kjoring.prove,
        "omfang": kjoring.kommuner,
        "antall": len(rader),
        "biter": biter,
        "kommuner": kommuner,
        "annen_sak": _ider(raa, kjoring, _ANNEN_SAK),
        "hopper_over": _ider(raa, kjoring, _HOPPER),
        "regelversjon": kjoring.manedlig.regelversjon(kjoring.termin),
        "kode": kodeversjon(),
        "svar_gyldige": kjoring.tid.isoformat(),
        "forfall": kjoring.manedlig.utbetalingsdag(kjoring.termin).isoformat(),
    }
    return manifest, hashlib.sha256(kanonisk(manifest)).digest()


def _ider(raa: Any, kjoring: Kjoring, sporring: str) -> list[str]:
    """Cases that a person must look at, as text: ``annen_sak``, another case gives the household the month;
    ``hopper_over``, a month before this one has not been decided."""
    if not kjoring.fra_register:
        return []
    forrige = neste_termin(kjoring.termin, -1)
    valg = {
        "ordning": kjoring.ordning.navn,
        "termin": kjoring.termin,
        "forrige": forrige,
        "kommuner": kjoring.kommuner,
    }
    return [str(rad[0]) for rad in raa.execute(sporring, valg)]


def _sporring(kjoring: Kjoring) -> tuple[str, tuple[Any, ...]]:
    navn, termin, valgte = kjoring.ordning.navn, kjoring.termin, kjoring.kommuner
    if kjoring.gjelder_vedtatte:
        return _VEDTATTE, (navn, termin, valgte, valgte, termin)
    return _ORDINAR, (navn, termin, valgte, valgte)
