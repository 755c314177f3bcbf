"""A letter as plain data: headings, paragraphs, tables. Every word and sum stands in it; templates only set it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

_MANEDER: Mapping[str, tuple[str, ...]] = {
    "no": (
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
        "desember",
    ),
    "da": (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tabell:
    """``tittel`` says what it shows. The first cell of each row is its heading. ``tall``: numbers of the columns that
    hold amounts, from 0."""

    tittel: str
    kolonner: Sequence[str]
    rader: Sequence[Sequence[str]]
    tall: Sequence[int] = (1,)


@dataclass(frozen=True, slots=True)
class Sitat:
    """Somebody else's own words."""

    hvem: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Del:
    """One part under its own heading, in this order."""

    overskrift: str
    avsnitt: Sequence[str] = ()
    punkter: Sequence[str] = ()
    sitater: Sequence[Sitat] = ()
    tabell: Tabell | None = None


@dataclass(frozen=True, slots=True)
class Brev:
    """``sprak``: ISO 639-1. ``dato``: of what the letter tells, ISO 8601. ``hode``: (label, value)."""

    slag: str
    sprak: str
    tittel: str
    avsender: str
    dato: str
    hode: Sequence[Sequence[str]]
    innledning: Sequence[str]
    deler: Sequence[Del]
    slutt: Sequence[str]

    def dokument(self) -> dict[str, Any]:
        """JSON-able: strings, lists and objects alone."""
        ut: dict[str, Any] = _som_lister(asdict(self))
        return ut

    def tekst(self) -> str:
        """All the words, one piece a line."""
        return "\n".join(_strenger(self.dokument()))

    def sitert(self) -> str:
        """What others have said in it."""
        return "\n".join(s.tekst for d in self.deler for s in d.sitater)


def _som_lister(verdi: Any) -> Any:
    if isinstance(verdi, dict):
        return {k: _som_lister(v) for k, v in verdi.items()}
    return [_som_lister(v) for v in verdi] if isinstance(verdi, list | tuple) else verdi


def _strenger(verdi: Any) -> list[str]:
    if isinstance(verdi, str):
        return [verdi]
    if isinstance(verdi, dict):
        return [s for v in verdi.values() for s in _strenger(v)]
    return [s for v in verdi for s in _strenger(v)] if isinstance(verdi, list) else []


def dato_tekst(dag: date, sprak: str) -> str:
    """``1. oktober 2026``, held together by no-break spaces."""
    return f"{dag.day}.\u00a0{_navn(dag.month, sprak)}\u00a0{dag.year}"


def maned_tekst(termin: str, sprak: str) -> str:
    """``oktober 2026``"""
    return f"{_navn(int(termin[5:]), sprak)}\u00a0{termin[:4]}"


def _navn(maned: int, sprak: str) -> str:
    return _MANEDER["da" if sprak == "da" else "no"][maned - 1]
