"""The proof that one case stood in an anchor: a file that anybody with the public key can check, without us.

``{"v": 1, "anker": {…}, "signatur": "…", "sak": id, "seq": n, "hash": hex, "indeks": i, "sti": [hex, …],
"kjede": ["{canonical header of event 1}", …, n]}``: the headers chain to ``hash``, the leaf of case, ``seq`` and
``hash`` leads over ``sti`` to the root, and the root stands in the signed document.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import make_url

from domain.sak.kjede import START, neste_hash
from domain.sak.merkle import Bevis, Blad, Tre, verifiser
from services.anker.feil import AnkerFeil
from services.anker.fil import Anker, blad, er_signert, les_alle, tilstand, tolk
from services.lager.roller import DbRolle, url_for

_KJEDE = "SELECT kanonisk FROM hendelse WHERE sak_id = %s AND seq <= %s ORDER BY seq, tid"


@dataclass(frozen=True, slots=True)
class Bevist:
    """What a proof that holds says."""

    sak: UUID
    seq: int
    anker: Anker


def lag_bevis(database_url: str, mappe: Path, sak: UUID) -> dict[str, Any]:
    """The proof of ``sak`` in the newest anchor. Errors: ``AnkerFeil`` when no anchor has it, or the chain in the
    database is not the one anchored; those of the database."""
    ankre = les_alle(mappe)
    if not ankre:
        raise AnkerFeil("det finnes ikke noe anker ennå")
    blader: list[Blad] = []
    indeks = None
    for nr, hode in enumerate(tilstand(mappe, ankre)):
        blader.append(blad(hode))
        if blader[-1].sak_id == sak:
            indeks = nr
    if indeks is None:
        raise AnkerFeil(f"sak {sak} er ikke i anker {ankre[-1].nr}; den er nyere, eller finnes ikke")
    tre, eget = Tre(blader), blader[indeks]
    if tre.rot != ankre[-1].rot:
        raise AnkerFeil(f"hodene gir ikke roten i anker {ankre[-1].nr}")
    url = make_url(url_for(DbRolle.REVISOR, database_url)).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5) as forbindelse:
        kjede = [r[0] for r in forbindelse.execute(_KJEDE, [sak, eget.siste_seq])]
    if _ende(kjede) != eget.siste_hash:
        raise AnkerFeil(f"sak {sak}: kjeden i databasen er ikke den som ble forankret")
    return {
        "v": 1,
        "anker": ankre[-1].dokument,
        "signatur": ankre[-1].signatur,
        "sak": str(sak),
        "seq": eget.siste_seq,
        "hash": eget.siste_hash.hex(),
        "indeks": indeks,
        "sti": [h.hex() for h in tre.bevis(indeks).sti],
        "kjede": [k.decode() for k in kjede],
    }


def sjekk_bevis(bevis: Mapping[str, Any], nokler: Mapping[str, Ed25519PublicKey]) -> Bevist:
    """Check a proof with the public key alone. Errors: ``AnkerFeil`` says what does not hold."""
    anker = tolk(bevis, "beviset")
    try:
        sak, seq, siste_hash = UUID(bevis["sak"]), int(bevis["seq"]), bytes.fromhex(bevis["hash"])
        sti = tuple(bytes.fromhex(h) for h in bevis["sti"])
        kjede = [k.encode() for k in bevis["kjede"]]
        indeks = int(bevis["indeks"])
    except (KeyError, TypeError, ValueError, AttributeError) as feil:
        raise AnkerFeil(f"beviset mangler et felt eller har feil form ({type(feil).__name__})") from None
    if not er_signert(anker, nokler):
        raise AnkerFeil("signaturen på ankeret er ikke laget med en nøkkel vi tror på")
    if not 0 <= seq < 2**63 or len(kjede) != seq or _ende(kjede) != siste_hash:
        raise AnkerFeil("hendelsene henger ikke sammen fram til sakens hash")
    if not all(_horer_til(k, str(sak), nr) for nr, k in enumerate(kjede, 1)):
        raise AnkerFeil("en hendelse hører ikke til saken eller plassen")
    if not verifiser(Blad(sak, seq, siste_hash), Bevis(indeks, int(anker.dokument["saker"]), sti), anker.rot):
        raise AnkerFeil("saken er ikke under ankerets rot")
    return Bevist(sak, seq, anker)


def _horer_til(kanonisk: bytes, sak: str, seq: int) -> bool:
    try:
        hode = orjson.loads(kanonisk)
    except orjson.JSONDecodeError:
        return False
    return isinstance(hode, dict) and (hode.get("sak"), hode.get("seq")) == (sak, seq)


def _ende(kjede: Iterable[bytes]) -> bytes:
    h = START
    for kanonisk in kjede:
        h = neste_hash(h, kanonisk)
    return h
