"""What goes wrong with a loan: the same thing reported twice, events that overtake one another, a caseworker who is
slow, and reports that cannot be true."""

from datetime import timedelta
from typing import Any

import pytest

from domain.startlan import ordning
from domain.startlan.fakta import FaktaFeil
from services.lager.verifisering import verifiser_alt
from services.mottak.mottak import ta_imot_flere
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from tests.motor.hjelp import ATTESTANT, gjor, sporr
from tests.scenarios.bygg import person
from tests.startlan.bygg import GODT_KJOP, TRENGER, Lanesak, kjop, lanesak
from tests.startlan.hjelp import START, Sak, betalt, dag, fastrente, problem, ramme, se, sum_av

pytestmark = pytest.mark.usefixtures("egen_kommune")
TAP = {
    "rest_ore": 220_000_000,
    "innkommet_ore": 120_000_050,
    "tap_konstatert": "2026-12-15",
    "sokt": "2027-01-10",
}
GRUNN_TIL = {"vurdering.grunn_til_endring": True}


def igjen(sak: Sak, **data: Any) -> Lanesak:
    """The same household applies once more for the same loan."""
    return Lanesak(sak.soknad.soker, sak.soknad.husstand, {**sak.soknad.data, **data}, gard=sak.soknad.gard)


def endring(sak: Sak, dato: str, **felt: Any) -> None:
    sak.meld(sak.soknad.senere("endring.sokt.v1", dato[:7], endring=felt), dag(dato))


def test_et_nytt_bevis_erstatter_det_gamle_og_frigir_det(database: str) -> None:
    ramme(10_000_000)
    sak = Sak(lanesak())
    assert sak.avgjor({**TRENGER, "bevis_gyldig_til": "2026-12-31"}) == "L00"
    sak.meld(igjen(sak, finansiering={"kostnad": 2_700_000, "egenkapital": 100_000}), dag("2026-10-05"))
    assert "bevis_star" in sak.grunner()
    assert sak.avgjor({**TRENGER, "bevis_gyldig_til": "2027-01-15"}, dag("2026-10-06")) == "L00"
    assert sum_av() == (10_000_000, 2_600_000, 0)
    sak.kjor(dag("2027-03-02"))  # sixty days after the old one, which is no more
    assert sum_av() == (10_000_000, 2_600_000, 0)
    sak.kjor(dag("2027-03-17"))  # sixty days after the new one, which was never used
    assert sum_av() == (10_000_000, 0, 0)
    assert sak.planlagt() == []


def test_et_bevis_som_ventet_lenger_enn_sin_egen_dag_far_vanlig_tid(database: str) -> None:
    ramme(1_000_000)
    sak = Sak(lanesak())
    assert sak.avgjor({**TRENGER, "bevis_gyldig_til": "2026-10-31"}) == "venter_pa_ramme"
    ramme(2_000_000)
    sak.kjor(dag("2026-12-01"))
    assert sak.kode() == "L00"
    assert sak.planlagt() == [("utlop", "2027-05")]  # until the end of March, and sixty days


def test_et_kjop_som_er_meldt_i_tide_besvares_for_beviset_faller(database: str) -> None:
    ramme(10_000_000)
    sak = Sak(lanesak())
    assert sak.avgjor({**TRENGER, "bevis_gyldig_til": "2026-10-31"}) == "L00"
    sak.meld(kjop(sak.soknad), dag("2026-10-05"))
    sak.kjor(dag("2027-01-05"))  # the municipality has let it lie
    assert sum_av() == (10_000_000, 2_300_000, 0)
    assert sak.avgjor(GODT_KJOP, dag("2027-01-06")) == "U00"
    assert sum_av() == (10_000_000, 0, 2_200_000)


def test_et_kjop_som_trekkes_lar_beviset_falle_til_slutt(database: str) -> None:
    ramme(10_000_000)
    sak = Sak(lanesak())
    assert sak.avgjor({**TRENGER, "bevis_gyldig_til": "2026-10-31"}) == "L00"
    sak.meld(kjop(sak.soknad), dag("2026-10-05"))
    sak.kjor(dag("2027-01-05"))
    sak.gjor("be_om_opplysninger", dag("2027-01-05"), begrunnelse="Kontrakten mangler.", frist="2027-01-12")
    sak.kjor(dag("2027-01-13"))
    assert sak.avgjor({}, dag("2027-01-13")) == "U02"
    sak.kjor(dag("2027-01-20"))
    assert sum_av() == (10_000_000, 0, 0)


def test_et_tap_deles_en_gang_og_bare_for_et_lan_som_finnes(database: str) -> None:
    sak = fastrente()
    for kode, staten in (("T00", 450_000), ("T02", 0)):
        sak.meld(sak.soknad.senere("tap.meldt.v1", "2027-01", **TAP), dag("2027-01-11"))
        assert sak.avgjor({}, dag("2027-01-12")) == kode
        assert sak.vedtak().belop == staten
    assert betalt(sak.id)[1:] == [("2027-01", 450_000, "kommune")]
    sak.meld(sak.soknad.senere("tap.innfordret.v1", "2027-01", innfordret_ore=100_000_000), dag("2027-01-15"))
    assert sak.avgjor({}, dag("2027-01-16")) == "R00"
    assert (sak.spor("til_staten"), sak.spor("til_kommunen")) == (
        450_000,
        550_000,
    )  # all that it paid, no øre less
    endring(sak, "2027-02-05", slag="betalingsutsettelse", terminer=6)
    assert "ikke_noe_lan" in sak.grunner()
    assert sak.avgjor(GRUNN_TIL, dag("2027-02-06")) == "E01"
    sak.kjor(dag("2029-11-02"))  # the fixed rate of a loan that is no more ends without a word
    assert "fastrente_slutt" not in sak.grunner()

    uten = Sak(lanesak())
    assert uten.avgjor() == "L00"
    uten.meld(
        uten.soknad.senere("tap.meldt.v1", "2027-01", **TAP, omkostninger_ore=9_000_000), dag("2027-01-11")
    )
    assert problem(uten, overstyring={"omkostninger_ore": 9_000_000})[0] == "overstyring.omkostninger_ore"
    assert uten.avgjor({}, dag("2027-01-12")) == "T02"


def test_en_fastrente_som_er_byttet_for_tiden_gar_ikke_ut(database: str) -> None:
    sak = fastrente()
    endring(sak, "2027-10-05", slag="rentebytte", rentetype="fast_10", markedsrente_prosent="4.000")
    assert sak.avgjor(GRUNN_TIL, dag("2027-10-06")) == "E00"
    sak.kjor(dag("2029-11-02"))
    assert "fastrente_slutt" not in sak.grunner()
    assert sak.planlagt() == [("renteslutt", "2037-10")]
    sak.kjor(dag("2037-10-02"))
    assert "fastrente_slutt" in sak.grunner()


def test_en_endring_midt_i_en_termin_utsetter_ikke_betalingene(database: str) -> None:
    """Yearly payments from November 2026: the second is made in November 2028, whatever was agreed in between."""
    sak = fastrente(per_ar=1)
    endring(sak, "2028-05-05", slag="betalingsutsettelse", terminer=1)
    assert se(sak)["fakta"]["lan"]["betalte"] == 1
    assert sak.avgjor(GRUNN_TIL, dag("2028-05-06")) == "E00"
    endring(sak, "2028-12-05", slag="betalingsutsettelse", terminer=1)
    lan = se(sak)["fakta"]["lan"]
    assert (lan["betalte"], lan["avdragsfrie"], lan["bundet"]) == (2, 0, 1)


def test_et_forslag_som_er_overtatt_gar_tilbake_til_saksbehandleren(database: str) -> None:
    """Two early payments of 1.5 million each are proposed at once on a loan of 2.2 million."""
    sak = fastrente()
    behandlinger = []
    for _ in range(2):
        endring(sak, "2027-10-05", slag="innbetaling", belop_ore=150_000_000, markedsrente_prosent="4.000")
        sak.foresla(dag("2027-10-06"))
        behandlinger.append(sak.behandling)
    for behandling in behandlinger:
        gjor(sak.id, "attester", ATTESTANT, dag("2027-10-06"), behandling=behandling)
    sak.kjor(dag("2027-10-06"))
    assert (sak.tilstand(), sak.grunner()) == ("manuell", {"forslaget_ma_endres"})
    assert sum_av() == (10_000_000, 0, 700_000)
    felt, _ = problem(sak, overstyring={})
    assert felt == "overstyring.endring.belop_ore"
    rest = se(sak, **{"endring.belop_ore": 1})["fakta"]["lan"]["rest_ore"]
    assert sak.avgjor({"endring.belop_ore": rest}, dag("2027-10-07")) == "E00"
    assert sum_av()[2] == 700_000 - rest // 100
    assert len(sporr("SELECT 1 FROM vedtak WHERE sak_id = :id AND kode = 'E00'", id=sak.id)) == 2


def test_et_forslag_i_koen_som_ikke_holder_mer_mister_plassen(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ramme(1_000_000)
    sak, neste = Sak(lanesak()), Sak(lanesak())
    assert [s.avgjor() for s in (sak, neste)] == ["venter_pa_ramme"] * 2
    with monkeypatch.context() as bytte:
        bytte.setattr(ordning, "krev_gyldig", _holder_ikke)
        ramme(2_000_000)
        sak.kjor(dag("2026-09-12"))
    assert (sak.tilstand(), sak.grunner()) == ("manuell", {"forslaget_ma_endres"})
    neste.kjor(dag("2026-09-12"))
    assert neste.kode() == "L00"
    assert sak.avgjor({**TRENGER, "finansiering.kostnad": 700_000}) == "L00"
    assert sum_av() == (3_000_000, 2_900_000, 0)


def _holder_ikke(_fakta: Any) -> None:
    raise FaktaFeil("lan.paslag", "er mer enn kommunen kan legge på renten")


def test_et_forslag_av_feil_slag_navngir_feltet(database: str) -> None:
    sak = Sak(lanesak())
    for felt, verdi in (("bevis_gyldig_til", 0), ("vurdering.samspill_sett", 1.5), ("lan.rente", "4,5")):
        assert problem(sak, overstyring={**TRENGER, felt: verdi})[0] == f"overstyring.{felt}"
    loper = fastrente()
    endring(loper, "2027-10-05", slag="rentebytte", rentetype="fast_10")
    for verdi in ("NaN", "-1", "1e1", "20.001", 5):
        felt, _ = problem(loper, overstyring={"endring.markedsrente_prosent": verdi})
        assert felt == "overstyring.endring.markedsrente_prosent"


def test_utkastet_viser_det_som_ble_sendt_inn_og_hvorfor_et_menneske_ser(database: str) -> None:
    sak = Sak(lanesak(boligplan="Vil bo nær skolen.", bankavslag=False))
    sett = se(sak)
    assert sett["soknad"]["boligplan"] == "Vil bo nær skolen."
    assert sak.soknad.soker.fnr not in str(sett)
    assert {g["kode"] for g in sett["grunner"]} == sak.grunner() == {"bankavslag_mangler", "kommunen_avgjor"}
    assert all(g["tekst"].endswith(".") for g in sett["grunner"])
    dekket = se(sak, **{"finansiering.andre_lan": 2_400_000, "finansiering.tilskudd": 1})
    assert (dekket["kode"], dekket["vis"]["samspill"]) == ("L04", None)


def test_tilskuddet_er_hoyst_det_som_mangler(database: str) -> None:
    ramme(10_000_000)
    ramme(5_000_000, post="tilskudd")
    sak = Sak(lanesak())
    felt, melding = problem(sak, overstyring={**TRENGER, "finansiering.tilskudd": 2_300_001})
    assert felt == "overstyring.finansiering.tilskudd"
    assert "2300000" in melding
    assert sak.avgjor({**TRENGER, "finansiering.tilskudd": 2_300_000}) == "L31"


def test_inntekten_er_ogsa_naering_og_kan_rettes_nar_maneden_ikke_er_som_aret(database: str) -> None:
    ramme(10_000_000)
    naering = {"navn": "personinntektFraNaering", "belop": 560_000, "kategori": "inntekt"}
    sak = Sak(lanesak(0, skattegrunnlag=[naering]))
    assert "arsinntekt" in sak.grunner()
    assert se(sak, **TRENGER)["fakta"]["husstand"]["personinntekt"] == 560_000
    assert se(sak, **TRENGER, **{"husstand.personinntekt": 300_000})["kode"] == "L08"
    assert sak.avgjor({**TRENGER, "husstand.personinntekt": 550_000}) == "L00"


def test_det_en_saksbehandler_ma_se_ved_husstanden(database: str) -> None:
    def grunner(s: Lanesak) -> set[str]:
        return Sak(s).grunner() - {"kommunen_avgjor"}

    dod = lanesak()
    dod.soker.er["dodsdato"] = "2026-08-01"
    assert "dod" in grunner(dod)
    voksen = lanesak()
    voksen.husstand.append(person("1990-01-01"))
    assert grunner(voksen) == {"voksen_laner_ikke"}
    ung = lanesak()
    ung.soker = person("2010-01-01", inntekt=46_000)
    assert grunner(ung) == {"lantaker_under_18"}
    loper = fastrente()
    loper.meld(igjen(loper), dag("2027-03-05"))
    assert "lanet_loper" in loper.grunner()


UMULIGE: list[tuple[str, dict[str, Any], str]] = [
    ("tap.meldt.v1", {**TAP, "renter_ore": 9_000_000}, "data.renter_maneder"),
    ("tap.meldt.v1", {**TAP, "sokt": "2026-12-14"}, "data.sokt"),
    ("tap.meldt.v1", {**TAP, "omkostninger_ore": -1}, "data.omkostninger_ore"),
    ("tap.innfordret.v1", {"innfordret_ore": 0}, "data.innfordret_ore"),
    (
        "kjop.meldt.v1",
        {"kjop": {"kjopesum": 2_300_000, "dato": "2026-10-02", "oppgjor": "2026-10-01"}},
        "data.kjop.oppgjor",
    ),
    (
        "kjop.meldt.v1",
        {"kjop": {"kjopesum": 0, "dato": "2026-10-02", "oppgjor": "2026-10-02"}},
        "data.kjop.kjopesum",
    ),
    ("endring.sokt.v1", {"endring": {"slag": "rentebytte", "rente": 0.21}}, "data.endring.rente"),
    ("endring.sokt.v1", {"endring": {"slag": "innbetaling"}}, "data.endring"),
    (
        "endring.sokt.v1",
        {"endring": {"slag": "lengre_lopetid", "nedbetalingstid": 61}},
        "data.endring.nedbetalingstid",
    ),
    ("soknad.mottatt.v1", {"finansiering": {"kostnad": -1}}, "data.finansiering.kostnad"),
    ("soknad.mottatt.v1", {"finansiering": {"kostnad": 1e9}}, "data.finansiering.kostnad"),
    ("soknad.mottatt.v1", {"formal": "hytte"}, "data.formal"),
    ("soknad.mottatt.v1", {"onsket": {"per_ar": 6}}, "data.onsket.per_ar"),
    ("soknad.mottatt.v1", {"bankavslag": "ja"}, "data.bankavslag"),
    ("soknad.mottatt.v1", {"termin": "2026-13"}, "data.termin"),
    ("soknad.mottatt.v1", {"kommunenummer": "9999"}, "data.kommunenummer"),
    ("soknad.mottatt.v1", {"lan": "Lån 1"}, "data.lan"),
    ("soknad.mottatt.v1", {"rabatt": 1}, "data.rabatt"),
]


@pytest.mark.parametrize(("slag", "data", "felt"), UMULIGE)
def test_en_hendelse_som_ikke_kan_vaere_sann_navngir_feltet(
    slag: str, data: dict[str, Any], felt: str, database: str
) -> None:
    hendelse = lanesak().senere(slag, "2026-10").hendelse(**data)
    [svar] = ta_imot_flere([hendelse], systemaktor("innsender"), START + timedelta(days=30), None)
    assert isinstance(svar, Problem)
    assert [f["felt"] for f in svar.dokument()["feil"]] == [felt]


def test_kjedene_holder_etter_alt_dette(database: str) -> None:
    funnet = verifiser_alt(database)
    assert (funnet.funn, funnet.vedtak > 15) == ([], True)
