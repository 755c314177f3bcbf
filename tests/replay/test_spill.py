"""Stored decisions computed again: the same bytes, and what is not the same is named."""

import struct
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from typer.testing import CliRunner

from domain.ordninger import ORDNINGER
from domain.sak.kjede import kanonisk
from services.cli.replay import app
from services.forsegling import forsegler
from services.motor.avgjorelse import aad
from services.motor.dren import dren
from services.mottak.mottak import ta_imot
from services.registersim.befolkning import Befolkning
from services.registre.inprosess import RegistreIProsess
from services.replay.spill import Lagret, sammenlign, spill_av, utvalg
from services.tilgang.aktor import systemaktor
from tests.bench.krav import hendelser
from tests.bench.tillit_land import TID, lag_land

ETTERPROV = ORDNINGER["bostotte"].etterprov
Endre = Callable[[dict[str, Any]], None]


@pytest.fixture
def vedtak(rydd: str) -> list[UUID]:
    """Decisions of three rule periods, and what the engine itself decides."""
    forsegler.cache_clear()
    for fro, termin in enumerate(("2022-06", "2024-05", "2026-09")):
        lag_land(rydd, 30, termin, fro)
    [en] = hendelser(1, "replay")
    dren(ta_imot(en, systemaktor(), TID, None).sak, RegistreIProsess(Befolkning(1)))
    with psycopg.connect(rydd) as db:
        return [r[0] for r in db.execute("SELECT id FROM vedtak ORDER BY id")]


def endre(url: str, id_: UUID, **nytt: Any) -> None:
    """As superuser; ``fakta`` and ``spor`` are given open and are sealed with the case's own key."""
    with psycopg.connect(url) as db:
        db.execute("SET session_replication_role = replica")
        [(innpakket,)] = db.execute(
            "SELECT p.nokkel FROM vedtak v JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson"
            " WHERE v.id = %s",
            [id_],
        ).fetchall()
        nokkel = forsegler().pakk_ut(innpakket)
        for felt, verdi in nytt.items():
            ny = nokkel.forsegle(verdi, aad(id_, felt)) if felt in ("fakta", "spor") else verdi
            db.execute(f"UPDATE vedtak SET {felt} = %s WHERE id = %s".encode(), [ny, id_])


def apne(url: str, id_: UUID) -> dict[str, bytes]:
    with psycopg.connect(url) as db:
        [(innpakket, fakta, spor)] = db.execute(
            "SELECT p.nokkel, v.fakta, v.spor FROM vedtak v JOIN sak s ON s.id = v.sak_id"
            " JOIN person p ON p.id = s.hovedperson WHERE v.id = %s",
            [id_],
        ).fetchall()
    nokkel = forsegler().pakk_ut(innpakket)
    return {"fakta": nokkel.apne(fakta, aad(id_, "fakta")), "spor": nokkel.apne(spor, aad(id_, "spor"))}


def test_every_decision_comes_out_the_same(rydd: str, vedtak: list[UUID]) -> None:
    resultat = spill_av(rydd, vedtak)
    assert (resultat.avvik, resultat.ukjente) == ([], [])
    assert resultat.antall == resultat.like == len(vedtak) == 91
    assert resultat.andel == 1.0


def test_the_seed_chooses_the_sample(rydd: str, vedtak: list[UUID]) -> None:
    a, b = utvalg(rydd, 20, 7), utvalg(rydd, 20, 7)
    assert a == b
    assert len(set(a)) == 20
    assert set(a) < set(vedtak)
    assert utvalg(rydd, 20, 8) != a
    assert set(utvalg(rydd, 1000, 8)) == set(vedtak)


@pytest.mark.parametrize(
    ("nytt", "felt"),
    [
        ({"belop": 123456}, "belop"),
        ({"kode": "V07"}, "kode"),
        ({"utfall": "avvist"}, "utfall"),
        ({"regelversjon": "bostotte-2025-01-v1-00000000"}, "regelversjon"),
        ({"regelversjon": "bostotte-2025-01-v2-00000000"}, "regelversjon"),
        ({"regelversjon": "noe annet"}, "regelversjon"),
        ({"termin": "2026-08"}, "fakta"),
    ],
)
def test_a_field_that_differs_is_named(
    rydd: str, vedtak: list[UUID], nytt: dict[str, Any], felt: str
) -> None:
    endre(rydd, vedtak[-5], **nytt)
    resultat = spill_av(rydd, vedtak)
    assert [(a.vedtak, a.felt) for a in resultat.avvik] == [(vedtak[-5], felt)]
    assert resultat.like == resultat.antall - 1


def test_changed_facts_show_in_the_first_rule_that_reads_them(rydd: str, vedtak: list[UUID]) -> None:
    fakta = orjson.loads(apne(rydd, vedtak[-5])["fakta"])
    fakta["husstand"][0]["manedsinntekt"] += 1000
    endre(rydd, vedtak[-5], fakta=kanonisk(fakta))
    [avvik] = spill_av(rydd, vedtak).avvik
    assert avvik.vedtak == vedtak[-5]
    assert "manedsinntekt_husstand" in f"{avvik.felt} {avvik.forklaring}"


def test_one_value_of_the_trace_and_facts_that_are_not_canonical(rydd: str, vedtak: list[UUID]) -> None:
    endre(rydd, vedtak[3], spor=apne(rydd, vedtak[3])["spor"][:-8] + struct.pack("<d", -1.0))
    apen = apne(rydd, vedtak[4])["fakta"]
    endre(rydd, vedtak[4], fakta=apen.replace(b":", b": ", 1))
    endre(rydd, vedtak[5], fakta=b'{"termin":"2022-06"}')
    endre(rydd, vedtak[6], spor=b"K1 noe annet")
    felt = {a.vedtak: a.felt for a in spill_av(rydd, vedtak).avvik}
    assert felt.keys() == set(vedtak[3:7])
    assert felt[vedtak[3]].startswith("spor.")
    assert (felt[vedtak[4]], felt[vedtak[5]], felt[vedtak[6]]) == ("fakta", "fakta", "spor")


def test_a_trace_stored_in_full_is_held_against_the_whole_one() -> None:
    fakta = {"termin": "2026-09", "kommunenummer": "0301"}
    hele = ETTERPROV.fullfor(
        {
            **fakta,
            "husstand": [{"rolle": "soker", "fodselsdato": "1980-01-01", "manedsinntekt": 12000}],
            "bolig": {"disposisjonsform": "leid", "boutgift_per_maned": 9000, "godkjent": True},
        }
    )
    versjon = ETTERPROV.regelversjon("2026-09")
    [g] = ETTERPROV.gjenta([hele], versjon)
    from services.motor.avgjorelse import fold_ut

    helt = fold_ut(kanonisk(hele), g.spor)
    lagret = Lagret(uuid4(), "2026-09", g.kode, g.utfall, g.belop, versjon, kanonisk(hele), helt)
    assert list(sammenlign(ETTERPROV, versjon, [lagret])) == []
    annet = Lagret(
        lagret.id,
        "2026-09",
        g.kode,
        g.utfall,
        g.belop,
        versjon,
        lagret.fakta,
        helt.replace(b"12000", b"12001"),
    )
    assert [a.felt for a in sammenlign(ETTERPROV, versjon, [annet])] == ["spor"]


def test_an_erased_person_is_counted_apart(rydd: str, vedtak: list[UUID]) -> None:
    with psycopg.connect(rydd) as db:
        db.execute(
            "UPDATE person p SET nokkel = NULL FROM sak s JOIN vedtak v ON v.sak_id = s.id"
            " WHERE s.hovedperson = p.id AND v.id = %s",
            [vedtak[0]],
        )
    resultat = spill_av(rydd, vedtak)
    assert (resultat.slettet, resultat.like, resultat.avvik) == (1, 90, [])
    assert resultat.andel == 1.0


def test_the_command(rydd: str, vedtak: list[UUID]) -> None:
    def kjor(*valg: str) -> Any:
        return CliRunner().invoke(app, list(valg))

    ren = kjor("--utvalg", "50", "--fro", "3")
    assert ren.exit_code == 0, ren.output
    assert "50 vedtak, 50 til de samme byte (100.00%), 0 avvik" in ren.output
    endre(rydd, vedtak[10], belop=1)
    brutt = kjor("--vedtak", str(vedtak[10]), "--vedtak", str(vedtak[11]))
    assert brutt.exit_code == 1
    assert f"vedtak {vedtak[10]}: belop:" in brutt.output
    assert "2 vedtak, 1 til de samme byte (50.00%), 1 avvik" in brutt.output
    assert kjor("--vedtak", str(uuid4())).exit_code == 2
    assert kjor().exit_code == 2


def test_the_nightly_task_leaves_figures_for_the_metrics(
    rydd: str, vedtak: list[UUID], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prometheus_client import CollectorRegistry, generate_latest

    from services.anker.innstillinger import ankerinnstillinger
    from services.api.tillitsmalinger import legg_til
    from services.lager.roller import DbRolle
    from services.lager.sesjon import Innsyn, transaksjon
    from workers.tillit import anker, replay

    def malinger() -> str:
        register = CollectorRegistry()
        with transaksjon(DbRolle.API, Innsyn("drift", "*", klarert=True)) as forbindelse:
            legg_til(register, forbindelse)
        return generate_latest(register).decode()

    monkeypatch.setenv("BOLIGSAK_ANKER_MAPPE", str(tmp_path))
    ankerinnstillinger.cache_clear()
    assert "boligsak_replay_andel" not in malinger()
    replay()
    anker()
    assert "\nboligsak_replay_andel 1.0\n" in malinger()
    assert "\nboligsak_replay_vedtak 91.0\n" in malinger()
    assert "\nboligsak_anker_saker 91.0\n" in malinger()
    for id_ in vedtak[:9]:
        endre(rydd, id_, belop=1)
    replay()
    assert f"\nboligsak_replay_andel {1 - 9 / 91}\n" in malinger()
    assert len(list(tmp_path.glob("*.json"))) == 1
    ankerinnstillinger.cache_clear()
