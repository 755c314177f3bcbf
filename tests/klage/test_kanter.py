"""What goes wrong at the edges of appeals and controls: times that cannot be, answers too early and too late, what is
final, whose proposal is decided, people who have died or moved."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.sak.forlop import Merke
from services.klage.revurdering import start_ny_beregning
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.problem import Problem
from services.tilgang.aktor import systemaktor
from services.utbetaling.fil import lag
from tests.klage.hjelp import (
    KLAGEBEHANDLER,
    bok,
    endre,
    gar_opp,
    hode,
    inntekt,
    kan_etterprovs,
    klag,
    om,
    oppgaver,
    send_inn,
    som_api,
    tilstand,
    vedtak,
)
from tests.klage.test_etterkontroll import APRIL, AR, RIK, UKE, kontroller, tall, varslet
from tests.klage.test_etterkontroll import vedtatt as mange
from tests.klage.test_klage import GRUNN, til_husbanken, vedtatt
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, START, Registre, gjor, kjor, sporr
from tests.scenarios.bygg import Soknad, person


def merker(b: UUID) -> set[str]:
    [(svar,)] = sporr("SELECT merker FROM behandling WHERE id = :b", b=b)
    return set(svar)


def felt(feil: pytest.ExceptionInfo[Problem]) -> str:
    return str(feil.value.feil[0]["felt"])


def test_en_klage_er_ikke_satt_frem_for_vedtaket_eller_etter_i_dag(database: str) -> None:
    """A day before the decision would make any appeal one in time."""
    sak, s, _ = vedtatt()
    for dag in ("2026-09-09", "2027-01-01"):
        with pytest.raises(Problem) as nekt:
            klag(sak, s, START + 10 * UKE, fremsatt=dag)
        assert felt(nekt) == "data.fremsatt"
    assert merker(klag(sak, s, START + 10 * UKE, fremsatt="2026-10-01")) == set()


def test_en_klage_i_tide_gjor_ikke_en_sen_til_en_som_kan_avvises(database: str) -> None:
    sak, s, registre = vedtatt()
    sen = klag(sak, s, START + 5 * UKE, forsinkelse="Jeg var på sykehus.")
    assert merker(sen) == {Merke.FOR_SENT}
    endre(registre, s, **inntekt(17000))
    with som_api() as forbindelse:
        start_ny_beregning(forbindelse, sak, s.termin, None, systemaktor(), START + 6 * UKE)
    kjor(sak, registre, START + 6 * UKE)
    assert klag(sak, s, START + 7 * UKE, tekst="Det nye vedtaket er også feil.") == sen
    assert merker(sen) == set()
    gjor(sak, "innstill", SAKSBEHANDLER, START + 7 * UKE, behandling=sen, **GRUNN)
    kjor(sak, registre, START + 7 * UKE)
    with pytest.raises(Problem) as nekt:
        gjor(sak, "avvis", KLAGEBEHANDLER, START + 7 * UKE, behandling=sen, begrunnelse="For sent.")
    assert nekt.value.status == 409
    typer = [t for (t,) in sporr("SELECT type FROM utgaende WHERE sak_id = :s", s=sak)]
    assert "no.boligsak.klage.supplert.v1" in typer


def test_det_nemnda_har_avgjort_er_endelig_men_et_nytt_vedtak_er_det_ikke(database: str) -> None:
    sak, s, registre = vedtatt()
    klagen = til_husbanken(sak, s, registre)
    gjor(sak, "oppretthold", KLAGEBEHANDLER, START + UKE, behandling=klagen, **GRUNN)
    svar = {**om(klagen, s), "begrunnelse": "Nemnda er enig."}
    send_inn("klagenemnd.avgjort.v1", START + UKE, **svar, resultat="stadfestet")
    igjen = klag(sak, s, START + 2 * UKE)
    assert (tilstand(igjen), merker(igjen)) == ("avvist", {Merke.NEMNDA})
    endre(registre, s, **inntekt(12000))
    with som_api() as forbindelse:
        start_ny_beregning(forbindelse, sak, s.termin, None, systemaktor(), START + 2 * UKE)
    kjor(sak, registre, START + 2 * UKE)
    ny = klag(sak, s, START + 2 * UKE + timedelta(hours=1))
    assert tilstand(ny) == "forberedes"
    gjor(sak, "innstill", SAKSBEHANDLER, START + 3 * UKE, behandling=ny, **GRUNN)
    kjor(sak, registre, START + 3 * UKE)
    gjor(sak, "oppretthold", KLAGEBEHANDLER, START + 3 * UKE, behandling=ny, **GRUNN)
    send_inn("klagenemnd.avgjort.v1", START + 3 * UKE, **{**svar, **om(ny, s)}, resultat="endret")
    verdier = {"bolig.spesialtilpasset": True}
    gjor(sak, "foresla", KLAGEBEHANDLER, START + 3 * UKE, behandling=ny, overstyring=verdier, **GRUNN)
    gjor(sak, "attester", ATTESTANT, START + 3 * UKE, behandling=ny)
    assert tilstand(klag(sak, s, START + 4 * UKE)) == "avvist", "nemndas eget vedtak"


def test_klage_pa_utfallet_av_en_klage(database: str) -> None:
    """Husbanken's own new decision may be appealed as any other."""
    sak, s, registre = vedtatt()
    endre(registre, s, **inntekt(15000))
    klagen = til_husbanken(sak, s, registre)
    gjor(sak, "foresla", KLAGEBEHANDLER, START + UKE, behandling=klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, START + UKE, behandling=klagen)
    [_, (_, etter_en)] = vedtak(sak)
    endre(registre, s, **inntekt(11000))
    to = klag(sak, s, START + 2 * UKE)
    assert to != klagen
    gjor(sak, "innstill", SAKSBEHANDLER, START + 2 * UKE, behandling=to, **GRUNN)
    kjor(sak, registre, START + 2 * UKE)
    gjor(sak, "foresla", KLAGEBEHANDLER, START + 2 * UKE, behandling=to, **GRUNN)
    gjor(sak, "attester", ATTESTANT, START + 2 * UKE, behandling=to)
    assert vedtak(sak)[-1][1] > etter_en
    assert bok(sak) == {"planlagt": vedtak(sak)[-1][1]}
    gar_opp(sak, s.termin)


def test_parten_svarer_ikke_i_klagen_og_den_avgjores_pa_det_som_er_kjent(database: str) -> None:
    """Nothing that stands is lost because somebody did not answer; and the wait is a task with an owner."""
    sak, s, registre = vedtatt()
    endre(registre, s, **inntekt(12000))
    klagen = til_husbanken(sak, s, registre)
    tid = START + UKE
    frist = (tid + UKE).date()
    gjor(sak, "be_om_opplysninger", KLAGEBEHANDLER, tid, behandling=klagen, frist=frist, **GRUNN)
    assert oppgaver(klagen) == [("husbanken:klage", "klage:venter")]
    [(oppgavefrist,)] = sporr(
        "SELECT frist FROM oppfolging WHERE behandling_id = :b AND lukket IS NULL", b=klagen
    )
    assert oppgavefrist == datetime(2026, 9, 24, 21, 59, 59, tzinfo=UTC)
    kjor(sak, registre, oppgavefrist + timedelta(seconds=1))
    assert tilstand(klagen) == "vurderes"
    gjor(sak, "foresla", KLAGEBEHANDLER, tid + 2 * UKE, behandling=klagen, **GRUNN)
    gjor(sak, "attester", ATTESTANT, tid + 2 * UKE, behandling=klagen)
    assert vedtak(sak)[-1][1] > vedtak(sak)[0][1]


def rik_husholdning() -> tuple[UUID, Soknad, Registre, UUID]:
    sak, s, registre = mange(person(inntekt=9000, skattear=2025, skattegrunnlag=RIK))
    return sak, s, registre, kontroller(sak, registre)


def besvar(b: UUID, s: Soknad, tid: datetime) -> UUID:
    return send_inn("varsel.besvart.v1", tid, **om(b, s, AR), tekst="Pengene er barnas.")


def test_svaret_kommer_for_meldingen_om_at_varselet_er_levert(database: str) -> None:
    _, s, _, b = rik_husholdning()
    assert tilstand(b) == "varsles"
    besvar(b, s, APRIL + UKE)
    assert (tilstand(b), {Merke.VARSEL_LEVERT, Merke.VARSEL_BESVART} <= merker(b)) == ("manuell", True)
    [(levert, besvart)] = sporr("SELECT levert, besvart FROM varsel WHERE behandling_id = :b", b=b)
    assert levert == besvart == APRIL + UKE


def test_svaret_kommer_etter_at_fristen_er_gatt_ut_og_er_en_klage_pa_hele_kontrollen(database: str) -> None:
    """Sent in time and late on its way, or late altogether: it is not turned away. The claim goes down by what the
    household gets right in; nothing is paid out that has not been paid in."""
    sak, s, registre, b = rik_husholdning()
    for_ = [n for _, n in vedtak(sak)]
    frist = varslet(sak, s, registre, b)
    kjor(sak, registre, frist + timedelta(seconds=1))
    assert tilstand(b) == "vedtatt"
    klagen = besvar(b, s, frist + timedelta(hours=1))
    assert klagen != b
    assert sporr("SELECT arsak, termin, tilstand FROM behandling WHERE id = :b", b=klagen) == [
        ("klage_etterkontroll", AR, "forberedes")
    ]
    tid = frist + UKE
    s.termin = "2025-10"
    assert klag(sak, s, tid, arsak="tilbakekrav") == klagen, "en klage på en annen av månedene"
    gjor(sak, "innstill", SAKSBEHANDLER, tid, behandling=klagen, **GRUNN)
    kjor(sak, registre, tid)
    assert tilstand(klagen) == "vurderes"
    gjor(sak, "foresla", KLAGEBEHANDLER, tid, behandling=klagen, begrunnelse="Slik skatten er.")
    with pytest.raises(Problem) as nekt:
        gjor(sak, "attester", ATTESTANT, tid, behandling=klagen)
    assert "endrer ingen" in nekt.value.detalj
    gjor(sak, "underkjenn", ATTESTANT, tid, behandling=klagen, begrunnelse="Han har dokumentert det.")
    verdier = {"husstand.0.formue": {"bolig": 0, "annen": 0}}
    gjor(sak, "foresla", KLAGEBEHANDLER, tid, behandling=klagen, overstyring=verdier, **GRUNN)
    gjor(sak, "attester", ATTESTANT, tid, behandling=klagen)
    assert [n for _, n in vedtak(sak)[-3:]] == for_
    assert bok(sak) == {"planlagt": sum(for_), "krav": 0}
    assert sporr("SELECT rest, status FROM tilbakekrav WHERE sak_id = :s", s=sak) == [(0, "oppgjort")]
    t = tall(s)
    assert (t["krav"], t["redusert_etter_klage"], t["redusert_etter_klage_kroner"]) == (1, 1, sum(for_))
    for termin in ("2025-09", "2025-10", "2025-11"):
        gar_opp(sak, termin)


def test_et_forslag_som_er_varslet_attesteres_ogsa_nar_ingen_svarer(database: str) -> None:
    """The notice was of the handler's own proposal: neither the register's answer nor one person alone decides."""
    mindre = [{"navn": "innskudd", "belop": 600_000, "kategori": "formue"}]
    sak, s, registre = mange(person(inntekt=9000, skattear=2025, skattegrunnlag=mindre))
    b = kontroller(sak, registre)
    varslet(sak, s, registre, b)
    besvar(b, s, APRIL + UKE)
    verdier = {"husstand.0.formue": {"bolig": 0, "annen": 2_000_000}}
    tid = APRIL + 2 * UKE
    gjor(sak, "foresla", KLAGEBEHANDLER, tid, behandling=b, overstyring=verdier, **GRUNN)
    gjor(sak, "varsle", KLAGEBEHANDLER, tid, behandling=b, begrunnelse="Kravet er høyere enn varslet.")
    gjor(sak, "levert", KLAGEBEHANDLER, tid, behandling=b)
    assert oppgaver(b) == [("husbanken:klage", "etterkontroll:varslet")]
    kjor(sak, registre, tid + 4 * UKE)
    assert tilstand(b) == "foreslatt"
    gjor(sak, "attester", ATTESTANT, tid + 4 * UKE, behandling=b)
    [(krav,)] = sporr("SELECT belop FROM tilbakekrav WHERE sak_id = :s", s=sak)
    [(nyest,)] = sporr(
        "SELECT belop FROM varsel WHERE behandling_id = :b ORDER BY laget DESC, id DESC LIMIT 1", b=b
    )
    assert krav == nyest == sum(n for _, n in vedtak(sak)[:3])


def test_mindre_enn_ett_rettsgebyr_kreves_ikke_selv_om_to_er_enige(database: str) -> None:
    sak, s, registre, b = rik_husholdning()
    varslet(sak, s, registre, b)
    besvar(b, s, APRIL + UKE)
    verdier: dict[str, Any] = {"husstand.0.formue": {"bolig": 0, "annen": 310_000}}
    gjor(sak, "foresla", KLAGEBEHANDLER, APRIL + UKE, behandling=b, overstyring=verdier, **GRUNN)
    with pytest.raises(Problem) as nekt:
        gjor(sak, "attester", ATTESTANT, APRIL + UKE, behandling=b)
    assert "under grensen" in nekt.value.detalj
    assert sporr("SELECT count(*) FROM tilbakekrav WHERE sak_id = :s", s=sak) == [(0,)]


def par() -> tuple[UUID, Soknad, Registre]:
    soker = person(inntekt=9000, skattear=2025, skattegrunnlag=RIK)
    return mange(soker, person("1991-03-03", 500, skattear=2025), terminer=("2025-09",))


def test_er_sokeren_dod_ser_en_person_pa_kontrollen(database: str) -> None:
    sak, s, registre = par()
    endre(registre, s, 0, dodsdato="2026-01-15")
    b = kontroller(sak, registre)
    assert tilstand(b) == "manuell"
    assert hode(sak, "til_manuell")["grunner"] == ["soker_dod"]
    assert oppgaver(b) == [("husbanken:klage", "etterkontroll:manuell")]
    gjor(sak, "avslutt", KLAGEBEHANDLER, APRIL, behandling=b, begrunnelse="Boet er gjort opp.")
    assert len(vedtak(sak)) == 1


def test_den_andre_er_dod_siden_eller_flyttet_og_aret_gjores_opp_som_det_var(database: str) -> None:
    for siden in (
        {"dodsdato": "2026-01-15"},
        {"bolig": {"kommunenummer": "4601", "gardsnummer": 7, "bruksnummer": 1}},
    ):
        sak, s, registre = par()
        endre(registre, s, 1, **siden)
        b = kontroller(sak, registre)
        assert tilstand(b) == "varsles"
        [(belop,)] = sporr("SELECT belop FROM varsel WHERE behandling_id = :b", b=b)
        assert belop == vedtak(sak)[0][1]


@pytest.mark.parametrize("lopende", [False, True])
def test_har_saken_ingen_neste_betaling_blir_det_som_skyldes_et_krav(database: str, lopende: bool) -> None:
    """What is set off in nothing would never be paid back, nor would anybody know of it."""
    sak, s, registre = vedtatt()
    [(_, for_)] = vedtak(sak)
    lag(s.termin)
    if not lopende:
        with transaksjon(DbRolle.KJORING, Innsyn("prove", "*", klarert=True)) as forbindelse:
            stans = "UPDATE lopende SET status = 'stanset', stanset_grunn = 'flyttet' WHERE sak_id = :s"
            forbindelse.execute(text(stans), {"s": sak})
    endre(registre, s, **inntekt(25000))
    tid = START + 8 * UKE
    with som_api() as forbindelse:
        ny = start_ny_beregning(forbindelse, sak, s.termin, None, systemaktor(), tid)
    kjor(sak, registre, tid)
    gjor(sak, "foresla", SAKSBEHANDLER, tid, behandling=ny, **GRUNN)
    gjor(sak, "varsle", SAKSBEHANDLER, tid, behandling=ny, begrunnelse="Inntekten er høyere.")
    gjor(sak, "levert", SAKSBEHANDLER, tid, behandling=ny)
    kjor(sak, registre, tid + 4 * UKE)
    gjor(sak, "attester", ATTESTANT, tid + 4 * UKE, behandling=ny)
    mindre = for_ - vedtak(sak)[-1][1]
    assert mindre > 1345
    krav = sporr("SELECT belop, rest FROM tilbakekrav WHERE sak_id = :s", s=sak)
    if lopende:
        assert (krav, bok(sak)) == ([], {"i_fil": for_, "planlagt": -mindre})
    else:
        assert (krav, bok(sak)) == ([(mindre, mindre)], {"i_fil": for_, "krav": -mindre})
    gar_opp(sak, s.termin)


def test_alt_som_er_gjort_her_kan_etterprovs(database: str) -> None:
    kan_etterprovs(database)
