"""How a project is financed (almenboligloven §§ 118, 118 a, 129, 135): one rule a part, over columns of projects."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from domain.almenbolig.regelsett import FORSTE_TERMIN, LOV, REGLER, SATSER
from domain.regler.kolonne import Heltall, Tall
from domain.regler.plan import Plan, lag_plan, regn, satsavtrykk
from domain.regler.spor import Linje, Sporbygger, Vis
from domain.regler.termin import TerminFeil, del_opp

KODEVERSJON = 2
"""Raised whenever a rule or a rate gives another answer for the same facts (see domain/regler/regel.py). 2:
grundkapital by size from 2019 on, the refusion of a calculated course, and who gets the beboerbetaling in the trace."""

BOLIGTYPER = ("familie", "ungdom", "aeldre")
FAKTA: Mapping[str, tuple[str, Vis | None]] = {
    "anskaffelsessum": ("sak", None),
    "boligtype": ("sak", BOLIGTYPER.__getitem__),
    "antal_boliger": ("sak", None),
    "areal": ("sak", None),
    "bidrag_per_m2": ("sak", None),
}


@REGLER.regel(
    "grundkapital_procent",
    hjemmel=f"{LOV} §§ 118 og 118 a",
    gyldig_fra=FORSTE_TERMIN,
    enhet="andel",
    tekst={"da": "Kommunens andel; for familieboliger efter boligernes gennemsnitlige størrelse."},
    formel="grundkapital_familie[gruppe(areal / antal_boliger)] if familie else grundkapital_andel",
    eksempel={"boligtype": 0, "antal_boliger": 50, "areal": 4000.0},
)
def grundkapital_procent(
    boligtype: Heltall,
    antal_boliger: Heltall,
    areal: Tall,
    grundkapital_andel: float,
    grundkapital_familie: Tall,
    boligstorrelse_graenser: Tall,
) -> Tall:
    gruppe = np.searchsorted(boligstorrelse_graenser, areal / antal_boliger, side="right")
    return np.where(boligtype == 0, grundkapital_familie[gruppe], grundkapital_andel)


@REGLER.regel(
    "grundkapital",
    hjemmel=f"{LOV} §§ 118 og 118 a",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr",
    tekst={"da": "Kommunens grundkapital i kroner."},
    formel="anskaffelsessum * grundkapital_procent",
    eksempel={"anskaffelsessum": 100_000_000.0, "grundkapital_procent": 0.10},
)
def grundkapital(anskaffelsessum: Tall, grundkapital_procent: Tall) -> Tall:
    return _ore(anskaffelsessum * grundkapital_procent)


@REGLER.regel(
    "beboerindskud",
    hjemmel=f"{LOV} § 118",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr",
    tekst={"da": "Beboernes indskud i kroner."},
    formel="anskaffelsessum * beboerindskud_andel",
    eksempel={"anskaffelsessum": 100_000_000.0},
)
def beboerindskud(anskaffelsessum: Tall, beboerindskud_andel: float) -> Tall:
    return _ore(anskaffelsessum * beboerindskud_andel)


@REGLER.regel(
    "lan",
    hjemmel=f"{LOV} §§ 118 og 118 a",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr",
    tekst={"da": "Det statsgaranterede realkreditlån: resten af anskaffelsessummen."},
    formel="anskaffelsessum - grundkapital - beboerindskud",
    eksempel={"anskaffelsessum": 100_000_000.0, "grundkapital": 10_000_000.0, "beboerindskud": 2_000_000.0},
)
def lan(anskaffelsessum: Tall, grundkapital: Tall, beboerindskud: Tall) -> Tall:
    return _ore(anskaffelsessum - grundkapital - beboerindskud)


@REGLER.regel(
    "beboerbetaling",
    hjemmel=f"{LOV} § 129",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={"da": "Beboernes betaling det første år, før regulering."},
    formel="anskaffelsessum * beboerbetaling_andel",
    eksempel={"anskaffelsessum": 100_000_000.0},
)
def beboerbetaling(anskaffelsessum: Tall, beboerbetaling_andel: float) -> Tall:
    return anskaffelsessum * beboerbetaling_andel


@REGLER.regel(
    "ungdomsboligbidrag",
    hjemmel=f"{LOV} §§ 135 og 136",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={
        "da": "Bidraget til ungdomsboliger det første år: et beløb pr. m², reguleret som beboerbetalingen."
    },
    formel="areal * bidrag_per_m2 if ungdom else 0",
    eksempel={"boligtype": 1, "areal": 1000.0, "bidrag_per_m2": 180.0},
    forbehold="Beløbet pr. m² står ikke i kilden; det oplyses med projektet.",
)
def ungdomsboligbidrag(boligtype: Heltall, areal: Tall, bidrag_per_m2: Tall) -> Tall:
    return np.where(boligtype == 1, areal * bidrag_per_m2, 0.0)


def _ore(kroner: Tall) -> Tall:
    """Non-negative kroner to whole øre, as float64 kroner: the parts then sum to the whole."""
    ut: Tall = np.floor(kroner * 100.0 + 0.5) / 100.0
    return ut


def krev_termin(termin: str) -> str:
    """Errors: ``TerminFeil`` before the rates begin."""
    del_opp(termin)
    if termin < FORSTE_TERMIN:
        raise TerminFeil(f"termin: {termin} er før {FORSTE_TERMIN}, den første måned med satser")
    return termin


@lru_cache(maxsize=64)
def plan(termin: str, versjon: int | None = None) -> Plan:
    """Rules and rates of commitments given in this month."""
    return lag_plan(
        REGLER, SATSER, tuple(FAKTA), {}, form=krev_termin(termin), satstermin={}, versjon=versjon
    )


@lru_cache(maxsize=64)
def sporbygger(termin: str, versjon: int | None = None) -> Sporbygger:
    return Sporbygger(plan(termin, versjon), FAKTA, {})


@lru_cache(maxsize=64)
def regelversjon(termin: str, versjon: int | None = None) -> str:
    """Scheme, first month of the rule set, version of the code, and a print of the rates in force."""
    sett = max(g for g in REGLER.grenser(versjon) if g <= krev_termin(termin))
    return f"{REGLER.ordning}-{sett}-v{versjon or KODEVERSJON}-{satsavtrykk(plan(termin, versjon))}"


def sats(navn: str, termin: str, versjon: int | None = None) -> float:
    """One plain rate of commitments given in this month."""
    verdi = SATSER[navn].gjelder(krev_termin(termin), versjon)
    if verdi is None or isinstance(verdi.verdi, tuple):
        raise LookupError(navn)
    return verdi.verdi


def finansier(projekter: Mapping[str, Any], termin: str, versjon: int | None = None) -> dict[str, Any]:
    """Columns of projects (``FAKTA``) → every rule's column, beside them."""
    kolonner = {navn: np.atleast_1d(np.asarray(projekter[navn])) for navn in FAKTA}
    n = len(kolonner["anskaffelsessum"])
    return regn(plan(termin, versjon), kolonner, np.arange(n + 1), np.arange(n))


def spor(verdier: Mapping[str, Any], termin: str, versjon: int | None = None) -> list[Linje]:
    """The trace of the first project."""
    return sporbygger(termin, versjon).linjer(verdier, 0, 0, 1)


def som_kolonner(projekt: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """One project's document as columns of one."""
    return {
        "anskaffelsessum": [float(projekt["anskaffelsessum"])],
        "boligtype": [BOLIGTYPER.index(projekt["boligtype"])],
        "antal_boliger": [int(projekt["antal_boliger"])],
        "areal": [float(projekt["areal"])],
        "bidrag_per_m2": [float(projekt["bidrag_per_m2"])],
    }
