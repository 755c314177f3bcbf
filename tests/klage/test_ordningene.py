"""Appeals in the schemes of frames: who looks again, who has the last word, what an appeal that is allowed leads to."""

from typing import Any
from uuid import UUID

import pytest

from domain.klage.omgjoring import KLAGE_HUSBANKEN, KLAGE_KOMMUNE
from domain.ordninger import ORDNINGER
from domain.sak.forlop import Rolle
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.api.saker import saksnokkel
from services.klage.revurdering import sammenstill
from services.lager import saker
from services.mottak.mottak import ta_imot
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from tests.klage.hjelp import KLAGEBEHANDLER, hendelse, kan_etterprovs, oppgaver, som_api, sporr, tilstand
from tests.motor.hjelp import SAKSBEHANDLER, START, gjor
from tests.startlan.bygg import TRENGER, lanesak
from tests.startlan.conftest import egen_kommune
from tests.startlan.hjelp import Sak, ramme, se, sum_av
from tests.tilsagn.verden import Verden, virksomhet

__all__ = ["egen_kommune"]
"""A fixture of startlån's tests, used here too."""
GRUNN = {"begrunnelse": "Se vurderingen i saken."}


def klag(sak: UUID, klager: dict[str, str], tid: Any, nr: int = 0, **valg: Any) -> UUID:
    """An appeal on the case's first decision."""
    [v] = sporr(
        "SELECT id, termin, kommunenummer FROM vedtak WHERE sak_id = :s ORDER BY fattet LIMIT 1", s=sak
    )
    data = {"termin": v.termin, "kommunenummer": v.kommunenummer, "vedtak": str(v.id), "klager": klager}
    kropp = hendelse(
        "klage.mottatt.v1", tid, **{**data, "arsak": "annet", "tekst": f"Det er feil ({nr}).", **valg}
    )
    return ta_imot(kropp, systemaktor("innsender"), tid, None).behandling


def svar(type_: str, behandling: UUID, tid: Any, resultat: str) -> None:
    [(termin, kommune)] = sporr("SELECT termin, kommunenummer FROM behandling WHERE id = :b", b=behandling)
    om = {"behandling": str(behandling), "termin": termin, "kommunenummer": kommune}
    kropp = hendelse(type_, tid, **om, resultat=resultat, begrunnelse="Slik organet ser det.")
    ta_imot(kropp, systemaktor("innsender"), tid, None)


def test_hvem_som_vurderer_og_har_siste_ord_er_data_om_ordningen() -> None:
    """Husbanken's own decisions go to Klagenemnda, the municipality's to its own board; of Denmark the sources say
    nothing, and nothing is made up."""
    kommunens = {"startlan", *(n for n, o in TILSAGNSORDNINGER.items() if o.kommunal)}
    for navn, ordning in ORDNINGER.items():
        if navn == "almenbolig":
            assert "klage" not in ordning.forlop
        elif navn != "bostotte":
            assert ordning.forlop["klage"] is (KLAGE_KOMMUNE if navn in kommunens else KLAGE_HUSBANKEN)
            assert ordning.paklages == {"soknad"}
    assert len(kommunens) == 3
    for forlop, rolle in ((KLAGE_KOMMUNE, Rolle.SAKSBEHANDLER), (KLAGE_HUSBANKEN, Rolle.KLAGEBEHANDLER)):
        mennesker = {r for o in forlop.overganger for r in o.roller} - {Rolle.SYSTEM}
        assert mennesker == {rolle}


def pa_nytt(sak: UUID, tid: Any) -> None:
    """Every decision that stands, side by side: with nothing new known, facts now by the rules then are what was."""
    with som_api() as forbindelse:
        nokkel = saksnokkel(forbindelse, sak)
        ordning = ORDNINGER[saker.las(forbindelse, sak).ordning]
        for (termin,) in sporr("SELECT DISTINCT termin FROM vedtak WHERE sak_id = :s", s=sak):
            r = sammenstill(forbindelse, ordning, sak, nokkel, termin, tid, tid)
            assert (r.stemmer, r.mangler, r.b and (r.b.kode, r.b.belop)) == (True, [], (r.a.kode, r.a.belop))
            assert r.c is not None
            assert r.fra_a_til_b == {}
            assert sum(r.fra_b_til_c.values()) == r.c.belop - r.a.belop


def avslatt_lan() -> Sak:
    sak = Sak(lanesak(30_000))
    merke = se(sak, **TRENGER)["vis"]["samspill_sett"]
    sett = {"vurdering.samspill_sett": merke, "vurdering.tilskudd_vurdert": True}
    assert sak.avgjor({**TRENGER, **sett}) == "L08"
    return sak


@pytest.mark.usefixtures("egen_kommune")
def test_startlan_klageorganet_i_kommunen_gir_medhold_og_soknaden_behandles_pa_nytt(database: str) -> None:
    ramme(10_000_000)
    sak = avslatt_lan()
    klagen = klag(sak.id, {"fnr": sak.soknad.soker.fnr}, START)
    assert oppgaver(klagen) == [(f"kommune:{sak.soknad.kommune}", "klage_kommune:vurderes")]
    with pytest.raises(Problem):  # it is not Husbanken's to decide
        gjor(sak.id, "oppretthold", KLAGEBEHANDLER, behandling=klagen, **GRUNN)
    gjor(sak.id, "oppretthold", SAKSBEHANDLER, behandling=klagen, **GRUNN)
    assert oppgaver(klagen)[0][1] == "klage_kommune:hos_klageorganet"
    with pytest.raises(Problem) as nekt:
        svar("klagenemnd.avgjort.v1", klagen, START, "endret")
    assert nekt.value.status == 409
    svar("klageorgan.avgjort.v1", klagen, START, "endret")
    sak.kjor()
    assert tilstand(klagen) == "omgjort"
    [(ny, arsak)] = sporr(
        "SELECT id, arsak FROM behandling WHERE sak_id = :s AND avsluttet IS NULL", s=sak.id
    )
    assert (arsak, tilstand(ny)) == ("soknad", "manuell")
    sak.behandling = ny
    verdier = {**TRENGER, "husstand.personinntekt": 620_000}
    assert sak.avgjor(verdier) == "L00"
    assert sum_av()[1] == 2_300_000
    pa_nytt(sak.id, START)
    # What the board has decided is not asked of it again; the municipality's new decision is another.
    assert tilstand(klag(sak.id, {"fnr": sak.soknad.soker.fnr}, START, 1)) == "vurderes"


@pytest.mark.usefixtures("egen_kommune")
def test_startlan_trukket_stadfestet_avvist_og_endelig(database: str) -> None:
    sak = avslatt_lan()
    hvem = {"fnr": sak.soknad.soker.fnr}
    klagen = klag(sak.id, hvem, START)
    frist = START.date().replace(day=28)
    gjor(sak.id, "be_om_opplysninger", SAKSBEHANDLER, behandling=klagen, frist=frist, **GRUNN)
    gjor(sak.id, "motta_opplysninger", SAKSBEHANDLER, behandling=klagen)
    gjor(sak.id, "trekk", SAKSBEHANDLER, behandling=klagen, **GRUNN)
    igjen = klag(sak.id, hvem, START, 1)
    gjor(sak.id, "oppretthold", SAKSBEHANDLER, behandling=igjen, **GRUNN)
    svar("klageorgan.avgjort.v1", igjen, START, "opphevet")
    assert tilstand(igjen) == "vurderes"
    gjor(sak.id, "oppretthold", SAKSBEHANDLER, behandling=igjen, **GRUNN)
    svar("klageorgan.avgjort.v1", igjen, START, "stadfestet")
    assert tilstand(klag(sak.id, hvem, START, 2)) == "avvist"
    assert len(sporr("SELECT 1 FROM vedtak WHERE sak_id = :s", s=sak.id)) == 1


def test_startlanssakene_kan_etterprovs(database: str) -> None:
    kan_etterprovs(database)


@pytest.mark.usefixtures("rydd")
def test_tilskudd_avslatt_husbanken_omgjor_selv_og_det_gitte_gjennomfores_av_folk(rydd: str) -> None:
    verden = Verden()
    verden.gi_ramme("heis", 50_000_000)
    avslag = {"prosjekt__boliger": 5}
    sak = verden.send("heis", "soknad", "Storgata 1")
    verden.beslutt(sak, **avslag)
    [forst] = verden.vedtak(sak)
    assert forst.utfall == "avslag"
    hvem = virksomhet(301)
    with pytest.raises(Problem) as nekt:
        klag(sak, virksomhet(302), verden.na)
    assert nekt.value.feil[0]["felt"] == "data.klager.organisasjonsnummer"
    with pytest.raises(Problem) as nekt:
        klag(sak, {}, verden.na)
    assert nekt.value.feil[0]["felt"] == "data.klager"
    klagen = klag(sak, hvem, verden.na)
    assert oppgaver(klagen) == [("husbanken:klage", "klage_husbanken:vurderes")]
    gjor(sak, "omgjor", KLAGEBEHANDLER, verden.na, behandling=klagen, **GRUNN)
    verden.drener()
    assert tilstand(klagen) == "omgjort"
    verden.beslutt(sak)
    assert [v.utfall for v in verden.vedtak(sak)] == ["avslag", "innvilget"]
    gitt = verden.vedtak(sak)[-1].belop
    bundet = verden.ramme("heis")
    assert bundet is not None
    assert bundet.bundet == gitt > 0
    pa_nytt(sak, verden.na)
    # On what was given: nothing is begun by itself, since it may have been built on.
    storre = klag(sak, hvem, verden.na, 1)
    gjor(sak, "omgjor", KLAGEBEHANDLER, verden.na, behandling=storre, medhold="delvis", **GRUNN)
    verden.drener()
    assert oppgaver(storre) == [("husbanken:klage", "klage_husbanken:gjennomfores")]
    gjor(sak, "meld_gjennomfort", KLAGEBEHANDLER, verden.na, behandling=storre, **GRUNN)
    assert tilstand(storre) == "omgjort"
    # A later step follows from the commitment's terms.
    verden.skje(sak, "heis", "vilkar", "Storgata 1")
    pa_nytt(sak, verden.na)
    [vilkar] = sporr("SELECT id FROM vedtak WHERE sak_id = :s AND kode = 'V10'", s=sak)
    with pytest.raises(Problem) as nekt:
        klag(sak, hvem, verden.na, 2, vedtak=str(vilkar.id))
    assert nekt.value.feil[0]["felt"] == "data.vedtak"
    kan_etterprovs(rydd)
