"""The calculations that need nothing but a body: each is a path of the API and a command, made from this list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from domain.almenbolig import beregning as almenbolig
from domain.almenbolig.argang import beregn_argang
from domain.boligstotte_dk import beregning as boligstotte_dk
from domain.regler.termin import TerminFeil
from schemas.almenbolig import AlmenboligSvar, ArgangSvar, BeregningAlmenbolig, BeregningArgang
from schemas.boligstotte_dk import BeregningBoligstotteDk, BoligstotteDkSvar


class BeregnerFeil(ValueError):
    """The input is to blame. ``felt``: which field."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt
        self.melding = melding


@dataclass(frozen=True, slots=True)
class Beregner:
    """``navn``: of the path and the command. ``regn``: the body's document → the answer's."""

    navn: str
    sammendrag: str
    hjelp: str
    modell: type[BaseModel]
    svar: type[BaseModel]
    regn: Callable[[dict[str, Any]], dict[str, Any]]

    def svar_pa(self, kropp: BaseModel) -> dict[str, Any]:
        """The answer as a JSON-able dict.  Errors: ``BeregnerFeil``."""
        try:
            return self.regn(kropp.model_dump())
        except TerminFeil as feil:
            raise BeregnerFeil("termin", str(feil).removeprefix("termin: ")) from None
        except almenbolig.BeregningFeil as feil:
            raise BeregnerFeil(feil.felt, feil.melding) from None


BEREGNERE: Mapping[str, Beregner] = {
    b.navn: b
    for b in (
        Beregner(
            "almenbolig",
            "Beregn finansieringen af et alment byggeprojekt, dets terminer og statens udgift",
            "Financing, quarters and the state's cost of one Danish social housing project, as JSON.",
            BeregningAlmenbolig,
            AlmenboligSvar,
            almenbolig.beregn,
        ),
        Beregner(
            "almenbolig-argang",
            "Beregn statens udgift til et tilsagnsår og hvad en anden beboerbetaling koster",
            "The state's cost of a year's Danish commitments, and of another beboerbetaling, as JSON.",
            BeregningArgang,
            ArgangSvar,
            beregn_argang,
        ),
        Beregner(
            "boligstotte-dk",
            "Beregn individuel boligstøtte for en husstand",
            "Danish individual housing support for one household, as JSON.",
            BeregningBoligstotteDk,
            BoligstotteDkSvar,
            boligstotte_dk.beregn,
        ),
    )
}
