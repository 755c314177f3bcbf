"""Income with its four parts, and the wealth supplement, which is one of them."""

import numpy as np

from domain.bostotte.fakta import DISPOSISJONSFORMER
from domain.bostotte.regelsett import FORSKRIFT, REGLER
from domain.regler.avrunding import to_tredjedeler
from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall

_BORETTSLAG = DISPOSISJONSFORMER.index("borettslag")
_EID = DISPOSISJONSFORMER.index("eid")


@REGLER.regel(
    "manedsinntekt_medregnet",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    gyldig_til="2024-12",
    enhet="kr/md",
    niva="person",
    tekst={
        "nb": "Inntekt utbetalt i måneden, brutto, slik den er meldt i a-ordningen.",
        "nn": "Inntekt utbetalt i månaden, brutto, slik ho er meld i a-ordninga.",
    },
    formel="manedsinntekt if inntekt_medregnes else 0",
    eksempel={"manedsinntekt": [18000, 2000], "inntekt_medregnes": [True, False]},
)
def manedsinntekt_hel(manedsinntekt: Heltall, inntekt_medregnes: Flagg) -> Heltall:
    return manedsinntekt * inntekt_medregnes


@REGLER.regel(
    "manedsinntekt_medregnet",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2025-01",
    enhet="kr/md",
    niva="person",
    tekst={
        "nb": "Inntekt utbetalt i måneden, brutto, slik den er meldt i a-ordningen. Er dagpenger eller "
        "arbeidsavklaringspenger utbetalt tre ganger i måneden, regnes to tredjedeler av ytelsen med.",
        "nn": "Inntekt utbetalt i månaden, brutto, slik ho er meld i a-ordninga. Er dagpengar eller "
        "arbeidsavklaringspengar utbetalte tre gonger i månaden, blir to tredjedelar av ytinga rekna med.",
    },
    formel="(manedsinntekt - (ytelse_14_belop - til_ore(2 * ytelse_14_belop / 3) "
    "if ytelse_14_utbetalinger >= 3 else 0)) if inntekt_medregnes else 0",
    eksempel={
        "manedsinntekt": [27000],
        "inntekt_medregnes": [True],
        "ytelse_14_belop": [27000],
        "ytelse_14_utbetalinger": [3],
    },
)
def manedsinntekt_to_tredjedeler(
    manedsinntekt: Heltall,
    inntekt_medregnes: Flagg,
    ytelse_14_belop: Heltall,
    ytelse_14_utbetalinger: Heltall,
) -> Heltall:
    ikke_med = (ytelse_14_belop - to_tredjedeler(ytelse_14_belop)) * (ytelse_14_utbetalinger >= 3)
    ut: Kolonne = (manedsinntekt - ikke_med) * inntekt_medregnes
    return ut


@REGLER.regel(
    "meldepliktig_medregnet",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    enhet="kr/år",
    niva="person",
    tekst={
        "nb": "Meldepliktige inntekter: netto kapitalinntekt over fribeløpet, personinntekt fra næring og all inntekt "
        "fra utlandet, slik de ventes for hele året.",
        "nn": "Meldepliktige inntekter: netto kapitalinntekt over fribeløpet, personinntekt frå næring og all inntekt "
        "frå utlandet, slik dei er venta for heile året.",
    },
    formel="(max(0, kapital - kapital_fribelop) + max(0, naering) + utland) if inntekt_medregnes else 0",
    eksempel={"kapital": [10000], "naering": [50000], "utland": [0], "inntekt_medregnes": [True]},
    forbehold="Underskudd i kapital eller næring gir ikke fradrag i annen inntekt; det er sluttet av ordlyden.",
)
def meldepliktig_medregnet(
    kapital: Heltall, naering: Heltall, utland: Heltall, inntekt_medregnes: Flagg, kapital_fribelop: float
) -> Heltall:
    """The allowance is whole kroner, so it is exact in øre."""
    over = np.maximum(kapital - int(kapital_fribelop) * 100, 0)
    over += np.maximum(naering, 0)
    over += utland
    ut: Kolonne = over * inntekt_medregnes
    return ut


@REGLER.regel(
    "manedsinntekt_husstand",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    enhet="kr/md",
    samle="sum",
    tekst={
        "nb": "Husstandens inntekt i måneden etter a-ordningen.",
        "nn": "Inntekta til husstanden i månaden etter a-ordninga.",
    },
    formel="manedsinntekt_medregnet",
    eksempel={"manedsinntekt_medregnet": [18000, 0]},
)
def manedsinntekt_husstand(manedsinntekt_medregnet: Heltall) -> Heltall:
    return manedsinntekt_medregnet


@REGLER.regel(
    "leieinntekt_husstand",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    enhet="kr/md",
    samle="sum",
    tekst={
        "nb": "Husstandens skattefrie leieinntekt i måneden.",
        "nn": "Den skattefrie leigeinntekta til husstanden i månaden.",
    },
    formel="skattefri_leieinntekt if inntekt_medregnes else 0",
    eksempel={"skattefri_leieinntekt": [4000], "inntekt_medregnes": [True]},
)
def leieinntekt_husstand(skattefri_leieinntekt: Heltall, inntekt_medregnes: Flagg) -> Heltall:
    return skattefri_leieinntekt * inntekt_medregnes


@REGLER.regel(
    "meldepliktig_husstand",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    enhet="kr/år",
    samle="sum",
    tekst={
        "nb": "Husstandens meldepliktige inntekter i året.",
        "nn": "Dei meldepliktige inntektene til husstanden i året.",
    },
    formel="meldepliktig_medregnet",
    eksempel={"meldepliktig_medregnet": [53114, 0]},
)
def meldepliktig_husstand(meldepliktig_medregnet: Heltall) -> Heltall:
    return meldepliktig_medregnet


@REGLER.regel(
    "formue_bolig_husstand",
    hjemmel=f"{FORSKRIFT} § 6",
    gyldig_fra="2022-06",
    enhet="kr",
    samle="sum",
    tekst={
        "nb": "Husstandens formuesverdi av bolig.",
        "nn": "Formuesverdien til husstanden av bustad.",
    },
    formel="formue_bolig if inntekt_medregnes else 0",
    eksempel={"formue_bolig": [900000], "inntekt_medregnes": [True]},
)
def formue_bolig_husstand(formue_bolig: Heltall, inntekt_medregnes: Flagg) -> Heltall:
    return formue_bolig * inntekt_medregnes


@REGLER.regel(
    "formue_annen_husstand",
    hjemmel=f"{FORSKRIFT} § 6",
    gyldig_fra="2022-06",
    enhet="kr",
    samle="sum",
    tekst={"nb": "Husstandens annen nettoformue.", "nn": "Annan nettoformue i husstanden."},
    formel="formue_annen if inntekt_medregnes else 0",
    eksempel={"formue_annen": [100000], "inntekt_medregnes": [True]},
)
def formue_annen_husstand(formue_annen: Heltall, inntekt_medregnes: Flagg) -> Heltall:
    return formue_annen * inntekt_medregnes


@REGLER.regel(
    "boligfradrag",
    hjemmel=f"{FORSKRIFT} § 6",
    gyldig_fra="2022-06",
    enhet="kr",
    tekst={
        "nb": "Den som eier boligen, får trekke fra formuesverdien av den, opp til et høyeste fribeløp.",
        "nn": "Den som eig bustaden, får trekkje frå formuesverdien av han, opp til eit høgaste fribeløp.",
    },
    formel="min(formue_bolig_husstand, formue_bolig_fribelop) if disposisjonsform in ('eid', 'borettslag') else 0",
    eksempel={"formue_bolig_husstand": 900000, "disposisjonsform": "eid"},
    forbehold="Ordlyden i § 6 er ikke funnet. Fribeløpet for bolig brukes først; det som er igjen av boligverdien, "
    "legges til annen formue før det alminnelige fribeløpet.",
)
def boligfradrag(
    formue_bolig_husstand: Tall, disposisjonsform: Heltall, formue_bolig_fribelop: float
) -> Tall:
    """[X] in the sources: whether this allowance comes before or together with the general one. Here: before."""
    eier = (disposisjonsform == _EID) | (disposisjonsform == _BORETTSLAG)
    ut: Kolonne = np.minimum(formue_bolig_husstand, formue_bolig_fribelop) * eier
    return ut


@REGLER.regel(
    "formuestillegg",
    hjemmel=f"{FORSKRIFT} § 6",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "En andel av husstandens nettoformue over det alminnelige fribeløpet legges til inntekten i året.",
        "nn": "Ein del av nettoformuen til husstanden over det alminnelege fribeløpet blir lagd til inntekta i året.",
    },
    formel="formue_andel * max(0, formue_bolig_husstand - boligfradrag + formue_annen_husstand - formue_fribelop)",
    eksempel={"formue_bolig_husstand": 900000, "boligfradrag": 700000, "formue_annen_husstand": 250000},
)
def formuestillegg(
    formue_bolig_husstand: Tall,
    boligfradrag: Tall,
    formue_annen_husstand: Tall,
    formue_andel: float,
    formue_fribelop: float,
) -> Tall:
    over = formue_bolig_husstand - boligfradrag
    over += formue_annen_husstand
    over -= formue_fribelop
    np.maximum(over, 0.0, out=over)
    over *= formue_andel
    return over


@REGLER.regel(
    "arsinntekt",
    hjemmel=f"{FORSKRIFT} § 5",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Husstandens inntekt regnet for et år: måneden ganget med tolv, meldepliktige inntekter og "
        "formuestillegg.",
        "nn": "Inntekta til husstanden rekna for eit år: månaden gonga med tolv, meldepliktige inntekter og "
        "formuestillegg.",
    },
    formel="max(0, 12 * (manedsinntekt_husstand + leieinntekt_husstand) + meldepliktig_husstand + formuestillegg)",
    eksempel={
        "manedsinntekt_husstand": 18000,
        "leieinntekt_husstand": 0,
        "meldepliktig_husstand": 0,
        "formuestillegg": 0,
    },
)
def arsinntekt(
    manedsinntekt_husstand: Tall,
    leieinntekt_husstand: Tall,
    meldepliktig_husstand: Tall,
    formuestillegg: Tall,
) -> Tall:
    inntekt = manedsinntekt_husstand + leieinntekt_husstand
    inntekt *= 12.0
    inntekt += meldepliktig_husstand
    inntekt += formuestillegg
    ut: Kolonne = np.maximum(inntekt, 0.0, out=inntekt)
    return ut


@REGLER.regel(
    "vektet_inntekt",
    hjemmel=f"{FORSKRIFT} § 7",
    gyldig_fra="2022-06",
    enhet="kr/år",
    tekst={
        "nb": "Inntekten i året delt på husstandens inntektsvekt.",
        "nn": "Inntekta i året delt på inntektsvekta til husstanden.",
    },
    formel="arsinntekt / inntektsvekt",
    eksempel={"arsinntekt": 300000, "inntektsvekt": 1.26},
)
def vektet_inntekt(arsinntekt: Tall, inntektsvekt: Tall) -> Tall:
    return arsinntekt / inntektsvekt
