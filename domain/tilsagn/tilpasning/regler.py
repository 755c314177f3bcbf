"""The rules of the municipal adaptation grant (bustøttelova §§ 14–15; the municipality decides the amount)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import regelskriver
from domain.tilsagn.felt import flagg, kr
from domain.tilsagn.kommunalt import NEDSKRIVINGSFELT, legg_til_nedskriving
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("tilpasning")
SATSER = les_satser("domain.tilsagn.tilpasning")
FRA = "2020-01"

FELT = (
    kr(
        "kostnad",
        "Kostnad for tilpasningen; faktisk kostnad ved utbetaling.",
        "Kostnad for tilpassinga; faktisk kostnad ved utbetaling.",
        minst=1,
    ),
    kr("andre_tilskudd", "Annen støtte til det samme.", "Anna støtte til det same.", 0),
    kr("prioritert_belop", "Beløpet kommunen prioriterer.", "Beløpet kommunen prioriterer.", 0),
    flagg(
        "behov_dokumentert",
        "Behovet for tilpasning er dokumentert.",
        "Behovet for tilpassing er dokumentert.",
    ),
    NEDSKRIVINGSFELT,
)

_regel = regelskriver(REGLER, "bustøttelova §§ 14 og 15", FRA)

_regel(
    "har_behov",
    "flagg",
    "Noen i husstanden har et dokumentert behov for en tilpasset bolig.",
    "Nokon i husstanden har eit dokumentert behov for ein tilpassa bustad.",
    "behov_dokumentert",
    {"behov_dokumentert": True},
    lambda behov_dokumentert: behov_dokumentert,
)
_regel(
    "udekket",
    "kr",
    "Kostnaden som annen støtte ikke dekker",
    "Kostnaden som anna støtte ikkje dekkjer",
    "max(0, kostnad - andre_tilskudd)",
    {"kostnad": 180_000, "andre_tilskudd": 30_000},
    lambda kostnad, andre_tilskudd: np.maximum(kostnad - andre_tilskudd, 0.0),
)
_regel(
    "er_prioritert",
    "flagg",
    "Kommunen har prioritert søknaden, og noe av kostnaden er udekket.",
    "Kommunen har prioritert søknaden, og noko av kostnaden er udekt.",
    "prioritert_belop > 0 and udekket > 0",
    {"prioritert_belop": 150_000, "udekket": 150_000},
    lambda prioritert_belop, udekket: (prioritert_belop > 0) & (udekket > 0),
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er det kommunen prioriterer, høyst den udekkede kostnaden",
    "Tilskotet er det kommunen prioriterer, høgst den udekte kostnaden",
    "min(prioritert_belop, udekket)",
    {"prioritert_belop": 150_000, "udekket": 150_000},
    lambda prioritert_belop, udekket: np.minimum(prioritert_belop, udekket),  # noqa: PLW0108  (the rule's inputs are its parameter names)
)
legg_til_nedskriving(_regel)

VERK = Regelverk(
    "tilskudd til tilpasning",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar("har_behov", "T01", "Behovet er ikke dokumentert.", "Behovet er ikkje dokumentert."),
        Vilkar("er_prioritert", "T02", "Søknaden er ikke prioritert.", "Søknaden er ikkje prioritert."),
    ),
    FRA,
)
