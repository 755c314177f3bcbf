"""Today's bostøtte for the households of the model: asked of ``domain.bostotte``, never reckoned here."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from domain.bostotte import beregning
from domain.bostotte.fakta import DISPOSISJONSFORMER, Fakta, fullfor
from domain.bostotte.kolonner import bygg
from domain.regler.kolonne import Kolonne
from domain.regler.plan import Plan

KOLONNER = ("godkjente_boutgifter", "rimelig_boutgift", "boutgiftstak", "bostotte_per_maned")
"""Columns this gives the model; the first three are kr a year."""

ENDRINGER = ("boutgiftstak", "dekningsgrad")
"""What a change of rules may set in today's bostøtte."""

KOMMUNE_I_REGION = ("3401", "0301", "4601", "4204")
"""A municipality of each region, for a case that names none: the rest, Oslo, large cities, pressure area."""
GRUPPE_TIL_REGION = {1: 1, 2: 2, 3: 3, 4: 0}
"""Ceiling group of forskrift om bustøtte § 3 → region."""

_ALDER_VOKSEN, _ALDER_SKOLE, _ALDER_BARNEHAGE = 35, 10, 4
_EID = DISPOSISJONSFORMER.index("eid")
_REGLER = ("godkjente_boutgifter", "egenandel", "boutgiftstak", "belop_per_maned")


@lru_cache(maxsize=64)
def bostotteplan(termin: str, endring: tuple[tuple[str, float], ...]) -> Plan:
    plan = beregning.plan(termin)
    ny: dict[str, Any] = {}
    for navn, verdi in endring:
        if navn == "boutgiftstak":
            ny["tak_husstand"] = np.full(5, verdi)
            ny["tak_gruppe"] = np.zeros(4)
        elif navn == "dekningsgrad":
            ny[navn] = verdi
        else:
            raise ValueError(f"{navn} finnes ikke i dagens regler")
    return replace(plan, konstanter={**plan.konstanter, **ny}) if ny else plan


def kolonner(verdier: Mapping[str, Any], plan: Plan, termin: str) -> dict[str, Kolonne]:
    """The columns of :data:`KOLONNER`, in the shape that the facts broadcast to."""
    navn = ("voksne", "barn", "barnehage", "ung_ufor", "kommunenummer", "personinntekt")
    felt = np.broadcast_arrays(*[verdier[n] for n in navn], verdier["lanekostnader"] + verdier["leie"])
    form = felt[0].shape
    voksne, barn, barnehage, ung_ufor, kommune, inntekt, boutgift = (f.ravel() for f in felt)
    antall = voksne + barn
    start = np.cumsum(antall) - antall
    plass = np.arange(int(antall.sum())) - np.repeat(start, antall)
    er_voksen = plass < np.repeat(voksne, antall)
    ufor = (plass == 0) & np.repeat(ung_ufor, antall)
    ar = int(termin[:4])
    barnets_ar = np.repeat(np.where(barnehage, ar - _ALDER_BARNEHAGE, ar - _ALDER_SKOLE), antall)
    svar = beregning.regn_ut(
        plan,
        bygg(
            termin,
            antall,
            {
                "kommunenummer": kommune,
                "disposisjonsform": np.full(len(antall), _EID),
                "boutgift_per_maned": boutgift / 12.0,
                "godkjent": np.ones(len(antall), dtype=np.bool_),
            },
            {
                "fodselsdato": np.where(er_voksen, ar - _ALDER_VOKSEN, barnets_ar) * 10_000 + 101,
                "manedsinntekt": er_voksen * np.repeat(inntekt / voksne / 12.0, antall),
                "ung_ufor": ufor,
                "uforepensjonist": ufor,
            },
        ),
        _REGLER,
    )
    return {
        navn: svar[regel].reshape(form).astype(np.float64)
        for navn, regel in zip(KOLONNER, _REGLER, strict=True)
    }


def fakta(verdier: Mapping[str, Any], termin: str) -> Fakta:
    """The facts document of the first case: ``boligsak calc bostotte`` gives the same amount for it."""
    en = {
        n: np.ravel(verdier[n])[0].item()
        for n in ("voksne", "barn", "barnehage", "ung_ufor", "kommunenummer")
    }
    ar = int(termin[:4])
    inntekt = float(np.ravel(verdier["personinntekt"])[0]) / en["voksne"] / 12.0
    boutgift = float(np.ravel(verdier["lanekostnader"])[0] + np.ravel(verdier["leie"])[0]) / 12.0
    barnets_ar = ar - (_ALDER_BARNEHAGE if en["barnehage"] else _ALDER_SKOLE)
    voksne = [
        {"rolle": "soker" if i == 0 else "biperson", "fodselsdato": f"{ar - _ALDER_VOKSEN}-01-01"}
        | {"manedsinntekt": round(inntekt, 2)}
        | ({"ung_ufor": True, "uforepensjonist": True} if i == 0 and en["ung_ufor"] else {})
        for i in range(en["voksne"])
    ]
    barn = [{"rolle": "biperson", "fodselsdato": f"{barnets_ar}-01-01"}] * en["barn"]
    return fullfor(
        {
            "termin": termin,
            "kommunenummer": f"{en['kommunenummer']:04d}",
            "husstand": [*voksne, *barn],
            "bolig": {"disposisjonsform": "eid", "boutgift_per_maned": round(boutgift, 2), "godkjent": True},
        }
    )
