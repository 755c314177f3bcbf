"""Trust, measured: rows verified a second, decisions computed again a second, and what row-level security and
encryption cost on reads, with and without in turns on the same database.

``python -m tests.bench.tillit [CASES]``
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Connection, create_engine, make_url, text

from services.anker.bevis import lag_bevis, sjekk_bevis
from services.anker.innstillinger import ankerinnstillinger
from services.anker.kontroll import kontroller, les_ankre
from services.anker.lag import lag
from services.anker.nokkel import offentlige
from services.api.saker import hele_saken, hendelse_rad, saksnokkel
from services.forsegling import forsegler
from services.innebygd import Servere
from services.lager import hendelser
from services.lager.migrering import oppgrader
from services.lager.roller import DbRolle, url_for
from services.lager.sesjon import Innsyn, motor, transaksjon
from services.motor.avgjorelse import aad
from services.replay.spill import spill_av, utvalg
from services.tilgang.aktor import Aktor
from tests.bench.tillit_land import lag_land
from tests.felles.miljo import miljo

KOMMUNE = "0301"
RUNDER = 6
LESINGER = 150
"""A round and kind of read."""
AKTOR = Aktor("bench", "saksbehandler", "310301006", frozenset({KOMMUNE}), frozenset({"saksbehandler"}))
INNSYN = Innsyn("bench", frozenset({KOMMUNE}))

# With its own condition too, as the API's filter by municipality: then both find the same rows.
_LISTE = text("""
    SELECT id, ordning, kommunenummer, status, versjon, laget, endret FROM sak
    WHERE kommunenummer = ANY(:kommuner) AND id > :etter ORDER BY id LIMIT 51
""")
_FORSEGLET = text("""
    SELECT v.id, v.fakta, v.spor, p.nokkel FROM vedtak v JOIN sak s ON s.id = v.sak_id
           JOIN person p ON p.id = s.hovedperson WHERE v.sak_id = :sak
""")
_APENT = text("SELECT v.id, v.fakta, v.spor, v.nokkel FROM vedtak_apent v WHERE v.sak_id = :sak")


def mal(saker: int = 50_000) -> dict[str, Any]:
    """Everything, on servers and a database of its own."""
    with tempfile.TemporaryDirectory() as mappe:
        servere = Servere("bench", Path(mappe))
        adresser = servere.start()
        try:
            egne = {"BOLIGSAK_ROT": mappe, "BOLIGSAK_ANKER_MAPPE": f"{mappe}/anker"}
            with miljo({**adresser.miljo(), **egne}):
                forsegler.cache_clear()
                ankerinnstillinger.cache_clear()
                oppgrader(adresser.database_url)
                lag_land(adresser.database_url, saker)
                _sql(adresser.database_url, "VACUUM ANALYZE")
                return {
                    "verifisering": _verifisering(adresser.database_url, Path(mappe) / "anker"),
                    "replay": _replay(adresser.database_url),
                    "lesing": _lesing(adresser.database_url),
                }
        finally:
            motor.cache_clear()
            forsegler.cache_clear()
            ankerinnstillinger.cache_clear()
            servere.stopp()


def _sql(url: str, *setninger: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        for setning in setninger:
            db.execute(setning.encode())


def _verifisering(url: str, mappe: Path) -> dict[str, Any]:
    """One and two processes, with and without anchors; the anchor itself, and a proof."""
    ut: dict[str, Any] = {}
    start = time.perf_counter()
    laget = lag(url, mappe, datetime.now(UTC))
    ut["anker_s"] = round(time.perf_counter() - start, 2)
    lag(url, mappe, datetime.now(UTC))
    ut["anker_saker"] = laget.anker.dokument["saker"]
    ut["anker_byte_per_sak"] = round((mappe / "00000001.hoder").stat().st_size / ut["anker_saker"], 1)
    start = time.perf_counter()
    ankre = les_ankre(mappe, offentlige())
    ut["ankre_lest_s"] = round(time.perf_counter() - start, 2)
    for navn, valg, prosesser in (
        ("uten_anker_1_prosess", None, 1),
        ("med_anker_1_prosess", ankre, 1),
        ("med_anker_2_prosesser", ankre, 2),
    ):
        r = kontroller(url, ankre=valg, prosesser=prosesser)
        assert not r.funn, r.funn[:3]
        ut[navn] = {
            "hendelser_per_s": round(r.hendelser / r.sekunder),
            "rader_per_s": round((r.hendelser + r.vedtak) / r.sekunder),
            "sekunder": round(r.sekunder, 2),
        }
    raskest = max(v["hendelser_per_s"] for v in ut.values() if isinstance(v, dict))
    ut["et_ars_6_mill_hendelser_minutter"] = round(6_000_000 / raskest / 60, 1)
    with psycopg.connect(url) as db:
        [(sak,)] = db.execute("SELECT id FROM sak ORDER BY id OFFSET 1000 LIMIT 1").fetchall()
    start = time.perf_counter()
    bevis = lag_bevis(url, mappe, sak)
    ut["bevis_s"] = round(time.perf_counter() - start, 2)
    sjekk_bevis(bevis, offentlige())
    return ut


def _replay(url: str) -> dict[str, Any]:
    spill_av(url, utvalg(url, 100, 0))  # rules and rates are read
    r = spill_av(url, utvalg(url, 10_000, 1))
    assert r.like == r.antall, r.avvik[:3]
    natt = spill_av(url, utvalg(url, 1000, 2))
    return {
        "vedtak_per_s": round(r.antall / r.sekunder),
        "natt_1000_s": round(natt.sekunder, 2),
        "andel": r.andel,
    }


def _lesing(url: str) -> dict[str, Any]:
    """Medians in milliseconds. Read by read with and without take turns, so that both meet the same machine."""
    with psycopg.connect(url) as db:
        sql = "SELECT id FROM sak WHERE kommunenummer = %s ORDER BY uuid_hash_extended(id, 1) LIMIT %s"
        saker = [r[0] for r in db.execute(sql, [KOMMUNE, LESINGER])]
        # May do what the API may, and no policy binds it.
        db.execute("CREATE ROLE boligsak_bench LOGIN BYPASSRLS IN ROLE boligsak_api PASSWORD 'bench'")
    _klartekst(url)
    fri = create_engine(
        make_url(url_for(DbRolle.API, url)).set(username="boligsak_bench", password="bench"),
        connect_args={"prepare_threshold": 0, "options": "-c plan_cache_mode=force_generic_plan"},
    )
    tider: dict[str, list[float]] = {}
    for runde in range(RUNDER + 1):
        for navn, med, uten in _PAR:
            for sak in saker:
                for endelse, ny in (
                    ("med", _tid(transaksjon(DbRolle.API, INNSYN), med, sak)),
                    (
                        "uten",
                        _tid(transaksjon(DbRolle.API, INNSYN) if med is not uten else fri.begin(), uten, sak),
                    ),
                ):
                    if runde:  # the first one warms up
                        tider.setdefault(f"{navn}_{endelse}", []).append(ny)
    fri.dispose()
    ut = {navn: round(statistics.median(v), 3) for navn, v in tider.items()}
    return {
        navn: {
            "med_ms": ut[f"{navn}_med"],
            "uten_ms": ut[f"{navn}_uten"],
            "tillegg_ms": round(ut[f"{navn}_med"] - ut[f"{navn}_uten"], 3),
        }
        for navn, *_ in _PAR
    }


def _klartekst(url: str) -> None:
    """The same decisions unsealed, in a table of the bench's own, under the same row security."""
    with psycopg.connect(url) as db:
        db.execute("CREATE TABLE vedtak_apent (LIKE vedtak INCLUDING ALL)")
        db.execute("ALTER TABLE vedtak_apent ADD nokkel bytea")
        rader = db.execute(
            "SELECT v.id, v.fakta, v.spor, p.nokkel FROM vedtak v JOIN sak s ON s.id = v.sak_id"
            " JOIN person p ON p.id = s.hovedperson"
        ).fetchall()
        db.execute("CREATE TEMP TABLE klar (id uuid PRIMARY KEY, fakta bytea, spor bytea)")
        with db.cursor() as peker, peker.copy("COPY klar FROM STDIN") as kopi:
            for id_, fakta, spor, innpakket in rader:
                nokkel = forsegler().pakk_ut(innpakket)
                kopi.write_row(
                    [id_, nokkel.apne(fakta, aad(id_, "fakta")), nokkel.apne(spor, aad(id_, "spor"))]
                )
        db.execute(
            "INSERT INTO vedtak_apent SELECT v.id, v.sak_id, v.behandling_id, v.kommunenummer, v.termin, v.kode,"
            " v.utfall, v.belop, v.regelversjon, v.fattet, v.fattet_av, v.attestert_av, v.erstatter, k.fakta, k.spor"
            " FROM vedtak v JOIN klar k ON k.id = v.id"
        )
        db.execute("ALTER TABLE vedtak_apent ENABLE ROW LEVEL SECURITY")
        db.execute(
            "CREATE POLICY vedtak_apent_sak ON vedtak_apent"
            " USING (EXISTS (SELECT 1 FROM sak s WHERE s.id = vedtak_apent.sak_id))"
        )
        db.execute("GRANT SELECT ON vedtak_apent TO boligsak_api")
    _sql(url, "ANALYZE vedtak_apent")


def _tid(
    transaksjon_: AbstractContextManager[Connection], les: Callable[[Connection, UUID], Any], sak: UUID
) -> float:
    start = time.perf_counter()
    with transaksjon_ as forbindelse:
        les(forbindelse, sak)
    return (time.perf_counter() - start) * 1000


def _sak(forbindelse: Connection, sak: UUID) -> None:
    hele_saken(forbindelse, sak, AKTOR)


def _liste(forbindelse: Connection, sak: UUID) -> None:
    forbindelse.execute(_LISTE, {"etter": sak, "kommuner": [KOMMUNE]}).all()


def _historikk(forbindelse: Connection, sak: UUID) -> None:
    nokkel = saksnokkel(forbindelse, sak)
    for rad in hendelser.historikk(forbindelse, sak, 0, 50):
        hendelse_rad(nokkel, sak, rad)


def _forseglet(forbindelse: Connection, sak: UUID) -> None:
    rad = forbindelse.execute(_FORSEGLET, {"sak": sak}).one()
    nokkel = forsegler().pakk_ut(rad.nokkel)
    orjson.loads(nokkel.apne(rad.fakta, aad(rad.id, "fakta")))
    nokkel.apne(rad.spor, aad(rad.id, "spor"))


def _apent(forbindelse: Connection, sak: UUID) -> None:
    orjson.loads(forbindelse.execute(_APENT, {"sak": sak}).one().fakta)


_PAR: tuple[tuple[str, Callable[[Connection, UUID], Any], Callable[[Connection, UUID], Any]], ...] = (
    ("radvern_sak", _sak, _sak),
    ("radvern_liste_50", _liste, _liste),
    ("radvern_historikk", _historikk, _historikk),
    ("kryptering_vedtak", _forseglet, _apent),
)
"""Name, the read with and the read without; the same read twice: without is a role that row security does not bind."""


if __name__ == "__main__":
    print(json.dumps(mal(*map(int, sys.argv[1:2])), indent=2))
