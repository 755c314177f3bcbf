"""The rules of the investment grant (Husbankens årsrapport 2024, kap. 3.5; post 63 and 69 since 1 January 2019)."""

import numpy as np

from domain.regler.avrunding import til_kroner
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import antall, flagg, kr
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("omsorgsplasser")
SATSER = les_satser("domain.tilsagn.omsorgsplasser")
FORSKRIFT = f"forskrift om investeringstilskudd til omsorgsboliger og sykehjem {UTEN_PARAGRAF}"
FRA = "2019-01"

FELT = (
    SOKER_KOMMUNE,
    antall("omsorgsboliger", "Omsorgsboliger.", "Omsorgsbustader.", 0),
    antall("sykehjemsplasser", "Sykehjemsplasser.", "Sjukeheimsplassar.", 0),
    kr("anleggskostnad", "Anleggskostnad for hele prosjektet.", "Anleggskostnad for heile prosjektet."),
    kr(
        "maksimal_anleggskostnad",
        "Årets høyeste godkjente anleggskostnad per plass, for presskommuner eller andre.",
        "Årets høgaste godkjende anleggskostnad per plass, for presskommunar eller andre.",
        minst=1,
    ),
    flagg(
        "netto_tilvekst",
        "Prosjektet gir flere plasser i kommunen.",
        "Prosjektet gir fleire plassar i kommunen.",
    ),
    flagg(
        "heldogns",
        "Plassene er for personer med vedtak om heldøgns tjenester.",
        "Plassane er for personar med vedtak om heildøgns tenester.",
        True,
    ),
    flagg("plankrav", "Kommunen har vurdert framtidig behov.", "Kommunen har vurdert framtidig behov.", True),
    flagg(
        "smittevern",
        "Smittevernkompetanse har vært med på utformingen.",
        "Smittevernkompetanse har vore med på utforminga.",
    ),
)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

_regel(
    "rett_soker",
    "flagg",
    "Søkeren er en kommune, og plassene er for personer med vedtak om heldøgns tjenester.",
    "Søkjaren er ein kommune, og plassane er for personar med vedtak om heildøgns tenester.",
    "soker_er_kommune and heldogns and omsorgsboliger + sykehjemsplasser > 0",
    {"soker_er_kommune": True, "heldogns": True, "omsorgsboliger": 0, "sykehjemsplasser": 13},
    lambda soker_er_kommune, heldogns, omsorgsboliger, sykehjemsplasser: (
        soker_er_kommune & heldogns & (omsorgsboliger + sykehjemsplasser > 0)
    ),
)
_regel(
    "har_plan",
    "flagg",
    "Plankravet kom i 2022 og prøves ikke.",
    "Plankravet kom i 2022 og blir ikkje prøvd.",
    "True",
    {"plankrav": False},
    lambda plankrav: np.ones_like(plankrav),  # noqa: PLW0108  (the rule's inputs are its parameter names)
    gyldig_til="2021-12",
)
_regel(
    "har_plan",
    "flagg",
    "Kommunen har vurdert framtidig behov for plasser mot boligmassen og befolkningsutviklingen.",
    "Kommunen har vurdert framtidig behov for plassar mot bustadmassen og folketalsutviklinga.",
    "plankrav",
    {"plankrav": True},
    lambda plankrav: plankrav,
    gyldig_fra="2022-01",
)
_regel(
    "smittevern_ivaretatt",
    "flagg",
    "Kravet om smittevern kom i 2024 og prøves ikke.",
    "Kravet om smittevern kom i 2024 og blir ikkje prøvd.",
    "True",
    {"smittevern": False},
    lambda smittevern: np.ones_like(smittevern),  # noqa: PLW0108  (the rule's inputs are its parameter names)
    gyldig_til="2023-12",
)
_regel(
    "smittevern_ivaretatt",
    "flagg",
    "Smittevernkompetanse er med på prosjektering og bygging av institusjonsplasser.",
    "Smittevernkompetanse er med på prosjektering og bygging av institusjonsplassar.",
    "sykehjemsplasser == 0 or smittevern",
    {"sykehjemsplasser": 13, "smittevern": True},
    lambda sykehjemsplasser, smittevern: (sykehjemsplasser == 0) | smittevern,
    gyldig_fra="2024-01",
)
_regel(
    "godkjent_per_plass",
    "kr",
    "Godkjent anleggskostnad per plass, høyst årets maksimum",
    "Godkjend anleggskostnad per plass, høgst maksimum for året",
    "min(anleggskostnad / (omsorgsboliger + sykehjemsplasser), maksimal_anleggskostnad)",
    {
        "anleggskostnad": 44_000_000,
        "omsorgsboliger": 0,
        "sykehjemsplasser": 13,
        "maksimal_anleggskostnad": 4_000_000,
    },
    lambda anleggskostnad, omsorgsboliger, sykehjemsplasser, maksimal_anleggskostnad: np.minimum(
        anleggskostnad / np.maximum(1, omsorgsboliger + sykehjemsplasser), maksimal_anleggskostnad
    ),
    forbehold="Maksimumsbeløpene er ikke funnet i kildene; saksbehandleren fastsetter årets.",
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er en andel av godkjent anleggskostnad, en for omsorgsboliger og en for sykehjemsplasser",
    "Tilskotet er ein del av godkjend anleggskostnad, ein for omsorgsbustader og ein for sjukeheimsplassar",
    "til_kroner(godkjent_per_plass * "
    "(andel_omsorgsbolig * omsorgsboliger + andel_sykehjem * sykehjemsplasser))",
    {"godkjent_per_plass": 3_384_615.38, "omsorgsboliger": 0, "sykehjemsplasser": 13},
    lambda godkjent_per_plass, omsorgsboliger, sykehjemsplasser, andel_omsorgsbolig, andel_sykehjem: (
        til_kroner(
            godkjent_per_plass * (andel_omsorgsbolig * omsorgsboliger + andel_sykehjem * sykehjemsplasser)
        )
    ),
)
_regel(
    "nedskrivingstid",
    "år",
    "Tilskuddet skrives ned med like mye hvert år etter ferdigstillelsen.",
    "Tilskotet blir skrive ned med like mykje kvart år etter ferdigstillinga.",
    "nedskrives_over",
    {"omsorgsboliger": 13},
    lambda omsorgsboliger, nedskrives_over: np.full_like(omsorgsboliger, int(nedskrives_over)),
    forbehold="Tiden er ikke funnet i kildene.",
)


VERK = Regelverk(
    "investeringstilskudd til heldøgns omsorgsplasser",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "rett_soker",
            "T01",
            "Søkeren eller formålet gir ikke rett til tilskuddet.",
            "Søkjaren eller formålet gir ikkje rett til tilskotet.",
        ),
        Vilkar("har_plan", "T02", "Plankravet er ikke oppfylt.", "Plankravet er ikkje oppfylt."),
        Vilkar(
            "smittevern_ivaretatt",
            "T03",
            "Smittevern er ikke ivaretatt.",
            "Smittevern er ikkje teke vare på.",
        ),
    ),
    FRA,
)
