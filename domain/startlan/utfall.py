"""What becomes of an application: the code, the loan and the grant."""

from typing import Any

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.startlan.koder import INDEKS
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, SOKNAD, TILSKUDDSLOV

_FRA = FORSTE_TERMIN

AVSLAG = (
    ("L09", "opplysninger_mangler"),
    ("L20", "blir_hos_annen"),
    ("L02", "formalet_utenfor"),
    ("L01", "far_lan_andre_steder"),
    ("L07", "forstegang_ikke_oppfylt"),
    ("L04", "ikke_langvarig"),
    ("L05", "ikke_spart"),
    ("L03", "bolig_ikke_egnet"),
    ("L08", "mangler_betjeningsevne"),
    ("L10", "kommunen_uten_midler"),
)
"""In this order; the first that applies counts."""


@SOKNAD.regel(
    "kode_av_soknad",
    hjemmel=f"{FORSKRIFT} §§ 5-2 til 5-4",
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={
        "nb": "Koden når søknaden prøves: det første avslaget som passer, ellers lån, lån og tilskudd, eller "
        "bare tilskudd.",
        "nn": "Koden når søknaden blir prøvd: det første avslaget som høver, elles lån, lån og tilskot, eller "
        "berre tilskot.",
    },
    formel="'L09' if opplysninger_mangler else 'L20' if blir_hos_annen else 'L02' if formalet_utenfor else 'L01' if "
    "far_lan_andre_steder else 'L07' if forstegang_ikke_oppfylt else 'L04' if ikke_langvarig else 'L05' if "
    "ikke_spart "
    "else 'L03' if bolig_ikke_egnet else 'L08' if mangler_betjeningsevne else 'L10' if kommunen_uten_midler "
    "else 'L31' "
    "if lanebehov == 0 else 'L30' if tilskudd > 0 else 'L00'",
    eksempel={
        "opplysninger_mangler": False,
        "blir_hos_annen": False,
        "formalet_utenfor": False,
        "far_lan_andre_steder": False,
        "forstegang_ikke_oppfylt": False,
        "ikke_langvarig": False,
        "ikke_spart": False,
        "bolig_ikke_egnet": False,
        "mangler_betjeningsevne": True,
        "kommunen_uten_midler": False,
        "lanebehov": 2_500_000,
        "tilskudd": 0,
    },
)
def kode_av_soknad(
    opplysninger_mangler: Flagg,
    blir_hos_annen: Flagg,
    formalet_utenfor: Flagg,
    far_lan_andre_steder: Flagg,
    forstegang_ikke_oppfylt: Flagg,
    ikke_langvarig: Flagg,
    ikke_spart: Flagg,
    bolig_ikke_egnet: Flagg,
    mangler_betjeningsevne: Flagg,
    kommunen_uten_midler: Flagg,
    lanebehov: Tall,
    tilskudd: Tall,
) -> Heltall:
    treff = (
        opplysninger_mangler, blir_hos_annen, formalet_utenfor, far_lan_andre_steder, forstegang_ikke_oppfylt,
        ikke_langvarig, ikke_spart, bolig_ikke_egnet, mangler_betjeningsevne, kommunen_uten_midler,
    )  # fmt: skip
    ut: Kolonne = np.where(tilskudd > 0, INDEKS["L30"], INDEKS["L00"])
    ut = np.where(lanebehov == 0, INDEKS["L31"], ut)
    for (kode, _), gjelder in reversed(list(zip(AVSLAG, treff, strict=True))):
        ut = np.where(gjelder, INDEKS[kode], ut)
    return ut


@SOKNAD.regel(
    "kode",
    hjemmel=f"{FORSKRIFT} §§ 5-2 til 5-4",
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={
        "nb": "Vedtakskoden. På spørsmål om svar på forhånd er den F00 når søknaden ville blitt innvilget, "
        "ellers F01.",
        "nn": "Vedtakskoden. På spørsmål om svar på førehand er han F00 når søknaden ville blitt innvilga, "
        "elles F01.",
    },
    formel="kode_av_soknad if not forhandssvar else 'F00' if kode_av_soknad in ('L00', 'L30', 'L31') else 'F01'",
    eksempel={"kode_av_soknad": "L08", "forhandssvar": False},
)
def kode(kode_av_soknad: Heltall, forhandssvar: Flagg) -> Heltall:
    ja = kode_av_soknad <= INDEKS["L31"]
    return np.where(forhandssvar, np.where(ja, INDEKS["F00"], INDEKS["F01"]), kode_av_soknad)


@SOKNAD.regel(
    "innvilget_lan",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Lånet det gis bevis for.", "nn": "Lånet det blir gitt bevis for."},
    formel="lanebehov if kode in ('L00', 'L30') else 0",
    eksempel={"lanebehov": 2_500_000, "kode": "L00"},
)
def innvilget_lan(lanebehov: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = lanebehov * (kode <= INDEKS["L30"])
    return ut


_INNVILGET_TILSKUDD: dict[str, Any] = {
    "navn": "innvilget_tilskudd",
    "gyldig_fra": _FRA,
    "enhet": "kr",
    "tekst": {"nb": "Tilskuddet det gis bevis for.", "nn": "Tilskotet det blir gitt bevis for."},
    "formel": "tilskudd if kode in ('L30', 'L31') else 0",
    "eksempel": {"tilskudd": 200_000, "kode": "L30"},
}


@SOKNAD.regel(**_INNVILGET_TILSKUDD, hjemmel="husbankloven §§ 14 og 15", til_versjon=1)
@SOKNAD.regel(**_INNVILGET_TILSKUDD, hjemmel=TILSKUDDSLOV, fra_versjon=2)
def innvilget_tilskudd(tilskudd: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = tilskudd * ((kode == INDEKS["L30"]) | (kode == INDEKS["L31"]))
    return ut


@SOKNAD.regel(
    "belop",
    hjemmel=f"{FORSKRIFT} § 5-3",
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Lån og tilskudd til sammen.", "nn": "Lån og tilskot til saman."},
    formel="innvilget_lan + innvilget_tilskudd",
    eksempel={"innvilget_lan": 2_500_000, "innvilget_tilskudd": 0},
)
def belop(innvilget_lan: Tall, innvilget_tilskudd: Tall) -> Tall:
    ut: Kolonne = innvilget_lan + innvilget_tilskudd
    return ut
