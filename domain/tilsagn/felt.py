"""What an application of a scheme says, declared once: the border's schema, the facts, the columns the rules read and
the public page are all made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Slag = Literal["kr", "antall", "flagg", "valg", "dato", "tekst"]
Verdi = int | bool | str
STORST_KR = 100_000_000_000
STORST_ANTALL = 1_000_000
TEKST_MAKS = 80


class FeltFeil(ValueError):
    """A value that cannot be used. ``felt``: its dotted path in the facts."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


@dataclass(frozen=True, slots=True)
class Felt:
    """One field. Amounts are whole kroner; ``standard`` None: it must be given.

    ``enhet``: the field is of each of the project's units (dwellings of one size, say) and not of the project.
    """

    navn: str
    slag: Slag
    nb: str
    nn: str
    standard: Verdi | None = None
    valg: tuple[str, ...] = ()
    minst: int = 0
    enhet: bool = False

    @property
    def hoyst(self) -> int:
        return STORST_KR if self.slag == "kr" else STORST_ANTALL

    def kontroller(self, verdi: object, sti: str) -> Verdi:
        """The value, or :class:`FeltFeil` naming ``sti``."""
        if self.slag == "flagg":
            if isinstance(verdi, bool):
                return verdi
            raise FeltFeil(sti, "må være true eller false")
        if self.slag == "valg":
            if isinstance(verdi, str) and verdi in self.valg:
                return verdi
            raise FeltFeil(sti, f"må være en av {', '.join(self.valg)}")
        if self.slag == "dato":
            return "" if verdi == self.standard == "" else _dato(verdi, sti)
        if self.slag == "tekst":
            if isinstance(verdi, str) and 0 < len(verdi) <= TEKST_MAKS:
                return verdi
            raise FeltFeil(sti, f"må være en tekst på høyst {TEKST_MAKS} tegn")
        if isinstance(verdi, bool) or not isinstance(verdi, int | float) or verdi != int(verdi):
            raise FeltFeil(sti, "må være et helt tall")
        if not self.minst <= verdi <= self.hoyst:
            raise FeltFeil(sti, f"må ligge mellom {self.minst} og {self.hoyst}")
        return int(verdi)


def _dato(verdi: object, sti: str) -> str:
    try:
        return date.fromisoformat(str(verdi)).isoformat()
    except ValueError:
        raise FeltFeil(sti, "må være en dato (ÅÅÅÅ-MM-DD)") from None


def kr(navn: str, nb: str, nn: str, standard: int | None = None, minst: int = 0, enhet: bool = False) -> Felt:
    """Whole kroner."""
    return Felt(navn, "kr", nb, nn, standard, minst=minst, enhet=enhet)


def antall(
    navn: str, nb: str, nn: str, standard: int | None = None, minst: int = 0, enhet: bool = False
) -> Felt:
    """A whole number."""
    return Felt(navn, "antall", nb, nn, standard, minst=minst, enhet=enhet)


def flagg(navn: str, nb: str, nn: str, standard: bool | None = False) -> Felt:
    """Yes or no; no when left out."""
    return Felt(navn, "flagg", nb, nn, standard)


def valg(
    navn: str, nb: str, nn: str, valg: tuple[str, ...], standard: str | None = None, enhet: bool = False
) -> Felt:
    """One of some named values; the rules read its place."""
    return Felt(navn, "valg", nb, nn, standard, valg, enhet=enhet)


def dato(navn: str, nb: str, nn: str, standard: str | None = None) -> Felt:
    """A day, ISO."""
    return Felt(navn, "dato", nb, nn, standard)


def tekst(navn: str, nb: str, nn: str) -> Felt:
    """A name or reference, never of a person."""
    return Felt(navn, "tekst", nb, nn)


def fyll_ut(felt: Sequence[Felt], verdier: object, sti: str) -> dict[str, Verdi]:
    """Every field with its value, defaults filled in. Errors: :class:`FeltFeil`."""
    if not isinstance(verdier, Mapping):
        raise FeltFeil(sti, "må være et objekt med felt")
    kjente = {f.navn for f in felt}
    for navn in verdier:
        if navn not in kjente:
            raise FeltFeil(f"{sti}.{navn}", "ukjent felt")
    ut: dict[str, Verdi] = {}
    for f in felt:
        verdi: Any = verdier.get(f.navn, f.standard)
        if verdi is None:
            raise FeltFeil(f"{sti}.{f.navn}", "må oppgis")
        ut[f.navn] = f.kontroller(verdi, f"{sti}.{f.navn}")
    return ut
