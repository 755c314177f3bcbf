"""The rules of the rental-home grant of 2023 (Husbankens veileder 16.06.2023)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import TILVISNINGSFELT, UTEN_PARAGRAF, legg_til_tilvisning, regelskriver
from domain.tilsagn.felt import antall, valg
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("utleieboliger")
SATSER = les_satser("domain.tilsagn.utleieboliger")
FORSKRIFT = f"forskrift om tilskudd til utleieboliger {UTEN_PARAGRAF}"
FRA = "2023-06"
GRUPPER = ("oslo", "baerum", "gruppe_3", "gruppe_4", "gruppe_5", "ovrige")

FELT = (
    *TILVISNINGSFELT,
    valg("kommunegruppe", "Kommunens gruppe i satstabellen.", "Gruppa til kommunen i satstabellen.", GRUPPER),
    antall(
        "like_boliger", "Boliger av denne størrelsen.", "Bustader av denne storleiken.", minst=1, enhet=True
    ),
    antall(
        "prom",
        "P-ROM i hver av dem, kvadratmeter.",
        "P-ROM i kvar av dei, kvadratmeter.",
        minst=1,
        enhet=True,
    ),
)


legg_til_tilvisning(REGLER, FORSKRIFT, FRA)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

_regel(
    "antall_oppgitt",
    "antall",
    "Boligene som arealet er oppgitt for.",
    "Bustadene som arealet er oppgitt for.",
    "like_boliger",
    {"like_boliger": [4, 2]},
    lambda like_boliger: like_boliger,
    samle="sum",
)
_regel(
    "areal_stemmer",
    "flagg",
    "Arealet er oppgitt for alle boligene i prosjektet.",
    "Arealet er oppgitt for alle bustadene i prosjektet.",
    "antall_oppgitt == boliger",
    {"antall_oppgitt": 6, "boliger": 6},
    lambda antall_oppgitt, boliger: antall_oppgitt == boliger,
)
_regel(
    "tellende_areal",
    "antall",
    "Kvadratmeter P-ROM som teller, høyst 80 for en bolig.",
    "Kvadratmeter P-ROM som tel, høgst 80 for ein bustad.",
    "like_boliger * min(prom, maks_m2)",
    {"like_boliger": [4, 2], "prom": [50, 95]},
    lambda like_boliger, prom, maks_m2: like_boliger * np.minimum(prom, maks_m2),
    samle="sum",
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er tellende areal ganger satsen for kommunens gruppe",
    "Tilskotet er teljande areal gonger satsen for gruppa til kommunen",
    "tellende_areal * sats_per_m2[kommunegruppe]",
    {"tellende_areal": 80, "kommunegruppe": "oslo"},
    lambda tellende_areal, kommunegruppe, sats_per_m2: tellende_areal * sats_per_m2[kommunegruppe],
)
_regel(
    "nedskrivingstid",
    "år",
    "Tilskuddet skrives ned med like mye hvert år.",
    "Tilskotet blir skrive ned med like mykje kvart år.",
    "nedskrives_over",
    {"boliger": 6},
    lambda boliger, nedskrives_over: np.full_like(boliger, int(nedskrives_over)),
    forbehold="«3,3 prosent i året over 30 år» er lest som en tredvedel, så det går opp.",
)


VERK = Regelverk(
    "tilskudd til utleieboliger",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "avtale_holder",
            "T01",
            "Boligene er ikke sikret for vanskeligstilte.",
            "Bustadene er ikkje sikra for vanskelegstilte.",
        ),
        Vilkar(
            "areal_stemmer",
            "T02",
            "Arealet er ikke oppgitt for alle boligene.",
            "Arealet er ikkje oppgitt for alle bustadene.",
        ),
    ),
    FRA,
)
