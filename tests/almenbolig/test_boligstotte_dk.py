"""Individual boligstøtte by Boks C.1, and tables C.1, C.2 and 3.1 of the report."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.almenbolig.budget import Finansieringsbehov
from domain.boligstotte_dk.beregning import FLAG, beregn, effekt, kolonner, regn_ut
from domain.boligstotte_dk.regler import SATSER
from domain.boligstotte_dk.tilbagelob import TYPISK, andele, generel_effekt, tilbagelob
from domain.regler.termin import TerminFeil


def stotte(termin: str = "2020-06", **h: Any) -> int:
    return int(beregn({**TYPISK, "termin": termin, "slags": "boligsikring", **h})["stotte_per_ar"])


@pytest.mark.parametrize(
    ("husstand", "kr"),
    [
        # 60 % of 60 000, one child, income under the limit
        ({"born": 1, "personer": 2}, 36_000),
        # − 18 % of (200 000 − 146 400)
        ({"born": 1, "personer": 2, "indkomst": 200_000}, 36_000 - 9_648),
        # childless: at most 15 % of the rent
        ({}, 9_000),
        # … not when somebody has førtidspension, is disabled, gets § 96 help or special support
        ({"fortidspension": True}, 36_000),
        ({"saerlig_stotte": True}, 36_000),
        ({"bevaegelseshaemmet": True}, 36_000),
        ({"dognhjaelp": True}, 36_000),
        # 75 % of the rent; − 22.5 % of (200 000 − 167 600)
        ({"slags": "boligydelse"}, 45_000),
        ({"slags": "boligydelse", "indkomst": 200_000}, 45_000 - 7_290),
        # 80 m² for one person: 65/80 of the rent
        ({"fortidspension": True, "areal": 80}, 29_250),
        # the maximum support, 49 608; not when the municipality has assigned the dwelling
        ({"slags": "boligydelse", "husleje": 94_000}, 49_608),
        ({"slags": "boligydelse", "husleje": 94_000, "anvist": True}, 70_500),
        # the maximum rent, 82 100 without children: 60 % would be 49 260, the maximum is 43 332
        ({"fortidspension": True, "husleje": 100_000}, 43_332),
        # the rent's ceiling shows through the 15 % rule
        ({"husleje": 100_000}, 12_315),
        # + 25 % with four children, + 50 % when disabled
        ({"born": 4, "personer": 5, "areal": 100, "husleje": 120_000}, 54_165),
        ({"bevaegelseshaemmet": True, "husleje": 200_000}, 64_998),
        # § 14: the rent's ceiling is raised by half for the disabled, to the nearest hundred, and not taken away:
        # 123 200, of which 60 % less 18 % of 200 000
        ({"bevaegelseshaemmet": True, "husleje": 200_000, "indkomst": 346_400}, 73_920 - 36_000),
        ({"dognhjaelp": True, "husleje": 123_200, "indkomst": 346_400}, 73_920 - 36_000),
        # 82 100 × 1.65 with three children: 135 465 → 135 500
        ({"dognhjaelp": True, "born": 3, "personer": 4, "husleje": 200_000, "indkomst": 423_600}, 81_300 - 36_000),
        # … it is, when the municipality assigns the dwelling for it, or to a pensioner; not to anybody else
        ({"bevaegelseshaemmet": True, "anvist": True, "husleje": 150_000, "indkomst": 346_400}, 54_000),
        ({"fortidspension": True, "anvist": True, "husleje": 90_000, "indkomst": 200_000}, 49_260 - 9_648),
        # § 22: two adults, both under 30: the income limit is raised for the first child too, to the third
        ({"born": 1, "personer": 3, "indkomst": 200_000}, 36_000 - 9_648),
        ({"born": 1, "personer": 3, "unge_voksne": True, "indkomst": 200_000}, 36_000 - 2_700),
        ({"born": 4, "personer": 6, "unge_voksne": True, "indkomst": 262_200}, 36_000),
        ({"slags": "boligydelse", "born": 1, "personer": 3, "unge_voksne": True, "indkomst": 177_600}, 42_750),
        # nothing, never less
        ({"indkomst": 1_000_000}, 0),
    ],
)  # fmt: skip
def test_boks_c1_regnet_i_haanden(husstand: dict[str, Any], kr: int) -> None:
    assert stotte(**husstand) == kr


def test_indkomstgraensen_forhojes_for_andet_til_fjerde_barn() -> None:
    """Boligydelse 2020: 167 600 and 44 200 a child from the second to the fourth."""
    for born, barn_over in ((1, 0), (2, 1), (4, 3), (6, 3)):
        graense = 167_600 + 44_200 * barn_over
        uden = stotte(slags="boligydelse", born=born, personer=8, indkomst=graense)
        assert uden == 45_000
        assert stotte(slags="boligydelse", born=born, personer=8, indkomst=graense + 10_000) == 45_000 - 2_250


def test_2021_har_sine_egne_tal_og_det_udledte_er_maerket() -> None:
    assert stotte("2021-06", slags="boligydelse", husleje=96_000) == 50_760
    assert stotte("2021-06", fortidspension=True, husleje=83_000) == 43_848
    svar = beregn({**TYPISK, "termin": "2021-06", "slags": "boligsikring"})
    assert {s["navn"]: s["sikkerhet"] for s in svar["satser"]}["maks_husleje"] == "D"
    assert svar["valuta"] == "DKK"
    for termin, graense in (("2019-12", "2020-01"), ("2022-01", "2021-12"), ("2026-09", "2021-12")):
        with pytest.raises(TerminFeil, match=graense):
            stotte(termin)


def test_satserne_er_lovens_grundbelob_opregnet() -> None:
    """§ 72: every amount of a year is its base amount raised alike. From the income limit, 111 600, the maximum rent
    (62 600), the addition for a child (29 400) and the maximum support (33 036, by twelve) come out."""
    for termin in ("2020-06", "2021-06"):
        v = {n: s.gjelder(termin).verdi for n, s in SATSER.items()}  # type: ignore[union-attr]
        for slags in (0, 1):
            faktor = v["indkomstgraense"][slags] / 111_600  # type: ignore[index]
            assert abs(62_600 * faktor - v["maks_husleje"][slags]) < 50  # type: ignore[index]
            assert abs(29_400 * faktor - v["indkomstgraense_per_barn"][slags]) < 50  # type: ignore[index]
            assert abs(33_036 * faktor - v["maks_stotte"][slags]) < 50  # type: ignore[index]


@given(
    st.sampled_from(["boligsikring", "boligydelse"]),
    st.integers(0, 6),
    st.floats(0, 200_000),
    st.floats(20, 150),
    st.floats(0, 600_000),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.floats(0, 20_000),
)
def test_lavere_husleje_giver_aldrig_mere_stotte_og_hojst_andelen_mindre(
    slags: str, born: int, husleje: float, areal: float, indkomst: float, flag: list[bool], reduktion: float
) -> None:
    h = {
        "slags": slags,
        "personer": born + 1,
        "born": born,
        "husleje": husleje,
        "areal": areal,
        "indkomst": indkomst,
    }
    h |= zip(FLAG, flag, strict=True)
    kol = kolonner([h])
    endring = float(effekt(kol, reduktion, "2020-06")[0])
    assert -0.75 * reduktion - 1e-6 <= endring <= 1e-9
    assert 0 <= float(regn_ut(kol, "2020-06")["stotte"][0]) <= max(0.75 * husleje, 0)


def test_mange_er_som_en() -> None:
    alle = [
        {**TYPISK, "slags": slags, "born": born, "personer": born + 1, "husleje": 50_000.0 + 7_000 * born}
        for slags in ("boligsikring", "boligydelse")
        for born in range(5)
    ]
    sammen = regn_ut(kolonner(alle), "2020-06")["stotte"]
    assert sammen.tolist() == [regn_ut(kolonner([h]), "2020-06")["stotte"][0] for h in alle]


C1 = {
    7_800: (-5_850, -4_680, -1_170),
    4_600: (-3_450, -2_760, -690),
    8_100: (-6_075, -4_860, -1_215),
}


@pytest.mark.parametrize("reduktion", C1)
def test_tabel_c1_hver_celle(reduktion: int) -> None:
    assert tuple(round(v, 6) for v in generel_effekt(reduktion).values()) == C1[reduktion]


C2_BOLIG = {
    "familie": (7_800, -1_600, 6_200),
    "ungdom": (4_600, -700, 3_900),
    "aeldre": (8_100, -5_400, 2_700),
}
C2_MIA = {"familie": (-0.8, 3.2), "ungdom": (-0.6, 3.4), "aeldre": (-2.6, 1.3)}


def test_tabel_c2_per_bolig_inden_for_afrundingen() -> None:
    for type_, (reduktion, effekt_, netto) in C2_BOLIG.items():
        t = tilbagelob(type_, reduktion)
        assert abs(t.stotteeffekt - effekt_) <= 50, type_
        assert abs(t.netto - netto) <= 50, type_


def test_tabel_c2_per_mia_kr_passer_for_en_uafrundet_reduktion_paa_3_9() -> None:
    """From 3.9 itself the net of two rows is 3.1 and 3.3, where 3.2 and 3.4 are printed; every cell comes out from a
    reduction of 3.941 to 3.95, which is also printed as 3.9."""

    def celler(x: float) -> dict[str, tuple[float, float]]:
        alle = {t: tilbagelob(t, x) for t in C2_MIA}
        return {t: (round(v.stotteeffekt, 1), round(v.netto, 1)) for t, v in alle.items()}

    assert celler(3.9) != C2_MIA
    passer = [x for x in range(3_850, 3_950) if celler(x / 1000) == C2_MIA]
    assert (passer[0], passer[-1]) == (3_942, 3_949)


def test_teksten_om_tabel_c2() -> None:
    """«ca. 38 pct.» of 20 500; «ca. 1/3» and «godt 4 mio.» of three billion; the shares' own product."""
    per_bolig = sum(t[1] for t in C2_BOLIG.values()) / sum(t[0] for t in C2_BOLIG.values())
    assert sum(t[0] for t in C2_BOLIG.values()) == 20_500
    assert sum(t[1] for t in C2_BOLIG.values()) == -7_700
    assert round(-100 * per_bolig) == 38
    model = sum(tilbagelob(t, r).stotteeffekt for t, (r, _, _) in C2_BOLIG.items())
    assert round(-100 * model / 20_500) == 37
    mia = [tilbagelob(t, 3.945) for t in C2_MIA]
    assert round(-sum(m.stotteeffekt for m in mia), 1) == 4.0
    assert -sum(m.stotteeffekt for m in mia) / sum(m.reduktion for m in mia) == pytest.approx(1 / 3, abs=0.01)
    for a in andele().values():
        assert a["andel_af_reduktion"] * a["andel_med_stotte"] == pytest.approx(a["samlet"])


def test_tabel_3_1() -> None:
    """From 938 gross and 190 of boligstøtte, both in the text; the table prints to the nearest five million."""
    behov = Finansieringsbehov(brutto=938, refusion=0.25 * 938, boligstotte=190)

    def afrundet(x: float) -> int:
        return 5 * round(x / 5)

    assert [afrundet(x) for x in (behov.brutto, behov.tilbagelob, behov.refusion, behov.boligstotte, behov.rest)] == [
        940, 425, 235, 190, 515,
    ]  # fmt: skip
    assert 0.15 < behov.procentpoint(0.39) < 0.2  # «i underkanten af 0,2 procentpoint»
    assert round(behov.rest / behov.brutto, 2) == 0.55  # «omtrent halvdelen»


def test_650_om_maaneden() -> None:
    assert 7_800 / 12 == 650
    assert round(7_800 / 0.085) == 91_765  # the yearly rent that «omkring 8,5 pct.» then speaks of


def test_satserne_af_2020_er_boksens() -> None:
    verdier = {n: s.gjelder("2020-06") for n, s in SATSER.items()}
    boks = {n: v.verdi for n, v in verdier.items() if v and v.kilde == "Boks C.1"}
    assert boks == {
        "maks_areal": 65, "maks_husleje": (82_100, 94_000), "stotteandel": (0.60, 0.75), "indkomstandel": (0.18, 0.225),
        "indkomstgraense": (146_400, 167_600), "maks_stotte": (43_332, 49_608), "maks_stotte_boern": 0.25,
        "maks_stotte_bevaegelseshaemmet": 0.50, "loft_uden_boern": 0.15,
    }  # fmt: skip
