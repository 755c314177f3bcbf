"""Egenandel: stepwise to June 2024, linear from July 2024; and the amount that follows from it."""

import numpy as np

from domain.bostotte.regelsett import FORSKRIFT, REGLER
from domain.regler.avrunding import til_kroner
from domain.regler.kolonne import Flagg, Heltall, Tall

_TERSKEL_1 = {
    "nb": "Terskelen der egenandelen begynner å stige med inntekten.",
    "nn": "Terskelen der eigendelen byrjar å stige med inntekta.",
}
_TERSKEL_2 = {
    "nb": "Terskelen der egenandelen begynner å stige brattere.",
    "nn": "Terskelen der eigendelen byrjar å stige brattare.",
}
_BEGGE = "Gjelder både terskelen for ung ufør og den for enslig pensjonist, brukes den høyeste."


@REGLER.regel(
    "terskel_1",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    gyldig_til="2024-06",
    enhet="kr/år",
    tekst=_TERSKEL_1,
    formel="trinn_terskel_1_pensjonist if enslig_pensjonist else trinn_terskel_1",
    eksempel={"enslig_pensjonist": False},
)
def terskel_1_trinnvis(
    enslig_pensjonist: Flagg, trinn_terskel_1: float, trinn_terskel_1_pensjonist: float
) -> Tall:
    return np.where(enslig_pensjonist, trinn_terskel_1_pensjonist, trinn_terskel_1)


@REGLER.regel(
    "terskel_1",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2024-07",
    enhet="kr/år",
    tekst=_TERSKEL_1,
    formel="linear_terskel_1_pensjonist if enslig_pensjonist else linear_terskel_1",
    eksempel={"enslig_pensjonist": False},
)
def terskel_1_linear(
    enslig_pensjonist: Flagg, linear_terskel_1: float, linear_terskel_1_pensjonist: float
) -> Tall:
    return np.where(enslig_pensjonist, linear_terskel_1_pensjonist, linear_terskel_1)


def _terskel_2(
    enslig_pensjonist: Flagg, har_ung_ufor: Flagg, vanlig: float, pensjonist: float, ung: float
) -> Tall:
    terskel = np.where(enslig_pensjonist, pensjonist, vanlig)
    return np.where(har_ung_ufor, np.maximum(terskel, ung), terskel)


@REGLER.regel(
    "terskel_2",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    gyldig_til="2024-06",
    enhet="kr/år",
    tekst=_TERSKEL_2,
    formel="max(trinn_terskel_2_pensjonist if enslig_pensjonist else trinn_terskel_2, "
    "trinn_terskel_2_ung_ufor if har_ung_ufor else 0)",
    eksempel={"enslig_pensjonist": False, "har_ung_ufor": False},
    forbehold=_BEGGE,
)
def terskel_2_trinnvis(
    enslig_pensjonist: Flagg,
    har_ung_ufor: Flagg,
    trinn_terskel_2: float,
    trinn_terskel_2_pensjonist: float,
    trinn_terskel_2_ung_ufor: float,
) -> Tall:
    return _terskel_2(
        enslig_pensjonist, har_ung_ufor, trinn_terskel_2, trinn_terskel_2_pensjonist, trinn_terskel_2_ung_ufor
    )


@REGLER.regel(
    "terskel_2",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2024-07",
    enhet="kr/år",
    tekst=_TERSKEL_2,
    formel="max(linear_terskel_2_pensjonist if enslig_pensjonist else linear_terskel_2, "
    "linear_terskel_2_ung_ufor if har_ung_ufor else 0)",
    eksempel={"enslig_pensjonist": False, "har_ung_ufor": True},
    forbehold=_BEGGE,
)
def terskel_2_linear(
    enslig_pensjonist: Flagg,
    har_ung_ufor: Flagg,
    linear_terskel_2: float,
    linear_terskel_2_pensjonist: float,
    linear_terskel_2_ung_ufor: float,
) -> Tall:
    return _terskel_2(
        enslig_pensjonist,
        har_ung_ufor,
        linear_terskel_2,
        linear_terskel_2_pensjonist,
        linear_terskel_2_ung_ufor,
    )


@REGLER.regel(
    "trinn",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    gyldig_til="2024-06",
    enhet="antall",
    tekst={
        "nb": "Antall påbegynte trinn over andre terskel.",
        "nn": "Talet på påbyrja trinn over andre terskel.",
    },
    formel="max(0, 1 + floor((vektet_inntekt - (terskel_2 + 1)) / trinn_lengde))",
    eksempel={"vektet_inntekt": 250000, "terskel_2": 207909},
)
def trinn(vektet_inntekt: Tall, terskel_2: Tall, trinn_lengde: float) -> Tall:
    """The first krone above the threshold begins the first step; below it the count is zero."""
    over = vektet_inntekt - (terskel_2 + 1.0)
    over /= trinn_lengde
    np.floor(over, out=over)
    over += 1.0
    return np.maximum(over, 0.0, out=over)


@REGLER.regel(
    "trinntillegg",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2021-12",
    gyldig_til="2024-03",
    enhet="kr/år",
    tekst={
        "nb": "For hvert påbegynte trinn legges en sats av hele den vektede inntekten til. Satsen var midlertidig "
        "lavere i terminene desember 2021 til mars 2024.",
        "nn": "For kvart påbyrja trinn blir ein sats av heile den vekta inntekta lagd til. Satsen var mellombels "
        "lågare i terminane desember 2021 til mars 2024.",
    },
    formel="trinn_sats_midlertidig * trinn * vektet_inntekt",
    eksempel={"trinn": 24, "vektet_inntekt": 222954},
)
def trinntillegg_midlertidig(trinn: Tall, vektet_inntekt: Tall, trinn_sats_midlertidig: float) -> Tall:
    return trinn_sats_midlertidig * trinn * vektet_inntekt


@REGLER.regel(
    "trinntillegg",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2024-04",
    gyldig_til="2024-06",
    enhet="kr/år",
    tekst={
        "nb": "For hvert påbegynte trinn legges en sats av hele den vektede inntekten til.",
        "nn": "For kvart påbyrja trinn blir ein sats av heile den vekta inntekta lagd til.",
    },
    formel="trinn_sats * trinn * vektet_inntekt",
    eksempel={"trinn": 24, "vektet_inntekt": 242000},
    forbehold="At den ordinære satsen gjaldt terminene april til juni 2024, er sluttet av ordlyden.",
)
def trinntillegg_ordinaert(trinn: Tall, vektet_inntekt: Tall, trinn_sats: float) -> Tall:
    return trinn_sats * trinn * vektet_inntekt


@REGLER.regel(
    "egenandel",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2022-06",
    gyldig_til="2024-06",
    enhet="kr/år",
    tekst={
        "nb": "Egenandelen er et minstebeløp, en andel av inntekten over første terskel og trinntillegget.",
        "nn": "Eigendelen er eit minstebeløp, ein del av inntekta over første terskel og trinntillegget.",
    },
    formel="egenandel_minste + egenandel_andel_1 * max(0, vektet_inntekt - terskel_1) + trinntillegg",
    eksempel={"vektet_inntekt": 242000, "terskel_1": 123621, "trinntillegg": 12414.6},
)
def egenandel_trinnvis(
    vektet_inntekt: Tall,
    terskel_1: Tall,
    trinntillegg: Tall,
    egenandel_minste: float,
    egenandel_andel_1: float,
) -> Tall:
    over = vektet_inntekt - terskel_1
    np.maximum(over, 0.0, out=over)
    over *= egenandel_andel_1
    over += egenandel_minste
    over += trinntillegg
    return over


@REGLER.regel(
    "egenandel",
    hjemmel=f"{FORSKRIFT} § 4",
    gyldig_fra="2024-07",
    enhet="kr/år",
    tekst={
        "nb": "Egenandelen er et minstebeløp, en andel av inntekten over første terskel og en andel til av inntekten "
        "over andre terskel.",
        "nn": "Eigendelen er eit minstebeløp, ein del av inntekta over første terskel og ein del til av inntekta over "
        "andre terskel.",
    },
    formel="egenandel_minste + egenandel_andel_1 * max(0, vektet_inntekt - terskel_1) "
    "+ egenandel_andel_2 * max(0, vektet_inntekt - terskel_2)",
    eksempel={"vektet_inntekt": 187826.09, "terskel_1": 137462, "terskel_2": 245278},
)
def egenandel_linear(
    vektet_inntekt: Tall,
    terskel_1: Tall,
    terskel_2: Tall,
    egenandel_minste: float,
    egenandel_andel_1: float,
    egenandel_andel_2: float,
) -> Tall:
    over = vektet_inntekt - terskel_1
    np.maximum(over, 0.0, out=over)
    over *= egenandel_andel_1
    over += egenandel_minste
    bratt = vektet_inntekt - terskel_2
    np.maximum(bratt, 0.0, out=bratt)
    bratt *= egenandel_andel_2
    over += bratt
    return over


@REGLER.regel(
    "stotte_per_ar",
    hjemmel=f"{FORSKRIFT} § 1",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Bostøtten i året er en fast andel av det som godkjente boutgifter er høyere enn egenandelen.",
        "nn": "Bustøtta i året er ein fast del av det som godkjende buutgifter er høgare enn eigendelen.",
    },
    formel="dekningsgrad * max(0, godkjente_boutgifter - egenandel)",
    eksempel={"godkjente_boutgifter": 141756, "egenandel": 34855.86},
)
def stotte_per_ar(godkjente_boutgifter: Tall, egenandel: Tall, dekningsgrad: float) -> Tall:
    over = godkjente_boutgifter - egenandel
    np.maximum(over, 0.0, out=over)
    over *= dekningsgrad
    return over


@REGLER.regel(
    "beregnet_belop",
    hjemmel=f"{FORSKRIFT} § 1",
    gyldig_fra="2022-06",
    enhet="kr/md",
    tekst={
        "nb": "Bostøtten i måneden: en tolvdel av året, rundet av til hele kroner.",
        "nn": "Bustøtta i månaden: ein tolvdel av året, runda av til heile kroner.",
    },
    formel="til_kroner(stotte_per_ar / 12)",
    eksempel={"stotte_per_ar": 78785.4},
    forbehold="Avrundingen er ikke funnet i kildene. Her: nærmeste hele krone, en halv oppover, og bare til slutt.",
)
def beregnet_belop(stotte_per_ar: Tall) -> Heltall:
    return til_kroner(stotte_per_ar / 12.0)
