"""The life of a commitment: steps, write-down and repayment by hand calculation, and what holds whatever happens."""

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.sak.kjede import kanonisk
from domain.tilsagn.felt import FeltFeil
from domain.tilsagn.koder import KODER
from domain.tilsagn.laneplan import gjeld
from domain.tilsagn.liv import SLUTT
from domain.tilsagn.nedskriving import arsdag, hele_ar, nedskrevet
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from tests.tilsagn.livet import Liv


def gjennomfort(navn: str, ferdig: str = "2026-05-01", **endret: Any) -> Liv:
    """Conditions met and every step paid."""
    liv = Liv(navn, **endret)
    liv.skje("vilkar")
    while liv.tilstand in ("vilkar_oppfylt", "under_arbeid"):
        felt = liv.ordning.kostnadsfelt
        kostnad = liv.stilling["soknad"]["prosjekt"][felt] if felt else 0
        liv.skje("utbetaling", ferdig, faktisk_kostnad=kostnad, ferdigdato=ferdig)
    return liv


def test_studentboliger_betales_tjue_seksti_tjue():
    liv = gjennomfort("studentboliger")
    assert [v.betales for v in liv.virkninger[2:]] == [839_600, 2_518_800, 839_600]  # of 10 × 419 800
    assert [v.kode for v in liv.virkninger] == ["T00", "V10", "U10", "U10", "U20"]
    assert liv.tilstand == "ferdigstilt"


def test_trinn_rundes_ned_og_resten_kommer_til_slutt():
    liv = gjennomfort("omradeutvikling")  # 3 000 001 over three years
    assert [v.betales for v in liv.virkninger[2:]] == [1_000_000, 1_000_000, 1_000_001]
    assert liv.tilstand == "avsluttet"


@pytest.mark.parametrize(
    ("faktisk", "utbetalt", "mindre"),
    [(900_000, 450_000, 0), (1_200_000, 450_000, 0), (600_001, 300_000, 150_000), (2, 1, 449_999)],
)
def test_energitilskudd_er_hoyst_halvparten_av_faktisk_kostnad(faktisk: int, utbetalt: int, mindre: int):
    liv = Liv("energitiltak")  # normative 500 000, half of 900 000 is less
    assert liv.stilling["gitt"] == 450_000
    liv.skje("vilkar")
    v = liv.skje("utbetaling", "2025-09-01", faktisk_kostnad=faktisk, ferdigdato="2025-08-01")
    assert (v.betales, liv.sum("annullert")) == (utbetalt, mindre)


def test_energitilskudd_fra_for_mai_2024_far_taket_ved_utbetaling():
    liv = Liv("energitiltak", "2023-10")
    assert liv.stilling["gitt"] == 500_000
    liv.skje("vilkar")
    liv.skje("utbetaling", "2024-06-01", faktisk_kostnad=700_000, ferdigdato="2024-05-20")
    assert (liv.stilling["utbetalt"], liv.stilling["annullert"]) == (350_000, 150_000)


def test_sluttutbetaling_uten_regnskap_eller_dato_avvises():
    liv = Liv("energitiltak")
    liv.skje("vilkar")
    assert liv.skje("utbetaling", ferdigdato="2024-10-14").kode == "F03"
    assert liv.skje("utbetaling", faktisk_kostnad=1_000).kode == "F03"
    assert liv.tilstand == "vilkar_oppfylt"


@pytest.mark.parametrize("dag", ["2026-05-02", "9999-12-31", "2024-09-30", "1900-01-01"])
def test_ferdigdatoen_ligger_mellom_soknaden_og_i_dag(dag: str):
    liv = Liv("utleieboliger")
    liv.skje("vilkar")
    assert liv.skje("utbetaling", "2026-05-01", ferdigdato=dag).kode == "F08"
    assert liv.skje("utbetaling", ferdigdato="2026-05-01").kode == "U20"
    assert liv.skje("salg", "2027-01-01", salgsdato="2027-01-02").kode == "F08"
    assert liv.skje("salg", "2027-01-01", salgsdato="2026-04-30").kode == "F08"


def test_nedskriving_over_tretti_ar_gar_opp_til_kronen():
    # 21 200 × (80 + 50) = 2 756 000; a thirtieth is 91 866,67
    assert [nedskrevet(2_756_000, 30, n) for n in (0, 1, 2, 15, 29, 30, 31)] == [
        0, 91_867, 183_733, 1_378_000, 2_664_133, 2_756_000, 2_756_000,
    ]  # fmt: skip
    liv = gjennomfort("utleieboliger")
    koder = liv.la_ga("2060-01-01")
    assert koder == ["N10"] * 29 + ["N20"]
    assert (liv.tilstand, liv.stilling["nedskrevet"], liv.dag) == ("nedskrevet", 2_756_000, date(2056, 5, 1))


@pytest.mark.parametrize(
    ("salgsdag", "krav"),
    [
        ("2026-05-01", 2_756_000),
        ("2027-04-30", 2_756_000),
        ("2027-05-01", 2_664_133),
        ("2041-05-01", 1_378_000),
    ],
)
def test_salg_krever_tilbake_det_som_ikke_er_skrevet_ned(salgsdag: str, krav: int):
    liv = gjennomfort("utleieboliger")
    liv.la_ga(salgsdag)
    v = liv.skje("salg", salgsdag, salgsdato=salgsdag)
    assert (v.kode, v.belop, liv.tilstand) == ("S10", krav, "krevd_tilbake")
    assert liv.skje("tilbakebetaling", belop=krav + 1).kode == "F02"
    liv.skje("tilbakebetaling", belop=krav - 1)
    assert liv.tilstand == "krevd_tilbake"
    liv.skje("tilbakebetaling", belop=1)
    assert (liv.tilstand, liv.stilling["tilbakebetalt"]) == ("tilbakebetalt", krav)


def test_salg_med_tap_kan_frafalles():
    liv = gjennomfort("utleieboliger")
    assert liv.skje("salg", "2030-01-01", salgsdato="2029-12-01", frafalles=True).kode == "S15"
    assert liv.tilstand == "solgt"


@pytest.mark.parametrize(
    ("nedskriving", "belop", "etter_tre_ar"),
    [
        ("eldre_regler", 100_000, 70_000),  # 10 % for each whole year
        ("eldre_regler", 40_001, 28_001),  # 12 000,3 written down
        ("tjue_ar", 100_000, 85_000),  # 5 %
        ("tjue_ar", 30_000, 25_500),
    ],
)
def test_kommunale_tilskudd_skrives_ned_etter_kommunens_valg(nedskriving: str, belop: int, etter_tre_ar: int):
    liv = gjennomfort("etablering", prioritert_belop=belop, nedskriving=nedskriving)
    liv.la_ga("2029-06-01")
    assert liv.skje("salg", "2029-06-01", salgsdato="2029-06-01").belop == etter_tre_ar


def test_lite_tilskudd_etter_eldre_regler_kreves_aldri_tilbake():
    liv = gjennomfort("etablering", prioritert_belop=40_000, nedskriving="eldre_regler")
    assert liv.tilstand == "avsluttet"


def test_tilsagn_som_ikke_brukes_utloper():
    liv = Liv("studentboliger")
    assert liv.la_ga("2029-09-30") == []
    assert liv.la_ga("2029-10-01") == ["A40"]
    assert (liv.tilstand, liv.sum("annullert")) == ("utlopt", 4_198_000)


def test_utlop_rammer_ikke_et_prosjekt_i_gang():
    liv = Liv("studentboliger")
    liv.skje("vilkar")
    liv.skje("utbetaling")
    assert liv.skje("utlop", "2030-01-01").kode == "F09"


def test_annullering_for_og_etter_utbetaling():
    liv = Liv("studentboliger")
    assert liv.skje("annullering", belop=198_000).kode == "A20"
    assert liv.skje("annullering", belop=4_000_001).kode == "F02"
    liv.skje("vilkar")
    assert liv.skje("utbetaling").betales == 800_000  # a fifth of what is left
    assert liv.skje("annullering").kode == "A10"
    assert (liv.tilstand, liv.sum("annullert")) == ("ferdigstilt", 3_398_000)


def test_tilbaketrekking_krever_tilbake_det_som_er_utbetalt():
    liv = Liv("studentboliger")
    liv.skje("vilkar")
    liv.skje("utbetaling")
    assert liv.skje("tilbaketrekking").kode == "A30"
    assert (liv.tilstand, liv.stilling["tilbakekrevd"], liv.sum("annullert")) == (
        "krevd_tilbake",
        839_600,
        3_358_400,
    )


def test_omdisponering_endrer_ikke_summen():
    liv = Liv("studentboliger")
    assert liv.skje("omdisponering", til_prosjekt="Kringsjå", belop=3_358_400).kode == "O10"
    assert liv.skje("omdisponering", til_prosjekt="Vestgrensa", belop=839_601).kode == "F02"
    assert (liv.stilling["omdisponert"], liv.sum("annullert")) == ({"Kringsjå": 3_358_400}, 0)


@pytest.mark.parametrize(
    ("fra", "til", "ar"),
    [
        ("2024-02-29", "2025-02-27", 0), ("2024-02-29", "2025-02-28", 1), ("2024-02-29", "2028-02-28", 3),
        ("2024-02-29", "2028-02-29", 4), ("2024-05-01", "2024-04-30", -1), ("2024-05-01", "2034-05-01", 10),
    ],
)  # fmt: skip
def test_hele_ar(fra: str, til: str, ar: int):
    assert hele_ar(date.fromisoformat(fra), date.fromisoformat(til)) == ar


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 60))
@settings(max_examples=100, deadline=None, database=None)
def test_arsdagen_er_den_forste_dagen_med_sa_mange_hele_ar(fra: date, ar: int):
    dag = arsdag(fra, ar)
    assert hele_ar(fra, dag) == ar
    assert hele_ar(fra, date.fromordinal(dag.toordinal() - 1)) == ar - 1


@given(st.integers(0, 10**10), st.integers(1, 50), st.integers(-1, 60))
@settings(max_examples=200, deadline=None, database=None)
def test_nedskriving_stiger_til_hele_tilskuddet(grunnlag: int, over: int, ar: int):
    for_, etter = nedskrevet(grunnlag, over, ar), nedskrevet(grunnlag, over, ar + 1)
    assert 0 <= for_ <= etter <= grunnlag
    assert nedskrevet(grunnlag, over, over) == grunnlag
    assert abs(for_ * over - grunnlag * min(max(ar, 0), over)) * 2 <= over  # to the nearest krone


_HENDELSER = st.lists(
    st.tuples(
        st.sampled_from(
            ["vilkar", "utbetaling", "annullering", "tilbaketrekking", "omdisponering", "utlop", "nedskriving", "salg",
             "tilbakebetaling", "innbetaling", "renteendring", "utsettelse", "tap", "ferdigstilling", "kompensasjon"]
        ),
        st.integers(1, 5_000_000),
        st.integers(0, 500),
    ),
    max_size=12,
)  # fmt: skip


@pytest.mark.parametrize("navn", TILSAGNSORDNINGER)
def test_hva_som_enn_skjer_gar_regnskapet_opp(navn: str):
    @settings(max_examples=12, deadline=None, database=None)
    @given(_HENDELSER)
    def prov(hendelser: list[tuple[str, int, int]]) -> None:
        liv = Liv(navn)
        for slag, belop, dager in hendelser:
            if slag not in liv.ordning.hendelser:
                continue
            liv.dag = date.fromordinal(liv.dag.toordinal() + dager)
            tall: dict[str, Any] = {
                "belop": belop, "belop_ore": belop, "faktisk_kostnad": belop, "godkjent_kostnad": belop, "rente": 400,
                "ferdigdato": liv.dag.isoformat(), "salgsdato": liv.dag.isoformat(), "til_prosjekt": "Annet",
                "terminer": 2, "konstatert": True, "siste": belop % 2 == 0,
            }  # fmt: skip
            kjente = {f.navn for f in liv.ordning.hendelser[slag].felt}
            for_ = liv.stilling
            v = liv.skje(slag, **{k: t for k, t in tall.items() if k in kjente})
            assert v.kode in KODER
            if v.kode[0] == "F":
                assert (v.stilling, v.bevegelser, v.betales) == (for_, (), 0)
        s = liv.stilling
        assert liv.sum("gitt") == s["gitt"]
        assert liv.sum("utbetalt") == s["utbetalt"]
        assert liv.sum("annullert") == s["annullert"]
        assert 0 <= s["utbetalt"] + s["annullert"] <= s["gitt"]
        assert 0 <= s["nedskrevet"] <= s["nedskrivingsgrunnlag"] <= s["utbetalt"]
        assert 0 <= s["tilbakebetalt"] <= s["tilbakekrevd"]
        # what is owed keeps the commitment open, and nothing comes again and again to no use
        if liv.tilstand in SLUTT:
            assert s["gitt"] == s["utbetalt"] + s["annullert"]
        if lan := s.get("lan"):
            assert lan["restgjeld"] + lan["innbetalt_avdrag"] + lan["tap"] == 100 * s["utbetalt"]
            borte = lan["innbetalt_rente"] + lan["ettergitt_rente"]
            assert lan["opptjent_rente"] == lan["skyldig_rente"] + lan["palopt_rente"] + borte
            assert 0 <= lan["forfalt_avdrag"] <= lan["restgjeld"]
            assert liv.tilstand not in SLUTT or liv.tilstand == "tapt" or not gjeld(lan)
        assert liv.la_ga(f"{liv.dag.year + 3}-12-31").count("F09") <= 2

    prov()


@pytest.mark.parametrize("navn", TILSAGNSORDNINGER)
def test_hver_avgjorelse_lar_seg_gjenta_til_de_samme_bytene(navn: str):
    liv = Liv(navn)
    for slag in ("vilkar", "annullering", "vilkar"):
        if slag in liv.ordning.hendelser:
            liv.skje(slag)
    etterprov = liv.ordning.etterprov()
    for fakta in liv.fakta:
        forst = liv.ordning.avgjor(fakta)
        fullt = etterprov.fullfor(fakta)
        kanonisk(fullt)
        [igjen] = etterprov.gjenta([fullt], forst.regelversjon)
        assert (igjen.kode, igjen.belop, igjen.regelversjon, igjen.spor) == (
            forst.kode, forst.belop, forst.regelversjon, forst.spor,
        )  # fmt: skip


def test_hver_avgjorelse_er_begrunnet_pa_begge_sprak():
    liv = Liv("studentboliger")
    liv.skje("utbetaling")  # before the conditions are met
    liv.skje("vilkar")
    liv.skje("utbetaling")
    etterprov = liv.ordning.etterprov()
    for fakta in liv.fakta:
        a = liv.ordning.avgjor(fakta)
        grunner = etterprov.begrunnelse(orjson.loads(a.spor), a.regelversjon)
        assert all(grunner[sprak] and all(grunner[sprak]) for sprak in ("nb", "nn")), a.kode
        if a.kode in KODER:
            assert grunner["nn"][-1] == KODER[a.kode][2]


def test_ukjent_hendelse_og_felt_navngis():
    liv = Liv("studentboliger")
    with pytest.raises(FeltFeil, match="slag"):
        liv.skje("renteendring", rente=1)
    with pytest.raises(FeltFeil, match=r"hendelse\.belop"):
        liv.skje("annullering", belop=-1)
    for navn in ("01859001064", "Kari 018590 01064", "-", "", "x" * 41, "A\nB", "A\n"):
        with pytest.raises(FeltFeil, match=r"hendelse\.til_prosjekt"):
            liv.skje("omdisponering", til_prosjekt=navn, belop=1)
    with pytest.raises(FeltFeil, match=r"hendelse\.ferdigdato"):
        liv.skje("vilkar", ferdigdato="2024-01-01")
