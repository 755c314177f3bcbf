"""The rules of the student housing grant (Husbankens årsrapport 2024, kap. 3.6 og vedlegg 2)."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Tall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import UTEN_PARAGRAF
from domain.tilsagn.felt import antall, flagg, kr, valg
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("studentboliger")
SATSER = les_satser("domain.tilsagn.studentboliger")
FORSKRIFT = f"forskrift om tilskudd til studentboliger {UTEN_PARAGRAF}"
FRA = "2021-01"

FELT = (
    valg("soker", "Hva søkeren er.", "Kva søkjaren er.", ("samskipnad", "stiftelse", "annen")),
    valg(
        "tiltak",
        "Hva tilskuddet går til.",
        "Kva tilskotet går til.",
        ("nybygg", "kjop", "rehabilitering", "oppgradering"),
        "nybygg",
    ),
    antall("voksenplasser", "Plasser for voksne studenter.", "Plassar for vaksne studentar."),
    antall("barneplasser", "Plasser for barn.", "Plassar for barn.", 0),
    antall(
        "tilpassede",
        "Hybelenheter tilpasset nedsatt funksjonsevne.",
        "Hybeleiningar tilpassa nedsett funksjonsevne.",
        0,
    ),
    kr("anleggskostnad", "Anleggskostnad.", "Anleggskostnad."),
    flagg("pressomrade", "Prosjektet ligger i et pressområde.", "Prosjektet ligg i eit pressområde."),
    flagg("svalbard", "Prosjektet ligger på Svalbard.", "Prosjektet ligg på Svalbard."),
    flagg("vilkar_for_a_soke", "Kravene for å søke er oppfylt.", "Krava for å søkje er oppfylte.", True),
)


@REGLER.regel(
    "hybelenheter",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="vekt",
    tekst={
        "nb": "En voksen student er en hybelenhet, et barn en halv.",
        "nn": "Ein vaksen student er ei hybeleining, eit barn ei halv.",
    },
    formel="voksenplasser + barn_he * barneplasser",
    eksempel={"voksenplasser": 2, "barneplasser": 1},
)
def hybelenheter(voksenplasser: Heltall, barneplasser: Heltall, barn_he: float) -> Tall:
    ut: Tall = voksenplasser + barn_he * barneplasser
    return ut


@REGLER.regel(
    "sats",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Satsen per hybelenhet i året tilsagnet gis, høyere i pressområder og dobbel på Svalbard",
        "nn": "Satsen per hybeleining i året tilsegna blir gitt, høgare i pressområde og dobbel på Svalbard",
    },
    formel="(sats_press if pressomrade else sats_ellers) * (svalbard_faktor if svalbard else 1)",
    eksempel={"pressomrade": True, "svalbard": False},
    forbehold="Kilden sier ikke hva som avgjør hvilken av de to satsene som gjelder; saksbehandleren fastsetter det.",
)
def sats(
    pressomrade: Flagg, svalbard: Flagg, sats_press: float, sats_ellers: float, svalbard_faktor: float
) -> Tall:
    ut: Tall = np.where(pressomrade, sats_press, sats_ellers) * np.where(svalbard, svalbard_faktor, 1.0)
    return ut


@REGLER.regel(
    "soker_kan_fa",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Søkeren er en studentsamskipnad eller en studentboligstiftelse.",
        "nn": "Søkjaren er ein studentsamskipnad eller ei studentbustadstifting.",
    },
    formel="soker in ('samskipnad', 'stiftelse')",
    eksempel={"soker": "samskipnad"},
)
def soker_kan_fa(soker: Heltall) -> Flagg:
    ut: Flagg = soker < 2
    return ut


@REGLER.regel(
    "kan_soke",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Kravene og vilkårene for å søke er oppfylt, og prosjektet har minst en hybelenhet.",
        "nn": "Krava og vilkåra for å søkje er oppfylte, og prosjektet har minst ei hybeleining.",
    },
    formel="vilkar_for_a_soke and hybelenheter >= 1",
    eksempel={"vilkar_for_a_soke": True, "hybelenheter": 2.5},
)
def kan_soke(vilkar_for_a_soke: Flagg, hybelenheter: Tall) -> Flagg:
    ut: Flagg = vilkar_for_a_soke & (hybelenheter >= 1)
    return ut


@REGLER.regel(
    "nok_tilpassede",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Minst 20 prosent av nye enheter er tilpasset personer med nedsatt funksjonsevne. Kravet gjelder ikke "
        "rehabilitering og oppgradering.",
        "nn": "Minst 20 prosent av nye einingar er tilpassa personar med nedsett funksjonsevne. Kravet gjeld ikkje "
        "rehabilitering og oppgradering.",
    },
    formel="tiltak in ('rehabilitering', 'oppgradering') or tilpassede >= floor(tilpasset_andel * hybelenheter)",
    eksempel={"tiltak": "nybygg", "tilpassede": 95, "hybelenheter": 474},
    forbehold="At andelen rundes ned, er en lesning: 95 av 474 er godtatt i vedlegg 2, tabell 6.",
)
def nok_tilpassede(tiltak: Heltall, tilpassede: Heltall, hybelenheter: Tall, tilpasset_andel: float) -> Flagg:
    ut: Flagg = (tiltak >= 2) | (tilpassede >= np.floor(tilpasset_andel * hybelenheter + 1e-9))
    return ut


@REGLER.regel(
    "innenfor_rammen",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Anleggskostnaden per hybelenhet er innenfor kostnadsrammen i pressområder.",
        "nn": "Anleggskostnaden per hybeleining er innanfor kostnadsramma i pressområde.",
    },
    formel="not pressomrade or svalbard or anleggskostnad <= kostnadsramme_press * hybelenheter",
    eksempel={"pressomrade": True, "svalbard": False, "anleggskostnad": 140000000, "hybelenheter": 98},
    forbehold="Rammen utenfor pressområdene er ikke funnet i kildene og prøves ikke.",
)
def innenfor_rammen(
    pressomrade: Flagg, svalbard: Flagg, anleggskostnad: Tall, hybelenheter: Tall, kostnadsramme_press: float
) -> Flagg:
    ut: Flagg = ~pressomrade | svalbard | (anleggskostnad <= kostnadsramme_press * hybelenheter)
    return ut


@REGLER.regel(
    "belop",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Tilskuddet er antall hybelenheter ganger satsen",
        "nn": "Tilskotet er talet på hybeleiningar gonger satsen",
    },
    formel="hybelenheter * sats",
    eksempel={"hybelenheter": 116.5, "sats": 419800},
)
def belop(hybelenheter: Tall, sats: Tall) -> Tall:
    """Halves of even hundreds: whole kroner without rounding."""
    ut: Tall = hybelenheter * sats
    return ut


@REGLER.regel(
    "nedskrivingstid",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="år",
    tekst={
        "nb": "Tilskuddet skrives ned med like mye hvert år etter ferdigstillelsen.",
        "nn": "Tilskotet blir skrive ned med like mykje kvart år etter ferdigstillinga.",
    },
    formel="nedskrives_over",
    eksempel={"voksenplasser": 13},
    forbehold="Tiden er ikke funnet i kildene.",
)
def nedskrivingstid(voksenplasser: Heltall, nedskrives_over: float) -> Heltall:
    return np.full_like(voksenplasser, int(nedskrives_over))


VERK = Regelverk(
    "tilskudd til studentboliger",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "soker_kan_fa",
            "T01",
            "Søkeren kan ikke få dette tilskuddet.",
            "Søkjaren kan ikkje få dette tilskotet.",
        ),
        Vilkar(
            "kan_soke",
            "T02",
            "Krav og vilkår for å søke er ikke oppfylt.",
            "Krav og vilkår for å søkje er ikkje oppfylte.",
        ),
        Vilkar(
            "nok_tilpassede",
            "T03",
            "For få enheter er tilpasset nedsatt funksjonsevne.",
            "For få einingar er tilpassa nedsett funksjonsevne.",
        ),
        Vilkar("innenfor_rammen", "T04", "Kostnaden er høyere enn rammen.", "Kostnaden er høgare enn ramma."),
    ),
    FRA,
)
