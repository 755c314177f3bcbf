"""Synthetic identity numbers for whole columns of people, each number given out once in the country."""

import numpy as np

from domain.regler.kolonne import Kolonne

PLASSER = 320
"""People of one birth year that one chunk may hold."""
_PROVER = 5
"""Candidates for one number in each series; about one in six has no control digits."""
_V1 = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2])
_V2 = np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])


def tildel(bit: int, fodselsar: Kolonne) -> tuple[Kolonne, Kolonne]:
    """Birth date (integer YYYYMMDD) and identity number (int64) of each person of chunk ``bit``.

    ``fodselsar``: int[m], 1900–2039. A chunk owns ``PLASSER`` places in each birth year, so no two chunks give out
    the same number, whatever the size of the country. Months are shifted by 80 or 40, or the number is a
    D-number as well: synthetic all of them. Raises ValueError when a chunk holds too many of one year.
    """
    orden = np.argsort(fodselsar, kind="stable")
    sortert = fodselsar[orden]
    rang = np.empty(len(orden), dtype=np.int64)
    rang[orden] = np.arange(len(orden)) - np.searchsorted(sortert, sortert, side="left")
    if len(rang) and rang.max() >= PLASSER:
        raise ValueError(f"befolkning: mer enn {PLASSER} personer med samme fødselsår i én bit")
    plass = bit * PLASSER + rang
    dag_i_ar, lopenummer = plass % 365, plass // 365
    if len(plass) and lopenummer.max() >= 500 // _PROVER:
        raise ValueError("befolkning: så mange syntetiske numre finnes ikke")
    dato = (fodselsar - 1970).astype("datetime64[Y]").astype("datetime64[D]") + dag_i_ar
    maned = dato.astype("datetime64[M]").astype(np.int64) % 12 + 1
    dag = (dato - dato.astype("datetime64[M]")).astype(np.int64) + 1
    forste = np.where(fodselsar < 2000, 0, 500) + lopenummer * _PROVER
    fnr = np.full(len(plass), -1, dtype=np.int64)
    for dagtillegg, manedstillegg in ((0, 80), (0, 40), (40, 80)):
        for prove in range(_PROVER):
            ni = ((dag + dagtillegg) * 100 + maned + manedstillegg) * 100 + fodselsar % 100
            kandidat = _med_kontroll(ni * 1000 + forste + prove)
            fnr = np.where(fnr < 0, kandidat, fnr)
    if len(fnr) and fnr.min() < 0:
        raise ValueError("befolkning: fant ikke gyldig syntetisk nummer")
    return fodselsar * 10_000 + maned * 100 + dag, fnr


def _med_kontroll(ni: Kolonne) -> Kolonne:
    """Nine digits with their two control digits; -1 where there are none."""
    sifre = ni[:, None] // 10 ** np.arange(8, -1, -1) % 10
    k1 = -(sifre @ _V1) % 11
    k2 = -(np.column_stack((sifre, k1)) @ _V2) % 11
    ut: Kolonne = np.where((k1 == 10) | (k2 == 10), -1, ni * 100 + k1 * 10 + k2)
    return ut
