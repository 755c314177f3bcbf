"""What applications for bostøtte end in. Amounts are reckoned by hand from the rates."""

from tests.scenarios.bygg import person, sendt, soknad
from tests.scenarios.conftest import Sak, klient

BARN = "2016-02-01"


def linje(vedtak: dict, navn: str) -> float:
    return next(s["verdi"] for s in vedtak["spor"] if s["navn"] == navn)


@sendt(soknad(person(inntekt=18000)))
def test_enslig_leietaker_i_oslo_far_bostotte(sak: Sak):
    """0,737 × (120 216 − 39 487,65) / 12"""
    vedtak = sak.vedtak()
    assert (vedtak["kode"], vedtak["utfall"], vedtak["belop"]) == ("V00", "innvilget", 4958)
    [utbetaling] = sak.hent()["utbetalinger"]
    assert utbetaling == {
        "termin": "2026-09", "belop": 4958, "forfall": "2026-10-20", "mottaker": "husstand", "status": "planlagt"
    }  # fmt: skip
    assert sak.typer() == ["soknad_mottatt", "start_kontroll", "vedtak_fattet", "fatt_vedtak"]


@sendt(soknad(person(inntekt=18000), person(BARN, barn=True)))
def test_vedtaket_viser_regnestykket_linje_for_linje(sak: Sak):
    vedtak = sak.vedtak()
    assert vedtak["belop"] == 6565
    assert linje(vedtak, "inntektsvekt") == 1.15
    assert abs(linje(vedtak, "egenandel") - 34855.86) < 0.01
    assert linje(vedtak, "godkjente_boutgifter") == 141756
    assert all(s["hjemmel"] and s["tekst"]["nb"] and s["tekst"]["nn"] for s in vedtak["spor"])
    assert vedtak["regelversjon"].startswith("bostotte-")


@sendt(soknad(person(inntekt=18000)))
def test_fakta_i_vedtaket_kan_regnes_pa_nytt_over_apiet(sak: Sak):
    vedtak = sak.vedtak()
    svar = klient(sak.stakk).post("/api/v1/beregninger/bostotte", json=vedtak["fakta"])
    assert svar.status_code == 200, svar.text
    assert (svar.json()["kode"], svar.json()["belop_per_maned"]) == ("V00", 4958)
    assert svar.json()["spor"] == vedtak["spor"]


@sendt(soknad(person(inntekt=18000)))
def test_hver_kontroll_er_lagret_med_kilde_hjemmel_og_gyldighet(sak: Sak):
    sak.vedtak()
    kontroller = sak.hent("/kontroller")["kontroller"]
    assert {k["register"] for k in kontroller} == {
        "folkeregister", "matrikkel", "lanekassen", "inntekt", "skattegrunnlag"
    }  # fmt: skip
    assert all(k["status"] == "utfort" and k["hjemmel"] and k["gyldig_til"] > k["tid"] for k in kontroller)


@sendt(soknad(person("1985-03-12", 12000), person("1983-11-30", 9000), leie=11500, kommune="4601"))
def test_par_i_bergen_vektes_og_far_tak_for_gruppe_to(sak: Sak):
    assert sak.utfall() == ("V00", 5663)


@sendt(soknad(person(inntekt=15500), leie=6800, kommune="5006", oppvarming=False))
def test_leietaker_som_betaler_oppvarming_selv_far_tillegg(sak: Sak):
    assert sak.utfall() == ("V00", 3358)


@sendt(
    soknad(
        person("2001-08-17", 26000, kode="ufoeretrygd", sier={"ung_ufor": True}), leie=9500, kommune="5001"
    )
)
def test_ung_ufor_far_hoyere_terskel(sak: Sak):
    assert sak.utfall() == ("V00", 2919)
    fakta = sak.vedtak()["fakta"]["husstand"][0]
    assert fakta["ung_ufor"]
    assert fakta["uforepensjonist"]


@sendt(soknad(person("1950-03-03", 20500, kode="alderspensjon"), leie=9900, kommune="1103"))
def test_enslig_alderspensjonist_i_stavanger_far_pensjonistterskel(sak: Sak):
    assert sak.utfall() == ("V00", 4218)


@sendt(
    soknad(
        person("1971-10-05", 20000), person("1974-07-07"), form="eid", leie=5200, kommune="3238",
        oppvarming=False, bolig={"kommunale_avgifter_per_maned": 1150},
    )
)  # fmt: skip
def test_eier_av_enebolig_far_drift_og_kommunale_avgifter_med(sak: Sak):
    assert sak.utfall() == ("V00", 3697)


@sendt(
    soknad(
        person(
            "1968-04-22", 17500,
            skattegrunnlag=[
                {"navn": "formuesverdiForPrimaerbolig", "belop": 900_000, "kategori": "formue"},
                {"navn": "innskudd", "belop": 60_000, "kategori": "formue"},
            ],
        ),
        form="borettslag", leie=8400, kommune="3222",
    )
)  # fmt: skip
def test_andelseier_far_fribelop_for_egen_bolig(sak: Sak):
    assert sak.utfall() == ("V00", 3826)


@sendt(soknad(person("1982-01-09", 14200), form="kommunal", leie=7900, kommune="3403"))
def test_leietaker_i_kommunal_bolig_far_bostotte(sak: Sak):
    assert sak.utfall() == ("V00", 3700)


@sendt(
    soknad(
        person(
            "1974-05-19", 12000, sier={"formue": {"annen": 500_000}},
            skattegrunnlag=[{"navn": "innskudd", "belop": 1_000, "kategori": "formue"}],
        ),
        leie=11000,
    )
)  # fmt: skip
def test_formue_som_soker_oppgir_gar_foran_skattegrunnlaget(sak: Sak):
    assert sak.utfall() == ("V00", 4663)


@sendt(
    soknad(
        person("1986-06-06", 9000, sier={"meldepliktig": {"naering": 60_000, "kapital": 20_000}}),
        person("2014-03-21", barn=True), leie=10500, kommune="4601",
    )
)  # fmt: skip
def test_meldepliktig_naering_og_kapital_teller_i_inntekten(sak: Sak):
    assert sak.utfall() == ("V00", 5904)


@sendt(
    soknad(
        person("1993-12-01", 27000, kode="arbeidsavklaringspenger", nav_utbetalinger_per_maned=3), leie=9800
    )
)
def test_to_tredjedeler_teller_nar_aap_er_utbetalt_tre_ganger(sak: Sak):
    assert sak.utfall() == ("V00", 4797)
    assert "nav" in {k["register"] for k in sak.hent("/kontroller")["kontroller"]}


@sendt(
    soknad(
        person("1993-12-01", 18000, kode="arbeidsavklaringspenger", nav_utbetalinger_per_maned=2), leie=9800
    )
)
def test_hele_ytelsen_teller_nar_aap_er_utbetalt_to_ganger(sak: Sak):
    assert sak.utfall() == ("V00", 4797)


@sendt(soknad(person("1979-09-30", 22000), person("2008-06-15", 8000, barn=True), leie=13500))
def test_lonnen_til_attenaringen_hjemme_teller_ikke_og_hentes_ikke(sak: Sak):
    assert sak.utfall() == ("V00", 6103)
    spurt = [k["register"] for k in sak.hent("/kontroller")["kontroller"]]
    assert spurt.count("inntekt") == 1
    assert spurt.count("lanekassen") == 2


@sendt(soknad(person(inntekt=0), leie=9000))
def test_den_som_ikke_har_inntekt_betaler_minste_egenandel(sak: Sak):
    """0,737 × (108 000 − 26 576) / 12"""
    assert sak.utfall() == ("V00", 5001)


@sendt(
    *(soknad(person("1994-11-11", 20000), leie=11000, termin=t) for t in ("2024-03", "2024-04", "2024-07"))
)
def test_terminen_velger_regelsettet(saker: list[Sak]):
    """Temporary rate, ordinary rate, linear form."""
    assert [s.utfall()[1] for s in saker] == [3172, 2598, 3858]


@sendt(soknad(person("1980-10-10", 18580), leie=9000, kommune="5006", termin="2022-06"))
def test_den_forste_terminen_med_regler_er_juni_2022(sak: Sak):
    assert sak.utfall() == ("V00", 1781)


@sendt(
    soknad(
        person("1984-02-02", 30000), person("1985-08-08", 20000), person("2010-01-15", barn=True),
        person("2013-05-17", barn=True), person("2017-07-01", barn=True),
        leie=13000, kommune="5006", termin="2023-12",
    )
)  # fmt: skip
def test_par_med_tre_barn_naer_inntektsgrensen_i_desember_2023(sak: Sak):
    assert sak.utfall() == ("V00", 120)


@sendt(soknad(person("2004-04-04", 6000, utdanninger=[{"fra": "2025-08-15"}]), leie=7000))
def test_student_uten_barn_far_avslag(sak: Sak):
    assert sak.utfall() == ("V02", 0)
    assert sak.hent()["utbetalinger"] == []


@sendt(
    soknad(
        person("2000-07-12", 11000, utdanninger=[{"fra": "2024-08-15"}]), person("2022-01-30", barn=True),
        leie=10000, kommune="4601",
    )
)  # fmt: skip
def test_student_med_barn_far_bostotte(sak: Sak):
    assert sak.utfall() == ("V00", 5738)


@sendt(
    soknad(
        person(
            "1998-01-01", 18000, utdanninger=[{"fra": "2025-08-15"}], arbeidsrettet_utdanning=True,
            sier={"student_unntak_arbeidskvalifisering": True},
        )
    )
)  # fmt: skip
def test_student_i_arbeidsrettet_program_far_bostotte_nar_nav_bekrefter(sak: Sak):
    assert sak.utfall() == ("V00", 4958)


@sendt(
    soknad(
        person(
            "1998-01-01", 18000, utdanninger=[{"fra": "2025-08-15"}],
            sier={"student_unntak_arbeidskvalifisering": True},
        )
    )
)  # fmt: skip
def test_program_som_nav_ikke_bekrefter_gar_til_saksbehandler(sak: Sak):
    assert sak.manuell() == "program_ikke_bekreftet"


@sendt(
    soknad(
        person("1970-01-01", 22000),
        person("2004-02-02", barn=True, utdanninger=[{"fra": "2025-08-15"}]),
        leie=13500,
    )
)
def test_student_som_bor_hos_foreldrene_stenger_ikke_husstanden_ute(sak: Sak):
    """Same sums as with an eighteen-year-old at home: an adult more, without income."""
    assert sak.utfall() == ("V00", 6103)


@sendt(
    soknad(person("1956-02-11", 19000, kode="alderspensjon", sier={"institusjon": True})),
    soknad(person("2006-02-11", 5000, sier={"verneplikt": True})),
)
def test_institusjon_og_forstegangstjeneste_gir_avslag(saker: list[Sak]):
    assert [s.utfall() for s in saker] == [("V02", 0), ("V02", 0)]


@sendt(
    soknad(person("2009-03-03", 4000)), soknad(person("2009-03-03", 4000), person("2026-03-01", barn=True))
)
def test_soker_under_atten_far_bare_bostotte_med_eget_barn(saker: list[Sak]):
    uten, med = saker
    assert uten.utfall() == ("V02", 0)
    assert med.utfall()[0] == "V00"


@sendt(soknad(person("1981-05-25", 38000), leie=9000, kommune="5006"))
def test_for_hoy_inntekt_gir_avslag(sak: Sak):
    assert sak.utfall() == ("V03", 0)


@sendt(
    soknad(person(inntekt=15000), form="eid", leie=6000, kommune="3238", bolig_er={"bruksenhetstype": "F"})
)
def test_fritidsbolig_avslas_uten_saksbehandler(sak: Sak):
    assert sak.utfall() == ("V04", 0)
    assert "til_manuell" not in sak.typer()


@sendt(soknad(person(inntekt=14000, status="utflyttet", status_fra="2026-06-15")))
def test_utflyttet_soker_far_avslag(sak: Sak):
    assert sak.utfall() == ("V05", 0)


@sendt(soknad(person("1938-12-12", dodsdato="2026-08-29")))
def test_dod_soker_gir_avslag_og_ingen_sporres_om_inntekten(sak: Sak):
    assert sak.utfall() == ("V11", 0)
    assert {k["register"] for k in sak.hent("/kontroller")["kontroller"]} == {"folkeregister", "matrikkel"}


@sendt(soknad(person(inntekt=12000), person("1991-04-13", 15000, andre_steder=True)))
def test_biperson_som_bor_et_annet_sted_gir_avvisning(sak: Sak):
    assert sak.utfall() == ("V48", 0)
    assert sak.vedtak()["utfall"] == "avvist"


@sendt(soknad(person(inntekt=18000), person(BARN, barn=True, delt_bosted=True)))
def test_barn_med_delt_bosted_teller_i_husstanden(sak: Sak):
    """Registered with the other parent, with an agreement that names this dwelling."""
    assert sak.utfall() == ("V00", 6565)


@sendt(soknad(person(inntekt=18000, vegadresse=True)))
def test_den_som_er_registrert_pa_vegadresse_finnes_i_boligen(sak: Sak):
    assert sak.utfall() == ("V00", 4958)


@sendt(
    soknad(person(inntekt=18000, serie="dnr")),
    soknad(person(inntekt=18000, serie="nav")),
)
def test_d_nummer_og_begge_slags_syntetiske_numre_godtas(saker: list[Sak]):
    assert [s.utfall() for s in saker] == [("V00", 4958), ("V00", 4958)]


@sendt(soknad(person(inntekt=18000), transport={"til_kommunen": True, "samtykke_dato": "2026-08-01"}))
def test_bostotten_utbetales_til_kommunen_nar_soker_har_samtykket(sak: Sak):
    sak.vedtak()
    [utbetaling] = sak.hent()["utbetalinger"]
    assert (utbetaling["mottaker"], utbetaling["belop"]) == ("kommune", 4958)


@sendt(
    soknad(
        person(inntekt=22500, kode="ufoeretrygd"),
        leie=14000,
        kommune="5001",
        bolig={"spesialtilpasset": True},
    )
)
def test_spesialtilpasset_bolig_har_hoyere_tak(sak: Sak):
    assert sak.utfall() == ("V00", 3804)


@sendt(soknad(person(inntekt=18000)))
def test_vedtaket_gar_ut_som_hendelse_uten_personopplysninger(sak: Sak):
    vedtak = sak.vedtak()
    funnet, etter = [], {}
    while not funnet:
        svar = klient(sak.stakk).get("/api/v1/hendelser/ut", params={"antall": 200, **etter}).json()
        funnet = [h for h in svar["hendelser"] if h["subject"] == f"saker/{sak.id}"]
        etter = {"etter": svar["neste"]}
        assert funnet or svar["neste"]
    assert funnet[0]["type"] == "no.boligsak.bostotte.vedtak.fattet.v1"
    assert funnet[0]["data"]["vedtak"] == vedtak["id"]
    assert sak.soknad.soker.fnr not in str(funnet)
