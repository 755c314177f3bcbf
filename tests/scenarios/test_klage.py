"""Appeals, notices and controls through API, queue and workers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg

from services.etterkontroll.start import start
from services.klokke import i_dag, na
from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import Sak, klient, send

KILDE = "https://klage.example.no"
SKY = {"Content-Type": "application/cloudevents+json"}
GRUNN = {"begrunnelse": "Arbeidsgiveren har rettet a-meldingen."}


def hendelse(sak: Sak, type_: str, nr: int, **data: Any) -> httpx.Response:
    innhold = {"termin": sak.soknad.termin, "kommunenummer": sak.soknad.kommune, **data}
    return klient(sak.stakk, "innsender").post(
        "/api/v1/hendelser",
        json={
            "specversion": "1.0",
            "id": f"{sak.soknad.id}-{nr}",
            "source": KILDE,
            "type": f"no.boligsak.{type_}",
            "data": innhold,
        },
        headers=SKY,
    )


def klag(sak: Sak, nr: int = 1, **valg: Any) -> httpx.Response:
    vedtak = sak.hent()["vedtak"][-1]["id"]
    data = {"klager": {"fnr": sak.soknad.soker.fnr}, "arsak": "inntekt", "tekst": "Inntekten er feil."}
    return hendelse(sak, "klage.mottatt.v1", nr, vedtak=vedtak, **{**data, **valg})


def endre_inntekt(sak: Sak, kroner: int) -> None:
    folk = sak.soknad.registrering()
    folk["personer"][0]["inntekter"] = [{"beskrivelse": "fastloenn", "belop": kroner}]
    httpx.post(f"{sak.stakk.register_url}/styring/personer", json=folk, timeout=20).raise_for_status()


def vent_pa(sak: Sak, behandling: str, tilstand: str) -> None:
    def er_der() -> bool:
        return next(b["tilstand"] for b in sak.hent()["behandlinger"] if b["id"] == behandling) == tilstand

    sak.stakk.vent(er_der, 30, f"tilstanden {tilstand}")


def revurder(sak: Sak, rolle: str = "klagebehandler", **valg: Any) -> httpx.Response:
    return klient(sak.stakk, rolle).post(
        f"/api/v1/saker/{sak.id}/revurdering", json={"termin": sak.soknad.termin}, params=valg
    )


@sendt(soknad(person(inntekt=18000), leie=12000))
def test_klage_fra_hendelse_til_nytt_vedtak(sak: Sak):
    for_ = sak.vedtak()["belop"]
    endre_inntekt(sak, 11000)
    svar = klag(sak)
    assert svar.status_code == 202, svar.text
    klagen = svar.json()["behandling"]
    assert klag(sak).json() == svar.json(), "samme hendelse, samme svar"
    [oppgave] = sak.oppgaver()
    assert (oppgave["eier"], oppgave["arsak"]) == ("kommune:0301", "klage:forberedes")
    assert sak.gjor("innstill", behandling=klagen, begrunnelse="Kommunen er enig.").status_code == 200
    vent_pa(sak, klagen, "vurderes")
    sett = revurder(sak).json()
    assert (sett["stemmer"], sett["a"]["belop"], sett["mangler"]) == (True, for_, [])
    assert sett["fra_a_til_b"] == {"inntekt": sett["b"]["belop"] - for_}
    assert sak.gjor("foresla", behandling=klagen, **GRUNN).status_code == 403, "kommunen avgjør ikke klagen"
    som = ("Klagebehandler Lund", "klagebehandler")
    assert sak.gjor("foresla", *som, behandling=klagen, **GRUNN).status_code == 200
    svar = sak.gjor("attester", "Attestant Berg", "attestant", behandling=klagen)
    assert svar.status_code == 200, svar.text
    assert [v["belop"] for v in svar.json()["vedtak"]] == [for_, sett["b"]["belop"]]
    assert sum(u["belop"] for u in svar.json()["utbetalinger"]) == sett["b"]["belop"]
    kontroller = sak.hent("/kontroller")["kontroller"]
    assert [k["behandling"] for k in kontroller if k["register"] == "inntekt"] == [sak.behandling, klagen]
    typer = sak.typer()
    assert [t for t in typer if t in {"klage_mottatt", "innstill", "til_manuell", "foresla", "attester"}] == [
        "klage_mottatt",
        "innstill",
        "til_manuell",
        "foresla",
        "attester",
    ]


@sendt(soknad(person(inntekt=18000), leie=12000))
def test_to_klager_i_samme_oyeblikk(sak: Sak):
    sak.vedtak()
    with ThreadPoolExecutor(2) as to:
        svar = list(to.map(lambda nr: klag(sak, nr, tekst=f"Klage nummer {nr}."), (1, 2)))
    assert [s.status_code for s in svar] == [202, 202]
    assert svar[0].json()["behandling"] == svar[1].json()["behandling"]
    assert sorted(t for t in sak.typer() if t.startswith("klage_")) == ["klage_mottatt", "klage_supplert"]
    trukket = hendelse(sak, "klage.trukket.v1", 3, behandling=svar[0].json()["behandling"])
    assert trukket.status_code == 202
    vent_pa(sak, svar[0].json()["behandling"], "trukket")


@sendt(soknad(person(inntekt=18000), leie=12000))
def test_maneden_regnet_pa_nytt_og_mindre_krever_varsel(sak: Sak):
    for_ = sak.vedtak()["belop"]
    assert revurder(sak, "revisor", dry_run=False).status_code == 403
    endre_inntekt(sak, 26000)
    svar = revurder(sak, "saksbehandler", dry_run=False)
    assert svar.status_code == 200, svar.text
    ny = svar.json()["behandling"]
    vent_pa(sak, ny, "manuell")
    assert [o["arsak"] for o in sak.oppgaver()] == ["til_ugunst"]
    assert sak.gjor("foresla", behandling=ny, **GRUNN).status_code == 200
    nekt = sak.gjor("attester", "Attestant Berg", "attestant", behandling=ny)
    assert nekt.status_code == 409
    assert "varsle" in nekt.json()["detail"]
    assert sak.gjor("varsle", behandling=ny, begrunnelse="Inntekten var høyere.").status_code == 200
    levert = hendelse(sak, "varsel.levert.v1", 1, behandling=ny, levert="2026-09-20T10:00:00Z")
    assert levert.status_code == 202, levert.text
    assert sak.gjor("attester", "Attestant Berg", "attestant", behandling=ny).status_code == 409
    vri_klokken(sak, ny)
    vent_pa(sak, ny, "foreslatt")
    svar = sak.gjor("attester", "Attestant Berg", "attestant", behandling=ny)
    assert svar.status_code == 200, svar.text
    assert svar.json()["vedtak"][-1]["belop"] < for_
    merker = next(b["merker"] for b in svar.json()["behandlinger"] if b["id"] == ny)
    assert {"varsel_laget", "varsel_levert", "varselfrist_ute"} <= set(merker)


def test_en_kommune_kan_ikke_svare_for_klagenemnda_eller_andres_saker(stakk: Any):
    [sak] = send(stakk, soknad(person(inntekt=18000), leie=12000))
    sak.vedtak()
    klagen = klag(sak).json()["behandling"]
    svar = {
        "termin": sak.soknad.termin,
        "kommunenummer": "0301",
        "behandling": klagen,
        "resultat": "endret",
        "begrunnelse": "Nemnda gir medhold.",
    }
    kropp = {
        "specversion": "1.0",
        "id": f"nemnd-{sak.id}",
        "source": KILDE,
        "type": "no.boligsak.klagenemnd.avgjort.v1",
        "data": svar,
    }
    for kommuner, data, status in (
        (("0301",), svar, 403),
        (("4601",), {**svar, "kommunenummer": "4601"}, 403),
    ):
        with stakk.klient("innsender", kommuner) as kommunen:
            nekt = kommunen.post("/api/v1/hendelser", json={**kropp, "data": data}, headers=SKY)
            assert nekt.status_code == status
    with stakk.klient("innsender", ("4601",)) as nabo:
        trekk = {**svar, "kommunenummer": "4601"}
        del trekk["resultat"]
        type_ = "no.boligsak.klage.trukket.v1"
        nekt = nabo.post("/api/v1/hendelser", json={**kropp, "type": type_, "data": trekk}, headers=SKY)
        assert nekt.status_code == 422
        assert nekt.json()["feil"] == [{"felt": "data.behandling", "melding": "finnes ikke"}]
    assert next(b["tilstand"] for b in sak.hent()["behandlinger"] if b["id"] == klagen) == "forberedes"


def test_etterkontroll_fra_start_til_betalt_krav(stakk: Any):
    """The partner's tax comes last. The clock of the waits is turned by hand; the engine does the rest."""
    ar = i_dag(na()).year - 1  # an older year is not waited for: a person gets the case
    rik = [{"navn": "innskudd", "belop": 2_000_000, "kategori": "formue"}]
    s = soknad(
        person(inntekt=9000, skattear=ar, skattegrunnlag=rik),
        person("1991-03-03", 1000, skattear=ar - 1),
        termin=f"{ar}-09",
        kommune="1108",
    )
    [sak] = send(stakk, s)
    for_ = sak.vedtak()["belop"]
    assert start("bostotte", "etterkontroll", f"{ar}-12", na(), ["1108"]) == 1
    sti = f"/api/v1/etterkontroller/etterkontroll/{ar}-12"
    som = klient(stakk)

    def ikke_klare() -> list[str]:
        return [
            h["behandling"] for h in som.get(f"{sti}/ikke-klare").json()["husstander"] if h["sak"] == sak.id
        ]

    stakk.vent(lambda: bool(ikke_klare()), 30, "husstanden på listen over ikke klare")
    [kontroll] = ikke_klare()
    folk = s.registrering()
    folk["personer"][1]["skattear"] = ar
    httpx.post(f"{stakk.register_url}/styring/personer", json=folk, timeout=20).raise_for_status()
    vri_klokken(sak, kontroll)
    vent_pa(sak, kontroll, "varsles")
    assert ikke_klare() == []
    om = {"behandling": kontroll, "termin": f"{ar}-12"}
    levert = hendelse(sak, "varsel.levert.v1", 1, **om, levert=na().isoformat())
    assert levert.status_code == 202, levert.text
    vri_klokken(sak, kontroll)
    vent_pa(sak, kontroll, "vedtatt")
    tall = som.get(sti).json()
    assert tall["krav_kroner"] >= for_
    assert tall["varslet_kroner"] >= tall["krav_kroner"]
    [krav] = som.get(f"/api/v1/saker/{sak.id}/tilbakekrav").json()
    assert (krav["belop"], krav["rest"], krav["status"]) == (for_, for_, "apent")
    adresse = f"/api/v1/saker/{sak.id}/tilbakekrav/{krav['id']}/poster"
    post = {"slag": "innbetaling", "belop": 1000, "begrunnelse": "Første avdrag."}
    assert klient(stakk, "saksbehandler").post(adresse, json=post).status_code == 403
    husbanken = klient(stakk, "klagebehandler")
    # Pressed twice: booked once, and the answer is the same.
    nokkel = {"Idempotency-Key": f"avdrag-{krav['id']}"}
    forste, igjen = (husbanken.post(adresse, json=post, headers=nokkel).json() for _ in range(2))
    assert forste == igjen
    [krav] = forste
    assert (krav["rest"], krav["poster"][0]["belop"]) == (for_ - 1000, 1000)
    for_mye = husbanken.post(adresse, json={**post, "belop": for_})
    assert for_mye.json()["feil"][0]["felt"] == "belop"
    annet = husbanken.post(adresse, json={**post, "belop": 999}, headers=nokkel)
    assert annet.json()["type"].endswith("idempotensnokkel-gjenbrukt")
    assert sak.typer()[-1] == "tilbakekrav_innbetaling"


def vri_klokken(sak: Sak, behandling: str) -> None:
    """The deadline of the treatment is now."""
    with psycopg.connect(sak.stakk.adresser.database_url, autocommit=True) as eier:
        eier.execute("SET session_replication_role = replica")
        eier.execute("UPDATE behandling SET frist = now() - interval '1 second' WHERE id = %s", (behandling,))
        eier.execute(
            "UPDATE utboks SET kjor_etter = now() WHERE sak_id = %s AND status = 'venter'", (sak.id,)
        )
