"""The rules and rates of startlån, one set of rules for each kind of treatment."""

from collections.abc import Mapping

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser

FORSTE_TERMIN = "2026-01"
"""From here on the rates of today's samspill are known."""

FORSKRIFT = "forskrift om lån fra Husbanken"
TILSKUDDSLOV = "bustøttelova §§ 14 og 15"
"""The municipality's own grants (LOV-2012-08-24-64)."""
SATSER = les_satser("domain.startlan")

SOKNAD = Regelsett("startlan")
UTBETALING = Regelsett("startlan")
LANENDRING = Regelsett("startlan")
TAP = Regelsett("startlan")
INNFORDRING = Regelsett("startlan")
UTLOP = Regelsett("startlan")

REGELSETT: Mapping[str, Regelsett] = {
    "soknad": SOKNAD,
    "utbetaling": UTBETALING,
    "lanendring": LANENDRING,
    "tap": TAP,
    "innfordring": INNFORDRING,
    "utlop": UTLOP,
}
"""Cause of a treatment → its rules."""

REGELMODULER = (
    "domain.startlan.vilkar",
    "domain.startlan.lanevilkar",
    "domain.startlan.utfall",
    "domain.startlan.utbetaling",
    "domain.startlan.lanendring",
    "domain.startlan.tap",
)
