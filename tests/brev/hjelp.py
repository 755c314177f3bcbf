"""Golden decisions as they would stand stored: what letters are written about."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from domain.brev.vedtak import Bokfort, Vedtak
from domain.ordninger import ORDNINGER
from domain.sak.etterprov import Gjentatt
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Ordning
from services.motor.avgjorelse import fold_ut
from services.replay.gull import les

FATTET = date(2026, 9, 10)
GOLDEN = Path("tests/golden")
Ett = tuple[str, Ordning, Vedtak]


def vedtak(ordning: Ordning, fakta: dict[str, Any], g: Gjentatt, **valg: Any) -> Vedtak:
    """Decided by the engine; what a monthly scheme grants is paid on the 20th."""
    felt: dict[str, Any] = {
        "sak": "019a0000-0000-7000-8000-000000000001",
        "id": "019a0000-0000-7000-8000-000000000002",
        "termin": fakta["termin"],
        "kode": g.kode,
        "belop": g.belop,
        "regelversjon": g.regelversjon,
        "fattet": FATTET,
        "fattet_av": "system",
        "attestert_av": None,
        "spor": orjson.loads(fold_ut(kanonisk(fakta), g.spor)),
        "kommune": "Oslo (0301)",
        "arsak": fakta.get("slag") or fakta.get("arsak") or "soknad",
        "bokfort": [Bokfort(g.belop, date(2026, 10, 20), "husstand")] if ordning.manedlig and g.belop else [],
    }
    return Vedtak(**{**felt, **valg})


@lru_cache
def gull() -> list[Ett]:
    """Every golden decision of the monthly schemes; of the others one of each code, since a period of theirs costs
    more to make ready than all its decisions to reckon."""
    ut, sett = [], set()
    for g in les(GOLDEN):
        navn, fakta = g.sted.partition("/")[0], g.dokument["fakta"]
        ordning = ORDNINGER[navn]
        if ordning.manedlig is None and (navn, g.dokument["kode"]) in sett:
            continue
        sett.add((navn, g.dokument["kode"]))
        [gjentatt] = ordning.etterprov.gjenta([fakta], g.regelversjon)
        ut.append((g.sted, ordning, vedtak(ordning, fakta, gjentatt)))
    return ut


def ett(ordning: str, kode: str) -> Ett:
    """The first of a scheme with this outcome."""
    return next(e for e in gull() if (e[1].navn, e[2].kode) == (ordning, kode))
