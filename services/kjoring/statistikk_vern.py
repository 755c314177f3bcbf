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
    A cell is safe when it stands in a ring of hidden cells, two in each row and column that it passes, that can be
    moved one up and one down around the ring. Rings are chosen that hide the least.
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
    """Put the cell in the cheapest ring, hiding the rest of it. False: no ring has room.

    A ring goes from column to column by way of rows. There are few columns, so the cheapest way between each two is
    found first, over all rows at once, and then the cheapest way around.
    """
    pris = np.where(skjult, 0.0, 1.0 + np.log1p(x))
    pris[-1] *= 100.0  # the country's own figures last
    pris[(x == 0) & ~skjult] = np.inf
    rom = x > nedre
    beste: tuple[float, list[tuple[int, int]]] = (np.inf, [])
    for retning in (1, -1):
        # Up is always possible, down only with room; the signs are those of the sums.
        opp = np.where((tegn * retning > 0) | rom, pris, np.inf)
        ned = np.where((tegn * -retning > 0) | rom, pris, np.inf)
        if np.isinf(opp[r, c]):
            continue
        steg = ned[:, :, None] + opp[:, None, :]  # row, from column, to column
        steg[r] = np.inf
        via = steg.argmin(axis=0)
        avstand, forrige = _korteste(steg.min(axis=0), c)
        hjem = avstand + ned[r]
        hjem[c] = np.inf
        slutt = int(hjem.argmin())
        if hjem[slutt] < beste[0]:
            ring, her = [(r, slutt)], slutt
            while her != c:
                fra = int(forrige[her])
                ring += [(int(via[fra, her]), fra), (int(via[fra, her]), her)]
                her = fra
            beste = (float(hjem[slutt]), ring)
    for celle in beste[1]:
        skjult[celle] = True
    return bool(beste[1])


def _korteste(kostnad: Kolonne, fra: int) -> tuple[Kolonne, Kolonne]:
    """Cheapest way from one column to every other (Bellman–Ford), and the column before each on it."""
    k = len(kostnad)
    avstand, forrige = np.full(k, np.inf), np.full(k, fra)
    avstand[fra] = 0.0
    for _ in range(k):
        ny = avstand[:, None] + kostnad
        best = ny.argmin(axis=0)
        kortere = ny[best, np.arange(k)] < avstand
        avstand = np.where(kortere, ny[best, np.arange(k)], avstand)
        forrige = np.where(kortere, best, forrige)
    return avstand, forrige


def utvid(x: Kolonne, skjult: Kolonne, kolonne: int) -> None:
    """At least two municipalities hidden in this column, with ``MINSTE`` between them: more are hidden if need be.

    Hides whole rows, the smallest first: then they stand in each other's rings.
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
