"""Reasons of a decision in sentences, and the scheme's public page; both from the declarations alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from domain.regler.avrunding import vis_ore
from domain.regler.lovside import sats_rad, sats_verdi, side_markdown
from domain.regler.regel import Regel
from domain.regler.satser import SIKKERHET

if TYPE_CHECKING:
    from domain.tilsagn.regelverk import Regelverk

_MELLOM = "\u00a0"
_GITT = {"nb": "Tilsagnet er på {}.", "nn": "Tilsegna er på {}."}
_BRUTT = {
    "nb": "Dette vilkåret er ikke oppfylt: {} ({})",
    "nn": "Dette vilkåret er ikkje oppfylt: {} ({})",
}
INGENTING = "T90"
_INGENTING = {
    "nb": "Beløpet som kan gis etter reglene, er null.",
    "nn": "Beløpet som kan givast etter reglane, er null.",
}
_USIKKER = {"nb": "Satsen {} er {}.", "nn": "Satsen {} er {}."}


def _kroner(verdi: float) -> str:
    tekst = f"{verdi:,.2f}".removesuffix(".00").replace(",", _MELLOM).replace(".", ",")
    return f"{tekst}{_MELLOM}kr"


def begrunnelse(verk: "Regelverk", spor: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Sentences in both languages. A grant: how each amount came about, and which rates are unverified; a refusal:
    every condition that is not met, since the applicant may then mend them all."""
    linjer = {linje["navn"]: linje for linje in spor}
    brutt = [linjer[v.regel] for v in verk.vilkar if linjer[v.regel]["verdi"] is False]
    ut: dict[str, list[str]] = {}
    for sprak in ("nb", "nn"):
        if brutt:
            ut[sprak] = [_BRUTT[sprak].format(li["tekst"][sprak], li["hjemmel"]) for li in brutt]
            continue
        setninger = [
            f"{li['tekst'][sprak].rstrip('.')}: {_kroner(li['verdi'])}."
            for li in spor
            if li["enhet"] == "kr"
            and li["navn"] != "belop"
            and not isinstance(li["verdi"], list)
            and li["verdi"]
        ]
        belop = linjer["belop"]["verdi"]
        setninger.append(_GITT[sprak].format(_kroner(belop)) if belop else _INGENTING[sprak])
        ut[sprak] = setninger + _usikre(verk, spor, sprak)
    return ut


def _usikre(verk: "Regelverk", spor: Sequence[Mapping[str, Any]], sprak: str) -> list[str]:
    """Rates that are not verbatim in a source, as they are shown."""
    brukt = {
        (navn, sats["sikkerhet"])
        for li in spor
        for navn, sats in li["satser"].items()
        if sats["sikkerhet"] not in ("V", "V2")
    }
    return [
        _USIKKER[sprak].format(f"«{verk.satser[navn].etikett[sprak]}»", SIKKERHET[merke][sprak])
        for navn, merke in sorted(brukt)
    ]


def _kolonne(verk: "Regelverk", navn: str, verdi: Any) -> Any:
    valg = {f.navn: f.valg for f in verk.felt if f.slag == "valg"}
    verdier = verdi if isinstance(verdi, list) else [verdi]
    return np.array([valg[navn].index(v) for v in verdier] if navn in valg else verdier)


def _eksempel(verk: "Regelverk", regel: Regel) -> dict[str, Any]:
    """The rule's example, reckoned by the rule itself."""
    nyeste = max(
        [verk.forste_termin, *(f"{v.fra:%Y-%m}" for s in verk.satser.values() for v in s.i_versjon())]
    )
    termin = regel.gyldig_til or max(nyeste, regel.gyldig_fra)
    satser = {}
    argumenter = []
    for navn in regel.inn:
        if navn in verk.satser:
            verdi = verk.satser[navn].gjelder(termin)
            assert verdi is not None, f"{regel.navn}: satsen {navn} gjelder ikke i {termin}"
            satser[navn] = verdi
            argumenter.append(np.array(verdi.verdi) if isinstance(verdi.verdi, tuple) else verdi.verdi)
        else:
            argumenter.append(_kolonne(verk, navn, regel.eksempel[navn]))
    svar = regel.funksjon(*argumenter)
    verdier = (svar.sum() if regel.samle == "sum" else svar[0]).item()
    if regel.samle == "sum" and regel.enhet.startswith("kr"):
        verdier /= 100
    return {
        "termin": termin,
        "inn": dict(regel.eksempel),
        "satser": {n: {"verdi": sats_verdi(v), "sikkerhet": v.sikkerhet} for n, v in satser.items()},
        "verdi": vis_ore(verdier) if regel.enhet.startswith("kr") else verdier,
    }


def _regel(verk: "Regelverk", regel: Regel) -> dict[str, Any]:
    felt = {f.navn for f in verk.felt}

    def slag(navn: str) -> str:
        return "sats" if navn in verk.satser else "opplysning" if navn in felt else "regel"

    return {
        "navn": regel.navn,
        "hjemmel": regel.hjemmel,
        "gyldig_fra": regel.gyldig_fra,
        "gyldig_til": regel.gyldig_til,
        "gjelder": "hver enhet" if regel.niva == "person" or regel.samle else "prosjektet",
        "enhet": regel.enhet,
        "tekst": dict(regel.tekst),
        "inn": [{"navn": navn, "slag": slag(navn)} for navn in regel.inn],
        "formel": f"sum({regel.formel})" if regel.samle == "sum" else regel.formel,
        "forbehold": regel.forbehold,
        "eksempel": _eksempel(verk, regel),
    }


def koder(verk: "Regelverk") -> list[dict[str, Any]]:
    """The outcome codes of an application, with text and law."""
    gitt = [
        {
            "kode": "T00",
            "utfall": "innvilget",
            "hjemmel": verk.regler.alle()[-1].hjemmel,
            "tekst": {"nb": "Det gis tilsagn.", "nn": "Det blir gitt tilsegn."},
        }
    ]
    hjemmel = {r.navn: r.hjemmel for r in verk.regler.alle()}
    avslag = [
        {"kode": v.kode, "utfall": "avslag", "hjemmel": hjemmel[v.regel], "tekst": {"nb": v.nb, "nn": v.nn}}
        for v in verk.vilkar
    ]
    null = {"kode": INGENTING, "utfall": "avslag", "hjemmel": hjemmel["belop"], "tekst": dict(_INGENTING)}
    return [*gitt, *avslag, null]


def lovinnhold(verk: "Regelverk") -> dict[str, Any]:
    """Rules, rates and outcome codes as data."""
    return {
        "ordning": verk.regler.ordning,
        "forste_termin": verk.forste_termin,
        "regler": [_regel(verk, r) for r in verk.regler.alle()],
        "satser": [sats_rad(s) for s in verk.satser.values()],
        "koder": koder(verk),
        "sikkerhet": {merke: dict(tekst) for merke, tekst in SIKKERHET.items()},
    }


def lovinnhold_markdown(verk: "Regelverk") -> str:
    """The same page as Markdown."""
    return side_markdown(lovinnhold(verk), verk.tittel)
