"""Finance: price, grant, loan, and the first year's interest and principal of an annuity with yearly instalments."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.samspill.regelsett import FRA_DAGENS, FRA_RAPPORT, RAPPORT, REGLER, TIL_RAPPORT

UNG_UFOR_PLASS = 4
"""Place of ung ufør in the rates by dwelling; persons 1–4 stand at 0–3."""


@REGLER.regel(
    "personer",
    hjemmel=f"{RAPPORT}, kap. 2.5",
    gyldig_fra=FRA_RAPPORT,
    enhet="antall",
    tekst={"nb": "Antall voksne og barn i husstanden.", "nn": "Talet på vaksne og barn i husstanden."},
    formel="voksne + barn",
    eksempel={"voksne": 1, "barn": 1},
)
def personer(voksne: Heltall, barn: Heltall) -> Heltall:
    ut: Kolonne = voksne + barn
    return ut


def boligplass(personer: Heltall, ung_ufor: Flagg) -> Heltall:
    """Place in rates by dwelling: 1, 2, 3, 4 persons, ung ufør."""
    return np.where(ung_ufor, UNG_UFOR_PLASS, np.minimum(personer, UNG_UFOR_PLASS) - 1)


_KJOPESUM = {
    "nb": "Kjøpesummen er den som er oppgitt; ellers prisen for en boligstørrelse som passer husstanden, i regionen.",
    "nn": "Kjøpesummen er den som er oppgitt; elles prisen for ein bustadstorleik som høver husstanden, i regionen.",
}


@REGLER.regel(
    "kjopesum",
    hjemmel=f"{RAPPORT}, Figur 2.2",
    gyldig_fra=FRA_RAPPORT,
    gyldig_til=TIL_RAPPORT,
    enhet="kr",
    tekst=_KJOPESUM,
    formel="oppgitt_kjopesum if oppgitt_kjopesum is not None else "
    "[boligpris_region_0, boligpris_region_1, boligpris_region_2, boligpris_region_3][region]"
    "[4 if ung_ufor else min(personer, 4) - 1]",
    eksempel={"oppgitt_kjopesum": None, "personer": 2, "ung_ufor": False, "region": 0},
)
def kjopesum_etter_tabell(
    oppgitt_kjopesum: Tall,
    personer: Heltall,
    ung_ufor: Flagg,
    region: Heltall,
    boligpris_region_0: Tall,
    boligpris_region_1: Tall,
    boligpris_region_2: Tall,
    boligpris_region_3: Tall,
) -> Tall:
    priser = np.stack([boligpris_region_0, boligpris_region_1, boligpris_region_2, boligpris_region_3])
    return np.where(
        np.isnan(oppgitt_kjopesum), priser[region, boligplass(personer, ung_ufor)], oppgitt_kjopesum
    )


@REGLER.regel(
    "kjopesum",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_DAGENS,
    enhet="kr",
    tekst={"nb": "Kjøpesummen er den som er oppgitt.", "nn": "Kjøpesummen er den som er oppgitt."},
    formel="oppgitt_kjopesum",
    eksempel={"oppgitt_kjopesum": 3_000_000},
)
def kjopesum_oppgitt(oppgitt_kjopesum: Tall) -> Tall:
    return oppgitt_kjopesum


@REGLER.regel(
    "tilskudd",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr",
    tekst={
        "nb": "Boligtilskuddet er en andel av kjøpesummen.",
        "nn": "Bustadtilskotet er ein del av kjøpesummen.",
    },
    formel="tilskuddsandel * kjopesum",
    eksempel={"tilskuddsandel": 0.4, "kjopesum": 1_199_000},
)
def tilskudd(tilskuddsandel: Tall, kjopesum: Tall) -> Tall:
    return tilskuddsandel * kjopesum


@REGLER.regel(
    "lan",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr",
    tekst={
        "nb": "Resten av kjøpesummen lånes, når tilskudd og egenkapital er trukket fra.",
        "nn": "Resten av kjøpesummen blir lånt, når tilskot og eigenkapital er trekte frå.",
    },
    formel="max(0, kjopesum - tilskudd - egenkapital)",
    eksempel={"kjopesum": 1_199_000, "tilskudd": 479_600, "egenkapital": 0},
)
def lan(kjopesum: Tall, tilskudd: Tall, egenkapital: Tall) -> Tall:
    ut: Kolonne = np.maximum(kjopesum - tilskudd - egenkapital, 0.0)
    return ut


@REGLER.regel(
    "renter",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={"nb": "Renter det første året.", "nn": "Renter det første året."},
    formel="lan * kalkulasjonsrente",
    eksempel={"lan": 719_400, "kalkulasjonsrente": 0.065},
)
def renter(lan: Tall, kalkulasjonsrente: Tall) -> Tall:
    return lan * kalkulasjonsrente


@REGLER.regel(
    "lanekostnader",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Renter og avdrag i et år på et annuitetslån med årlige terminer.",
        "nn": "Renter og avdrag i eit år på eit annuitetslån med årlege terminar.",
    },
    formel="lan * kalkulasjonsrente / (1 - (1 + kalkulasjonsrente) ** -nedbetalingstid) "
    "if kalkulasjonsrente > 0 else lan / nedbetalingstid",
    eksempel={"lan": 719_400, "kalkulasjonsrente": 0.065, "nedbetalingstid": 20},
)
def lanekostnader(lan: Tall, kalkulasjonsrente: Tall, nedbetalingstid: Tall) -> Tall:
    return lan * annuitetsfaktor(kalkulasjonsrente, nedbetalingstid)


def annuitetsfaktor(rente: Tall, ar: Tall) -> Tall:
    """Yearly payment for a loan of 1; ``rente`` 0 gives equal instalments. Exact also for very small rates."""
    positiv = np.where(rente > 0, rente, 1.0)
    return np.where(rente > 0, positiv / -np.expm1(-ar * np.log1p(positiv)), 1.0 / ar)


@REGLER.regel(
    "avdrag",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={"nb": "Avdrag det første året.", "nn": "Avdrag det første året."},
    formel="lanekostnader - renter",
    eksempel={"lanekostnader": 65_291, "renter": 46_761},
)
def avdrag(lanekostnader: Tall, renter: Tall) -> Tall:
    return lanekostnader - renter


@REGLER.regel(
    "leie",
    hjemmel=f"{RAPPORT}, kap. 7.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Ved delt eierskap leies den andelen som ellers ville vært dekket av tilskudd.",
        "nn": "Ved delt eigarskap blir den delen leigd som elles ville vore dekt av tilskot.",
    },
    formel="oppgitt_leiesats * tilskudd if delt_eierskap else 0",
    eksempel={"delt_eierskap": False, "oppgitt_leiesats": 0.03, "tilskudd": 479_600},
)
def leie(delt_eierskap: Flagg, oppgitt_leiesats: Tall, tilskudd: Tall) -> Tall:
    ut: Kolonne = delt_eierskap * (oppgitt_leiesats * tilskudd)
    return ut
