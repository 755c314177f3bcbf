"""One project answered, as ``boligsak calc almenbolig`` and the API give it. Currency: ``VALUTA``."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from domain.almenbolig import VALUTA
from domain.almenbolig.budget import Budget, Finansieringsbehov, Stilleskruer, budgetter, finansieringsbehov
from domain.almenbolig.finansiering import finansier, regelversjon, som_kolonner, spor, sporbygger
from domain.almenbolig.forudsaetninger import LANTYPER, Forudsaetninger, seneste, udgaver
from domain.almenbolig.lan import KVARTALER
from domain.almenbolig.terminer import BETALINGSAR, Projekter, Terminer, et_projekt, terminer
from domain.boligstotte_dk.tilbagelob import andele
from domain.regler.avrunding import vis_ore

FINANSIERET_EFTER_AR = 2
"""A commitment of year 1 is financed in year 3 (the report, figure B.1)."""


class BeregningFeil(ValueError):
    """``felt``: the field to blame."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


def forudsaetninger_for(udgave: str | None, termin: str) -> Forudsaetninger:
    if udgave is None:
        return seneste(termin)
    for kendt in udgaver():
        if kendt.udgave == udgave:
            return kendt
    raise BeregningFeil("forudsaetninger", f"skal være en af {', '.join(u.udgave for u in udgaver())}")


def finansieringsar(kropp: Mapping[str, Any]) -> int:
    """The calendar year of the loan."""
    tilsagnsar = int(kropp["termin"][:4])
    ar = int(kropp.get("finansieret") or tilsagnsar + FINANSIERET_EFTER_AR)
    if ar < tilsagnsar:
        raise BeregningFeil("finansieret", "kan ikke være før tilsagnsåret")
    return ar


def _terminer(t: Terminer, finansieret: int, bidrag: float) -> list[dict[str, Any]]:
    """One row a payment year; amounts a quarter, since the four of a year are the same."""
    hvem = {navn: kolonne[0, 0] / KVARTALER for navn, kolonne in t.fordelt().items()}
    return [
        {
            "betalingsar": ar + 1,
            "kalenderar": finansieret + 1 + ar,
            "laneydelse": vis_ore(float(t.laneydelse[0, 0, ar]) / KVARTALER),
            "beboerbetaling": vis_ore(float(t.beboerbetaling[0, 0, ar]) / KVARTALER),
            "ydelsesstotte": vis_ore(float(t.ydelsesstotte[0, 0, ar]) / KVARTALER),
            "ungdomsboligbidrag": vis_ore(bidrag * float(t.indeks[0, 0, ar]) / KVARTALER),
            "beboerbetaling_til": {n: vis_ore(float(k[ar])) for n, k in hvem.items() if k[ar]},
        }
        for ar in range(BETALINGSAR)
    ]


def _budget(b: Budget) -> dict[str, float]:
    return {
        "ydelsesstotte": vis_ore(float(b.ydelsesstotte[0, 0])),
        "ydelsesstotte_gammel_metode": vis_ore(float(b.ydelsesstotte_gammel_metode[0, 0])),
        "refusion": vis_ore(float(b.refusion[0, 0])),
        "netto": vis_ore(float(b.netto[0, 0])),
        "ungdomsboligbidrag": vis_ore(float(b.ungdomsboligbidrag[0, 0])),
    }


def beregn(projekt: Mapping[str, Any]) -> dict[str, Any]:
    """``projekt``: as schemas/almenbolig.py has it, defaults filled in.  Errors: ``BeregningFeil``, ``TerminFeil``."""
    termin = projekt["termin"]
    skruer = Stilleskruer(**(projekt.get("stilleskruer") or {}))
    verdier = finansier(som_kolonner(projekt), termin)
    finansieret = finansieringsar(projekt)
    forud = forudsaetninger_for(projekt.get("forudsaetninger"), termin)
    p: Projekter = et_projekt(verdier, projekt["lantype"], finansieret)
    negativ = bool(projekt["refusion_kan_vaere_negativ"])
    bidrag = verdier["ungdomsboligbidrag"]
    lov = budgetter(p, [forud], termin, refusion_kan_vaere_negativ=negativ, bidrag=bidrag)
    svar: dict[str, Any] = {
        "valuta": VALUTA,
        "anskaffelsessum": vis_ore(float(projekt["anskaffelsessum"])),
        **{
            navn: vis_ore(float(verdier[navn][0]))
            for navn in ("beboerindskud", "grundkapital", "lan", "beboerbetaling")
        },
        "ungdomsboligbidrag": vis_ore(float(verdier["ungdomsboligbidrag"][0])),
        "lantype": {"navn": projekt["lantype"], "ar_mellem_refinansiering": LANTYPER[projekt["lantype"]]},
        "terminer": _terminer(terminer(p, [forud], skruer.regulering(termin)), finansieret, float(bidrag[0])),
        "nutidsvaerdi": _budget(lov),
        "spor": spor(verdier, termin),
        "satser": list(sporbygger(termin).satser),
        "forudsaetninger": forud.dokument(),
        "regelversjon": regelversjon(termin),
    }
    if skruer != Stilleskruer():
        med_bidrag = _bidrag(projekt, skruer)
        med = budgetter(
            p,
            [forud],
            termin,
            skruer,
            refusion_kan_vaere_negativ=negativ,
            bidrag=np.array([med_bidrag]),
        )
        med_terminer = terminer(skruer.projekter(p, termin), [forud], skruer.regulering(termin))
        svar["terminer"] = _terminer(med_terminer, finansieret, med_bidrag)
        svar["med_stilleskruer"] = {
            "skruer": {n: v for n, v in asdict(skruer).items() if v is not None},
            "nutidsvaerdi": _budget(med),
            "ungdomsboligbidrag": vis_ore(med_bidrag),
            "aendring_netto": vis_ore(float(med.netto[0, 0] - lov.netto[0, 0])),
        }
    if skruer.beboerbetaling_andel is not None:
        tilbage = np.array([float(andele()[projekt["boligtype"]]["samlet"])])
        behov = finansieringsbehov(p, forud, termin, skruer.beboerbetaling_andel, tilbage)
        svar["med_stilleskruer"]["finansieringsbehov"] = behov_dokument(behov)
    return svar


def behov_dokument(b: Finansieringsbehov) -> dict[str, float]:
    """The shape of Tabel 3.1, kroner of present value."""
    return {
        navn: vis_ore(float(getattr(b, navn)))
        for navn in ("brutto", "refusion", "boligstotte", "tilbagelob", "rest")
    }


def _bidrag(projekt: Mapping[str, Any], skruer: Stilleskruer) -> float:
    if projekt["boligtype"] != "ungdom":
        return 0.0
    sats_m2 = projekt["bidrag_per_m2"] if skruer.bidrag_per_m2 is None else skruer.bidrag_per_m2
    return float(np.float64(projekt["areal"]) * sats_m2)
