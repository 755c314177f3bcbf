"""Registers that are away, slow, busy or answer nonsense: only the cases that need them wait, and go on alone."""

import re
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.felles.stakk import Stakk
from tests.scenarios.bygg import Soknad, person, sendt, soknad
from tests.scenarios.conftest import Sak, klient, send

KONTROLL = "SELECT register, status, feil, forsok FROM kontroll WHERE sak_id = :sak ORDER BY register"


def med_feil(register: str, slag: str, **felt: Any) -> Soknad:
    return soknad(person(inntekt=18000), feil=[{"register": register, "slag": slag, **felt}])


def kontroll(sak: Sak, register: str) -> Any:
    """The one check that went wrong there. On a busy machine another register may have answered late too."""
    rader = sak.sql(KONTROLL)
    assert {r.status for r in rader} == {"utfort"}
    [en] = [r for r in rader if r.register == register]
    return en


@sendt(med_feil("inntekt", "nede", antall=2))
def test_register_som_er_nede_en_stund_forsinker_bare_kontrollen_som_trenger_det(sak: Sak):
    assert sak.utfall() == ("V00", 4958)
    inntekt = kontroll(sak, "inntekt")
    assert (inntekt.feil, inntekt.forsok) == ("nede", 3)


@sendt(med_feil("lanekassen", "treg", ms=2600, antall=1))
def test_register_som_svarer_for_sent_sporres_pa_nytt(sak: Sak):
    assert sak.utfall() == ("V00", 4958)
    assert kontroll(sak, "lanekassen").feil == "tidsavbrudd"


@sendt(med_feil("skattegrunnlag", "heng", ms=100, antall=1))
def test_register_som_bryter_forbindelsen_sporres_pa_nytt(sak: Sak):
    assert sak.utfall() == ("V00", 4958)
    assert kontroll(sak, "skattegrunnlag").feil == "nede"


@sendt(med_feil("lanekassen", "vrovl", form="html", antall=1))
def test_vedlikeholdsside_i_stedet_for_svar_sporres_pa_nytt(sak: Sak):
    assert sak.utfall() == ("V00", 4958)
    assert kontroll(sak, "lanekassen").feil == "ikke_json"


@sendt(med_feil("folkeregister", "nede", antall=3))  # so long that Matrikkelen may answer late
def test_folkeregisteret_nede_stopper_de_andre_sporsmalene_til_det_er_tilbake(sak: Sak):
    """Nobody's income is asked for before it is known who they are."""
    assert sak.utfall() == ("V00", 4958)
    tider = {k["register"]: k["tid"] for k in sak.hent("/kontroller")["kontroller"]}
    assert tider["matrikkel"] < tider["folkeregister"] < tider["inntekt"]


def test_register_som_sier_for_mange_kall_far_vaere_i_fred_sa_lenge_det_ber_om(stakk: Stakk):
    """Sent alone: the register is left in peace by all."""
    par = soknad(person("1985-03-12", 12000), person("1983-11-30", 9000), leie=11500, kommune="4601")
    par.feil = [
        {"register": "lanekassen", "slag": "begrenset", "per_s": 0.2, "fnr": p.fnr}
        for p in (par.soker, par.husstand[0])
    ]
    [sak] = send(stakk, par)
    assert sak.utfall() == ("V00", 5663)
    assert kontroll(sak, "lanekassen").feil == "for_mange"


@sendt(med_feil("inntekt", "vrovl", form="feil_person"))
def test_svar_om_feil_person_lagres_aldri_og_ender_som_teknisk_oppgave(sak: Sak):
    sak.vent_pa_oppgave()
    [oppgave] = sak.oppgaver("teknisk")
    assert oppgave["fingeravtrykk"] == "register:inntekt:feil_person"
    assert oppgave["eier"] == "husbanken:drift"
    assert datetime.fromisoformat(oppgave["frist"]) > datetime.now(UTC)
    [status] = [k for k in sak.hent("/kontroller")["kontroller"] if k["register"] == "inntekt"]
    assert (status["status"], status["feil"], status["forsok"]) == ("oppgitt", "feil_person", 4)
    assert sak.tilstand() == "kontroll"
    assert sak.hent()["vedtak"] == []


def test_hele_registeret_nede_og_tilbake_og_sakene_gar_videre_av_seg_selv(stakk: Stakk):
    """While Matrikkelen is away, cases wait in the state they have; an action for one who waits is still possible."""
    with httpx.Client(base_url=stakk.register_url) as sim:
        sim.post("/styring/feil", json={"register": "matrikkel", "slag": "nede"}).raise_for_status()
        try:
            saker = send(stakk, *(soknad(person(inntekt=18000)) for _ in range(6)))
            stakk.vent(lambda: all(s.sql(KONTROLL) for s in saker), 20, "kontrollene som venter")
            assert {s.tilstand() for s in saker} == {"kontroll"}
            trukket = saker.pop()
            svar = trukket.gjor("trekk", begrunnelse="Søkeren trekker søknaden.")
            assert svar.status_code == 200, svar.text
        finally:
            sim.delete("/styring/feil", params={"register": "matrikkel"}).raise_for_status()
    assert [s.utfall() for s in saker] == [("V00", 4958)] * 5
    assert trukket.tilstand() == "henlagt"


@sendt(soknad(person(inntekt=18000)))
def test_svar_som_er_gyldige_brukes_om_igjen_for_ny_soknad_samme_maned(sak: Sak):
    sak.vedtak()
    [ny] = send(sak.stakk, sak.soknad.igjen(boutgift_per_maned=9999))
    ny.vedtak()
    assert {k["behandling"] for k in sak.hent("/kontroller")["kontroller"]} == {sak.behandling}


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_samme_spor_fra_foresporselen_til_registrene_og_alle_logger(stakk: Stakk):
    s = soknad(person(inntekt=18000))
    with httpx.Client(base_url=stakk.register_url) as sim:
        sim.post("/styring/personer", json=s.registrering()).raise_for_status()
        hode = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        svar = klient(stakk, "innsender").post("/api/v1/hendelser", json=s.hendelse(), headers=hode)
        assert svar.headers["traceparent"].split("-")[1] == TRACE
        sak = Sak(stakk, s, svar.json())
        sak.vedtak()
        spor = sim.get("/styring/logg").json()["spor"]
    assert {r for r, kall in spor.items() if TRACE in kall} == {
        "folkeregister", "matrikkel", "lanekassen", "inntekt", "skattegrunnlag"
    }  # fmt: skip
    linjer: dict[str, list[str]] = {}
    slutt = time.monotonic() + 5
    while not {"api", "arbeider"} <= linjer.keys() and time.monotonic() < slutt:
        for navn in stakk.oppsyn.navn():
            tekst = stakk.oppsyn.logg_for(navn).read_text(errors="replace")
            if funnet := [rad for rad in tekst.splitlines() if f'"spor": "{TRACE}"' in rad]:
                linjer[navn.partition("-")[0]] = funnet
    assert {"api", "arbeider"} <= linjer.keys()
    assert any(f'"sak": "{sak.id}"' in rad for rad in linjer["arbeider"])


IKKE_TALL = re.compile(r"[0-9a-f]{8,}|server process \[\d+\]")
"""Digits that are of an id, of a trace or of a process."""


def belop_i(logg: str, belop: int) -> bool:
    """As a number of its own, not a part of a time."""
    return re.search(rf"(?<![\d.]){belop}(?!\d)", IKKE_TALL.sub("·", logg)) is not None


def test_et_belop_finnes_i_en_logg_og_ikke_i_en_id():
    for lekket in ('"belop": 18000}', "inntekt=-18000.0", "kr 18000,", "('18000',)", "[18000]"):
        assert belop_i(lekket, 18000), lekket
    for annet in (
        "f18000ab-1234-4abc-8def-0123456789ab",
        "0a1b2c3d-1234-4abc-8def-18000456789a",
        "4bf92f3577b34da6a3ce929d0e018000",
        "12:00:01.018000Z",
        "0.18000",
        "Started server process [18000]",
    ):
        assert not belop_i(annet, 18000), annet


@sendt(soknad(person(inntekt=18000), person("2016-02-01", barn=True)))
def test_ingen_logg_har_fodselsnummer_eller_belop(sak: Sak):
    sak.vedtak()
    for navn in sak.stakk.oppsyn.navn():
        tekst = sak.stakk.oppsyn.logg_for(navn).read_text(errors="replace")
        for p in (sak.soknad.soker, *sak.soknad.husstand):
            assert p.fnr not in tekst, navn
        assert not belop_i(tekst, 18000), navn
