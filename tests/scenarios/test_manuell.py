"""Where people decide: two of them, never on their own case, never on a version they have not seen."""

from datetime import date, timedelta

from services.klokke import i_dag, na
from tests.scenarios.bygg import Soknad, person, sendt, soknad
from tests.scenarios.conftest import Sak, klient, send

IKKE_BOLIG = {"bruksenhetstype": "A"}
GRUNN = "Plan- og bygningsetaten bekrefter at boligen er godkjent."
GODKJENN = {"begrunnelse": GRUNN, "overstyring": {"bolig.godkjent": True}}
UKJENT_FNR = "31829000132"
"""The 31st of February: nobody can have this number, and Folkeregisteret does not know it."""


def uavklart(**valg: object) -> Soknad:
    return soknad(person(inntekt=16000), leie=10800, bolig_er=IKKE_BOLIG, **valg)  # type: ignore[arg-type]


def problem(svar: object) -> tuple[int, str]:
    return svar.status_code, svar.json()["type"].rpartition("/")[2]  # type: ignore[attr-defined]


@sendt(uavklart())
def test_to_personer_godkjenner_boligen_og_bostotten_innvilges(sak: Sak):
    assert sak.manuell() == "bolig_ikke_godkjent"
    svar = sak.gjor("foresla", **GODKJENN)
    assert svar.status_code == 200, svar.text
    assert svar.json()["behandlinger"][0]["tilstand"] == "foreslatt"
    svar = sak.gjor("attester", "Attestant Berg", "attestant")
    assert svar.status_code == 200, svar.text
    assert svar.headers["ETag"] == f'"{svar.json()["versjon"]}"'
    vedtak = sak.vedtak()
    assert (vedtak["kode"], vedtak["belop"]) == ("V00", 5200)
    assert vedtak["fattet_av"] != vedtak["attestert_av"]
    assert vedtak["fakta"]["bolig"]["godkjent"]
    assert sak.oppgaver() == []
    historikk = sak.hent("/historikk")["hendelser"]
    assert [h["type"] for h in historikk][-3:] == ["foresla", "vedtak_fattet", "attester"]
    assert historikk[-3]["innhold"] == {"begrunnelse": GRUNN}


@sendt(uavklart())
def test_den_som_foreslar_kan_ikke_attestere(sak: Sak):
    sak.manuell()
    begge = {"boligsak_roller": ["saksbehandler", "attestant"]}
    with sak.stakk.klient("saksbehandler", navn="Begge Deler", **begge) as en:
        etag = en.get(f"/api/v1/saker/{sak.id}").headers["ETag"]
        adresse = f"/api/v1/saker/{sak.id}/handlinger/"
        svar = en.post(adresse + "foresla", json=GODKJENN, headers={"If-Match": etag})
        assert svar.json()["behandlinger"][0]["handlinger"] == ["trekk"]
        svar = en.post(adresse + "attester", json={}, headers={"If-Match": svar.headers["ETag"]})
    assert problem(svar) == (403, "to-personer")
    assert sak.tilstand() == "foreslatt"


@sendt(uavklart())
def test_ingen_kan_behandle_sin_egen_sak(sak: Sak):
    sak.manuell()
    svar = sak.gjor("foresla", "Parten Selv", pid=sak.soknad.soker.fnr, **GODKJENN)
    assert problem(svar) == (403, "egen-sak")
    som_part = klient(sak.stakk, "saksbehandler", "Parten Selv", sak.soknad.soker.fnr)
    assert som_part.get(f"/api/v1/saker/{sak.id}").json()["behandlinger"][0]["handlinger"] == []


@sendt(uavklart())
def test_handling_krever_versjonen_man_har_sett(sak: Sak):
    sak.manuell()
    assert problem(sak.gjor("foresla", hode={}, **GODKJENN)) == (428, "if-match-mangler")
    gammel = sak.gjor("foresla", hode={"If-Match": '"1"'}, **GODKJENN)
    assert problem(gammel) == (412, "endret-siden-sist")
    assert gammel.headers["ETag"] == f'"{sak.hent()["versjon"]}"'
    assert problem(sak.gjor("foresla", hode={"If-Match": "tull"}, **GODKJENN)) == (412, "endret-siden-sist")
    assert sak.tilstand() == "manuell"


@sendt(uavklart())
def test_rollen_avgjor_hva_som_er_mulig(sak: Sak):
    sak.manuell()
    assert problem(sak.gjor("foresla", "Attestant Berg", "attestant", **GODKJENN)) == (403, "mangler-tilgang")
    assert problem(sak.gjor("fatt_vedtak")) == (409, "handling-ikke-tillatt")
    assert problem(sak.gjor("attester", "Attestant Berg", "attestant")) == (409, "handling-ikke-tillatt")
    assert problem(sak.gjor("tryll")) == (409, "handling-ikke-tillatt")
    mulige = klient(sak.stakk, "saksbehandler").get(f"/api/v1/saker/{sak.id}").json()
    assert mulige["behandlinger"][0]["handlinger"] == [
        "foresla", "be_om_opplysninger", "kontroller_pa_nytt", "trekk"
    ]  # fmt: skip


@sendt(uavklart())
def test_forslag_uten_begrunnelse_eller_med_ulovlig_overstyring_avvises(sak: Sak):
    sak.manuell()
    uten = sak.gjor("foresla", overstyring={"bolig.godkjent": True})
    assert (uten.status_code, uten.json()["feil"][0]["felt"]) == (422, "begrunnelse")
    for sti in ("husstand.0.manedsinntekt", "husstand.7.student", "termin", "bolig"):
        ulovlig = sak.gjor("foresla", begrunnelse=GRUNN, overstyring={sti: 1})
        assert ulovlig.status_code == 422, ulovlig.text
        assert ulovlig.json()["feil"][0]["felt"] == f"overstyring.{sti}"
    ugyldig = sak.gjor("foresla", begrunnelse=GRUNN, overstyring={"bolig.boutgift_per_maned": "mye"})
    assert ugyldig.status_code == 422
    assert sak.tilstand() == "manuell"


@sendt(uavklart())
def test_underkjent_forslag_gar_tilbake_og_det_nye_forslaget_gjelder(sak: Sak):
    sak.manuell()
    sak.gjor(
        "foresla", begrunnelse=GRUNN, overstyring={"bolig.godkjent": True, "bolig.boutgift_per_maned": 1}
    )
    svar = sak.gjor("underkjenn", "Attestant Berg", "attestant", begrunnelse="Leien er ført feil.")
    assert svar.status_code == 200, svar.text
    assert sak.tilstand() == "manuell"
    assert sak.gjor("foresla", "Saksbehandler Dahl", **GODKJENN).status_code == 200
    assert sak.gjor("attester", "Attestant Berg", "attestant").status_code == 200
    assert sak.utfall() == ("V00", 5200)


@sendt(uavklart())
def test_saksbehandler_ber_om_opplysninger_og_far_dem(sak: Sak):
    sak.manuell()
    frist = (i_dag(na()) + timedelta(days=14)).isoformat()
    svar = sak.gjor("be_om_opplysninger", begrunnelse="Leiekontrakten mangler.", frist=frist)
    assert svar.status_code == 200, svar.text
    assert svar.json()["behandlinger"][0]["frist"].startswith(frist[:7])
    assert sak.gjor("motta_opplysninger").status_code == 200
    sak.vent_pa("manuell")
    assert sak.hent()["behandlinger"][0]["frist"] is None


@sendt(uavklart())
def test_frist_ma_oppgis_og_ligge_frem_i_tid(sak: Sak):
    sak.manuell()
    for frist in (None, i_dag(na()).isoformat(), "2020-01-01"):
        svar = sak.gjor("be_om_opplysninger", begrunnelse="Leiekontrakten mangler.", frist=frist)
        assert (svar.status_code, svar.json()["feil"][0]["felt"]) == (422, "frist")


@sendt(uavklart())
def test_opplysninger_som_ikke_kommer_innen_fristen_gir_avvisning(sak: Sak):
    sak.manuell()
    frist = (i_dag(na()) + timedelta(days=1)).isoformat()
    assert (
        sak.gjor("be_om_opplysninger", begrunnelse="Leiekontrakten mangler.", frist=frist).status_code == 200
    )
    assert sak.tilstand() == "venter"
    # The deadline is moved to the past, as if the days had gone.
    sak.sql("UPDATE behandling SET frist = now() - interval '1 minute' WHERE sak_id = :sak")
    sak.sql("UPDATE utboks SET kjor_etter = now() WHERE sak_id = :sak AND status = 'venter'")
    assert sak.utfall() == ("V09", 0)
    assert sak.typer()[-3:] == ["frist_ut", "vedtak_fattet", "fatt_vedtak"]
    assert sak.oppgaver() == []


@sendt(uavklart(), uavklart())
def test_ny_soknad_for_samme_maned_venter_til_den_forste_er_avgjort_eller_trukket(saker: list[Sak]):
    for sak, slutt in zip(saker, ("trekk", "foresla"), strict=True):
        sak.manuell()
        [ny] = send(sak.stakk, sak.soknad.igjen(boutgift_per_maned=9000))
        sak.stakk.vent_ro()
        assert ny.tilstand() == "opprettet"
        kropp = {**GODKJENN, "behandling": sak.behandling}
        if slutt == "trekk":
            kropp.pop("overstyring")
        assert sak.gjor(slutt, **kropp).status_code == 200
        if slutt == "foresla":
            assert (
                sak.gjor("attester", "Attestant Berg", "attestant", behandling=sak.behandling).status_code
                == 200
            )
        ny.vent_pa("manuell")


@sendt(uavklart())
def test_trukket_soknad_henlegges_uten_vedtak(sak: Sak):
    sak.manuell()
    assert sak.gjor("trekk", begrunnelse="Søkeren har flyttet og trekker søknaden.").status_code == 200
    hele = sak.hent()
    assert hele["behandlinger"][0]["tilstand"] == "henlagt"
    assert hele["behandlinger"][0]["avsluttet"] is not None
    assert (hele["vedtak"], sak.oppgaver()) == ([], [])
    assert problem(sak.gjor("foresla", **GODKJENN)) == (409, "handling-ikke-tillatt")


@sendt(uavklart())
def test_kontroller_pa_nytt_ender_hos_saksbehandler_igjen(sak: Sak):
    sak.manuell()
    assert sak.gjor("kontroller_pa_nytt").status_code == 200
    sak.vent_pa("manuell")
    assert sak.typer()[-2:] == ["kontroller_pa_nytt", "til_manuell"]
    assert len(sak.oppgaver()) == 1


@sendt(uavklart())
def test_samme_idempotency_key_gjor_handlingen_en_gang(sak: Sak):
    sak.manuell()
    som = klient(sak.stakk, "saksbehandler")
    hode = {"If-Match": som.get(f"/api/v1/saker/{sak.id}").headers["ETag"], "Idempotency-Key": sak.id}
    adresse = f"/api/v1/saker/{sak.id}/handlinger/foresla"
    forste, andre = (som.post(adresse, json=GODKJENN, headers=hode) for _ in range(2))
    assert (forste.status_code, andre.status_code) == (200, 200)
    assert forste.json() == andre.json()
    assert sak.typer().count("foresla") == 1
    annet = som.post(adresse, json={**GODKJENN, "begrunnelse": "Noe annet."}, headers=hode)
    assert problem(annet) == (409, "idempotensnokkel-gjenbrukt")


@sendt(soknad(person(inntekt=16000), person("1988-08-08", inntekt=1000), leie=10800))
def test_ukjent_person_og_attestert_forslag_gir_avvist_for_manglende_opplysninger(sak: Sak):
    """The applicant is unknown to Folkeregisteret: told so by the number in the event alone."""
    assert sak.utfall()[0] == "V00"
    ukjent = sak.soknad.igjen()
    ukjent.soker = type(ukjent.soker)(UKJENT_FNR, {}, {})
    ukjent.husstand = []
    svar = klient(sak.stakk, "innsender").post("/api/v1/hendelser", json=ukjent.hendelse())
    ny = Sak(sak.stakk, ukjent, svar.json())
    assert ny.manuell() == "person_pa_adressen_mangler,ukjent_i_folkeregisteret"
    assert ny.gjor("foresla", begrunnelse="Nummeret er ukjent og søkeren svarer ikke.").status_code == 200
    assert ny.gjor("attester", "Attestant Berg", "attestant").status_code == 200
    assert ny.utfall() == ("V09", 0)


GRUNNER = {
    "skattegrunnlag_skjermet": soknad(person(inntekt=16000, skjermet=True)),
    "soker_ikke_pa_adressen": soknad(person(inntekt=16000, andre_steder=True)),
    "bofellesskap": soknad(person("1959-05-05", 21500, kode="alderspensjon"), form="bofellesskap"),
    "adressesperre": soknad(person(inntekt=16000, gradering="fortrolig")),
}


@sendt(*GRUNNER.values())
def test_saksbehandler_far_saken_med_grunn_eier_og_frist(saker: list[Sak]):
    for sak, grunn in zip(saker, GRUNNER, strict=True):
        assert sak.manuell() == grunn
        [oppgave] = sak.oppgaver()
        assert oppgave["eier"] == f"kommune:{sak.soknad.kommune}"
        assert date.fromisoformat(oppgave["frist"][:10]) == date.fromisoformat(
            oppgave["laget"][:10]
        ) + timedelta(14)


@sendt(soknad(person(inntekt=16000)))
def test_bolig_som_matrikkelen_ikke_kjenner_gir_oppgave(sak: Sak):
    sak.vedtak()
    annen = sak.soknad.igjen(matrikkel={"gardsnummer": 999, "bruksnummer": 99, "bruksenhetsnummer": "H0101"})
    hendelse = annen.hendelse(bolig=annen.bolig)
    svar = klient(sak.stakk, "innsender").post("/api/v1/hendelser", json=hendelse)
    assert Sak(sak.stakk, annen, svar.json()).manuell() == "bolig_ukjent_i_matrikkelen,soker_ikke_pa_adressen"


@sendt(soknad(person(inntekt=16000), person("1988-08-08", inntekt=1000)))
def test_person_pa_adressen_som_soknaden_ikke_nevner_gir_oppgave(sak: Sak):
    sak.vedtak()
    alene = sak.soknad.igjen()
    alene.husstand = []
    svar = klient(sak.stakk, "innsender").post("/api/v1/hendelser", json=alene.hendelse())
    assert Sak(sak.stakk, alene, svar.json()).manuell() == "person_pa_adressen_mangler"


@sendt(soknad(person(inntekt=16000, gradering="strengtFortrolig")))
def test_sak_med_sperret_adresse_finnes_bare_for_klarerte(sak: Sak):
    assert sak.manuell() == "adressesperre"
    with sak.stakk.klient("saksbehandler", klarert=False) as vanlig:
        assert vanlig.get(f"/api/v1/saker/{sak.id}").status_code == 404
        sok = vanlig.post("/api/v1/saker/sok", json={"fnr": sak.soknad.soker.fnr})
        oppgaver = vanlig.get("/api/v1/oppfolging", params={"antall": 200}).json()["oppgaver"]
    assert sok.json()["saker"] == []
    assert all(o["sak"] != sak.id for o in oppgaver)


@sendt(soknad(person(inntekt=18000)))
def test_annen_kommune_ser_ikke_saken(sak: Sak):
    sak.vedtak()
    with sak.stakk.klient("saksbehandler", ("4601",), klarert=True) as bergen:
        for under in ("", "/historikk", "/kontroller", "/parter"):
            assert bergen.get(f"/api/v1/saker/{sak.id}{under}").status_code == 404
        assert bergen.get(f"/api/v1/vedtak/{sak.hent()['vedtak'][0]['id']}").status_code == 404
