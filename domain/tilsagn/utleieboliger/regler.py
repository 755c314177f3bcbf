"""The rules of the rental-home grant of 2023 (Husbankens veileder 16.06.2023)."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Tall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import TILVISNINGSFELT, UTEN_PARAGRAF, legg_til_tilvisning
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


@REGLER.regel(
    "antall_oppgitt",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="antall",
    tekst={"nb": "Boligene som arealet er oppgitt for.", "nn": "Bustadene som arealet er oppgitt for."},
    formel="like_boliger",
    eksempel={"like_boliger": [4, 2]},
    samle="sum",
)
def antall_oppgitt(like_boliger: Heltall) -> Heltall:
    return like_boliger


@REGLER.regel(
    "areal_stemmer",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Arealet er oppgitt for alle boligene i prosjektet.",
        "nn": "Arealet er oppgitt for alle bustadene i prosjektet.",
    },
    formel="antall_oppgitt == boliger",
    eksempel={"antall_oppgitt": 6, "boliger": 6},
)
def areal_stemmer(antall_oppgitt: Heltall, boliger: Heltall) -> Flagg:
    ut: Flagg = antall_oppgitt == boliger
    return ut


@REGLER.regel(
    "tellende_areal",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="antall",
    tekst={
        "nb": "Kvadratmeter P-ROM som teller, høyst 80 for en bolig.",
        "nn": "Kvadratmeter P-ROM som tel, høgst 80 for ein bustad.",
    },
    formel="like_boliger * min(prom, maks_m2)",
    eksempel={"like_boliger": [4, 2], "prom": [50, 95]},
    samle="sum",
)
def tellende_areal(like_boliger: Heltall, prom: Heltall, maks_m2: float) -> Tall:
    ut: Tall = like_boliger * np.minimum(prom, maks_m2)
    return ut


@REGLER.regel(
    "belop",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Tilskuddet er tellende areal ganger satsen for kommunens gruppe",
        "nn": "Tilskotet er teljande areal gonger satsen for gruppa til kommunen",
    },
    formel="tellende_areal * sats_per_m2[kommunegruppe]",
    eksempel={"tellende_areal": 80, "kommunegruppe": "oslo"},
)
def belop(tellende_areal: Heltall, kommunegruppe: Heltall, sats_per_m2: Tall) -> Tall:
    ut: Tall = tellende_areal * sats_per_m2[kommunegruppe]
    return ut


@REGLER.regel(
    "nedskrivingstid",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="år",
    tekst={
        "nb": "Tilskuddet skrives ned med like mye hvert år.",
        "nn": "Tilskotet blir skrive ned med like mykje kvart år.",
    },
    formel="nedskrives_over",
    eksempel={"boliger": 6},
    forbehold="«3,3 prosent i året over 30 år» er lest som en tredvedel, så det går opp.",
)
def nedskrivingstid(boliger: Heltall, nedskrives_over: float) -> Heltall:
    return np.full_like(boliger, int(nedskrives_over))


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
