"""Half, the whole and double the country, each in a process of its own: cost grows with the work, memory does not."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from tests.bench.maned import mal as mal_maned

LAND = 138_846
_VIST = ("saker", "tre_faser_s", "saker_per_s", "toppminne", "minne_deler", "cpu_s", "stemmer")


def mal(land: int = LAND) -> dict[str, Any]:
    """Figures by size of the population, and what double costs over half."""
    ut: dict[str, Any] = {}
    for navn, antall in (("halv", land // 2), ("hel", land), ("dobbel", land * 2)):
        # A process of its own: the pools of a broker that is gone are not those of the next.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as egen:
            svar = egen.submit(mal_maned, antall, sammenlign=False).result()
        ut[navn] = {felt: svar[felt] for felt in _VIST}
    ut["dobbel_over_halv"] = {
        felt: ut["dobbel"][felt] / ut["halv"][felt] for felt in ("saker", "tre_faser_s", "toppminne")
    }
    return ut
