"""What the two municipal grants share: how the grant is written down (bustøttelova §§ 14–15; the municipality chooses).

Older rules: a grant above 40 000 kroner is written down by 10 % for each whole year, a smaller one not at all, since
nothing of it is claimed back (NIBR-rapport 2008:13, kap. 1.2.2). A municipality may choose 5 % over 20 years.
"""

from collections.abc import Callable

import numpy as np

from domain.tilsagn.felt import Felt, valg

NEDSKRIVINGSFELT: Felt = valg(
    "nedskriving",
    "Hvordan tilskuddet skrives ned.",
    "Korleis tilskotet blir skrive ned.",
    ("tjue_ar", "eldre_regler"),
    "tjue_ar",
)


def legg_til_nedskriving(regel: Callable[..., None]) -> None:
    """``nedskrivingstid`` (years) and ``nedskrivingsgrunnlag`` (kr)."""
    regel(
        "nedskrivingstid",
        "år",
        "Tilskuddet skrives ned med like mye for hvert fullført år.",
        "Tilskotet blir skrive ned med like mykje for kvart fullført år.",
        "eldre_nedskrivingstid if nedskriving == 'eldre_regler' else ny_nedskrivingstid",
        {"nedskriving": "eldre_regler"},
        lambda nedskriving, eldre_nedskrivingstid, ny_nedskrivingstid: np.where(
            nedskriving == 1, eldre_nedskrivingstid, ny_nedskrivingstid
        ),
    )
    regel(
        "nedskrivingsgrunnlag",
        "kr",
        "Det som kan kreves tilbake når boligen overdras",
        "Det som kan krevjast tilbake når bustaden blir overdregen",
        "0 if nedskriving == 'eldre_regler' and belop <= eldre_grense else belop",
        {"nedskriving": "eldre_regler", "belop": 40_000},
        lambda nedskriving, belop, eldre_grense: np.where(
            (nedskriving == 1) & (belop <= eldre_grense), 0, belop
        ),
    )
