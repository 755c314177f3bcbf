"""How a register's answer is read: one pure function a register, the same for every scheme that asks it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.kontroll.krav import Grunn, Vurdering
from domain.kontroll.svar import FolkeregisterPerson, InntektSvar, MatrikkelSvar, SkattegrunnlagSvar

AAP = frozenset({"arbeidsavklaringspenger"})
DAGPENGER = frozenset({"dagpengerVedArbeidsloeshet", "dagpengerTilFiskerSomBareHarHyre"})
INTRODUKSJONSSTONAD = frozenset({"introduksjonsstoenad"})
YTELSER_14_DAGER = AAP | DAGPENGER
"""Benefits paid every fourteen days on meldekort (Husbankens årsrapport 2025 s. 47)."""

IKKE_INNTEKT = frozenset(
    {"skattefrieTilleggsstoenader", "skattefriStoenadTilBarnetilsyn", "underholdsbidragTilBarn"}
)
"""Public benefits that forskrift om bustøtte § 5 leaves out of income."""

ALDERSPENSJON = frozenset({"alderspensjon", "alderspensjonSkjermingstillegg"})
ETTERLATTEPENSJON = frozenset(
    {"etterlattepensjon", "overgangsstoenadTilGjenlevendeEktefelle", "omstillingsstoenad"}
)
UFOREPENSJON = frozenset({"ufoeretrygd", "ufoerepensjon", "ektefelletilleggUfoeretrygd"})

GODKJENT_BYGNINGSSTATUS = frozenset({"TB", "FA", "MB"})
SPERRET = frozenset({"fortrolig", "strengtFortrolig"})
"""Kode 7 and kode 6: the address is kept from others and handled by cleared persons only."""


def grunn(kode: str, tekst: str) -> Grunn:
    return {"kode": kode, "tekst": tekst}


def alder(fodselsdato: str, dag: date) -> int:
    """Whole years on that day."""
    fodt = date.fromisoformat(fodselsdato)
    return dag.year - fodt.year - ((dag.month, dag.day) < (fodt.month, fodt.day))


def dod_pa(person: FolkeregisterPerson, dag: date) -> bool:
    """Dead on or before that day."""
    return person["dodsdato"] is not None and date.fromisoformat(person["dodsdato"]) <= dag


def matrikkel(svar: MatrikkelSvar) -> Vurdering:
    """Status of the dwelling (bustøttelova § 5 a).

    A holiday home is refused by rule (V04); any other non-approved status is looked at together with the
    municipality's planning and building office before anything is decided (Husbankens årsrapport 2024).
    """
    if not svar["funnet"]:
        return Vurdering(
            {"godkjent": False, "fritidsbolig": False},
            [grunn("bolig_ukjent_i_matrikkelen", "Matrikkelen kjenner ikke boligen som er oppgitt.")],
        )
    if svar["bruksenhetstype"] == "F":
        return Vurdering({"godkjent": False, "fritidsbolig": True})
    if svar["bruksenhetstype"] == "B" and svar["bygningsstatus"] in GODKJENT_BYGNINGSSTATUS:
        return Vurdering({"godkjent": True, "fritidsbolig": False})
    return Vurdering(
        {"godkjent": False, "fritidsbolig": False},
        [
            grunn(
                "bolig_ikke_godkjent",
                "Matrikkelen har ikke boligen som godkjent; avklar med plan- og bygningsmyndigheten.",
            )
        ],
    )


def inntekt(svar: InntektSvar) -> dict[str, Any]:
    """Gross income of the month by the cash principle, and what the benefits say of the person.

    Counted: taxable pay and benefits in kind; every public benefit and pension except ``IKKE_INNTEKT``.  Not
    counted: tax-free expense allowances, and ``naeringsinntekt``, which is part of the yearly business income
    (forskrift om bustøtte § 5; the last by inference, so that it is not counted twice).
    """
    sum_ore = ytelse_ore = 0
    koder = set()
    for post in svar["poster"]:
        kode, ore = post["beskrivelse"], post["belop_ore"]
        if post["type"] == "naeringsinntekt" or kode in IKKE_INNTEKT:
            continue
        if post["type"] == "loennsinntekt" and not post["trekkpliktig"]:
            continue
        koder.add(kode)
        sum_ore += ore
        if kode in YTELSER_14_DAGER and post["type"] == "ytelseFraOffentlige":
            ytelse_ore += ore
    return {
        "manedsinntekt": max(0, _kroner(sum_ore)),
        "ytelse_belop": max(0, _kroner(ytelse_ore)),
        "alderspensjonist": bool(koder & ALDERSPENSJON),
        "uforepensjonist": bool(koder & UFOREPENSJON),
        "etterlattepensjonist": bool(koder & ETTERLATTEPENSJON),
    }


def skattegrunnlag(svar: SkattegrunnlagSvar, oppgitt: Mapping[str, Any]) -> Vurdering:
    """Yearly income the applicant must report, and net wealth (forskrift om bustøtte §§ 5 og 6).

    The applicant's expected amount per 31.12 this year wins wherever it is given; otherwise the latest settled
    assessment.  None found and none given: zero, and the after-control catches the rest.
    """
    meldt, formue = oppgitt.get("meldepliktig") or {}, oppgitt.get("formue") or {}
    vurdering = Vurdering(
        {
            "meldepliktig": {
                "kapital": meldt.get("kapital", svar["kapital"]),
                "naering": meldt.get("naering", svar["naering"]),
                "utland": meldt.get("utland", svar["utland"]),
            },
            "formue": {
                "bolig": formue.get("bolig", svar["formue_bolig"]),
                "annen": formue.get("annen", svar["formue_annen"]),
            },
        }
    )
    if svar["skjermet"]:
        vurdering.manuell.append(
            grunn(
                "skattegrunnlag_skjermet", "Skatteetaten har skjermet grunnlaget; tallene må hentes manuelt."
            )
        )
    return vurdering


def _kroner(ore: int) -> int:
    """Whole kroner, half away from zero."""
    return (abs(ore) + 50) // 100 * (1 if ore >= 0 else -1)
