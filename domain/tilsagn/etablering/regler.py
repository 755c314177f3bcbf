"""The rules of the municipal establishment grant (bustøttelova §§ 14–15; the municipality decides the amount)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import regelskriver
from domain.tilsagn.felt import flagg, kr
from domain.tilsagn.kommunalt import NEDSKRIVINGSFELT, legg_til_nedskriving
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("etablering")
SATSER = les_satser("domain.tilsagn.etablering")
FRA = "2020-01"

FELT = (
    kr("kjopesum", "Kjøpesum med omkostninger.", "Kjøpesum med omkostningar.", minst=1),
    kr("annen_finansiering", "Startlån, banklån og egenkapital.", "Startlån, banklån og eigenkapital."),
    kr("soknadsbelop", "Omsøkt beløp.", "Omsøkt beløp.", minst=1),
    kr("prioritert_belop", "Beløpet kommunen prioriterer.", "Beløpet kommunen prioriterer.", 0),
    flagg(
        "vanskeligstilt",
        "Husstanden er vanskeligstilt på boligmarkedet, og det er langvarig.",
        "Husstanden er vanskelegstilt på bustadmarknaden, og det er langvarig.",
    ),
    flagg("egnet_bolig", "Boligen er egnet og nøktern.", "Bustaden er eigna og nøktern.", True),
    NEDSKRIVINGSFELT,
)

_regel = regelskriver(REGLER, "bustøttelova §§ 14 og 15", FRA)

_regel(
    "er_vanskeligstilt",
    "flagg",
    "Husstanden er vanskeligstilt på boligmarkedet, og det er ikke forbigående.",
    "Husstanden er vanskelegstilt på bustadmarknaden, og det er ikkje forbigåande.",
    "vanskeligstilt",
    {"vanskeligstilt": True},
    lambda vanskeligstilt: vanskeligstilt,
)
_regel(
    "boligen_passer",
    "flagg",
    "Boligen er egnet for husstanden og nøktern.",
    "Bustaden er eigna for husstanden og nøktern.",
    "egnet_bolig",
    {"egnet_bolig": True},
    lambda egnet_bolig: egnet_bolig,
)
_regel(
    "mangler",
    "kr",
    "Det som mangler når annen finansiering er trukket fra kjøpesummen",
    "Det som manglar når annan finansiering er trekt frå kjøpesummen",
    "max(0, kjopesum - annen_finansiering)",
    {"kjopesum": 2_400_000, "annen_finansiering": 2_100_000},
    lambda kjopesum, annen_finansiering: np.maximum(kjopesum - annen_finansiering, 0.0),
)
_regel(
    "trengs",
    "flagg",
    "Kjøpet er ikke fullt finansiert uten tilskuddet, og kommunen har prioritert søknaden.",
    "Kjøpet er ikkje fullt finansiert utan tilskotet, og kommunen har prioritert søknaden.",
    "mangler > 0 and prioritert_belop > 0",
    {"mangler": 300_000, "prioritert_belop": 300_000},
    lambda mangler, prioritert_belop: (mangler > 0) & (prioritert_belop > 0),
)
_regel(
    "belop",
    "kr",
    "Tilskuddet er det kommunen prioriterer, høyst det som er søkt om og det som mangler",
    "Tilskotet er det kommunen prioriterer, høgst det som er søkt om og det som manglar",
    "min(prioritert_belop, soknadsbelop, mangler)",
    {"prioritert_belop": 300_000, "soknadsbelop": 350_000, "mangler": 300_000},
    lambda prioritert_belop, soknadsbelop, mangler: np.minimum(
        np.minimum(prioritert_belop, soknadsbelop), mangler
    ),
)
legg_til_nedskriving(_regel)

VERK = Regelverk(
    "tilskudd til etablering",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "er_vanskeligstilt", "T01", "Husstanden er ikke i målgruppen.", "Husstanden er ikkje i målgruppa."
        ),
        Vilkar("boligen_passer", "T02", "Boligen er ikke egnet.", "Bustaden er ikkje eigna."),
        Vilkar(
            "trengs",
            "T03",
            "Tilskuddet trengs ikke eller er ikke prioritert.",
            "Tilskotet trengst ikkje eller er ikkje prioritert.",
        ),
    ),
    FRA,
)
