"""Synthetic identity numbers with valid control digits, for demo and tests."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
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
    gyldige = _gyldige(f"{plass:02d}{maned:02d}{dag.year % 100:02d}", *_individnumre(dag.year))
    nummer = next(islice(gyldige, lopenummer, None), None)
    if nummer is None:
        raise ValueError(f"lopenummer {lopenummer}: så mange numre har ikke {dag}")
    return nummer


def _gyldige(seks_sifre: str, forste: int, siste: int) -> Iterator[str]:
    """Every number of a birth date, in order. As ``med_kontroll``; the sums of the date are made once, since the
    simulator tries very many."""
    sum_1 = sum(v * int(s) for v, s in zip(_VEKT_1, seks_sifre, strict=False))
    sum_2 = sum(v * int(s) for v, s in zip(_VEKT_2, seks_sifre, strict=False))
    for individ in range(forste, siste + 1):
        a, b, c = individ // 100, individ // 10 % 10, individ % 10
        k1 = -(sum_1 + 4 * a + 5 * b + 2 * c) % 11
        k2 = -(sum_2 + 5 * a + 4 * b + 3 * c + 2 * k1) % 11
        if k1 != 10 and k2 != 10:
            yield f"{seks_sifre}{individ:03d}{k1}{k2}"


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
