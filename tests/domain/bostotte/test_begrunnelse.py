import re

from hypothesis import given, settings

from domain.bostotte.begrunnelse import MELLOM, begrunnelse, kroner, tall
from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import Fakta
from tests.domain.bostotte.husstander import husstander, sak

_SUM = re.compile(rf"(−?[\d{MELLOM}]+(?:,\d\d)?){MELLOM}kr")


def test_norsk_tallformat() -> None:
    assert tall(34855.86) == f"34{MELLOM}855,86"
    assert kroner(1_234_567) == f"1{MELLOM}234{MELLOM}567{MELLOM}kr"
    assert tall(-500.5) == "−500,50"
    assert kroner(0) == f"0{MELLOM}kr"


@settings(max_examples=60, deadline=None)
@given(husstander())
def test_hver_sum_i_setningene_star_i_sporet(fakta: Fakta) -> None:
    svar = beregn([fakta], fakta["termin"]).dokument()
    i_sporet = {
        linje["verdi"]
        for linje in svar["spor"]
        if isinstance(linje["verdi"], int | float) and linje["enhet"].startswith("kr")
    }
    ut = begrunnelse(svar)
    assert set(ut) == {"nb", "nn"}
    for setninger in ut.values():
        assert setninger
        assert all(s.endswith(".") and "{" not in s for s in setninger)
        for treff in _SUM.findall(" ".join(setninger)):
            assert float(treff.replace(MELLOM, "").replace(",", ".").replace("−", "-")) in i_sporet
    if svar["kode"] in ("V00", "V03"):
        assert len(_SUM.findall(" ".join(ut["nb"]))) >= 6
        assert _SUM.findall(" ".join(ut["nb"])) == _SUM.findall(" ".join(ut["nn"]))


def test_begrunnelsen_for_innvilgelse() -> None:
    setninger = begrunnelse(beregn([sak("2026-09", 18_000, barn=1)], "2026-09").dokument())
    assert setninger["nb"][0] == "Du får bostøtte."
    assert f"Egenandelen er 34{MELLOM}855,86{MELLOM}kr i året." in setninger["nb"]
    assert f"Eigendelen er 34{MELLOM}855,86{MELLOM}kr i året." in setninger["nn"]


def test_utledede_satser_nevnes_bare_nar_de_er_brukt() -> None:
    def om_satser(**felt: object) -> str:
        svar = beregn([sak("2025-07", 18_000, **felt)], "2025-07").dokument()  # type: ignore[arg-type]
        return " ".join(s for s in begrunnelse(svar)["nb"] if s.startswith("Disse satsene"))

    assert "Boutgiftstak etter husstandens størrelse" in om_satser()
    assert "ung ufør" not in om_satser()
    assert "ung ufør" in om_satser(ung_ufor=True)
    assert "enslig" not in om_satser()
    assert "enslig" in om_satser(alderspensjonist=True)
    verbatim = beregn([sak("2023-06", 5_000)], "2023-06").dokument()
    assert "Boutgiftstak" not in " ".join(begrunnelse(verbatim)["nb"])


def test_hvert_avslag_sier_hvorfor() -> None:
    def nb(**felt: object) -> str:
        return " ".join(begrunnelse(beregn([sak("2026-09", **felt)], "2026-09").dokument())["nb"])  # type: ignore[arg-type]

    assert "student" in nb(student=True)
    assert "student" not in nb(verneplikt=True)
    assert "førstegangstjeneste" in nb(verneplikt=True)
    assert "vilkåret er ikke oppfylt" in nb(ikke_pa_adressen=True)
    assert "fritidsbolig" in nb(bolig={"fritidsbolig": True})
    assert "for høy" in nb(inntekt=60_000)
