"""The rules of the investment grant (Husbankens årsrapport 2024, kap. 3.5; post 63 and 69 since 1 January 2019)."""

import numpy as np

from domain.regler.avrunding import til_kroner
from domain.regler.kolonne import Flagg, Heltall, Tall
from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import SOKER_KOMMUNE, UTEN_PARAGRAF
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


@REGLER.regel(
    "rett_soker",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="flagg",
    tekst={
        "nb": "Søkeren er en kommune, og plassene er for personer med vedtak om heldøgns tjenester.",
        "nn": "Søkjaren er ein kommune, og plassane er for personar med vedtak om heildøgns tenester.",
    },
    formel="soker_er_kommune and heldogns and omsorgsboliger + sykehjemsplasser > 0",
    eksempel={"soker_er_kommune": True, "heldogns": True, "omsorgsboliger": 0, "sykehjemsplasser": 13},
)
def rett_soker(
    soker_er_kommune: Flagg, heldogns: Flagg, omsorgsboliger: Heltall, sykehjemsplasser: Heltall
) -> Flagg:
    ut: Flagg = soker_er_kommune & heldogns & (omsorgsboliger + sykehjemsplasser > 0)
    return ut


@REGLER.regel(
    "har_plan",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    gyldig_til="2021-12",
    enhet="flagg",
    tekst={"nb": "Plankravet kom i 2022 og prøves ikke.", "nn": "Plankravet kom i 2022 og blir ikkje prøvd."},
    formel="True",
    eksempel={"plankrav": False},
)
def har_plan_for(plankrav: Flagg) -> Flagg:
    return np.ones_like(plankrav)


@REGLER.regel(
    "har_plan",
    hjemmel=FORSKRIFT,
    gyldig_fra="2022-01",
    enhet="flagg",
    tekst={
        "nb": "Kommunen har vurdert framtidig behov for plasser mot boligmassen og befolkningsutviklingen.",
        "nn": "Kommunen har vurdert framtidig behov for plassar mot bustadmassen og folketalsutviklinga.",
    },
    formel="plankrav",
    eksempel={"plankrav": True},
)
def har_plan(plankrav: Flagg) -> Flagg:
    return plankrav


@REGLER.regel(
    "smittevern_ivaretatt",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    gyldig_til="2023-12",
    enhet="flagg",
    tekst={
        "nb": "Kravet om smittevern kom i 2024 og prøves ikke.",
        "nn": "Kravet om smittevern kom i 2024 og blir ikkje prøvd.",
    },
    formel="True",
    eksempel={"smittevern": False},
)
def smittevern_for(smittevern: Flagg) -> Flagg:
    return np.ones_like(smittevern)


@REGLER.regel(
    "smittevern_ivaretatt",
    hjemmel=FORSKRIFT,
    gyldig_fra="2024-01",
    enhet="flagg",
    tekst={
        "nb": "Smittevernkompetanse er med på prosjektering og bygging av institusjonsplasser.",
        "nn": "Smittevernkompetanse er med på prosjektering og bygging av institusjonsplassar.",
    },
    formel="sykehjemsplasser == 0 or smittevern",
    eksempel={"sykehjemsplasser": 13, "smittevern": True},
)
def smittevern_ivaretatt(sykehjemsplasser: Heltall, smittevern: Flagg) -> Flagg:
    ut: Flagg = (sykehjemsplasser == 0) | smittevern
    return ut


@REGLER.regel(
    "godkjent_per_plass",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Godkjent anleggskostnad per plass, høyst årets maksimum",
        "nn": "Godkjend anleggskostnad per plass, høgst maksimum for året",
    },
    formel="min(anleggskostnad / (omsorgsboliger + sykehjemsplasser), maksimal_anleggskostnad)",
    eksempel={
        "anleggskostnad": 44_000_000,
        "omsorgsboliger": 0,
        "sykehjemsplasser": 13,
        "maksimal_anleggskostnad": 4_000_000,
    },
    forbehold="Maksimumsbeløpene er ikke funnet i kildene; saksbehandleren fastsetter årets.",
)
def godkjent_per_plass(
    anleggskostnad: Tall, omsorgsboliger: Heltall, sykehjemsplasser: Heltall, maksimal_anleggskostnad: Tall
) -> Tall:
    ut: Tall = np.minimum(
        anleggskostnad / np.maximum(1, omsorgsboliger + sykehjemsplasser), maksimal_anleggskostnad
    )
    return ut


@REGLER.regel(
    "belop",
    hjemmel=FORSKRIFT,
    gyldig_fra=FRA,
    enhet="kr",
    tekst={
        "nb": "Tilskuddet er en andel av godkjent anleggskostnad, en for omsorgsboliger og en for sykehjemsplasser",
        "nn": "Tilskotet er ein del av godkjend anleggskostnad, ein for omsorgsbustader og ein for sjukeheimsplassar",
    },
    formel="til_kroner(godkjent_per_plass * "
    "(andel_omsorgsbolig * omsorgsboliger + andel_sykehjem * sykehjemsplasser))",
    eksempel={"godkjent_per_plass": 3_384_615.38, "omsorgsboliger": 0, "sykehjemsplasser": 13},
)
def belop(
    godkjent_per_plass: Tall,
    omsorgsboliger: Heltall,
    sykehjemsplasser: Heltall,
    andel_omsorgsbolig: float,
    andel_sykehjem: float,
) -> Heltall:
    return til_kroner(
        godkjent_per_plass * (andel_omsorgsbolig * omsorgsboliger + andel_sykehjem * sykehjemsplasser)
    )


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
    eksempel={"omsorgsboliger": 13},
    forbehold="Tiden er ikke funnet i kildene.",
)
def nedskrivingstid(omsorgsboliger: Heltall, nedskrives_over: float) -> Heltall:
    return np.full_like(omsorgsboliger, int(nedskrives_over))


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
