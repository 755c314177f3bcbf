"""A superuser tampers a thousand times, with the triggers gone: every time found, and named. Nothing else is."""

import random
from typing import Any
from uuid import UUID

import psycopg

from tests.anker.inngrep import ALLE

ANTALL = 1000
URORTE = 100


def test_a_thousand_tamperings_of_a_thousand_are_found_and_named(lag_forankret: Any) -> None:
    forankret = lag_forankret(ANTALL + URORTE)
    forankret.lag()
    r = random.Random(20261122)
    tuklet = r.sample(forankret.saker, ANTALL)
    gjort: dict[UUID, tuple[str, frozenset[str]]] = {}
    with psycopg.connect(forankret.url) as db:
        db.execute("SET session_replication_role = replica")
        for sak in tuklet:
            inngrep, slag = r.choice(ALLE)
            gjort[sak] = (f"{inngrep.__name__}: {inngrep(r, db, sak)}", slag)
    funnet: dict[str, set[str]] = {}
    for f in forankret.kontroller().funn:
        funnet.setdefault(f.sak, set()).add(f.slag)

    ikke_funnet = [hva for sak, (hva, _) in gjort.items() if str(sak) not in funnet]
    assert ikke_funnet == []
    feil_navn = [(hva, funnet[str(sak)]) for sak, (hva, slag) in gjort.items() if not slag & funnet[str(sak)]]
    assert feil_navn == []
    urorte = {str(s) for s in forankret.saker} - {str(s) for s in tuklet}
    assert len(urorte) == URORTE
    assert not urorte & funnet.keys()
    assert {hva.partition(":")[0] for hva, _ in gjort.values()} == {i.__name__ for i, _ in ALLE}


def test_a_dropped_trigger_and_a_right_too_many_are_named(lag_forankret: Any) -> None:
    forankret = lag_forankret(3)
    forankret.lag()
    with psycopg.connect(forankret.url) as db:
        db.execute("ALTER TABLE hendelse DISABLE TRIGGER hendelse_rad")
        db.execute("GRANT UPDATE ON hendelse TO boligsak_api")
    try:
        funn = forankret.kontroller().funn
    finally:
        with psycopg.connect(forankret.url) as db:
            db.execute("ALTER TABLE hendelse ENABLE TRIGGER hendelse_rad")
            db.execute("REVOKE UPDATE ON hendelse FROM boligsak_api")
    assert [(f.hva, f.forklaring) for f in funn] == [
        ("vern", "triggeren hendelse_rad på hendelse er borte eller slått av"),
        ("vern", "boligsak_api kan endre hendelse"),
    ]
    assert forankret.kontroller().funn == []
