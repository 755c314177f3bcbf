"""The rules of the energy grant: a normative value, never more than half of the cost since May 2024
(Husbankens årsrapport 2024, kap. 3.7)."""

import numpy as np

from domain.regler.avrunding import til_kroner
from domain.regler.kolonne import Flagg, Heltall, Tall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, UTEN_PARAGRAF
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


@REGLER.regel(
    "rett_bygning",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Kommunen søker for en utleiebolig, omsorgsbolig eller et sykehjem som den eier.",
        "nn": "Kommunen søkjer for ein utleigebustad, omsorgsbustad eller sjukeheim som han eig.",
    },
    formel="soker_er_kommune and kommunalt_eid",
    eksempel={"soker_er_kommune": True, "kommunalt_eid": True},
)
def rett_bygning(soker_er_kommune: Flagg, kommunalt_eid: Flagg) -> Flagg:
    ut: Flagg = soker_er_kommune & kommunalt_eid
    return ut


@REGLER.regel(
    "normert",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="antall",
    tekst={
        "nb": "De normerte verdiene av tiltakene, i kroner.",
        "nn": "Dei normerte verdiane av tiltaka, i kroner.",
    },
    formel="normert_verdi",
    eksempel={"normert_verdi": [100_000, 50_000]},
    samle="sum",
    forbehold="De normerte verdiene per tiltak er ikke funnet i kildene; de følger med søknaden.",
)
def normert(normert_verdi: Heltall) -> Heltall:
    return normert_verdi


@REGLER.regel(
    "har_tiltak",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Søknaden gjelder minst ett tiltak som ordningen omfatter.",
        "nn": "Søknaden gjeld minst eitt tiltak som ordninga omfattar.",
    },
    formel="normert > 0",
    eksempel={"normert": 150_000},
)
def har_tiltak(normert: Heltall) -> Flagg:
    ut: Flagg = normert > 0
    return ut


@REGLER.regel(
    "kostnadstak",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Tilskuddet er høyst en andel av kostnaden",
        "nn": "Tilskotet er høgst ein del av kostnaden",
    },
    formel="floor(kostnadsandel * kostnad)",
    eksempel={"kostnad": 200_001},
    forbehold="Kilden gir ingen overgangsregel. Taket følger måneden tilsagnet gis, og måneden ved utbetaling.",
)
def kostnadstak(kostnad: Tall, kostnadsandel: float) -> Tall:
    ut: Tall = np.floor(kostnadsandel * kostnad)
    return ut


@REGLER.regel(
    "belop",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Tilskuddet er summen av normerte verdier, høyst kostnadstaket",
        "nn": "Tilskotet er summen av normerte verdiar, høgst kostnadstaket",
    },
    formel="til_kroner(min(normert, kostnadstak))",
    eksempel={"normert": 150_000, "kostnadstak": 100_000},
)
def belop(normert: Heltall, kostnadstak: Tall) -> Heltall:
    return til_kroner(np.minimum(normert, kostnadstak))


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
