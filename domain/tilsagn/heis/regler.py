"""The rules of the grants for lifts and condition assessments (half of the cost)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import antall, flagg, kr, valg
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("heis")
SATSER = les_satser("domain.tilsagn.heis")
FRA = "2020-01"

FELT = (
    valg("tiltak", "Hva det søkes til.", "Kva det blir søkt til.", ("tilstandsvurdering", "heis")),
    antall("boliger", "Boliger i eiendommen.", "Bustader i eigedommen.", minst=1),
    antall("etasjer", "Etasjer.", "Etasjar.", 1, minst=1),
    flagg("har_heis", "Oppgangen har heis fra før.", "Oppgangen har heis frå før."),
    kr(
        "kostnad",
        "Kostnad; faktisk kostnad ved utbetaling.",
        "Kostnad; faktisk kostnad ved utbetaling.",
        minst=1,
    ),
)

_regel = regelskriver(REGLER, f"forskrift om tilskudd til heis og tilstandsvurdering {UTEN_PARAGRAF}", FRA)

_regel(
    "stor_nok",
    "flagg",
    "En tilstandsvurdering gjelder minst seks boliger.",
    "Ei tilstandsvurdering gjeld minst seks bustader.",
    "tiltak == 'heis' or boliger >= minste_boliger",
    {"tiltak": "tilstandsvurdering", "boliger": 6},
    lambda tiltak, boliger, minste_boliger: (tiltak == 1) | (boliger >= minste_boliger),
)
_regel(
    "trenger_heis",
    "flagg",
    "Heis installeres i et bygg med minst tre etasjer som ikke har heis.",
    "Heis blir installert i eit bygg med minst tre etasjar som ikkje har heis.",
    "tiltak != 'heis' or etasjer >= minste_etasjer and not har_heis",
    {"tiltak": "heis", "etasjer": 4, "har_heis": False},
    lambda tiltak, etasjer, har_heis, minste_etasjer: (
        (tiltak != 1) | ((etasjer >= minste_etasjer) & ~har_heis)
    ),
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er en andel av kostnaden, rundet ned til hele kroner",
    "Tilskotet er ein del av kostnaden, runda ned til heile kroner",
    "floor((andel_heis if tiltak == 'heis' else andel_tilstandsvurdering) * kostnad)",
    {"tiltak": "tilstandsvurdering", "kostnad": 99_999},
    lambda tiltak, kostnad, andel_heis, andel_tilstandsvurdering: np.floor(
        np.where(tiltak == 1, andel_heis, andel_tilstandsvurdering) * kostnad
    ),
)

VERK = Regelverk(
    "tilskudd til heis og tilstandsvurdering",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar("stor_nok", "T01", "Eiendommen har for få boliger.", "Eigedommen har for få bustader."),
        Vilkar(
            "trenger_heis",
            "T02",
            "Bygget gir ikke rett til tilskudd til heis.",
            "Bygget gir ikkje rett til tilskot til heis.",
        ),
    ),
    FRA,
)
