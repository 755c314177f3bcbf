"""What an application of a scheme says, declared once: the border's schema, the facts, the columns the rules read and
the public page are all made from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from stdnum.no import orgnr as _nummer

Slag = Literal["kr", "antall", "flagg", "valg", "dato", "tekst", "orgnr"]
Verdi = int | bool | str
STORST_KR = 100_000_000_000
STORST_ANTALL = 1_000_000
BETEGNELSE = r"^[A-Za-z0-9ÆØÅæøå][A-Za-z0-9ÆØÅæøå ./_-]{0,39}$"
"""What a text may be: a project's name, about no person."""
MAKS_SIFRE = 8
"""Fewer than any identity number has."""


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
    maks: int | None = None
    """The largest number; None: the largest of its kind."""
    tillatt: tuple[int, ...] = ()
    """The only numbers, where there are few."""

    @property
    def hoyst(self) -> int:
        if self.maks is not None:
            return self.maks
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
            if isinstance(verdi, str) and re.fullmatch(BETEGNELSE, verdi) and for_fa_sifre(verdi):
                return verdi
            raise FeltFeil(sti, f"må være høyst 40 bokstaver og tall, med høyst {MAKS_SIFRE} sifre")
        if self.slag == "orgnr":
            if isinstance(verdi, str) and len(verdi) == 9 and _nummer.is_valid(verdi):
                return verdi
            raise FeltFeil(sti, "er ikke et gyldig organisasjonsnummer")
        if isinstance(verdi, bool) or not isinstance(verdi, int | float):
            raise FeltFeil(sti, "må være et helt tall")
        if isinstance(verdi, float) and not verdi.is_integer():  # nor is what is not a number, or infinite
            raise FeltFeil(sti, "må være et helt tall")
        if self.tillatt and verdi not in self.tillatt:
            raise FeltFeil(sti, f"må være en av {', '.join(map(str, self.tillatt))}")
        if not self.minst <= verdi <= self.hoyst:
            raise FeltFeil(sti, f"må ligge mellom {self.minst} og {self.hoyst}")
        return int(verdi)


def for_fa_sifre(verdi: str) -> bool:
    """Too few digits to hold an identity number."""
    return sum(tegn.isdigit() for tegn in verdi) <= MAKS_SIFRE


def _dato(verdi: object, sti: str) -> str:
    try:
        return date.fromisoformat(str(verdi)).isoformat()
    except ValueError:
        raise FeltFeil(sti, "må være en dato (ÅÅÅÅ-MM-DD)") from None


def kr(navn: str, nb: str, nn: str, standard: int | None = None, minst: int = 0, enhet: bool = False) -> Felt:
    """Whole kroner."""
    return Felt(navn, "kr", nb, nn, standard, minst=minst, enhet=enhet)


def antall(
    navn: str,
    nb: str,
    nn: str,
    standard: int | None = None,
    minst: int = 0,
    enhet: bool = False,
    maks: int | None = None,
    tillatt: tuple[int, ...] = (),
) -> Felt:
    """A whole number."""
    return Felt(navn, "antall", nb, nn, standard, minst=minst, enhet=enhet, maks=maks, tillatt=tillatt)


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


def orgnr(navn: str, nb: str, nn: str) -> Felt:
    """An organisation's number."""
    return Felt(navn, "orgnr", nb, nn)
