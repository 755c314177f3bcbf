"""Tax-free income, livsopphold, and what is left: the economic margin."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.samspill.regelsett import FRA_RAPPORT, RAPPORT, REGLER


@REGLER.regel(
    "samlet_barnetrygd",
    hjemmel="barnetrygdloven §§ 9 og 10",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Barnetrygd for hvert barn, og utvidet barnetrygd til en enslig forsørger.",
        "nn": "Barnetrygd for kvart barn, og utvida barnetrygd til ein einsleg forsørgjar.",
    },
    formel="barnetrygd * barn + (utvidet_barnetrygd if voksne == 1 and barn > 0 else 0)",
    eksempel={"voksne": 1, "barn": 1},
)
def samlet_barnetrygd(voksne: Heltall, barn: Heltall, barnetrygd: float, utvidet_barnetrygd: float) -> Tall:
    ut: Kolonne = barnetrygd * barn + utvidet_barnetrygd * ((voksne == 1) & (barn > 0))
    return ut


@REGLER.regel(
    "samlet_barnebidrag",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Barnebidrag til en enslig forsørger.",
        "nn": "Fostringstilskot til ein einsleg forsørgjar.",
    },
    formel="barnebidrag * barn if voksne == 1 else 0",
    eksempel={"voksne": 1, "barn": 1},
)
def samlet_barnebidrag(voksne: Heltall, barn: Heltall, barnebidrag: float) -> Tall:
    ut: Kolonne = barnebidrag * barn * (voksne == 1)
    return ut


@REGLER.regel(
    "barnetilsyn",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "For barn i barnehage: stønad til barnetilsyn til en enslig, skatteverdien av fradraget til et par.",
        "nn": "For barn i barnehage: stønad til barnetilsyn til ein einsleg, skatteverdien av frådraget til eit par.",
    },
    formel="(stonad_barnetilsyn if voksne == 1 else fradrag_barnetilsyn_verdi)[min(barn, 2) - 1] "
    "if barnehage and barn > 0 else 0",
    eksempel={"voksne": 1, "barn": 1, "barnehage": True},
)
def barnetilsyn(
    voksne: Heltall,
    barn: Heltall,
    barnehage: Flagg,
    stonad_barnetilsyn: Tall,
    fradrag_barnetilsyn_verdi: Tall,
) -> Tall:
    plass = np.clip(barn, 1, 2) - 1
    verdi = np.where(voksne == 1, stonad_barnetilsyn[plass], fradrag_barnetilsyn_verdi[plass])
    ut: Kolonne = verdi * (barnehage & (barn > 0))
    return ut


@REGLER.regel(
    "skattefri_inntekt",
    hjemmel=f"{RAPPORT}, kap. 2.6.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Skattefri inntekt er den som er oppgitt; ellers barnetrygd, barnebidrag og barnetilsyn.",
        "nn": "Skattefri inntekt er den som er oppgitt; elles barnetrygd, fostringstilskot og barnetilsyn.",
    },
    formel="oppgitt_skattefri if oppgitt_skattefri is not None else "
    "samlet_barnetrygd + samlet_barnebidrag + barnetilsyn",
    eksempel={
        "oppgitt_skattefri": None,
        "samlet_barnetrygd": 23_280,
        "samlet_barnebidrag": 9_600,
        "barnetilsyn": 0,
    },
)
def skattefri_inntekt(
    oppgitt_skattefri: Tall, samlet_barnetrygd: Tall, samlet_barnebidrag: Tall, barnetilsyn: Tall
) -> Tall:
    modellens = samlet_barnetrygd + samlet_barnebidrag + barnetilsyn
    return np.where(np.isnan(oppgitt_skattefri), modellens, oppgitt_skattefri)


@REGLER.regel(
    "livsopphold",
    hjemmel=f"{RAPPORT}, kap. 2.9",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Livsoppholdet er det som er oppgitt; ellers satsen i den valgte tabellen for voksne og barn.",
        "nn": "Livsopphaldet er det som er oppgitt; elles satsen i den valde tabellen for vaksne og barn.",
    },
    formel="oppgitt_livsopphold if oppgitt_livsopphold is not None else "
    "{('sifo', False): livsopphold_sifo_skole, ('sifo', True): livsopphold_sifo_barnehage, "
    "('sifo_minimum', False): livsopphold_sifo_minimum_skole, "
    "('sifo_minimum', True): livsopphold_sifo_minimum_barnehage, "
    "('namsfogden', False): livsopphold_namsfogden_skole, "
    "('namsfogden', True): livsopphold_namsfogden_barnehage, "
    "('sosialhjelp', False): livsopphold_sosialhjelp_skole, "
    "('sosialhjelp', True): livsopphold_sosialhjelp_barnehage}[livsoppholdstabell, barnehage]"
    "[3 * (voksne - 1) + min(barn, 2)]",
    eksempel={
        "oppgitt_livsopphold": None,
        "livsoppholdstabell": "sifo_minimum",
        "voksne": 1,
        "barn": 1,
        "barnehage": False,
    },
)
def livsopphold(
    oppgitt_livsopphold: Tall,
    livsoppholdstabell: Heltall,
    voksne: Heltall,
    barn: Heltall,
    barnehage: Flagg,
    livsopphold_sifo_skole: Tall,
    livsopphold_sifo_barnehage: Tall,
    livsopphold_sifo_minimum_skole: Tall,
    livsopphold_sifo_minimum_barnehage: Tall,
    livsopphold_namsfogden_skole: Tall,
    livsopphold_namsfogden_barnehage: Tall,
    livsopphold_sosialhjelp_skole: Tall,
    livsopphold_sosialhjelp_barnehage: Tall,
) -> Tall:
    satser = np.concatenate(
        [
            livsopphold_sifo_skole,
            livsopphold_sifo_barnehage,
            livsopphold_sifo_minimum_skole,
            livsopphold_sifo_minimum_barnehage,
            livsopphold_namsfogden_skole,
            livsopphold_namsfogden_barnehage,
            livsopphold_sosialhjelp_skole,
            livsopphold_sosialhjelp_barnehage,
        ]
    )
    rad = 2 * livsoppholdstabell + barnehage
    sats = satser[6 * rad + 3 * (voksne - 1) + np.minimum(barn, 2)]
    return np.where(np.isnan(oppgitt_livsopphold), sats, oppgitt_livsopphold)


@REGLER.regel(
    "driftsutgifter",
    hjemmel=f"{RAPPORT}, kap. 2.2",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Drift og vedlikehold er det som er oppgitt; ellers et anslag som er likt for alle boliger.",
        "nn": "Drift og vedlikehald er det som er oppgitt; elles eit anslag som er likt for alle bustader.",
    },
    formel="oppgitt_drift if oppgitt_drift is not None else drift_margin",
    eksempel={"oppgitt_drift": None},
)
def driftsutgifter(oppgitt_drift: Tall, drift_margin: float) -> Tall:
    return np.where(np.isnan(oppgitt_drift), drift_margin, oppgitt_drift)


@REGLER.regel(
    "margin_uten_bostotte",
    hjemmel=f"{RAPPORT}, kap. 2.4.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={
        "nb": "Det som er igjen når skatt, boutgifter, andre lån og livsopphold er betalt, uten bostøtte.",
        "nn": "Det som er att når skatt, buutgifter, andre lån og livsopphald er betalte, utan bustøtte.",
    },
    formel="personinntekt - skatt + skattefri_inntekt - lanekostnader - leie - driftsutgifter - andre_lanekostnader "
    "- livsopphold",
    eksempel={
        "personinntekt": 210_000,
        "skatt": 21_991,
        "skattefri_inntekt": 32_880,
        "lanekostnader": 65_291,
        "leie": 0,
        "driftsutgifter": 16_500,
        "andre_lanekostnader": 0,
        "livsopphold": 132_838,
    },
)
def margin_uten_bostotte(
    personinntekt: Tall,
    skatt: Tall,
    skattefri_inntekt: Tall,
    lanekostnader: Tall,
    leie: Tall,
    driftsutgifter: Tall,
    andre_lanekostnader: Tall,
    livsopphold: Tall,
) -> Tall:
    rest = personinntekt - skatt
    rest += skattefri_inntekt
    for utgift in (lanekostnader, leie, driftsutgifter, andre_lanekostnader, livsopphold):
        rest -= utgift
    return rest


@REGLER.regel(
    "okonomisk_margin",
    hjemmel=f"{RAPPORT}, kap. 2.4.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="kr/år",
    tekst={"nb": "Økonomisk margin når bostøtten er med.", "nn": "Økonomisk margin når bustøtta er med."},
    formel="margin_uten_bostotte + bostotte",
    eksempel={"margin_uten_bostotte": 6_260, "bostotte": 0},
)
def okonomisk_margin(margin_uten_bostotte: Tall, bostotte: Tall) -> Tall:
    return margin_uten_bostotte + bostotte


@REGLER.regel(
    "startlan_mulig",
    hjemmel=f"{RAPPORT}, kap. 2.4.1",
    gyldig_fra=FRA_RAPPORT,
    enhet="flagg",
    tekst={
        "nb": "Startlån kan gis når den økonomiske marginen er positiv.",
        "nn": "Startlån kan bli gitt når den økonomiske marginen er positiv.",
    },
    formel="okonomisk_margin > 0",
    eksempel={"okonomisk_margin": 6_260},
)
def startlan_mulig(okonomisk_margin: Tall) -> Flagg:
    ut: Kolonne = okonomisk_margin > 0
    return ut
