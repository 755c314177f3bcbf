"""Errors in the validators' own words: what may be an identity number is taken out, a month is not."""

import pytest

from services.feltfeil import felt_feil


@pytest.mark.parametrize(
    ("melding", "vist"),
    [
        ("må være 2022-06 eller senere", "må være 2022-06 eller senere"),
        ("fra 2022-06 til 2024-05", "fra 2022-06 til 2024-05"),
        ("gjelder 01859001064", "gjelder …"),
        ("gjelder 018590 01064", "gjelder …"),
        ("gjelder 2022-06 12345", "gjelder …"),
        ("født 1990-05-01", "født …"),
        ("født 19900501", "født …"),
    ],
)
def test_et_nummer_tas_ut_og_en_maned_blir_staende(melding: str, vist: str) -> None:
    [feil] = felt_feil([{"type": "boligsak_prove", "loc": ("termin",), "msg": melding}])
    assert feil == {"felt": "termin", "melding": vist}
