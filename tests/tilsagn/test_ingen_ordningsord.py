"""No word of a scheme where every scheme is treated alike: engine, API, door, frames, audit."""

import re
from pathlib import Path

from domain.ordninger import ORDNINGER

ROM = ("services/motor", "services/ramme", "services/api", "services/mottak", "services/lager", "services/replay",
       "services/anker", "domain/sak", "domain/kontroll", "domain/regler")  # fmt: skip
ALLMENNE = {"bostotte", "startlan", "almenbolig"}
"""Older than these schemes, or searched for by their own tests."""
ORD = ("studentbolig", "hybelenhet", "samskipnad", "omsorgsplass", "sykehjem", "energitiltak", "utleiebolig",
       "boligtiltak", "omradeutvikling", "rentekompensasjon", "skoleanlegg", "kirkebygg", "laeringsarena",
       "boligkvalitet", "nedskriv", "tilvisning")  # fmt: skip
"""Words of the schemes besides their names."""


def _soket() -> re.Pattern[str]:
    navn = sorted({o for o in ORDNINGER if o not in ALLMENNE} | set(ORD), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(n)}" for n in navn), re.IGNORECASE)


def test_ingen_ordning_er_nevnt_der_alle_behandles_likt():
    soket = _soket()
    funn = [
        f"{fil}:{nr}: {treff[0]}"
        for rom in ROM
        for fil in sorted(Path(rom).rglob("*"))
        if fil.suffix in {".py", ".sql", ".lua"}
        for nr, linje in enumerate(fil.read_text("utf-8").splitlines(), 1)
        if (treff := soket.search(linje))
    ]
    assert funn == []


def test_soket_finner_det_som_er_der():
    assert _soket().search('if sak.ordning == "studentboliger":')
    assert _soket().search("etter hele hybelenheter")
