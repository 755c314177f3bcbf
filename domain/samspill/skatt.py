"""Tax of the household a year: one adult, or two with equal incomes."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.samspill.regelsett import FRA_DAGENS, FRA_RAPPORT, RAPPORT, REGLER, TIL_RAPPORT


@REGLER.regel(
    "minstefradrag",
    hjemmel="skatteloven §§ 6-31 og 6-32",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Minstefradraget er en andel av inntekten innenfor en nedre og en øvre grense, for hver voksen.",
        "nn": "Minstefrådraget er ein del av inntekta innanfor ei nedre og ei øvre grense, for kvar vaksen.",
    },
    formel="voksne * min(min(max(minstefradrag_andel * personinntekt / voksne, minstefradrag_nedre), "
    "minstefradrag_ovre), personinntekt / voksne)",
    eksempel={"personinntekt": 210_000, "voksne": 1},
)
def minstefradrag(
    personinntekt: Tall,
    voksne: Heltall,
    minstefradrag_andel: float,
    minstefradrag_nedre: float,
    minstefradrag_ovre: float,
) -> Tall:
    hver = personinntekt / voksne
    fradrag = np.clip(minstefradrag_andel * hver, minstefradrag_nedre, minstefradrag_ovre)
    ut: Kolonne = voksne * np.minimum(fradrag, hver)
    return ut


@REGLER.regel(
    "samlet_personfradrag",
    hjemmel="skatteloven § 15-4",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={"nb": "Personfradraget for alle voksne.", "nn": "Personfrådraget for alle vaksne."},
    formel="voksne * personfradrag[voksne - 1]",
    eksempel={"voksne": 2},
)
def samlet_personfradrag(voksne: Heltall, personfradrag: Tall) -> Tall:
    ut: Kolonne = voksne * personfradrag[voksne - 1]
    return ut


@REGLER.regel(
    "skatt_alminnelig",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Skatt på inntekten når renter, minstefradrag og personfradrag er trukket fra.",
        "nn": "Skatt på inntekta når renter, minstefrådrag og personfrådrag er trekte frå.",
    },
    formel="skattesats * max(0, personinntekt - renter - minstefradrag - samlet_personfradrag)",
    eksempel={
        "personinntekt": 210_000,
        "renter": 46_761,
        "minstefradrag": 67_000,
        "samlet_personfradrag": 77_700,
    },
)
def skatt_alminnelig(
    personinntekt: Tall, renter: Tall, minstefradrag: Tall, samlet_personfradrag: Tall, skattesats: float
) -> Tall:
    grunnlag = personinntekt - renter - minstefradrag - samlet_personfradrag
    ut: Kolonne = skattesats * np.maximum(grunnlag, 0.0)
    return ut


_TRYGD = {
    "nb": "Trygdeavgift; for en ung ufør satsen for trygd.",
    "nn": "Trygdeavgift; for ein ung ufør satsen for trygd.",
}


@REGLER.regel(
    "avgift_trygd",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst=_TRYGD,
    formel="personinntekt * trygdeavgift[1 if ung_ufor else 0]",
    eksempel={"personinntekt": 210_000, "ung_ufor": False},
    forbehold="Rapporten ser bort fra den nedre grensen.",
)
def avgift_trygd_flat(personinntekt: Tall, ung_ufor: Flagg, trygdeavgift: Tall) -> Tall:
    ut: Kolonne = personinntekt * np.where(ung_ufor, trygdeavgift[1], trygdeavgift[0])
    return ut


@REGLER.regel(
    "avgift_trygd",
    hjemmel="folketrygdloven § 23-3",
    gyldig_fra=FRA_DAGENS,
    enhet="kr/år",
    tekst=_TRYGD,
    formel="voksne * max(0, min(personinntekt / voksne * trygdeavgift[1 if ung_ufor else 0], "
    "trygdeavgift_opptrapping * (personinntekt / voksne - trygdeavgift_grense)))",
    eksempel={"personinntekt": 300_000, "voksne": 1, "ung_ufor": False},
)
def avgift_trygd_opptrappet(
    personinntekt: Tall,
    voksne: Heltall,
    ung_ufor: Flagg,
    trygdeavgift: Tall,
    trygdeavgift_grense: float,
    trygdeavgift_opptrapping: float,
) -> Tall:
    hver = personinntekt / voksne
    full = hver * np.where(ung_ufor, trygdeavgift[1], trygdeavgift[0])
    ut: Kolonne = voksne * np.maximum(
        np.minimum(full, trygdeavgift_opptrapping * (hver - trygdeavgift_grense)), 0.0
    )
    return ut


@REGLER.regel(
    "toppskatt",
    hjemmel="Stortingets skattevedtak",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Toppskatt på husstandens inntekt over innslagspunktet.",
        "nn": "Toppskatt på inntekta til husstanden over innslagspunktet.",
    },
    formel="toppskatt_sats * max(0, personinntekt - toppskatt_grense)",
    eksempel={"personinntekt": 448_000},
    forbehold="Rapporten nevner ikke toppskatten; tabellen for par med to barn viser at den er med.",
)
def toppskatt(personinntekt: Tall, toppskatt_sats: float, toppskatt_grense: float) -> Tall:
    return toppskatt_sats * np.maximum(personinntekt - toppskatt_grense, 0.0)


@REGLER.regel(
    "toppskatt",
    hjemmel="Stortingets skattevedtak",
    gyldig_fra=FRA_DAGENS,
    enhet="kr/år",
    tekst={
        "nb": "Trinnskatt på inntekten til hver voksen.",
        "nn": "Trinnskatt på inntekta til kvar vaksen.",
    },
    formel="voksne * sum((s - u) * max(0, personinntekt / voksne - g) "
    "for s, u, g in zip(trinnskatt_sats, [0] + trinnskatt_sats, trinnskatt_grense))",
    eksempel={"personinntekt": 500_000, "voksne": 1},
)
def trinnskatt(personinntekt: Tall, voksne: Heltall, trinnskatt_sats: Tall, trinnskatt_grense: Tall) -> Tall:
    hver = personinntekt / voksne
    skatt = np.zeros_like(hver)
    under = 0.0
    for sats, grense in zip(trinnskatt_sats, trinnskatt_grense, strict=True):
        skatt += (sats - under) * np.maximum(hver - grense, 0.0)
        under = sats
    ut: Kolonne = voksne * skatt
    return ut


@REGLER.regel(
    "skatt",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={"nb": "Samlet skatt og trygdeavgift.", "nn": "Samla skatt og trygdeavgift."},
    formel="skatt_alminnelig + avgift_trygd + toppskatt",
    eksempel={"skatt_alminnelig": 5_191, "avgift_trygd": 16_800, "toppskatt": 0},
)
def skatt(skatt_alminnelig: Tall, avgift_trygd: Tall, toppskatt: Tall) -> Tall:
    return skatt_alminnelig + avgift_trygd + toppskatt
