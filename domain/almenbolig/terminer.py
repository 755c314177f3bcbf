"""The 180 quarters of a project: loan payment, beboerbetaling, ydelsesstøtte, and who gets the beboerbetaling.

All functions take many projects and many paths of rates and prices at a time: arrays are (paths, projects, years).
Payment year 1 is the year after the one in which the project is financed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from domain.almenbolig.finansiering import sats
from domain.almenbolig.forudsaetninger import LANTYPER, Forudsaetninger, i_ar
from domain.almenbolig.lan import KVARTALER, LOBETID_AR, laneplan, rentear
from domain.regler.kolonne import Heltall, Kolonne, Tall

BETALINGSAR = 45
TERMINER = BETALINGSAR * KVARTALER
_TYPER = tuple(LANTYPER)
_BINDING = np.array([LANTYPER[t] for t in _TYPER])


@dataclass(frozen=True, slots=True)
class Regulering:
    """How beboerbetaling rises, and for how long it goes to loan and state: the law's own, or what a question sets."""

    fuld_ar: int
    senere_andel: float
    sidste_ar: int
    maksimal_lobetid: int

    @classmethod
    def efter_loven(cls, termin: str, versjon: int | None = None) -> "Regulering":
        def ar(navn: str) -> int:
            return int(sats(navn, termin, versjon))

        senere = sats("senere_regulering_andel", termin, versjon)
        return cls(ar("fuld_regulering_ar"), senere, ar("sidste_regulering_ar"), ar("maksimal_lobetid_ar"))


@dataclass(frozen=True, slots=True)
class Projekter:
    """Columns of projects, (n,) each. ``finansieret``: calendar year of the loan. ``kendt_rente``: (n, 30), the rate
    of each loan year where it is known, NaN where it must be forecast."""

    hovedstol: Tall
    beboerbetaling: Tall
    """Kroner in payment year 1."""
    lantype: Heltall
    """Place in ``LANTYPER``."""
    finansieret: Heltall
    kendt_rente: Tall | None = None


@dataclass(frozen=True)
class Terminer:
    """Kroner by payment year, (paths, projects, 45); each quarter of a year is the same, so ``kvartal`` = a fourth."""

    laneydelse: Tall
    beboerbetaling: Tall
    indeks: Tall
    """Of the beboerbetaling, 1 in payment year 1."""
    regulering: Regulering

    @cached_property
    def ydelsesstotte(self) -> Tall:
        """Loan payment less beboerbetaling while either goes to loan or state, negative too; nothing after.

        Negative support is paid to the state for commitments given after 1 July 2009 (the report, appendix B).
        """
        ut = self.laneydelse - self.beboerbetaling
        ut[..., self.regulering.maksimal_lobetid :] = 0.0
        return ut

    def fordelt(self) -> dict[str, Tall]:
        """Who gets the beboerbetaling; the five sum to it in every year."""
        ar = np.arange(BETALINGSAR)
        til_lan = ar < LOBETID_AR
        til_stat = ~til_lan & (ar < self.regulering.maksimal_lobetid)
        tredjedel = self.beboerbetaling * (~til_lan & ~til_stat) / 3
        return {
            "kreditinstitut": self.beboerbetaling * til_lan,
            "staten": self.beboerbetaling * til_stat,
            "landsbyggefonden": tredjedel,
            "lokal_dispositionsfond": tredjedel,
            "nybyggerifonden": tredjedel,
        }

    @staticmethod
    def kvartal(ar: Tall) -> Tall:
        """A column by year as the 180 quarters it is paid in."""
        return np.repeat(ar / KVARTALER, KVARTALER, axis=-1)


def stigning(nettopris: Kolonne, lon: Kolonne) -> Tall:
    """The smaller rise of the two indices. A fall lowers nothing here: the payment never falls in kroner. § 129 does
    let a fall of the wage index lower it, which no forecast has and the report does not speak of."""
    return np.maximum(np.minimum(nettopris, lon), 0.0)


def reguleringsindeks(stigning_ar: Tall, regulering: Regulering) -> Tall:
    """Rises at the start of payment years 1–45 (…, 45) → beboerbetaling relative to year 1. Year 1 is unregulated."""
    ar = np.arange(1, BETALINGSAR + 1)
    andel = np.where(ar <= regulering.fuld_ar, 1.0, regulering.senere_andel)
    andel = np.where((ar == 1) | (ar > regulering.sidste_ar), 0.0, andel)
    ut: Tall = np.cumprod(1.0 + stigning_ar * andel, axis=-1)
    return ut


def terminer(
    projekter: Projekter,
    baner: Sequence[Forudsaetninger],
    regulering: Regulering,
    *,
    rentetillaeg: float = 0.0,
    gennemsnit: bool = False,
) -> Terminer:
    """Every project along every path. ``rentetillaeg`` is added to every rate (the shadow loan of the refusion).

    ``gennemsnit``: the method before the finance act of 2022, one mean rate for all periods (the report, chapter 4).
    """
    fra = projekter.finansieret
    n = len(fra)
    lanear = fra[:, np.newaxis] + rentear(_BINDING[projekter.lantype])
    betalingsar = fra[:, np.newaxis] + np.arange(BETALINGSAR)  # the rise that is known when the year begins
    rente = np.empty((len(baner), n, LOBETID_AR))
    stig = np.empty((len(baner), n, BETALINGSAR))
    for nr, bane in enumerate(baner):
        for type_nr, navn in enumerate(_TYPER):
            valgt = projekter.lantype == type_nr
            if valgt.any():
                rente[nr, valgt] = i_ar(bane.renter[navn], lanear[valgt])
        stig[nr] = stigning(i_ar(bane.nettoprisindeks, betalingsar), i_ar(bane.lonindeks, betalingsar))
    if projekter.kendt_rente is not None:
        rente = np.where(np.isnan(projekter.kendt_rente), rente, projekter.kendt_rente)
    if gennemsnit:
        rente = np.broadcast_to(rente.mean(axis=-1, keepdims=True), rente.shape)
    ydelse = np.zeros((len(baner), n, BETALINGSAR))
    ydelse[..., :LOBETID_AR] = KVARTALER * laneplan(projekter.hovedstol, rente + rentetillaeg).ydelse
    indeks = reguleringsindeks(stig, regulering)
    return Terminer(ydelse, projekter.beboerbetaling[:, np.newaxis] * indeks, indeks, regulering)


def lantype_nr(navn: str) -> int:
    return _TYPER.index(navn)


def et_projekt(verdier: Mapping[str, Any], lantype: str, finansieret: int) -> Projekter:
    """The financing rules' columns (``finansiering.finansier``) as projects of one kind of loan and one year."""
    n = len(verdier["lan"])
    return Projekter(
        verdier["lan"],
        verdier["beboerbetaling"],
        np.full(n, lantype_nr(lantype)),
        np.full(n, finansieret),
    )
