"""Outcome codes of a decision, in the order in which they are tried. The place in KODER is the code's index."""

from dataclasses import dataclass
from typing import Literal

from domain.bostotte.regelsett import FORSKRIFT, LOV

Utfall = Literal["innvilget", "avslag", "avvist"]


@dataclass(frozen=True, slots=True)
class Kode:
    kode: str
    utfall: Utfall
    nb: str
    nn: str
    hjemmel: str
    vilkar: str | None
    """The rule that makes the code apply; None for the grant."""


KODER: tuple[Kode, ...] = (
    Kode("V00", "innvilget", "Du får bostøtte.", "Du får bustøtte.", f"{LOV} § 6", None),
    Kode(
        "V48",
        "avvist",
        "Søknaden er avvist fordi en i husstanden ikke bor på adressen.",
        "Søknaden er avvist fordi ein i husstanden ikkje bur på adressa.",
        f"{LOV} § 3, {FORSKRIFT} § 9",
        "biperson_bor_ikke_pa_adressen",
    ),
    Kode(
        "V09",
        "avvist",
        "Søknaden er avvist fordi det mangler opplysninger.",
        "Søknaden er avvist fordi det manglar opplysningar.",
        f"{FORSKRIFT} § 9",
        "opplysninger_mangler",
    ),
    Kode(
        "V05",
        "avslag",
        "Søkeren var ikke bosatt i Norge etter Folkeregisteret den første i måneden.",
        "Søkjaren var ikkje busett i Noreg etter Folkeregisteret den første i månaden.",
        f"{LOV} § 2",
        "soker_ikke_bosatt",
    ),
    Kode("V11", "avslag", "Søkeren er død.", "Søkjaren er død.", f"{LOV} § 3", "soker_dod"),
    Kode(
        "V04",
        "avslag",
        "Boligen oppfyller ikke vilkårene for bostøtte.",
        "Bustaden oppfyller ikkje vilkåra for bustøtte.",
        f"{LOV} § 5",
        "bolig_utenfor",
    ),
    Kode(
        "V02",
        "avslag",
        "Ingen i husstanden har rett til bostøtte.",
        "Ingen i husstanden har rett til bustøtte.",
        f"{LOV} §§ 3 og 4",
        "ingen_rett",
    ),
    Kode(
        "V03",
        "avslag",
        "Inntekten er for høy i forhold til boutgiftene.",
        "Inntekta er for høg i forhold til buutgiftene.",
        f"{LOV} § 6, {FORSKRIFT} § 1",
        "for_hoy_inntekt",
    ),
)
INDEKS: dict[str, int] = {kode.kode: i for i, kode in enumerate(KODER)}
