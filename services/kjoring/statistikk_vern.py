"""Small cells hidden, so that they cannot be found by subtraction either.

**What is guaranteed.** A table has a row a municipality, a last row for the whole country (the sum of the others), and
may have a first column for the total (the sum of the others). Every cell of 1, 2 or 3 is hidden; zeros are shown. For
every hidden cell there is another table of whole numbers, with all shown cells the same, all sums right and every
hidden cell at least one, in which that cell is another. So no reckoning with one table's figures gives a hidden cell.
A municipality whose number of grants is hidden gets no further figures about the granted, nor means; such
municipalities are at least two, with four grants or more between them.

**What is not.** Two months beside each other, and what a reader knows about a household beforehand.
"""

import numpy as np

from domain.regler.kolonne import Kolonne

MINSTE = 4
"""The smallest number shown, but for zero"""


def skjul(x: Kolonne, *, total: bool) -> Kolonne:
    """Which cells to hide, bool[n, k].

    ``x``: int[n, k], the last row the sum of the others; ``total``: the first column is the sum of the others.
    A cell is safe when it stands in a square of hidden cells (two rows, two columns) that can be moved one up and
    one down around the square. Squares are chosen that hide the fewest further cells, and the smallest.
    """
    n, k = x.shape
    skjult = (x > 0) & (x < MINSTE)
    nedre = np.ones((n, k), dtype=np.int64)
    tegn = np.ones((n, k), dtype=np.int64)
    tegn[-1] *= -1
    if total:
        tegn[:, 0] *= -1
    for r, c in np.argwhere(skjult).tolist():
        while not _verne(x, skjult, nedre, tegn, r, c):
            skjult[r, int(total) :] = True  # with its zeros hidden too, a row has room to move in
            nedre[r] = 0
    return skjult


def _verne(x: Kolonne, skjult: Kolonne, nedre: Kolonne, tegn: Kolonne, r: int, c: int) -> bool:
    """Put the cell in a square, hiding the rest of it. False: no square has room."""
    n, k = x.shape
    kan = (x > 0) | skjult
    rom = x > nedre
    gyldig = np.zeros((n, k), dtype=bool)
    for retning in (1, -1):
        # +1, -1, +1, -1 around the square in the signs of the sums: up is always possible, down only with room.
        opp, ned = (tegn * retning > 0) | rom, (tegn * -retning > 0) | rom
        gyldig |= opp[r, c] & ned[r][None, :] & ned[:, c][:, None] & opp
    gyldig &= kan[r][None, :] & kan[:, c][:, None] & kan
    gyldig[r, :] = False
    gyldig[:, c] = False
    if not gyldig.any():
        return False
    # First few new cells, then small ones; the country's own figures last.
    pris = np.where(skjult, 0.0, 1.0 + np.log1p(x) / 100)
    pris[-1] += np.where(skjult[-1], 0.0, 1000.0)
    samlet = np.where(gyldig, pris[r][None, :] + pris[:, c][:, None] + pris, np.inf)
    r2, c2 = divmod(int(samlet.argmin()), k)
    skjult[r, c2] = skjult[r2, c] = skjult[r2, c2] = True
    return True


def utvid(x: Kolonne, skjult: Kolonne, kolonne: int) -> None:
    """At least two municipalities hidden in this column, with ``MINSTE`` between them: more are hidden if need be.

    Hides whole rows, the smallest first: then they stand in each other's squares.
    """
    rader = skjult[:-1, kolonne]
    while rader.any() and (rader.sum() < 2 or x[:-1, kolonne][rader].sum() < MINSTE):
        synlige = np.flatnonzero(~rader & (x[:-1, kolonne] > 0))
        if not len(synlige):
            skjult[:] = x > 0
            return
        minst = synlige[x[synlige, kolonne].argmin()]
        skjult[minst] = x[minst] > 0
        rader = skjult[:-1, kolonne]
