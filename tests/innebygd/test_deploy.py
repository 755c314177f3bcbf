"""What deploy/ says agrees with the code: metrics exist, commands exist, alarms lead to a part of the run book."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROT = Path(__file__).parents[2]
DEPLOY = ROT / "deploy"
METRIKK = re.compile(r"\bboligsak_[a-z_]+")


def malinger_i_koden() -> set[str]:
    navn = set()
    for mappe in ("services", "workers"):
        for fil in (ROT / mappe).rglob("*.py"):
            navn |= set(re.findall(r'(?:Gauge|Counter|Histogram)\(\s*"(boligsak_[a-z_]+)"', fil.read_text()))
    return navn


def kjent(navn: str, kode: set[str]) -> bool:
    return navn in kode or re.sub(r"_(bucket|count|sum)$", "", navn) in kode


def regler() -> list[dict[str, Any]]:
    grupper = yaml.safe_load((DEPLOY / "prometheus" / "regler.yaml").read_text())["groups"]
    return [regel for gruppe in grupper for regel in gruppe["rules"]]


def manifester() -> list[dict[str, Any]]:
    return [
        dokument
        for fil in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
        for dokument in yaml.safe_load_all(fil.read_text())
        if dokument
    ]


def test_alarms_ask_for_metrics_that_exist() -> None:
    kode = malinger_i_koden()
    brukt = {navn for regel in regler() for navn in METRIKK.findall(regel["expr"])}
    assert brukt
    assert [navn for navn in sorted(brukt) if not kjent(navn, kode)] == []


def test_the_board_asks_for_metrics_that_exist() -> None:
    kode = malinger_i_koden()
    tavle = json.loads((DEPLOY / "grafana" / "boligsak.json").read_text())
    uttrykk = [mal["expr"] for panel in tavle["panels"] for mal in panel["targets"]]
    assert len(uttrykk) >= 10
    assert [n for u in uttrykk for n in METRIKK.findall(u) if not kjent(n, kode)] == []


def test_every_alarm_leads_to_a_part_of_the_run_book() -> None:
    deler = set(re.findall(r"^## (\S+)$", (DEPLOY / "driftshandbok.md").read_text(), re.MULTILINE))
    assert {regel["annotations"]["driftsbok"] for regel in regler()} <= deler


@pytest.mark.parametrize("navn", ["api", "arbeider", "rele", "beat"])
def test_every_process_is_deployed(navn: str) -> None:
    [utrulling] = [m for m in manifester() if m["kind"] == "Deployment" and m["metadata"]["name"] == navn]
    assert utrulling["spec"]["template"]["spec"]["containers"][0]["name"] == "boligsak"


def test_pods_are_bound_and_get_time_to_stop() -> None:
    [kustom] = [m for m in manifester() if m["kind"] == "Kustomization"]
    pod = yaml.safe_load(kustom["patches"][0]["patch"])["spec"]["template"]["spec"]
    [kontainer] = pod["containers"]
    assert pod["terminationGracePeriodSeconds"] >= 60
    assert pod["securityContext"]["runAsNonRoot"]
    assert kontainer["securityContext"]["readOnlyRootFilesystem"]
    assert not kontainer["securityContext"]["allowPrivilegeEscalation"]


def test_compose_runs_the_same_processes_as_one_machine() -> None:
    tjenester = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert {"database", "megler", "migrering", "registersim", "api", "arbeider", "rele", "beat"} == set(
        tjenester
    )
    assert tjenester["arbeider"]["command"][:4] == ["celery", "-A", "workers.app", "worker"]
