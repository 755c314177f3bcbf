"""A decided month again: income that came late or was corrected, rules changed backwards. Only the difference moves."""

from dataclasses import replace
from typing import Any

import pytest

from domain.bostotte.maned import MANEDLIG
from domain.bostotte.ordning import BOSTOTTE
from services.kjoring import kjoring as kjoringer
from services.klokke import i_dag
from services.registre import Oppslag
from tests.kjoring import hjelp

TERMIN = "2024-03"
ANTALL = 120


@pytest.fixture(scope="module")
def vedtatt(database: str):
    with hjelp.oppsett(
        **hjelp.LITE | {"BOLIGSAK_KJORING_BAND_SNITT": "1", "BOLIGSAK_KJORING_BAND_AVSLAG": "1"}
    ):
        hjelp.befolk(ANTALL, TERMIN)
        hjelp.kjor(TERMIN)
        yield database


def _inntekt(kroner: int) -> Any:
    """A-ordningen says so much of everybody, whatever it said before."""

    def svar(o: Oppslag) -> dict[str, Any]:
        assert o.krav.register == "inntekt"
        post = {
            "type": "loennsinntekt",
            "beskrivelse": "fastloenn",
            "fordel": "kontantytelse",
            "trekkpliktig": True,
            "belop_ore": kroner * 100,
        }
        return {"maned": TERMIN, "poster": [post]}

    return hjelp.Svarer(svar)


def _sum(url: str, sak_id: Any = None) -> Any:
    return hjelp.sporr(url, "SELECT sak_id, sum(belop) FROM utbetaling WHERE termin = %s GROUP BY 1", TERMIN)


def test_samme_inntekt_gir_ingen_nye_vedtak_og_ingen_penger(vedtatt: str):
    """A trial with the answers as they are stored: nobody is changed."""
    kjoring = hjelp.kjor(TERMIN, slag="regelendring")
    assert kjoring.status == "ferdig"
    assert {k["utfall"] for k in hjelp.rapport(kjoring)["utfall"]} == {"uendret"}
    assert hjelp.rapport(kjoring)["betalinger"] == {"antall": 0, "kroner": 0}


def test_rettet_inntekt_gir_nytt_vedtak_og_bare_differansen(vedtatt: str):
    for_ = dict(_sum(vedtatt))
    registre = _inntekt(5000)
    flyttet = hjelp.en(
        vedtatt,
        "SELECT sak_id FROM lopende WHERE siste_kode = 'V03' AND status = 'lopende' ORDER BY 1 LIMIT 1",
    )
    stans = "UPDATE lopende SET status = 'stanset', stanset_grunn = 'flyttet' WHERE sak_id = %s"
    hjelp.endre(vedtatt, stans, flyttet)
    kjoring = hjelp.kjor(TERMIN, registre, slag="ny_beregning")
    assert hjelp.sporr(
        vedtatt, "SELECT status, stanset_grunn, siste_kode FROM lopende WHERE sak_id = %s", flyttet
    ) == [("stanset", "flyttet", "V00")], "den som siden er stanset av en annen grunn, løper ikke igjen"
    assert kjoring.status == "ferdig"
    assert {n.partition("/")[0] for n in registre.spurt} == {"inntekt"}, "bare inntekten spørres om på nytt"
    rader = hjelp.sporr(
        vedtatt,
        "SELECT k.sak_id, k.belop, k.forrige_belop, k.inntekt + k.husstand, k.belop - k.forrige_belop,"
        " v.erstatter IS NOT NULL"
        " FROM kjoring_sak k JOIN vedtak v ON v.id = k.vedtak_id WHERE k.kjoring_id = %s AND k.utfall = 'vedtatt'",
        kjoring.id,
    )
    assert rader
    # Wages in place of a pension: the pensioner's own threshold falls away, and that is the household's part.
    assert all(inntekt == endring and erstatter for *_, inntekt, endring, erstatter in rader)
    etter = dict(_sum(vedtatt))
    for sak_id, belop, *_ in rader:
        skyldig = belop - for_.get(sak_id, 0)
        # A small sum is neither paid nor claimed.
        betales = MANEDLIG.utbetales(skyldig, i_dag(kjoring.tid))
        assert etter.get(sak_id, 0) == (belop if betales else for_.get(sak_id, 0))
    arsak = "SELECT DISTINCT arsak, forlop FROM behandling b JOIN vedtak v ON v.behandling_id = b.id WHERE v.id IN"
    assert hjelp.sporr(
        vedtatt, f"{arsak} (SELECT vedtak_id FROM kjoring_sak WHERE kjoring_id = %s)", kjoring.id
    ) == [("ny_beregning", "ny_beregning")]
    igjen = hjelp.kjor(TERMIN, _inntekt(5000), slag="ny_beregning")
    assert {k["utfall"] for k in hjelp.rapport(igjen)["utfall"] if k["utfall"] != "oppgave"} == {"uendret"}
    assert dict(_sum(vedtatt)) == etter


def test_hoyere_inntekt_trekkes_tilbake_nar_det_er_mer_enn_et_rettsgebyr(vedtatt: str):
    kjoring = hjelp.kjor(TERMIN, _inntekt(60_000), slag="ny_beregning")
    trekk = hjelp.sporr(
        vedtatt, "SELECT belop, forfall > laget::date FROM utbetaling WHERE kjoring_id = %s", kjoring.id
    )
    assert trekk
    grense = MANEDLIG.utbetales
    assert all(belop < 0 and grense(belop, i_dag(kjoring.tid)) and senere for belop, senere in trekk)


def test_regler_endret_bakover_betaler_bare_differansen(vedtatt: str, monkeypatch: pytest.MonkeyPatch):
    """Every grant a hundred kroner more, found after the month was decided."""
    hjelp.kjor(TERMIN, _inntekt(6000), slag="ny_beregning")
    for_ = dict(_sum(vedtatt))

    def dyrere(fakta: Any, termin: str) -> Any:
        regnet = MANEDLIG.regn(fakta, termin)
        return replace(regnet, belop=[b + 100 if b else 0 for b in regnet.belop])

    endret = replace(BOSTOTTE, manedlig=replace(MANEDLIG, regn=dyrere))
    with monkeypatch.context() as bakover:
        bakover.setitem(kjoringer.ORDNINGER, "bostotte", endret)  # type: ignore[arg-type]
        antall = "SELECT count(*) FROM vedtak"
        vedtak_for = hjelp.en(vedtatt, antall)
        prove = hjelp.kjor(TERMIN, slag="regelendring", prove=True)
        assert hjelp.en(vedtatt, antall) == vedtak_for, "en prøve avgjør ingenting"
        kjoring = hjelp.kjor(TERMIN, slag="regelendring")
        assert hjelp.rapport(prove)["arsaker"] == hjelp.rapport(kjoring)["arsaker"]
        assert prove.resultat_hash == kjoring.resultat_hash, "prøven er den samme regningen"
        nye = hjelp.sporr(vedtatt, "SELECT sak_id, belop FROM utbetaling WHERE kjoring_id = %s", kjoring.id)
        assert nye
        sporring = "SELECT sak_id, belop FROM kjoring_sak WHERE kjoring_id = %s AND utfall = 'vedtatt'"
        skyldig = dict(hjelp.sporr(vedtatt, sporring, kjoring.id))
        assert all(belop == skyldig[s] - for_.get(s, 0) for s, belop in nye)
        assert hjelp.rapport(kjoring)["arsaker"]["regelform"]["kroner"] == 100 * len(skyldig)
        igjen = hjelp.kjor(TERMIN, slag="regelendring")
        assert hjelp.rapport(igjen)["betalinger"] == {"antall": 0, "kroner": 0}
    # The rules as they are again take from everybody: nobody is decided on, each becomes a person's task.
    vedtak_for, betalt_for = hjelp.en(vedtatt, antall), dict(_sum(vedtatt))
    tilbake = hjelp.kjor(TERMIN, slag="regelendring")
    assert tilbake.status == "ferdig"
    assert hjelp.en(vedtatt, antall) == vedtak_for
    assert dict(_sum(vedtatt)) == betalt_for
    grunner = (
        "SELECT grunn, count(*) FROM kjoring_sak WHERE kjoring_id = %s AND utfall = 'oppgave' GROUP BY 1"
    )
    assert dict(hjelp.sporr(vedtatt, grunner, tilbake.id))["til_ugunst"] == len(skyldig)


def test_husstand_som_er_en_annen_blir_en_oppgave():
    person = {"rolle": "soker", "fodselsdato": "1980-01-01"}
    gamle = {"husstand": [person]}
    assert MANEDLIG.med_nye(gamle, {"husstand": [person, {**person, "rolle": "biperson"}]}) is None
    assert MANEDLIG.med_nye(gamle, {"husstand": [{**person, "fodselsdato": "1981-01-01"}]}) is None
