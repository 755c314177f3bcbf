"""A month over a small country: nothing lost, nothing twice, the same result however it is reached."""

import threading
from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import RFC_4122, uuid4

import orjson
import pytest
from sqlalchemy import text

from domain.sak.kjede import kanonisk
from services.kjoring import driv, etterarbeid, les, skriv
from services.kjoring.bit import raa_av
from services.kjoring.kjoring import MAKS_BITER, Bit, KanIkkeStarte, som_ider
from services.kjoring.kontroll import Utfall
from services.klokke import i_dag, na
from services.lager import saker as sakslager
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.lager.verifisering import verifiser_alt
from services.motor.avgjorelse import apne_vedtak
from tests.kjoring import hjelp

TERMIN = "2024-03"
ANTALL = 240


@pytest.fixture(scope="module")
def land(database: str):
    with hjelp.oppsett(**hjelp.LITE):
        hjelp.befolk(ANTALL, TERMIN)
        prove = hjelp.kjor(TERMIN, prove=True)
        yield database, prove, hjelp.kjor(TERMIN)


def test_prove_og_virkelig_kjoring_gir_samme_resultat(land: Any):
    _, prove, virkelig = land
    assert prove.resultat_hash == virkelig.resultat_hash is not None
    assert prove.manifest_hash != virkelig.manifest_hash, "manifestet sier om det er en prøve"


def test_regnskapet_gar_opp_i_alt_og_for_hver_kommune(land: Any):
    url, _, kjoring = land
    regnskap = hjelp.rapport(kjoring)["regnskap"]
    samlet = regnskap["samlet"]
    assert regnskap["stemmer"]
    assert samlet["godtatt"] == ANTALL == samlet["vedtatt"] + samlet["stanset"] + samlet["oppgave"]
    assert sum(k["godtatt"] for k in regnskap["kommuner"].values()) == ANTALL
    assert all(k["differanse"] == 0 for k in regnskap["kommuner"].values())
    assert hjelp.en(url, "SELECT count(*) FROM kjoring_sak WHERE kjoring_id = %s", kjoring.id) == ANTALL


def test_ett_vedtak_per_sak_og_termin_og_proven_skrev_ingenting(land: Any):
    url, prove, kjoring = land
    assert hjelp.rapport(prove)["rader"].keys() == {"kjoring_sak", "byte"}
    antall, ulike = hjelp.sporr(
        url, "SELECT count(*), count(DISTINCT sak_id) FROM vedtak WHERE termin = %s", TERMIN
    )[0]
    assert antall == ulike == hjelp.rapport(kjoring)["regnskap"]["samlet"]["vedtatt"]


def test_betalinger_er_innvilgelsene_og_sluppet_i_bandet(land: Any):
    url, _, kjoring = land
    assert kjoring.status == "ferdig"
    rader = hjelp.sporr(
        url,
        "SELECT u.belop, u.status, u.forfall::text, u.kjoring_id, v.belop, v.utfall"
        " FROM utbetaling u JOIN vedtak v ON v.id = u.vedtak_id WHERE u.termin = %s",
        TERMIN,
    )
    assert rader
    assert all(r[0] == r[4] > 0 and r[5] == "innvilget" for r in rader)
    assert {r[1:4] for r in rader} == {("planlagt", "2024-04-19", kjoring.id)}
    assert hjelp.rapport(kjoring)["betalinger"]["kroner"] == sum(r[0] for r in rader)


def test_hver_endring_er_forklart_pa_krona(land: Any):
    url, _, kjoring = land
    rader = hjelp.sporr(
        url,
        "SELECT belop - forrige_belop, regelform + satser + tak + husstand + inntekt + formue + boutgift + kontroll"
        " FROM kjoring_sak WHERE kjoring_id = %s AND belop IS NOT NULL",
        kjoring.id,
    )
    assert any(r[0] for r in rader)
    assert all(r[0] == r[1] for r in rader)
    assert hjelp.rapport(kjoring)["endring"] == sum(r[0] for r in rader)


def test_radene_ligger_i_manifestets_rekkefolge_i_hver_indeks(land: Any):
    url, _, kjoring = land
    biter = hjelp.sporr(url, "SELECT saker FROM kjoring_bit WHERE kjoring_id = %s ORDER BY nr", kjoring.id)
    saker = [sak_id for (pakket,) in biter for sak_id in som_ider(pakket)]
    assert len(biter) > 2
    for tabell in ("vedtak", "behandling", "utbetaling"):
        rader = hjelp.sporr(url, f"SELECT id, sak_id FROM {tabell} WHERE termin = %s ORDER BY id", TERMIN)
        med_rad = {r[1] for r in rader}
        assert len(rader) > len(saker) / 2
        assert [r[1] for r in rader] == [s for s in saker if s in med_rad], tabell
        assert {(r[0].version, r[0].variant) for r in rader} == {(7, RFC_4122)}


def test_ider_folger_plassen_og_ikke_nar_de_ble_laget(land: Any):
    """Whichever worker takes which chunk first, and however often."""
    _, _, kjoring = land
    plasser = [bit << 16 | nr for bit in (0, 1, 255, 256, 40_000, MAKS_BITER - 1) for nr in (0, 1, 65_535)]
    saker = [cast(les.Sak, SimpleNamespace(id=uuid4(), plass=plass)) for plass in plasser]
    bakfra = [skriv.id_for(kjoring, sak, b"vedtak") for sak in reversed(saker)]
    ider = [skriv.id_for(kjoring, sak, b"vedtak") for sak in saker]
    assert ider == sorted(ider) == bakfra[::-1]
    assert {(i.version, i.variant) for i in ider} == {(7, RFC_4122)}
    assert not {skriv.id_for(kjoring, sak, b"behandling") for sak in saker} & set(ider)


@pytest.mark.parametrize(("kroner", "far_plass"), [(2**31 - 1, True), (2**31, False), (-(2**31), False)])
def test_et_tall_som_kolonnen_ikke_rommer_nektes_og_kuttes_ikke(land: Any, kroner: int, far_plass: bool):
    _, _, kjoring = land
    sak = cast(les.Sak, SimpleNamespace(id=uuid4(), kommunenummer="0301", forrige_utfall="innvilget",
                                        forrige_belop=0, for_=SimpleNamespace(kode="V00")))  # fmt: skip
    utfall = Utfall(sak, "annet_vedtak", belop=kroner, arsaker={"inntekt": kroner})
    rader = skriv.lag(kjoring, [utfall], "v", datetime.now(UTC), {})
    nektes = pytest.raises(OverflowError, match=f"kjoring_sak.inntekt rommer ikke {kroner}")
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        raa = raa_av(forbindelse)
        with nullcontext() if far_plass else nektes, raa.transaction(force_rollback=True):
            assert skriv.skriv(raa, kjoring, rader)["kjoring_sak"] == 1
            assert raa.execute("SELECT inntekt FROM kjoring_sak WHERE sak_id = %s", (sak.id,)).fetchone() == (
                kroner,
            )


def test_bare_det_som_leses_planlegges_for_hver_bit(land: Any):
    """A plan of the first chunk would be kept for all, made while the month's tables were empty; and the checks of
    foreign keys would be planned anew for each row, if those were not kept."""
    _, _, kjoring = land
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        sporring = text("SELECT current_setting('plan_cache_mode')")
        for_ = forbindelse.execute(sporring).scalar_one()
        saker = forbindelse.execute(text("SELECT nr, saker, mangler FROM kjoring_bit LIMIT 1")).one()
        bit = Bit.av_rad(*saker)
        assert [s.id for s in les.les(raa_av(forbindelse), kjoring, bit)] == bit.ider
        planer = forbindelse.execute(
            text("SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement ~ :den"),
            {"den": r"^\s*SELECT sak_id, .*sum\(belop\).*FROM utbetaling\s+WHERE sak_id = ANY"},
        ).all()
        assert planer
        assert all(egne > 0 == faste for egne, faste in planer)
        assert forbindelse.execute(sporring).scalar_one() == for_ == "force_generic_plan"


def test_lopende_saker_er_fort_videre(land: Any):
    url, _, kjoring = land
    avvik = hjelp.sporr(
        url,
        "SELECT count(*) FROM kjoring_sak k JOIN lopende l USING (sak_id) WHERE k.kjoring_id = %s"
        " AND k.utfall = 'vedtatt' AND (l.siste_termin, l.siste_kode, l.siste_belop, l.siste_vedtak)"
        "     IS DISTINCT FROM (%s, k.kode, k.belop, k.vedtak_id)",
        kjoring.id,
        TERMIN,
    )
    assert avvik == [(0,)]


def test_kjeden_gar_opp_og_vedtakets_spor_lar_seg_folde_ut(land: Any):
    url, _, kjoring = land
    assert verifiser_alt(url).funn == []
    vedtak, sak_id, fakta, spor = hjelp.sporr(
        url,
        "SELECT v.id, v.sak_id, v.fakta, v.spor FROM vedtak v JOIN kjoring_sak k ON k.vedtak_id = v.id"
        " WHERE k.kjoring_id = %s AND v.kode = 'V00' ORDER BY v.id LIMIT 1",
        kjoring.id,
    )[0]
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        nokkel = sakslager.las(forbindelse, sak_id).nokkel
    apne_fakta, apent_spor = apne_vedtak(nokkel, vedtak, fakta, spor)
    dokument = orjson.loads(apne_fakta)
    assert kanonisk(dokument) == apne_fakta
    linjer = {linje["navn"]: linje["verdi"] for linje in orjson.loads(apent_spor)}
    assert linjer["kode"] == "V00"
    assert linjer["belop_per_maned"] == hjelp.en(url, "SELECT belop FROM vedtak WHERE id = %s", vedtak)


def test_nar_kjoringen_er_lukket_telles_maneden_en_gang(land: Any):
    url, _, kjoring = land
    assert etterarbeid.lag_statistikk() == [TERMIN]
    assert etterarbeid.lag_statistikk() == []
    tall = hjelp.en(url, "SELECT tall FROM statistikk WHERE termin = %s AND kommunenummer = '0000'", TERMIN)
    assert tall["innvilget"] == hjelp.rapport(kjoring)["na"]["innvilget"]["antall"]
    assert tall["utbetalt"] == hjelp.rapport(kjoring)["betalinger"]["kroner"]


def test_en_kjoring_til_nektes_og_sier_hvorfor(land: Any):
    _, _, kjoring = land
    with pytest.raises(KanIkkeStarte, match=f"hele landet: kjøring {kjoring.id}"):
        driv.start(hjelp.ORDNING, TERMIN, aktor="kari")
    with pytest.raises(KanIkkeStarte, match="kommune 0301"):
        driv.start(hjelp.ORDNING, TERMIN, kommuner=["0301"], aktor="kari")


@pytest.mark.parametrize(
    ("valg", "felt"),
    [
        ({"termin": "2021-01"}, "termin"),
        ({"termin": "2024-13"}, "termin"),
        ({"termin": "2024-05", "kommuner": ["0000"]}, "kommuner"),
        ({"termin": "2024-05", "slag": "tull"}, "slag"),
        ({"termin": "2024-05"}, "termin"),  # April has not been run
    ],
)
def test_ugyldige_bestillinger_nevner_feltet(land: Any, valg: dict[str, Any], felt: str):
    assert land
    with pytest.raises(KanIkkeStarte) as feil:
        driv.start(hjelp.ORDNING, valg.pop("termin"), aktor="ola", **valg)
    assert feil.value.felt == felt


def test_en_maned_kjores_ikke_for_den_er_over(land: Any, monkeypatch: pytest.MonkeyPatch):
    assert land
    tid = na()
    monkeypatch.setattr(driv, "na", lambda: tid)
    with pytest.raises(KanIkkeStarte, match="er ikke over") as feil:
        driv.start(hjelp.ORDNING, f"{i_dag(tid):%Y-%m}", aktor="ola")
    assert feil.value.felt == "termin"


def test_en_kommune_som_har_byttet_nummer_tar_med_sakene_fra_for_byttet(land: Any):
    """Trondheim is 5001 all the way; Tromsø was 5401 until 2024 and is 5501 since."""
    url, *_ = land
    sak = hjelp.en(url, "SELECT sak_id FROM lopende WHERE status = 'lopende' ORDER BY 1 LIMIT 1")
    for_ = hjelp.en(url, "SELECT kommunenummer FROM lopende WHERE sak_id = %s", sak)
    flytt = "UPDATE lopende SET kommunenummer = %s WHERE sak_id = %s"
    hjelp.endre(url, flytt, "5401", sak)
    try:
        valgt = {
            n: driv.start(hjelp.ORDNING, TERMIN, kommuner=[n], prove=True, aktor="ola")
            for n in ("5501", "5001")
        }
        assert [driv.les(id_).kommuner for id_ in valgt.values()] == [["5401", "5501"], ["5001"]]
    finally:
        hjelp.endre(url, flytt, for_, sak)


def test_av_to_samtidige_bestillinger_godtas_en(land: Any):
    svar: list[Any] = []

    def bestill() -> None:
        try:
            svar.append(driv.start(hjelp.ORDNING, "2024-04", aktor="ola"))
        except KanIkkeStarte as feil:
            svar.append(feil)

    trader = [threading.Thread(target=bestill) for _ in range(4)]
    for t in trader:
        t.start()
    for t in trader:
        t.join()
    assert sum(not isinstance(s, KanIkkeStarte) for s in svar) == 1


def test_to_arbeidere_samtidig_gjor_hver_bit_en_gang(land: Any):
    assert land
    id_ = driv.start(hjelp.ORDNING, TERMIN, prove=True, slag="skygge", aktor="ola")
    trader = [threading.Thread(target=hjelp.fullfor, args=(id_,)) for _ in range(3)]
    for t in trader:
        t.start()
    for t in trader:
        t.join()
    ferdig = driv.les(id_)
    assert ferdig.status == "ferdig"
    assert hjelp.rapport(ferdig)["antall"] == sum(k["antall"] for k in hjelp.rapport(ferdig)["utfall"])
