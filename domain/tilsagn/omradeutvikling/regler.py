"""The rules of the area-development grant (Husbankens årsrapport 2024, kap. 3.9)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import flagg, kr
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("omradeutvikling")
SATSER = les_satser("domain.tilsagn.omradeutvikling")
FRA = "2020-01"

FELT = (
    SOKER_KOMMUNE,
    flagg(
        "levekarsutfordringer",
        "Området har særskilte levekårsutfordringer.",
        "Området har særskilde levekårsutfordringar.",
    ),
    kr("soknadsbelop", "Omsøkt beløp.", "Omsøkt beløp.", minst=1),
    kr("prioritert_belop", "Beløpet saksbehandleren prioriterer.", "Beløpet saksbehandlaren prioriterer.", 0),
)

_regel = regelskriver(
    REGLER, f"forskrift om tilskudd til bolig- og områdeutvikling i byer {UTEN_PARAGRAF}", FRA
)

_regel(
    "rett_omrade",
    "flagg",
    "En bykommune søker for et område med særskilte levekårsutfordringer.",
    "Ein bykommune søkjer for eit område med særskilde levekårsutfordringar.",
    "soker_er_kommune and levekarsutfordringer",
    {"soker_er_kommune": True, "levekarsutfordringer": True},
    lambda soker_er_kommune, levekarsutfordringer: soker_er_kommune & levekarsutfordringer,
)
_regel(
    "er_prioritert",
    "flagg",
    "Søknaden er prioritert innenfor rammen.",
    "Søknaden er prioritert innanfor ramma.",
    "prioritert_belop > 0",
    {"prioritert_belop": 3_000_000},
    lambda prioritert_belop: prioritert_belop > 0,
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er det prioriterte beløpet, høyst det som er søkt om",
    "Tilskotet er det prioriterte beløpet, høgst det som er søkt om",
    "min(prioritert_belop, soknadsbelop)",
    {"prioritert_belop": 3_000_000, "soknadsbelop": 4_000_000},
    lambda prioritert_belop, soknadsbelop: np.minimum(prioritert_belop, soknadsbelop),  # noqa: PLW0108  (the rule's inputs are its parameter names)
)
_regel(
    "antall_trinn",
    "år",
    "Tilskuddet utbetales i like deler over tre år.",
    "Tilskotet blir utbetalt i like delar over tre år.",
    "utbetalingsar",
    {"prioritert_belop": 3_000_000},
    lambda prioritert_belop, utbetalingsar: np.full_like(prioritert_belop, utbetalingsar),  # noqa: PLW0108  (the rule's inputs are its parameter names)
    forbehold="Kilden sier tre år, ikke hvordan årene deler; like deler er en lesning.",
)

VERK = Regelverk(
    "tilskudd til bolig- og områdeutvikling i byer",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "rett_omrade",
            "T01",
            "Søkeren eller området er ikke omfattet.",
            "Søkjaren eller området er ikkje omfatta.",
        ),
        Vilkar("er_prioritert", "T02", "Søknaden er ikke prioritert.", "Søknaden er ikkje prioritert."),
    ),
    FRA,
)
