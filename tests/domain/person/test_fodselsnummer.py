"""Identity numbers. All are synthetic, or examples that Skatteetaten or NAV have published."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from domain.person.fodselsnummer import Identitetsnummer, UgyldigIdentitetsnummer, kontroller

I_DAG = date(2026, 9, 1)
I_2032 = date(2032, 1, 1)


@pytest.mark.parametrize(
    ("nummer", "art"),
    [
        # month + 80 and + 40, published in the issue tracker of navikt/fnrvalidator
        ("17912099997", "fnr"),
        ("57912075186", "dnr"),
        ("29822099635", "fnr"),
        ("61929750062", "dnr"),
        ("15507600333", "fnr"),
        ("55507608360", "dnr"),
        ("21528704651", "fnr"),
        ("61528703428", "dnr"),
    ],
)
def test_synthetic_numbers_only_where_allowed(nummer: str, art: str) -> None:
    assert kontroller(nummer, I_DAG, tillat_syntetiske=True) == Identitetsnummer(nummer, art, True)
    with pytest.raises(UgyldigIdentitetsnummer) as feil:
        kontroller(nummer, I_DAG, tillat_syntetiske=False)
    assert feil.value.kode == "syntetisk"


@pytest.mark.parametrize(
    ("nummer", "foer"),
    [("02013299997", True), ("30108299920", True), ("30108299939", False), ("02013299903", False)],
)
def test_examples_of_the_2032_rule(nummer: str, foer: bool) -> None:
    """Those whose first control digit follows the old formula hold before 2032 too, wherever the date in them
    lies.
    """
    assert kontroller(nummer, I_2032, tillat_syntetiske=False).art == "fnr"
    if foer:
        assert kontroller(nummer, I_DAG, tillat_syntetiske=False).art == "fnr"
    else:
        with pytest.raises(UgyldigIdentitetsnummer) as feil:
            kontroller(nummer, date(2031, 12, 31), tillat_syntetiske=False)
        assert feil.value.kode == "kontrollsiffer"


@pytest.mark.parametrize(
    ("nummer", "kode"),
    [
        ("", "lengde"),
        ("1791209999", "lengde"),
        ("179120999977", "lengde"),
        ("179120 99997", "lengde"),
        ("1791209999x", "lengde"),
        ("١٧٩١٢٠٩٩٩٩٧", "lengde"),
        ("00000000000", "oppbygning"),
        ("32912099997", "oppbygning"),
        ("80912099997", "oppbygning"),
        ("17132099997", "oppbygning"),
        ("17612099997", "oppbygning"),
        ("17772099997", "oppbygning"),
        ("17932099997", "oppbygning"),
        ("17912099996", "kontrollsiffer"),
        ("17912099987", "kontrollsiffer"),
    ],
)
def test_refused_with_a_code_and_without_the_number(nummer: str, kode: str) -> None:
    with pytest.raises(UgyldigIdentitetsnummer) as feil:
        kontroller(nummer, I_DAG, tillat_syntetiske=True)
    assert feil.value.kode == kode
    assert not nummer or nummer not in str(feil.value)


def test_number_does_not_show_in_repr() -> None:
    assert "17912099997" not in repr(kontroller("17912099997", I_DAG, tillat_syntetiske=True))


ni_sifre = st.builds(
    "{:02d}{:02d}{:05d}".format, st.integers(1, 31), st.integers(81, 92), st.integers(0, 99_999)
)


@given(ni_sifre)
def test_2032_accepts_one_to_four_first_digits_and_every_old_number(stamme: str) -> None:
    godtatt = {dato: set[str]() for dato in (I_DAG, I_2032)}
    for k1 in "0123456789":
        k2 = calc_check_digit2(stamme + k1)
        for dato, numre in godtatt.items():
            try:
                numre.add(kontroller(stamme + k1 + k2, dato, tillat_syntetiske=True).nummer[9])
            except UgyldigIdentitetsnummer:
                continue
    gammel = calc_check_digit1(stamme)
    assert godtatt[I_DAG] <= ({gammel} if gammel != "10" else set())
    assert godtatt[I_DAG] <= godtatt[I_2032]
    assert len(godtatt[I_2032]) <= 4


@given(ni_sifre, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_found_today(stamme: str, plass: int, skift: int) -> None:
    k1 = calc_check_digit1(stamme)
    k2 = calc_check_digit2(stamme + k1)
    if len(k1 + k2) != 2:
        return
    rett = stamme + k1 + k2
    feil = rett[:plass] + str((int(rett[plass]) + skift) % 10) + rett[plass + 1 :]
    assert kontroller(rett, I_DAG, tillat_syntetiske=True).nummer == rett
    with pytest.raises(UgyldigIdentitetsnummer):
        kontroller(feil, I_DAG, tillat_syntetiske=True)
