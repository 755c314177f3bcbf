from datetime import date

import pytest

from domain.bostotte.regelsett import SATSER
from domain.regler.satser import SatsFeil, satser_av_tekst

GOD = """
sats:
  etikett: {nb: Sats, nn: Sats}
  enhet: kr/år
  hjemmel: forskrift § 1
  verdier:
    - {fra: 2022-06-01, verdi: 100, kilde: kilden, sikkerhet: V}
    - {fra: 2023-06-01, verdi: 110, kilde: regnet, sikkerhet: D, merknad: usikker}
"""


def test_verdien_gjelder_fra_sin_maned_til_den_neste() -> None:
    (sats,) = satser_av_tekst(GOD, "god.yaml")
    assert sats.gjelder("2022-05") is None
    gjeldende = [sats.gjelder(t) for t in ("2022-06", "2023-05", "2023-06", "2030-01")]
    assert [v.verdi for v in gjeldende if v] == [100, 100, 110, 110]
    assert gjeldende[-1] is not None
    assert (gjeldende[-1].sikkerhet, gjeldende[-1].fra) == ("D", date(2023, 6, 1))


@pytest.mark.parametrize(
    ("fra", "til", "ordene"),
    [
        ("  enhet: kr/år", "  enhet: kr/år\n  enhet: kr", "enhet.*to ganger"),
        ("\nsats:", "\nsats: {}\nsats:", "sats.*to ganger"),
        ("verdi: 100,", "verdi: 100, verdi: 101,", "verdi.*to ganger"),
        ("  enhet: kr/år", "  enhet: kr/år\n  fargen: gul", "sats.*fargen"),
        ("kilde: kilden", "kilde: kilden, til: 2023-01-01", r"verdier\[0\].*'til'"),
        ("2022-06-01", "1.6.2022", r"verdier\[0\].*'fra'"),
        ("2022-06-01", "2022-6-1", r"verdier\[0\].*'fra'|gyldig YAML"),
        ("2022-06-01", "2022-06-31", "gyldig YAML"),
        ("2022-06-01", "2022-06-01T00:00:00", r"verdier\[0\].*'fra'"),
        ("2022-06-01", "2022-06-02", r"verdier\[0\].*første"),
        ("2023-06-01", "2022-06-01", "sats.*eldste"),
        ("verdi: 100", "verdi: hundre", r"verdier\[0\].*'verdi'"),
        ("verdi: 100", "verdi: true", r"verdier\[0\].*'verdi'"),
        ("verdi: 100", "verdi: [1, 2]", "sats.*ulik form"),
        ("sikkerhet: D", "sikkerhet: X", r"verdier\[1\].*'sikkerhet'"),
        ("sikkerhet: V}", "}", r"verdier\[0\].*'sikkerhet'"),
        ("kilde: kilden", "kilde: ''", r"verdier\[0\].*'kilde'"),
        ("nn: Sats", "en: Rate", "etikett.*'en'"),
        ("  enhet: kr/år", "  enhet: euro", "'enhet'"),
        ("  hjemmel: forskrift § 1\n", "", "'hjemmel'"),
        ("kr/år", "kr/år: [", "gyldig YAML"),
    ],
)
def test_en_satsfil_med_feil_nektes_og_feilen_navngir_fil_og_nokkel(fra: str, til: str, ordene: str) -> None:
    tekst = GOD.replace(fra, til, 1)
    assert tekst != GOD
    with pytest.raises(SatsFeil, match=f"(?s)darlig.yaml.*({ordene})"):
        satser_av_tekst(tekst, "darlig.yaml")


def test_en_dato_uten_iso_form_nektes_ogsa_nar_yaml_godtar_den() -> None:
    with pytest.raises(SatsFeil, match="fra"):
        satser_av_tekst(GOD.replace("2022-06-01", "2022-6-1"), "darlig.yaml")


def test_bostottens_satser_gjelder_i_hver_termin_fra_juni_2022() -> None:
    senere = {n for n in SATSER if n.startswith("linear_")} | {"egenandel_andel_2", "vekt_barn"}
    for navn, sats in SATSER.items():
        assert (sats.gjelder("2022-06") is None) == (navn in senere), navn
        assert sats.gjelder("2026-11") is not None
        assert all(v.kilde for v in sats.verdier)
