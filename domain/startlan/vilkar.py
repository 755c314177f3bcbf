"""Who may have startlån, for what and how much (forskrift om lån fra Husbanken kap. 5)."""

from typing import Any

import numpy as np

from domain.regler.kolonne import Flagg, Kolonne, Tall
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, SOKNAD

_FRA = FORSTE_TERMIN


@SOKNAD.regel(
    "lanebehov",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Lånet er det som mangler når egenkapital, lån fra andre og tilskudd er trukket fra kostnaden.",
        "nn": "Lånet er det som manglar når eigenkapital, lån frå andre og tilskot er trekte frå kostnaden.",
    },
    formel="max(0, kostnad - egenkapital - andre_lan - tilskudd)",
    eksempel={"kostnad": 2_600_000, "egenkapital": 100_000, "andre_lan": 0, "tilskudd": 0},
)
def lanebehov(kostnad: Tall, egenkapital: Tall, andre_lan: Tall, tilskudd: Tall) -> Tall:
    ut: Kolonne = np.maximum(kostnad - egenkapital - andre_lan - tilskudd, 0.0)
    return ut


@SOKNAD.regel(
    "opplysninger_mangler",
    hjemmel="forvaltningsloven § 17",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Det som ble bedt om, er ikke kommet innen fristen.",
        "nn": "Det som det vart bede om, er ikkje kome innan fristen.",
    },
    formel="mangler_opplysninger",
    eksempel={"mangler_opplysninger": True},
)
def opplysninger_mangler(mangler_opplysninger: Flagg) -> Flagg:
    return mangler_opplysninger


@SOKNAD.regel(
    "blir_hos_annen",
    hjemmel=f"{FORSKRIFT} § 5-2",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "En annen långiver beholder eller gir lånet på vilkår husstanden kan bære.",
        "nn": "Ein annan långivar beheld eller gir lånet på vilkår husstanden kan bere.",
    },
    formel="blir_hos_annen_langiver",
    eksempel={"blir_hos_annen_langiver": True},
)
def blir_hos_annen(blir_hos_annen_langiver: Flagg) -> Flagg:
    return blir_hos_annen_langiver


@SOKNAD.regel(
    "formalet_utenfor",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Startlån gis til å kjøpe, utbedre, bygge eller omgjøre en bolig, og til refinansiering som gjør at "
        "husstanden kan bli boende.",
        "nn": "Startlån blir gitt til å kjøpe, utbetre, byggje eller gjere om ein bustad, og til refinansiering "
        "som gjer "
        "at husstanden kan bli buande.",
    },
    formel="formal_utenfor or (formal_refinansiering and not unntak_refinansiering)",
    eksempel={"formal_utenfor": False, "formal_refinansiering": True, "unntak_refinansiering": True},
)
def formalet_utenfor(
    formal_utenfor: Flagg, formal_refinansiering: Flagg, unntak_refinansiering: Flagg
) -> Flagg:
    ut: Kolonne = formal_utenfor | (formal_refinansiering & ~unntak_refinansiering)
    return ut


@SOKNAD.regel(
    "far_lan_andre_steder",
    hjemmel=f"{FORSKRIFT} § 5-2",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Startlån er for dem som ikke får, eller ikke får nok, lån i en vanlig bank.",
        "nn": "Startlån er for dei som ikkje får, eller ikkje får nok, lån i ein vanleg bank.",
    },
    formel="kan_lane_andre_steder",
    eksempel={"kan_lane_andre_steder": False},
)
def far_lan_andre_steder(kan_lane_andre_steder: Flagg) -> Flagg:
    return kan_lane_andre_steder


@SOKNAD.regel(
    "unntak",
    hjemmel=f"{FORSKRIFT} § 5-4",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Kravene om langvarige problemer og sparing kan fravikes for husstander med barn eller særlige "
        "sosiale eller "
        "helsemessige utfordringer, for refinansiering, når boforholdet hindrer arbeid eller lokalt næringsliv, og "
        "for bedre bruk av kommunale boliger.",
        "nn": "Krava om langvarige problem og sparing kan fråvikast for husstandar med barn eller særlege "
        "sosiale eller "
        "helsemessige utfordringar, for refinansiering, når butilhøvet hindrar arbeid eller lokalt næringsliv, og "
        "for betre bruk av kommunale bustader.",
    },
    formel="unntak_barn_eller_sosialt or unntak_refinansiering or unntak_jobb or unntak_kommunal_bolig",
    eksempel={
        "unntak_barn_eller_sosialt": True,
        "unntak_refinansiering": False,
        "unntak_jobb": False,
        "unntak_kommunal_bolig": False,
    },
)
def unntak(
    unntak_barn_eller_sosialt: Flagg,
    unntak_refinansiering: Flagg,
    unntak_jobb: Flagg,
    unntak_kommunal_bolig: Flagg,
) -> Flagg:
    ut: Kolonne = unntak_barn_eller_sosialt | unntak_refinansiering | unntak_jobb | unntak_kommunal_bolig
    return ut


_FORSTEGANG: dict[str, Any] = {
    "navn": "forstegang_ikke_oppfylt",
    "hjemmel": f"{FORSKRIFT} kap. 5 (§§ om forsøket for førstegangsetablerere)",
    "gyldig_fra": _FRA,
    "enhet": "flagg",
}
_FORSTEGANG_EKSEMPEL = {
    "forstegang": True,
    "har_ikke_eid_bolig": True,
    "sparemulighet_brukt": True,
    "egenkapital": 100_000,
    "kostnad": 2_600_000,
}


@SOKNAD.regel(
    **_FORSTEGANG,
    tekst={
        "nb": "Forsøket krever at søkeren ikke har eid bolig før, minst fem prosent egenkapital, og at "
        "muligheten til å "
        "spare er brukt. Unntakene fra sparekravet gjelder ikke.",
        "nn": "Forsøket krev at søkjaren ikkje har eigd bustad før, minst fem prosent eigenkapital, og at høvet "
        "til å "
        "spare er brukt. Unntaka frå sparekravet gjeld ikkje.",
    },
    formel="forstegang and (not har_ikke_eid_bolig or not sparemulighet_brukt "
    "or egenkapital < egenkapital_forstegang * kostnad)",
    eksempel=_FORSTEGANG_EKSEMPEL,
    til_versjon=1,
)
def forstegang_ikke_oppfylt(
    forstegang: Flagg,
    har_ikke_eid_bolig: Flagg,
    sparemulighet_brukt: Flagg,
    egenkapital: Tall,
    kostnad: Tall,
    egenkapital_forstegang: float,
) -> Flagg:
    for_lite = egenkapital < egenkapital_forstegang * kostnad
    ut: Kolonne = forstegang & (~har_ikke_eid_bolig | ~sparemulighet_brukt | for_lite)
    return ut


@SOKNAD.regel(
    **_FORSTEGANG,
    tekst={
        "nb": "Forsøket krever at en bank har sagt nei, at søkeren ikke har eid bolig før, minst fem prosent "
        "egenkapital, og at muligheten til å spare er brukt. Unntakene fra sparekravet gjelder ikke.",
        "nn": "Forsøket krev at ein bank har sagt nei, at søkjaren ikkje har eigd bustad før, minst fem prosent "
        "eigenkapital, og at høvet til å spare er brukt. Unntaka frå sparekravet gjeld ikkje.",
    },
    formel="forstegang and (not banken_har_sagt_nei or not har_ikke_eid_bolig or not sparemulighet_brukt "
    "or egenkapital < egenkapital_forstegang * kostnad)",
    eksempel={**_FORSTEGANG_EKSEMPEL, "banken_har_sagt_nei": True},
    fra_versjon=2,
)
def forstegang_med_bankavslag(
    forstegang: Flagg,
    banken_har_sagt_nei: Flagg,
    har_ikke_eid_bolig: Flagg,
    sparemulighet_brukt: Flagg,
    egenkapital: Tall,
    kostnad: Tall,
    egenkapital_forstegang: float,
) -> Flagg:
    for_lite = egenkapital < egenkapital_forstegang * kostnad
    ut: Kolonne = forstegang & (~banken_har_sagt_nei | ~har_ikke_eid_bolig | ~sparemulighet_brukt | for_lite)
    return ut


@SOKNAD.regel(
    "ikke_langvarig",
    hjemmel=f"{FORSKRIFT} § 5-4 bokstav a",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Husstanden må ha langvarige problemer med å finansiere en bolig, om ingen av unntakene gjelder.",
        "nn": "Husstanden må ha langvarige problem med å finansiere ein bustad, om ingen av unntaka gjeld.",
    },
    formel="not forstegang and not langvarige_problemer and not unntak",
    eksempel={"forstegang": False, "langvarige_problemer": False, "unntak": False},
    forbehold="Forsøket for førstegangsetablerere er for husstander med noe bedre råd, og har sine egne vilkår.",
)
def ikke_langvarig(forstegang: Flagg, langvarige_problemer: Flagg, unntak: Flagg) -> Flagg:
    return ~forstegang & ~langvarige_problemer & ~unntak


@SOKNAD.regel(
    "ikke_spart",
    hjemmel=f"{FORSKRIFT} § 5-4 bokstav b",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Husstanden må ha brukt muligheten til å spare, om ingen av unntakene gjelder.",
        "nn": "Husstanden må ha brukt høvet til å spare, om ingen av unntaka gjeld.",
    },
    formel="not forstegang and not sparemulighet_brukt and not unntak",
    eksempel={"forstegang": False, "sparemulighet_brukt": False, "unntak": True},
)
def ikke_spart(forstegang: Flagg, sparemulighet_brukt: Flagg, unntak: Flagg) -> Flagg:
    return ~forstegang & ~sparemulighet_brukt & ~unntak


@SOKNAD.regel(
    "bolig_ikke_egnet",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Boligen må være egnet for husstanden og nøktern.",
        "nn": "Bustaden må vere eigna for husstanden og nøktern.",
    },
    formel="bolig_oppgitt and not bolig_egnet_og_noktern",
    eksempel={"bolig_oppgitt": True, "bolig_egnet_og_noktern": True},
    forbehold="Uten en bestemt bolig prøves vilkåret når boligen er kjøpt.",
)
def bolig_ikke_egnet(bolig_oppgitt: Flagg, bolig_egnet_og_noktern: Flagg) -> Flagg:
    return bolig_oppgitt & ~bolig_egnet_og_noktern


@SOKNAD.regel(
    "mangler_betjeningsevne",
    hjemmel=f"{FORSKRIFT} § 5-2",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Husstanden må kunne betjene lånet og ha nok igjen til livsopphold, når bostøtten er regnet med.",
        "nn": "Husstanden må kunne betene lånet og ha nok att til livsopphald, når bustøtta er rekna med.",
    },
    formel="lanebehov > 0 and not okonomisk_margin > 0",
    eksempel={"lanebehov": 2_500_000, "okonomisk_margin": 12_000},
)
def mangler_betjeningsevne(lanebehov: Tall, okonomisk_margin: Tall) -> Flagg:
    ut: Kolonne = (lanebehov > 0) & ~(okonomisk_margin > 0)
    return ut


@SOKNAD.regel(
    "kommunen_uten_midler",
    hjemmel=f"{FORSKRIFT} § 5-1",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Kommunen avslår fordi den ikke får mer å låne ut, i stedet for å la søknaden vente.",
        "nn": "Kommunen avslår fordi han ikkje får meir å låne ut, i staden for å la søknaden vente.",
    },
    formel="avslag_for_manglende_midler",
    eksempel={"avslag_for_manglende_midler": False},
)
def kommunen_uten_midler(avslag_for_manglende_midler: Flagg) -> Flagg:
    return avslag_for_manglende_midler
