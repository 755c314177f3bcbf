"""Approved housing costs by tenure, and the ceiling on them."""

import numpy as np

from domain.bostotte.fakta import DISPOSISJONSFORMER
from domain.bostotte.regelsett import FORSKRIFT, REGLER
from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall

_EID = DISPOSISJONSFORMER.index("eid")


@REGLER.regel(
    "driftsbelop",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "For eid bolig utenom borettslag legges det til et fast beløp for drift og vedlikehold.",
        "nn": "For eigd bustad utanom burettslag blir det lagt til eit fast beløp for drift og vedlikehald.",
    },
    formel="drift if disposisjonsform == 'eid' else 0",
    eksempel={"disposisjonsform": "eid"},
)
def driftsbelop(disposisjonsform: Heltall, drift: float) -> Tall:
    ut: Kolonne = (disposisjonsform == _EID) * drift
    return ut


@REGLER.regel(
    "kommunale_avgifter",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "For eid bolig utenom borettslag legges kommunale avgifter til, etter gjennomsnittet i kommunen.",
        "nn": "For eigd bustad utanom burettslag blir kommunale avgifter lagde til, etter gjennomsnittet i kommunen.",
    },
    formel="12 * kommunale_avgifter_per_maned if disposisjonsform == 'eid' else 0",
    eksempel={"disposisjonsform": "eid", "kommunale_avgifter_per_maned": 900},
)
def kommunale_avgifter(disposisjonsform: Heltall, kommunale_avgifter_per_maned: Tall) -> Tall:
    ut: Kolonne = (disposisjonsform == _EID) * (12.0 * kommunale_avgifter_per_maned)
    return ut


@REGLER.regel(
    "har_pensjonist",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2022-06",
    gyldig_til="2024-08",
    enhet="flagg",
    samle="noen",
    tekst={
        "nb": "Det er en alders-, uføre- eller etterlattepensjonist i husstanden.",
        "nn": "Det er ein alders-, uføre- eller etterlatnepensjonist i husstanden.",
    },
    formel="medlem and (alderspensjonist or uforepensjonist or etterlattepensjonist or ung_ufor)",
    eksempel={
        "medlem": [True],
        "alderspensjonist": [True],
        "uforepensjonist": [False],
        "etterlattepensjonist": [False],
        "ung_ufor": [False],
    },
    forbehold="At det er nok at én i husstanden er pensjonist, er sluttet av ordlyden. En ung ufør er uførepensjonist.",
)
def har_pensjonist(
    medlem: Flagg,
    alderspensjonist: Flagg,
    uforepensjonist: Flagg,
    etterlattepensjonist: Flagg,
    ung_ufor: Flagg,
) -> Flagg:
    return medlem & (alderspensjonist | uforepensjonist | etterlattepensjonist | ung_ufor)


@REGLER.regel(
    "oppvarmingstillegg",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2022-06",
    gyldig_til="2024-08",
    enhet="kr/år",
    tekst={
        "nb": "Pensjonister som ikke betaler oppvarming gjennom husleien eller felleskostnadene, får et fast tillegg.",
        "nn": "Pensjonistar som ikkje betaler oppvarming gjennom husleiga eller felleskostnadene, får eit fast "
        "tillegg.",
    },
    formel="oppvarming if har_pensjonist and not oppvarming_inkludert else 0",
    eksempel={"har_pensjonist": True, "oppvarming_inkludert": False},
)
def oppvarmingstillegg_pensjonister(
    har_pensjonist: Flagg, oppvarming_inkludert: Flagg, oppvarming: float
) -> Tall:
    return (har_pensjonist & ~oppvarming_inkludert) * oppvarming


@REGLER.regel(
    "oppvarmingstillegg",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2024-09",
    enhet="kr/år",
    tekst={
        "nb": "Den som ikke betaler oppvarming gjennom husleien eller felleskostnadene, får et fast tillegg.",
        "nn": "Den som ikkje betaler oppvarming gjennom husleiga eller felleskostnadene, får eit fast tillegg.",
    },
    formel="oppvarming if not oppvarming_inkludert else 0",
    eksempel={"oppvarming_inkludert": False},
)
def oppvarmingstillegg_alle(oppvarming_inkludert: Flagg, oppvarming: float) -> Tall:
    return ~oppvarming_inkludert * oppvarming


@REGLER.regel(
    "boutgifter",
    hjemmel=f"{FORSKRIFT} § 2",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Boutgiftene i året: det som er dokumentert for måneden, ganget med tolv, og de faste beløpene.",
        "nn": "Buutgiftene i året: det som er dokumentert for månaden, gonga med tolv, og dei faste beløpa.",
    },
    formel="12 * boutgift_per_maned + kommunale_avgifter + driftsbelop + oppvarmingstillegg",
    eksempel={
        "boutgift_per_maned": 12000,
        "kommunale_avgifter": 0,
        "driftsbelop": 0,
        "oppvarmingstillegg": 0,
    },
)
def boutgifter(
    boutgift_per_maned: Tall, kommunale_avgifter: Tall, driftsbelop: Tall, oppvarmingstillegg: Tall
) -> Tall:
    sum_ = 12.0 * boutgift_per_maned
    sum_ += kommunale_avgifter
    sum_ += driftsbelop
    sum_ += oppvarmingstillegg
    return sum_


@REGLER.regel(
    "kommunegruppe",
    hjemmel=f"{FORSKRIFT} § 3",
    gyldig_fra="2022-06",
    enhet="gruppe",
    tekst={
        "nb": "Kommunene er delt i fire grupper: Oslo, de største byene, noen pressområder og resten.",
        "nn": "Kommunane er delte i fire grupper: Oslo, dei største byane, nokre pressområde og resten.",
    },
    formel="gruppe_for(kommunenummer)",
    eksempel={"kommunenummer": "0301"},
)
def kommunegruppe(kommunenummer: Heltall, gruppetabell: Heltall) -> Heltall:
    return gruppetabell[kommunenummer]


@REGLER.regel(
    "boutgiftstak",
    hjemmel=f"{FORSKRIFT} § 3",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Boutgiftene godkjennes opp til et tak etter husstandens størrelse, kommunegruppen og om boligen er "
        "spesialtilpasset.",
        "nn": "Buutgiftene blir godkjende opp til eit tak etter storleiken på husstanden, kommunegruppa og om "
        "bustaden er spesialtilpassa.",
    },
    formel="tak_husstand[min(antall_personer, 5) - 1] + tak_gruppe[kommunegruppe - 1] "
    "+ (tak_spesialtilpasset if spesialtilpasset else 0)",
    eksempel={"antall_personer": 2, "kommunegruppe": 1, "spesialtilpasset": False},
)
def boutgiftstak(
    antall_personer: Heltall,
    kommunegruppe: Heltall,
    spesialtilpasset: Flagg,
    tak_husstand: Tall,
    tak_gruppe: Tall,
    tak_spesialtilpasset: float,
) -> Tall:
    tak = tak_husstand[np.minimum(antall_personer, 5) - 1]
    tak += tak_gruppe[kommunegruppe - 1]
    tak += spesialtilpasset * tak_spesialtilpasset
    ut: Kolonne = tak
    return ut


@REGLER.regel(
    "godkjente_boutgifter",
    hjemmel=f"{FORSKRIFT} § 3",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Godkjente boutgifter er boutgiftene, men ikke mer enn taket.",
        "nn": "Godkjende buutgifter er buutgiftene, men ikkje meir enn taket.",
    },
    formel="min(boutgifter, boutgiftstak)",
    eksempel={"boutgifter": 144000, "boutgiftstak": 141756},
)
def godkjente_boutgifter(boutgifter: Tall, boutgiftstak: Tall) -> Tall:
    return np.minimum(boutgifter, boutgiftstak)
