"""Stored shapes of the registers' answers: what the law needs and no more. No identity numbers, no floats.

Amounts are whole kroner, or øre where the name ends in ``_ore``. Dates are ``YYYY-MM-DD``.
"""

from typing import Literal, TypedDict

Gradering = Literal["ugradert", "klientadresse", "fortrolig", "strengtFortrolig"]
Inntektstype = Literal["loennsinntekt", "ytelseFraOffentlige", "pensjonEllerTrygd", "naeringsinntekt"]


class FolkeregisterPerson(TypedDict):
    """One person of the application as Folkeregisteret has them on the situation date."""

    funnet: bool
    fodselsdato: str | None
    """None when the register knows no such person, or only the year of birth."""
    bosatt: bool
    dodsdato: str | None
    gradering: Gradering
    pa_adressen: bool
    """Registered at the dwelling of the application on the situation date."""
    delt_bosted: bool
    """A child with shared residence (barneloven § 36) whose second address is the dwelling."""
    foreldre: list[str]
    """Person ids of those in the application who are this person's parents."""


class AnnenBeboer(TypedDict):
    """Somebody registered at the dwelling whom the application does not name."""

    fodselsdato: str | None


class FolkeregisterSvar(TypedDict):
    personer: dict[str, FolkeregisterPerson]
    andre_pa_adressen: list[AnnenBeboer]


class MatrikkelSvar(TypedDict):
    funnet: bool
    bruksenhetstype: str
    """B dwelling, F holiday home, I dwelling not approved, A other than dwelling, U without number."""
    bygningsstatus: str
    """TB taken into use, FA completion certificate, MB temporary permit; others are not finished or are gone."""


class LanekassenSvar(TypedDict):
    rett_til_stotte: bool
    """In education that gives a right to support from Lånekassen on the situation date."""


class Inntektspost(TypedDict):
    type: Inntektstype
    beskrivelse: str
    fordel: str
    trekkpliktig: bool
    belop_ore: int


class InntektSvar(TypedDict):
    maned: str
    poster: list[Inntektspost]


class SkattegrunnlagSvar(TypedDict):
    """Latest settled tax year, at most the one asked for.  ``inntektsar`` None: no assessment found."""

    inntektsar: int | None
    skjermet: bool
    kapital: int
    """Net: interest, dividends, gains and letting less interest paid, losses and costs; may be negative."""
    naering: int
    utland: int
    formue_bolig: int
    """Tax value of the dwelling lived in, less nothing."""
    formue_annen: int
    """All other taxable wealth less all debt; may be negative."""


class Engasjement(TypedDict):
    """One loan that the person owes Husbanken, or a municipality out of Husbanken's money."""

    saldo: int
    arlig_kostnad: int
    misligholdt: bool


class HusbankenSvar(TypedDict):
    engasjement: list[Engasjement]


class NavSvar(TypedDict):
    utbetalinger: int
    """Payments of AAP and dagpenger in the month."""
    arbeidsrettet_utdanning: bool
    """In education as part of a public work-qualification programme."""
