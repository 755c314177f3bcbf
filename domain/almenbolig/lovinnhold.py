"""The legal content of the financing model and the codes of a commitment's steps, as data and as a page."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from domain.almenbolig import SPROG
from domain.almenbolig.finansiering import FAKTA
from domain.almenbolig.regelsett import FORSTE_TERMIN, LOV, REGLER, SATSER
from domain.regler.avrunding import vis_ore
from domain.regler.lovside import sats_rad, sats_verdi, side_markdown
from domain.regler.regel import Regel

SIKKERHED: Mapping[str, str] = {
    "V": "ordret i kilden",
    "V2": "ordret i en sekundær kilde",
    "D": "udledt ved beregning og ikke bekræftet",
    "I": "sluttet af ordlyden",
    "M": "efter hukommelsen og ikke bekræftet",
}
EKSEMPELTERMIN = "2021-06"
Koder = Mapping[str, tuple[str, str, str]]


def _eksempel(regel: Regel) -> dict[str, Any]:
    """The rule's example, reckoned by the rule itself."""
    satser = {n: v for n in regel.inn if n in SATSER and (v := SATSER[n].gjelder(EKSEMPELTERMIN))}
    argumenter = [
        (np.array(v.verdi) if isinstance(v.verdi, tuple) else v.verdi)
        if (v := satser.get(navn))
        else np.array([regel.eksempel[navn]])
        for navn in regel.inn
    ]
    verdi = regel.funksjon(*argumenter).tolist()[0]
    return {
        "termin": EKSEMPELTERMIN,
        "inn": dict(regel.eksempel),
        "satser": {n: {"verdi": sats_verdi(v), "sikkerhet": v.sikkerhet} for n, v in satser.items()},
        "verdi": vis_ore(verdi) if regel.enhet.startswith("kr") else verdi,
    }


def _regel(regel: Regel) -> dict[str, Any]:
    def slag(navn: str) -> str:
        return "sats" if navn in SATSER else "opplysning" if navn in FAKTA else "regel"

    return {
        "navn": regel.navn,
        "hjemmel": regel.hjemmel,
        "gyldig_fra": regel.gyldig_fra,
        "gyldig_til": regel.gyldig_til,
        "gjelder": "projektet",
        "enhet": regel.enhet,
        "tekst": dict(regel.tekst),
        "inn": [{"navn": navn, "slag": slag(navn)} for navn in regel.inn],
        "formel": regel.formel,
        "forbehold": regel.forbehold,
        "eksempel": _eksempel(regel),
    }


def lovinnhold(koder: Koder) -> dict[str, Any]:
    """Rules, rates, codes, and what the marks mean. ``koder``: step → code, outcome, text."""
    return {
        "ordning": REGLER.ordning,
        "sprak": {SPROG: "Dansk"},
        "forste_termin": FORSTE_TERMIN,
        "regler": [_regel(r) for r in REGLER.alle()],
        "satser": [sats_rad(s) for s in SATSER.values()],
        "koder": [
            {"kode": kode, "utfall": utfall, "hjemmel": f"{LOV} § 130", "tekst": {SPROG: tekst}}
            for kode, utfall, tekst in koder.values()
        ],
        "sikkerhet": {merke: {SPROG: tekst} for merke, tekst in SIKKERHED.items()},
    }


def lovinnhold_markdown(koder: Koder) -> str:
    return side_markdown(lovinnhold(koder), "almene boliger")
