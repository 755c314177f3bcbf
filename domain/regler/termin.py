"""A *termin* is one calendar month, ``"YYYY-MM"``. Its situation date is the first of the month."""

import re

_MONSTER = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


class TerminFeil(ValueError):
    """The termin is not ``YYYY-MM``, or no rule is in force for it."""


def del_opp(termin: str) -> tuple[int, int]:
    """``"2026-09"`` → ``(2026, 9)``. Raises :class:`TerminFeil`."""
    treff = _MONSTER.match(termin)
    if treff is None:
        raise TerminFeil(f"termin: {termin!r} er ikke en måned skrevet ÅÅÅÅ-MM")
    return int(treff[1]), int(treff[2])


def forskyv(termin: str, maneder: int) -> str:
    """The termin ``maneder`` months later (earlier when negative)."""
    ar, maned = del_opp(termin)
    nummer = ar * 12 + maned - 1 + maneder
    return f"{nummer // 12:04d}-{nummer % 12 + 1:02d}"


def neste(termin: str) -> str:
    return forskyv(termin, 1)


def forrige(termin: str) -> str:
    return forskyv(termin, -1)


def situasjonsdato(termin: str) -> int:
    """First day of the month as the integer YYYYMMDD (Husbankens veileder, «Definisjoner og begreper»)."""
    ar, maned = del_opp(termin)
    return ar * 10000 + maned * 100 + 1
