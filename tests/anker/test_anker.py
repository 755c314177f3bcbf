"""Anchors: a chain of their own, small from night to night, and a proof that needs the public key alone."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from domain.sak.merkle import Tre
from services.anker.bevis import lag_bevis, sjekk_bevis
from services.anker.feil import AnkerFeil
from services.anker.fil import HODE, blad, hodefil, les_alle, punkter, signer, tilstand
from services.anker.innstillinger import ankerinnstillinger
from services.anker.lag import lag
from services.anker.nokkel import offentlig_pem, offentlige, signeringsnokkel
from services.cli.verify import app
from services.klokke import na
from tests.bench.tillit_land import lag_land
from tests.felles.miljo import miljo


def sql(url: str, setning: str, *verdier: object) -> None:
    with psycopg.connect(url) as db:
        db.execute("SET session_replication_role = replica")
        assert db.execute(setning.encode(), verdier).rowcount


def test_a_night_holds_only_what_has_changed_and_all_nights_together_the_root(lag_forankret: Any) -> None:
    forankret = lag_forankret(40)
    forste = forankret.lag(13).anker
    nye = lag_land(forankret.url, 5, fro=99)
    andre = forankret.lag(14).anker
    tredje = forankret.lag(15).anker
    assert [a.dokument["saker"] for a in (forste, andre, tredje)] == [40, 45, 45]
    assert [a.dokument["hoder"]["antall"] for a in (forste, andre, tredje)] == [40, 5, 0]
    assert hodefil(forankret.mappe, 2).stat().st_size == 5 * HODE
    assert [a.dokument["forrige"] for a in (forste, andre, tredje)] == [None, forste.hash, andre.hash]
    assert andre.rot == tredje.rot != forste.rot
    alle = les_alle(forankret.mappe)
    assert alle == [forste, andre, tredje]
    assert Tre(blad(h) for h in tilstand(forankret.mappe, alle)).rot == tredje.rot
    assert [s for s, _ in punkter(forankret.mappe, alle)] == sorted(map(str, [*forankret.saker, *nye]))
    assert forankret.kontroller().funn == []
    assert all(oct(f.stat().st_mode)[-3:] == "444" for f in forankret.mappe.glob("0*"))


def test_several_processes_find_the_same(lag_forankret: Any) -> None:
    forankret = lag_forankret(30)
    forankret.lag()
    midt = forankret.saker[14]
    sql(forankret.url, "UPDATE vedtak SET utfall = 'x' WHERE sak_id = %s", midt)
    sql(forankret.url, "DELETE FROM hendelse WHERE sak_id = %s", forankret.saker[15])
    en, to = forankret.kontroller(prosesser=1), forankret.kontroller(prosesser=2)
    assert (en.saker, en.hendelser, en.vedtak) == (to.saker, to.hendelser, to.vedtak) == (30, 116, 30)
    assert [(f.sak, f.slag) for f in en.funn] == [(f.sak, f.slag) for f in to.funn]
    assert (str(midt), "endret") in {(f.sak, f.slag) for f in to.funn}


def test_what_went_back_is_told_at_once_and_found_for_ever(lag_forankret: Any) -> None:
    forankret = lag_forankret(10)
    forankret.lag(13)
    a, b, c = map(str, forankret.saker[:3])
    sql(forankret.url, "DELETE FROM hendelse WHERE sak_id = %s AND seq = 4", a)
    sql(
        forankret.url,
        "UPDATE sak SET siste_seq = 3, siste_hash = (SELECT hash FROM hendelse WHERE sak_id = sak.id AND seq = 3)"
        " WHERE id = %s",
        a,
    )
    for tabell in ("hendelse", "vedtak"):
        sql(forankret.url, f"DELETE FROM {tabell} WHERE sak_id = %s", b)
    sql(forankret.url, "DELETE FROM sak WHERE id = %s", b)
    laget = forankret.lag(14)
    assert (laget.tilbake, laget.borte) == ([a], [b])
    assert laget.anker.dokument["saker"] == 9
    etter = forankret.lag(15)
    assert (etter.tilbake, etter.borte, etter.anker.dokument["hoder"]["antall"]) == ([], [], 0)
    slag = {
        f.sak: f.slag for f in reversed(forankret.kontroller().funn)
    }  # the chain first, then what stood by it
    assert slag == {a: "rullet_tilbake", b: "fjernet"}
    assert c not in slag


@pytest.mark.parametrize(
    ("inngrep", "hva"),
    [
        ("hoder", "hodene er endret"),
        ("avkortet", "er avkortet"),
        ("borte", "anker 2 mangler"),
        ("signatur", "signaturen"),
        ("fremmed", "signaturen"),
        ("innhold", "signaturen"),
        ("byttet", "har nummer 2"),
        ("rusk", "kan ikke leses"),
    ],
)
def test_a_changed_anchor_is_named(lag_forankret: Any, inngrep: str, hva: str) -> None:
    forankret = lag_forankret(5)
    for dag in (13, 14, 15):
        forankret.lag(dag)
    fil, hoder = forankret.mappe / "00000002.json", forankret.mappe / "00000001.hoder"
    dokument = json.loads(fil.read_bytes())
    for f in (fil, hoder):
        f.chmod(0o644)
    if inngrep == "hoder":
        *foran, siste = hoder.read_bytes()
        hoder.write_bytes(bytes([*foran, siste ^ 1]))
    elif inngrep == "avkortet":
        hoder.write_bytes(hoder.read_bytes()[:-5])
    elif inngrep == "borte":
        fil.unlink()
    elif inngrep == "signatur":
        fil.write_text(json.dumps({**dokument, "signatur": "00" * 64}))
    elif inngrep == "fremmed":
        fil.write_bytes(signer(dokument["anker"], Ed25519PrivateKey.generate()).linje())
    elif inngrep == "innhold":
        dokument["anker"]["saker"] += 1
        fil.write_text(json.dumps(dokument))
    elif inngrep == "byttet":
        fil.rename(forankret.mappe / "00000004.json")
    else:
        fil.write_text("{")
    funn = [f for f in forankret.kontroller().funn if f.sak == "-"]
    assert funn
    assert any(hva in f.forklaring for f in funn), funn


def test_the_proof_of_one_case_needs_the_public_key_alone(lag_forankret: Any, tmp_path: Path) -> None:
    forankret = lag_forankret(21)
    forankret.lag()
    for sak in (forankret.saker[0], forankret.saker[7], forankret.saker[20]):
        bevis = json.loads(json.dumps(lag_bevis(forankret.url, forankret.mappe, sak)))
        bevist = sjekk_bevis(bevis, offentlige())
        assert (bevist.sak, bevist.seq, bevist.anker.nr) == (sak, 4, 1)
        annen = str(forankret.saker[1])
        for endring in (
            {"sak": annen},
            {"seq": 3},
            {"seq": -1},
            {"seq": 2**70},
            {"hash": "00" * 32},
            {"indeks": (bevis["indeks"] + 1) % 21},
            {"sti": bevis["sti"][:-1]},
            {"sti": None},
            {"kjede": bevis["kjede"][:-1]},
            {"kjede": [k.replace("system", "sjefen") for k in bevis["kjede"]]},
            {"anker": {**bevis["anker"], "saker": 22}},
            {"anker": {**bevis["anker"], "rot": "00" * 32}},
            {"signatur": "00" * 64},
            {"signatur": "zz"},
        ):
            with pytest.raises(AnkerFeil):
                sjekk_bevis({**bevis, **endring}, offentlige())
    fremmed = tmp_path / "fremmed.pem"
    fremmed.write_text(offentlig_pem(Ed25519PrivateKey.generate().public_key()))
    with pytest.raises(AnkerFeil, match="nøkkel"):
        sjekk_bevis(bevis, offentlige(fremmed))
    begge = tmp_path / "begge.pem"
    begge.write_text(fremmed.read_text() + offentlig_pem(signeringsnokkel().public_key()))
    assert sjekk_bevis(bevis, offentlige(begge)).seq == 4


def test_no_proof_of_a_case_that_was_not_there_or_has_been_rewritten(lag_forankret: Any) -> None:
    forankret = lag_forankret(4)
    with pytest.raises(AnkerFeil, match="ikke noe anker"):
        lag_bevis(forankret.url, forankret.mappe, forankret.saker[0])
    forankret.lag()
    [ny] = lag_land(forankret.url, 1, fro=5)
    with pytest.raises(AnkerFeil, match="nyere"):
        lag_bevis(forankret.url, forankret.mappe, ny)
    sql(forankret.url, "UPDATE hendelse SET kanonisk = kanonisk || ' ' WHERE sak_id = %s", forankret.saker[0])
    with pytest.raises(AnkerFeil, match="ikke den som ble forankret"):
        lag_bevis(forankret.url, forankret.mappe, forankret.saker[0])


def test_two_at_a_time_are_refused_and_a_killed_try_leaves_nothing(lag_forankret: Any) -> None:
    forankret = lag_forankret(4)
    forankret.mappe.mkdir()
    (forankret.mappe / "00000001.hoder").write_bytes(b"half of what was to be")
    assert forankret.lag().anker.nr == 1
    import fcntl

    with (forankret.mappe / ".las").open("w") as fil:
        fcntl.flock(fil, fcntl.LOCK_EX)
        with pytest.raises(AnkerFeil, match="en annen prosess"):
            forankret.lag()
    assert forankret.kontroller().funn == []
    assert not list(forankret.mappe.glob(".0*"))


def test_production_needs_a_folder_and_a_key(rydd: str, tmp_path: Path) -> None:
    with miljo({"BOLIGSAK_MILJO": "prod"}):
        ankerinnstillinger.cache_clear()
        with pytest.raises(AnkerFeil, match="BOLIGSAK_ANKER_NOKKEL_FIL"):
            lag(rydd, tmp_path, na())
        from services.anker.innstillinger import ankermappe

        with pytest.raises(AnkerFeil, match="BOLIGSAK_ANKER_MAPPE"):
            ankermappe()
    assert not list(tmp_path.iterdir())


def test_the_command(lag_forankret: Any, tmp_path: Path) -> None:
    forankret = lag_forankret(6)
    kjor = CliRunner().invoke
    uten = kjor(app, ["--anker"])
    assert uten.exit_code == 1
    assert "det finnes ikke noe anker" in uten.output
    forankret.lag()
    ren = kjor(app, ["--anker"])
    assert ren.exit_code == 0, ren.output
    assert "6 saker, 24 hendelser, 6 vedtak" in ren.output
    assert "holdt mot 1 ankre; det siste er nr. 1 fra 2026-09-13T01:40:00.000000Z" in ren.output

    sak = str(forankret.saker[2])
    fil = tmp_path / "bevis.json"
    fil.write_text(kjor(app, ["--sak", sak, "--bevis"]).stdout)
    nokkel = tmp_path / "anker.pub.pem"
    nokkel.write_text(offentlig_pem(signeringsnokkel().public_key()))
    with miljo({"BOLIGSAK_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}):
        sjekk = kjor(app, ["--sjekk-bevis", str(fil), "--nokkel", str(nokkel)])
        assert sjekk.exit_code == 0, sjekk.output
        assert f"beviset holder: sak {sak} hadde 4 hendelser" in sjekk.output
        fil.write_text(fil.read_text().replace("V0", "V1"))
        assert kjor(app, ["--sjekk-bevis", str(fil), "--nokkel", str(nokkel)]).exit_code == 1
        assert kjor(app, ["--sjekk-bevis", str(nokkel)]).exit_code == 2
    assert kjor(app, ["--bevis"]).exit_code == 2
    sql(forankret.url, "DELETE FROM hendelse WHERE sak_id = %s AND seq = 4", sak)
    sql(
        forankret.url,
        "UPDATE sak SET siste_seq = 3, siste_hash = (SELECT hash FROM hendelse WHERE sak_id = sak.id AND seq = 3)"
        " WHERE id = %s",
        sak,
    )
    uten_anker = kjor(app, [])
    assert uten_anker.exit_code == 1
    assert "satt_inn: sak" in uten_anker.output
    assert "tilbake" not in uten_anker.output
    brutt = kjor(app, ["--anker", "--sak", sak])
    assert brutt.exit_code == 1
    assert f"rullet_tilbake: sak {sak} seq 4" in brutt.output
