"""Facts documents as columns. Amounts of persons are int64 øre, so that sums over persons are exact.

Persons of all cases stand after one another; case ``i`` owns persons ``start[i]:start[i + 1]``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain
from math import isfinite
from operator import itemgetter
from typing import Any

import numpy as np

from domain.bostotte.fakta import (
    BOLIGFLAGG,
    DISPOSISJONSFORMER,
    PERSONFLAGG,
    Fakta,
    FaktaFeil,
    fullfor,
    personflagg,
)
from domain.regler.avrunding import til_ore
from domain.regler.kolonne import Kolonne

PERSONBELOP: tuple[str, ...] = (
    "manedsinntekt",
    "skattefri_leieinntekt",
    "ytelse_14_belop",
    "kapital",
    "naering",
    "utland",
    "formue_bolig",
    "formue_annen",
)
"""int64 øre, one a person"""
_PERSONTALL = (*PERSONBELOP, "ytelse_14_utbetalinger", *PERSONFLAGG)
_FORSTE_FLAGG = len(PERSONBELOP) + 1
_boligflagg = itemgetter(*BOLIGFLAGG)
_FORM = {form: i for i, form in enumerate(DISPOSISJONSFORMER)}


@dataclass(frozen=True, slots=True)
class Kolonner:
    """``start`` int64[n + 1], ``soker`` int64[n] (place of the applicant among all persons).

    ``sak``: one array of n by name; ``person``: one array of start[n] by name.
    """

    termin: str
    start: Kolonne
    soker: Kolonne
    sak: Mapping[str, Kolonne]
    person: Mapping[str, Kolonne]

    def __len__(self) -> int:
        return len(self.soker)

    def utsnitt(self, fra: int, til: int) -> "Kolonner":
        """Cases ``fra:til`` as columns of their own (views where they can be)."""
        p, q = int(self.start[fra]), int(self.start[til])
        return Kolonner(
            self.termin,
            self.start[fra : til + 1] - p,
            self.soker[fra:til] - p,
            {navn: k[fra:til] for navn, k in self.sak.items()},
            {navn: k[p:q] for navn, k in self.person.items()},
        )


def kolonner(dokumenter: Sequence[Fakta], termin: str | None = None) -> Kolonner:
    """Columns of facts documents, complete or not. ``termin``: default the first document's.

    Raises :class:`FaktaFeil` naming the field (with more than one document: ``dokument[3].husstand``).
    """
    if not dokumenter:
        return bygg(termin or "2022-06", np.zeros(0, dtype=np.int64))
    try:
        return _les(dokumenter, termin)
    except (KeyError, TypeError, ValueError, AttributeError):
        return _les([_kontrollert(d, i, len(dokumenter)) for i, d in enumerate(dokumenter)], termin)


def _ymd(dato: str) -> int:
    """``2016-02-01`` → 20160201; ValueError when there is no such day."""
    date.fromisoformat(dato)
    return int(dato.replace("-", ""))


def _les(dokumenter: Sequence[Fakta], termin: str | None) -> Kolonner:
    personer: list[Any] = [p for d in dokumenter for p in d["husstand"]]
    boliger: list[Any] = [d["bolig"] for d in dokumenter]
    antall = len(dokumenter)
    start = np.fromiter(accumulate((len(d["husstand"]) for d in dokumenter), initial=0), np.int64, antall + 1)
    rader = [
        (
            p["manedsinntekt"],
            p["skattefri_leieinntekt"],
            (y := p["ytelse_14_dager"])["belop"],
            (m := p["meldepliktig"])["kapital"],
            m["naering"],
            m["utland"],
            (f := p["formue"])["bolig"],
            f["annen"],
            y["utbetalinger"],
            *personflagg(p),
        )
        for p in personer
    ]
    tall = np.fromiter(chain.from_iterable(rader), np.float64, len(personer) * len(_PERSONTALL))
    tall = np.ascontiguousarray(tall.reshape(len(personer), len(_PERSONTALL)).T)
    fodselsdato = np.array([_ymd(p["fodselsdato"]) for p in personer], dtype=np.int64)
    er_soker = np.array([p["rolle"] == "soker" for p in personer], dtype=np.bool_)
    if not np.isfinite(tall).all():
        raise FaktaFeil("husstand", "har et beløp som ikke er et tall")
    ore = til_ore(tall[: len(PERSONBELOP)])
    sanne = tall[_FORSTE_FLAGG:] != 0
    person: dict[str, Kolonne] = {navn: ore[i] for i, navn in enumerate(PERSONBELOP)}
    person["ytelse_14_utbetalinger"] = tall[len(PERSONBELOP)].astype(np.int64)
    for i, navn in enumerate(PERSONFLAGG):
        person[navn] = sanne[i]
    person["fodselsdato"] = fodselsdato
    person["er_soker"] = er_soker
    boligrader = [
        (
            _FORM[b["disposisjonsform"]],
            b["boutgift_per_maned"],
            b["kommunale_avgifter_per_maned"],
            *_boligflagg(b),
        )
        for b in boliger
    ]
    bolig = np.fromiter(chain.from_iterable(boligrader), np.float64, antall * 7).reshape(antall, 7)
    bolig = np.ascontiguousarray(bolig.T)
    if not np.isfinite(bolig).all():
        raise FaktaFeil("bolig", "har et beløp som ikke er et tall")
    kommunenummer = np.fromiter((int(d["kommunenummer"]) for d in dokumenter), np.int64, antall)
    if not ((kommunenummer >= 0) & (kommunenummer < 10_000)).all():
        raise FaktaFeil("kommunenummer", "må være fire sifre")
    sak: dict[str, Kolonne] = {
        "kommunenummer": kommunenummer,
        "disposisjonsform": bolig[0].astype(np.int64),
        "boutgift_per_maned": bolig[1],
        "kommunale_avgifter_per_maned": bolig[2],
    }
    ja = bolig[3:] != 0
    for i, navn in enumerate(BOLIGFLAGG):
        sak[navn] = ja[i]
    return Kolonner(termin or dokumenter[0]["termin"], start, _sokere(er_soker, start), sak, person)


def _sokere(er_soker: Kolonne, start: Kolonne) -> Kolonne:
    plasser = np.flatnonzero(er_soker)
    if len(plasser) != len(start) - 1 or not bool(((plasser >= start[:-1]) & (plasser < start[1:])).all()):
        raise FaktaFeil("husstand", "må ha nøyaktig én med rollen soker")
    return plasser


def _kontrollert(dokument: Fakta, nummer: int, antall: int) -> Fakta:
    """The slow way, only after the fast way has failed: completes the document or says which field is wrong."""
    prefiks = f"dokument[{nummer}]." if antall > 1 else ""
    try:
        fakta = fullfor(dokument)
    except FaktaFeil as feil:
        raise FaktaFeil(prefiks + feil.felt, feil.melding) from None
    if len(sifre := str(fakta["kommunenummer"])) != 4 or not sifre.isdecimal():
        raise FaktaFeil(f"{prefiks}kommunenummer", "må være fire sifre")
    if fakta["bolig"]["disposisjonsform"] not in _FORM:
        raise FaktaFeil(f"{prefiks}bolig.disposisjonsform", f"må være en av {', '.join(_FORM)}")
    if sum(p["rolle"] == "soker" for p in fakta["husstand"]) != 1:
        raise FaktaFeil(f"{prefiks}husstand", "må ha nøyaktig én med rollen soker")
    for i, person in enumerate(fakta["husstand"]):
        try:
            date.fromisoformat(person["fodselsdato"])
        except (TypeError, ValueError):
            raise FaktaFeil(f"{prefiks}husstand[{i}].fodselsdato", "er ikke en dato ÅÅÅÅ-MM-DD") from None
        _krev_tall(person, f"{prefiks}husstand[{i}].")
    _krev_tall(fakta["bolig"], f"{prefiks}bolig.")
    return fakta


_TEKSTFELT = {"rolle", "fodselsdato", "disposisjonsform"}


def _krev_tall(felt: Mapping[str, Any], sted: str) -> None:
    for navn, verdi in felt.items():
        if isinstance(verdi, dict):
            _krev_tall(verdi, f"{sted}{navn}.")
        elif navn not in _TEKSTFELT and not (isinstance(verdi, int | float) and isfinite(verdi)):
            raise FaktaFeil(sted + navn, "må være et tall")


def bygg(
    termin: str,
    antall_personer: Kolonne,
    sak: Mapping[str, Kolonne] | None = None,
    person: Mapping[str, Kolonne] | None = None,
) -> Kolonner:
    """Columns straight from arrays; what is left out is zero or false. The first person of a case is the applicant.

    ``antall_personer`` int[n]; ``sak`` by name (``disposisjonsform`` as its place in DISPOSISJONSFORMER);
    ``person`` by name, amounts in float64 kroner, ``fodselsdato`` as the integer YYYYMMDD.
    """
    n = len(antall_personer)
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(antall_personer, out=start[1:])
    m = int(start[-1])
    inn_sak, inn_person = dict(sak or {}), dict(person or {})
    ut_sak: dict[str, Kolonne] = {}
    for navn in ("kommunenummer", "disposisjonsform"):
        ut_sak[navn] = np.asarray(inn_sak.pop(navn, np.zeros(n)), dtype=np.int64)
    for navn in ("boutgift_per_maned", "kommunale_avgifter_per_maned"):
        ut_sak[navn] = np.asarray(inn_sak.pop(navn, np.zeros(n)), dtype=np.float64)
    for navn in BOLIGFLAGG:
        ut_sak[navn] = np.asarray(inn_sak.pop(navn, np.zeros(n)), dtype=np.bool_)
    ut_person: dict[str, Kolonne] = {}
    for navn in PERSONBELOP:
        ut_person[navn] = til_ore(np.asarray(inn_person.pop(navn, np.zeros(m)), dtype=np.float64))
    for navn in ("ytelse_14_utbetalinger", "fodselsdato"):
        ut_person[navn] = np.asarray(inn_person.pop(navn, np.zeros(m)), dtype=np.int64)
    for navn in PERSONFLAGG:
        ut_person[navn] = np.asarray(inn_person.pop(navn, np.zeros(m)), dtype=np.bool_)
    for navn in (*inn_sak, *inn_person):
        raise FaktaFeil(navn, "ukjent kolonne")
    er_soker = np.zeros(m, dtype=np.bool_)
    er_soker[start[:-1]] = True
    ut_person["er_soker"] = er_soker
    return Kolonner(termin, start, start[:-1].copy(), ut_sak, ut_person)
