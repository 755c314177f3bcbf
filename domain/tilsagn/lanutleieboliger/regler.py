"""The rules of lån til utleieboliger (Husbankens veileder for lån; Husbankens årsrapport 2024, kap. 3.2)."""

import numpy as np

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import TILVISNINGSFELT, legg_til_tilvisning, regelskriver
from domain.tilsagn.lan import FORSKRIFT, LANEFELT, LOPETID, legg_til_lopetid
from domain.tilsagn.regelverk import Regelverk, Vilkar

REGLER = Regelsett("lanutleieboliger")
SATSER = les_satser("domain.tilsagn.lanutleieboliger")
FRA = "2020-01"

FELT = (*TILVISNINGSFELT, *LANEFELT)

_regel = regelskriver(REGLER, FORSKRIFT, FRA)

legg_til_tilvisning(REGLER, FORSKRIFT, FRA)
legg_til_lopetid(_regel)
_regel(
    "belop",
    "kr",
    "Lånet er det som er søkt om, høyst en andel av verdien og ikke mer enn kostnaden",
    "Lånet er det som er søkt om, høgst ein del av verdien og ikkje meir enn kostnaden",
    "floor(min(soknadsbelop, (andel_kommune if soker_er_kommune else andel_vanlig) * verdi, kostnad))",
    {"soknadsbelop": 107_000_000, "soker_er_kommune": False, "verdi": 125_000_000, "kostnad": 125_000_000},
    lambda soknadsbelop, soker_er_kommune, verdi, kostnad, andel_kommune, andel_vanlig: np.floor(
        np.minimum(
            np.minimum(soknadsbelop, np.where(soker_er_kommune, andel_kommune, andel_vanlig) * verdi), kostnad
        )
    ),
    forbehold="Andelen er sluttet av eksemplene i årsrapporten.",
)

VERK = Regelverk(
    "lån til utleieboliger",
    REGLER,
    SATSER,
    FELT,
    (
        Vilkar(
            "avtale_holder",
            "T01",
            "Boligene er ikke sikret for vanskeligstilte.",
            "Bustadene er ikkje sikra for vanskelegstilte.",
        ),
        LOPETID,
    ),
    FRA,
)
