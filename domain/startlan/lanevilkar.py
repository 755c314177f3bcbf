"""On which terms startlån may be given (forskrift om lån fra Husbanken § 8-5), and when a second line looks at it."""

from typing import Any

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, LANENDRING, SOKNAD

_FRA = FORSTE_TERMIN


_LENGSTE_TID: dict[str, Any] = {
    "navn": "lengste_tid",
    "hjemmel": f"{FORSKRIFT} § 8-5",
    "gyldig_fra": _FRA,
    "enhet": "år",
    "tekst": {
        "nb": "Nedbetalingstiden er høyst 30 år. Den kan være opptil 50 år når lav inntekt er varig, boligen "
        "dekker et "
        "langvarig behov, leie er uegnet eller klart dyrere, og kortere tid er uforsvarlig. Varig lav inntekt kan "
        "fravikes for husstander med barn eller fare for å miste boligen når inntekten er lav og forutsigbar; de "
        "to neste ved fare for å miste boligen. I forsøket for førstegangsetablerere er den høyst 30 år.",
        "nn": "Nedbetalingstida er høgst 30 år. Ho kan vere opptil 50 år når låg inntekt er varig, bustaden "
        "dekkjer eit "
        "langvarig behov, leige er ueigna eller klart dyrare, og kortare tid er uforsvarleg. Varig låg inntekt kan "
        "fråvikast for husstandar med barn eller fare for å miste bustaden når inntekta er låg og føreseieleg; dei "
        "to neste ved fare for å miste bustaden. I forsøket for førstegongsetablerarar er ho høgst 30 år.",
    },
    "formel": "lengste_sarlig_nedbetalingstid if not forstegang and (varig_lav_inntekt or "
    "(lav_forutsigbar_inntekt and "
    "(barn > 0 or fare_for_a_miste_boligen))) and (dekker_langvarig_behov or fare_for_a_miste_boligen) and "
    "(leie_uegnet_eller_dyrere or fare_for_a_miste_boligen) and kortere_tid_uforsvarlig else lengste_nedbetalingstid",
    "eksempel": {
        "forstegang": False,
        "barn": 1,
        "varig_lav_inntekt": False,
        "lav_forutsigbar_inntekt": True,
        "fare_for_a_miste_boligen": False,
        "dekker_langvarig_behov": True,
        "leie_uegnet_eller_dyrere": True,
        "kortere_tid_uforsvarlig": True,
    },
}


@SOKNAD.regel(**_LENGSTE_TID)
@LANENDRING.regel(**_LENGSTE_TID)
def lengste_tid(
    forstegang: Flagg,
    barn: Heltall,
    varig_lav_inntekt: Flagg,
    lav_forutsigbar_inntekt: Flagg,
    fare_for_a_miste_boligen: Flagg,
    dekker_langvarig_behov: Flagg,
    leie_uegnet_eller_dyrere: Flagg,
    kortere_tid_uforsvarlig: Flagg,
    lengste_nedbetalingstid: float,
    lengste_sarlig_nedbetalingstid: float,
) -> Tall:
    fare = fare_for_a_miste_boligen
    inntekt = varig_lav_inntekt | (lav_forutsigbar_inntekt & ((barn > 0) | fare))
    bolig = (dekker_langvarig_behov | fare) & (leie_uegnet_eller_dyrere | fare)
    sarlig = ~forstegang & inntekt & bolig & kortere_tid_uforsvarlig
    return np.where(sarlig, lengste_sarlig_nedbetalingstid, lengste_nedbetalingstid)


@SOKNAD.regel(
    "lengste_avdragsfri",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="år",
    tekst={
        "nb": "Lånet kan være avdragsfritt i opptil åtte år. I forsøket for førstegangsetablerere betales det "
        "avdrag.",
        "nn": "Lånet kan vere avdragsfritt i opptil åtte år. I forsøket for førstegongsetablerarar blir det betalt "
        "avdrag.",
    },
    formel="0 if forstegang else lengste_avdragsfrihet",
    eksempel={"forstegang": False},
)
def lengste_avdragsfri(forstegang: Flagg, lengste_avdragsfrihet: float) -> Tall:
    return np.where(forstegang, 0.0, lengste_avdragsfrihet)


@SOKNAD.regel(
    "vilkar_utenfor",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Nedbetalingstid, avdragsfrihet eller påslag er utenfor grensene.",
        "nn": "Nedbetalingstid, avdragsfridom eller påslag er utanfor grensene.",
    },
    formel="nedbetalingstid > lengste_tid or avdragsfri_ar > lengste_avdragsfri or paslag > hoyeste_paslag",
    eksempel={
        "nedbetalingstid": 30,
        "lengste_tid": 30,
        "avdragsfri_ar": 0,
        "lengste_avdragsfri": 8,
        "paslag": 0.0025,
    },
)
def vilkar_utenfor(
    nedbetalingstid: Tall,
    lengste_tid: Tall,
    avdragsfri_ar: Tall,
    lengste_avdragsfri: Tall,
    paslag: Tall,
    hoyeste_paslag: float,
) -> Flagg:
    ut: Kolonne = (
        (nedbetalingstid > lengste_tid) | (avdragsfri_ar > lengste_avdragsfri) | (paslag > hoyeste_paslag)
    )
    return ut


@SOKNAD.regel(
    "over_engasjementsgrensen",
    hjemmel="instruks for internkontroll §§ om engasjementsgrense",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Det samlede engasjementet krever vurdering i andre linje.",
        "nn": "Det samla engasjementet krev vurdering i andre linje.",
    },
    formel="lanebehov + husbanken_for > engasjementsgrense",
    eksempel={"lanebehov": 2_500_000, "husbanken_for": 0},
)
def over_engasjementsgrensen(lanebehov: Tall, husbanken_for: Tall, engasjementsgrense: float) -> Flagg:
    ut: Kolonne = lanebehov + husbanken_for > engasjementsgrense
    return ut
