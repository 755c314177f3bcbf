"""The life of every scheme through API, queue and workers: all sixteen in step, so that they wait once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.klokke import OSLO, na
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.ramme.bok import Rammenokkel, tildel
from tests.felles.stakk import Stakk
from tests.scenarios.conftest import BUNKE, klient
from tests.tilsagn.verden import hendelse, virksomhet

pytestmark = pytest.mark.scenario
FRIST_S = 60.0


@dataclass
class Liv:
    """One scheme's commitment, over HTTP."""

    stakk: Stakk
    navn: str
    sak: str = ""
    koder: list[str] = field(default_factory=list)

    @property
    def part(self) -> dict[str, str] | None:
        """Each scheme's applicant is its own: all sixteen together are more than one may have unseen."""
        if TILSAGNSORDNINGER[self.navn].til_person:
            return None
        return virksomhet(7000 + list(TILSAGNSORDNINGER).index(self.navn))

    @property
    def slag(self) -> str:
        return TILSAGNSORDNINGER[self.navn].slag

    def kropp(self, slag: str, **felt: Any) -> dict[str, Any]:
        return hendelse(
            self.navn, slag, f"{na().astimezone(OSLO):%Y-%m}", "Scenario 1", part=self.part, **felt
        )

    def hent(self) -> dict[str, Any]:
        return dict(klient(self.stakk).get(f"/api/v1/saker/{self.sak}").json())

    def gjor(self, handling: str, navn: str, rolle: str, **kropp: Any) -> Any:
        svar = klient(self.stakk).get(f"/api/v1/saker/{self.sak}")
        [kropp["behandling"]] = [b["id"] for b in _apne(svar.json())]
        som, hode = klient(self.stakk, rolle, navn), {"If-Match": svar.headers["ETag"]}
        return som.post(f"/api/v1/saker/{self.sak}/handlinger/{handling}", json=kropp, headers=hode)


def _apne(sak: dict[str, Any]) -> list[dict[str, Any]]:
    """The treatments that somebody should do something with."""
    return [b for b in sak["behandlinger"] if b["avsluttet"] is None and b["tilstand"] != "planlagt"]


def _send(stakk: Stakk, alle: list[Liv], kropper: list[dict[str, Any]]) -> None:
    svar = klient(stakk, "innsender").post("/api/v1/hendelser", json=kropper, headers=BUNKE)
    assert svar.status_code == 207, svar.text
    for liv, rad in zip(alle, svar.json(), strict=True):
        assert rad["status"] == 202, (liv.navn, rad)
        liv.sak = rad["kvittering"]["sak"]


def _beslutt(stakk: Stakk, alle: list[Liv]) -> None:
    """Proposed by one and attested by another, all; then each has one decision more."""
    stakk.vent_ro(FRIST_S)
    for liv in alle:
        svar = liv.gjor("foresla", "Saksbehandler Vik", "saksbehandler", begrunnelse="vilkårene er vurdert")
        assert svar.status_code == 200, (liv.navn, svar.text)
        if not liv.koder:
            selv = liv.gjor("attester", "Saksbehandler Vik", "attestant")
            assert selv.json()["type"].endswith("to-personer"), (liv.navn, selv.text)
        svar = liv.gjor("attester", "Attestant Moe", "attestant")
        assert svar.status_code == 200, (liv.navn, svar.text)
    _les_koder(stakk, alle)


def _les_koder(stakk: Stakk, alle: list[Liv]) -> None:
    """When all is quiet: each has one decision more, and nothing open."""
    stakk.vent_ro(FRIST_S)
    for liv in alle:
        sak = liv.hent()
        koder = [v["kode"] for v in sak["vedtak"]]
        assert (len(koder), _apne(sak)) == (len(liv.koder) + 1, []), (liv.navn, sak)
        liv.koder = koder


def _skje(stakk: Stakk, alle: list[Liv], slag: str, felt: Callable[[Liv], dict[str, Any]]) -> None:
    _send(stakk, alle, [liv.kropp(slag, **felt(liv)) for liv in alle])
    if TILSAGNSORDNINGER[alle[0].navn].hendelser[slag].bokforing:
        _les_koder(stakk, alle)
    else:
        _beslutt(stakk, alle)


def _utbetaling(liv: Liv) -> dict[str, Any]:
    if liv.slag == "lan":
        return {"rente": 452, "terminer_per_ar": 2}
    felt = TILSAGNSORDNINGER[liv.navn].kostnadsfelt
    kostnad = {"omsorgsplasser": 44_000_000, "energitiltak": 900_000, "tilpasning": 180_000, "heis": 99_999}
    ut: dict[str, Any] = {"ferdigdato": f"{na().astimezone(OSLO):%Y-%m-%d}"}
    return ut | ({"faktisk_kostnad": kostnad[liv.navn]} if felt else {})


def test_hver_ordning_fra_soknad_til_siste_utbetaling_og_oppgjor(stakk: Stakk):
    i_ar = datetime.now(UTC).astimezone(OSLO).year
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        for o in TILSAGNSORDNINGER.values():
            kommune = "0301" if o.kommunal else None
            tildel(
                forbindelse, Rammenokkel(o.rammenavn, i_ar, o.post, kommune), 50_000_000,
                aktor="prop-1-s", grunn="bevilgning", tid=na(),
            )  # fmt: skip
    alle = [Liv(stakk, navn) for navn in TILSAGNSORDNINGER]
    _send(stakk, alle, [liv.kropp("soknad") for liv in alle])
    _beslutt(stakk, alle)
    assert {liv.navn: liv.koder for liv in alle} == {navn: ["T00"] for navn in TILSAGNSORDNINGER}

    kompensasjon = [liv for liv in alle if liv.slag == "kompensasjon"]
    betales = [liv for liv in alle if liv.slag != "kompensasjon"]
    _skje(stakk, betales, "vilkar", lambda _: {})
    dag = f"{na().astimezone(OSLO):%Y-%m-%d}"
    _skje(stakk, kompensasjon, "ferdigstilling", lambda _: {"godkjent_kostnad": 2_500_000, "ferdigdato": dag})
    assert {liv.koder[-1] for liv in kompensasjon} == {"U30"}

    igjen = betales
    while igjen:
        _skje(stakk, igjen, "utbetaling", _utbetaling)
        igjen = [liv for liv in igjen if liv.koder[-1] == "U10"]
    koder = {liv.navn: liv.koder[2:] for liv in betales}
    tre = ["U10", "U10", "U20"]
    assert koder == {
        liv.navn: tre if liv.navn in ("studentboliger", "omradeutvikling") else ["U20"] for liv in betales
    }
    for liv in betales:
        sak = liv.hent()
        tilsagn = sak["vedtak"][0]["belop"]
        assert sum(u["belop"] for u in sak["utbetalinger"]) == tilsagn, liv.navn
        assert {u["mottaker"] for u in sak["utbetalinger"]} == {
            "husstand" if TILSAGNSORDNINGER[liv.navn].til_person else "virksomhet"
        }

    solgt = [liv for liv in betales if TILSAGNSORDNINGER[liv.navn].nedskrives]
    _skje(stakk, solgt, "salg", lambda _: {"salgsdato": dag})
    _skje(stakk, solgt, "tilbakebetaling", lambda liv: {"belop": liv.hent()["vedtak"][0]["belop"]})
    assert {liv.navn: liv.koder[-2:] for liv in solgt} == {liv.navn: ["S10", "S20"] for liv in solgt}
    lan = [liv for liv in betales if liv.slag == "lan"]
    _skje(stakk, lan, "innbetaling", lambda liv: {"belop_ore": liv.hent()["vedtak"][0]["belop"] * 100})
    assert {liv.koder[-1] for liv in lan} == {"B20"}
    slutt = [*solgt, *lan, *(liv for liv in betales if liv.navn in ("energitiltak", "boligtiltak", "heis"))]
    assert {liv.hent()["status"] for liv in slutt} == {"avsluttet"}
    assert {liv.hent()["status"] for liv in kompensasjon} == {"aktiv"}
    typer = [
        h["type"] for h in klient(stakk).get(f"/api/v1/saker/{lan[0].sak}/historikk").json()["hendelser"]
    ]
    assert typer[:7] == [
        "soknad_mottatt", "start_kontroll", "til_manuell", "foresla", "attester", "planlegg", "vedtak_fattet",
    ]  # fmt: skip


def test_darlig_innhold_navngir_feltet(stakk: Stakk):
    liv = Liv(stakk, "studentboliger")
    innsender = klient(stakk, "innsender")
    hode = {"Content-Type": "application/cloudevents+json"}
    for endring, felt in (
        ({"voksenplasser": -1}, "data.prosjekt.voksenplasser"),
        ({"soker": "ukjent"}, "data.prosjekt.soker"),
        ({"finnes_ikke": 1}, "data.prosjekt.finnes_ikke"),
    ):
        svar = innsender.post("/api/v1/hendelser", json=liv.kropp("soknad", **endring), headers=hode)
        assert svar.status_code == 422, svar.text
        assert [f["felt"] for f in svar.json()["feil"]] == [felt]
    kropp = liv.kropp("soknad")
    kropp["data"]["soker"] = {"organisasjonsnummer": "123456789"}
    svar = innsender.post("/api/v1/hendelser", json=kropp, headers=hode)
    assert [f["felt"] for f in svar.json()["feil"]] == ["data.soker.organisasjonsnummer"]


def test_bare_det_som_kan_overfores_og_bare_til_neste_ar(stakk: Stakk):
    med = klient(stakk, "saksbehandler", "Rammeansvarlig")
    ar = datetime.now(UTC).astimezone(OSLO).year + 7  # a year that no other test has opened

    def poster(navn: str, slag: str, belop: int, **mer: Any) -> Any:
        post = "2412.90" if navn == "laneramme" else TILSAGNSORDNINGER[navn].post
        inn = {
            "slag": slag,
            "ordning": navn,
            "ar": ar,
            "post": post,
            "belop": belop,
            "grunn": "prop 1 S",
            **mer,
        }
        return med.post("/api/v1/rammer/posteringer", json=inn)

    svar = poster("lanboligkvalitet", "tildelt", 1_000_000)
    assert (svar.status_code, svar.json()["feil"]) == (
        422,
        [{"felt": "ordning", "melding": "har ramme sammen med andre: laneramme"}],
    )
    for navn in ("heis", "laneramme", "omsorgskompensasjon"):
        assert poster(navn, "tildelt", 1_000_000).status_code == 200
    svar = poster("heis", "overfort", 600_000, til_ar=ar + 1)
    assert (svar.status_code, svar.json()["ledig"]) == (200, 400_000)
    for navn, belop, til, felt in (
        ("heis", 400_001, ar + 1, "belop"),
        ("heis", 1, ar + 2, "til_ar"),
        ("laneramme", 1, ar + 1, "belop"),  # an estimate appropriation lapses
        ("omsorgskompensasjon", 1, ar + 1, "belop"),  # no keyword
    ):
        svar = poster(navn, "overfort", belop, til_ar=til)
        assert (svar.status_code, [f["felt"] for f in svar.json()["feil"]]) == (422, [felt]), navn
    assert poster("heis", "overfort", 400_000, til_ar=ar + 1).json()["ledig"] == 0
