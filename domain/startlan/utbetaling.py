"""The purchase within a certificate, and what is then paid; and a certificate that has run out."""

from typing import Any

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.startlan.koder import INDEKS
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, TILSKUDDSLOV, UTBETALING, UTLOP

_FRA = FORSTE_TERMIN


@UTBETALING.regel(
    "kjopt_utenfor_tiden",
    hjemmel="finansieringsbeviset; forvaltningsloven § 17",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Boligen må være kjøpt mens finansieringsbeviset gjaldt.",
        "nn": "Bustaden må vere kjøpt medan finansieringsbeviset galdt.",
    },
    formel="kjopsdato < bevis_fra or kjopsdato > bevis_til",
    eksempel={"kjopsdato": "2026-10-01", "bevis_fra": "2026-09-01", "bevis_til": "2026-12-31"},
)
def kjopt_utenfor_tiden(kjopsdato: Heltall, bevis_fra: Heltall, bevis_til: Heltall) -> Flagg:
    ut: Kolonne = (kjopsdato < bevis_fra) | (kjopsdato > bevis_til)
    return ut


@UTBETALING.regel(
    "kjopt_bolig_ikke_egnet",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Boligen som er kjøpt, må være egnet for husstanden og nøktern.",
        "nn": "Bustaden som er kjøpt, må vere eigna for husstanden og nøktern.",
    },
    formel="not bolig_egnet_og_noktern",
    eksempel={"bolig_egnet_og_noktern": True},
)
def kjopt_bolig_ikke_egnet(bolig_egnet_og_noktern: Flagg) -> Flagg:
    return ~bolig_egnet_og_noktern


@UTBETALING.regel(
    "bevisets_vilkar_ikke_oppfylt",
    hjemmel="finansieringsbeviset; forvaltningsloven § 17",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Vilkårene i beviset må være oppfylt, sikkerheten i orden, og ingen opplysninger mangle.",
        "nn": "Vilkåra i beviset må vere oppfylte, tryggleiken i orden, og ingen opplysningar mangle.",
    },
    formel="mangler_opplysninger or not vilkar_oppfylt or not sikkerhet_i_orden",
    eksempel={"mangler_opplysninger": False, "vilkar_oppfylt": True, "sikkerhet_i_orden": True},
)
def bevisets_vilkar_ikke_oppfylt(
    mangler_opplysninger: Flagg, vilkar_oppfylt: Flagg, sikkerhet_i_orden: Flagg
) -> Flagg:
    ut: Kolonne = mangler_opplysninger | ~vilkar_oppfylt | ~sikkerhet_i_orden
    return ut


_TILSKUDD_KAN_UTBETALES: dict[str, Any] = {
    "navn": "tilskudd_kan_utbetales",
    "gyldig_fra": _FRA,
    "enhet": "kr",
    "tekst": {
        "nb": "Tilskuddet brukes før lånet, og aldri mer enn det som mangler.",
        "nn": "Tilskotet blir brukt før lånet, og aldri meir enn det som manglar.",
    },
    "formel": "min(bevis_tilskudd, max(0, kjopesum - egenkapital - andre_lan))",
    "eksempel": {"bevis_tilskudd": 200_000, "kjopesum": 2_500_000, "egenkapital": 100_000, "andre_lan": 0},
}


@UTBETALING.regel(**_TILSKUDD_KAN_UTBETALES, hjemmel="husbankloven §§ 14 og 15", til_versjon=1)
@UTBETALING.regel(**_TILSKUDD_KAN_UTBETALES, hjemmel=TILSKUDDSLOV, fra_versjon=2)
def tilskudd_kan_utbetales(bevis_tilskudd: Tall, kjopesum: Tall, egenkapital: Tall, andre_lan: Tall) -> Tall:
    ut: Kolonne = np.minimum(bevis_tilskudd, np.maximum(kjopesum - egenkapital - andre_lan, 0.0))
    return ut


@UTBETALING.regel(
    "lan_kan_utbetales",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Lånet er det som mangler av kjøpesummen, og høyst det beviset lyder på.",
        "nn": "Lånet er det som manglar av kjøpesummen, og høgst det beviset lyder på.",
    },
    formel="min(bevis_lan, max(0, kjopesum - egenkapital - andre_lan - tilskudd_kan_utbetales))",
    eksempel={
        "bevis_lan": 2_300_000,
        "kjopesum": 2_500_000,
        "egenkapital": 100_000,
        "andre_lan": 0,
        "tilskudd_kan_utbetales": 200_000,
    },
)
def lan_kan_utbetales(
    bevis_lan: Tall, kjopesum: Tall, egenkapital: Tall, andre_lan: Tall, tilskudd_kan_utbetales: Tall
) -> Tall:
    mangler = np.maximum(kjopesum - egenkapital - andre_lan - tilskudd_kan_utbetales, 0.0)
    ut: Kolonne = np.minimum(bevis_lan, mangler)
    return ut


@UTBETALING.regel(
    "ingenting_utbetales",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Kjøpesummen er dekket uten lån og tilskudd.",
        "nn": "Kjøpesummen er dekt utan lån og tilskot.",
    },
    formel="lan_kan_utbetales + tilskudd_kan_utbetales == 0",
    eksempel={"lan_kan_utbetales": 2_200_000, "tilskudd_kan_utbetales": 200_000},
)
def ingenting_utbetales(lan_kan_utbetales: Tall, tilskudd_kan_utbetales: Tall) -> Flagg:
    ut: Kolonne = lan_kan_utbetales + tilskudd_kan_utbetales == 0
    return ut


@UTBETALING.regel(
    "kode",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={
        "nb": "Vedtakskoden: det første avslaget som passer, ellers utbetaling.",
        "nn": "Vedtakskoden: det første avslaget som høver, elles utbetaling.",
    },
    formel="'U01' if kjopt_utenfor_tiden else 'U02' if kjopt_bolig_ikke_egnet else 'U03' if "
    "bevisets_vilkar_ikke_oppfylt else 'U04' if ingenting_utbetales else 'U00'",
    eksempel={
        "kjopt_utenfor_tiden": False,
        "kjopt_bolig_ikke_egnet": False,
        "bevisets_vilkar_ikke_oppfylt": False,
        "ingenting_utbetales": False,
    },
)
def kode(
    kjopt_utenfor_tiden: Flagg,
    kjopt_bolig_ikke_egnet: Flagg,
    bevisets_vilkar_ikke_oppfylt: Flagg,
    ingenting_utbetales: Flagg,
) -> Heltall:
    ut: Kolonne = np.where(ingenting_utbetales, INDEKS["U04"], INDEKS["U00"])
    ut = np.where(bevisets_vilkar_ikke_oppfylt, INDEKS["U03"], ut)
    ut = np.where(kjopt_bolig_ikke_egnet, INDEKS["U02"], ut)
    return np.where(kjopt_utenfor_tiden, INDEKS["U01"], ut)


@UTBETALING.regel(
    "belop",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Lån og tilskudd som utbetales.", "nn": "Lån og tilskot som blir utbetalt."},
    formel="lan_kan_utbetales + tilskudd_kan_utbetales if kode == 'U00' else 0",
    eksempel={"lan_kan_utbetales": 2_200_000, "tilskudd_kan_utbetales": 200_000, "kode": "U00"},
)
def belop(lan_kan_utbetales: Tall, tilskudd_kan_utbetales: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = (lan_kan_utbetales + tilskudd_kan_utbetales) * (kode == INDEKS["U00"])
    return ut


@UTLOP.regel(
    "belop",
    hjemmel="finansieringsbeviset; forvaltningsloven § 17",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Det som var bundet for beviset, og nå er fritt.",
        "nn": "Det som var bunde for beviset, og no er fritt.",
    },
    formel="bevis_lan + bevis_tilskudd",
    eksempel={"bevis_lan": 2_300_000, "bevis_tilskudd": 200_000},
)
def frigitt(bevis_lan: Tall, bevis_tilskudd: Tall) -> Tall:
    return bevis_lan + bevis_tilskudd


@UTLOP.regel(
    "kode",
    hjemmel="finansieringsbeviset; forvaltningsloven § 17",
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={"nb": "Beviset er utløpt uten å være brukt.", "nn": "Beviset er gått ut utan å vere brukt."},
    formel="'B00'",
    eksempel={"belop": 2_500_000},
)
def utlopt(belop: Tall) -> Heltall:
    ut: Kolonne = np.full(len(belop), INDEKS["B00"])
    return ut
