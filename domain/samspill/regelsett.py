"""The rules and rates of samspill, to which the modules of this folder add."""

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser

FINANS = "domain.samspill.finans"
"""Reckoned first: what the dwelling costs to own. Today's bostøtte is asked with it."""

REGELMODULER = (FINANS, "domain.samspill.bostotte", "domain.samspill.skatt", "domain.samspill.margin")
"""Where the rules stand. The order is the order of reckoning."""

REGLER = Regelsett("samspill")
SATSER = les_satser("domain.samspill")

RAPPORT = "NIBR-rapport 2008:13"
SATSTERMIN = {2008: "2008-07", 2026: "2026-07"}
"""Year → the termin whose rules and rates it is reckoned with. 2008 is the report's own year (prices of 2007)."""
RAPPORTENS_AR = 2008
"""Has the report's price table and the bostøtte of 2007; later years ask ``domain.bostotte``."""
FRA_RAPPORT, TIL_RAPPORT, FRA_DAGENS = "2008-01", "2008-12", "2026-01"

TABELLER = ("sifo", "sifo_minimum", "namsfogden", "sosialhjelp")
"""The four tables of livsopphold; a case names one by its place."""
