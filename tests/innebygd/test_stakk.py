"""The real stack of processes comes up, answers, and a killed process comes back."""

import httpx

from services.innebygd.oppsett import API, BEAT, RELE, SIM, lyttere
from tests.felles.stakk import Stakk


def test_every_process_runs_and_the_api_is_ready(stakk: Stakk) -> None:
    assert {API, BEAT, RELE, SIM, "arbeider-1", "arbeider-2"} == set(stakk.oppsyn.navn())
    assert all(stakk.oppsyn.lever(navn) for navn in stakk.oppsyn.navn())
    assert httpx.get(f"{stakk.api_url}/helse/klar", timeout=30).json()["status"] == "ok"
    assert httpx.get(f"{stakk.register_url}/helse/live", timeout=30).status_code == 200
    stakk.vent_ro()


def test_counters_of_all_processes_are_in_metrics(stakk: Stakk) -> None:
    httpx.get(f"{stakk.api_url}/helse/live", timeout=30)
    assert "boligsak_api_svar_total" in httpx.get(f"{stakk.api_url}/metrics", timeout=30).text


def test_a_killed_worker_comes_back(stakk: Stakk) -> None:
    forst = stakk.oppsyn.pid("arbeider-1")
    stakk.oppsyn.drep("arbeider-1")
    stakk.vent(lambda: not stakk.oppsyn.tikk(), 60, "the worker")
    assert stakk.oppsyn.pid("arbeider-1") != forst
    stakk.vent(lambda: lyttere(stakk.adresser.broker_url) >= 2, 120, "two workers that listen")
