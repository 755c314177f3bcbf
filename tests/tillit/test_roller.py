"""What each role of the database may do, asked of the database itself."""

import re
from typing import Any

import psycopg
import pytest

from services.lager.roller import DbRolle
from tests.tillit.conftest import A, B, Land, superbruker

ROLLER = [r.value for r in DbRolle]
NEKTET = (psycopg.errors.InsufficientPrivilege,)
KJORING = {
    "sak": {"SELECT"},
    "sak_person": {"SELECT"},
    "person": {"SELECT"},
    "behandling": {"SELECT", "INSERT", "UPDATE"},
    "hendelse": {"SELECT", "INSERT"},
    "opplysning": {"SELECT", "INSERT"},
    "vedtak": {"SELECT", "INSERT"},
    "utbetaling": {"SELECT", "INSERT"},
    "oppfolging": {"SELECT", "INSERT", "UPDATE"},
    "utgaende": {"SELECT", "INSERT"},
    "lopende": {"SELECT", "INSERT", "UPDATE"},
    "lopende_soknad": {"SELECT", "INSERT", "UPDATE"},
}
"""All that the role of the monthly run, which row security does not bind, may do with whole rows of case data."""
BARE_KOLONNER = {
    "sak": {"status", "gradert", "versjon", "siste_seq", "siste_hash", "endret"},
    "utbetaling": {"status", "linje_id"},
}
"""What moves in these: who a case belongs to, and what is to be paid, is nobody's to change."""
SAKSDATA = (*KJORING, "kontroll", "innboks", "utboks", "idempotens", "lesing", "bevaringshold", "brukt_token")
SKRIVEBESKYTTET = ("hendelse", "vedtak", "lesing", "kjoring_hendelse")


@pytest.fixture(scope="module")
def super_(database: str) -> Any:
    with superbruker(database) as forbindelse:
        yield forbindelse


def rader(forbindelse: psycopg.Connection[Any], setning: str, *verdier: Any) -> list[tuple[Any, ...]]:
    return forbindelse.execute(setning, verdier).fetchall()


def test_ingen_rolle_eier_noe_eller_kan_bli_mer(super_: Any) -> None:
    eid = rader(
        super_,
        "SELECT c.relname, r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(%s)"
        " UNION ALL SELECT p.proname, r.rolname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE r.rolname = ANY(%s)",
        ROLLER,
        ROLLER,
    )
    assert eid == []
    for navn, super__, lag_rolle, lag_db, omgar in rader(
        super_,
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)",
        ROLLER,
    ):
        assert (super__, lag_rolle, lag_db) == (False, False, False), navn
        assert omgar == (navn in {DbRolle.KJORING, DbRolle.REVISOR}), navn
    medlem = rader(
        super_,
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member WHERE m.rolname = ANY(%s)",
        ROLLER,
    )
    assert medlem == []
    kan_lage = rader(
        super_, "SELECT r FROM unnest(%s::text[]) r WHERE has_schema_privilege(r, 'public', 'CREATE')", ROLLER
    )
    assert kan_lage == []


def test_ingen_kan_endre_det_som_er_skrevet(super_: Any) -> None:
    tabeller = rader(
        super_,
        "SELECT oid::regclass::text FROM pg_class WHERE relname = ANY(%s) OR oid IN"
        " (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'hendelse'::regclass)",
        list(SKRIVEBESKYTTET),
    )
    assert len(tabeller) >= len(SKRIVEBESKYTTET) + 4
    for (tabell,) in tabeller:
        for rolle in ROLLER:
            for rett in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
                [(har,)] = rader(super_, "SELECT has_table_privilege(%s, %s, %s)", rolle, tabell, rett)
                assert not har, f"{rolle} har {rett} på {tabell}"
            [(har,)] = rader(super_, "SELECT has_any_column_privilege(%s, %s, 'UPDATE')", rolle, tabell)
            assert not har, f"{rolle} kan endre en kolonne i {tabell}"
        # The triggers bind the owner too.
        utlosere = rader(
            super_, "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'", tabell
        )
        slag = 0
        for (t,) in utlosere:
            slag |= t
        assert slag & 0b111000 == 0b111000, f"{tabell}: DELETE, UPDATE og TRUNCATE må alle stoppes"


def test_partisjonene_nas_bare_gjennom_tabellen(super_: Any) -> None:
    """A policy on the parent does not hold for who asks a partition directly."""
    apne = rader(
        super_,
        "SELECT r, i.inhrelid::regclass::text FROM pg_inherits i, unnest(%s::text[]) r"
        " WHERE i.inhparent = 'hendelse'::regclass AND has_any_column_privilege(r, i.inhrelid, 'SELECT, INSERT')",
        ROLLER,
    )
    assert apne == []


def test_ny_partisjon_er_like_vernet(super_: Any, som: Any) -> None:
    with som(DbRolle.ARBEIDER, "*", klarert=True) as forbindelse:
        forbindelse.execute("SELECT lag_hendelse_partisjon('2031-05-01')")
    test_partisjonene_nas_bare_gjennom_tabellen(super_)
    test_ingen_kan_endre_det_som_er_skrevet(super_)


@pytest.mark.parametrize("rolle", [DbRolle.API, DbRolle.ARBEIDER])
def test_radvern_gjelder_i_alle_tabeller_med_saksdata(
    land: Land, som: Any, super_: Any, rolle: DbRolle
) -> None:
    """Asked in SQL, without any filter: A's session counts what A has, an empty session nothing."""
    med_sak = rader(
        super_,
        "SELECT c.relname, array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname IN ('sak_id', 'kommunenummer')"
        " AND c.relnamespace = 'public'::regnamespace GROUP BY 1",
    )
    assert {t for t, _ in med_sak} >= {"sak", "vedtak", "hendelse", "lesing", "bevaringshold", "lopende"}
    provd = 0
    for tabell, kolonner in med_sak:
        if tabell in {"kjoring_omfang", "statistikk"}:
            continue
        [(kan,)] = rader(super_, "SELECT has_table_privilege(%s, %s, 'SELECT')", rolle.value, tabell)
        if not kan:
            continue
        kolonne = "sak_id" if "sak_id" in kolonner else "id"
        if tabell == "utboks" and rolle is DbRolle.ARBEIDER:
            continue  # ids of work, for whoever does it
        with som(rolle) as ingen:
            assert rader(ingen, f"SELECT count(*) FROM {tabell}") == [(0,)], tabell
        with som(rolle, A) as a:
            sett = rader(a, f"SELECT DISTINCT {kolonne} FROM {tabell} WHERE {kolonne} IS NOT NULL")
        egne = rader(super_, "SELECT id FROM sak WHERE kommunenummer = %s AND NOT gradert", A)
        assert set(sett) <= set(egne), tabell
        provd += bool(sett)
    assert provd >= 6


def test_person_sees_bare_gjennom_en_synlig_sak(land: Land, som: Any, super_: Any) -> None:
    with som(DbRolle.API, A) as a:
        sett = set(rader(a, "SELECT id FROM person"))
    ventet = rader(
        super_,
        "SELECT sp.person_id FROM sak_person sp JOIN sak s ON s.id = sp.sak_id "
        " WHERE s.kommunenummer = %s AND NOT gradert",
        A,
    )
    assert sett == set(ventet)


def test_skriving_over_grensen_nektes(land: Land, som: Any) -> None:
    annen = land.saker[B, "vedtatt"][0]["sak"]
    egen = land.saker[A, "vedtatt"][0]["sak"]
    with som(DbRolle.API, A) as a:
        assert a.execute("UPDATE sak SET versjon = versjon WHERE id = %s", [annen]).rowcount == 0
        assert a.execute("UPDATE behandling SET tilstand = 'x' WHERE sak_id = %s", [annen]).rowcount == 0
    for setning, verdier in (
        ("UPDATE sak SET kommunenummer = '4601' WHERE id = %s", [egen]),
        ("UPDATE sak SET gradert = true WHERE id = %s", [egen]),
        (
            """INSERT INTO hendelse (id, sak_id, seq, tid, type, kanonisk, forrige, hash)
               VALUES (gen_random_uuid(), %s, 99, now(), 'x', '', '', '')""",
            [annen],
        ),
        (
            """INSERT INTO sak (id, ordning, kommunenummer, hovedperson)
               SELECT gen_random_uuid(), 'x', '4601', hovedperson FROM sak WHERE id = %s""",
            [egen],
        ),
        ("INSERT INTO utgaende (id, sak_id, type, data) VALUES (gen_random_uuid(), %s, 'x', '{}')", [annen]),
    ):
        with som(DbRolle.API, A) as a, pytest.raises(NEKTET):
            a.execute(setning, verdier)


@pytest.mark.parametrize("rolle", list(DbRolle))
@pytest.mark.parametrize(
    "setning",
    [
        "ALTER TABLE hendelse DISABLE TRIGGER ALL",
        "ALTER TABLE sak DISABLE ROW LEVEL SECURITY",
        "DROP POLICY sak_kommune ON sak",
        "SET session_replication_role = replica",
        "SET ROLE boligsak_eier",
        "CREATE TABLE x (y int)",
        "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TRIGGER hendelse_rad ON hendelse",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY person TO '/tmp/x'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_rollen_kan_ikke_komme_seg_rundt(som: Any, rolle: DbRolle, setning: str) -> None:
    with som(rolle, "*", klarert=True) as forbindelse, pytest.raises(NEKTET):
        forbindelse.execute(setning)


def test_bare_bevaring_kan_slette_nokler(super_: Any, som: Any) -> None:
    for rolle in ROLLER:
        [(har,)] = rader(super_, "SELECT has_any_column_privilege(%s, 'person', 'UPDATE')", rolle)
        assert har == (rolle == DbRolle.BEVARING), rolle
    for rolle in (DbRolle.API, DbRolle.ARBEIDER, DbRolle.KJORING):
        with som(rolle, "*", klarert=True) as forbindelse, pytest.raises(NEKTET):
            forbindelse.execute("UPDATE person SET nokkel = NULL")
    with som(DbRolle.BEVARING, "*", klarert=True) as forbindelse, pytest.raises(NEKTET):
        forbindelse.execute("SELECT innhold FROM opplysning")


def test_kjoringen_har_bare_det_den_trenger(super_: Any) -> None:
    har: dict[str, set[str]] = {}
    for tabell, rett in rader(
        super_,
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = 'boligsak_kjoring' AND table_name = ANY(%s)",
        list(SAKSDATA),
    ):
        har.setdefault(tabell, set()).add(rett)
    assert har == KJORING
    for tabell, ventet in BARE_KOLONNER.items():
        for rolle in (DbRolle.API, DbRolle.ARBEIDER, DbRolle.KJORING):
            kan = rader(
                super_,
                "SELECT column_name FROM information_schema.role_column_grants"
                " WHERE grantee = %s AND table_name = %s AND privilege_type = 'UPDATE'",
                rolle.value,
                tabell,
            )
            assert {k for (k,) in kan} <= ventet, (rolle, tabell)


def test_funksjoner_med_eierens_rett_har_trygg_sokesti(super_: Any) -> None:
    funksjoner = rader(
        super_,
        "SELECT proname, proconfig, proacl::text FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace",
    )
    assert {f[0] for f in funksjoner} >= {"finn_eller_lag_person", "lag_hendelse_partisjon"}
    for navn, oppsett, acl in funksjoner:
        sokesti = [o for o in oppsett or [] if o.startswith("search_path=")]
        assert [s.endswith(", pg_temp") for s in sokesti] == [True], navn
        assert not re.search("[{,]=X", acl or "=X"), f"{navn} kan kalles av alle"
