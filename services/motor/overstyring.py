"""What a caseworker sets must be of the kind that it replaces (the text "nei" is no answer to a yes or no), and within
what the scheme's facts may be: no rent is less than nothing, and nobody is born after the month that is decided."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.sak.ordning import UlovligOverstyring
from services.feltfeil import felt_feil
from services.problem import Problem

_DATO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STI = re.compile(r"[a-z0-9_.\[\]]{1,80}")
_LANGT_TALL = re.compile(r"[0-9]{5}")
STORST = 100_000_000
"""Kroner. No household has more, and no reckoning overflows; a scheme may have its own limit."""


def krev_samme_slag(fakta: Mapping[str, Any], verdier: Mapping[str, Any], storst: int = STORST) -> None:
    """``verdier``: dotted path → value. Paths that lead nowhere are left to the scheme, which knows what may be set.
    ``storst``: no number is as large.

    Errors: ``UlovligOverstyring`` naming the path.
    """
    for sti, verdi in verdier.items():
        if not sti.isascii():
            raise UlovligOverstyring("(ukjent)", "kan ikke overstyres")
        na = _finn(fakta, sti)
        if (melding := _feil(na, verdi, storst)) is not None:
            raise UlovligOverstyring(sti, melding)
        if isinstance(na, str) and _DATO.fullmatch(na) and verdi[:7] > fakta.get("termin", verdi):
            raise UlovligOverstyring(sti, "er etter terminen")


def krev_gyldig(
    modell: type[BaseModel] | None,
    for_: Mapping[str, Any],
    etter: Mapping[str, Any],
    verdier: Mapping[str, Any],
) -> None:
    """The facts as they read after the override, against the scheme's own model of them. What was wrong before, by a
    register's answer, is not the caseworker's to answer for.

    Errors: ``UlovligOverstyring`` naming the path.
    """
    if modell is None:
        return
    kjente = {(f["loc"], f["type"]) for f in _modellfeil(modell, for_)}
    for feil in _modellfeil(modell, etter):
        if (feil["loc"], feil["type"]) not in kjente:
            sti = ".".join(map(str, feil["loc"])) or next(iter(verdier), "")
            raise UlovligOverstyring(sti, felt_feil([feil])[0]["melding"])


def _modellfeil(modell: type[BaseModel], fakta: Mapping[str, Any]) -> Sequence[Any]:
    try:
        modell.model_validate(fakta)
    except ValidationError as feil:
        return feil.errors()
    return ()


def ulovlig(feil: UlovligOverstyring) -> Problem:
    """As the API answers it."""
    return Problem(
        422,
        "ugyldige-felt",
        feil=[{"felt": f"overstyring.{trygg_sti(feil.felt)}", "melding": feil.melding}],
    )


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


def _feil(na: Any, ny: Any, storst: int) -> str | None:
    if isinstance(na, bool):
        return None if isinstance(ny, bool) else "må være true eller false"
    if isinstance(na, int | float):
        tall = isinstance(ny, int | float) and not isinstance(ny, bool)
        return None if tall and abs(ny) < storst else f"må være et tall mindre enn {storst}"
    if isinstance(na, str) and _DATO.fullmatch(na):
        return None if _er_dato(ny) else "må være en dato (ÅÅÅÅ-MM-DD)"
    if isinstance(na, Mapping):
        if not isinstance(ny, Mapping) or not ny:
            return "må være et objekt med felt"
        return next((m for n, v in ny.items() if (m := _feil(na.get(n), v, storst)) is not None), None)
    return None


def _er_dato(ny: Any) -> bool:
    if not isinstance(ny, str) or not _DATO.fullmatch(ny):
        return False
    try:
        date.fromisoformat(ny)
    except ValueError:
        return False
    return True
