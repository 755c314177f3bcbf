"""Rules that several schemes have in common, declared into each scheme's own rule set."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from domain.regler.kolonne import Flagg, Heltall
from domain.regler.regel import Regelsett
from domain.tilsagn.felt import Felt, antall, flagg, valg

UTEN_PARAGRAF = "(§ ikke oppgitt i kilden)"
"""The sources at hand name the scheme's regulation but not its paragraphs."""

SOKER_KOMMUNE = flagg("soker_er_kommune", "Søkeren er en kommune.", "Søkjaren er ein kommune.")

TILVISNINGSFELT: tuple[Felt, ...] = (
    SOKER_KOMMUNE,
    antall("boliger", "Utleieboliger i prosjektet.", "Utleigebustader i prosjektet.", minst=1),
    valg(
        "avtale",
        "Avtale med kommunen om hvem som får leie.",
        "Avtale med kommunen om kven som får leige.",
        ("ingen", "tilvisning", "tildeling"),
        "ingen",
    ),
    antall("avtale_ar", "Avtalens lengde i år.", "Lengda på avtalen i år.", 0),
    antall("avtale_boliger", "Boliger som avtalen gjelder.", "Bustader som avtalen gjeld.", 0),
)


def legg_til_tilvisning(regler: Regelsett, hjemmel: str, fra: str) -> None:
    """``avtale_holder``: the applicant is a municipality, or has a long agreement with one.

    40 % of the dwellings for at least 20 years (tilvisningsavtale), or all of them (tildelingsavtale)
    (Husbankens årsrapport 2024, kap. 3.2). 40 % is rounded down to whole dwellings: 8 of 22 was accepted there.
    """

    @regler.regel(
        "avtale_holder",
        hjemmel=hjemmel,
        gyldig_fra=fra,
        enhet="flagg",
        tekst={
            "nb": "Søkeren er en kommune, eller kommunen har i minst 20 år rett til å vise til 40 prosent av boligene, "
            "eller alle boligene er forbeholdt vanskeligstilte.",
            "nn": "Søkjaren er ein kommune, eller kommunen har i minst 20 år rett til å vise til 40 prosent av "
            "bustadene, eller alle bustadene er reserverte for vanskelegstilte.",
        },
        formel="soker_er_kommune or avtale == 'tildeling' and avtale_boliger >= boliger and avtale_ar >= tilvisning_ar "
        "or avtale == 'tilvisning' and avtale_ar >= tilvisning_ar "
        "and avtale_boliger >= max(1, floor(tilvisning_andel * boliger))",
        eksempel={
            "soker_er_kommune": False,
            "boliger": 22,
            "avtale": "tilvisning",
            "avtale_ar": 20,
            "avtale_boliger": 8,
        },
        forbehold="At 40 prosent rundes ned til hele boliger, er sluttet av et eksempel i årsrapporten (8 av 22). At "
        "en tildelingsavtale også må vare i 20 år, er sluttet.",
    )
    def avtale_holder(
        soker_er_kommune: Flagg,
        boliger: Heltall,
        avtale: Heltall,
        avtale_ar: Heltall,
        avtale_boliger: Heltall,
        tilvisning_ar: float,
        tilvisning_andel: float,
    ) -> Flagg:
        lang = avtale_ar >= tilvisning_ar
        krav = np.maximum(1, np.floor(tilvisning_andel * boliger + 1e-9))
        ut: Flagg = (
            soker_er_kommune
            | ((avtale == 2) & lang & (avtale_boliger >= boliger))
            | ((avtale == 1) & lang & (avtale_boliger >= krav))
        )
        return ut


def regelskriver(regler: Regelsett, hjemmel: str, fra: str) -> Callable[..., None]:
    """Short form of ``regler.regel`` for rules of one line: (name, unit, nb, nn, formula, example, function, …)."""

    def regel(
        navn: str,
        enhet: str,
        nb: str,
        nn: str,
        formel: str,
        eksempel: Mapping[str, Any],
        funksjon: Callable[..., Any],
        **valg: Any,
    ) -> None:
        kort = {"hjemmel": hjemmel, "gyldig_fra": fra, **valg}
        regler.regel(navn, enhet=enhet, tekst={"nb": nb, "nn": nn}, formel=formel, eksempel=eksempel, **kort)(
            funksjon
        )

    return regel
