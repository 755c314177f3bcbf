"""The embedded servers: start, crash, start again, several at once, addresses from the environment."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from services.innebygd import servere as modul
from services.innebygd.postgres import Postgres, PostgresFeil, binarmappe
from services.innebygd.servere import (
    Adresser,
    InstansOpptatt,
    Servere,
    ServereNede,
    adresser,
    oppe,
    uten_passord,
)
from services.innebygd.valkey import Valkey, uten_gjentak
from services.innstillinger import Innstillinger


@pytest.fixture
def rot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root of its own, without addresses in the environment, in a folder deeper than a socket path may be."""
    dyp = tmp_path / ("d" * 60) / ("y" * 60) / "p"
    valg = Innstillinger(rot=dyp, database_url=None, broker_url=None)
    monkeypatch.setattr(modul, "innstillinger", lambda: valg)
    return dyp


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("pg") / "postgres")
    server.start()
    yield server
    server.stopp()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stopp()


def sporr(url: str, sql: str) -> object:
    with psycopg.connect(url) as forbindelse:
        rad = forbindelse.execute(sql).fetchone()
    assert rad is not None
    return rad[0]


@pytest.mark.parametrize(
    ("navn", "verdi"),
    [
        ("server_version_num", "18"), ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"),
        ("autovacuum", "on"), ("jit", "off"), ("TimeZone", "UTC"), ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"), ("listen_addresses", "127.0.0.1"),
    ],
)  # fmt: skip
def test_postgres_settings_in_force(postgres: Postgres, navn: str, verdi: str) -> None:
    assert str(sporr(postgres.url, f"select current_setting('{navn}')")).startswith(verdi)


def test_sorting_is_the_same_on_every_machine(postgres: Postgres) -> None:
    sql = "select datlocprovider::text || datlocale from pg_database where datname = 'boligsak'"
    assert sporr(postgres.url, sql) == "bC.UTF-8"
    assert sporr(postgres.url, "select lower('ÅSE')") == "åse"


def test_a_wrong_password_is_refused(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            postgres.url.replace("postgres:", "postgres:x", 1).replace("postgresql:x", "postgresql:")
        )


def test_committed_rows_survive_kill_9(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as forbindelse:
        forbindelse.execute("create table if not exists igjen (n int)")
        forbindelse.execute("insert into igjen values (1)")
    url, pid = postgres.url, postgres.pid
    postgres.drep()
    assert postgres.start() == url
    assert postgres.pid != pid
    assert sporr(url, "select count(*) from igjen") == 1


def test_a_pid_file_of_another_program_does_not_stand_in_the_way(postgres: Postgres) -> None:
    """After kill -9 the number in the file may be any process's: here, ours."""
    postgres.drep()
    pidfil = postgres.data / "postmaster.pid"
    linjer = pidfil.read_text().splitlines()
    pidfil.write_text("\n".join([str(os.getpid()), *linjer[1:]]) + "\n")
    postgres.start()
    assert sporr(postgres.url, "select 1") == 1


def test_a_taken_port_is_given_up_for_a_free_one(postgres: Postgres) -> None:
    postgres.stopp()
    gammel = postgres.port
    with socket.socket() as opptatt:
        opptatt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opptatt.bind(("127.0.0.1", gammel))
        opptatt.listen()
        postgres.start()
    assert postgres.port != gammel
    assert sporr(postgres.url, "select 1") == 1


def test_an_interrupted_first_start_leaves_nothing_half_made(tmp_path: Path) -> None:
    halv = tmp_path / "postgres" / "data.ny"
    halv.mkdir(parents=True)
    (halv / "PG_VERSION").write_text("18\n")
    server = Postgres(tmp_path / "postgres")
    try:
        server.start()
        assert not halv.exists()
        assert sporr(server.url, "select 1") == 1
    finally:
        server.stopp()


def test_data_of_another_major_version_is_named(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresFeil, match="made by PostgreSQL 17"):
        server.start()


def test_the_wheel_has_dump_and_restore() -> None:
    for program in ("pg_dump", "pg_restore", "psql", "pgbench"):
        assert shutil.which(program, path=str(binarmappe())) is not None


def test_valkey_settings_and_what_is_written_survives_kill_9(valkey: Valkey) -> None:
    klient = redis.Redis.from_url(valkey.url)
    assert klient.config_get("appendonly", "appendfsync", "maxmemory-policy") == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }
    klient.rpush("ko", *range(100))
    klient.close()
    url = valkey.url
    valkey.drep()
    assert valkey.start() == url
    with redis.Redis.from_url(url) as igjen:
        assert igjen.llen("ko") == 100


def test_valkey_wants_the_password(valkey: Valkey) -> None:
    with (
        uten_gjentak(f"redis://127.0.0.1:{valkey.port}/0") as klient,
        pytest.raises(redis.AuthenticationError),
    ):
        klient.ping()


def test_two_instances_side_by_side_and_one_owner_each(rot: Path) -> None:
    en, to = Servere("en"), Servere("to")
    try:
        a, b = en.start(), to.start()
        assert a.database_url != b.database_url
        assert sporr(a.database_url, "select 1") == sporr(b.database_url, "select 1") == 1
        assert adresser("en") == a
        with pytest.raises(InstansOpptatt, match=str(os.getpid())):
            Servere("en").start()
        with oppe("to") as brukt:
            assert brukt == b
        assert adresser("to") == b  # a command that found it running leaves it running
    finally:
        en.stopp()
        to.stopp()
    with pytest.raises(ServereNede, match="boligsak start"):
        adresser("en")
    assert (rot / "en" / "adresser.json").stat().st_mode & 0o077 == 0


def test_addresses_of_the_environment_win(rot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    valg = Innstillinger(rot=rot, database_url="postgresql://u:p@db/x", broker_url="redis://r/1")
    monkeypatch.setattr(modul, "innstillinger", lambda: valg)
    gitt = Adresser("postgresql://u:p@db/x", "redis://r/1")
    assert adresser() == gitt
    verter = Servere("ingen")
    assert (verter.postgres, verter.valkey) == (None, None)
    try:
        assert verter.start() == gitt
    finally:
        verter.stopp()


def test_one_given_address_is_mixed_with_one_embedded_server(
    rot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    valg = Innstillinger(rot=rot, database_url="postgresql://u:p@db/x", broker_url=None)
    monkeypatch.setattr(modul, "innstillinger", lambda: valg)
    verter = Servere("blandet")
    try:
        funnet = verter.start()
        assert funnet.database_url == "postgresql://u:p@db/x"
        with redis.Redis.from_url(funnet.broker_url) as klient:
            assert klient.ping()
        assert adresser("blandet") == funnet
    finally:
        verter.stopp()


@pytest.mark.parametrize(
    ("url", "vist"),
    [
        ("postgresql://u:hemmelig@db:5432/x?sslmode=require", "postgresql://u@db:5432/x"),
        ("redis://:hemmelig@127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
    ],
)
def test_a_shown_address_has_no_password(url: str, vist: str) -> None:
    assert uten_passord(url) == vist
