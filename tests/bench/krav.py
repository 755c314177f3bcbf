"""Applications of synthetic households, for the benchmarks: the register simulator knows the same people."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from services.registersim.befolkning import Befolkning
from services.registersim.fnr import lag_fnr


def hendelser(antall: int, merke: str, termin: str = "2026-09", fra: int = 0) -> Iterator[dict[str, Any]]:
    """``antall`` CloudEvents, each of a household of its own; ``merke`` makes the ids new."""
    befolkning = Befolkning(1)
    for nr in range(fra, fra + antall):
        fnr = lag_fnr(date(1960, 1, 1) + timedelta(days=nr % 14_000), nr // 14_000)
        husstand = befolkning.husstand(fnr)
        assert husstand is not None
        bolig = husstand.personer[0].bolig
        assert bolig is not None
        yield {
            "specversion": "1.0",
            "id": f"{merke}-{nr}",
            "source": "https://bench.example.no",
            "type": "no.boligsak.bostotte.soknad.mottatt.v1",
            "time": f"{termin}-10T08:00:00Z",
            "data": {
                "termin": termin,
                "kommunenummer": bolig.kommunenummer,
                "soker": {"fnr": fnr},
                "husstand": [{"fnr": p.fnr} for p in husstand.personer[1:]],
                "bolig": {
                    "disposisjonsform": "leid",
                    "boutgift_per_maned": 9000 + nr % 4000,
                    "oppvarming_inkludert": True,
                    "matrikkel": {
                        "gardsnummer": bolig.gardsnummer,
                        "bruksnummer": bolig.bruksnummer,
                        "bruksenhetsnummer": bolig.bruksenhetsnummer,
                    },
                },
            },
        }
