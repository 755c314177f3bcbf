"""The citizen's answer as a page: plain HTML, no script, readable by a screen reader and on paper."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from schemas.innsyn import Innsyn
from services.klokke import OSLO


def html(svar: Innsyn) -> str:
    """A whole document in bokmål. Everything from outside is escaped."""
    return _mal().render(svar=svar)


@lru_cache
def _mal() -> Template:
    miljo = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    miljo.filters["tid"] = _tid
    miljo.filters["kroner"] = _kroner
    miljo.filters["flat"] = _flat
    return miljo.get_template("side.html")


def _tid(verdi: datetime | date | None) -> str:
    if verdi is None:
        return "–"
    if isinstance(verdi, datetime):
        return verdi.astimezone(OSLO).strftime("%d.%m.%Y kl. %H:%M")
    return verdi.strftime("%d.%m.%Y")


def _kroner(belop: int) -> str:
    return f"{belop:,} kr".replace(",", "\u00a0")


def _flat(innhold: Any, sti: str = "") -> list[tuple[str, str]]:
    """Nested content as (path, value) lines."""
    if isinstance(innhold, dict):
        return [linje for k, v in innhold.items() for linje in _flat(v, f"{sti}.{k}" if sti else k)]
    if isinstance(innhold, list):
        return [linje for i, v in enumerate(innhold, 1) for linje in _flat(v, f"{sti} {i}")]
    if innhold is None:
        return []
    return [(sti, {True: "ja", False: "nei"}[innhold] if isinstance(innhold, bool) else str(innhold))]
