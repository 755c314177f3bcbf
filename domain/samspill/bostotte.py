"""Bostøtte a year: the rules of 2007 as the report simplifies them; for later years what ``domain.bostotte`` gives."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.samspill.finans import boligplass
from domain.samspill.regelsett import FRA_DAGENS, FRA_RAPPORT, RAPPORT, REGLER, TIL_RAPPORT


@REGLER.regel(
    "bostottepersoner",
    hjemmel=f"{RAPPORT}, kap. 2.3",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="antall",
    tekst={
        "nb": "Bostøtten regnes for antallet i husstanden; en ung ufør regnes som to flere.",
        "nn": "Bustøtta blir rekna for talet på personar i husstanden; ein ung ufør blir rekna som to fleire.",
    },
    formel="int(personer + (ung_ufor_personer if ung_ufor else 0))",
    eksempel={"personer": 1, "ung_ufor": True},
)
def bostottepersoner(personer: Heltall, ung_ufor: Flagg, ung_ufor_personer: float) -> Heltall:
    ut: Kolonne = personer + ung_ufor * int(ung_ufor_personer)
    return ut


@REGLER.regel(
    "drift_i_bostotten",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Sjablong for drift, avgifter og forsikring, lavere for mindre boliger.",
        "nn": "Sjablong for drift, avgifter og forsikring, lågare for mindre bustader.",
    },
    formel="drift_bostotte * drift_bostotte_andel[4 if ung_ufor else min(personer, 4) - 1]",
    eksempel={"personer": 2, "ung_ufor": False},
)
def drift_i_bostotten(
    personer: Heltall, ung_ufor: Flagg, drift_bostotte: float, drift_bostotte_andel: Tall
) -> Tall:
    ut: Kolonne = drift_bostotte * drift_bostotte_andel[boligplass(personer, ung_ufor)]
    return ut


@REGLER.regel(
    "godkjente_boutgifter",
    hjemmel=f"{RAPPORT}, kap. 2.3",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Godkjente boutgifter er renter og avdrag, leie og drift.",
        "nn": "Godkjende buutgifter er renter og avdrag, leige og drift.",
    },
    formel="lanekostnader + leie + drift_i_bostotten",
    eksempel={"lanekostnader": 65_291, "leie": 0, "drift_i_bostotten": 18_000},
)
def godkjente_boutgifter(lanekostnader: Tall, leie: Tall, drift_i_bostotten: Tall) -> Tall:
    return lanekostnader + leie + drift_i_bostotten


@REGLER.regel(
    "boutgiftstak",
    hjemmel=f"{RAPPORT}, kap. 2.8.1",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Taket for godkjente boutgifter følger antall personer og region.",
        "nn": "Taket for godkjende buutgifter følgjer talet på personar og region.",
    },
    formel="tak_husstand[min(bostottepersoner, 4) - 1] + tak_region[region]",
    eksempel={"bostottepersoner": 2, "region": 0},
)
def boutgiftstak(bostottepersoner: Heltall, region: Heltall, tak_husstand: Tall, tak_region: Tall) -> Tall:
    ut: Kolonne = tak_husstand[np.minimum(bostottepersoner, len(tak_husstand)) - 1] + tak_region[region]
    return ut


@REGLER.regel(
    "rimelig_andel_av_inntekt",
    hjemmel=f"{RAPPORT}, kap. 2.10",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="andel",
    tekst={
        "nb": "Andelen av inntekten stiger for hver tusenlapp over innslagspunktet.",
        "nn": "Delen av inntekta stig for kvar tusenlapp over innslagspunktet.",
    },
    formel="rimelig_andel + progresjon * max(0, personinntekt - innslagspunkt[min(bostottepersoner, 4) - 1]) / 1000",
    eksempel={"personinntekt": 174_000, "bostottepersoner": 2},
)
def rimelig_andel_av_inntekt(
    personinntekt: Tall,
    bostottepersoner: Heltall,
    rimelig_andel: float,
    progresjon: float,
    innslagspunkt: Tall,
) -> Tall:
    over = personinntekt - innslagspunkt[np.minimum(bostottepersoner, len(innslagspunkt)) - 1]
    ut: Kolonne = rimelig_andel + progresjon * np.maximum(over, 0.0) / 1000.0
    return ut


@REGLER.regel(
    "rimelig_boutgift",
    hjemmel=f"{RAPPORT}, kap. 2.10",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Rimelig boutgift er den delen av inntekten husstanden skal dekke selv.",
        "nn": "Rimeleg buutgift er den delen av inntekta husstanden skal dekkje sjølv.",
    },
    formel="personinntekt * rimelig_andel_av_inntekt",
    eksempel={"personinntekt": 174_000, "rimelig_andel_av_inntekt": 0.297},
)
def rimelig_boutgift(personinntekt: Tall, rimelig_andel_av_inntekt: Tall) -> Tall:
    return personinntekt * rimelig_andel_av_inntekt


@REGLER.regel(
    "bostotte",
    hjemmel=f"{RAPPORT}, kap. 1.2.3, formel (1)",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Bostøtten er en andel av det som godkjente boutgifter, opp til taket, er høyere enn rimelig boutgift. "
        "Er den mindre enn minstebeløpet, utbetales ingenting.",
        "nn": "Bustøtta er ein del av det som godkjende buutgifter, opp til taket, er høgare enn rimeleg buutgift. "
        "Er ho mindre enn minstebeløpet, blir ingenting utbetalt.",
    },
    formel="(lambda b: b if b >= minste_bostotte else 0)"
    "(dekningsgrad * max(0, min(godkjente_boutgifter, boutgiftstak) - rimelig_boutgift))",
    eksempel={"godkjente_boutgifter": 83_291, "boutgiftstak": 55_000, "rimelig_boutgift": 51_678},
    forbehold="Formel (1) i rapporten har det største av tak og godkjente boutgifter; teksten og tabellene krever det "
    "minste.",
)
def bostotte_2007(
    godkjente_boutgifter: Tall,
    boutgiftstak: Tall,
    rimelig_boutgift: Tall,
    dekningsgrad: float,
    minste_bostotte: float,
) -> Tall:
    belop = dekningsgrad * np.maximum(np.minimum(godkjente_boutgifter, boutgiftstak) - rimelig_boutgift, 0.0)
    ut: Kolonne = belop * (belop >= minste_bostotte)
    return ut


@REGLER.regel(
    "bostotte",
    hjemmel="forskrift om bustøtte § 1",
    gyldig_fra=FRA_DAGENS,
    enhet="kr/år",
    tekst={
        "nb": "Bostøtten i året er tolv ganger månedsbeløpet etter reglene i dag.",
        "nn": "Bustøtta i året er tolv gonger månadsbeløpet etter reglane i dag.",
    },
    formel="12 * bostotte_per_maned",
    eksempel={"bostotte_per_maned": 2_000},
)
def bostotte_dagens(bostotte_per_maned: Tall) -> Tall:
    return 12.0 * bostotte_per_maned
