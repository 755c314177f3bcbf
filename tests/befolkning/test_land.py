"""The synthetic country: the same for the same seed, lawful as data, near the real one, and one in all its shapes."""

from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from domain.bostotte.beregning import beregn
from domain.bostotte.kontroller import ekstra, krav, sett_sammen
from domain.person.fodselsnummer import kontroller
from schemas.soknad_bostotte import SoknadBostotte
from services.kjoring import befolkning
from services.kjoring.befolkning_fnr import tildel
from services.kjoring.befolkning_register import Register
from services.kjoring.befolkning_saker import fakta
from services.kjoring.befolkning_sammenlign import sammenlign
from services.registersim.befolkning import Befolkning
from services.registre.inprosess import RegistreIProsess

TERMINER = ("2024-03", "2024-11", "2025-02")


def test_samme_fro_gir_samme_land_og_et_lite_land_er_begynnelsen_pa_et_stort():
    stor, liten = befolkning.bit(7, 2), befolkning.bit(7, 2, 100)
    for hele, del_ in ((stor.sak, liten.sak), (stor.person, liten.person)):
        for navn, k in del_.items():
            np.testing.assert_array_equal(hele[navn][: len(k)], k)
    m1, m2 = befolkning.maned(stor, "2024-04"), befolkning.maned(liten, "2024-04")
    np.testing.assert_array_equal(m1.person["inntekt"][: len(liten.person["fnr"])], m2.person["inntekt"])
    annen = befolkning.bit(8, 2, 100)
    assert (annen.sak["boutgift_per_maned"] != liten.sak["boutgift_per_maned"]).any()


def test_ingen_deler_nummer_og_alle_numre_er_gyldige_og_syntetiske():
    numre = np.concatenate([b.person["fnr"] for b in befolkning.biter(3 * befolkning.BIT, 1)])
    assert len(np.unique(numre)) == len(numre)
    for fnr in numre[::97].tolist():
        funnet = kontroller(f"{fnr:011d}", date(2024, 3, 1), tillat_syntetiske=True)
        assert funnet.syntetisk


def test_for_mange_av_ett_ar_i_en_bit_er_en_feil():
    with pytest.raises(ValueError, match="samme fødselsår"):
        tildel(0, np.full(1000, 1980))


def test_et_dobbelt_land_har_numre_nok():
    _, fnr = tildel(80, np.repeat(np.arange(1935, 2024), 300))
    assert fnr.min() > 0
    assert len(np.unique(fnr)) == len(fnr)


@pytest.mark.parametrize("termin", TERMINER)
def test_svarene_er_akkurat_de_loven_spor_om_og_gir_kolonnenes_fakta(termin):
    b = befolkning.bit(1, 4, 700)
    m = befolkning.maned(b, termin)
    manuelle = befolkning.manuelle(b, m)
    dokumenter, manuell = [], []
    for sak in befolkning.saker(b, m):
        svar = {k.nokkel: s for k, s in sak.svar}
        assert len(svar) == len(sak.svar)
        assert krav(sak.soknad, svar) == []
        samlet = sett_sammen(sak.soknad, svar)
        dokumenter.append(samlet.fakta)
        manuell.append(bool(samlet.manuell))
    assert manuell == manuelle.tolist()
    av_svar, av_kolonner = beregn(dokumenter, termin), beregn(befolkning.kolonner(b, m), termin)
    np.testing.assert_array_equal(av_svar.kode[~manuelle], av_kolonner.kode[~manuelle])
    np.testing.assert_array_equal(av_svar.belop_per_maned[~manuelle], av_kolonner.belop_per_maned[~manuelle])


def test_forrige_maneds_fakta_er_de_svarene_ville_gitt():
    b = befolkning.bit(1, 5, 300)
    m = befolkning.maned(b, "2024-03", rolig=True)
    for sak, dokument in zip(befolkning.saker(b, m), fakta(b, m), strict=True):
        samlet = sett_sammen(sak.soknad, {k.nokkel: s for k, s in sak.svar})
        if not samlet.manuell:
            assert samlet.fakta == dokument


def test_soknaden_er_den_skjemaet_gir():
    b = befolkning.bit(1, 0, 50)
    for sak in befolkning.saker(b, befolkning.maned(b, "2024-03")):
        fnr = {str(person): fnr for person, fnr, _ in sak.parter}
        data = {k: v for k, v in sak.soknad.items() if k != "mottatt"}
        for felt in ("soker", "husstand"):
            folk = data[felt] if felt == "husstand" else [data[felt]]
            nye = [
                {k: v for k, v in p.items() if k != "person_id"} | {"fnr": fnr[p["person_id"]]} for p in folk
            ]
            data[felt] = nye if felt == "husstand" else nye[0]
        lest = SoknadBostotte.model_validate(data, context={"dato": date(2024, 3, 1), "syntetiske": True})
        person_id = {fnr: person for person, fnr, _ in sak.parter}
        assert lest.uten_fnr(person_id) | {"mottatt": sak.soknad["mottatt"]} == sak.soknad
        assert lest.parter() == [(rolle, fnr) for _, fnr, rolle in sak.parter]


@pytest.mark.parametrize("termin", ["2024-03", "2025-02"])
def test_simulatoren_svarer_det_samme(termin):
    antall = befolkning.BIT + 400
    registre = RegistreIProsess(Befolkning(1, Register(antall, 1, termin)))
    for nr, til in ((0, befolkning.BIT), (1, 400)):
        b = befolkning.bit(1, nr, til)
        m = befolkning.maned(b, termin)
        saerlige = (
            befolkning.manuelle(b, m) | m.person["dod"][b.start[:-1]] | m.person["ikke_bosatt"][b.start[:-1]]
        )
        for i, sak in enumerate(befolkning.saker(b, m)):
            if i > 60 and not saerlige[i]:
                continue
            fnr = {str(person): n for person, n, _ in sak.parter}
            for spurt, svar in sak.svar:
                ut = registre.hent(spurt, fnr.get(str(spurt.gjelder)), ekstra(spurt, sak.soknad, fnr))
                assert ut == svar, spurt.register


@pytest.mark.parametrize("termin", ["2024-03", "2024-04", "2024-07"])
def test_landet_ligner_det_virkelige(termin):
    """The months that it is fitted to; the tolerance leaves room for the draw of 25 000 cases."""
    linjer = {(x.gruppe, x.navn): x for x in sammenlign(25_000, 1, termin)}
    for navn, prosent in (("avslag", 6), ("belop", 4), ("inntekt", 4), ("boutgift", 2), ("over_tak", 2)):
        linje = linjer["alle", navn]
        assert abs(linje.avvik_prosent) < prosent, linje
    for gruppe in befolkning.GRUPPER:
        avslag = linjer[gruppe, "avslag"]
        assert avslag.onsket is not None
        assert abs(avslag.laget - avslag.onsket) < (0.06 if gruppe == "unge_ufore" else 0.04), avslag
        assert abs(linjer[gruppe, "belop"].avvik_prosent) < 12
    assert abs(linjer["tabell 3.15", "barnefamilier"].avvik_prosent) < 12
    assert linjer["alle", "til_saksbehandler"].laget < 0.005


def test_maneder_for_2024_nektes():
    b = befolkning.bit(1, 0, 1)
    with pytest.raises(ValueError, match="termin: befolkningen har kommunene fra 2024-01"):
        befolkning.maned(b, "2023-12")


def test_kommandoen_sier_laget_mot_onsket():
    from services.cli import app

    svar = CliRunner().invoke(app, ["population", "--cases", "500", "--termin", "2024-04"])
    assert svar.exit_code == 0, svar.output
    assert "500 saker, frø 1, termin 2024-04" in svar.output
    feil = CliRunner().invoke(app, ["population", "--cases", "5", "--termin", "2023-01"])
    assert feil.exit_code == 2
