"""The rules of Boks C.1, one function a sentence, over columns of households. Amounts are Danish kroner a year.

Where the box only says that something is raised or excepted, the act says how (boligstøtteloven, LBK 229/2021)."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser

FORSTE_TERMIN = "2020-01"
SIDSTE_TERMIN = "2021-12"
"""Rates change each January, and those of later years are in no source."""
SPROG = "da"
REGLER = Regelsett("boligstotte", (SPROG,))
SATSER = les_satser("domain.boligstotte_dk", (SPROG,))
SLAGS = ("boligsikring", "boligydelse")
LOV = "boligstøtteloven"


@REGLER.regel(
    "arealgraense",
    hjemmel=f"{LOV} kapitel 2",
    gyldig_fra=FORSTE_TERMIN,
    enhet="m²",
    tekst={"da": "Det areal der kan gives støtte til, i m²."},
    formel="maks_areal + areal_per_person * (personer - 1)"
    " + areal_bevaegelseshaemmet * (bevaegelseshaemmet or dognhjaelp)",
    eksempel={"personer": 2, "bevaegelseshaemmet": False, "dognhjaelp": False},
)
def arealgraense(
    personer: Heltall,
    bevaegelseshaemmet: Flagg,
    dognhjaelp: Flagg,
    maks_areal: float,
    areal_per_person: float,
    areal_bevaegelseshaemmet: float,
) -> Tall:
    return (
        maks_areal
        + areal_per_person * (personer - 1)
        + areal_bevaegelseshaemmet * (bevaegelseshaemmet | dognhjaelp)
    )


@REGLER.regel(
    "huslejegraense",
    hjemmel=f"{LOV} § 14, stk. 1-3",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={
        "da": "Den højeste husleje der kan gives støtte til; forhøjet ved børn, bevægelseshæmning eller døgnhjælp."
    },
    formel="maks_husleje[slags] * (1 + maks_husleje_per_barn * min(born, 4)), eller til nærmeste hundrede"
    " maks_husleje[slags] * (1 + maks_husleje_per_barn * min(born, 4) + maks_husleje_bevaegelseshaemmet)"
    " if bevaegelseshaemmet or dognhjaelp",
    eksempel={"slags": 0, "born": 2, "bevaegelseshaemmet": False, "dognhjaelp": False},
    forbehold="Loven siger ikke om de to forhøjelser lægges sammen; her er begge af det samme beløb.",
)
def huslejegraense(
    slags: Heltall,
    born: Heltall,
    bevaegelseshaemmet: Flagg,
    dognhjaelp: Flagg,
    maks_husleje: Tall,
    maks_husleje_per_barn: float,
    maks_husleje_bevaegelseshaemmet: float,
) -> Tall:
    med_born = 1 + maks_husleje_per_barn * np.minimum(born, 4)
    forhojet = maks_husleje[slags] * (med_born + maks_husleje_bevaegelseshaemmet)
    syg = bevaegelseshaemmet | dognhjaelp
    ut: Tall = np.where(syg, np.floor(forhojet / 100 + 0.5) * 100, maks_husleje[slags] * med_born)
    return ut


@REGLER.regel(
    "stotteberettiget_husleje",
    hjemmel=f"{LOV} kapitel 2 og § 14",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={"da": "Huslejen for det areal og op til det beløb der kan gives støtte til."},
    formel="min(husleje * min(1, arealgraense / areal), inf if anvist and"
    " (slags == boligydelse or bevaegelseshaemmet or dognhjaelp) else huslejegraense)",
    eksempel={
        "slags": 0, "husleje": 90_000.0, "areal": 80.0, "anvist": False, "bevaegelseshaemmet": False,
        "dognhjaelp": False, "arealgraense": 65.0, "huslejegraense": 82_100.0,
    },
)  # fmt: skip
def stotteberettiget_husleje(
    slags: Heltall,
    husleje: Tall,
    areal: Tall,
    anvist: Flagg,
    bevaegelseshaemmet: Flagg,
    dognhjaelp: Flagg,
    arealgraense: Tall,
    huslejegraense: Tall,
) -> Tall:
    i_areal = husleje * np.minimum(1.0, arealgraense / areal)
    undtaget = anvist & ((slags == 1) | bevaegelseshaemmet | dognhjaelp)
    return np.where(undtaget, i_areal, np.minimum(i_areal, huslejegraense))


@REGLER.regel(
    "indkomstfradrag",
    hjemmel=f"{LOV} §§ 21 og 22",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={
        "da": "En andel af indkomsten over grænsen, som forhøjes for det andet til det fjerde barn;"
        " i boligsikring for det første til det tredje når to voksne begge er under 30 år."
    },
    formel="indkomstandel[slags] * max(0, indkomst - indkomstgraense[slags] - indkomstgraense_per_barn[slags]"
    " * (min(born, 3) if unge_voksne and slags == boligsikring else min(max(born - 1, 0), 3)))",
    eksempel={"slags": 0, "born": 2, "unge_voksne": False, "indkomst": 200_000.0},
)
def indkomstfradrag(
    slags: Heltall,
    born: Heltall,
    unge_voksne: Flagg,
    indkomst: Tall,
    indkomstandel: Tall,
    indkomstgraense: Tall,
    indkomstgraense_per_barn: Tall,
) -> Tall:
    antal = np.where(unge_voksne & (slags == 0), np.minimum(born, 3), np.clip(born - 1, 0, 3))
    graense = indkomstgraense[slags] + indkomstgraense_per_barn[slags] * antal
    ut: Tall = indkomstandel[slags] * np.maximum(indkomst - graense, 0.0)
    return ut


@REGLER.regel(
    "loft_uden_boern_gaelder",
    hjemmel=f"{LOV} § 22, stk. 3",
    gyldig_fra=FORSTE_TERMIN,
    enhet="flagg",
    tekst={"da": "Boligsikring uden børn er højst 15 pct. af huslejen, bortset fra særlige forhold."},
    formel="slags == boligsikring and born == 0"
    " and not (bevaegelseshaemmet or dognhjaelp or saerlig_stotte or fortidspension)",
    eksempel={
        "slags": 0, "born": 0, "bevaegelseshaemmet": False, "dognhjaelp": False, "saerlig_stotte": False,
        "fortidspension": False,
    },
)  # fmt: skip
def loft_uden_boern_gaelder(
    slags: Heltall,
    born: Heltall,
    bevaegelseshaemmet: Flagg,
    dognhjaelp: Flagg,
    saerlig_stotte: Flagg,
    fortidspension: Flagg,
) -> Flagg:
    undtaget = bevaegelseshaemmet | dognhjaelp | saerlig_stotte | fortidspension
    ut: Flagg = (slags == 0) & (born == 0) & ~undtaget
    return ut


@REGLER.regel(
    "stottegraense",
    hjemmel=f"{LOV} § 23",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={"da": "Den højeste støtte; forhøjet ved fire eller flere børn, bevægelseshæmning eller døgnhjælp."},
    formel="stotteberettiget_husleje if anvist and"
    " (slags == boligydelse or fortidspension and (bevaegelseshaemmet or dognhjaelp))"
    " else maks_stotte[slags] * (1 + max(maks_stotte_boern * (born >= 4),"
    " maks_stotte_bevaegelseshaemmet * (bevaegelseshaemmet or dognhjaelp)))",
    eksempel={
        "slags": 0, "born": 4, "bevaegelseshaemmet": False, "dognhjaelp": False, "anvist": False,
        "fortidspension": False, "stotteberettiget_husleje": 70_000.0,
    },
    forbehold="Hverken boksen eller loven siger om de to forhøjelser lægges sammen; her gælder den største.",
)  # fmt: skip
def stottegraense(
    slags: Heltall,
    born: Heltall,
    bevaegelseshaemmet: Flagg,
    dognhjaelp: Flagg,
    anvist: Flagg,
    fortidspension: Flagg,
    stotteberettiget_husleje: Tall,
    maks_stotte: Tall,
    maks_stotte_boern: float,
    maks_stotte_bevaegelseshaemmet: float,
) -> Tall:
    syg = bevaegelseshaemmet | dognhjaelp
    forhojelse = np.maximum(maks_stotte_boern * (born >= 4), maks_stotte_bevaegelseshaemmet * syg)
    undtaget = anvist & ((slags == 1) | (fortidspension & syg))
    return np.where(undtaget, stotteberettiget_husleje, maks_stotte[slags] * (1 + forhojelse))


@REGLER.regel(
    "stotte",
    hjemmel=f"{LOV} §§ 21, 22 og 23",
    gyldig_fra=FORSTE_TERMIN,
    enhet="kr/år",
    tekst={"da": "Støtten om året: andelen af huslejen, mindre indkomstfradraget, inden for lofterne."},
    formel="max(0, min(stotteandel[slags] * stotteberettiget_husleje - indkomstfradrag, stottegraense,"
    " loft_uden_boern * stotteberettiget_husleje if loft_uden_boern_gaelder else inf))",
    eksempel={
        "slags": 0, "stotteberettiget_husleje": 70_000.0, "indkomstfradrag": 9_648.0,
        "loft_uden_boern_gaelder": False, "stottegraense": 43_332.0,
    },
)  # fmt: skip
def stotte(
    slags: Heltall,
    stotteberettiget_husleje: Tall,
    indkomstfradrag: Tall,
    loft_uden_boern_gaelder: Flagg,
    stottegraense: Tall,
    stotteandel: Tall,
    loft_uden_boern: float,
) -> Kolonne:
    beregnet = stotteandel[slags] * stotteberettiget_husleje - indkomstfradrag
    loft = np.where(loft_uden_boern_gaelder, loft_uden_boern * stotteberettiget_husleje, np.inf)
    ut: Tall = np.maximum(np.minimum(np.minimum(beregnet, loft), stottegraense), 0.0)
    return ut
