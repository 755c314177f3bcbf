"""The rules and rates of bostøtte, to which the modules of this folder add."""

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser

FORSTE_TERMIN = "2022-06"
"""Rates and rules are complete from this termin on."""

REGELMODULER = (
    "domain.bostotte.husstand",
    "domain.bostotte.inntekt",
    "domain.bostotte.boutgift",
    "domain.bostotte.egenandel",
    "domain.bostotte.vilkar",
)
"""Where the rules stand. The order is the order of reckoning."""

REGLER = Regelsett("bostotte")
SATSER = les_satser("domain.bostotte")

FORSKRIFT = "forskrift om bustøtte"
LOV = "bustøttelova"
