"""The commitments of one year together, as ``boligsak calc almenbolig-argang`` answers them: what the finance act sets
aside for those it expects (the report, appendix B), and what another beboerbetaling would cost (Tabel 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from domain.almenbolig import VALUTA
from domain.almenbolig.beregning import behov_dokument, finansieringsar, forudsaetninger_for
from domain.almenbolig.budget import Budget, Stilleskruer, budgetter, finansieringsbehov
from domain.almenbolig.finansiering import BOLIGTYPER, finansier, regelversjon, som_kolonner, sporbygger
from domain.almenbolig.forudsaetninger import Forudsaetninger
from domain.almenbolig.terminer import BETALINGSAR, Projekter, lantype_nr, terminer
from domain.boligstotte_dk.tilbagelob import andele
from domain.regler.avrunding import vis_ore
from domain.regler.kolonne import Flagg, Tall

SUMMER = ("anskaffelsessum", "beboerindskud", "grundkapital", "lan", "beboerbetaling", "ungdomsboligbidrag")


def beregn_argang(argang: Mapping[str, Any]) -> dict[str, Any]:
    """``argang``: as schemas/almenbolig.py has it, defaults filled in; each group is so many projects alike.

    Landsbyggefondens refusion is of the year as a whole (§ 92 a, stk. 2): whether it can be negative is asked of the
    sum.  Errors: ``BeregningFeil``, ``TerminFeil``.
    """
    termin, grupper = argang["termin"], argang["grupper"]
    skruer = Stilleskruer(**(argang.get("stilleskruer") or {}))
    finansieret = finansieringsar(argang)
    forud = forudsaetninger_for(argang.get("forudsaetninger"), termin)
    verdier = finansier(_kolonner(grupper), termin)
    antal = np.array([float(g["antal_projekter"]) for g in grupper])
    typer = [lantype_nr(g["lantype"]) for g in grupper]
    # As many projects as are alike are one as large: everything is in proportion to the acquisition cost.
    p = Projekter(
        verdier["lan"] * antal,
        verdier["beboerbetaling"] * antal,
        np.array(typer),
        np.full(len(grupper), finansieret),
    )
    ungdom = verdier["boligtype"] == BOLIGTYPER.index("ungdom")
    bidrag = verdier["ungdomsboligbidrag"] * antal
    lov = budgetter(p, [forud], termin, bidrag=bidrag)
    negativ = bool(argang["refusion_kan_vaere_negativ"])
    svar: dict[str, Any] = {
        "valuta": VALUTA,
        "tilsagnsar": int(termin[:4]),
        "projekter": int(antal.sum()),
        "boliger": int((verdier["antal_boliger"] * antal).sum()),
        **{navn: vis_ore(float((verdier[navn] * antal).sum())) for navn in SUMMER},
        "nutidsvaerdi": _sum(lov, negativ),
        "boligtyper": {
            navn: _sum(lov, True, verdier["boligtype"] == nr)
            for nr, navn in enumerate(BOLIGTYPER)
            if (verdier["boligtype"] == nr).any()
        },
        "betalingsar": _betalingsar(p, forud, skruer, termin, finansieret),
        "satser": list(sporbygger(termin).satser),
        "forudsaetninger": forud.dokument(),
        "regelversjon": regelversjon(termin),
    }
    if skruer != Stilleskruer():
        if skruer.bidrag_per_m2 is not None:
            bidrag = np.where(ungdom, verdier["areal"] * skruer.bidrag_per_m2 * antal, 0.0)
        med = budgetter(p, [forud], termin, skruer, bidrag=bidrag)
        svar["med_stilleskruer"] = {
            "skruer": {n: v for n, v in asdict(skruer).items() if v is not None},
            "nutidsvaerdi": _sum(med, negativ),
            "ungdomsboligbidrag": vis_ore(float(bidrag.sum())),
            "aendring_netto": vis_ore(_sum(med, negativ)["netto"] - svar["nutidsvaerdi"]["netto"]),
        }
    if skruer.beboerbetaling_andel is not None:
        tilbage = np.array([float(andele()[g["boligtype"]]["samlet"]) for g in grupper])
        behov = finansieringsbehov(p, forud, termin, skruer.beboerbetaling_andel, tilbage)
        svar["med_stilleskruer"]["finansieringsbehov"] = behov_dokument(behov)
    return svar


def _kolonner(grupper: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    rader = [som_kolonner(g) for g in grupper]
    return {navn: [r[navn][0] for r in rader] for navn in rader[0]}


def _sum(b: Budget, refusion_kan_vaere_negativ: bool, valgt: Flagg | None = None) -> dict[str, float]:
    """Kroner of present value at the end of the commitment year, of the groups chosen (None: all)."""

    def samlet(kolonne: Tall) -> float:
        return float(kolonne[0, slice(None) if valgt is None else valgt].sum())

    stotte, refusion = samlet(b.ydelsesstotte), samlet(b.refusion)
    if not refusion_kan_vaere_negativ:
        refusion = max(refusion, 0.0)
    ut = {
        "ydelsesstotte": stotte,
        "ydelsesstotte_gammel_metode": samlet(b.ydelsesstotte_gammel_metode),
        "refusion": refusion,
        "netto": stotte - refusion,
        "ungdomsboligbidrag": samlet(b.ungdomsboligbidrag),
    }
    return {navn: vis_ore(v) for navn, v in ut.items()}


def _betalingsar(
    p: Projekter, forud: Forudsaetninger, skruer: Stilleskruer, termin: str, finansieret: int
) -> list[dict[str, Any]]:
    """Nominal kroner of each payment year, all projects together."""
    t = terminer(skruer.projekter(p, termin), [forud], skruer.regulering(termin))
    felt = {"laneydelse": t.laneydelse, "beboerbetaling": t.beboerbetaling, "ydelsesstotte": t.ydelsesstotte}
    summer = {navn: kolonne[0].sum(axis=0) for navn, kolonne in felt.items()}
    return [
        {
            "betalingsar": ar + 1,
            "kalenderar": finansieret + 1 + ar,
            **{navn: vis_ore(float(s[ar])) for navn, s in summer.items()},
        }
        for ar in range(BETALINGSAR)
    ]
