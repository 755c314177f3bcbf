"""What help with the purchase is worth over time: a grant that is written down, a loan without interest and
instalments, and shared ownership (NIBR-rapport 2008:13, chapter 7). As shares of the amount given."""

import numpy as np
from numpy.typing import ArrayLike

from domain.regler.kolonne import Tall

NEDSKRIVING = 0.1
"""Share of a boligtilskudd that is written down each year."""


def verdi_av_lan(rente: ArrayLike, botid: ArrayLike, verdivekst: ArrayLike = 0.0) -> Tall:
    """Present value of a loan of 1 without interest and instalments, repaid after ``botid`` years.

    ``rente``: the market rate it is discounted with. ``verdivekst``: yearly rise of the dwelling's price when the debt
    follows it (the English Homebuy); 0 when the nominal sum is repaid. Figur 7.1: 0.585 after 10 years at 5.5 %.
    """
    vekst = np.log1p(np.asarray(verdivekst, dtype=np.float64)) - np.log1p(np.asarray(rente, dtype=np.float64))
    ut: Tall = np.exp(np.asarray(botid, dtype=np.float64) * vekst)
    return ut


def resttilskudd(botid: ArrayLike, nedskriving: float = NEDSKRIVING) -> Tall:
    """What must be repaid of a grant of 1 when the dwelling is sold after ``botid`` years."""
    return np.maximum(1.0 - nedskriving * np.asarray(botid, dtype=np.float64), 0.0)


def verdi_av_tilskudd(rente: ArrayLike, botid: ArrayLike, nedskriving: float = NEDSKRIVING) -> Tall:
    """Present value of what is repaid of a grant of 1 that is written down."""
    return resttilskudd(botid, nedskriving) * verdi_av_lan(rente, botid)
