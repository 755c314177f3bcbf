"""Retention: clocks, holds, and an erasure after which nothing can be read, everything verifies and nothing breaks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner

from services.bevaring import hold, sletting, utvalg
from services.bevaring.frister import frist, frister
from services.cli.bevaring import app
from services.forsegling import NokkelDestruert
from services.innebygd.prosess import vent_til
from services.klokke import i_dag, na
from services.lager.roller import DbRolle
from services.lager.sesjon import transaksjon
from services.lager.verifisering import Funn, Resultat, verifiser_alt
from services.mottak import opprettelse
from services.mottak.mottak import ta_imot
from services.tilgang.aktor import systemaktor
from tests.scenarios.bygg import person, soknad
from tests.tillit.conftest import A, B, Land, hode, superbruker

AKTOR = "kommando:test"


def utlopt() -> datetime:
    """When the ten years that a case of today is kept are over."""
    return datetime(i_dag(na()).year + 11, 1, 2, tzinfo=UTC)


def bevaring() -> Any:
    return transaksjon(DbRolle.BEVARING, sletting.innsyn(AKTOR))


def brudd(resultat: Resultat) -> list[Funn]:
    """But for what ``gjor_opp`` has done behind the chain's back."""
    return [f for f in resultat.funn if not f.hva.startswith("løpende sak")]


def gjor_opp(database: str) -> None:
    """Everything paid, nothing rolls on: only the clock is left."""
    with superbruker(database) as forbindelse:
        forbindelse.execute("UPDATE utbetaling SET status = 'i_fil' WHERE status = 'planlagt'")
        forbindelse.execute("UPDATE utbetaling SET status = 'utfort' WHERE status = 'i_fil'")
        forbindelse.execute("UPDATE lopende SET status = 'stanset', stanset_grunn = 'prove'")


def stillinger(dato: date | None = None) -> dict[str, str]:
    with bevaring() as forbindelse:
        kandidater = utvalg.kandidater(forbindelse, dato or utlopt().date())
        return {str(k.sak): k.stilling for k in kandidater}


def alle_svar(land: Land, sak: str, vedtak: str, fnr: str) -> dict[str, Any]:
    """Every way in to a case; none may fail."""
    leser = hode("saksbehandler", ["alle"], "Leser", klarert=True)
    stier = [f"/api/v1/saker/{sak}{u}" for u in ("", "/parter", "/historikk", "/kontroller", "/strom")]
    svar = {
        s: land.klient.get(s, headers=leser) for s in (*stier, f"/api/v1/vedtak/{vedtak}", "/api/v1/saker")
    }
    svar["sok"] = land.klient.post("/api/v1/saker/sok", json={"fnr": fnr}, headers=leser)
    innsyn = hode("innsynsbehandler", ["alle"], klarert=True)
    svar["innsyn"] = land.klient.post("/api/v1/innsyn", json={"fnr": fnr}, headers=innsyn)
    for hva, s in svar.items():
        assert s.status_code == 200, (hva, s.text)
    return svar


def test_fristene_er_data_med_hjemmel_og_sikkerhet() -> None:
    for f in frister():
        assert f.hjemmel
        assert f.sikkerhet in {"V", "M", "A"}
        assert frist(f.ordning, f.slag, date(2026, 1, 1)) == f
        assert f.utlop(date(2024, 2, 29)) == date(2024 + f.ar + 1, 1, 1)
    assert frist("bostotte", "innvilget", date(2021, 1, 1)) is None
    assert frist("ukjent", "innvilget", date(2026, 1, 1)) is None


def test_det_som_ikke_er_ferdig_blir_staende(tomt_land: Land, database: str) -> None:
    apen = tomt_land.sak("manuell")["sak"]
    ubetalt = tomt_land.sak("vedtatt")["sak"]
    assert stillinger(datetime.now(UTC).date())[ubetalt] == "loper"
    naa = stillinger()
    assert (naa[apen], naa[ubetalt]) == ("apen", "apen")
    gjor_opp(database)
    naa = stillinger()
    assert (naa[apen], naa[ubetalt]) == ("apen", "klar")


def test_hold_settes_oppheves_og_star_i_kjeden(tomt_land: Land, database: str) -> None:
    sak = tomt_land.sak("vedtatt")["sak"]
    gjor_opp(database)
    with bevaring() as forbindelse:
        hold.sett(forbindelse, UUID(sak), "Tvist om vedtaket: 24-012345TVI", AKTOR, datetime.now(UTC))
    with pytest.raises(hold.HoldFeil), bevaring() as forbindelse:
        hold.sett(forbindelse, UUID(sak), "igjen", AKTOR, datetime.now(UTC))
    assert stillinger()[sak] == "hold"
    with pytest.raises(sletting.KanIkkeSlettes, match="hold"):
        sletting.slett_etter_palegg(UUID(sak), "Datatilsynet", AKTOR, utlopt())
    assert sak not in {str(s) for r in sletting.slett_forfalte(AKTOR, utlopt()) for s in r.saker}
    with bevaring() as forbindelse:
        [vist] = [h for h in hold.gjeldende(forbindelse) if str(h["sak"]) == sak]
        assert vist["grunn"] == "Tvist om vedtaket: 24-012345TVI"
        assert vist["av"] == AKTOR
        hold.opphev(forbindelse, UUID(sak), "Rettskraftig", AKTOR, datetime.now(UTC))
    with superbruker(database) as forbindelse:
        typer = [
            r[0]
            for r in forbindelse.execute("SELECT type FROM hendelse WHERE sak_id = %s ORDER BY seq", [sak])
        ]
        apent = forbindelse.execute(
            "SELECT string_agg(convert_from(kanonisk, 'UTF8'), '') FROM hendelse WHERE sak_id = %s", [sak]
        )
        ((apent_tekst,),) = apent.fetchall()
        assert "bevaringshold_satt" in apent_tekst
        assert "TVI" not in apent_tekst
    assert typer[-2:] == ["bevaringshold_satt", "bevaringshold_opphevet"]
    assert stillinger()[sak] == "klar"
    assert brudd(verifiser_alt(database)) == []


def test_sletting_tar_alt_som_kan_leses_og_kjedene_holder(tomt_land: Land, database: str) -> None:
    land = tomt_land
    barn = person("2016-02-01", barn=True)
    sak = land.sak("vedtatt", A, barn)["sak"]
    annen = land.sak("vedtatt", B)["sak"]
    s = land.soknader[sak]
    vedtak, fnr = land.vedtak(sak), s.soker.fnr
    for_ = alle_svar(land, sak, vedtak, fnr)
    assert for_["innsyn"].json()["saker"]
    assert fnr in for_[f"/api/v1/saker/{sak}/parter"].text
    gjor_opp(database)
    with superbruker(database) as forbindelse:
        for_rader = forbindelse.execute("SELECT count(*) FROM hendelse").fetchone()
    slettet = sletting.slett_etter_palegg(
        UUID(sak), "personvernforordningen art. 17", AKTOR, datetime.now(UTC)
    )
    assert slettet.saker == (UUID(sak),)
    assert slettet.personer == 2

    resultat = verifiser_alt(database)
    assert brudd(resultat) == []
    assert resultat.uapnet > 0
    svar = alle_svar(land, sak, vedtak, fnr)
    ren = svar[f"/api/v1/saker/{sak}"].json()
    assert ren["slettet"]
    assert ren["status"] == "avsluttet"
    assert ren["vedtak"]
    assert [p["fnr"] for p in svar[f"/api/v1/saker/{sak}/parter"].json()] == [None, None]
    hendelser = svar[f"/api/v1/saker/{sak}/historikk"].json()["hendelser"]
    assert all(h["innhold"] is None for h in hendelser)
    assert hendelser[-1]["type"] == "personopplysninger_slettet"
    assert hendelser[-1]["data"] == {
        "grunnlag": "palegg",
        "hjemmel": "personvernforordningen art. 17",
        "sak": {"status": "avsluttet", "slettet": True},
    }
    assert svar[f"/api/v1/vedtak/{vedtak}"].json()["fakta"] is None
    assert svar["sok"].json()["saker"] == svar["innsyn"].json()["saker"] == []
    handling = land.klient.post(
        f"/api/v1/saker/{sak}/handlinger/trekk",
        json={"begrunnelse": "Prøver."},
        headers={**hode("saksbehandler", [A]), "If-Match": f'"{ren["versjon"]}"'},
    )
    assert handling.status_code == 409
    with superbruker(database) as forbindelse:
        nokkel = forbindelse.execute(
            "SELECT count(*) FROM person p JOIN sak_person sp ON sp.person_id = p.id WHERE sp.sak_id = %s"
            " AND (p.nokkel IS NOT NULL OR p.fnr IS NOT NULL)",
            [sak],
        ).fetchone()
        kropp = forbindelse.execute("SELECT count(kropp) FROM innboks WHERE sak_id = %s", [sak]).fetchone()
        etter = forbindelse.execute("SELECT count(*) FROM hendelse").fetchone()
    assert nokkel == kropp == (0,)
    assert etter == (for_rader[0] + 1,)
    # Another's case is as it was, and the person may apply again: as somebody nobody has met.
    assert land.klient.get(f"/api/v1/saker/{annen}/parter", headers=hode("revisor", [B])).json()[0]["fnr"]
    ny = land.send(s.igjen())
    assert ny["sak"] != sak
    land.dren(ny["sak"])
    assert brudd(verifiser_alt(database)) == []


def test_den_som_er_part_i_en_annens_levende_sak_beholder_nummeret_der(
    tomt_land: Land, database: str
) -> None:
    land = tomt_land
    felles = person("1988-03-03", inntekt=9000)
    egen = soknad(felles, kommune=A)
    andres = soknad(person(inntekt=12000), felles, kommune=A)
    land.registrer(egen)
    egen_sak = land.send(egen)["sak"]
    land.dren(egen_sak)
    land.registrer(andres)  # has moved in with another
    andres_sak = land.send(andres)["sak"]
    land.dren(andres_sak)
    gjor_opp(database)
    sletting.slett_etter_palegg(UUID(egen_sak), "art. 17", AKTOR, datetime.now(UTC))
    som = hode("revisor", [A])
    i_egen = land.klient.get(f"/api/v1/saker/{egen_sak}/parter", headers=som).json()
    i_andres = land.klient.get(f"/api/v1/saker/{andres_sak}/parter", headers=som).json()
    assert i_egen[0]["fnr"] is None
    assert felles.fnr in {p["fnr"] for p in i_andres}
    historikk = land.klient.get(f"/api/v1/saker/{egen_sak}/historikk", headers=som).json()["hendelser"]
    assert all(h["innhold"] is None for h in historikk)
    assert brudd(verifiser_alt(database)) == []


def test_en_nokkel_apner_alle_en_persons_saker_sa_alle_ma_vaere_forfalt(
    tomt_land: Land, database: str
) -> None:
    land = tomt_land
    sokeren = person(inntekt=18000)
    to = [soknad(sokeren, kommune=k) for k in (A, B)]
    land.registrer(to[0])
    forste = land.send(to[0])["sak"]
    land.dren(forste)
    land.registrer(to[1])  # has moved
    andre = land.send(to[1])["sak"]
    gjor_opp(database)
    assert (stillinger()[forste], stillinger()[andre]) == ("delt_nokkel", "apen")
    assert UUID(forste) not in {s for r in sletting.slett_forfalte(AKTOR, utlopt()) for s in r.saker}
    land.dren(andre)
    gjor_opp(database)
    slettet = [r for r in sletting.slett_forfalte(AKTOR, utlopt()) if UUID(forste) in r.saker]
    assert len(slettet) == 1
    assert set(slettet[0].saker) == {UUID(forste), UUID(andre)}


def test_avviste_hendelser_mister_innholdet_nar_fristen_er_ute(tomt_land: Land, database: str) -> None:
    svar = tomt_land.klient.post(
        "/api/v1/hendelser",
        content="{",
        headers={**hode("innsender", [A]), "Content-Type": "application/json"},
    )
    assert svar.status_code == 400
    with bevaring() as forbindelse:
        assert sletting.avviste(forbindelse, datetime.now(UTC), slett=True) == 0
        assert sletting.avviste(forbindelse, utlopt(), slett=False) >= 1
        assert sletting.avviste(forbindelse, utlopt(), slett=True) >= 1
        assert sletting.avviste(forbindelse, utlopt(), slett=False) == 0


def test_mottak_og_sletting_samtidig_mister_ingenting(tomt_land: Land, database: str) -> None:
    """The intake has found the person when the erasure comes, and the other way about: the new case can be read."""
    from threading import Thread

    land = tomt_land
    sak = land.sak("vedtatt")["sak"]
    gjor_opp(database)
    fnr = land.soknader[sak].soker.fnr
    with superbruker(database) as forbindelse:  # an erasure under way holds the row
        forbindelse.autocommit = False
        forbindelse.execute(
            "SELECT 1 FROM person p JOIN sak s ON s.hovedperson = p.id WHERE s.id = %s FOR UPDATE OF p", [sak]
        )
        svar: list[dict[str, Any]] = []
        trad = Thread(target=lambda: svar.append(land.send(land.soknader[sak].igjen())))
        trad.start()
        # Seen to wait, and let go at once: it waits no longer than a lock may be waited for.
        with superbruker(database) as ved_siden_av:
            assert vent_til(lambda: bool(ved_siden_av.execute(_MOTTAKET_VENTER).fetchone()), 60)
        forbindelse.execute(
            "UPDATE person SET fnr = NULL, nokkel = NULL, nokkel_kek = NULL, oppslag = sha256(oppslag)"
            " WHERE id = (SELECT hovedperson FROM sak WHERE id = %s)",
            [sak],
        )
        forbindelse.execute("UPDATE sak SET slettet = now(), status = 'avsluttet' WHERE id = %s", [sak])
        forbindelse.commit()
    trad.join(60)
    assert svar
    assert svar[0]["sak"] != sak
    parter = land.klient.get(f"/api/v1/saker/{svar[0]['sak']}/parter", headers=hode("revisor", [A])).json()
    assert parter[0]["fnr"] == fnr
    land.dren(svar[0]["sak"])


def test_bare_bevaringsrollen_kan(tomt_land: Land, som: Any) -> None:
    sak = tomt_land.sak("vedtatt")["sak"]
    for rolle in (DbRolle.API, DbRolle.ARBEIDER, DbRolle.KJORING, DbRolle.REVISOR):
        with (
            som(rolle, "*", klarert=True) as forbindelse,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            forbindelse.execute(sletting._GLEM.text.replace(":tilfeldig", "'x'").replace(":id", f"'{sak}'"))
    with som(DbRolle.BEVARING, "*", klarert=True) as forbindelse:
        for setning in (
            "DELETE FROM sak",
            "DELETE FROM hendelse",
            "UPDATE vedtak SET belop = 0",
            "INSERT INTO vedtak DEFAULT VALUES",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                forbindelse.execute(setning)
            forbindelse.rollback()


def test_kommandoene(tomt_land: Land, database: str) -> None:
    sak = tomt_land.sak("vedtatt")["sak"]
    gjor_opp(database)

    def kjor(*ord_: str) -> Any:
        return CliRunner().invoke(app, ord_, env={"COLUMNS": "160"})

    assert kjor("hold", "--sak", sak, "--grunn", "Tvist").stdout.strip() == "notert"
    vist = kjor("vis", "--dato", f"{utlopt():%Y-%m-%d}", "--saker")
    assert vist.exit_code == 0, vist.stderr
    assert "innvilget" in vist.stdout
    assert f"hold: sak {sak}" in vist.stdout
    assert kjor("slett").exit_code == 2
    nektet = kjor("slett", "--ja", "--sak", sak, "--hjemmel", "art. 17")
    assert nektet.exit_code == 2
    assert "hold" in nektet.stderr
    assert kjor("opphev", "--sak", sak, "--grunn", "Ferdig").exit_code == 0
    slettet = kjor("slett", "--ja", "--sak", sak, "--hjemmel", "art. 17")
    assert slettet.stdout.startswith("Slettet: 1 saker, 1 personer"), slettet.stderr


def test_destruert_nokkel_er_ikke_en_feil() -> None:
    from services.forsegling import forsegler

    with pytest.raises(NokkelDestruert):
        forsegler().pakk_ut(None)


def test_et_krav_holder_saken_til_det_er_gjort_opp(tomt_land: Land, database: str) -> None:
    sak = tomt_land.sak("vedtatt")["sak"]
    gjor_opp(database)
    with superbruker(database) as forbindelse:
        forbindelse.execute(
            "INSERT INTO tilbakekrav (id, sak_id, behandling_id, kommunenummer, belop, rest, foreldes, laget)"
            " SELECT gen_random_uuid(), sak_id, id, kommunenummer, 900, 900, '2029-09-30', now() FROM behandling"
            " WHERE sak_id = %s",
            [sak],
        )
    assert stillinger()[sak] == "apen"
    with superbruker(database) as forbindelse:
        forbindelse.execute("UPDATE tilbakekrav SET rest = 0, status = 'oppgjort' WHERE sak_id = %s", [sak])
    assert stillinger()[sak] == "klar"


def test_en_soknad_underveis_holder_nummeret_til_den_som_er_part_i_begge(
    tomt_land: Land, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that names a party of a case that is being erased has made its rows, but not committed them."""
    felles = person()
    forste = tomt_land.sak("vedtatt", A, felles)["sak"]
    gjor_opp(database)
    ny = soknad(person(inntekt=18000), felles, kommune=A)
    tomt_land.registrer(ny)
    for_commit, slipp = Event(), Event()

    def stans(hvor: str, *_: object) -> None:
        if hvor == "mottak.for_commit":
            for_commit.set()
            assert slipp.wait(10)

    monkeypatch.setattr(opprettelse, "krasjpunkt", stans)
    with ThreadPoolExecutor(2) as trader:
        kvittering = trader.submit(ta_imot, ny.hendelse(), systemaktor(), datetime.now(UTC), None)
        assert for_commit.wait(10)
        slettet = trader.submit(
            sletting.slett_etter_palegg, UUID(forste), "art. 17", AKTOR, datetime.now(UTC)
        )
        with superbruker(database) as vakt:  # it waits for the lock that the application has on the party
            while not vakt.execute(_VENTER).fetchone():
                assert not slettet.done()
                sleep(0.01)
        slipp.set()
        assert slettet.result(10).saker == (UUID(forste),)
    with superbruker(database) as forbindelse:
        uten = forbindelse.execute(
            "SELECT count(*) FROM sak_person sp JOIN person p ON p.id = sp.person_id"
            " WHERE sp.sak_id = %s AND p.fnr IS NULL",
            [kvittering.result().sak],
        ).fetchone()
    assert uten == (0,)


_MOTTAKET_VENTER = (
    "SELECT 1 FROM pg_stat_activity WHERE usename = 'boligsak_api' AND wait_event_type = 'Lock'"
)
_VENTER = "SELECT 1 FROM pg_stat_activity WHERE usename = 'boligsak_bevaring' AND wait_event_type = 'Lock'"
