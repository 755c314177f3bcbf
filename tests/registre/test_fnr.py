"""Synthetic identity numbers."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.person.fodselsnummer import kontroller
from services.registersim.befolkning import Befolkning
from services.registersim.fnr import Serie, fodselsdato, lag_fnr
from services.registersim.syntese import hode_i


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2039, 12, 31)),
    st.integers(0, 350),
    st.sampled_from(["syntetisk", "nav", "dnr"]),
)
def test_hvert_nummer_er_gyldig_syntetisk_og_gir_datoen_tilbake(dag: date, nr: int, serie: Serie) -> None:
    fnr = lag_fnr(dag, nr, serie)
    kontroller(fnr, date(2026, 11, 1), tillat_syntetiske=True)
    with pytest.raises(ValueError):
        kontroller(fnr, date(2026, 11, 1), tillat_syntetiske=False)
    assert fodselsdato(fnr) == dag


def test_lopenummer_gir_ulike_numre_og_tar_slutt() -> None:
    assert len({lag_fnr("1990-05-01", n) for n in range(300)}) == 300
    with pytest.raises(ValueError, match="lopenummer"):
        lag_fnr("1990-05-01", 1000)


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(1902, 1, 1)) | st.dates(date(1902, 1, 1), date(2006, 1, 1)),
    st.integers(0, 350),
    st.integers(1, 5),
)
def test_uregistrerte_er_alltid_de_samme(dag: date, nr: int, fro: int) -> None:
    fnr = lag_fnr(dag, nr)
    hushold = Befolkning(fro).husstand(fnr)
    assert hushold == Befolkning(fro).husstand(fnr)
    assert hushold is not None
    assert hushold.personer[0].fodselsdato == dag
    assert hode_i(hushold.bolig.gardsnummer, hushold.bolig.bruksnummer) == fnr
    assert len({p.fnr for p in hushold.personer}) == len(hushold.personer)
    assert hushold.bolig.gardsnummer <= 99_999
    assert hushold.bolig.bruksnummer <= 99_999
