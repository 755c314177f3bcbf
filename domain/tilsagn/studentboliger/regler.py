"""The rules of the student housing grant (Husbankens årsrapport 2024, kap. 3.6 og vedlegg 2)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import UTEN_PARAGRAF, regelskriver
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

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

_regel(
    "hybelenheter",
    "vekt",
    "En voksen student er en hybelenhet, et barn en halv.",
    "Ein vaksen student er ei hybeleining, eit barn ei halv.",
    "voksenplasser + barn_he * barneplasser",
    {"voksenplasser": 2, "barneplasser": 1},
    lambda voksenplasser, barneplasser, barn_he: voksenplasser + barn_he * barneplasser,
)
_regel(
    "sats",
    "kr",
    "Satsen per hybelenhet i året tilsagnet gis, høyere i pressområder og dobbel på Svalbard",
    "Satsen per hybeleining i året tilsegna blir gitt, høgare i pressområde og dobbel på Svalbard",
    "(sats_press if pressomrade else sats_ellers) * (svalbard_faktor if svalbard else 1)",
    {"pressomrade": True, "svalbard": False},
    lambda pressomrade, svalbard, sats_press, sats_ellers, svalbard_faktor: (
        np.where(pressomrade, sats_press, sats_ellers) * np.where(svalbard, svalbard_faktor, 1.0)
    ),
    forbehold="Kilden sier ikke hva som avgjør hvilken av de to satsene som gjelder; saksbehandleren fastsetter det.",
)
_regel(
    "soker_kan_fa",
    "flagg",
    "Søkeren er en studentsamskipnad eller en studentboligstiftelse.",
    "Søkjaren er ein studentsamskipnad eller ei studentbustadstifting.",
    "soker in ('samskipnad', 'stiftelse')",
    {"soker": "samskipnad"},
    lambda soker: soker < 2,
)
_regel(
    "kan_soke",
    "flagg",
    "Kravene og vilkårene for å søke er oppfylt, og prosjektet har minst en hybelenhet.",
    "Krava og vilkåra for å søkje er oppfylte, og prosjektet har minst ei hybeleining.",
    "vilkar_for_a_soke and hybelenheter >= 1",
    {"vilkar_for_a_soke": True, "hybelenheter": 2.5},
    lambda vilkar_for_a_soke, hybelenheter: vilkar_for_a_soke & (hybelenheter >= 1),
)
_TILPASSET_NB = (
    "Minst 20 prosent av nye enheter er tilpasset personer med nedsatt funksjonsevne. Kravet gjelder ikke "
    "rehabilitering og oppgradering."
)
_TILPASSET_NN = (
    "Minst 20 prosent av nye einingar er tilpassa personar med nedsett funksjonsevne. Kravet gjeld ikkje "
    "rehabilitering og oppgradering."
)
_regel(
    "nok_tilpassede",
    "flagg",
    _TILPASSET_NB,
    _TILPASSET_NN,
    "tiltak in ('rehabilitering', 'oppgradering') or tilpassede >= floor(tilpasset_andel * hybelenheter)",
    {"tiltak": "nybygg", "tilpassede": 95, "hybelenheter": 474},
    lambda tiltak, tilpassede, hybelenheter, tilpasset_andel: (
        (tiltak >= 2) | (tilpassede >= np.floor(tilpasset_andel * hybelenheter + 1e-9))
    ),
    forbehold="At andelen rundes ned, er en lesning: 95 av 474 er godtatt i vedlegg 2, tabell 6.",
    til_versjon=1,
)
_regel(
    "nok_tilpassede",
    "flagg",
    _TILPASSET_NB,
    _TILPASSET_NN,
    "tiltak in ('rehabilitering', 'oppgradering') or tilpassede >= tilpasset_andel * hybelenheter",
    {"tiltak": "nybygg", "tilpassede": 95, "hybelenheter": 474},
    lambda tiltak, tilpassede, hybelenheter, tilpasset_andel: (
        (tiltak >= 2) | (tilpassede >= tilpasset_andel * hybelenheter - 1e-9)
    ),
    forbehold="Kilden stiller kravet til boenheter; her prøves det på hybelenheter, som i vedlegg 2, tabell 6, der de "
    "som når 20 prosent, har rundet opp: 90 av 446, 95 av 474, 169 av 843.",
    fra_versjon=2,
)
_regel(
    "innenfor_rammen",
    "flagg",
    "Anleggskostnaden per hybelenhet er innenfor kostnadsrammen i pressområder.",
    "Anleggskostnaden per hybeleining er innanfor kostnadsramma i pressområde.",
    "not pressomrade or svalbard or anleggskostnad <= kostnadsramme_press * hybelenheter",
    {"pressomrade": True, "svalbard": False, "anleggskostnad": 140000000, "hybelenheter": 98},
    lambda pressomrade, svalbard, anleggskostnad, hybelenheter, kostnadsramme_press: (
        ~pressomrade | svalbard | (anleggskostnad <= kostnadsramme_press * hybelenheter)
    ),
    forbehold="Rammen utenfor pressområdene er ikke funnet i kildene og prøves ikke.",
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er antall hybelenheter ganger satsen",
    "Tilskotet er talet på hybeleiningar gonger satsen",
    "hybelenheter * sats",
    {"hybelenheter": 116.5, "sats": 419800},
    # Halves of even hundreds: whole kroner without rounding.
    lambda hybelenheter, sats: hybelenheter * sats,
)
_regel(
    "nedskrivingstid",
    "år",
    "Tilskuddet skrives ned med like mye hvert år etter ferdigstillelsen.",
    "Tilskotet blir skrive ned med like mykje kvart år etter ferdigstillinga.",
    "nedskrives_over",
    {"voksenplasser": 13},
    lambda voksenplasser, nedskrives_over: np.full_like(voksenplasser, int(nedskrives_over)),
    forbehold="Tiden er ikke funnet i kildene.",
)


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
    kodeversjon=2,
)
