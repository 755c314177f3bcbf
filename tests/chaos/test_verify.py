"""``boligsak verify`` against a superuser who tampers: every change found, and named."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner

from domain.sak.verifisering import Hode
from services.cli.verify import app
from services.klokke import na
from services.lager.roller import DbRolle, url_for
from services.lager.verifisering import Funn, Utvalg, verifiser_alt
from services.motor.dren import dren
from services.mottak.mottak import ta_imot
from services.registersim.befolkning import Befolkning
from services.registre.inprosess import RegistreIProsess
from services.tilgang.aktor import systemaktor
from tests.bench.krav import hendelser

Tukle = Callable[..., None]
SAKER = 5


@pytest.fixture
def sakene(rydd: str) -> list[str]:
    """Decided cases, in the order of their ids."""
    registre = RegistreIProsess(Befolkning(1))
    ider = [ta_imot(h, systemaktor(), na(), None).sak for h in hendelser(SAKER, "verify")]
    for id_ in ider:
        dren(id_, registre)
    return sorted(map(str, ider))


@pytest.fixture
def tukle(rydd: str) -> Tukle:
    """SQL by a superuser who has put the triggers out of action."""

    def utfor(sql: str, *verdier: object) -> None:
        with psycopg.connect(rydd) as forbindelse:
            forbindelse.execute("SET session_replication_role = replica")
            assert forbindelse.execute(sql.encode(), verdier).rowcount, sql

    return utfor


def funn(url: str, **valg: object) -> list[Funn]:
    return verifiser_alt(url, **valg).funn  # type: ignore[arg-type]


def test_what_the_engine_wrote_verifies(rydd: str, sakene: list[str]) -> None:
    resultat = verifiser_alt(rydd)
    assert resultat.funn == []
    assert (resultat.saker, resultat.uapnet) == (SAKER, 0)
    assert resultat.vedtak >= 1
    assert resultat.hendelser >= 3 * SAKER


def test_a_new_snapshot_after_each_case_loses_and_doubles_none(rydd: str, sakene: list[str]) -> None:
    samlet, delt = verifiser_alt(rydd), verifiser_alt(rydd, oyeblikk_s=0.0)
    assert (delt.saker, delt.hendelser, delt.vedtak) == (samlet.saker, samlet.hendelser, samlet.vedtak)
    assert delt.funn == []


@pytest.mark.parametrize(
    ("sql", "seq", "slag"),
    [
        ("UPDATE hendelse SET type = 'annet' WHERE sak_id = %s AND seq = 2", 2, "endret"),
        ("UPDATE hendelse SET kanonisk = kanonisk || ' ' WHERE sak_id = %s AND seq = 2", 2, "endret"),
        ("UPDATE hendelse SET innhold = innhold || '\\x00' WHERE sak_id = %s AND seq = 1", 1, "endret"),
        ("UPDATE hendelse SET tid = tid + interval '1 hour' WHERE sak_id = %s AND seq = 2", 2, "endret"),
        ("DELETE FROM hendelse WHERE sak_id = %s AND seq = 2", 2, "fjernet"),
        ("DELETE FROM hendelse WHERE sak_id = %s AND seq >= 3", 3, "avkortet"),
        (
            """INSERT INTO hendelse SELECT gen_random_uuid(), sak_id, behandling_id, seq, tid + interval '1 s', type,
               kanonisk, forrige, hash, innhold FROM hendelse WHERE sak_id = %s AND seq = 2""",
            3,
            "satt_inn",
        ),
        (
            """UPDATE hendelse h SET kanonisk = a.kanonisk, type = a.type, id = a.id, hash = a.hash FROM hendelse a
               WHERE h.sak_id = %s AND a.sak_id = h.sak_id AND (h.seq, a.seq) IN ((2, 3), (3, 2))""",
            2,
            "byttet",
        ),
    ],
)
def test_tampering_is_named(
    rydd: str, sakene: list[str], tukle: Tukle, sql: str, seq: int, slag: str
) -> None:
    tukle(sql, sakene[2])
    alle = funn(rydd)
    # The chain first; where its end is cut off, what stands beside it has lost its imprint too.
    assert (alle[0].sak, alle[0].seq, alle[0].slag) == (sakene[2], seq, slag)
    assert {f.sak for f in alle} == {sakene[2]}
    assert {f.slag for f in alle[1:]} <= {"satt_inn", "endret"}


@pytest.mark.parametrize(
    ("sql", "slag"),
    [
        ("UPDATE vedtak SET belop = belop + 1000 WHERE id = %s", "endret"),
        ("UPDATE vedtak SET fakta = fakta || '\\x00' WHERE id = %s", "endret"),
        ("UPDATE vedtak SET attestert_av = 'en annen' WHERE id = %s", "endret"),
        ("DELETE FROM vedtak WHERE id = %s", "fjernet"),
    ],
)
def test_a_changed_decision_is_named(rydd: str, sakene: list[str], tukle: Tukle, sql: str, slag: str) -> None:
    vedtak, sak = _et_vedtak(rydd)
    tukle(sql, vedtak)
    brudd, *andre = funn(rydd)
    assert (brudd.sak, brudd.slag, brudd.hva) == (str(sak), slag, f"vedtak {vedtak}")
    assert brudd.seq > 0
    # Its payment is hashed with it, and the running case says the same as it.
    assert {(f.sak, f.slag) for f in andre} <= {(str(sak), "endret")}


def test_a_decision_nobody_made_is_named(rydd: str, sakene: list[str], tukle: Tukle) -> None:
    vedtak, sak = _et_vedtak(rydd)
    tukle(
        "INSERT INTO vedtak SELECT gen_random_uuid(), sak_id, gen_random_uuid(), kommunenummer, termin, kode, utfall,"
        " belop, regelversjon, fattet, fattet_av, attestert_av, erstatter, fakta, spor FROM vedtak WHERE id = %s",
        vedtak,
    )
    [brudd] = funn(rydd)
    assert (brudd.sak, brudd.slag) == (str(sak), "satt_inn")
    assert str(vedtak) not in brudd.hva


def test_a_case_that_is_removed_is_named(rydd: str, sakene: list[str], tukle: Tukle) -> None:
    tukle("DELETE FROM sak WHERE id = %s", sakene[0])
    brudd = funn(rydd)[0]
    assert (brudd.sak, brudd.slag) == (sakene[0], "fjernet")


def test_content_swapped_with_its_hashes_made_anew_meets_the_anchor(
    rydd: str, sakene: list[str], tukle: Tukle
) -> None:
    """A case rewritten from the start hangs together; only a head kept elsewhere shows it."""
    [annen] = funn(rydd, punkter=iter([(sakene[1], [Hode(1, b"x" * 32)])]))
    assert (annen.sak, annen.seq, annen.slag) == (sakene[1], 1, "omskrevet")


def test_an_erased_person_still_verifies(rydd: str, sakene: list[str], tukle: Tukle) -> None:
    tukle(
        "UPDATE person SET nokkel = NULL, fnr = NULL FROM sak WHERE sak.hovedperson = person.id AND sak.id = %s",
        sakene[3],
    )
    resultat = verifiser_alt(rydd)
    assert resultat.funn == []
    assert resultat.uapnet >= 1


def test_another_key_behind_the_content_is_found(rydd: str, sakene: list[str], tukle: Tukle) -> None:
    """The sealed bytes are untouched, but no longer open: the person's key has been replaced by another's."""
    tukle(
        "UPDATE person p SET nokkel = b.nokkel FROM sak s, sak t, person b"
        " WHERE s.id = %s AND p.id = s.hovedperson AND t.id = %s AND b.id = t.hovedperson",
        sakene[1],
        sakene[2],
    )
    alle = funn(rydd)
    assert {(f.sak, f.slag) for f in alle} == {(sakene[1], "endret")}
    assert alle[0].seq == 1


def test_one_case_or_one_municipality_alone(rydd: str, sakene: list[str], tukle: Tukle) -> None:
    tukle("UPDATE hendelse SET type = 'annet' WHERE sak_id = %s AND seq = 1", sakene[0])
    assert verifiser_alt(rydd, Utvalg(sak=UUID(sakene[1]))).saker == 1
    assert funn(rydd, utvalg=Utvalg(sak=UUID(sakene[1]))) == []
    with psycopg.connect(rydd) as forbindelse:
        rader = forbindelse.execute(
            "SELECT kommunenummer, array_agg(id::text) FROM sak GROUP BY 1"
        ).fetchall()
    for kommune, ider in rader:
        resultat = verifiser_alt(rydd, Utvalg(kommuner=(kommune,)))
        assert (resultat.saker, len(resultat.funn)) == (len(ider), int(sakene[0] in ider))


def test_the_verifier_can_write_nothing_and_read_no_numbers(rydd: str, sakene: list[str]) -> None:
    url = url_for(DbRolle.REVISOR, rydd).replace("+psycopg", "")
    for sql in (
        "UPDATE sak SET versjon = 9",
        "DELETE FROM hendelse",
        "INSERT INTO utboks (sak_id, emne, ko) VALUES (gen_random_uuid(), 'dren', 'saker')",
        "SELECT fnr FROM person",
        "SELECT * FROM innboks",
    ):
        with (
            psycopg.connect(url) as forbindelse,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            forbindelse.execute(sql.encode())


def test_the_command_says_what_is_wrong_and_with_its_exit_code(
    rydd: str, sakene: list[str], tukle: Tukle
) -> None:
    ren = CliRunner().invoke(app, [])
    assert ren.exit_code == 0, ren.output
    assert f"{SAKER} saker" in ren.output
    assert "rader/s" in ren.output
    assert "0 brudd" in ren.output
    tukle("DELETE FROM hendelse WHERE sak_id = %s AND seq = 2", sakene[4])
    brutt = CliRunner().invoke(app, ["--sak", sakene[4]])
    assert brutt.exit_code == 1
    assert f"fjernet: sak {sakene[4]} seq 2" in brutt.output
    assert CliRunner().invoke(app, ["--sak", str(UUID(int=1))]).exit_code == 2


def _et_vedtak(url: str) -> tuple[UUID, UUID]:
    with psycopg.connect(url) as forbindelse:
        rad = forbindelse.execute("SELECT id, sak_id FROM vedtak ORDER BY id LIMIT 1").fetchone()
    assert rad is not None
    return rad[0], rad[1]
