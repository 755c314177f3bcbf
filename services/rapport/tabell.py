"""A table of a report, and figures as Norwegians print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def tall(verdi: float) -> str:
    """Thousands apart, a comma, decimals where there are any."""
    tekst = f"{verdi:,.1f}".removesuffix(".0")
    return tekst.replace(",", "\u00a0").replace(".", ",")


def mill(kroner: int) -> str:
    """Millions to the nearest, a half upwards."""
    return tall((kroner + 500_000) // 1_000_000)


def prosent(del_: float, hele: float) -> str:
    """A share or a change in per cent, to the nearest; one decimal below one, as the annual report has it."""
    if not hele:
        return "–"
    p = 100 * del_ / hele
    return f"{p:.1f}".replace(".", ",") if 0 < abs(p) < 1 else f"{p:.0f}"


@dataclass(frozen=True, slots=True)
class Tabell:
    """``rader``: cells as they are printed; figures, but those of the first column, stand to the right."""

    tittel: str
    hode: Sequence[str]
    rader: Sequence[Sequence[Any]]

    def markdown(self) -> str:
        linjer = [
            f"### {self.tittel}",
            "",
            "| " + " | ".join(self.hode) + " |",
            "|---" + "|---:" * (len(self.hode) - 1) + "|",
        ]
        linjer += ["| " + " | ".join(str(c) for c in rad) + " |" for rad in self.rader]
        return "\n".join(linjer) + "\n"
