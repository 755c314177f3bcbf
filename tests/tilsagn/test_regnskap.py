"""The accounting identities: on the accounts printed for 2024, and on our own books whatever the loans go through."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tilsagn.bevilgning import Bevilgning, Stikkord, etter_samordning
from domain.tilsagn.regnskap import Arsregnskap, Lanebok, avvik, lanebok
from tests.tilsagn.livet import Liv

K: Stikkord = "kan overføres"
OV: Stikkord = "overslagsbevilgning"
# Note A and B of 2024, thousand kroner: item, keyword, carried over, of the year, accounts, wage compensation; possible
NOTE_B: list[tuple[Bevilgning, int]] = [
    (Bevilgning("225.61", "", 0, 3_000, 536), 0),
    (Bevilgning("225.65", K, 1_755, 389_245, 389_325), 1_675),
    (Bevilgning("270.75", K, 65_548, 862_917, 672_141), 256_324),
    (Bevilgning("581.70", OV, 0, 4_394_000, 4_349_956), 0),
    (Bevilgning("581.76", K, 31_601, 177_816, 180_708), 28_709),
    (Bevilgning("581.78", K, 8_400, 26_799, 14_135), 21_064),
    (Bevilgning("581.79", K, 30_000, 27_810, 2_607), 55_203),
    (Bevilgning("590.72", K, 1_221, 20_870, 18_909), 3_182),
    (Bevilgning("761.21", K, 0, 4_400, 4_366), 34),
    (Bevilgning("761.63", K, 1_900_000, 1_957_235, 1_815_292, brukes_under="761.69"), 2_041_943),
    (Bevilgning("761.64", "", 0, 975_000, 972_920), 0),
    (Bevilgning("761.69", K, 0, 479_530, 791_785), -312_255),
    (Bevilgning("765.21", K, 0, 1_400, 1_400), 0),
    (Bevilgning("882.60", K, 3_982, 125_018, 128_311), 689),
    (Bevilgning("1825.21", K, 0, 2_500, 2_500), 0),
    (Bevilgning("1825.60", K, 96_041, 350_000, 23_472), 422_569),
    (Bevilgning("2412.01", "drift", 13_262, 396_762, 390_410, lonnskompensasjon=7_000), 19_614),
    (Bevilgning("2412.21", K, 8_482, 12_431, 10_037), 10_876),
    (Bevilgning("2412.45", K, 32_071, 91_730, 72_778), 51_023),
    (Bevilgning("2412.71", "", 0, 30_100, 33_147), 0),
    (Bevilgning("2412.72", "", 0, 400, 419), 0),
    (Bevilgning("2412.90", OV, 0, 24_446_000, 23_088_743), 0),
]
POSTER = [b for b, _ in NOTE_B]
TRYKT_2024 = Arsregnskap(
    lan=Lanebok(
        utlan_inn=176_574_947, nye_lan=21_558_641, avdrag=10_755_694, utlan_ut=187_377_894,
        rentelan_inn=1_119_834, nye_renter=1_530_102, oppgjorte_renter=1_112_983, rentelan_ut=1_536_953,
        opptjent_ikke_betalt=1_726_032, forskudd_avdrag=188_961, forskudd_renter=118,
        renteinntekter=7_317_152, rentestotte=419,
        portefolje={"flytende": (125_890_566, 21_020), "fast": (61_456_767, 4_050), "særvilkår": (30_561, 119)},
        antall=25_189,
    ),
    post_nye_lan=23_088_743,
    post_avdrag=11_868_677,
    post_renter=7_317_571,
    netto_utlan=11_220_066,
    statens_lan=188_914_847,
    statens_beholdning_endring=11_220_066,
    balanse=(187_490_989, 1_741_143, 188_963_439, 268_693),
    utgifter={**{b.post: b.regnskap for b in POSTER}, "500.21": 500, "1633.01": 2_116},
    inntekter={
        "5312.01": 6_475, "5312.11": 64_528, "5312.90": 11_868_677, "5615.80": 7_317_571, "5700.72": 32_303,
    },
    sum_utgifter=32_966_513,
    sum_inntekter=19_289_554,
    netto_rapportert=13_676_959,
    bevilgninger=POSTER,
    sum_samlet=36_967_326,
    tilsagn=[(116.5, 419_800, 48_906_700), (64, 382_200, 24_460_800)],
)  # fmt: skip


@pytest.mark.parametrize("identitet", avvik(TRYKT_2024, {}))
def test_identiteten_holder_i_det_trykte_regnskapet(identitet: str):
    trykt = {b.post: mulig for b, mulig in NOTE_B}
    # the portfolio by kind of rate adds up exactly; nothing needs the tolerance of rounding
    assert avvik(TRYKT_2024, trykt)[identitet] == 0


def test_en_feilfort_krone_sees():
    from dataclasses import replace

    feil = replace(TRYKT_2024, lan=replace(TRYKT_2024.lan, nye_lan=21_558_642))
    assert {k for k, v in avvik(feil, {b.post: m for b, m in NOTE_B}).items() if v} == {
        "1 utlån",
        "4a post nye lån",
    }


@pytest.mark.parametrize(("post", "mulig"), NOTE_B, ids=lambda x: x.post if isinstance(x, Bevilgning) else "")
def test_hver_rad_i_note_b(post: Bevilgning, mulig: int):
    assert post.mulig_overforbart == mulig
    if post.stikkord == "drift":
        assert post.maks_overforbart == 26_488  # 7 000 + 5 % of 389 762


def test_femprosentregelen_har_et_tak_og_et_gulv():
    assert Bevilgning("2412.01", "drift", 0, 107_000, 80_000, 7_000).mulig_overforbart == 12_000
    assert Bevilgning("2412.01", "drift", 0, 107_000, 106_000, 7_000).mulig_overforbart == 7_000
    assert Bevilgning("2412.01", "drift", 0, 107_000, 107_001, 7_000).mulig_overforbart == 0


def test_mindreforbruk_pa_post_63_dekker_merforbruk_pa_post_69():
    etter = etter_samordning({b.post: b for b in POSTER})
    assert (etter["761.63"], etter["761.69"]) == (2_041_943 - 312_255, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 3, 10]),
            st.integers(100, 900),
            st.booleans(),
            st.integers(0, 6),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(2025, 2032),
)
@settings(max_examples=25, deadline=None, database=None)
def test_var_egen_lanebok_gar_opp_hvert_ar(valg: list[tuple[int, int, bool, int, bool]], ar: int):
    """Loans of every kind, some paid, some in default, some written off: the year's identities hold to the øre."""
    for_, etter = [], []
    for binding, rente, serie, betalte, tapes in valg:
        liv = Liv("lanboligkvalitet", soknadsbelop=1_000_000 + rente)
        liv.skje("vilkar")
        liv.skje("utbetaling", rente=rente, binding_ar=binding, terminer_per_ar=2,
                 laneslag="serie" if serie else "annuitet")  # fmt: skip
        _lev(liv, date(ar - 1, 12, 31), betalte, tapes=False)
        for_.append(liv.stilling["lan"])
        _lev(liv, date(ar, 12, 31), betalte, tapes=tapes)
        etter.append(liv.stilling["lan"])
    lan = lanebok(for_, etter, ar)
    eget = Arsregnskap(
        lan=lan,
        post_nye_lan=lan.nye_lan + lan.nye_renter,
        post_avdrag=lan.avdrag + lan.oppgjorte_renter,
        post_renter=lan.renteinntekter,
        netto_utlan=lan.nye_lan + lan.nye_renter - lan.avdrag - lan.oppgjorte_renter,
        statens_lan=lan.statens_lan_ut,
        statens_beholdning_endring=lan.statens_lan_ut - lan.statens_lan_inn,
        balanse=(lan.utlan_ut, lan.opptjent_ikke_betalt, lan.statens_lan_ut, 0),
        utgifter={}, inntekter={}, sum_utgifter=0, sum_inntekter=0, netto_rapportert=0,
        bevilgninger=[], sum_samlet=0, tilsagn=[],
    )  # fmt: skip
    assert {k: v for k, v in avvik(eget, {}).items() if v} == {}
    # what the state is owed moves by what was paid out and earned less what came in and was given up
    assert lan.statens_lan_ut - lan.statens_lan_inn == eget.netto_utlan


def _lev(liv: Liv, til: date, betalte: int, *, tapes: bool) -> None:
    """Terms fall due to that day; the first ``betalte`` of them are paid."""
    for _ in range(60):
        kommende = sorted(liv.ordning.kommende(liv.stilling, liv.dag), key=lambda k: k.dag)
        if not kommende or kommende[0].dag > til:
            break
        liv.skje(kommende[0].slag, kommende[0].dag.isoformat())
        lan = liv.stilling["lan"]
        forfalt = lan["skyldig_rente"] + lan["forfalt_avdrag"]
        if lan["terminer"] - lan["gjenstar"] <= betalte and forfalt:
            liv.skje("innbetaling", belop_ore=forfalt)
    if tapes and liv.tilstand == "misligholdt":
        liv.skje("tap", til.isoformat(), belop_ore=liv.stilling["lan"]["restgjeld"], konstatert=True)
    liv.dag = til
