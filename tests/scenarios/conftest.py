"""All applications of the run are sent in one go; each test then looks at what became of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from tests.felles.miljo import miljo
from tests.felles.stakk import Stakk
from tests.scenarios.bygg import Soknad

BUNKE = {"Content-Type": "application/cloudevents-batch+json"}
FRIST_S = 30.0


_klienter: dict[tuple[str, ...], httpx.Client] = {}


def klient(stakk: Stakk, rolle: str = "revisor", navn: str = "", pid: str = "") -> httpx.Client:
    """A client of a named person with clearance, kept for the run: to make one costs more than a call."""
    nokkel = (stakk.api_url, rolle, navn, pid)
    if nokkel not in _klienter:
        valg = {"pid": pid} if pid else {}
        _klienter[nokkel] = stakk.klient(rolle, navn=navn or None, klarert=True, minutter=600, **valg)
    return _klienter[nokkel]


@dataclass
class Sak:
    """A case as the test sees it: over HTTP."""

    stakk: Stakk
    soknad: Soknad
    kvittering: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.kvittering["sak"])

    @property
    def behandling(self) -> str:
        return str(self.kvittering["behandling"])

    def hent(self, under: str = "", **sporring: Any) -> dict[str, Any]:
        svar = klient(self.stakk).get(f"/api/v1/saker/{self.id}{under}", params=sporring)
        assert svar.status_code == 200, svar.text
        return dict(svar.json())

    def tilstand(self) -> str:
        return next(b["tilstand"] for b in self.hent()["behandlinger"] if b["id"] == self.behandling)

    def vent_pa(self, tilstand: str) -> None:
        self.stakk.vent(lambda: self.tilstand() == tilstand, FRIST_S, f"tilstanden {tilstand}")

    def vedtak(self) -> dict[str, Any]:
        """The decision of this application's treatment, with facts and trace."""
        self.vent_pa("vedtatt")
        funnet = [v for v in self.hent()["vedtak"] if v["behandling"] == self.behandling]
        assert len(funnet) == 1
        return dict(klient(self.stakk).get(f"/api/v1/vedtak/{funnet[0]['id']}").json())

    def vent_pa_oppgave(self, slag: str = "teknisk") -> None:
        self.stakk.vent(lambda: bool(self.oppgaver(slag)), FRIST_S + 10, f"oppgaven ({slag})")

    def utfall(self) -> tuple[str, int]:
        vedtak = self.vedtak()
        return vedtak["kode"], vedtak["belop"]

    def oppgaver(self, slag: str = "manuell") -> list[dict[str, Any]]:
        svar = klient(self.stakk).get("/api/v1/oppfolging", params={"slag": slag, "antall": 200})
        return [o for o in svar.json()["oppgaver"] if o["sak"] == self.id]

    def manuell(self) -> str:
        """The cause of the open manual task, once the treatment stands there."""
        self.vent_pa("manuell")
        [oppgave] = self.oppgaver()
        return str(oppgave["arsak"])

    def gjor(
        self,
        handling: str,
        navn: str = "Saksbehandler Vik",
        rolle: str = "saksbehandler",
        *,
        pid: str = "",
        hode: dict[str, str] | None = None,
        **kropp: Any,
    ) -> httpx.Response:
        """One action by a named person, on the case as it is now (or with the headers given)."""
        som = klient(self.stakk, rolle, navn, pid)
        if hode is None:
            hode = {"If-Match": som.get(f"/api/v1/saker/{self.id}").headers["ETag"]}
        return som.post(f"/api/v1/saker/{self.id}/handlinger/{handling}", json=kropp, headers=hode)

    def typer(self) -> list[str]:
        """The types of the audit log, in order."""
        return [h["type"] for h in self.hent("/historikk", antall=200)["hendelser"]]

    def sql(self, setning: str, **verdier: Any) -> list[Any]:
        """Rows of the database where the API shows nothing; ``:sak`` is the case."""
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            svar = forbindelse.execute(text(setning), {"sak": self.id, **verdier})
            return list(svar) if svar.returns_rows else []


def send(stakk: Stakk, *soknader: Soknad) -> list[Sak]:
    """Register the people, set the faults, submit all in batches."""
    with httpx.Client(base_url=stakk.register_url, timeout=20) as sim:
        for s in soknader:
            sim.post("/styring/personer", json=s.registrering()).raise_for_status()
            for feil in s.feil:
                sim.post("/styring/feil", json=feil).raise_for_status()
    saker: list[Sak] = []
    for fra in range(0, len(soknader), 50):
        del_ = soknader[fra : fra + 50]
        innsender = klient(stakk, "innsender")
        svar = innsender.post("/api/v1/hendelser", json=[s.hendelse() for s in del_], headers=BUNKE)
        assert svar.status_code == 207, svar.text
        for s, rad in zip(del_, svar.json(), strict=True):
            assert rad["status"] == 202, rad
            saker.append(Sak(stakk, s, rad["kvittering"]))
    return saker


@pytest.fixture(scope="session")
def _alle_sendte(request: pytest.FixtureRequest, _stakk_prosesser: Stakk) -> Iterator[dict[str, Sak]]:
    with miljo({"BOLIGSAK_DATABASE_URL": _stakk_prosesser.adresser.database_url}):
        soknader = [
            s
            for item in request.session.items
            for s in getattr(getattr(item, "function", None), "soknader", ())
        ]
        unike = {s.id: s for s in soknader}
        saker = send(_stakk_prosesser, *unike.values())
        _stakk_prosesser.vent_ro(90)
    yield {s.soknad.id: s for s in saker}
    for en in _klienter.values():
        en.close()
    _klienter.clear()


@pytest.fixture
def saker(request: pytest.FixtureRequest, _alle_sendte: dict[str, Sak], stakk: Stakk) -> list[Sak]:
    """The cases of the applications that this test is marked with."""
    return [_alle_sendte[s.id] for s in request.function.soknader]


@pytest.fixture
def sak(saker: list[Sak]) -> Sak:
    """The case of the one application that this test is marked with."""
    [en] = saker
    return en
