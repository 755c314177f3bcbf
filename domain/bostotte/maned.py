"""Bostøtte as the monthly run sees it: many cases at once, through the same rules as one."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any, cast

import numpy as np

from domain.bostotte import arsaker, beregning
from domain.bostotte.beregning import Resultat, beregn, regelversjon
from domain.bostotte.fakta import Fakta
from domain.bostotte.koder import KODER
from domain.bostotte.kolonner import Kolonner, kolonner
from domain.bostotte.lopende import STANSER, endring_gjelder, videre
from domain.bostotte.staende import husk, staende
from domain.kalender import utbetalingsdag
from domain.kommuner import gjeldende_nummer
from domain.sak.manedlig import Manedlig, Regnet, SporAvvik

_KODE = np.array([k.kode for k in KODER], dtype=object)
_UTFALL = np.array([k.utfall for k in KODER], dtype=object)

INNTEKTSFELT = (
    "manedsinntekt",
    "ytelse_14_dager",
    "alderspensjonist",
    "uforepensjonist",
    "etterlattepensjonist",
)
"""What a-ordningen and NAV say of a person's month."""

RETTSGEBYR: tuple[tuple[str, int, str], ...] = (
    ("2022-01-01", 1223, "[M] allment kjent, ikke slått opp"),
    ("2023-01-01", 1243, "[M] allment kjent, ikke slått opp"),
    ("2024-01-01", 1277, "Husbankens sider om tilbakekreving (2R = 2 554)"),
    ("2025-01-01", 1314, "[M] allment kjent, ikke slått opp"),
    ("2026-01-01", 1345, "[M] allment kjent, ikke slått opp"),
)
"""From, kroner, source. An overpayment under one rettsgebyr is not claimed (Husbankens veileder 3.8)."""
MINSTE_ETTERBETALING = 53
"""Kroner. An underpayment below it is not paid (Husbankens veileder)."""


def soknad_for(soknad: Mapping[str, Any], termin: str) -> dict[str, Any]:
    """The standing application for another month; a municipality that has changed its number has the new one."""
    dag = date.fromisoformat(f"{termin}-01")
    return {
        **soknad,
        "termin": termin,
        "kommunenummer": gjeldende_nummer(soknad["kommunenummer"], dag),
    }


def _hode(termin: str, versjon: int = 1) -> bytes:
    """The first line of a compact trace; version 1 of the code goes without saying."""
    return f"K1 bostotte {termin}{f' v{versjon}' if versjon > 1 else ''}\n".encode()


def les_hode(spor: bytes) -> tuple[str, int, bytes]:
    """Termin, version of the code, and the values of a compact trace.  Errors: ``SporAvvik``."""
    hode, _, verdier = spor.partition(b"\n")
    treff = re.fullmatch(rb"K1 bostotte (\d{4}-\d\d)(?: v([1-9]\d{0,3}))?", hode)
    if treff is None or len(verdier) % 8:
        raise SporAvvik("sporet er ikke et kort spor av bostøtte")
    return treff[1].decode(), int(treff[2] or 1), verdier


def _spormatrise(resultat: Resultat) -> np.ndarray[Any, np.dtype[np.float64]]:
    """float64[n, rules]: every case-level rule's value; they are whole numbers below 2^53, flags or float64."""
    return np.column_stack([np.asarray(k, dtype=np.float64) for k in resultat.sporverdier().values()])


def regn(fakta: Sequence[dict[str, Any]], termin: str, versjon: int | None = None) -> Regnet:
    """Codes, outcomes, whole kroner a month and compact traces; by the newest rules unless ``versjon`` is given."""
    kol = kolonner(cast(Sequence[Fakta], fakta), termin)
    resultat = beregn(kol, termin, versjon)
    hode = _hode(termin, versjon or beregning.KODEVERSJON)
    return Regnet(
        _KODE[resultat.kode].tolist(),
        _UTFALL[resultat.kode].tolist(),
        resultat.belop_per_maned.tolist(),
        [hode + rad.tobytes() for rad in _spormatrise(resultat)],
        regelversjon(termin, versjon),
        kol,
    )


def fold_ut(fakta: dict[str, Any], spor: bytes) -> list[dict[str, Any]]:
    """The trace in full, reckoned again from the facts by the rules of its own version of the code, and held against
    every stored value."""
    spor_termin, versjon, verdier = les_hode(spor)
    termin = fakta["termin"]
    if spor_termin != termin or versjon > beregning.KODEVERSJON:
        raise SporAvvik(f"sporet for {termin} er av {spor_termin}, versjon {versjon}")
    resultat = beregn(cast(Sequence[Fakta], [fakta]), termin, versjon)
    if _spormatrise(resultat)[0].tobytes() != verdier:
        raise SporAvvik(f"sporet for {termin} lar seg ikke regne ut igjen")
    return resultat.spor()


def forklar(for_: Sequence[dict[str, Any]], etter: Kolonner) -> Mapping[str, Sequence[int]]:
    """Kroner by cause, one a case. Cases are taken a group at a time by the termin of their earlier facts."""
    grupper: dict[str, list[int]] = {}
    for i, f in enumerate(for_):
        grupper.setdefault(f["termin"], []).append(i)
    if len(grupper) == 1:
        [termin] = grupper
        deler = arsaker.forklar(kolonner(cast(Sequence[Fakta], for_), termin), etter)
        return {a: k.tolist() for a, k in deler.items()}
    ut = {a: [0] * len(for_) for a in arsaker.ARSAKER}
    for termin, plasser in grupper.items():
        gamle = kolonner(cast(Sequence[Fakta], [for_[i] for i in plasser]), termin)
        for a, k in arsaker.forklar(gamle, _plukk(etter, plasser)).items():
            for i, kroner in zip(plasser, k.tolist(), strict=True):
                ut[a][i] = kroner
    return ut


def _plukk(kol: Kolonner, plasser: Sequence[int]) -> Kolonner:
    """The cases at these places as columns of their own."""
    valgt = np.asarray(plasser)
    antall = np.diff(kol.start)[valgt]
    start = np.zeros(len(valgt) + 1, dtype=np.int64)
    np.cumsum(antall, out=start[1:])
    personer = np.arange(start[-1]) - np.repeat(start[:-1], antall) + np.repeat(kol.start[valgt], antall)
    return Kolonner(
        kol.termin,
        start,
        kol.soker[valgt] - kol.start[valgt] + start[:-1],
        {n: k[valgt] for n, k in kol.sak.items()},
        {n: k[personer] for n, k in kol.person.items()},
    )


def med_nye(gamle: dict[str, Any], nye: dict[str, Any]) -> dict[str, Any] | None:
    """The decided facts with the month's income as it is known now; everything else, a caseworker's choices among
    it, stays. None when the persons are not the same."""
    par = list(zip(gamle["husstand"], nye["husstand"], strict=False))
    like = len(gamle["husstand"]) == len(nye["husstand"]) and all(
        g["fodselsdato"] == n["fodselsdato"] and g["rolle"] == n["rolle"] for g, n in par
    )
    if not like:
        return None
    ut = deepcopy(gamle)
    for person, (_, ny) in zip(ut["husstand"], par, strict=True):
        person.update({felt: ny[felt] for felt in INNTEKTSFELT})
    return ut


def rettsgebyr(dag: date) -> int:
    """One rettsgebyr on that day, kroner (the earliest known before the table begins)."""
    gjeldende = [belop for fra, belop, _ in RETTSGEBYR if fra <= dag.isoformat()]
    return gjeldende[-1] if gjeldende else RETTSGEBYR[0][1]


def utbetales(differanse: int, dag: date) -> bool:
    """Is a difference after a new calculation paid (positive) or claimed (negative)?"""
    return differanse >= MINSTE_ETTERBETALING or -differanse >= rettsgebyr(dag)


MANEDLIG = Manedlig(
    soknad_for=soknad_for,
    regn=regn,
    forklar=forklar,
    fold_ut=fold_ut,
    regelversjon=regelversjon,
    videre=videre,
    stanser=STANSER,
    etterprov=frozenset({"inntekt", "nav"}),
    med_nye=med_nye,
    utbetales=utbetales,
    endring_gjelder=endring_gjelder,
    utbetalingsdag=utbetalingsdag,
    husk=husk,
    staende=staende,
)
