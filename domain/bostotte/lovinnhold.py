"""The legal content of the automated decision, written from the rules themselves: as data and as Markdown.

Nothing here is typed twice: law references, texts and formulas come from the declarations, rates from the rate
files, and every worked example is reckoned by the rule when the page is made.
"""

from datetime import date
from typing import Any

import numpy as np

from domain.bostotte.beregning import FAKTA, VIS_ENHET
from domain.bostotte.fakta import DISPOSISJONSFORMER
from domain.bostotte.koder import INDEKS, KODER
from domain.bostotte.kolonner import PERSONBELOP
from domain.bostotte.regelsett import FORSTE_TERMIN, REGLER, SATSER
from domain.kommuner import gruppetabell
from domain.regler.avrunding import til_ore, vis_ore
from domain.regler.lovside import sats_rad, sats_verdi, side_markdown
from domain.regler.regel import Regel
from domain.regler.satser import SIKKERHET, Satsverdi
from domain.regler.termin import del_opp


def _nyeste_termin() -> str:
    """The termin of the newest rates, which the examples of rules in force are reckoned for."""
    nyeste = max(v.fra for s in SATSER.values() for v in s.i_versjon())
    return f"{nyeste.year:04d}-{nyeste.month:02d}"


def _som_kolonne(navn: str, verdi: Any) -> Any:
    """An example's value as the column the rule reads."""
    if navn == "situasjonsdato":
        return int(verdi.replace("-", ""))
    verdier = verdi if isinstance(verdi, list) else [verdi]
    if navn == "fodselsdato":
        return np.array([int(v.replace("-", "")) for v in verdier])
    if navn == "disposisjonsform":
        return np.array([DISPOSISJONSFORMER.index(v) for v in verdier])
    if navn == "kommunenummer":
        return np.array([int(v) for v in verdier])
    if navn == "kode":
        return np.array([INDEKS[v] for v in verdier])
    regel = next((r for r in REGLER.alle() if r.navn == navn), None)
    er_kroner = regel is not None and regel.enhet.startswith("kr")
    if navn in PERSONBELOP or (er_kroner and regel is not None and regel.niva == "person"):
        return til_ore(np.array(verdier, dtype=np.float64))
    return np.array(verdier, dtype=np.float64) if er_kroner else np.array(verdier)


def _vis(regel: Regel, kolonne: Any) -> Any:
    if regel.enhet in VIS_ENHET:
        return VIS_ENHET[regel.enhet](kolonne[0])
    i_ore = regel.enhet.startswith("kr") and (regel.niva == "person" or regel.samle == "sum")
    verdier = [v / 100 if i_ore else v for v in kolonne.tolist()]
    if regel.samle == "sum":
        return sum(verdier)
    if regel.samle == "noen":
        return any(verdier)
    if regel.niva == "person":
        return verdier
    return vis_ore(verdier[0]) if regel.enhet.startswith("kr") else verdier[0]


def _eksempel(regel: Regel) -> dict[str, Any]:
    """The rule's example: its inputs, the rates it used, and what the rule itself makes of them."""
    termin = max(regel.gyldig_til or _nyeste_termin(), FORSTE_TERMIN)
    satser: dict[str, Satsverdi] = {}
    argumenter: list[Any] = []
    for navn in regel.inn:
        if navn in SATSER:
            verdi = SATSER[navn].gjelder(termin)
            if verdi is None:
                raise LookupError(f"{regel.navn}: satsen {navn} gjelder ikke i {termin}")
            satser[navn] = verdi
            argumenter.append(np.array(verdi.verdi) if isinstance(verdi.verdi, tuple) else verdi.verdi)
        elif navn == "gruppetabell":
            argumenter.append(gruppetabell(date(*del_opp(termin), 1)))
        else:
            argumenter.append(_som_kolonne(navn, regel.eksempel[navn]))
    return {
        "termin": termin,
        "inn": dict(regel.eksempel),
        "satser": {n: {"verdi": sats_verdi(v), "sikkerhet": v.sikkerhet} for n, v in satser.items()},
        "verdi": _vis(regel, regel.funksjon(*argumenter)),
    }


def _slag(navn: str) -> str:
    if navn in SATSER:
        return "sats"
    if navn in FAKTA:
        return "opplysning"
    return "tabell" if navn == "gruppetabell" else "regel"


def _regel(regel: Regel) -> dict[str, Any]:
    samling = {"sum": "sum({})", "noen": "any({})", "soker": "soker({})"}
    return {
        "navn": regel.navn,
        "hjemmel": regel.hjemmel,
        "gyldig_fra": regel.gyldig_fra,
        "gyldig_til": regel.gyldig_til,
        "gjelder": "hver person" if regel.niva == "person" else "husstanden",
        "enhet": regel.enhet,
        "tekst": dict(regel.tekst),
        "inn": [{"navn": navn, "slag": _slag(navn)} for navn in regel.inn],
        "formel": samling[regel.samle].format(regel.formel) if regel.samle else regel.formel,
        "forbehold": regel.forbehold,
        "eksempel": _eksempel(regel),
    }


def lovinnhold() -> dict[str, Any]:
    """Everything a reader needs to judge the rules: rules, rates, outcome codes, and what the marks mean."""
    return {
        "ordning": REGLER.ordning,
        "forste_termin": FORSTE_TERMIN,
        "regler": [_regel(r) for r in REGLER.alle()],
        "satser": [sats_rad(s) for s in SATSER.values()],
        "koder": [
            {"kode": k.kode, "utfall": k.utfall, "hjemmel": k.hjemmel, "tekst": {"nb": k.nb, "nn": k.nn}}
            for k in KODER
        ],
        "sikkerhet": {merke: dict(tekst) for merke, tekst in SIKKERHET.items()},
    }


def lovinnhold_markdown() -> str:
    """The same page as Markdown."""
    return side_markdown(lovinnhold(), "bostøtte")
