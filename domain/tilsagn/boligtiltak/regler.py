"""The rules of the grant for housing measures (Husbankens årsrapport 2024, kap. 3.8 og 3.10)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import antall, flagg, kr, valg
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("boligtiltak")
SATSER = les_satser("domain.tilsagn.boligtiltak")
FRA = "2023-01"

FELT = (
    valg(
        "formal",
        "Hva det søkes til.",
        "Kva det blir søkt til.",
        ("boligsosialt", "distrikt", "leieboerorganisasjon", "masterstipend"),
    ),
    kr("soknadsbelop", "Omsøkt beløp.", "Omsøkt beløp.", minst=1),
    kr("prioritert_belop", "Beløpet saksbehandleren prioriterer.", "Beløpet saksbehandlaren prioriterer.", 0),
    antall(
        "sentralitetsklasse",
        "Kommunens sentralitetsklasse, 1 til 6.",
        "Sentralitetsklassa til kommunen, 1 til 6.",
        1,
        minst=1,
    ),
    flagg(
        "dokumenteres",
        "Resultatene skal dokumenteres og deles.",
        "Resultata skal dokumenterast og delast.",
        True,
    ),
)

_regel = regelskriver(REGLER, f"forskrift om tilskudd til boligtiltak {UTEN_PARAGRAF}", FRA)

_regel(
    "i_distriktet",
    "flagg",
    "Tilskudd til boligtiltak i distriktene er for kommuner i sentralitetsklasse 5 og 6.",
    "Tilskot til bustadtiltak i distrikta er for kommunar i sentralitetsklasse 5 og 6.",
    "formal != 'distrikt' or sentralitetsklasse >= 5",
    {"formal": "distrikt", "sentralitetsklasse": 5},
    lambda formal, sentralitetsklasse: (formal != 1) | (sentralitetsklasse >= 5),
)
_regel(
    "skal_dokumenteres",
    "flagg",
    "Resultatene skal dokumenteres og deles.",
    "Resultata skal dokumenterast og delast.",
    "dokumenteres",
    {"dokumenteres": True},
    lambda dokumenteres: dokumenteres,
)
_regel(
    "er_prioritert",
    "flagg",
    "Søknaden er prioritert innenfor rammen etter en faglig vurdering.",
    "Søknaden er prioritert innanfor ramma etter ei fagleg vurdering.",
    "formal == 'masterstipend' or prioritert_belop > 0",
    {"formal": "distrikt", "prioritert_belop": 600_000},
    lambda formal, prioritert_belop: (formal == 3) | (prioritert_belop > 0),
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er det prioriterte beløpet, høyst det som er søkt om; et masterstipend har en fast sats",
    "Tilskotet er det prioriterte beløpet, høgst det som er søkt om; eit masterstipend har ein fast sats",
    "min(masterstipend if formal == 'masterstipend' else prioritert_belop, soknadsbelop)",
    {"formal": "masterstipend", "prioritert_belop": 0, "soknadsbelop": 30_000},
    lambda formal, prioritert_belop, soknadsbelop, masterstipend: np.minimum(
        np.where(formal == 3, masterstipend, prioritert_belop), soknadsbelop
    ),
)

VERK = Regelverk(
    "tilskudd til boligtiltak",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "i_distriktet",
            "T01",
            "Kommunen er ikke i sentralitetsklasse 5 eller 6.",
            "Kommunen er ikkje i sentralitetsklasse 5 eller 6.",
        ),
        Vilkar("skal_dokumenteres", "T02", "Resultatene skal ikke deles.", "Resultata skal ikkje delast."),
        Vilkar("er_prioritert", "T03", "Søknaden er ikke prioritert.", "Søknaden er ikkje prioritert."),
    ),
    FRA,
)
