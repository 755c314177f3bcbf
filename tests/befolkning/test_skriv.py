"""The country in the database: what is sealed opens, what the run reads is there, and nothing is written twice."""

from datetime import UTC, datetime

import orjson
import psycopg
import pytest
from sqlalchemy import text

from domain.bostotte.kontroller import krav
from domain.bostotte.ordning import BOSTOTTE
from services.forsegling import forsegler
from services.kjoring import befolkning
from services.lager import lopende, opplysninger, personer, saker
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import apne_vedtak

ANTALL, FRO = 300, 5
HENTET = datetime(2024, 4, 2, 8, tzinfo=UTC)
PARTER = text(
    "SELECT id, fnr, nokkel, rolle FROM sak_person JOIN person ON id = person_id WHERE sak_id = :sak_id"
)
APRIL = datetime(2024, 4, 3, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def skrevet(database):
    gjort: list[int] = []
    assert befolkning.skriv(ANTALL, FRO, "2024-03", hentet=HENTET, fremdrift=gjort.append) == ANTALL
    assert sum(gjort) == ANTALL
    with psycopg.connect(database, autocommit=True) as kobling:
        yield kobling


@pytest.fixture(scope="module")
def fasit():
    b = befolkning.bit(FRO, 0, ANTALL)
    return list(befolkning.saker(b, befolkning.maned(b, "2024-03")))


def antall(kobling, tabell: str) -> int:
    return kobling.execute(f"SELECT count(*) FROM {tabell}").fetchone()[0]


def test_radene_er_der(skrevet, fasit):
    folk = sum(len(s.parter) for s in fasit)
    ventet = {
        "sak": ANTALL,
        "person": folk,
        "sak_person": folk,
        "behandling": ANTALL,
        "vedtak": ANTALL,
        "lopende": ANTALL,
        "lopende_soknad": ANTALL,
        "opplysning": sum(len(s.svar) + 1 for s in fasit),
        "hendelse": ANTALL,
    }
    assert {tabell: antall(skrevet, tabell) for tabell in ventet} == ventet


def test_hver_sak_lar_seg_lese_som_motoren_leser_den(skrevet, fasit):
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        for sak in fasit[::23]:
            last = saker.las(forbindelse, sak.id)
            assert last.kommunenummer == sak.kommunenummer
            opp = opplysninger.les(
                forbindelse,
                last.nokkel,
                sak.id,
                opplysninger.Utvalg(befolkning.id_av(FRO, "behandling", sak.nr), HENTET),
            )
            assert opp[opplysninger.SOKNAD]["termin"] == "2024-02"
            for spurt, svar in sak.svar:
                assert opp[spurt.nokkel] == svar
            rader = forbindelse.execute(PARTER, {"sak_id": sak.id})
            funnet = {(r.id, personer.apne_fnr(r.id, r.fnr, r.nokkel), r.rolle) for r in rader}
            assert funnet == set(sak.parter)
            # The same person by identity number, as an application would find it.
            oppslag = forsegler().oppslag_hash(sak.parter[0][1])
            assert skrevet.execute("SELECT id FROM person WHERE oppslag = %s", (oppslag,)).fetchone() == (
                sak.parter[0][0],
            )
            rad = forbindelse.execute(
                text("SELECT gjelder_fra, soknad FROM lopende_soknad WHERE sak_id = :id"), {"id": sak.id}
            ).one()
            staende = lopende.apne(last.nokkel, sak.id, rad.gjelder_fra, rad.soknad)
            assert staende == sak.soknad | {"termin": "2024-02"}


def test_forrige_vedtak_kan_apnes_og_regnes_om(skrevet):
    rader = skrevet.execute(
        "SELECT v.id, v.fakta, v.spor, v.kode, v.belop, p.nokkel, l.siste_kode, l.siste_belop, l.avslag_pa_rad"
        " FROM lopende l JOIN vedtak v ON v.id = l.siste_vedtak JOIN sak s ON s.id = l.sak_id"
        " JOIN person p ON p.id = s.hovedperson ORDER BY l.sak_id"
    ).fetchall()
    assert len(rader) == ANTALL
    for id_, sealet_fakta, spor, kode, belop, nokkel, siste_kode, siste_belop, avslag in rader[::11]:
        fakta, _ = apne_vedtak(forsegler().pakk_ut(nokkel), id_, sealet_fakta, spor)
        igjen = BOSTOTTE.avgjor(orjson.loads(fakta))
        assert (igjen.kode, igjen.belop) == (kode, belop) == (siste_kode, siste_belop)
        assert (avslag > 0) == (kode == "V03")
    assert {r[3] for r in rader} == {"V00", "V03"}


@pytest.fixture
def rydd_april(skrevet):
    yield
    skrevet.execute("DELETE FROM opplysning WHERE hentet = %s", (APRIL,))


def test_neste_maneds_svar_legges_til_uten_a_doble_noe(skrevet, rydd_april):
    for_ = antall(skrevet, "opplysning")
    befolkning.skriv_svar(ANTALL, FRO, "2024-04", hentet=APRIL)
    b = befolkning.bit(FRO, 0, ANTALL)
    alle = list(befolkning.saker(b, befolkning.maned(b, "2024-04")))
    i_mars = {k.nokkel for s in befolkning.saker(b, befolkning.maned(b, "2024-03")) for k, _ in s.svar}
    nye = sum(k.nokkel not in i_mars for s in alle for k, _ in s.svar)
    assert antall(skrevet, "opplysning") == for_ + nye
    befolkning.skriv_svar(ANTALL, FRO, "2024-04", hentet=APRIL)
    assert antall(skrevet, "opplysning") == for_ + nye
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        for sak in alle[:40]:
            nokkel = saker.las(forbindelse, sak.id).nokkel
            opp = opplysninger.les(
                forbindelse,
                nokkel,
                sak.id,
                opplysninger.Utvalg(befolkning.id_av(FRO, "behandling", sak.nr), HENTET),
            )
            assert krav(sak.soknad, opp) == []


def test_to_land_i_en_database_nektes_og_etterlater_ingenting(skrevet):
    for_ = antall(skrevet, "person")
    with pytest.raises(befolkning.FinnesAllerede, match="syntetisk befolkning fra før"):
        befolkning.skriv(ANTALL, FRO, "2024-03")
    assert antall(skrevet, "person") == for_
    with pytest.raises(ValueError, match="frø 99 er ikke skrevet"):
        befolkning.skriv_svar(10, 99, "2024-04")


def test_for_tidlig_termin_nektes():
    with pytest.raises(ValueError, match="termin: befolkningen begynner med 2024-02"):
        befolkning.skriv(1, FRO, "2024-01")
