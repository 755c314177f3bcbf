"""Which municipalities an organisation acts for: data in ``virksomheter.yaml``."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from stdnum.no import orgnr

from services.tilgang.aktor import ALLE

FIL = Path(__file__).with_name("virksomheter.yaml")


def kommuner_for(organisasjonsnummer: str) -> frozenset[str] | Literal["*"] | None:
    """The municipalities of the organisation, ``ALLE``, or None when it has none."""
    return _tabell().get(organisasjonsnummer)


@lru_cache
def _tabell() -> dict[str, frozenset[str] | Literal["*"]]:
    ut: dict[str, frozenset[str] | Literal["*"]] = {}
    for rad in yaml.safe_load(FIL.read_text(encoding="utf-8"))["virksomheter"]:
        nummer = str(rad["organisasjonsnummer"])
        if not orgnr.is_valid(nummer) or nummer in ut:
            raise ValueError(f"{FIL.name}: organisasjonsnummer {nummer} er ugyldig eller står to ganger")
        ut[nummer] = ALLE if rad["kommuner"] == "alle" else frozenset(map(str, rad["kommuner"]))
    return ut
