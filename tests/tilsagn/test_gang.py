"""Whole lives through door, engine, frame and audit, with years in between; PostgreSQL is real, the clock is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.klokke import i_dag
from services.lager.verifisering import verifiser_alt
from services.mottak.mottak import ta_imot
from services.replay.spill import spill_av
from services.tilgang.aktor import systemaktor
from services.utbetaling.fil import lag as lag_fil
from tests.tilsagn.verden import Problem, Verden, hendelse, person, virksomhet

pytestmark = pytest.mark.usefixtures("rydd")


@pytest.fixture
def verden() -> Verden:
    return Verden()


def test_studentboliger_fra_soknad_til_siste_nedskriving(verden: Verden, rydd: str):
    verden.gi_ramme("studentboliger", 10_000_000)
    sak = verden.gi_tilsagn("studentboliger", "Kringsjå 3")
    [tilsagn] = verden.vedtak(sak)
    assert (tilsagn.kode, tilsagn.belop, tilsagn.fattet_av, tilsagn.attestert_av) == (
        "T00", 4_198_000, "lokal:kari", "lokal:ola",
    )  # fmt: skip
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert (ramme.bundet, ramme.utbetalt, ramme.ledig) == (4_198_000, 0, 5_802_000)
    assert verden.skje(sak, "studentboliger", "vilkar", "Kringsjå 3") == "V10"
    verden.la_tiden_ga("2025-03-01")
    assert verden.skje(sak, "studentboliger", "utbetaling", "Kringsjå 3") == "U10"
    verden.la_tiden_ga("2025-09-01")
    assert verden.skje(sak, "studentboliger", "utbetaling", "Kringsjå 3") == "U10"
    verden.la_tiden_ga("2026-08-15")
    assert verden.skje(sak, "studentboliger", "utbetaling", "Kringsjå 3", ferdigdato="2026-08-01") == "U20"
    assert verden.betalt(sak) == 4_198_000
    # What is due goes out in one line.
    [fil] = lag_fil("2026-07", "studentboliger", dag=i_dag(verden.na))
    assert (fil.antall, fil.sum) == (1, 4_198_000)
    assert [r[0] for r in verden.sql("SELECT belop FROM utbetaling WHERE sak_id = :sak ORDER BY laget", sak=sak)] == [
        839_600, 2_518_800, 839_600,
    ]  # fmt: skip
    ramme = verden.ramme("studentboliger", 2024)
    assert ramme is not None
    assert (ramme.bundet, ramme.utbetalt) == (0, 4_198_000)
    verden.la_tiden_ga("2047-01-01")
    koder = [v.kode for v in verden.vedtak(sak)]
    assert koder == ["T00", "V10", "U10", "U10", "U20", *["N10"] * 3, "F09", *["N10"] * 16, "N20"]
    assert sum(v.belop for v in verden.vedtak(sak) if v.kode[0] == "N") == 4_198_000
    assert verden.sql("SELECT status FROM sak WHERE id = :sak", sak=sak)[0][0] == "avsluttet"
    assert verifiser_alt(rydd).funn == []
    spilt = spill_av(rydd, [v.id for v in verden.vedtak(sak)])
    assert (spilt.antall, spilt.like, spilt.avvik) == (len(koder), len(koder), [])


def test_rammen_brukt_opp_ko_frigivelse_og_heving(verden: Verden):
    verden.gi_ramme("studentboliger", 9_000_000)
    saker = [verden.gi_tilsagn("studentboliger", f"P{n}") for n in range(4)]  # 4 198 000 each
    assert [verden.tilstander(s)[0] for s in saker] == [
        "vedtatt", "vedtatt", "venter_pa_ramme", "venter_pa_ramme",
    ]  # fmt: skip
    assert (
        verden.sql("SELECT count(*) FROM oppfolging WHERE sak_id = :s AND lukket IS NULL", s=saker[2])[0][0]
        == 1
    )
    verden.skje(saker[0], "studentboliger", "annullering", "P0")
    assert [verden.tilstander(s)[0] for s in saker] == ["vedtatt", "vedtatt", "vedtatt", "venter_pa_ramme"]
    verden.gi_ramme("studentboliger", 4_197_999)
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert (ramme.tildelt, ramme.bundet) == (13_197_999, 4_198_000 * 3)
    assert verden.tilstander(saker[3])[0] == "vedtatt"
    assert (
        verden.sql("SELECT count(*) FROM oppfolging WHERE sak_id = :s AND lukket IS NULL", s=saker[3])[0][0]
        == 0
    )


def test_en_kort_soknad_gar_ikke_forbi_en_lang(verden: Verden):
    verden.gi_ramme("studentboliger", 5_000_000)
    stor = verden.gi_tilsagn("studentboliger", "Stor", voksenplasser=20, tilpassede=4)
    liten = verden.gi_tilsagn("studentboliger", "Liten", voksenplasser=1, tilpassede=1, anleggskostnad=1)
    assert verden.tilstander(stor) == verden.tilstander(liten) == ["venter_pa_ramme"]


def test_den_som_er_prioritert_kommer_forst(verden: Verden):
    verden.gi_ramme("energitiltak", 1)
    sykehjem = verden.gi_tilsagn("energitiltak", "Sykehjem")
    verden.na += timedelta(hours=1)
    bolig = verden.send("energitiltak", "soknad", "Bolig", boligtype="utleiebolig")
    with pytest.raises(Problem):
        verden.gjor(bolig, "foresla", verden.kari, begrunnelse="vurdert", overstyring={"prioritet": -1})
    verden.gjor(bolig, "foresla", verden.kari, begrunnelse="vurdert", overstyring={"prioritet": 1})
    verden.gjor(bolig, "attester", verden.ola)
    verden.gi_ramme("energitiltak", 450_000)
    assert [verden.tilstander(s)[0] for s in (sykehjem, bolig)] == ["venter_pa_ramme", "vedtatt"]


def test_venter_over_nyttar_og_far_neste_ars_sats_og_ramme(verden: Verden):
    verden.na = verden.na.replace(year=2023)
    verden.gi_ramme("studentboliger", 1)
    sak = verden.gi_tilsagn("studentboliger", "Sein")
    verden.gi_ramme("studentboliger", 50_000_000, 2024)
    assert verden.tilstander(sak) == ["venter_pa_ramme"]
    verden.la_tiden_ga("2024-01-02")
    [vedtak] = verden.vedtak(sak)
    assert (vedtak.belop, vedtak.kode) == (
        4_198_000,
        "T00",
    )  # 10 × 419 800; in 2023 it would have been 4 021 000
    i_ar, i_fjor = verden.ramme("studentboliger", 2024), verden.ramme("studentboliger", 2023)
    assert i_ar is not None
    assert i_fjor is not None
    assert (i_ar.bundet, i_fjor.bundet) == (4_198_000, 0)


def test_annen_linje_over_grensen(verden: Verden):
    verden.gi_ramme("studentboliger", 100_000_000)
    sak = verden.send("studentboliger", "soknad", "Stort", engasjement=49_000_000)
    verden.gjor(sak, "foresla", verden.kari, begrunnelse="vurdert")
    with pytest.raises(Problem) as feil:
        verden.gjor(sak, "attester", verden.ola)
    assert "annen linje" in str(feil.value.detalj)
    verden.gjor(sak, "send_til_annenlinje", verden.kari)
    with pytest.raises(Problem):
        verden.gjor(sak, "tilra", verden.ola, begrunnelse="prøver seg")
    verden.gjor(sak, "tilra", verden.nasjonalt, begrunnelse="god kreditt")
    verden.gjor(sak, "attester", verden.ola)
    assert verden.tilstander(sak)[0] == "vedtatt"


def test_engasjementet_regnes_av_registeret_og_av_egne_saker(verden: Verden):
    """50 million is the limit: 45.4 in the register, one case of 4 198 000, and then one more."""
    verden.gi_ramme("studentboliger", 100_000_000)
    verden.registeret.saldo[virksomhet(301)["organisasjonsnummer"]] = 45_400_000
    verden.gi_tilsagn("studentboliger", "Første")
    sak = verden.send(
        "studentboliger", "soknad", "Andre", engasjement=1, voksenplasser=1, tilpassede=1, anleggskostnad=1
    )
    verden.gjor(sak, "foresla", verden.kari, begrunnelse="vurdert")
    with pytest.raises(Problem) as feil:
        verden.gjor(sak, "attester", verden.ola)
    assert "annen linje" in str(feil.value.detalj)
    verden.gjor(sak, "send_til_annenlinje", verden.kari)
    verden.gjor(sak, "tilra", verden.nasjonalt, begrunnelse="god kreditt")
    verden.gjor(sak, "attester", verden.ola)
    assert verden.tilstander(sak)[0] == "vedtatt"


def test_to_av_samme_soker_attestert_samtidig_gar_ikke_utenom_annen_linje(verden: Verden):
    """Neither is above the limit when it is attested; together they are, and the frame would have room for both."""
    saker = [
        verden.send(
            "lanutleieboliger", "soknad", ref, soknadsbelop=30_000_000, kostnad=40_000_000, verdi=40_000_000
        )
        for ref in ("Nord", "Sør")
    ]
    for sak in saker:
        verden.gjor(sak, "foresla", verden.kari, begrunnelse="vurdert")
        verden.gjor(sak, "attester", verden.ola)
    forst = [verden.tilstander(s)[0] for s in saker]
    assert forst == ["venter_pa_ramme"] * 2
    verden.gi_ramme("lanutleieboliger", 30_000_000)
    assert [verden.tilstander(s)[0] for s in saker] == ["vedtatt", "venter_pa_ramme"]
    verden.gi_ramme("lanutleieboliger", 30_000_000)
    assert [verden.tilstander(s)[0] for s in saker] == ["vedtatt", "manuell"]
    oppgaver = verden.sql("SELECT arsak FROM oppfolging WHERE sak_id = :s AND lukket IS NULL", s=saker[1])
    assert [o[0] for o in oppgaver] == ["annenlinje"]
    ramme = verden.ramme("lanutleieboliger")
    assert ramme is not None
    assert (ramme.bundet, ramme.ledig) == (30_000_000, 30_000_000)
    verden.gjor(saker[1], "foresla", verden.kari, begrunnelse="vurdert på nytt")
    verden.gjor(saker[1], "send_til_annenlinje", verden.kari)
    verden.gjor(saker[1], "tilra", verden.nasjonalt, begrunnelse="god kreditt")
    verden.gjor(saker[1], "attester", verden.ola)
    assert verden.tilstander(saker[1])[0] == "vedtatt"


@pytest.mark.parametrize(
    ("navn", "felt"),
    [
        ("energitiltak", {"kostnad": 0}), ("heis", {"kostnad": 1}), ("omsorgsplasser", {"anleggskostnad": 0}),
        ("lanstudentboliger", {"tilskudd": 10_000_000}),
    ],
)  # fmt: skip
def test_det_som_blir_null_kroner_avslas(verden: Verden, navn: str, felt: dict[str, Any]):
    verden.gi_ramme(navn, 1)
    sak = verden.gi_tilsagn(navn, "Null", **felt)
    [vedtak] = verden.vedtak(sak)
    assert (vedtak.kode, vedtak.utfall, vedtak.belop) == ("T90", "avslag", 0)


def test_lan_av_alle_slag_gis_av_en_ramme(verden: Verden):
    verden.gi_ramme("lanboligkvalitet", 20_000_000)
    kvalitet = verden.gi_tilsagn("lanboligkvalitet", "Livsløp")
    student = verden.gi_tilsagn("lanstudentboliger", "Studentby")
    utleie = verden.gi_tilsagn("lanutleieboliger", "Utleie")
    assert [verden.tilstander(s)[0] for s in (kvalitet, student, utleie)] == [
        "vedtatt",
        "vedtatt",
        "venter_pa_ramme",
    ]
    verden.skje(kvalitet, "lanboligkvalitet", "annullering", "Livsløp")
    assert verden.tilstander(utleie)[0] == "vedtatt"
    ramme = verden.ramme("lanstudentboliger")
    assert ramme is not None
    assert (ramme.nokkel.ordning, ramme.bundet) == ("laneramme", 17_000_000)


def test_kommunen_avgjor_ikke_sin_egen_soknad_men_sine_egne_tilskudd(verden: Verden):
    """The municipality may be the applicant: the state's money is given by the state's people."""
    verden.gi_ramme("energitiltak", 1_000_000)
    sak = verden.send("energitiltak", "soknad", "Sykehjem")
    [oppgave] = verden.sql("SELECT eier FROM oppfolging WHERE sak_id = :s AND lukket IS NULL", s=sak)
    assert oppgave.eier == "husbanken:region"
    kari, ola = (
        person(n, r, frozenset({"0301"})) for n, r in (("kari", "saksbehandler"), ("ola", "attestant"))
    )
    for handling, hvem, forst in (("foresla", kari, None), ("attester", ola, verden.kari)):
        if forst is not None:
            verden.gjor(sak, "foresla", forst, begrunnelse="vurdert")
        with pytest.raises(Problem) as feil:
            verden.gjor(sak, handling, hvem, begrunnelse="vurdert")
        assert (feil.value.status, feil.value.navn) == (403, "mangler-tilgang")
    verden.gi_ramme("etablering", 300_000)
    sak = verden.send("etablering", "soknad", "Kjop")
    verden.gjor(sak, "foresla", kari, begrunnelse="vurdert")
    verden.gjor(sak, "attester", ola)
    assert verden.tilstander(sak)[0] == "vedtatt"


def test_den_som_skylder_melder_ikke_selv_at_det_er_betalt(verden: Verden):
    kommunen = replace(systemaktor("esoknad"), kommuner=frozenset({"0301"}))
    for navn, slag, felt in (
        ("lanutleieboliger", "innbetaling", {"belop_ore": 1}),
        ("utleieboliger", "tilbakebetaling", {"belop": 1}),
    ):
        kropp = hendelse(navn, slag, verden.termin, "P", tid=verden.na, **felt)
        with pytest.raises(Problem) as feil:
            ta_imot(kropp, kommunen, verden.na, None)
        assert (feil.value.status, feil.value.feil[0]["felt"]) == (403, "type")
    # A municipality's own grants are its own to book, and what two people decide may be reported by anybody.
    for navn, slag, felt in (
        ("etablering", "tilbakebetaling", {"belop": 1}),
        ("utleieboliger", "vilkar", {}),
    ):
        kropp = hendelse(navn, slag, verden.termin, "P", tid=verden.na, **felt)
        with pytest.raises(Problem) as feil:
            ta_imot(kropp, kommunen, verden.na, None)
        assert feil.value.status == 422  # no such case


def test_to_personer_og_trekk_mens_det_ventes(verden: Verden):
    verden.gi_ramme("studentboliger", 1)
    sak = verden.send("studentboliger", "soknad", "Trukket")
    verden.gjor(sak, "foresla", verden.kari, begrunnelse="vurdert")
    with pytest.raises(Problem):
        verden.gjor(sak, "attester", verden.kari)
    verden.gjor(sak, "attester", verden.ola)
    verden.gjor(sak, "trekk", verden.kari, begrunnelse="søkeren trakk seg")
    assert verden.tilstander(sak) == ["henlagt"]
    verden.gi_ramme("studentboliger", 50_000_000)
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert (ramme.bundet, verden.vedtak(sak)) == (0, [])


def test_saksbehandleren_fastsetter_fakta_og_avslag_har_kode(verden: Verden):
    verden.gi_ramme("studentboliger", 50_000_000)
    sak = verden.send("studentboliger", "soknad", "Avslag")
    with pytest.raises(Problem) as feil:
        verden.gjor(
            sak, "foresla", verden.kari, begrunnelse="x x x", overstyring={"prosjekt.voksenplasser": -1}
        )
    assert feil.value.feil[0]["felt"] == "overstyring.prosjekt.voksenplasser"
    verden.beslutt(sak, prosjekt__vilkar_for_a_soke=False)
    [vedtak] = verden.vedtak(sak)
    assert (vedtak.kode, vedtak.utfall, vedtak.belop) == ("T02", "avslag", 0)
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert ramme.bundet == 0


def test_hendelse_om_et_prosjekt_som_ikke_finnes_avvises(verden: Verden):
    with pytest.raises(Problem) as feil:
        verden.send("studentboliger", "utbetaling", "Finnes ikke")
    assert feil.value.status == 422


def test_en_soknad_til_om_et_prosjekt_som_har_tilsagn_avvises(verden: Verden, rydd: str):
    verden.gi_ramme("studentboliger", 50_000_000)
    sak = verden.gi_tilsagn("studentboliger", "P")
    verden.skje(sak, "studentboliger", "vilkar", "P")
    verden.skje(sak, "studentboliger", "utbetaling", "P")
    assert verden.send("studentboliger", "soknad", "P", voksenplasser=20, tilpassede=4) == sak
    verden.beslutt(sak)
    siste = verden.vedtak(sak)[-1]
    assert (siste.kode, siste.utfall, siste.belop) == ("F11", "avvist", 0)
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert (ramme.bundet, ramme.utbetalt) == (3_358_400, 839_600)
    # The commitment goes on as it was.
    assert verden.skje(sak, "studentboliger", "annullering", "P", belop=358_400) == "A20"
    spilt = spill_av(rydd, [v.id for v in verden.vedtak(sak)])
    assert (spilt.like, spilt.avvik) == (5, [])


def test_to_soknader_om_ett_prosjekt_i_ko_gir_ett_tilsagn(verden: Verden):
    verden.gi_ramme("studentboliger", 1)
    sak = verden.gi_tilsagn("studentboliger", "P")
    verden.send("studentboliger", "soknad", "P")
    verden.beslutt(sak, prosjekt__voksenplasser=8)
    assert verden.tilstander(sak) == ["venter_pa_ramme"] * 2
    verden.gi_ramme("studentboliger", 50_000_000)
    assert [v.kode for v in verden.vedtak(sak)] == ["T00", "F11"]
    ramme = verden.ramme("studentboliger")
    assert ramme is not None
    assert ramme.bundet == 4_198_000


def test_lan_purres_misligholdes_og_kommer_tilbake(verden: Verden, rydd: str):
    navn, ref = "lanutleieboliger", "Utleie 1"
    verden.gi_ramme(navn, 20_000_000)
    sak = verden.gi_tilsagn(navn, ref)
    verden.skje(sak, navn, "vilkar", ref)
    assert verden.skje(sak, navn, "utbetaling", ref, rente=450, terminer_per_ar=1, laneslag="serie") == "U20"
    verden.la_tiden_ga("2025-12-31")
    assert [v.kode for v in verden.vedtak(sak)][3:] == ["T10", "P10", "P20"]
    utgaende = verden.sql(
        "SELECT count(*) FROM utgaende WHERE sak_id = :sak AND data->>'kode' = 'P20'", sak=sak
    )  # what sends the loan to collection, once
    assert utgaende[0][0] == 1
    assert verden.skje(sak, navn, "innbetaling", ref, belop_ore=80_750_000) == "B30"
    # and the interest of the days since the term: 15 October to 31 December
    assert verden.skje(sak, navn, "innbetaling", ref, belop_ore=807_500_000 + 7_968_750) == "B20"
    assert verden.sql("SELECT status FROM sak WHERE id = :sak", sak=sak)[0][0] == "avsluttet"
    assert set(verden.tilstander(sak)) <= {"vedtatt", "henlagt"}
    assert verifiser_alt(rydd).funn == []


def test_ny_rente_avtales_fram_i_tid_og_gjelder_fra_den_faste_dagen(verden: Verden, rydd: str):
    navn, ref = "lanutleieboliger", "Utleie 2"
    verden.gi_ramme(navn, 20_000_000)
    sak = verden.gi_tilsagn(navn, ref)
    verden.skje(sak, navn, "vilkar", ref)
    verden.skje(sak, navn, "utbetaling", ref, rente=450, terminer_per_ar=2, laneslag="serie")
    verden.la_tiden_ga("2024-12-10")
    assert verden.skje(sak, navn, "renteendring", ref, rente=480, fra="2025-01-01") == "R20"
    verden.la_tiden_ga("2025-04-15")
    assert [v.kode for v in verden.vedtak(sak)][3:] == ["R20", "R10", "T10"]
    # 8 500 000 over forty half-years: 76 days at 4.50 per cent and 104 at 4.80
    assert verden.vedtak(sak)[-1].belop == 80_750 + 117_866 + 212_500
    assert verifiser_alt(rydd).funn == []


def test_kompensasjon_hver_desember(verden: Verden):
    navn, ref = "laeringsarenaer", "Skole 1"
    verden.gi_ramme(navn, 5_000_000)
    sak = verden.gi_tilsagn(navn, ref)
    assert verden.skje(
        sak, navn, "ferdigstilling", ref, godkjent_kostnad=3_000_000, ferdigdato="2024-10-01"
    ) == "U30"  # fmt: skip
    verden.la_tiden_ga("2027-12-31")
    assert [v.belop for v in verden.vedtak(sak) if v.kode == "K10"] == [126_000] * 3
    assert verden.betalt(sak) == 378_000


def test_kommunalt_tilskudd_til_en_person_av_kommunens_egen_ramme(verden: Verden):
    verden.gi_ramme("etablering", 300_000)
    sak = verden.gi_tilsagn("etablering", "Kjop 1")
    assert verden.vedtak(sak)[0].belop == 300_000
    verden.skje(sak, "etablering", "vilkar", "Kjop 1")
    assert verden.skje(sak, "etablering", "utbetaling", "Kjop 1", ferdigdato="2024-10-10") == "U20"
    verden.la_tiden_ga("2027-11-01")
    assert verden.skje(sak, "etablering", "salg", "Kjop 1", salgsdato="2027-10-20") == "S10"
    assert verden.vedtak(sak)[-1].belop == 255_000  # three years of twenty written down
    assert verden.skje(sak, "etablering", "tilbakebetaling", "Kjop 1", belop=255_000) == "S20"
    ramme = verden.ramme("etablering", 2024)
    assert ramme is not None
    assert (ramme.utbetalt, ramme.ledig) == (300_000, 0)  # what comes back is income, not more to promise
