"""The termin chooses the rule set: each change, the month before and the month it begins."""

from typing import Any

import pytest

from domain.bostotte.beregning import beregn, regelversjon
from domain.bostotte.regelsett import REGLER
from domain.regler.termin import TerminFeil, forskyv
from tests.domain.bostotte.husstander import person, sak, utfall, verdi


def test_vekt_for_barn_fra_februar_2023() -> None:
    assert verdi(sak("2023-01", barn=2), "inntektsvekt") == pytest.approx(1.26)
    assert verdi(sak("2023-02", barn=2), "inntektsvekt") == pytest.approx(1.30)
    assert verdi(sak("2023-01", voksne=2), "inntektsvekt") == verdi(sak("2023-02", voksne=2), "inntektsvekt")


def test_alderspensjonistens_terskler_fra_mars_2023() -> None:
    enslig: dict[str, Any] = {"alderspensjonist": True}
    assert verdi(sak("2023-02", **enslig), "terskel_1") == 115_165
    assert verdi(sak("2023-03", **enslig), "terskel_1") == 115_165 + 4_850
    assert verdi(sak("2023-03", **enslig), "terskel_2") == 201_243 + 5_205
    assert verdi(sak("2023-03", voksne=1, **enslig), "terskel_1") == 110_866


def test_den_midlertidige_satsen_slutter_etter_mars_2024() -> None:
    """Same case, same rates: only the rule form differs between March and April."""
    mars, april = (verdi(sak(t, 24_000), "trinntillegg") for t in ("2024-03", "2024-04"))
    assert april == pytest.approx(mars * 0.27 / 0.12)
    assert utfall(sak("2024-03", 24_000))[0] == "V00"
    assert utfall(sak("2024-04", 24_000))[0] == "V03"


def test_trinnene_slutter_og_den_lineaere_formen_begynner_i_juli_2024() -> None:
    juni, juli = (
        {linje["navn"] for linje in beregn([sak(t, 20_000)], t).spor()} for t in ("2024-06", "2024-07")
    )
    assert juni - juli == {"trinn", "trinntillegg"}
    assert juli - juni == set()


def test_lineaer_egenandel_stiger_med_atti_prosent_over_andre_terskel() -> None:
    lav, hoy = (verdi(sak("2026-09", inntekt), "egenandel") for inntekt in (25_000, 26_000))
    assert hoy - lav == pytest.approx(12_000 * (0.1644 + 0.6356))
    lav, hoy = (verdi(sak("2026-09", inntekt), "egenandel") for inntekt in (13_000, 14_000))
    assert hoy - lav == pytest.approx(12_000 * 0.1644)


def test_taket_heves_med_4000_for_alle_i_juli_2024() -> None:
    for voksne in range(6):
        assert verdi(sak("2024-07", voksne=voksne), "boutgiftstak") == 4_000 + verdi(
            sak("2024-06", voksne=voksne), "boutgiftstak"
        )


@pytest.mark.parametrize("flagg", ["alderspensjonist", "uforepensjonist", "etterlattepensjonist", "ung_ufor"])
def test_oppvarming_bare_for_pensjonister_til_august_2024(flagg: str) -> None:
    med: dict[str, Any] = {flagg: True}
    uten: dict[str, Any] = {"oppvarming_inkludert": False}
    assert verdi(sak("2024-08", bolig=uten), "oppvarmingstillegg") == 0
    assert verdi(sak("2024-08", bolig=uten, **med), "oppvarmingstillegg") > 0
    assert verdi(sak("2024-08", bolig=uten, andre=[{**person(), flagg: True}]), "oppvarmingstillegg") > 0
    assert verdi(sak("2024-09", bolig=uten), "oppvarmingstillegg") > 0
    assert verdi(sak("2024-09"), "oppvarmingstillegg") == 0


@pytest.mark.parametrize(
    ("fodt", "september", "oktober"),
    [
        ("2004-09-01", 9_000, 9_000),  # 20 in both
        ("2004-10-01", 9_000, 9_000),  # turns 20 on the situation date
        ("2004-10-02", 9_000, 0),  # turns 20 the day after
        ("2006-09-01", 9_000, 0),  # turns 18 on the situation date in September
        ("2006-09-02", 0, 0),
    ],
)
def test_inntekten_til_18_og_19_aringer_fra_oktober_2024(fodt: str, september: int, oktober: int) -> None:
    andre = [person(fodt=fodt, inntekt=9_000)]
    assert verdi(sak("2024-09", andre=andre), "manedsinntekt_husstand") == september
    assert verdi(sak("2024-10", andre=andre), "manedsinntekt_husstand") == oktober


def test_soker_under_20_regnes_alltid_med() -> None:
    assert verdi(sak("2025-03", 9_000, fodselsdato="2006-05-01"), "manedsinntekt_husstand") == 9_000


def test_to_tredjedeler_nar_ytelsen_er_utbetalt_tre_ganger_fra_januar_2025() -> None:
    tre: dict[str, Any] = {"ytelse_14_dager": {"belop": 15_000, "utbetalinger": 3}}
    to: dict[str, Any] = {"ytelse_14_dager": {"belop": 15_000, "utbetalinger": 2}}
    assert verdi(sak("2024-12", 20_000, **tre), "manedsinntekt_husstand") == 20_000
    assert verdi(sak("2025-01", 20_000, **tre), "manedsinntekt_husstand") == 15_000
    assert verdi(sak("2025-01", 20_000, **to), "manedsinntekt_husstand") == 20_000


@pytest.mark.parametrize("ar", [2023, 2024, 2025, 2026])
def test_satsene_indekseres_i_juni(ar: int) -> None:
    def sett(termin: str) -> dict[str, object]:
        return {s["navn"]: s["verdi"] for s in beregn([sak(termin)], termin).dokument()["satser"]}

    mai, juni, etter = sett(f"{ar}-05"), sett(f"{ar}-06"), sett(f"{ar}-12")
    for navn in (
        "drift",
        "oppvarming",
        "tak_husstand",
        "minsteutbetaling",
        "egenandel_minste",
        "formue_fribelop",
    ):
        assert mai[navn] != juni[navn]
        assert ar == 2024 or juni[navn] == etter[navn]
    assert mai["dekningsgrad"] == juni["dekningsgrad"] == 0.737


def test_pensjonistens_terskel_gjelder_uforepensjonister_fra_juli_2024() -> None:
    ufor: dict[str, Any] = {"uforepensjonist": True}
    assert verdi(sak("2024-06", **ufor), "terskel_1") == verdi(sak("2024-06"), "terskel_1")
    assert verdi(sak("2024-07", **ufor), "terskel_1") > verdi(sak("2024-07"), "terskel_1")


def test_regelversjonen_skifter_ved_hver_grense_og_ellers_bare_med_satsene() -> None:
    grenser = [g for g in REGLER.grenser() if g > "2022-06"]
    assert grenser == ["2023-02", "2024-04", "2024-07", "2024-09", "2024-10", "2025-01"]
    for grense in grenser:
        assert regelversjon(grense) != regelversjon(forskyv(grense, -1))
        assert grense in regelversjon(grense)
    assert regelversjon("2025-02") == regelversjon("2025-05") != regelversjon("2025-06")


def test_terminer_uten_regler_nektes() -> None:
    with pytest.raises(TerminFeil, match="termin"):
        beregn([sak("2022-06")], "2022-05")
    with pytest.raises(TerminFeil, match="termin"):
        beregn([sak("2022-06")], "2026-9")


def test_ingen_regel_mangler_i_noen_termin() -> None:
    for n in range(60):
        termin = forskyv("2022-06", n)
        navn = [linje["navn"] for linje in beregn([sak(termin, 15_000)], termin).spor()]
        assert len(navn) == len(set(navn))
        assert {"egenandel", "inntektsvekt", "kode", "belop_per_maned"} <= set(navn)
