"""A loan's terms changed: deferral, longer term, another kind of rate, early repayment."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.startlan.koder import INDEKS
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, LANENDRING

_FRA = FORSTE_TERMIN


@LANENDRING.regel(
    "hele_tiden",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="år",
    tekst={
        "nb": "Hele nedbetalingstiden: terminene som er betalt, og de som da gjenstår.",
        "nn": "Heile nedbetalingstida: terminane som er betalte, og dei som då står att.",
    },
    formel="(betalte + nye_terminer) / per_ar",
    eksempel={"betalte": 24, "nye_terminer": 336, "per_ar": 12},
)
def hele_tiden(betalte: Heltall, nye_terminer: Heltall, per_ar: Heltall) -> Tall:
    ut: Kolonne = (betalte + nye_terminer) / per_ar
    return ut


@LANENDRING.regel(
    "hele_avdragsfriheten",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="år",
    tekst={
        "nb": "Hele den avdragsfrie tiden: den som er brukt, og den som da gjenstår.",
        "nn": "Heile den avdragsfrie tida: den som er brukt, og den som då står att.",
    },
    formel="(avdragsfrie_brukt + nye_avdragsfrie) / per_ar",
    eksempel={"avdragsfrie_brukt": 12, "nye_avdragsfrie": 12, "per_ar": 12},
)
def hele_avdragsfriheten(avdragsfrie_brukt: Heltall, nye_avdragsfrie: Heltall, per_ar: Heltall) -> Tall:
    ut: Kolonne = (avdragsfrie_brukt + nye_avdragsfrie) / per_ar
    return ut


@LANENDRING.regel(
    "endring_utenfor_grensene",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Nedbetalingstid eller avdragsfrihet ville bli lengre enn grensene, eller påslaget høyere. I "
        "forsøket for "
        "førstegangsetablerere betales det avdrag.",
        "nn": "Nedbetalingstid eller avdragsfridom ville bli lengre enn grensene, eller påslaget høgare. I "
        "forsøket for "
        "førstegongsetablerarar blir det betalt avdrag.",
    },
    formel="(nye_terminer > terminer and hele_tiden > lengste_tid) or (nye_avdragsfrie > avdragsfrie and "
    "hele_avdragsfriheten > (0 if forstegang else lengste_avdragsfrihet)) or paslag > hoyeste_paslag "
    "or nye_terminer <= nye_avdragsfrie",
    eksempel={
        "hele_tiden": 30,
        "lengste_tid": 30,
        "hele_avdragsfriheten": 2,
        "forstegang": False,
        "paslag": 0.0,
        "terminer": 336,
        "nye_terminer": 336,
        "avdragsfrie": 0,
        "nye_avdragsfrie": 12,
    },
)
def endring_utenfor_grensene(
    hele_tiden: Tall,
    lengste_tid: Tall,
    hele_avdragsfriheten: Tall,
    forstegang: Flagg,
    paslag: Tall,
    terminer: Heltall,
    nye_terminer: Heltall,
    avdragsfrie: Heltall,
    nye_avdragsfrie: Heltall,
    lengste_avdragsfrihet: float,
    hoyeste_paslag: float,
) -> Flagg:
    fri = np.where(forstegang, 0.0, lengste_avdragsfrihet)
    for_lenge = (nye_terminer > terminer) & (hele_tiden > lengste_tid)
    for_fritt = (nye_avdragsfrie > avdragsfrie) & (hele_avdragsfriheten > fri)
    ut: Kolonne = for_lenge | for_fritt | (paslag > hoyeste_paslag) | (nye_terminer <= nye_avdragsfrie)
    return ut


@LANENDRING.regel(
    "endring_uten_grunn",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Kommunen må finne grunn til endringen. Å betale før tiden er låntakerens rett.",
        "nn": "Kommunen må finne grunn til endringa. Å betale før tida er retten til låntakaren.",
    },
    formel="mangler_opplysninger or (not grunn_til_endring and not er_innbetaling)",
    eksempel={"mangler_opplysninger": False, "grunn_til_endring": True, "er_innbetaling": False},
)
def endring_uten_grunn(mangler_opplysninger: Flagg, grunn_til_endring: Flagg, er_innbetaling: Flagg) -> Flagg:
    ut: Kolonne = mangler_opplysninger | (~grunn_til_endring & ~er_innbetaling)
    return ut


@LANENDRING.regel(
    "kode",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={
        "nb": "Vedtakskoden: endringen gis, er utenfor grensene, eller er uten grunn.",
        "nn": "Vedtakskoden: endringa blir gitt, er utanfor grensene, eller er utan grunn.",
    },
    formel="'E01' if endring_utenfor_grensene else 'E02' if endring_uten_grunn else 'E00'",
    eksempel={"endring_utenfor_grensene": False, "endring_uten_grunn": False},
)
def kode(endring_utenfor_grensene: Flagg, endring_uten_grunn: Flagg) -> Heltall:
    ut: Kolonne = np.where(endring_uten_grunn, INDEKS["E02"], INDEKS["E00"])
    return np.where(endring_utenfor_grensene, INDEKS["E01"], ut)


@LANENDRING.regel(
    "kurs",
    hjemmel=f"{FORSKRIFT} § 8-2",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Overkurs (låntakeren betaler) eller, under null, underkurs når en fastrenteavtale brytes.",
        "nn": "Overkurs (låntakaren betaler) eller, under null, underkurs når ein fastrenteavtale blir broten.",
    },
    formel="beregnet_kurs if kode == 'E00' else 0",
    eksempel={"beregnet_kurs": 12_000, "kode": "E00"},
)
def kurs(beregnet_kurs: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = beregnet_kurs * (kode == INDEKS["E00"])
    return ut


@LANENDRING.regel(
    "belop",
    hjemmel=f"{FORSKRIFT} § 8-5",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Det som betales på lånet før tiden.",
        "nn": "Det som blir betalt på lånet før tida.",
    },
    formel="innbetalt if kode == 'E00' else 0",
    eksempel={"innbetalt": 100_000, "kode": "E00"},
)
def belop(innbetalt: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = innbetalt * (kode == INDEKS["E00"])
    return ut
