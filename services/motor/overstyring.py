"""What a caseworker sets must be of the kind that it replaces: the text "nei" is no answer to a yes or no."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.sak.ordning import UlovligOverstyring

_DATO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STI = re.compile(r"[a-z0-9_.\[\]]{1,80}")
_LANGT_TALL = re.compile(r"[0-9]{5}")
STORST = 100_000_000
"""Kroner. No household has more, and no reckoning overflows."""


def krev_samme_slag(fakta: Mapping[str, Any], verdier: Mapping[str, Any]) -> None:
    """``verdier``: dotted path → value. Paths that lead nowhere are left to the scheme, which knows what may be set.

    Errors: ``UlovligOverstyring`` naming the path.
    """
    for sti, verdi in verdier.items():
        if not sti.isascii():
            raise UlovligOverstyring("(ukjent)", "kan ikke overstyres")
        if (melding := _feil(_finn(fakta, sti), verdi)) is not None:
            raise UlovligOverstyring(sti, melding)


def trygg_sti(sti: str) -> str:
    """The path as an error may name it: it comes from the caller, and may hold a name or an identity number."""
    return sti if _STI.fullmatch(sti) and not _LANGT_TALL.search(sti) else "(ukjent)"


def _finn(fakta: Any, sti: str) -> Any:
    """The value that stands there; None when nothing does."""
    for ledd in sti.split("."):
        if isinstance(fakta, Mapping):
            fakta = fakta.get(ledd)
        elif isinstance(fakta, list) and ledd.isdecimal() and int(ledd) < len(fakta):
            fakta = fakta[int(ledd)]
        else:
            return None
    return fakta


def _feil(na: Any, ny: Any) -> str | None:
    if isinstance(na, bool):
        return None if isinstance(ny, bool) else "må være true eller false"
    if isinstance(na, int | float):
        tall = isinstance(ny, int | float) and not isinstance(ny, bool)
        return None if tall and abs(ny) < STORST else f"må være et tall mindre enn {STORST}"
    if isinstance(na, str) and _DATO.fullmatch(na):
        return None if _er_dato(ny) else "må være en dato (ÅÅÅÅ-MM-DD)"
    if isinstance(na, Mapping):
        if not isinstance(ny, Mapping) or not ny:
            return "må være et objekt med felt"
        return next((m for n, v in ny.items() if (m := _feil(na.get(n), v)) is not None), None)
    return None


def _er_dato(ny: Any) -> bool:
    if not isinstance(ny, str) or not _DATO.fullmatch(ny):
        return False
    try:
        date.fromisoformat(ny)
    except ValueError:
        return False
    return True
