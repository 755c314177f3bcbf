"""The rules of lån til boligkvalitet (Husbankens veileder for lån; Husbankens årsrapport 2024, kap. 3.4)."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, regelskriver
from domain.tilsagn.felt import antall, flagg, valg
from domain.tilsagn.lan import FORSKRIFT, LANEFELT, LOPETID, legg_til_lopetid
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("lanboligkvalitet")
SATSER = les_satser("domain.tilsagn.lanboligkvalitet")
FRA = "2020-01"
FORMAL = ("miljovennlig", "livslop", "oppgradering")

FELT = (
    valg("formal", "Hva lånet går til.", "Kva lånet går til.", FORMAL),
    SOKER_KOMMUNE,
    antall("boliger", "Boliger i prosjektet.", "Bustader i prosjektet.", minst=1),
    *LANEFELT,
    antall(
        "kriterier", "Miljøkriterier som er oppfylt, av fem.", "Miljøkriterium som er oppfylte, av fem.", 0
    ),
    flagg("svanemerket", "Prosjektet er svanemerket.", "Prosjektet er svanemerkt."),
    flagg("breeam_very_good", "BREEAM-NOR Very Good eller bedre.", "BREEAM-NOR Very Good eller betre."),
    flagg("livslopsstandard", "Boligene har livsløpsstandard.", "Bustadene har livsløpsstandard."),
    flagg("bedre_energi", "Oppgraderingen gir lavere energibehov.", "Oppgraderinga gir lågare energibehov."),
    flagg(
        "bedre_tilgjengelighet",
        "Oppgraderingen gir bedre tilgjengelighet.",
        "Oppgraderinga gir betre tilgjenge.",
    ),
    flagg(
        "ett_krav_godtatt",
        "Husbanken godtar at en oppgradering oppfyller bare ett av kravene.",
        "Husbanken godtek at ei oppgradering oppfyller berre eitt av krava.",
    ),
    antall(
        "enebolig_bra",
        "BRA-i i en enebolig, m²; 0 når det ikke er en enebolig.",
        "BRA-i i ein einebustad, m²; 0 når det ikkje er ein einebustad.",
        0,
    ),
    antall(
        "sekundar_bra",
        "BRA-i i sekundærboligen, m²; 0 når det ikke er noen.",
        "BRA-i i sekundærbustaden, m²; 0 når det ikkje er nokon.",
        0,
    ),
    flagg("bim", "Prosjektet har bygningsinformasjonsmodell.", "Prosjektet har bygningsinformasjonsmodell."),
    antall("underleverandorledd", "Ledd av underleverandører.", "Ledd av underleverandørar.", 1),
    antall("oppstart_om", "Måneder til byggestart.", "Månader til byggjestart.", 0),
    flagg(
        "distrikt",
        "Prosjektet ligger i et distrikt der verdien er lavere enn kostnaden.",
        "Prosjektet ligg i eit distrikt der verdien er lågare enn kostnaden.",
    ),
)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)


def _nybygg(
    formal: Heltall, kriterier: Heltall, svanemerket: Flagg, breeam: Flagg, livslop: Flagg, krav: float
) -> Flagg:
    """New homes: the environment, or a standard for the whole of life."""
    ut: Flagg = ((formal == 0) & ((kriterier >= krav) | svanemerket | breeam)) | ((formal == 1) & livslop)
    return ut


def _ett_krav(
    formal: Heltall,
    kriterier: Heltall,
    svanemerket: Flagg,
    breeam_very_good: Flagg,
    livslopsstandard: Flagg,
    bedre_energi: Flagg,
    bedre_tilgjengelighet: Flagg,
    miljokriterier: float,
) -> Flagg:
    oppgradering: Flagg = (formal == 2) & (bedre_energi | bedre_tilgjengelighet)
    return oppgradering | _nybygg(
        formal, kriterier, svanemerket, breeam_very_good, livslopsstandard, miljokriterier
    )


def _begge_krav(
    formal: Heltall,
    kriterier: Heltall,
    svanemerket: Flagg,
    breeam_very_good: Flagg,
    livslopsstandard: Flagg,
    bedre_energi: Flagg,
    bedre_tilgjengelighet: Flagg,
    ett_krav_godtatt: Flagg,
    miljokriterier: float,
) -> Flagg:
    holder = bedre_energi & bedre_tilgjengelighet | ett_krav_godtatt & (bedre_energi | bedre_tilgjengelighet)
    oppgradering: Flagg = (formal == 2) & holder
    return oppgradering | _nybygg(
        formal, kriterier, svanemerket, breeam_very_good, livslopsstandard, miljokriterier
    )


_NYBYGG = (
    "(formal == 'miljovennlig' and (kriterier >= miljokriterier or svanemerket or breeam_very_good)) "
    "or (formal == 'livslop' and livslopsstandard) "
)
_UOPPFYLT = {
    "kriterier": 3,
    "svanemerket": False,
    "breeam_very_good": False,
    "livslopsstandard": False,
    "bedre_energi": False,
    "bedre_tilgjengelighet": False,
}
_regel(
    "kvalitet_holder",
    "flagg",
    "Miljøvennlige boliger oppfyller tre av fem miljøkriterier, er svanemerket eller har BREEAM-NOR Very Good; "
    "livsløpsboliger har livsløpsstandard; en oppgradering gir bedre energibruk eller tilgjengelighet.",
    "Miljøvennlege bustader oppfyller tre av fem miljøkriterium, er svanemerkte eller har BREEAM-NOR Very Good; "
    "livsløpsbustader har livsløpsstandard; ei oppgradering gir betre energibruk eller tilgjenge.",
    _NYBYGG + "or (formal == 'oppgradering' and (bedre_energi or bedre_tilgjengelighet))",
    {"formal": "miljovennlig", **_UOPPFYLT},
    _ett_krav,
    til_versjon=1,
)
_regel(
    "kvalitet_holder",
    "flagg",
    "Miljøvennlige boliger oppfyller tre av fem miljøkriterier, er svanemerket eller har BREEAM-NOR Very Good; "
    "livsløpsboliger har livsløpsstandard; en oppgradering gir både bedre energibruk og bedre tilgjengelighet, eller "
    "ett av dem når Husbanken har godtatt det.",
    "Miljøvennlege bustader oppfyller tre av fem miljøkriterium, er svanemerkte eller har BREEAM-NOR Very Good; "
    "livsløpsbustader har livsløpsstandard; ei oppgradering gir både betre energibruk og betre tilgjenge, eller eitt "
    "av dei når Husbanken har godteke det.",
    _NYBYGG + "or (formal == 'oppgradering' and (bedre_energi and bedre_tilgjengelighet "
    "or ett_krav_godtatt and (bedre_energi or bedre_tilgjengelighet)))",
    {"formal": "oppgradering", **_UOPPFYLT, "bedre_energi": True, "ett_krav_godtatt": True},
    _begge_krav,
    forbehold="Hovedregelen om begge krav står i Husbankens årsrapport 2024 (oppdrag 7a); når ett krav er nok, gjør "
    "den ikke rede for, men 29 prosent av oppgraderingene i tabell 3.19 har bare ett.",
    fra_versjon=2,
)
_regel(
    "arealet_holder",
    "flagg",
    "En enebolig er ikke over 200 m² BRA-i; med sekundærbolig ikke over 250, og sekundærboligen ikke over 80.",
    "Ein einebustad er ikkje over 200 m² BRA-i; med sekundærbustad ikkje over 250, og sekundærbustaden ikkje over 80.",
    "enebolig_bra <= (maks_bra_sekundar if sekundar_bra > 0 else maks_bra) and sekundar_bra <= maks_sekundar",
    {"enebolig_bra": 240, "sekundar_bra": 60},
    lambda enebolig_bra, sekundar_bra, maks_bra, maks_bra_sekundar, maks_sekundar: (
        (enebolig_bra <= np.where(sekundar_bra > 0, maks_bra_sekundar, maks_bra))
        & (sekundar_bra <= maks_sekundar)
    ),
)
_regel(
    "bim_holder",
    "flagg",
    "Prosjekter med minst 20 boliger har bygningsinformasjonsmodell.",
    "Prosjekt med minst 20 bustader har bygningsinformasjonsmodell.",
    "boliger < bim_fra_boliger or bim",
    {"boliger": 20, "bim": True},
    lambda boliger, bim, bim_fra_boliger: (boliger < bim_fra_boliger) | bim,
)
_regel(
    "leddene_holder",
    "flagg",
    "Entreprenøren bruker ikke mer enn to ledd av underleverandører.",
    "Entreprenøren bruker ikkje meir enn to ledd av underleverandørar.",
    "underleverandorledd <= maks_ledd",
    {"underleverandorledd": 2},
    lambda underleverandorledd, maks_ledd: underleverandorledd <= maks_ledd,
    hjemmel="forskrift om lån fra Husbanken (FOR-2019-11-18-1546) § 7-1",
)
_regel(
    "starter_snart",
    "flagg",
    "Byggingen starter innen seks måneder.",
    "Bygginga startar innan seks månader.",
    "oppstart_om <= oppstart_maneder",
    {"oppstart_om": 6},
    lambda oppstart_om, oppstart_maneder: oppstart_om <= oppstart_maneder,
)
legg_til_lopetid(_regel)
_regel(
    "laneandel",
    "andel",
    "Lånet er høyst 85 prosent av verdien, 90 ved oppgradering og 100 til en kommune.",
    "Lånet er høgst 85 prosent av verdien, 90 ved oppgradering og 100 til ein kommune.",
    "andel_kommune if soker_er_kommune else andel_oppgradering if formal == 'oppgradering' else andel_vanlig",
    {"soker_er_kommune": False, "formal": "oppgradering"},
    lambda soker_er_kommune, formal, andel_kommune, andel_oppgradering, andel_vanlig: np.where(
        soker_er_kommune, andel_kommune, np.where(formal == 2, andel_oppgradering, andel_vanlig)
    ),
)
_regel(
    "lanegrunnlag",
    "kr",
    "Grunnlaget er verdien; i distriktene prosjektkostnaden når verdien er lavere",
    "Grunnlaget er verdien; i distrikta prosjektkostnaden når verdien er lågare",
    "max(verdi, kostnad) if distrikt else verdi",
    {"verdi": 2_500_000, "kostnad": 4_000_000, "distrikt": True},
    lambda verdi, kostnad, distrikt: np.where(distrikt, np.maximum(verdi, kostnad), verdi),
)
_regel(
    "belop",
    "kr",
    "Lånet er det som er søkt om, høyst andelen av grunnlaget og ikke mer enn kostnaden",
    "Lånet er det som er søkt om, høgst delen av grunnlaget og ikkje meir enn kostnaden",
    "floor(min(soknadsbelop, laneandel * lanegrunnlag, kostnad))",
    {"soknadsbelop": 3_500_000, "laneandel": 0.85, "lanegrunnlag": 4_000_000, "kostnad": 4_000_000},
    lambda soknadsbelop, laneandel, lanegrunnlag, kostnad: np.floor(
        np.minimum(np.minimum(soknadsbelop, laneandel * lanegrunnlag), kostnad)
    ),
)

VERK = Regelverk(
    "lån til boligkvalitet",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "kvalitet_holder",
            "T01",
            "Kravene til kvalitet er ikke oppfylt.",
            "Krava til kvalitet er ikkje oppfylte.",
        ),
        Vilkar("arealet_holder", "T02", "Boligen er for stor.", "Bustaden er for stor."),
        Vilkar(
            "bim_holder", "T03", "Bygningsinformasjonsmodell mangler.", "Bygningsinformasjonsmodell manglar."
        ),
        Vilkar(
            "leddene_holder",
            "T04",
            "For mange ledd av underleverandører.",
            "For mange ledd av underleverandørar.",
        ),
        Vilkar("starter_snart", "T05", "Byggingen starter for sent.", "Bygginga startar for seint."),
        LOPETID,
    ),
    FRA,
    kodeversjon=2,
)
