"""The nightly look: from the day a-ordningen is complete, last month is run, once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from domain.kalender import neste_termin
from services.api import kjoringsmalinger
from services.kjoring import driv
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import KanIkkeStarte
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from tests.kjoring import hjelp


@pytest.fixture
def oppgaver(database: str) -> Any:
    """The tasks: importing them reads where the broker is, so servers must run."""
    import workers.vedlikehold
    from workers import kjoring

    assert database
    assert workers.vedlikehold
    return kjoring


@pytest.mark.parametrize(
    ("na", "termin"),
    [
        (datetime(2026, 10, 11, 22, 30, tzinfo=UTC), "2026-09"),  # the 12th in Oslo, where the date is taken
        (datetime(2026, 10, 11, 21, 30, tzinfo=UTC), None),
        (datetime(2026, 10, 25, 3, 15, tzinfo=UTC), "2026-09"),  # the night the clock is set back
        (datetime(2024, 3, 12, 3, 15, tzinfo=UTC), "2024-02"),
        (datetime(2026, 1, 15, 3, 15, tzinfo=UTC), "2025-12"),
    ],
)
def test_natten_bestiller_forrige_maned_en_gang(
    rydd: str, oppgaver: Any, monkeypatch: pytest.MonkeyPatch, na: datetime, termin: str | None
):
    vekket: list[Any] = []
    monkeypatch.setattr(oppgaver, "na", lambda: na)
    monkeypatch.setattr(driv, "na", lambda: na)
    monkeypatch.setattr(oppgaver, "vekk", lambda *a: vekket.append(a))
    oppgaver.natt()
    oppgaver.natt()
    bestilt = [(k.termin, k.slag, k.startet_av) for k in driv.siste(5) if k.slag == "ordinar"]
    assert bestilt == ([(termin, "ordinar", "system")] if termin else [])
    assert hjelp.en(rydd, "SELECT count(DISTINCT kjoring_id) FROM kjoring_omfang") == len(bestilt)


def test_nar_maneden_er_kjort_ses_det_en_gang_pa_maneden_for(
    rydd: str, oppgaver: Any, monkeypatch: pytest.MonkeyPatch
):
    """Income that came late or was corrected: the month before the one just run is reckoned again."""
    na = datetime.now(UTC).replace(day=14)  # once: the month may turn before the fourth night
    for modul in (oppgaver, driv):
        monkeypatch.setattr(modul, "na", lambda: na)
    monkeypatch.setattr(oppgaver, "vekk", lambda *_: None)
    for _ in range(4):
        oppgaver.natt()
        for id_ in driv.aktive():
            hjelp.fullfor(id_)
    bestilt = [(k.slag, k.status) for k in driv.siste(5)]
    assert bestilt == [("ny_beregning", "ferdig"), ("ordinar", "ferdig")]
    ny, vanlig = driv.siste(5)
    assert ny.termin == neste_termin(vanlig.termin, -1)


def test_natten_tar_resten_av_landet_nar_en_kommune_er_kjort_for_seg(
    rydd: str, oppgaver: Any, monkeypatch: pytest.MonkeyPatch
):
    """A municipality run by hand must not keep the rest of the country from its money, and unseen at that."""
    hjelp.befolk(60, "2024-03")
    forst = hjelp.kjor("2024-03", kommuner=["0301"])
    assert forst.status == "ferdig"
    na = datetime(2024, 4, 12, 3, 15, tzinfo=UTC)
    register = CollectorRegistry()
    with transaksjon(DbRolle.API, Innsyn("drift", "*", klarert=True)) as forbindelse:
        kjoringsmalinger.legg_til(register, forbindelse, na)
    assert register.get_sample_value("boligsak_kjoring_mangler", {"ordning": "bostotte"}) == 1
    for modul in (oppgaver, driv):
        monkeypatch.setattr(modul, "na", lambda: na)
    monkeypatch.setattr(oppgaver, "vekk", lambda *_: None)
    oppgaver.natt()
    resten = driv.siste(1)[0]
    assert (resten.termin, resten.slag) == ("2024-03", "ordinar")
    venter = hjelp.sporr(
        rydd,
        "SELECT DISTINCT kommunenummer FROM lopende WHERE siste_termin < '2024-03' AND status = 'lopende'",
    )
    assert resten.kommuner == sorted(k for (k,) in venter)
    assert "0301" not in (resten.kommuner or ())
    with pytest.raises(KanIkkeStarte) as opptatt:  # and the command goes on with the one that is not finished
        driv.start(hjelp.ORDNING, "2024-03", aktor="kari")
    assert opptatt.value.kjoring_id == resten.id


def test_timen_finnes_en_gang_hver_natt_i_aret():
    """Neither the hour that is left out in March nor the one that comes twice in October."""
    assert kjoringsinnstillinger().natt.hour not in (2, 3)


def test_beat_driver_apne_kjoringer_og_ser_etter_natten(oppgaver: Any):
    plan = {p["task"] for p in oppgaver.app.conf.beat_schedule.values()}
    assert {"kjoring.driv.v1", "kjoring.natt.v1"} <= plan
    oppgaver.app.loader.import_default_modules()
    assert plan <= oppgaver.app.tasks.keys()
