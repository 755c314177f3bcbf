from datetime import date

import pytest

from domain.kommuner import UkjentKommune, finn, gjeldende_nummer, gruppetabell, kommuner

FOR, ETTER = date(2023, 12, 31), date(2024, 1, 1)


def test_antall_kommuner() -> None:
    assert len(kommuner(date(2022, 6, 1))) == 356
    assert len(kommuner(ETTER)) == 357
    assert len({k.kommunenummer for k in kommuner(ETTER)}) == 357


@pytest.mark.parametrize(
    ("fylke", "antall"),
    [
        ("03", 1), ("11", 23), ("15", 27), ("18", 41), ("31", 12), ("32", 21), ("33", 18), ("34", 46), ("39", 6),
        ("40", 17), ("42", 25), ("46", 43), ("50", 38), ("55", 21), ("56", 18),
    ],
)  # fmt: skip
def test_antall_i_hvert_fylke_fra_2024(fylke: str, antall: int) -> None:
    assert sum(k.kommunenummer.startswith(fylke) for k in kommuner(ETTER)) == antall


def test_gruppene_ved_navn() -> None:
    for dato in (FOR, ETTER):
        grupper: dict[int, set[str]] = {}
        for kommune in kommuner(dato):
            grupper.setdefault(kommune.gruppe, set()).add(kommune.navn)
        assert grupper[1] == {"Oslo"}
        assert grupper[2] == {"Bergen", "Trondheim", "Tromsø", "Stavanger", "Bærum"}
        assert grupper[3] == {
            "Kristiansand", "Lillestrøm", "Frogn", "Lørenskog", "Nordre Follo", "Asker", "Nesodden", "Sola", "Sandnes",
        }  # fmt: skip
        assert set(grupper) == {1, 2, 3, 4}


def test_hvert_gammelt_nummer_peker_pa_samme_navn_i_dag() -> None:
    for kommune in kommuner(FOR):
        if kommune.erstattet_av is not None:
            assert finn(kommune.erstattet_av, ETTER).navn == kommune.navn
            assert gjeldende_nummer(kommune.kommunenummer, ETTER) == kommune.erstattet_av
        else:
            assert finn(kommune.kommunenummer, ETTER) == kommune
        assert gjeldende_nummer(kommune.kommunenummer, FOR) == kommune.kommunenummer


def test_haram_er_ny_i_2024() -> None:
    assert finn("1580", ETTER).navn == "Haram"
    with pytest.raises(UkjentKommune):
        finn("1580", FOR)


@pytest.mark.parametrize(
    ("nummer", "dato"), [("3005", ETTER), ("3301", FOR), ("0000", ETTER), ("", ETTER), ("301", ETTER)]
)
def test_ukjent_nummer_navngir_feltet(nummer: str, dato: date) -> None:
    with pytest.raises(UkjentKommune, match="kommunenummer") as feil:
        finn(nummer, dato)
    assert feil.value.felt == "kommunenummer"


def test_feilen_sier_hvilket_nummer_som_gjelder_na() -> None:
    with pytest.raises(UkjentKommune, match="3301"):
        finn("3005", ETTER)


def test_tabellen_sier_det_samme_som_oppslaget() -> None:
    for dato in (FOR, ETTER):
        tabell = gruppetabell(dato)
        assert int((tabell > 0).sum()) == len(kommuner(dato))
        for kommune in kommuner(dato):
            assert tabell[int(kommune.kommunenummer)] == kommune.gruppe
