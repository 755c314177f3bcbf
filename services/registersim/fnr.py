"""Synthetic identity numbers with valid control digits, for demo and tests."""

from datetime import date
from itertools import count
from typing import Literal

Serie = Literal["syntetisk", "nav", "dnr"]
"""``syntetisk``: month + 80 (Skatteetatens Tenor).  ``nav``: month + 40 (NAVs Dolly).  ``dnr``: D-number, day + 40 and
month + 80, so that it can belong to nobody."""

_VEKT_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_VEKT_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_NI_SIFRE = 9


def lag_fnr(fodselsdato: date | str, lopenummer: int, serie: Serie = "syntetisk") -> str:
    """The ``lopenummer``-th (from 0) valid number of that birth date.  Raises ValueError when there are not so many."""
    dag = date.fromisoformat(fodselsdato) if isinstance(fodselsdato, str) else fodselsdato
    plass = dag.day + (40 if serie == "dnr" else 0)
    maned = dag.month + (40 if serie == "nav" else 80)
    forste, siste = _individnumre(dag.year)
    igjen = lopenummer
    for individ in count(forste):
        if individ > siste:
            raise ValueError(f"lopenummer {lopenummer}: så mange numre har ikke {dag}")
        nummer = med_kontroll(f"{plass:02d}{maned:02d}{dag.year % 100:02d}{individ:03d}")
        if nummer is not None:
            if igjen == 0:
                return nummer
            igjen -= 1
    raise AssertionError("unreachable")


def med_kontroll(ni_sifre: str) -> str | None:
    """The number with its two control digits; None when there is none."""
    sifre = [int(s) for s in ni_sifre]
    if len(sifre) != _NI_SIFRE:
        return None
    for vekter in (_VEKT_1, _VEKT_2):
        rest = -sum(v * s for v, s in zip(vekter, sifre, strict=True)) % 11
        if rest == 10:
            return None
        sifre.append(rest)
    return "".join(map(str, sifre))


def fodselsdato(fnr: str) -> date | None:
    """Birth date of a number made by ``lag_fnr``; None for others.  Only the simulator may read it out of a number."""
    if len(fnr) != _NI_SIFRE + 2 or not fnr.isdigit() or med_kontroll(fnr[:_NI_SIFRE]) != fnr:
        return None
    dag, maned, ar, individ = int(fnr[:2]) % 40, int(fnr[2:4]) % 40, int(fnr[4:6]), int(fnr[6:9])
    for arhundre in (1900, 2000):
        try:
            forste, siste = _individnumre(arhundre + ar)
            if forste <= individ <= siste:
                return date(arhundre + ar, maned, dag)
        except ValueError:
            return None
    return None


def _individnumre(ar: int) -> tuple[int, int]:
    if 1900 <= ar <= 1999:
        return 0, 499
    if 2000 <= ar <= 2039:
        return 500, 999
    raise ValueError(f"fodselsdato: året {ar} har ingen nummerserie her")
