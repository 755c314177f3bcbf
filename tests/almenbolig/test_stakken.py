"""A commitment over HTTP, queue and workers: people act on it, and what the calendar owes is caught up with."""

from typing import Any

import httpx

from services.klokke import i_dag, na
from tests.almenbolig.test_sagen import PROJEKT, haendelse
from tests.felles.stakk import Stakk
from tests.scenarios.conftest import klient


def _sak(stakk: Stakk, sak: str) -> dict[str, Any]:
    return dict(klient(stakk).get(f"/api/v1/saker/{sak}").json())


def _gor(stakk: Stakk, sak: str, handling: str, navn: str, rolle: str, **kropp: Any) -> httpx.Response:
    som = klient(stakk, rolle, navn)
    etag = som.get(f"/api/v1/saker/{sak}").headers["ETag"]
    return som.post(f"/api/v1/saker/{sak}/handlinger/{handling}", json=kropp, headers={"If-Match": etag})


def test_et_tilsagn_fra_for_systemet_indhentes(stakk: Stakk) -> None:
    """Given in 2018, taken in now: two people grant it, and the years since are booked one by one."""
    kvittering = stakk.send(haendelse("tilsagn.meldt", "2018-03-15", "STAK-1", projekt=PROJEKT))
    sak, behandling = kvittering["sak"], kvittering["behandling"]

    def tilstand() -> str:
        return str(next(b["tilstand"] for b in _sak(stakk, sak)["behandlinger"] if b["id"] == behandling))

    stakk.vent(lambda: tilstand() == "manuell", hva="skemaet hos kommunen")
    svar = _gor(stakk, sak, "foresla", "Sagsbehandler Holm", "saksbehandler", behandling=behandling,
                begrunnelse="Skema A er i orden.", overstyring={"projekt.antal_boliger": 52})  # fmt: skip
    assert svar.status_code == 200, svar.text
    svar = _gor(stakk, sak, "attester", "Attestant Lund", "attestant", behandling=behandling)
    assert svar.status_code == 200, svar.text
    # Each New Year that has gone by, and the refusion is due; in year 5 somebody must ask where the loan is.
    nytar = i_dag(na()).year - 2018
    stakk.vent(
        lambda: sum(v["kode"] == "D10" for v in _sak(stakk, sak)["vedtak"]) == nytar,
        hva=f"{nytar} opskrivninger",
    )
    stakk.send(
        haendelse("lan.optaget", "2020-11-20", "STAK-1", hovedstol=88_000_000, lantype="rtl10", rente=0.0)
    )
    stakk.vent(
        lambda: sum(v["kode"] == "D11" for v in _sak(stakk, sak)["vedtak"]) >= 23, hva="terminerne siden 2021"
    )
    hele = _sak(stakk, sak)
    assert (hele["valuta"], hele["gjelder"], hele["ordning"]) == ("DKK", "STAK-1", "almenbolig")
    koder = [v["kode"] for v in hele["vedtak"]]
    assert koder.count("D12") == 1
    assert {b["arsak"]: b["tilstand"] for b in hele["behandlinger"] if not b["avsluttet"]} == {
        "revurdering": "manuell",
        "rente": "planlagt",
        "termin": "planlagt",
    }
    assert all(b["handlinger"] == [] for b in hele["behandlinger"] if b["tilstand"] == "planlagt")
    termin = next(v for v in hele["vedtak"] if v["kode"] == "D11")
    svar_ = klient(stakk).get(f"/api/v1/vedtak/{termin['id']}/begrunnelse").json()
    assert (svar_["nb"], svar_["nn"]) == ([], [])
    assert any(s.startswith("Ydelsen på lånet: 733") for s in svar_["setninger"]["da"]), svar_
    assert (
        klient(stakk).get(f"/api/v1/vedtak/{termin['id']}").json()["fakta"]["projekt"]["antal_boliger"] == 52
    )
