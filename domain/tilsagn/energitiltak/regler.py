"""The rules of the energy grant: a normative value, never more than half of the cost since May 2024
(Husbankens årsrapport 2024, kap. 3.7)."""

import numpy as np

from domain.regler.avrunding import til_kroner
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import antall, flagg, kr, valg
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("energitiltak")
SATSER = les_satser("domain.tilsagn.energitiltak")
FORSKRIFT = f"forskrift om tilskudd til energitiltak {UTEN_PARAGRAF}"
FRA = "2023-01"
TILTAK = (
    "yttervegg", "tak", "solceller", "solfangere", "ror", "vinduer", "varmepumpe_luft_vann", "varmepumpe_vaeske_vann",
)  # fmt: skip
"""The measures of tables 3.28 and 3.29."""

FELT = (
    SOKER_KOMMUNE,
    flagg("kommunalt_eid", "Bygningen er eid av kommunen.", "Bygningen er eigd av kommunen.", True),
    valg(
        "boligtype",
        "Hva bygningen brukes til.",
        "Kva bygningen blir brukt til.",
        ("utleiebolig", "omsorgsbolig", "sykehjem"),
    ),
    antall("boliger", "Boliger eller plasser.", "Bustader eller plassar.", minst=1),
    kr(
        "kostnad",
        "Kostnad for alle tiltak; faktisk kostnad ved utbetaling.",
        "Kostnad for alle tiltak; faktisk kostnad ved utbetaling.",
    ),
    valg("tiltak", "Tiltaket.", "Tiltaket.", TILTAK, enhet=True),
    antall(
        "normert_verdi",
        "Normert verdi av tiltaket, hele kroner.",
        "Normert verdi av tiltaket, heile kroner.",
        enhet=True,
    ),
    antall(
        "spart_kwh", "Anslått spart energi i året, kWh.", "Rekna spart energi i året, kWh.", 0, enhet=True
    ),
)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

_regel(
    "rett_bygning",
    "flagg",
    "Kommunen søker for en utleiebolig, omsorgsbolig eller et sykehjem som den eier.",
    "Kommunen søkjer for ein utleigebustad, omsorgsbustad eller sjukeheim som han eig.",
    "soker_er_kommune and kommunalt_eid",
    {"soker_er_kommune": True, "kommunalt_eid": True},
    lambda soker_er_kommune, kommunalt_eid: soker_er_kommune & kommunalt_eid,
)
_regel(
    "normert",
    "antall",
    "De normerte verdiene av tiltakene, i kroner.",
    "Dei normerte verdiane av tiltaka, i kroner.",
    "normert_verdi",
    {"normert_verdi": [100_000, 50_000]},
    lambda normert_verdi: normert_verdi,
    forbehold="De normerte verdiene per tiltak er ikke funnet i kildene; de følger med søknaden.",
    samle="sum",
)
_regel(
    "har_tiltak",
    "flagg",
    "Søknaden gjelder minst ett tiltak som ordningen omfatter.",
    "Søknaden gjeld minst eitt tiltak som ordninga omfattar.",
    "normert > 0",
    {"normert": 150_000},
    lambda normert: normert > 0,
)
_regel(
    "kostnadstak",
    "kr",
    "Tilskuddet er høyst en andel av kostnaden",
    "Tilskotet er høgst ein del av kostnaden",
    "floor(kostnadsandel * kostnad)",
    {"kostnad": 200_001},
    lambda kostnad, kostnadsandel: np.floor(kostnadsandel * kostnad),
    forbehold="Kilden gir ingen overgangsregel. Taket følger måneden tilsagnet gis, og måneden ved utbetaling.",
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er summen av normerte verdier, høyst kostnadstaket",
    "Tilskotet er summen av normerte verdiar, høgst kostnadstaket",
    "til_kroner(min(normert, kostnadstak))",
    {"normert": 150_000, "kostnadstak": 100_000},
    lambda normert, kostnadstak: til_kroner(np.minimum(normert, kostnadstak)),
)


VERK = Regelverk(
    "tilskudd til energitiltak",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "rett_bygning",
            "T01",
            "Bygningen eller søkeren er ikke omfattet.",
            "Bygningen eller søkjaren er ikkje omfatta.",
        ),
        Vilkar("har_tiltak", "T02", "Ingen tiltak er omfattet.", "Ingen tiltak er omfatta."),
    ),
    FRA,
)
