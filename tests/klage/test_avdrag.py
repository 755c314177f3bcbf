"""A claim until it is settled: handed over, set off, or paid in instalments; reminders and limitation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.etterkontroll.avdrag import PURREFRIST, Avdrag, UgyldigPlan, gjenstar, lag_plan, mangler
from domain.kalender import er_virkedag
from services.etterkontroll import avdrag, tilbakekrav
from services.klokke import i_dag
from services.lager import saker
from services.problem import Problem
from services.utbetaling.fil import lag
from tests.klage.hjelp import bok, flyttet, gar_opp, hode, kan_etterprovs, om, oppgaver, send_inn, som_api
from tests.klage.test_etterkontroll import AR, RIK, UKE, kontroller, varslet, vedtatt
from tests.motor.hjelp import Registre, kjor, sporr
from tests.scenarios.bygg import Soknad, person

DAG = date(2026, 5, 5)
SLUTT = date(2029, 5, 5)
_ENDRET = "SELECT count(*) FROM utgaende WHERE sak_id = :s AND type LIKE '%tilbakekrav.endret.v1'"


@settings(deadline=None)  # the first look at a year fetches its holidays
@given(st.integers(2, 200_000), st.integers(2, 30), st.dates(date(2026, 5, 6), date(2026, 7, 31)))
def test_avdragene_er_til_sammen_kravet_og_det_siste_tar_resten(rest: int, antall: int, forste: date) -> None:
    if antall > rest:
        with pytest.raises(UgyldigPlan):
            lag_plan(rest, antall, forste, DAG, SLUTT)
        return
    plan = lag_plan(rest, antall, forste, DAG, SLUTT)
    assert sum(a.belop for a in plan) == rest
    assert len({a.belop for a in plan[:-1]}) == 1
    assert plan[-1].belop - plan[0].belop < antall
    assert [a.nr for a in plan] == list(range(1, antall + 1))
    assert all(er_virkedag(a.forfall) for a in plan)
    assert [a.forfall for a in plan] == sorted({a.forfall for a in plan})


@settings(deadline=None)
@given(st.integers(40, 5000), st.integers(2, 12), st.data())
def test_det_som_gjenstar_av_avdragene_er_det_som_gjenstar_av_kravet(
    rest: int, antall: int, trekk: st.DataObject
) -> None:
    plan = lag_plan(rest, antall, date(2026, 6, 1), DAG, SLUTT)
    betalt = trekk.draw(st.integers(0, rest))
    nedsatt = trekk.draw(st.integers(0, rest - betalt))
    igjen = gjenstar(plan, betalt, nedsatt)
    assert sum(igjen) == rest - betalt - nedsatt
    assert all(0 <= kr <= a.belop for kr, a in zip(igjen, plan, strict=True))
    assert mangler(plan, betalt, nedsatt, plan[-1].forfall + timedelta(1)) == sum(igjen)
    assert mangler(plan, betalt, nedsatt, plan[0].forfall) == 0, "på forfallsdagen er det ikke for sent"


def test_nedsettelse_korter_planen_bakfra_og_betaling_dekker_den_forfra() -> None:
    plan = lag_plan(1000, 3, date(2026, 5, 31), DAG, SLUTT)
    # 31 May is a Sunday; 30 June and 31 July are working days.
    assert plan == [
        Avdrag(1, date(2026, 6, 1), 333),
        Avdrag(2, date(2026, 6, 30), 333),
        Avdrag(3, date(2026, 7, 31), 334),
    ]
    assert gjenstar(plan, 0, 400) == [333, 267, 0]
    assert gjenstar(plan, 400, 0) == [0, 266, 334]
    assert mangler(plan, 300, 400, date(2026, 6, 2)) == 33


@pytest.mark.parametrize(
    ("antall", "forste", "felt"),
    [
        (1, DAG + UKE, "antall"),
        (2, DAG, "forste_forfall"),
        (2, date(9999, 12, 31), "forste_forfall"),
        (36, date(2026, 6, 5), "antall"),
    ],
)
def test_en_plan_som_ikke_kan_vaere(antall: int, forste: date, felt: str) -> None:
    with pytest.raises(UgyldigPlan) as feil:
        lag_plan(50_000, antall, forste, DAG, SLUTT)
    assert feil.value.felt == felt


def med_krav() -> tuple[UUID, Soknad, Registre, UUID, UUID, int, datetime]:
    """(case, application, registers, the control, its claim, kroner, when)"""
    sak, s, registre = vedtatt(person(inntekt=9000, skattear=2025, skattegrunnlag=RIK))
    b = kontroller(sak, registre)
    frist = varslet(sak, s, registre, b)
    kjor(sak, registre, frist + timedelta(seconds=1))
    [(krav, belop)] = sporr("SELECT id, belop FROM tilbakekrav WHERE sak_id = :s", s=sak)
    return sak, s, registre, b, krav, belop, frist + timedelta(hours=10)


def gjor(sak: UUID, hva: Any, krav: UUID, *args: Any) -> None:
    with som_api() as forbindelse:
        last = saker.las(forbindelse, sak)
        tid = next(a for a in args if isinstance(a, datetime))
        hva(forbindelse, last, krav, *args)
        saker.lagre(forbindelse, last, tid)


def avtal(sak: UUID, krav: UUID, antall: int, tid: datetime) -> avdrag.Ordning:
    forste = i_dag(tid) + timedelta(days=30)
    gjor(sak, avdrag.avtal, krav, antall, forste, "lund", tid, "Avtalt på telefon.")
    return ordningen(sak, krav)


def ordningen(sak: UUID, krav: UUID) -> avdrag.Ordning:
    with som_api() as forbindelse:
        return avdrag.nyeste(forbindelse, sak, krav)[krav]


def status(krav: UUID) -> tuple[str, int]:
    [rad] = sporr("SELECT status, rest FROM tilbakekrav WHERE id = :k", k=krav)
    return tuple(rad)


def test_avtalt_endret_nedsatt_motregnet_og_betalt(database: str) -> None:
    """A reduction and a set-off beside the plan; what is left is paid as agreed, and the last payment ends it."""
    sak, s, _, b, krav, belop, tid = med_krav()
    forst = avtal(sak, krav, 12, tid)
    assert sum(a.belop for a in forst.plan) == belop
    [(foreldes,)] = sporr("SELECT foreldes FROM tilbakekrav WHERE id = :k", k=krav)
    assert foreldes == tilbakekrav.foreldes(i_dag(tid)), "løftet avbryter foreldelsen"
    ny = avtal(sak, krav, 6, tid + UKE)
    assert sporr("SELECT status FROM avdragsordning WHERE id = :i", i=forst.id) == [("endret",)]
    with pytest.raises(tilbakekrav.UgyldigPost) as nekt:  # it is kept
        gjor(sak, avdrag.oversend, krav, "lund", tid + UKE, "Vil ha pengene nå.")
    assert "avdragsordning" in nekt.value.melding
    senere = tid + 2 * UKE
    gjor(sak, tilbakekrav.bokfor, krav, "nedsettelse", ny.plan[-1].belop, "lund", senere, "Delvis feil.")
    gjor(sak, tilbakekrav.bokfor, krav, "motregning", ny.plan[-2].belop, "lund", senere, "I bostøtten.")
    assert ordningen(sak, krav).igjen == [*(a.belop for a in ny.plan[:4]), 0, 0]
    for en in ny.plan[:4]:
        innbetalt = {**om(b, s, AR), "tilbakekrav": str(krav), "belop": en.belop}
        assert send_inn("tilbakekrav.innbetalt.v1", senere, **innbetalt) == b
        avdrag.folg_opp(datetime.combine(en.forfall, senere.time(), UTC) + timedelta(days=3))
    assert (ordningen(sak, krav).status, status(krav)) == ("fullfort", ("oppgjort", 0))
    assert "tilbakekrav_purring" not in typer(sak)
    with pytest.raises(Problem) as for_mye:
        send_inn("tilbakekrav.innbetalt.v1", senere, **innbetalt)
    assert for_mye.value.feil[0]["felt"] == "data.belop"
    assert flyttet(sak)["innbetaling"] == sum(a.belop for a in ny.plan[:4])
    for termin in ("2025-09", "2025-10", "2025-11"):
        gar_opp(sak, termin)


def typer(sak: UUID) -> list[str]:
    return [
        t
        for (t,) in sporr(
            "SELECT type FROM hendelse WHERE sak_id = :s AND type LIKE 'tilbakekrav%' ORDER BY seq", s=sak
        )
    ]


def test_misligholdt_purres_en_gang_og_oversendes_ved_den_andre(database: str) -> None:
    sak, _, _, _, krav, _, tid = med_krav()
    plan = avtal(sak, krav, 3, tid).plan
    dagen = datetime.combine(plan[0].forfall, tid.time(), UTC)
    avdrag.folg_opp(dagen)
    assert typer(sak) == ["tilbakekrav_avdragsordning"], "dagen er ikke over"
    avdrag.folg_opp(dagen + timedelta(days=1))
    avdrag.folg_opp(dagen + timedelta(days=2))
    assert typer(sak)[1:] == ["tilbakekrav_purring"], "en gang"
    # Paid within the time: the next reminder is a first one again.
    gjor(
        sak,
        tilbakekrav.bokfor,
        krav,
        "innbetaling",
        plan[0].belop,
        "lund",
        dagen + timedelta(days=3),
        "Betalt.",
    )
    assert ordningen(sak, krav).purret is None
    neste = datetime.combine(plan[1].forfall, tid.time(), UTC) + timedelta(days=1)
    avdrag.folg_opp(neste)
    assert status(krav)[0] == "apent"
    avdrag.folg_opp(neste + PURREFRIST - timedelta(minutes=1))
    assert status(krav)[0] == "apent"
    avdrag.folg_opp(neste + PURREFRIST)
    assert (status(krav)[0], ordningen(sak, krav).status) == ("oversendt", "brutt")
    assert typer(sak)[-2:] == ["tilbakekrav_purring", "tilbakekrav_oversendelse"]
    assert hode(sak, "tilbakekrav_oversendelse") == {"tilbakekrav": str(krav)}
    with pytest.raises(tilbakekrav.UgyldigPost):
        avtal(sak, krav, 3, neste + 4 * UKE)


def test_for_kravet_foreldes_far_noen_en_oppgave_og_etterpa_kan_det_ikke_avtales(database: str) -> None:
    sak, _, _, b, krav, belop, _ = med_krav()
    [(foreldes,)] = sporr("SELECT foreldes FROM tilbakekrav WHERE id = :k", k=krav)
    for_ = datetime.combine(foreldes, datetime.min.time(), UTC) - avdrag.FORELDELSESVARSEL
    avdrag.folg_opp(for_ - timedelta(days=2))
    assert oppgaver(b) == []
    avdrag.folg_opp(for_ + timedelta(hours=3))
    avdrag.folg_opp(for_ + timedelta(days=1))
    assert oppgaver(b) == [("husbanken:klage", "tilbakekrav:foreldes")]
    etter = datetime.combine(foreldes, datetime.min.time(), UTC) + timedelta(days=1)
    with pytest.raises(tilbakekrav.UgyldigPost) as nekt:
        avtal(sak, krav, 3, etter)
    assert "foreldet" in nekt.value.melding
    with pytest.raises(tilbakekrav.UgyldigPost, match="foreldet"):
        gjor(sak, avdrag.oversend, krav, "lund", etter, "Betaler ikke.")
    gjor(sak, tilbakekrav.bokfor, krav, "foreldelse", None, "lund", etter, "Tre år er gått.")
    assert (status(krav), flyttet(sak), oppgaver(b)) == (("oppgjort", 0), {"foreldelse": belop}, [])


def test_et_misligholdt_krav_som_er_foreldet_oversendes_ikke(database: str) -> None:
    """The first reminder came before the claim lapsed, and the day of the second after: it is nobody's to collect."""
    sak, _, _, b, krav, _, tid = med_krav()
    slutt = tilbakekrav.foreldes(i_dag(tid))
    forste = slutt - timedelta(days=40)
    gjor(sak, avdrag.avtal, krav, 2, forste, "lund", tid, "Avtalt på telefon.")
    siste = datetime.combine(slutt, tid.time(), UTC)
    avdrag.folg_opp(siste - timedelta(days=10))
    avdrag.folg_opp(siste + timedelta(days=10))
    assert status(krav)[0] == "apent"
    assert typer(sak)[1:] == ["tilbakekrav_purring"]
    assert oppgaver(b) == [("husbanken:klage", "tilbakekrav:foreldes")]


def test_kravet_videre(database: str) -> None:
    """Handed over with a receipt, paid in part, waived; or set off whole in later payments."""
    sak, s, registre = vedtatt(person(inntekt=9000, skattear=2025, skattegrunnlag=RIK))
    b = kontroller(sak, registre)
    frist = varslet(sak, s, registre, b)
    kjor(sak, registre, frist + timedelta(seconds=1))
    [(krav, belop)] = sporr("SELECT id, belop FROM tilbakekrav WHERE sak_id = :s", s=sak)

    def gjor_med(slag: str, kroner: int | None, tid: datetime = frist) -> int:
        with som_api() as forbindelse:
            last = saker.las(forbindelse, sak)
            rest = tilbakekrav.bokfor(forbindelse, last, krav, slag, kroner, "lund", tid, "Avtalt.")  # type: ignore[arg-type]
            saker.lagre(forbindelse, last, tid)
            return rest

    with som_api() as forbindelse:
        last = saker.las(forbindelse, sak)
        tilbakekrav.oversend(forbindelse, last, krav, "lund", frist, "Betaler ikke.")
        saker.lagre(forbindelse, last, frist)
    kvittering = {**om(b, s, AR), "tilbakekrav": str(krav)}
    send_inn("tilbakekrav.mottatt.v1", frist, **kvittering)
    assert sporr("SELECT status FROM tilbakekrav WHERE sak_id = :s", s=sak) == [("hos_innkreving",)]
    with pytest.raises(Problem):
        send_inn("tilbakekrav.mottatt.v1", frist, **kvittering)
    for slag, kroner, felt in (("innbetaling", belop + 1, "belop"), ("foreldelse", None, "slag")):
        with pytest.raises(tilbakekrav.UgyldigPost) as feil:
            gjor_med(slag, kroner)
        assert feil.value.felt == felt
    assert gjor_med("innbetaling", 1000) == belop - 1000
    with pytest.raises(tilbakekrav.UgyldigPost):  # it is the collection authority's now
        gjor_med("motregning", None)
    gar_opp(sak, "2025-09")
    assert sporr(_ENDRET, s=sak) == [(0,)], "den som krever inn, vet selv hva som er betalt"
    assert gjor_med("ettergivelse", None) == 0
    assert sporr(_ENDRET, s=sak) == [(1,)], "det som er ettergitt, skal ikke kreves inn"
    assert sporr("SELECT status, rest FROM tilbakekrav WHERE sak_id = :s", s=sak) == [("oppgjort", 0)]
    typer = [
        t
        for (t,) in sporr(
            "SELECT type FROM hendelse WHERE sak_id = :s AND type LIKE 'tilbake%' ORDER BY seq", s=sak
        )
    ]
    assert typer == [
        f"tilbakekrav_{t}" for t in ("oversendelse", "kvittering", "innbetaling", "ettergivelse")
    ]


def test_motregnet_krav_trekkes_i_neste_utbetaling(database: str) -> None:
    sak, s, registre = vedtatt(person(inntekt=9000, skattear=2025, skattegrunnlag=RIK))
    b = kontroller(sak, registre)
    frist = varslet(sak, s, registre, b)
    kjor(sak, registre, frist + timedelta(seconds=1))
    [(krav,)] = sporr("SELECT id FROM tilbakekrav WHERE sak_id = :s", s=sak)
    with som_api() as forbindelse:
        last = saker.las(forbindelse, sak)
        assert (
            tilbakekrav.bokfor(forbindelse, last, krav, "motregning", None, "lund", frist, "Etter avtale.")
            == 0
        )
        saker.lagre(forbindelse, last, frist)
    assert bok(sak) == {"planlagt": 0, "krav": 0}
    gar_opp(sak, "2025-09")
    lag("2026-05")
    assert sporr("SELECT belop FROM utbetalingslinje WHERE sak_id = :s", s=sak) == []


def test_alt_som_er_gjort_her_kan_etterprovs(database: str) -> None:
    kan_etterprovs(database)
