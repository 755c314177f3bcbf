"""A loss shared between municipality and state, and what is recovered later (forskrift om lån fra Husbanken § 7-5)."""

import numpy as np

from domain.regler.kolonne import Flagg, Heltall, Kolonne, Tall
from domain.startlan.koder import INDEKS
from domain.startlan.regelsett import FORSKRIFT, FORSTE_TERMIN, INNFORDRING, TAP

_FRA = FORSTE_TERMIN
_HJEMMEL = f"{FORSKRIFT} § 7-5"
RENTEMANEDER, RENTEMANEDER_UTEN_SKYLD = 6, 12
"""Months of interest before the sale that are covered; the second when the delay was not the municipality's fault."""


def ore(kroner: Tall) -> Tall:
    """To whole øre, half away from zero."""
    ut: Kolonne = np.copysign(np.floor(np.abs(kroner) * 100.0 + 0.5), kroner) / 100.0
    return ut


@TAP.regel(
    "renter_som_dekkes",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Renter for inntil seks måneder før salget, inntil tolv når forsinkelsen ikke er kommunens skyld.",
        "nn": "Renter for inntil seks månader før salet, inntil tolv når forseinkinga ikkje er kommunen si skuld.",
    },
    formel="renter * min(1, (12 if uten_skyld else 6) / max(renter_maneder, 1))",
    eksempel={"renter": 60_000, "renter_maneder": 12, "uten_skyld": False},
    forbehold="Renter for lengre tid regnes like store for hver måned.",
)
def renter_som_dekkes(renter: Tall, renter_maneder: Tall, uten_skyld: Flagg) -> Tall:
    maneder = np.where(uten_skyld, RENTEMANEDER_UTEN_SKYLD, RENTEMANEDER)
    ut: Kolonne = ore(renter * np.minimum(1.0, maneder / np.maximum(renter_maneder, 1.0)))
    return ut


@TAP.regel(
    "krav_ved_realisasjon",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Restgjeld, og renter og omkostninger som er forfalt før boligen ble realisert.",
        "nn": "Restgjeld, og renter og omkostningar som er forfalne før bustaden vart realisert.",
    },
    formel="restgjeld + renter_som_dekkes + omkostninger",
    eksempel={"restgjeld": 1_000_000, "renter_som_dekkes": 30_000, "omkostninger": 10_000},
)
def krav_ved_realisasjon(restgjeld: Tall, renter_som_dekkes: Tall, omkostninger: Tall) -> Tall:
    return ore(restgjeld + renter_som_dekkes + omkostninger)


@TAP.regel(
    "tapet",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Tapet er det av kravet som ikke er kommet inn.",
        "nn": "Tapet er det av kravet som ikkje er kome inn.",
    },
    formel="max(0, krav_ved_realisasjon - innkommet)",
    eksempel={"krav_ved_realisasjon": 1_040_000, "innkommet": 600_000},
)
def tapet(krav_ved_realisasjon: Tall, innkommet: Tall) -> Tall:
    return ore(np.maximum(krav_ved_realisasjon - innkommet, 0.0))


@TAP.regel(
    "kommunens_del",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Kommunen bærer de første 25 prosentene av kravet.",
        "nn": "Kommunen ber dei første 25 prosentane av kravet.",
    },
    formel="min(tapet, kommunens_tapsandel * krav_ved_realisasjon)",
    eksempel={"tapet": 440_000, "krav_ved_realisasjon": 1_040_000},
)
def kommunens_del(tapet: Tall, krav_ved_realisasjon: Tall, kommunens_tapsandel: float) -> Tall:
    return ore(np.minimum(tapet, kommunens_tapsandel * krav_ved_realisasjon))


@TAP.regel(
    "statens_del",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Staten dekker resten av tapet.", "nn": "Staten dekkjer resten av tapet."},
    formel="tapet - kommunens_del",
    eksempel={"tapet": 440_000, "kommunens_del": 260_000},
)
def statens_del(tapet: Tall, kommunens_del: Tall) -> Tall:
    return ore(tapet - kommunens_del)


@TAP.regel(
    "sokt_for_sent",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Det må søkes innen ett år etter at tapet er konstatert.",
        "nn": "Det må søkjast innan eitt år etter at tapet er konstatert.",
    },
    formel="sokt > tap_konstatert + 10000",
    eksempel={"sokt": "2026-09-10", "tap_konstatert": "2026-03-01"},
)
def sokt_for_sent(sokt: Heltall, tap_konstatert: Heltall) -> Flagg:
    ut: Kolonne = sokt > tap_konstatert + 10_000
    return ut


@TAP.regel(
    "ingen_statlig_andel",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="flagg",
    tekst={
        "nb": "Tapet er innenfor det kommunen bærer selv, eller opplysninger mangler.",
        "nn": "Tapet er innanfor det kommunen ber sjølv, eller opplysningar manglar.",
    },
    formel="mangler_opplysninger or statens_del == 0",
    eksempel={"mangler_opplysninger": False, "statens_del": 180_000},
)
def ingen_statlig_andel(mangler_opplysninger: Flagg, statens_del: Tall) -> Flagg:
    ut: Kolonne = mangler_opplysninger | (statens_del == 0)
    return ut


@TAP.regel(
    "kode",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={
        "nb": "Vedtakskoden: for sent, ingen statlig andel, eller deling.",
        "nn": "Vedtakskoden: for seint, ingen statleg del, eller deling.",
    },
    formel="'T01' if sokt_for_sent else 'T02' if ingen_statlig_andel else 'T00'",
    eksempel={"sokt_for_sent": False, "ingen_statlig_andel": False},
)
def kode(sokt_for_sent: Flagg, ingen_statlig_andel: Flagg) -> Heltall:
    ut: Kolonne = np.where(ingen_statlig_andel, INDEKS["T02"], INDEKS["T00"])
    return np.where(sokt_for_sent, INDEKS["T01"], ut)


@TAP.regel(
    "belop",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Det staten betaler kommunen.", "nn": "Det staten betaler kommunen."},
    formel="statens_del if kode == 'T00' else 0",
    eksempel={"statens_del": 180_000, "kode": "T00"},
)
def belop(statens_del: Tall, kode: Heltall) -> Tall:
    ut: Kolonne = statens_del * (kode == INDEKS["T00"])
    return ut


@INNFORDRING.regel(
    "til_staten",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={
        "nb": "Det som kommer inn etter at tapet er delt, går først til staten, til dens del er dekket.",
        "nn": "Det som kjem inn etter at tapet er delt, går først til staten, til delen hans er dekt.",
    },
    formel="min(innfordret, max(0, statens_tap - staten_har_fatt))",
    eksempel={"innfordret": 200_000, "statens_tap": 180_000, "staten_har_fatt": 30_000},
)
def til_staten(innfordret: Tall, statens_tap: Tall, staten_har_fatt: Tall) -> Tall:
    return ore(np.minimum(innfordret, np.maximum(statens_tap - staten_har_fatt, 0.0)))


@INNFORDRING.regel(
    "til_kommunen",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Resten går til kommunen.", "nn": "Resten går til kommunen."},
    formel="innfordret - til_staten",
    eksempel={"innfordret": 200_000, "til_staten": 150_000},
)
def til_kommunen(innfordret: Tall, til_staten: Tall) -> Tall:
    return ore(innfordret - til_staten)


@INNFORDRING.regel(
    "kode",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kode",
    tekst={"nb": "Det som er innfordret, fordeles.", "nn": "Det som er kravd inn, blir fordelt."},
    formel="'R00'",
    eksempel={"innfordret": 200_000},
)
def fordelt(innfordret: Tall) -> Heltall:
    ut: Kolonne = np.full(len(innfordret), INDEKS["R00"])
    return ut


@INNFORDRING.regel(
    "belop",
    hjemmel=_HJEMMEL,
    gyldig_fra=_FRA,
    enhet="kr",
    tekst={"nb": "Det staten skal ha.", "nn": "Det staten skal ha."},
    formel="til_staten",
    eksempel={"til_staten": 150_000},
)
def til_staten_na(til_staten: Tall) -> Tall:
    return til_staten
