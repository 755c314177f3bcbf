"""What a superuser may do to one case, with triggers out of action: each a function that does it, and how it shows."""

import random
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg

from domain.sak.kjede import START, kanonisk, neste_hash

Db = psycopg.Connection[Any]
Inngrep = Callable[[random.Random, Db, UUID], str]
"""Gives a line that says what was done."""
KJEDEFELT = ("id", "behandling_id", "tid", "type", "kanonisk", "forrige", "hash", "innhold")
VEDTAKSFELT = (
    "kommunenummer", "termin", "kode", "utfall", "belop", "regelversjon", "fattet", "fattet_av", "attestert_av",
    "erstatter", "fakta", "spor",
)  # fmt: skip


def _utfor(db: Db, sql: str, *verdier: object) -> None:
    assert db.execute(sql.encode(), verdier).rowcount > 0, sql


def _rader(db: Db, sak: UUID) -> list[dict[str, Any]]:
    peker = db.cursor(row_factory=psycopg.rows.dict_row)
    return peker.execute("SELECT * FROM hendelse WHERE sak_id = %s ORDER BY seq", [sak]).fetchall()


def _annen(verdi: Any, r: random.Random) -> Any:
    """Another value of the same kind; one bit of bytes."""
    if isinstance(verdi, bytes):
        i = r.randrange(len(verdi))
        return verdi[:i] + bytes([verdi[i] ^ 1 << r.randrange(8)]) + verdi[i + 1 :]
    if verdi is None or isinstance(verdi, UUID):
        return uuid4()
    if isinstance(verdi, int):
        return verdi + r.choice([-1, 1, 1000])
    if isinstance(verdi, str):
        return verdi[:-1] + ("x" if verdi[-1] != "x" else "y")
    return verdi.replace(microsecond=(verdi.microsecond + 1) % 1_000_000)


def felt_i_hendelse(r: random.Random, db: Db, sak: UUID) -> str:
    rad, felt = r.choice(_rader(db, sak)), r.choice(KJEDEFELT)
    ny = _annen(rad[felt], r)
    if felt == "innhold":
        ny = r.choice([None, ny]) if rad[felt] else b"satt inn"
    _utfor(db, f"UPDATE hendelse SET {felt} = %s WHERE sak_id = %s AND seq = %s", ny, sak, rad["seq"])
    return f"{felt} i hendelse {rad['seq']}"


def nummer(r: random.Random, db: Db, sak: UUID) -> str:
    seq, ny = r.randint(1, 4), r.choice([0, 7, 99])
    _utfor(db, "UPDATE hendelse SET seq = %s WHERE sak_id = %s AND seq = %s", ny, sak, seq)
    return f"seq {seq} → {ny}"


def slett(r: random.Random, db: Db, sak: UUID) -> str:
    seq = r.randint(1, 3)
    _utfor(db, "DELETE FROM hendelse WHERE sak_id = %s AND seq = %s", sak, seq)
    return f"slettet {seq}"


def sett_inn(r: random.Random, db: Db, sak: UUID) -> str:
    seq = r.randint(1, 4)
    _utfor(
        db,
        "INSERT INTO hendelse SELECT gen_random_uuid(), sak_id, behandling_id, seq, tid + interval '1 us', type,"
        " kanonisk, forrige, hash, innhold FROM hendelse WHERE sak_id = %s AND seq = %s",
        sak,
        seq,
    )
    return f"satt inn ved {seq}"


def legg_til(r: random.Random, db: Db, sak: UUID) -> str:
    """One more event, chained, without the head."""
    siste = _rader(db, sak)[-1]
    ny = {**siste, "id": uuid4(), "seq": siste["seq"] + 1, "forrige": siste["hash"]}
    _hash_om(ny)
    _sett_rad(db, ny, inn=True)
    return "lagt til"


def bytt(r: random.Random, db: Db, sak: UUID) -> str:
    a, b = sorted(r.sample(range(1, 5), 2))
    _utfor(db, "UPDATE hendelse SET seq = seq + 100 WHERE sak_id = %s AND seq = ANY(%s)", sak, [a, b])
    for fra, til in ((a, b), (b, a)):
        _utfor(db, "UPDATE hendelse SET seq = %s WHERE sak_id = %s AND seq = %s", til, sak, fra + 100)
    return f"byttet {a} og {b}"


def kutt(r: random.Random, db: Db, sak: UUID) -> str:
    fra = r.randint(1, 4)
    _utfor(db, "DELETE FROM hendelse WHERE sak_id = %s AND seq >= %s", sak, fra)
    return f"kuttet fra {fra}"


def rull_tilbake(r: random.Random, db: Db, sak: UUID) -> str:
    """Tail, head and decision: what is left hangs together."""
    til = r.randint(0, 3)
    rader = _rader(db, sak)
    _utfor(db, "DELETE FROM hendelse WHERE sak_id = %s AND seq > %s", sak, til)
    if til < 3:
        _utfor(db, "DELETE FROM vedtak WHERE sak_id = %s", sak)
    hode = rader[til - 1]["hash"] if til else START
    _utfor(db, "UPDATE sak SET siste_seq = %s, siste_hash = %s WHERE id = %s", til, hode, sak)
    return f"rullet tilbake til {til}"


def skriv_om(r: random.Random, db: Db, sak: UUID) -> str:
    """An event changed in header and columns, every hash from there made anew, the head too."""
    rader = _rader(db, sak)
    fra = r.randrange(4)
    hode = orjson.loads(rader[fra]["kanonisk"])
    hode["aktor"] = "en annen"
    rader[fra]["kanonisk"] = kanonisk(hode)
    forrige = rader[fra - 1]["hash"] if fra else START
    for rad in rader[fra:]:
        rad["forrige"] = forrige
        rad["hash"] = forrige = neste_hash(forrige, rad["kanonisk"])
        _sett_rad(db, rad)
    _utfor(db, "UPDATE sak SET siste_hash = %s WHERE id = %s", forrige, sak)
    return f"skrevet om fra {fra + 1}"


def flytt(r: random.Random, db: Db, sak: UUID) -> str:
    """An event given to a case that does not exist."""
    seq = r.randint(1, 3)
    _utfor(db, "UPDATE hendelse SET sak_id = gen_random_uuid() WHERE sak_id = %s AND seq = %s", sak, seq)
    return f"flyttet {seq}"


def hode(r: random.Random, db: Db, sak: UUID) -> str:
    if r.random() < 0.5:
        _utfor(db, "UPDATE sak SET siste_seq = siste_seq + 1 WHERE id = %s", sak)
        return "siste_seq"
    _utfor(db, "UPDATE sak SET siste_hash = sha256(siste_hash) WHERE id = %s", sak)
    return "siste_hash"


def saksrad(r: random.Random, db: Db, sak: UUID) -> str:
    _utfor(db, "DELETE FROM sak WHERE id = %s", sak)
    return "saksraden slettet"


def hele_saken(r: random.Random, db: Db, sak: UUID) -> str:
    for tabell in ("hendelse", "vedtak"):
        _utfor(db, f"DELETE FROM {tabell} WHERE sak_id = %s", sak)
    _utfor(db, "DELETE FROM sak WHERE id = %s", sak)
    return "hele saken slettet"


def felt_i_vedtak(r: random.Random, db: Db, sak: UUID) -> str:
    felt = r.choice(VEDTAKSFELT)
    [[verdi]] = db.execute(f"SELECT {felt} FROM vedtak WHERE sak_id = %s".encode(), [sak]).fetchall()
    ny = "en annen" if felt == "attestert_av" else _annen(verdi, r)
    _utfor(db, f"UPDATE vedtak SET {felt} = %s WHERE sak_id = %s", ny, sak)
    return f"{felt} i vedtaket"


def slett_vedtak(r: random.Random, db: Db, sak: UUID) -> str:
    _utfor(db, "DELETE FROM vedtak WHERE sak_id = %s", sak)
    return "vedtaket slettet"


def nytt_vedtak(r: random.Random, db: Db, sak: UUID) -> str:
    _utfor(
        db,
        "INSERT INTO vedtak SELECT gen_random_uuid(), sak_id, gen_random_uuid(), kommunenummer, termin, kode, utfall,"
        " belop, regelversjon, fattet, fattet_av, attestert_av, erstatter, fakta, spor FROM vedtak WHERE sak_id = %s",
        sak,
    )
    return "et vedtak til"


def annens_innhold(r: random.Random, db: Db, sak: UUID) -> str:
    """The sealed application of another person, with its hash put into the header and the chain made anew."""
    rader = _rader(db, sak)
    [[innhold, k]] = db.execute(
        "SELECT innhold, kanonisk FROM hendelse WHERE seq = 1 AND sak_id <> %s AND innhold IS NOT NULL LIMIT 1",
        [sak],
    ).fetchall()
    annet, eget = orjson.loads(k), orjson.loads(rader[0]["kanonisk"])
    eget |= {"forseglet": annet["forseglet"], "innhold": annet["innhold"]}
    rader[0] |= {"kanonisk": kanonisk(eget), "innhold": innhold}
    forrige = START
    for rad in rader:
        rad["forrige"] = forrige
        rad["hash"] = forrige = neste_hash(forrige, rad["kanonisk"])
        _sett_rad(db, rad)
    _utfor(db, "UPDATE sak SET siste_hash = %s WHERE id = %s", forrige, sak)
    return "en annens søknad"


def _hash_om(rad: dict[str, Any]) -> None:
    dokument = orjson.loads(rad["kanonisk"]) | {"id": str(rad["id"]), "seq": rad["seq"]}
    rad["kanonisk"] = kanonisk(dokument)
    rad["hash"] = neste_hash(rad["forrige"], rad["kanonisk"])


def _sett_rad(db: Db, rad: dict[str, Any], *, inn: bool = False) -> None:
    if inn:
        _utfor(
            db,
            f"INSERT INTO hendelse ({', '.join(rad)}) VALUES ({', '.join(['%s'] * len(rad))})",
            *rad.values(),
        )
        return
    _utfor(
        db,
        "UPDATE hendelse SET kanonisk = %s, forrige = %s, hash = %s, innhold = %s WHERE sak_id = %s AND seq = %s",
        *(rad[f] for f in ("kanonisk", "forrige", "hash", "innhold", "sak_id", "seq")),
    )


ALLE: Sequence[tuple[Inngrep, frozenset[str]]] = tuple(
    (inngrep, frozenset(slag.split()))
    for inngrep, slag in (
        (felt_i_hendelse, "endret"),
        (nummer, "byttet fjernet avkortet endret"),
        (slett, "fjernet"),
        (sett_inn, "satt_inn"),
        (legg_til, "satt_inn"),
        (bytt, "byttet"),
        (kutt, "avkortet"),
        (rull_tilbake, "rullet_tilbake"),
        (skriv_om, "omskrevet"),
        (flytt, "fjernet"),
        (hode, "endret avkortet"),
        (saksrad, "fjernet"),
        (hele_saken, "fjernet"),
        (felt_i_vedtak, "endret"),
        (slett_vedtak, "fjernet"),
        (nytt_vedtak, "satt_inn"),
        (annens_innhold, "omskrevet"),
    )
)
"""Each with the kinds of break it may be named as."""
