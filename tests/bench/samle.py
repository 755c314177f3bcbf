"""*Samle* measured on its own: no answer in the store, every register asked over HTTP by two workers at an agreed pace.

The simulator runs on the same cores as the workers, so the country is small and the pace is stated beside the figures.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from services.innebygd import Adresser, Servere
from services.innebygd.oppsett import http_svarer
from services.innebygd.port import finn_ledig
from services.innebygd.prosesser import Oppsyn, Prosess
from tests.bench.maned import TERMIN, _arbeidere, _kjor, _url, _utfor
from tests.felles.miljo import miljo

SAKER = 3000
TEMPO = 300
"""Calls a second agreed with each register, all workers together"""
BIT = 500
LANDET = 138_846


def mal(saker: int = SAKER, tempo: int = TEMPO) -> dict[str, Any]:
    """Questions a second by register against the pace, and what the whole country would take at that pace."""
    from services.kjoring.befolkning_skriv import skriv
    from services.lager.migrering import oppgrader

    with tempfile.TemporaryDirectory(prefix="samle") as navn:
        rot = Path(navn)
        verter, oppsyn = Servere("samle", rot), Oppsyn(rot / "sim")
        try:
            vert = verter.start()
            _utfor(vert, "CREATE DATABASE land")
            land = Adresser(_url(vert, "land"), vert.broker_url)
            url = _simulator(oppsyn, saker)
            valg = {
                "BOLIGSAK_ROT": str(rot),
                "BOLIGSAK_REGISTER_URL": url,
                "BOLIGSAK_REGISTER_TEMPO_ELLERS": str(tempo),
                "BOLIGSAK_KJORING_BIT_SAKER": str(BIT),
            }
            with miljo({**land.miljo(), **valg}):
                oppgrader(land.database_url)
                skriv(saker, 1, TERMIN)
                _utfor(land, "DELETE FROM opplysning WHERE kilde <> 'soknad'", "VACUUM (ANALYZE)")
                with _arbeidere(land, rot / "arbeidere"):
                    svar = _kjor(land)
            return _tall(svar, saker, tempo, land.database_url)
        finally:
            oppsyn.stopp()
            verter.stopp()


def _simulator(oppsyn: Oppsyn, saker: int) -> str:
    port = finn_ledig()
    url = f"http://127.0.0.1:{port}"
    kommando = (sys.executable, "-m", "services.registersim", "--port", str(port), "--land", str(saker))
    oppsyn.start(Prosess("sim", (*kommando, "--termin", TERMIN), klar=http_svarer(f"{url}/helse/live")))
    return url


def _tall(svar: dict[str, Any], saker: int, tempo: int, url: str) -> dict[str, Any]:
    kontroller = svar["rapport"]["kontroller"]
    sekunder = svar["samle_s"]
    with psycopg.connect(url) as forbindelse:
        lagret = forbindelse.execute("SELECT count(*) FROM opplysning WHERE kilde <> 'soknad'").fetchone()
    flest = max(kontroller["spurt"].values())
    return {
        "saker": saker,
        "avtalt_tempo_per_register": tempo,
        "samle_s": sekunder,
        "saker_per_s": saker / sekunder,
        "spurt": kontroller["spurt"],
        "feilet": kontroller["feilet"],
        "lagrede_svar": lagret[0] if lagret else 0,
        "sporsmal_per_s": {r: n / sekunder for r, n in kontroller["spurt"].items()},
        "av_tempoet_brukt": flest / sekunder / tempo,
        "landet_ved_tempoet_min": flest * LANDET / saker / tempo / 60,
        "stemmer": svar["rapport"]["regnskap"]["stemmer"],
    }


if __name__ == "__main__":
    start = time.perf_counter()
    for navn, verdi in mal(*(int(a) for a in sys.argv[1:])).items():
        print(f"{navn:<28} {verdi}")
    print(f"{time.perf_counter() - start:.0f} s in all")
