"""Amounts in letters: how they are written, how they are found again in a text, and what they must be covered by."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

MELLOM = "\u00a0"
_BLANK = " \u00a0\u2007\u2009\u202f"
_TALL = rf"\d{{1,3}}(?:[{_BLANK}.,'\u2019]\d{{3}})+(?!\d)|\d+"
_ORE = r"[,.]\d{1,2}(?!\d)"
_MONSTER = re.compile(
    rf"(?P<minus>(?<!\d)[\u2212-])?(?<!\d)(?:"
    rf"(?P<for>{_TALL})(?P<ore>{_ORE})?(?:,[-\u2013\u2212])?"
    rf"(?:[{_BLANK}]?(?:norske[{_BLANK}])?(?:kr|kroner|nok)\b|[{_BLANK}]?,-)"
    rf"|\b(?:kroner|kr\.?|nok):?[{_BLANK}]?(?P<etter>{_TALL})(?P<ore2>{_ORE})?)",
    re.IGNORECASE,
)
"""``6 565 kr``, ``−12,50 kr``, ``kr 500``, ``1.000 kroner``; of what is written otherwise, the end at least, so that
nobody's way of writing goes past the check."""


def kroner(verdi: float) -> str:
    """``34 855,86 kr``: decimals only where there are any, held together by no-break spaces."""
    tekst = f"{verdi:,.2f}".removesuffix(".00").replace(",", MELLOM).replace(".", ",").replace("-", "\u2212")
    return f"{tekst}{MELLOM}kr"


def finn(tekst: str) -> list[Decimal]:
    """Every amount that a text states, in order."""
    ut = []
    for t in _MONSTER.finditer(tekst):
        hele, ore = (t["for"], t["ore"]) if t["for"] else (t["etter"], t["ore2"])
        verdi = Decimal(re.sub(r"\D", "", hele) + "." + (ore or ",0")[1:])
        ut.append(_ore(-verdi if t["minus"] else verdi))
    return ut


def hold_sammen(tekst: str) -> str:
    """Somebody's own words, where no line can be broken within an amount."""
    return _MONSTER.sub(lambda t: re.sub(f"[{_BLANK}]", MELLOM, t[0]), tekst)


def _ore(verdi: Decimal | float) -> Decimal:
    """As it is shown: to the nearest øre."""
    return Decimal(f"{verdi:.2f}") + 0  # minus zero is zero


def penger(linje: Mapping[str, Any], valuta: str) -> list[float]:
    """The kroner of a line of a trace, one a person where it has several; empty when its unit is not money."""
    enhet = linje["enhet"]
    if enhet == "øre":
        return [v / 100 for v in _tall(linje["verdi"])]
    return list(_tall(linje["verdi"])) if enhet.startswith("kr") or enhet == valuta else []


def i_sporet(spor: Iterable[Mapping[str, Any]], valuta: str) -> set[Decimal]:
    """The amounts of a trace: the values of the lines whose unit is money, and what its own texts state."""
    linjer = list(spor)
    i_tekst = {b for li in linjer for t in li["tekst"].values() for b in finn(t)}
    return i_tekst | {_ore(v) for li in linjer for v in penger(li, valuta)}


def tall_i(verdi: Any) -> set[Decimal]:
    """Every number anywhere in facts or a trace, inputs and rates too."""
    return {_ore(v) for v in _tall(verdi)}


def _tall(verdi: Any) -> Iterable[float]:
    if isinstance(verdi, bool):
        return
    if isinstance(verdi, int | float):
        yield verdi
    elif isinstance(verdi, Mapping):
        for v in verdi.values():
            yield from _tall(v)
    elif isinstance(verdi, Sequence) and not isinstance(verdi, str):
        for v in verdi:
            yield from _tall(v)


class UdekketBelop(ValueError):
    """The text states amounts that nothing stored says. ``belop``: which."""

    def __init__(self, belop: Iterable[Decimal]) -> None:
        self.belop = [kroner(float(b)) for b in sorted(set(belop))]
        super().__init__(f"brevet har beløp uten dekning: {', '.join(self.belop)}")


def krev_dekning(tekst: str, dekning: frozenset[Decimal]) -> None:
    """Errors: ``UdekketBelop``."""
    if udekket := [b for b in finn(tekst) if b not in dekning]:
        raise UdekketBelop(udekket)
