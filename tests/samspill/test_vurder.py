"""The caseworker's answer: from plain data, from the command and from the API; and what it refuses."""

import json
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from domain.bostotte.beregning import beregn
from domain.samspill.vurder import Samspilldata, SamspillFeil, vurder
from schemas.samspill import BeregningSamspill, SamspillSvar
from services.api.samspill import samspill as endepunkt
from services.cli.calc import app
from services.problem import Problem

SAK: dict[str, Any] = {
    "ar": 2008, "voksne": 1, "barn": 1, "barnetype": "skole", "ung_ufor": False, "region": 0, "tilskuddsandel": 0.4,
    "kalkulasjonsrente": 0.065, "nedbetalingstid": 20, "livsopphold": "sifo_minimum", "personinntekt": 210_000,
}  # fmt: skip
I_DAG: dict[str, Any] = {
    **{n: v for n, v in SAK.items() if n != "region"},
    "ar": 2026, "kommunenummer": "0301", "kjopesum": 2_500_000, "nedbetalingstid": 30, "personinntekt": 300_000,
    "livsopphold": "sosialhjelp",
}  # fmt: skip


def _svar(sak: dict[str, Any]) -> dict[str, Any]:
    return vurder(cast(Samspilldata, sak))


def _regn(linje: dict[str, Any]) -> Any:
    """The line by its formula: the independent reading of the rule."""
    navn = {
        **{n: s["verdi"] for n, s in linje["satser"].items()},
        **linje["inn"],
        "min": min, "max": max, "int": int, "sum": sum, "zip": zip,
    }  # fmt: skip
    return eval(linje["formel"], {"__builtins__": {}, **navn})  # noqa: S307  our own formulas


@pytest.mark.parametrize(
    "sak",
    [
        SAK,
        {**SAK, "barnetype": "barnehage", "barn": 2, "personinntekt": 160_000, "tilskuddsandel": 0.7},
        {**SAK, "voksne": 2, "barn": 2, "personinntekt": 480_000, "region": 1},
        {**SAK, "barn": 0, "ung_ufor": True, "kjopesum": 900_000, "skattefri_inntekt": 5_000, "region": 3},
        I_DAG,
        {**I_DAG, "voksne": 2, "barn": 3, "livsopphold_per_ar": 300_000, "personinntekt": 900_000},
    ],
)
def test_hver_linje_i_sporet_kan_regnes_om_igjen(sak: dict[str, Any]) -> None:
    svar = _svar(sak)
    tidligere: dict[str, Any] = {}
    for linje in svar["spor"]:
        for navn in linje["inn"].keys() & tidligere.keys():
            assert linje["inn"][navn] == tidligere[navn], (linje["navn"], navn)
        eksakt = linje.get("eksakt", linje["verdi"])
        assert eksakt == pytest.approx(_regn(linje), rel=1e-9, abs=1e-6), linje["navn"]
        tidligere[linje["navn"]] = eksakt
    assert svar["okonomisk_margin"] == pytest.approx(tidligere["okonomisk_margin"], abs=0.5)
    SamspillSvar.model_validate(svar)
    assert json.loads(json.dumps(svar)) == svar


def test_svaret_for_enslig_med_ett_skolebarn_i_region_0() -> None:
    svar = _svar(SAK)
    assert (svar["kjopesum"], svar["tilskudd"], svar["lan"]) == (1_199_000, 479_600, 719_400)
    assert svar["renter"] + svar["avdrag"] == pytest.approx(svar["lanekostnader"], abs=1)
    assert svar["hoyeste_inntekt_bostotte"] == 174_000
    assert svar["laveste_inntekt_startlan"] == 201_000
    assert svar["samspill"] is None
    assert svar["startlan_mulig"]
    assert not svar["bostotten_avgjor"]
    minste = svar["minste_tilskuddsandel"]
    assert _svar({**SAK, "tilskuddsandel": minste})["startlan_mulig"]
    assert not _svar({**SAK, "tilskuddsandel": minste - 0.01})["startlan_mulig"]


def test_kapittel_4_kan_kjores_med_regelendring() -> None:
    endret = {**SAK, "tilskuddsandel": 0.2, "regelendring": {"boutgiftstak": 90_000, "nedbetalingstid": 30}}
    svar = _svar(endret)
    assert svar["samspill"] == {"fra": 171_000, "til": 206_000}  # printed: 170–206
    assert _svar({**endret, "personinntekt": 190_000})["bostotten_avgjor"]
    lav = _svar({**SAK, "tilskuddsandel": 0.0, "regelendring": {"kalkulasjonsrente": 0.055}})
    assert lav["laveste_inntekt_startlan"] == 247_000
    progresjon = {"innslagspunkt": 170_000, "progresjon": 0.001, "nedbetalingstid": 30}
    assert _svar({**SAK, "tilskuddsandel": 0.2, "regelendring": progresjon})["samspill"] is not None


def test_med_dagens_regler_er_bostotten_den_calc_bostotte_gir() -> None:
    for inntekt in (180_000, 240_000, 300_000, 500_000):
        svar = _svar({**I_DAG, "personinntekt": inntekt})
        fakta = svar["bostotte_fakta"]
        assert svar["bostotte"] == 12 * int(beregn([fakta], fakta["termin"]).belop_per_maned[0])
    assert svar["bostotte"] == 0
    assert _svar({**I_DAG, "regelendring": {"dekningsgrad": 0}})["hoyeste_inntekt_bostotte"] is None
    dyr = {**I_DAG, "tilskuddsandel": 0.0}
    hevet = _svar({**dyr, "regelendring": {"boutgiftstak": 160_000}})
    assert hevet["bostotte"] > _svar(dyr)["bostotte"] > 0
    assert hevet["boutgiftstak"] == 160_000


def test_livsoppholdet_kan_velges_blant_fire_tabeller_eller_oppgis() -> None:
    tabeller = ("sifo", "sifo_minimum", "namsfogden", "sosialhjelp")
    for sak in (SAK, I_DAG):
        svar = [_svar({**sak, "livsopphold": t}) for t in tabeller]
        assert len({s["livsopphold"] for s in svar}) == 4
        marginer = [s["okonomisk_margin"] for s in svar]
        assert marginer == [
            pytest.approx(marginer[0] + svar[0]["livsopphold"] - s["livsopphold"], abs=1.01) for s in svar
        ]
        assert _svar({**sak, "livsopphold_per_ar": 123_456})["livsopphold"] == 123_456


def test_virkemidlene_gir_samme_margin_men_leien_koster() -> None:
    tilskudd, lan, delt = _svar({**SAK, "markedsrente": 0.055})["virkemidler"]
    assert tilskudd["okonomisk_margin"] == lan["okonomisk_margin"] > delt["okonomisk_margin"]
    assert delt["leie"] == round(0.03 * 479_600)
    etter_ti = {v["navn"]: v["ved_salg"][2] for v in (tilskudd, lan, delt)}
    assert etter_ti["boligtilskudd"]["tilbakebetales"] == 0
    assert etter_ti["rente_og_avdragsfritt_lan"]["naverdi"] == pytest.approx(0.5854 * 479_600, rel=1e-3)


def test_ingen_andel_er_nok_nar_inntekten_ikke_dekker_livsoppholdet() -> None:
    svar = _svar({**SAK, "personinntekt": 60_000})
    assert svar["minste_tilskuddsandel"] is None
    assert svar["minste_tilskudd"] is None


UGYLDIGE = [
    ({"kjopesum": -1}, "kjopesum"),
    ({"tilskuddsandel": 1.1}, "tilskuddsandel"),
    ({"nedbetalingstid": 0}, "nedbetalingstid"),
    ({"region": 4}, "region"),
    ({"region": None}, "region"),
    ({"ar": 2012}, "ar"),
    ({"voksne": 3}, "voksne"),
    ({"barn": 3}, "barn"),
    ({"barnetype": None}, "barnetype"),
    ({"livsopphold": "annet"}, "livsopphold"),
    ({"kalkulasjonsrente": -0.01}, "kalkulasjonsrente"),
    ({"personinntekt": "mye"}, "personinntekt"),
    ({"ung_ufor": True}, "ung_ufor"),
    ({"kommunenummer": "0301"}, "kommunenummer"),
    ({"regelendring": {"dekningsgrad": 2}}, "regelendring.dekningsgrad"),
    ({"regelendring": {"tak": 2}}, "regelendring.tak"),
    ({"ar": 2026}, "kjopesum"),
    ({"ar": 2026, "kjopesum": 2e6, "regelendring": {"progresjon": 0.1}}, "regelendring.progresjon"),
    ({"ar": 2026, "kjopesum": 2e6, "kommunenummer": "0301"}, "region"),
    ({"ar": 2026, "kjopesum": 2e6, "kommunenummer": "9999", "region": None}, "kommunenummer"),
    ({"ar": 2026, "kjopesum": 2e6, "barn": 3}, "livsopphold_per_ar"),
]


@pytest.mark.parametrize(("endring", "felt"), UGYLDIGE)
def test_ugyldig_inndata_gir_en_feil_som_navngir_feltet(endring: dict[str, Any], felt: str) -> None:
    kropp = json.dumps({**SAK, **endring})
    svar = CliRunner().invoke(app, ["samspill", "--input", "-"], input=kropp)
    assert svar.exit_code == 2
    assert f"  {felt}: " in svar.output, svar.output


def test_vurder_selv_avviser_det_skjemaet_ville_stoppet() -> None:
    for felt, verdi in (("ar", 2012), ("voksne", 3), ("region", 9), ("livsopphold", "annet")):
        with pytest.raises(SamspillFeil, match=felt):
            _svar({**SAK, felt: verdi})


def test_kommandoen_og_api_et_gir_samme_svar() -> None:
    svar = CliRunner().invoke(app, ["samspill", "--input", "-"], input=json.dumps(SAK))
    assert svar.exit_code == 0, svar.output
    fra_api = endepunkt(cast(Any, None), BeregningSamspill.model_validate(SAK))
    assert json.loads(fra_api.body) == json.loads(svar.output) == _svar(SAK)


def test_api_et_svarer_med_et_problem_som_navngir_feltet() -> None:
    with pytest.raises(Problem) as feil:
        endepunkt(cast(Any, None), BeregningSamspill.model_validate({**SAK, "ar": 2026}))
    assert (feil.value.status, feil.value.feil[0]["felt"]) == (422, "kjopesum")


def test_eksemplene_i_skjemaet_gar_igjennom() -> None:
    eksempler = cast(
        list[Any], cast(dict[str, Any], BeregningSamspill.model_config["json_schema_extra"])["examples"]
    )
    for eksempel in eksempler:
        SamspillSvar.model_validate(vurder(BeregningSamspill.model_validate(eksempel).data()))
