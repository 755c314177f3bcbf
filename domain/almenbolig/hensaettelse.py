"""The provision of one commitment: set aside, raised yearly, drawn on quarterly, revalued, and empty at the end.

Amounts are whole øre. What is booked in a calendar year stands in that year's value: interest of the discount rate of
the commitment year is added on what stands at New Year (the report, appendix B), so a payout of the same year is not
discounted and one of the next by one year. Positive support is drawn from the provision; negative support adds to it.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from domain.almenbolig.fakta import START, Fakta, Stilling, tilsagnsar
from domain.almenbolig.finansiering import KODEVERSJON, finansier, sats, som_kolonner
from domain.almenbolig.forudsaetninger import LANTYPER, af_dokument
from domain.almenbolig.lan import KVARTALER, LOBETID_AR
from domain.almenbolig.terminer import Projekter, Regulering, lantype_nr, terminer
from domain.regler.avrunding import til_ore
from domain.regler.kolonne import Heltall

FINANSIERET_AR = 3
"""A project without a loan is taken to be financed at the end of year 3; year 1 is the commitment's (figure B.1)."""
LANETERMINER = LOBETID_AR * KVARTALER
REFUSION_AF_BEREGNET_FORLOB = 2
"""The version of the code from which § 92 a is read so. Before, the refusion was of the loan that was taken, and of the
quarters left alone."""


@dataclass(frozen=True, slots=True)
class Postering:
    """One line of the commitment's account. ``art``: hensaettelse, regulering, rente, udbetaling or bortfald."""

    dato: str
    art: str
    belob_ore: int


@dataclass(frozen=True)
class Plan:
    """Every quarter that goes to the loan or the state, øre. ``kvartal``: 4 × year + 0–3 in which it is due."""

    kvartal: Heltall
    laneydelse: Heltall
    beboerbetaling: Heltall
    beboerbetaling_efter: int
    """Of the first quarter after: the funds' from then on."""

    @property
    def ydelsesstotte(self) -> Heltall:
        return self.laneydelse - self.beboerbetaling

    @property
    def ar(self) -> Heltall:
        """Calendar year in which each quarter is due."""
        return self.kvartal // KVARTALER


def kvartal(dag: date) -> int:
    """4 × year + 0–3."""
    return KVARTALER * dag.year + (dag.month - 1) // 3


def finansieringsdag(fakta: Mapping[str, Any]) -> date:
    """When the loan was taken, or is taken to be: the end of year 3, or of this year when that has gone by."""
    if fakta["lan"]:
        return date.fromisoformat(fakta["lan"]["dato"])
    return date(max(tilsagnsar(fakta) + FINANSIERET_AR - 1, int(fakta["dato"][:4])), 12, 31)


def kendt_rente(fakta: Mapping[str, Any]) -> Heltall | None:
    """The rate of each loan year as far as it has been fixed, NaN after (1, 30). None without a loan."""
    if not fakta["lan"]:
        return None
    ut = np.full((1, LOBETID_AR), np.nan)
    binding = LANTYPER[fakta["lan"]["type"]]
    for lanear, rente in fakta["lan"]["renter"]:
        ut[0, int(lanear) : int(lanear) + binding] = float(rente)
    return ut


def lag_plan(fakta: Mapping[str, Any], versjon: int | None = None, rentetillaeg: float = 0.0) -> Plan:
    """Every quarter, from what is known and forecast where it is not. Beboerbetaling is never under the last drawn."""
    projekt, lan = fakta["projekt"], fakta["lan"]
    verdier = finansier(som_kolonner(projekt), projekt["termin"], versjon)
    dag = finansieringsdag(fakta)
    hovedstol = np.array([lan["hovedstol_ore"] / 100.0]) if lan else verdier["lan"]
    p = Projekter(
        hovedstol,
        verdier["beboerbetaling"],
        np.array([lantype_nr(lan["type"] if lan else projekt["lantype"])]),
        np.array([dag.year]),
        kendt_rente(fakta),
    )
    regulering = Regulering.efter_loven(projekt["termin"], versjon)
    t = terminer(p, [af_dokument(fakta["forudsaetninger"])], regulering, rentetillaeg=rentetillaeg)
    antal = regulering.maksimal_lobetid * KVARTALER
    betaling = til_ore(t.kvartal(t.beboerbetaling)[0, 0, : antal + 1])
    betalt = fakta["stilling"]["terminer"]
    betaling[betalt:] = np.maximum(betaling[betalt:], fakta["stilling"]["beboerbetaling_ore"])
    ydelse = til_ore(t.kvartal(t.laneydelse)[0, 0, :antal])
    return Plan(kvartal(dag) + 1 + np.arange(antal), ydelse, betaling[:antal], int(betaling[-1]))


def diskontering(fakta: Mapping[str, Any]) -> float:
    """The discount rate of the commitment year. It is fixed with the first provision, and stands in the loan's life."""
    return float(fakta["projekt"].get("diskonteringsrente") or fakta["forudsaetninger"]["diskonteringsrente"])


def vaerdi(plan: Plan, fra: int, ar: int, rente: float, andel: float = 1.0) -> int:
    """Øre, in the value of calendar year ``ar``: the support of the quarters from number ``fra`` on."""
    faktor = (1.0 + rente) ** -np.maximum(plan.ar[fra:] - ar, 0).astype(np.float64)
    kroner = np.array([andel * float((plan.ydelsesstotte[fra:] / 100.0 * faktor).sum())])
    return int(til_ore(kroner)[0])


@dataclass(frozen=True, slots=True)
class Refusion:
    """Landsbyggefonden's share. ``ore``: in the value of the year it is fixed. ``fra``: the first quarter it pays
    (4 × year + 0–3), None where nothing is paid."""

    ore: int
    fra: int | None


def refusion(fakta: Fakta, ar: int, versjon: int | None = None) -> Refusion:
    """A share of the support that a calculated course gives: the loan that was forecast, without guarantee, from its
    first quarter on, whatever loan was taken (§ 92 a, stk. 2; the report, appendix B). Landsbyggefonden pays the last
    of that course, from when its value is no more than the share."""
    termin, rente = fakta["projekt"]["termin"], diskontering(fakta)
    andel, tillaeg = (sats(n, termin, versjon) for n in ("refusion_andel", "skyggerente_tillaeg"))
    if (versjon or KODEVERSJON) < REFUSION_AF_BEREGNET_FORLOB:
        skygge = lag_plan(fakta, versjon, tillaeg)
        return Refusion(vaerdi(skygge, fakta["stilling"]["terminer"], ar, rente, andel), None)
    ar = tilsagnsar(fakta) + FINANSIERET_AR - 1
    beregnet = {**fakta, "lan": None, "stilling": START, "dato": f"{ar}-12-31"}
    skygge = lag_plan(beregnet, versjon, tillaeg)
    ore = vaerdi(skygge, 0, ar, rente, andel)
    kroner = skygge.ydelsesstotte / 100.0 * (1.0 + rente) ** -(skygge.ar - ar).astype(np.float64)
    rest = kroner[::-1].cumsum()[::-1]  # of each quarter and those after it
    return Refusion(ore, int(skygge.kvartal[np.argmax(rest <= ore / 100.0)]) if ore > 0 else None)


class Konto:
    """The standing while a step books on it."""

    def __init__(self, fakta: Fakta) -> None:
        self.stilling: Stilling = deepcopy(fakta["stilling"])
        self.posteringer: list[Postering] = []

    def bog(self, dato: str, art: str, belob_ore: int) -> None:
        """Nothing is written for nothing; the balance is always the sum of what is booked."""
        if belob_ore:
            self.posteringer.append(Postering(dato, art, belob_ore))
            self.stilling["posteret"][art] = self.stilling["posteret"].get(art, 0) + belob_ore
            self.stilling["saldo_ore"] += belob_ore

    def rente(self, til_ar: int, rente: float) -> int:
        """Raised for each New Year that has passed, on what then stands. The year whose value it now has."""
        fra = self.stilling["rente_ar"]
        til_ar = max(til_ar, fra or til_ar)
        for ar in range(til_ar if fra is None else fra + 1, til_ar + 1):
            if fra is not None:
                opskrevet = til_ore(np.array([self.stilling["saldo_ore"] / 100.0 * rente]))
                self.bog(f"{ar}-01-01", "rente", int(opskrevet[0]))
        self.stilling["rente_ar"] = til_ar
        return til_ar
