"""What a superuser may do to one case, with triggers out of action: each a function that does it, and how it shows."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
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
VED_SIDEN_AV = {
    "utbetaling": (
        "vedtak_id", "kommunenummer", "termin", "belop", "forfall", "mottaker", "kjoring_id", "tilbakekrav_id",
    ),
    "opplysning": ("behandling_id", "nokkel", "kilde", "gjelder", "hjemmel", "hentet", "gyldig_til", "innhold"),
    "behandling": (
        "kommunenummer", "forlop", "arsak", "termin", "tilstand", "avsluttet", "forslag_av", "frist", "kontroller_fra",
        "merker",
    ),
    "lopende": (
        "ordning", "kommunenummer", "status", "stanset_grunn", "siste_termin", "siste_kode", "siste_utfall",
        "siste_belop", "siste_vedtak", "avslag_pa_rad",
    ),
    "lopende_soknad": ("gjelder_fra", "soknad"),
}  # fmt: skip
"""What decides money and access, and the columns of it that somebody would like to change."""
SAKSFELT = ("ordning", "kommunenummer", "hovedperson", "gjelder", "gradert", "status", "slettet")
EGET: dict[str, dict[str, str]] = {
    "utbetaling": {"id": "gen_random_uuid()", "termin": "'2031-01'"},
    "opplysning": {"id": "gen_random_uuid()", "hentet": "hentet + interval '1 us'"},
    "behandling": {"id": "gen_random_uuid()", "nr": "nr + 1"},
    "lopende_soknad": {"gjelder_fra": "'2020-01'"},
}
"""What must be another in a row that is put in beside one like it."""


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
    if isinstance(verdi, bool):
        return not verdi
    if isinstance(verdi, list):
        return [*verdi, "til_ugunst"]
    if isinstance(verdi, int):
        return verdi + r.choice([-1, 1, 1000])
    if isinstance(verdi, str):
        return verdi[:-1] + ("x" if verdi[-1] != "x" else "y")
    if not isinstance(verdi, datetime):
        return verdi + timedelta(days=r.choice([-1, 30]))
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
        for tabell in ("vedtak", "utbetaling", "lopende", "lopende_soknad"):
            _utfor(db, f"DELETE FROM {tabell} WHERE sak_id = %s", sak)
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
    for tabell in ("hendelse", "vedtak", *r.choice([(), (*VED_SIDEN_AV, "sak_person")])):
        _utfor(db, f"DELETE FROM {tabell} WHERE sak_id = %s", sak)
    _utfor(db, "DELETE FROM sak WHERE id = %s", sak)
    return "hele saken slettet"


def felt_ved_siden_av(r: random.Random, db: Db, sak: UUID) -> str:
    """A payment raised, an answer swapped, a treatment re-opened, a stopped case started again."""
    tabell = r.choice([*VED_SIDEN_AV])
    felt = r.choice(VED_SIDEN_AV[tabell])
    verdi = db.execute(
        f"SELECT {felt} FROM {tabell} WHERE sak_id = %s ORDER BY 1".encode(), [sak]
    ).fetchall()[0][0]
    if verdi is None:
        ny: Any = {"forslag_av": "en annen", "stanset_grunn": "x"}.get(felt)
        ny = ny or (
            uuid4()
            if felt in ("gjelder", "kjoring_id", "tilbakekrav_id")
            else datetime(2026, 9, 13, tzinfo=UTC)
        )
    else:
        ny = {"status": "stanset" if verdi == "lopende" else "lopende"}.get(felt) or _annen(verdi, r)
    sql = f"UPDATE {tabell} SET {felt} = %s WHERE sak_id = %s AND {felt} IS NOT DISTINCT FROM %s"
    if felt in ("status", "stanset_grunn"):
        db.execute("ALTER TABLE lopende DROP CONSTRAINT IF EXISTS ck_lopende_grunn")
    if felt in ("termin", "gjelder_fra"):
        ny = "2031-01"
    if felt == "mottaker":
        ny = "kommune"
    _utfor(db, sql, ny, sak, verdi)
    return f"{felt} i {tabell}"


def slett_ved_siden_av(r: random.Random, db: Db, sak: UUID) -> str:
    tabell = r.choice([*VED_SIDEN_AV, "sak_person"])
    _utfor(db, f"DELETE FROM {tabell} WHERE sak_id = %s", sak)
    return f"slettet fra {tabell}"


def sett_inn_ved_siden_av(r: random.Random, db: Db, sak: UUID) -> str:
    """One more row like the one that is there: paid twice, asked twice, one more party."""
    if r.random() < 0.3:
        _utfor(db, "INSERT INTO sak_person VALUES (%s, gen_random_uuid(), 'biperson')", sak)
        return "en part til"
    tabell = r.choice([*EGET])
    egne = {k: k for k in VED_SIDEN_AV[tabell]} | {"sak_id": "sak_id"} | EGET[tabell]
    _utfor(
        db,
        f"INSERT INTO {tabell} ({', '.join(egne)}) SELECT {', '.join(egne.values())} FROM {tabell}"
        " WHERE sak_id = %s LIMIT 1",
        sak,
    )
    return f"satt inn i {tabell}"


def felt_i_sak(r: random.Random, db: Db, sak: UUID) -> str:
    """The case moved to another municipality, given to another person, taken out of hiding, or said to be erased."""
    felt = r.choice(SAKSFELT)
    [[verdi]] = db.execute(f"SELECT {felt} FROM sak WHERE id = %s".encode(), [sak]).fetchall()
    db.execute("ALTER TABLE sak DROP CONSTRAINT IF EXISTS ck_sak_slettet")
    ny = {
        "kommunenummer": "4601" if verdi != "4601" else "0301",
        "gjelder": "en annen sak",
        "status": "stanset",
        "slettet": datetime(2026, 9, 13, tzinfo=UTC),
    }.get(felt) or _annen(verdi, r)
    _utfor(db, f"UPDATE sak SET {felt} = %s WHERE id = %s", ny, sak)
    return f"{felt} i saken"


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
        (felt_ved_siden_av, "endret satt_inn fjernet"),
        (slett_ved_siden_av, "fjernet"),
        (sett_inn_ved_siden_av, "satt_inn"),
        (felt_i_sak, "endret"),
    )
)
"""Each with the kinds of break it may be named as."""
