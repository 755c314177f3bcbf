"""What a case must survive: answers that grow old, registers that stay away, tasks of one treatment of two."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.klokke import OSLO
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor import omkjoring
from services.motor.dren import dren_flere
from services.motor.enkeltkontroll import prov_igjen
from services.motor.feil import gi_opp
from services.problem import Problem
from services.registersim.person import Bolig
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, START, Registre, gjor, kjor, send, sporr, utboksrad
from tests.scenarios.bygg import Person, Soknad, person, soknad

GODKJENN = {"begrunnelse": "Boligen er godkjent.", "overstyring": {"bolig.godkjent": True}}
OKTOBER = datetime(2026, 10, 1, tzinfo=OSLO)
IKKE_BOLIG = {"bruksenhetstype": "A"}


def test_forslag_og_attest_lenge_etter_at_lante_svar_er_gatt_ut(rydd: str) -> None:
    """The second month borrows what the first one learned of the dwelling and the assessment."""
    forste = soknad(person(inntekt=16000), leie=10800, bolig_er=IKKE_BOLIG)
    andre = forste.igjen()
    andre.termin = "2026-10"
    registre = Registre(forste)
    (sak, en), (_, to) = send(forste, andre)
    kjor(sak, registre)
    kjor(sak, registre, OKTOBER)
    assert registre.spurt.count("matrikkel") == 1
    senere = START + timedelta(days=40)
    gjor(sak, "foresla", SAKSBEHANDLER, senere, behandling=to, **GODKJENN)
    gjor(sak, "attester", ATTESTANT, senere + timedelta(days=400), behandling=to)
    [vedtak] = sporr("SELECT kode, belop FROM vedtak WHERE behandling_id = :b", b=to)
    assert vedtak == ("V00", 5200)
    kilder = sporr("SELECT kilde, hjemmel, hentet, gyldig_til FROM opplysning WHERE behandling_id = :b", b=to)
    lant = [k for k in kilder if k.kilde == "matrikkel"]
    [egen] = sporr(
        "SELECT kilde, hjemmel, hentet, gyldig_til FROM opplysning WHERE behandling_id = :b AND kilde = 'matrikkel'",
        b=en,
    )
    assert lant == [egen]


def test_en_soknad_for_neste_maned_venter_til_maneden_begynner(rydd: str) -> None:
    """How the household lives on the 1st decides: nobody knows it before."""
    s = soknad(person(inntekt=16000), leie=10800, termin="2026-12", tid="2026-11-27T08:00:00Z")
    registre = Registre(s)
    sendt = datetime(2026, 11, 27, 8, tzinfo=UTC)
    [(sak, _)] = send(s, tid=sendt)
    kjor(sak, registre, sendt)
    assert registre.spurt == []
    assert sporr("SELECT tilstand FROM behandling WHERE sak_id = :sak", sak=sak) == [("opprettet",)]
    forste = datetime(2026, 12, 1, tzinfo=OSLO)
    assert utboksrad(sak, "dren").kjor_etter == forste
    kjor(sak, registre, forste)
    assert sporr("SELECT tilstand FROM behandling WHERE sak_id = :sak", sak=sak) == [("vedtatt",)]


def test_en_soknad_datert_lenge_for_maneden_vurderes_av_en_saksbehandler(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800, tid="1970-01-01T00:00:00Z")
    [(sak, _)] = send(s)
    kjor(sak, Registre(s))
    assert sporr("SELECT arsak FROM oppfolging WHERE sak_id = :sak", sak=sak) == [("soknadsdato",)]


def test_kontroll_som_var_besvart_men_trengs_igjen_far_ny_rad_og_spor_ikke_uten_ende(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800)
    registre = Registre(s)
    registre.nede = {"lanekassen"}
    [(sak, _)] = send(s)
    kjor(sak, registre)
    sporr("UPDATE kontroll SET status = 'utfort', forsok = 7 WHERE sak_id = :sak", sak=sak)
    kjor(sak, registre)
    [rad] = sporr("SELECT status, forsok FROM kontroll WHERE sak_id = :sak", sak=sak)
    assert rad == ("venter", 1)
    assert len(sporr("SELECT 1 FROM utboks WHERE sak_id = :sak AND emne = 'kontroll'", sak=sak)) == 2


def test_sperret_adresse_skjermer_saken_mens_et_annet_register_er_nede(rydd: str) -> None:
    s = soknad(person(inntekt=16000, gradering="fortrolig"))
    registre = Registre(s)
    registre.nede = {"inntekt"}
    [(sak, _)] = send(s)
    kjor(sak, registre)
    assert sporr("SELECT tilstand FROM behandling WHERE sak_id = :sak", sak=sak) == [("kontroll",)]
    assert sporr("SELECT gradert FROM sak WHERE id = :sak", sak=sak) == [(True,)]


def test_oppgitt_kontroll_eies_av_sin_egen_behandling(rydd: str) -> None:
    """The task must not close with another treatment of the case."""
    forste = soknad(person(inntekt=16000), leie=10800, bolig_er=IKKE_BOLIG)
    andre = forste.igjen()
    andre.termin = "2026-10"
    registre = Registre(forste)
    [(sak, en)] = send(forste)
    kjor(sak, registre)
    [(_, to)] = send(andre)
    registre.nede = {"inntekt"}
    kjor(sak, registre, OKTOBER)
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        gi_opp(forbindelse, utboksrad(sak, "kontroll"), "feil:KeyError:et/sted", START)
    [oppgave] = sporr("SELECT behandling_id FROM oppfolging WHERE slag = 'teknisk' AND lukket IS NULL")
    assert oppgave.behandling_id == to
    gjor(sak, "trekk", SAKSBEHANDLER, behandling=en, begrunnelse="Søkeren trekker søknaden.")
    assert len(sporr("SELECT 1 FROM oppfolging WHERE slag = 'teknisk' AND lukket IS NULL")) == 1


def _kontroll_ute(sak: UUID) -> tuple[int, UUID]:
    rad = utboksrad(sak, "kontroll")
    return rad.id, rad.ref


def test_svar_etter_at_soknaden_er_trukket_lagres_ikke(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800)
    registre = Registre(s)
    registre.nede = {"inntekt"}
    [(sak, _)] = send(s)
    kjor(sak, registre)
    registre.nede = set()
    registre.underveis = lambda _: gjor(sak, "trekk", SAKSBEHANDLER, begrunnelse="Søkeren trekker søknaden.")
    utboks_id, kontroll = _kontroll_ute(sak)
    sporr("UPDATE utboks SET status = 'publisert' WHERE id = :id", id=utboks_id)
    prov_igjen(utboks_id, sak, kontroll, registre, klokke=lambda: START + timedelta(minutes=1))
    assert sporr("SELECT 1 FROM opplysning WHERE sak_id = :sak AND kilde = 'inntekt'", sak=sak) == []
    assert sporr("SELECT status FROM kontroll WHERE id = :id", id=kontroll) == [("utfort",)]
    assert sporr("SELECT status FROM utboks WHERE id = :id", id=utboks_id) == [("ferdig",)]


def test_en_melding_som_kommer_to_ganger_bruker_ikke_opp_forsokene(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800)
    registre = Registre(s)
    registre.nede = {"inntekt"}
    [(sak, _)] = send(s)
    kjor(sak, registre)
    utboks_id, kontroll = _kontroll_ute(sak)
    sporr("UPDATE utboks SET status = 'publisert' WHERE id = :id", id=utboks_id)
    for _ in range(3):
        prov_igjen(utboks_id, sak, kontroll, registre, klokke=lambda: START + timedelta(minutes=1))
    assert sporr("SELECT status, forsok FROM kontroll WHERE id = :id", id=kontroll) == [("venter", 2)]


def _teknisk(sak: UUID, dager: int) -> None:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        gi_opp(forbindelse, utboksrad(sak, "dren"), "feil:KeyError:et/sted", START + timedelta(days=dager))


def test_kanarifuglen_fra_i_fjor_gjelder_ikke_i_ar(rydd: str) -> None:
    soknader = [soknad(person(inntekt=16000), leie=10800) for _ in range(3)]
    registre = Registre(*soknader)
    saker = [sak for sak, _ in send(*soknader)]

    def start(antall: Any, dager: int) -> int:
        with transaksjon(DbRolle.API, SYSTEM) as forbindelse:
            tid = START + timedelta(days=dager)
            return omkjoring.start(forbindelse, "feil:KeyError:et/sted", antall, "drift", tid)[0]

    def nektes(antall: Any, dager: int) -> bool:
        try:
            start(antall, dager)
        except Problem as problem:
            return problem.status == 409
        return False

    _teknisk(saker[0], 0)
    assert start(1, 1) == 1
    kjor(saker[0], registre, START + timedelta(days=2))
    for sak in saker[1:]:
        _teknisk(sak, 300)
    assert nektes(10, 301)
    assert start(1, 301) == 1
    for sak in saker:
        kjor(sak, registre, START + timedelta(days=302))
    # Only what was restarted has come through; the other's row is parked no more once its case is drained.
    assert not nektes(10, 302)


def test_nei_som_tekst_godkjenner_ingen_bolig(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800, bolig_er=IKKE_BOLIG)
    [(sak, _)] = send(s)
    kjor(sak, Registre(s))
    with pytest.raises(Problem) as problem:
        gjor(sak, "foresla", SAKSBEHANDLER, begrunnelse="Nei.", overstyring={"bolig.godkjent": "nei"})
    assert problem.value.status == 422
    assert problem.value.feil[0]["felt"] == "overstyring.bolig.godkjent"


def _vedtak() -> list[Any]:
    return sporr("SELECT kode FROM vedtak ORDER BY fattet, id")


def _ektefeller() -> tuple[Soknad, Soknad]:
    en, to = person(inntekt=9000), person(inntekt=8000)
    forste = soknad(en, to)
    andre = forste.igjen()
    andre.soker, andre.husstand = to, [en]
    return forste, andre


@pytest.mark.parametrize("sammen", [True, False])
def test_ektefeller_som_soker_hver_for_seg_far_ikke_to_utbetalinger(rydd: str, sammen: bool) -> None:
    forste, andre = _ektefeller()
    registre = Registre(forste)
    (sak, _), (annen, _) = send(forste, andre)
    if sammen:
        assert dren_flere({annen: None, sak: None}, registre, lambda: START) == {}
    else:
        kjor(annen, registre)
        kjor(sak, registre)
    assert _vedtak() == [("V00",)]
    assert sporr("SELECT sak_id, arsak FROM oppfolging") == [(annen, "husstanden_har_annen_sak")]


def test_ektefelle_som_soker_maneden_etter_moter_den_lopende_saken(rydd: str) -> None:
    forste, andre = _ektefeller()
    andre.termin = "2026-10"
    registre = Registre(forste)
    [(sak, _)] = send(forste)
    kjor(sak, registre)
    [(annen, _)] = send(andre)
    kjor(annen, registre, OKTOBER)
    assert _vedtak() == [("V00",)]
    assert sporr("SELECT sak_id, arsak FROM oppfolging") == [(annen, "husstanden_har_annen_sak")]


def test_den_andre_avgjores_nar_den_forste_er_trukket(rydd: str) -> None:
    forste, andre = _ektefeller()
    registre = Registre(forste)
    (sak, _), (annen, _) = send(forste, andre)
    kjor(annen, registre)
    gjor(sak, "trekk", SAKSBEHANDLER, begrunnelse="Den andre i husstanden har søkt.")
    gjor(annen, "kontroller_pa_nytt", SAKSBEHANDLER)
    kjor(annen, registre)
    assert _vedtak() == [("V00",)]


def test_barn_med_delt_bosted_teller_i_begge_hjem(rydd: str) -> None:
    barn = person("2016-02-01", barn=True)
    mor = soknad(person(inntekt=16000), barn)
    far = soknad(person(inntekt=16000), Person(barn.fnr, {}, {}, barn=True, delt_bosted=True))
    registre = Registre(far, mor)
    for sak, _ in send(mor, far):
        kjor(sak, registre)
    assert "husstanden_har_annen_sak" not in [a for (a,) in sporr("SELECT arsak FROM oppfolging")]


def test_kontroller_pa_nytt_spor_registrene_igjen_og_husker_begge_svar(rydd: str) -> None:
    s = soknad(person(inntekt=16000), leie=10800, bolig_er=IKKE_BOLIG)
    registre = Registre(s)
    [(sak, _)] = send(s)
    kjor(sak, registre)
    registre.befolkning.registrer([], [Bolig.model_validate({**s.matrikkel(), "kommunenummer": s.kommune})])
    for_ = len(registre.spurt)
    kjor(sak, registre, START + timedelta(hours=1))
    assert len(registre.spurt) == for_  # nobody asked for it
    gjor(sak, "kontroller_pa_nytt", SAKSBEHANDLER, START + timedelta(hours=2))
    kjor(sak, registre, START + timedelta(hours=2))
    assert sorted(registre.spurt[for_:]) == sorted(registre.spurt[:for_])
    assert _vedtak() == [("V00",)]
    assert len(sporr("SELECT 1 FROM opplysning WHERE sak_id = :sak AND kilde = 'matrikkel'", sak=sak)) == 2


def test_svar_som_er_gatt_ut_hentes_igjen_for_vedtaket(rydd: str) -> None:
    """A decision more than a week after Folkeregisteret answered asks again (GRUNNLAG)."""
    s = soknad(person(inntekt=16000), leie=10800)
    registre = Registre(s)
    registre.nede = {"lanekassen"}
    [(sak, _)] = send(s)
    kjor(sak, registre)
    registre.nede = set()
    assert registre.spurt.count("folkeregister") == 1
    senere = START + timedelta(days=9)
    rad = utboksrad(sak, "kontroll")
    prov_igjen(rad.id, sak, rad.ref, registre, klokke=lambda: senere)
    kjor(sak, registre, senere)
    assert registre.spurt.count("folkeregister") == 2
    assert _vedtak() == [("V00",)]
