"""What a scheme gives those who check it afterwards: the decision reckoned again, its reasons, the law in words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Fakta = dict[str, Any]
Linje = dict[str, Any]


class UkjentRegelversjon(ValueError):
    """No rules of this version are kept."""


@dataclass(frozen=True, slots=True)
class Gjentatt:
    """A decision reckoned again. ``spor``: as it is stored."""

    kode: str
    utfall: str
    belop: int
    regelversjon: str
    spor: bytes


@dataclass(frozen=True, slots=True)
class Etterprov:
    """All functions are pure.

    ``fullfor``: facts as they are stored, with what is left out filled in.
    ``gjenta``: facts documents of one termin, by the rules that the stored ``regelversjon`` names; whether these are
    still the same, the answer's own ``regelversjon`` tells.  Errors: ``UkjentRegelversjon``; those of the rules.
    ``sporverdier``: the values in a stored trace, by name of the rule.
    ``begrunnelse``: the reasons in both languages, from the whole trace alone; ``regelversjon`` names the rates.
    ``perioder``: the first termin of each period in which rules, rates and tables are the same, oldest first.
    ``regelversjon``: of a termin, by the newest rules.
    ``lovinnhold``: the legal content as data; ``lovinnhold_markdown``: as a page.
    """

    fullfor: Callable[[Mapping[str, Any]], Fakta]
    gjenta: Callable[[Sequence[Fakta], str], Sequence[Gjentatt]]
    sporverdier: Callable[[bytes], Mapping[str, Any]]
    begrunnelse: Callable[[Sequence[Linje], str], Mapping[str, Sequence[str]]]
    perioder: Callable[[], Sequence[str]]
    regelversjon: Callable[[str], str]
    lovinnhold: Callable[[], dict[str, Any]]
    lovinnhold_markdown: Callable[[], str]


_KODEVERSJON = re.compile(r"[a-z]+-\d{4}-\d\d-v([1-9]\d{0,3})-[0-9a-f]{8}")


def kodeversjon(regelversjon: str) -> int:
    """The version of the code that a ``regelversjon`` names.  Errors: ``UkjentRegelversjon``."""
    treff = _KODEVERSJON.fullmatch(regelversjon)
    if treff is None:
        raise UkjentRegelversjon(f"regelversjon: {regelversjon!r} er ikke skrevet som en regelversjon")
    return int(treff[1])
