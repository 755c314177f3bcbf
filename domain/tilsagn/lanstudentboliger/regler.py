"""The rules of lån til studentboliger (Husbankens veileder for lån; Husbankens årsrapport 2024, kap. 3.6)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import regelskriver
from domain.tilsagn.felt import antall, flagg, kr, valg
from domain.tilsagn.lan import FORSKRIFT, LANEFELT, LOPETID, legg_til_lopetid
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("lanstudentboliger")
SATSER = les_satser("domain.tilsagn.lanstudentboliger")
FRA = "2020-01"

FELT = (
    valg("soker", "Hva søkeren er.", "Kva søkjaren er.", ("samskipnad", "stiftelse", "annen")),
    antall("boenheter", "Boenheter.", "Bueiningar.", minst=1),
    *LANEFELT,
    kr("tilskudd", "Tilskudd til det samme prosjektet.", "Tilskot til det same prosjektet.", 0),
    flagg(
        "saerlig_oppgradering",
        "Oppgradering i et særlig tilfelle, uten tilskudd.",
        "Oppgradering i eit særleg tilfelle, utan tilskot.",
    ),
)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

_regel(
    "rett_soker",
    "flagg",
    "Søkeren er en studentsamskipnad eller en studentboligstiftelse.",
    "Søkjaren er ein studentsamskipnad eller ei studentbustadstifting.",
    "soker in ('samskipnad', 'stiftelse')",
    {"soker": "stiftelse"},
    lambda soker: soker < 2,
)
_regel(
    "har_tilskudd",
    "flagg",
    "Prosjektet har tilsagn om tilskudd, eller er en oppgradering i et særlig tilfelle.",
    "Prosjektet har tilsegn om tilskot, eller er ei oppgradering i eit særleg tilfelle.",
    "tilskudd > 0 or saerlig_oppgradering",
    {"tilskudd": 32_600_000, "saerlig_oppgradering": False},
    lambda tilskudd, saerlig_oppgradering: (tilskudd > 0) | saerlig_oppgradering,
)
legg_til_lopetid(_regel)
_regel(
    "belop",
    "kr",
    "Lånet er det som er søkt om, høyst kostnaden når tilskuddet er trukket fra",
    "Lånet er det som er søkt om, høgst kostnaden når tilskotet er trekt frå",
    "min(soknadsbelop, max(0, kostnad - tilskudd))",
    {"soknadsbelop": 100_800_000, "kostnad": 142_100_000, "tilskudd": 32_600_000},
    lambda soknadsbelop, kostnad, tilskudd: np.minimum(soknadsbelop, np.maximum(kostnad - tilskudd, 0.0)),
)

VERK = Regelverk(
    "lån til studentboliger",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar("rett_soker", "T01", "Søkeren kan ikke få dette lånet.", "Søkjaren kan ikkje få dette lånet."),
        Vilkar(
            "har_tilskudd",
            "T02",
            "Prosjektet har ikke tilsagn om tilskudd.",
            "Prosjektet har ikkje tilsegn om tilskot.",
        ),
        LOPETID,
    ),
    FRA,
)
