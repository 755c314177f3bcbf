"""The schemes. Adding one touches its folder and this list."""

from collections.abc import Mapping

from domain.almenbolig.ordning import ALMENBOLIG
from domain.bostotte.ordning import BOSTOTTE
from domain.sak.ordning import Ordning
from domain.startlan.ordning import STARTLAN
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from domain.tilsagn.sak import lag_ordning

_ALLE = (BOSTOTTE, STARTLAN, ALMENBOLIG, *(lag_ordning(o) for o in TILSAGNSORDNINGER.values()))
ORDNINGER: Mapping[str, Ordning] = {o.navn: o for o in _ALLE}
RAMMER: Mapping[str, Ordning] = {o.rammenavn: o for o in _ALLE if o.rammeposter is not None}
"""Name of a frame → a scheme that is given from it; those that share one have its rules in common."""
