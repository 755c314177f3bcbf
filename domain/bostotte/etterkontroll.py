"""Bostøtte controlled afterwards: reportable income and wealth against the settled tax, students against Lånekassen.

forskrift om bustøtte § 14; Husbankens veileder 3.7 and 3.8.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.bostotte.kontrollkrav import (
    folkeregisterkrav,
    personer,
    registre_om_voksen,
    situasjonsdato,
    sporres_det_om,
)
from domain.bostotte.maned import utbetales
from domain.kalender import neste_termin
from domain.kontroll.krav import Kontrollkrav, Svar
from domain.kontroll.vurdering import alder
from domain.sak.etterkontroll import Etterkontroll

Soknad = Mapping[str, Any]
Svarene = Mapping[str, Svar]
HJEMMEL_SKATT = "bustøttelova §§ 8 og 10 bokstav d, forskrift om bustøtte § 14"
HJEMMEL_STUDENT = "bustøttelova §§ 4, 8 og 10, forskrift om bustøtte § 14"
GYLDIG_DAGER = 31


def _ar(termin: str) -> str:
    return termin[:4]


def kalenderar(termin: str) -> list[str]:
    """January to the termin itself, which is a December."""
    return [neste_termin(termin, -n) for n in range(11, -1, -1)]


def skattekrav(person_id: str, ar: str) -> Kontrollkrav:
    """The assessment of that very year. One of an earlier year is no answer, as it is for an application."""
    parametre = (("inntektsar", ar), ("oppgjor", "endelig"))
    return Kontrollkrav("skattegrunnlag", UUID(person_id), parametre, HJEMMEL_SKATT, GYLDIG_DAGER)


def studentkrav(person_id: str, termin: str) -> Kontrollkrav:
    """The month's question put once more, when late registrations are in."""
    parametre = (("dato", situasjonsdato(termin).isoformat()), ("kontroll", "sen"))
    return Kontrollkrav("lanekassen", UUID(person_id), parametre, HJEMMEL_STUDENT, GYLDIG_DAGER)


def _voksne(soknad: Soknad, svar: Svarene, register: str) -> Iterator[tuple[str, str]]:
    """(person id, birth date) of those about whom the register is asked, by Folkeregisteret's birth dates."""
    fr = svar[folkeregisterkrav(soknad).nokkel]["personer"]
    for person in personer(soknad):
        hvem = fr[person["person_id"]]
        if sporres_det_om(soknad, person, hvem) and register in registre_om_voksen(soknad, person, hvem):
            yield person["person_id"], hvem["fodselsdato"]


def _krav_skatt(soknad: Soknad, svar: Svarene, termin: str) -> list[Kontrollkrav]:
    forst = folkeregisterkrav(soknad)
    if forst.nokkel not in svar:
        return [forst]
    alle = [skattekrav(hvem, _ar(termin)) for hvem, _ in _voksne(soknad, svar, "skattegrunnlag")]
    return [k for k in alle if k.nokkel not in svar]


def _ikke_oppgjort(soknad: Soknad, svar: Svarene, termin: str) -> list[str]:
    """Those without an assessment of the year. One is enough to hold the whole household back: in 2025 117 cases had
    to be done again because a member's was missing (Husbankens årsrapport 2025 s. 49)."""
    ar = int(_ar(termin))
    return [
        hvem
        for hvem, _ in _voksne(soknad, svar, "skattegrunnlag")
        if svar[skattekrav(hvem, str(ar)).nokkel]["inntektsar"] != ar
    ]


def _dod(soknad: Soknad, svar: Svarene, _termin: str) -> list[str]:
    """Whoever would be paid, or told, has died: a person sees to the estate."""
    soker = svar[folkeregisterkrav(soknad).nokkel]["personer"][soknad["soker"]["person_id"]]
    return ["soker_dod"] if soker["dodsdato"] is not None else []


def _grunner_skatt(soknad: Soknad, svar: Svarene, termin: str) -> list[str]:
    alle = (svar[skattekrav(h, _ar(termin)).nokkel] for h, _ in _voksne(soknad, svar, "skattegrunnlag"))
    skjermet = ["skattegrunnlag_skjermet"] if any(s["skjermet"] for s in alle) else []
    return [*_dod(soknad, svar, termin), *skjermet]


def _fakta_skatt(fakta: dict[str, Any], soknad: Soknad, svar: Svarene, termin: str) -> dict[str, Any] | None:
    ny = deepcopy(fakta)
    par = _par(ny, _voksne(soknad, svar, "skattegrunnlag"))
    if par is None:
        return None
    for person, hvem in par:
        s = svar[skattekrav(hvem, _ar(termin)).nokkel]
        person["meldepliktig"] = {felt: s[felt] for felt in ("kapital", "naering", "utland")}
        person["formue"] = {"bolig": s["formue_bolig"], "annen": s["formue_annen"]}
    return ny


def _krav_student(soknad: Soknad, svar: Svarene, termin: str) -> list[Kontrollkrav]:
    forst = folkeregisterkrav(soknad)
    if forst.nokkel not in svar:
        return [forst]
    alle = [studentkrav(h, m) for h, _ in _voksne(soknad, svar, "lanekassen") for m in kalenderar(termin)]
    return [k for k in alle if k.nokkel not in svar]


def _fakta_student(
    fakta: dict[str, Any], soknad: Soknad, svar: Svarene, _termin: str
) -> dict[str, Any] | None:
    """Who turns out to have been a student is one; the exceptions stay as decided, and are the answer to a notice."""
    ny = deepcopy(fakta)
    par = _par(ny, _voksne(soknad, svar, "lanekassen"), alle_voksne=True)
    if par is None:
        return None
    for person, hvem in par:
        person["student"] = bool(svar[studentkrav(hvem, fakta["termin"]).nokkel]["rett_til_stotte"])
    return ny


def _par(
    fakta: dict[str, Any], voksne: Iterator[tuple[str, str]], *, alle_voksne: bool = False
) -> list[tuple[dict[str, Any], str]] | None:
    """Persons of the facts with their ids, told by birth date: facts hold no ids. Nobody may be left over whom the
    register should have been asked about: then the household was another, and a person must look."""
    ider: dict[str, list[str]] = {}
    for hvem, fodt in voksne:
        ider.setdefault(fodt, []).append(hvem)
    dag = situasjonsdato(fakta["termin"])
    par = []
    for person in fakta["husstand"]:
        treff = ider.get(person["fodselsdato"], [])
        like = sum(p["fodselsdato"] == person["fodselsdato"] for p in fakta["husstand"])
        if len(treff) == 1 and like == 1:
            par.append((person, treff[0]))
        elif treff or _skulle_vaert_spurt(person, dag, alle_voksne=alle_voksne):
            return None
    return par


def _skulle_vaert_spurt(person: Mapping[str, Any], dag: date, *, alle_voksne: bool) -> bool:
    """Adults; of those under 20 who are not main applicant neither income nor wealth counts."""
    grense = 18 if person["rolle"] == "soker" or alle_voksne else 20
    return alder(person["fodselsdato"], dag) >= grense


def _utgangen_av_neste_ar(termin: str) -> date:
    """Assessments are settled in portions until the end of the year after."""
    return date(int(_ar(termin)) + 1, 12, 31)


SKATT = Etterkontroll(
    siste_maned=12,
    felt=("meldepliktig", "formue"),
    terminer=kalenderar,
    krav=_krav_skatt,
    ikke_klare=_ikke_oppgjort,
    grunner=_grunner_skatt,
    nye_fakta=_fakta_skatt,
    siste_dag=_utgangen_av_neste_ar,
    utbetales=utbetales,
)
"""A calendar year, by its December."""

STUDENT = replace(
    SKATT,
    siste_maned=7,
    felt=("student",),
    krav=_krav_student,
    ikke_klare=lambda *_: [],
    grunner=_dod,
    nye_fakta=_fakta_student,
)
"""A study year, August to July, by its July: Lånekassen's late registrations are in half a year after."""

ETTERKONTROLLER: Mapping[str, Etterkontroll] = {"etterkontroll": SKATT, "studentkontroll": STUDENT}
KLAGER: Mapping[str, Etterkontroll] = {
    f"klage_{arsak}": replace(kontroll, klage_pa=arsak) for arsak, kontroll in ETTERKONTROLLER.items()
}
"""Cause of the appeal → the control that it is about."""
