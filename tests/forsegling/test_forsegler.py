import base64
import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.forsegling import (
    Forsegler,
    ForseglingBrutt,
    NokkelDestruert,
    NokkelfilFeil,
    UkjentNokkel,
    nokkelfil,
)
from services.forsegling.nokkelfil import Nokler
from services.innstillinger import Innstillinger

K1, K2, OPPSLAG = (bytes([n]) * 32 for n in (1, 2, 3))
BARE_K1 = Forsegler(Nokler("k1", {"k1": K1}, OPPSLAG))
BEGGE = Forsegler(Nokler("k2", {"k1": K1, "k2": K2}, OPPSLAG))
BARE_K2 = Forsegler(Nokler("k2", {"k2": K2}, OPPSLAG))


@given(st.binary(max_size=500), st.binary(max_size=50))
def test_round_trip(klartekst: bytes, aad: bytes) -> None:
    navn, innpakket = BARE_K1.ny_nokkel()
    forseglet = BARE_K1.pakk_ut(innpakket).forsegle(klartekst, aad)
    assert navn == "k1"
    assert len(forseglet) == len(klartekst) + 29
    assert BARE_K1.pakk_ut(innpakket).apne(forseglet, aad) == klartekst
    assert len(klartekst) < 4 or klartekst not in forseglet


@given(st.data())
def test_any_changed_bit_is_found(data: st.DataObject) -> None:
    innpakket = BARE_K1.ny_nokkel()[1]
    nokkel = BARE_K1.pakk_ut(innpakket)
    forseglet = nokkel.forsegle(b"16500 kr", b"opplysning.innhold")

    def endre(klar: bytes) -> bytes:
        bit = data.draw(st.integers(0, len(klar) * 8 - 1))
        return bytes(b ^ (1 << bit % 8 if i == bit // 8 else 0) for i, b in enumerate(klar))

    with pytest.raises(ForseglingBrutt):
        nokkel.apne(endre(forseglet), b"opplysning.innhold")
    with pytest.raises((ForseglingBrutt, UkjentNokkel)):
        BARE_K1.pakk_ut(endre(innpakket))


def test_value_moved_to_another_place_or_person_does_not_open() -> None:
    kari, ola = (BARE_K1.pakk_ut(BARE_K1.ny_nokkel()[1]) for _ in range(2))
    forseglet = kari.forsegle(b"x", b"vedtak.fakta 1")
    for nokkel, aad in ((kari, b"vedtak.fakta 2"), (ola, b"vedtak.fakta 1")):
        with pytest.raises(ForseglingBrutt):
            nokkel.apne(forseglet, aad)


@pytest.mark.parametrize(
    "rusk", [b"", b"\x01", b"\x02" + bytes(60), b"\x01" + bytes(11), b"\x01\xff", b"\x01\x02k1"]
)
def test_rubbish_is_refused_with_a_type(rusk: bytes) -> None:
    with pytest.raises(ForseglingBrutt):
        BARE_K1.pakk_ut(BARE_K1.ny_nokkel()[1]).apne(rusk, b"")
    with pytest.raises((ForseglingBrutt, UkjentNokkel)):
        BARE_K1.pakk_ut(rusk)


def test_destroyed_key() -> None:
    for gjor in (BARE_K1.pakk_ut, BARE_K1.pakk_om):
        with pytest.raises(NokkelDestruert):
            gjor(None)


def test_rewrapping_keeps_the_content_and_frees_the_old_key() -> None:
    gammel = BARE_K1.ny_nokkel()[1]
    forseglet = BARE_K1.pakk_ut(gammel).forsegle(b"innhold", b"a")
    navn, ny = BEGGE.pakk_om(gammel)
    assert navn == "k2"
    assert BARE_K2.pakk_ut(ny).apne(forseglet, b"a") == b"innhold"
    assert BEGGE.pakk_ut(gammel).apne(forseglet, b"a") == b"innhold"
    with pytest.raises(UkjentNokkel):
        BARE_K2.pakk_ut(gammel)


def test_running_process_follows_a_rotation() -> None:
    lest: list[Nokler] = []

    def les_igjen() -> Nokler:
        lest.append(Nokler("k2", {"k1": K1, "k2": K2}, OPPSLAG))
        return lest[-1]

    gammel = Forsegler(Nokler("k1", {"k1": K1}, OPPSLAG), les_igjen)
    forseglet = BEGGE.pakk_ut(ny := BEGGE.ny_nokkel()[1]).forsegle(b"innhold", b"a")
    assert gammel.pakk_ut(BARE_K1.ny_nokkel()[1])
    assert not lest
    assert gammel.pakk_ut(ny).apne(forseglet, b"a") == b"innhold"
    assert (gammel.ny_nokkel()[0], len(lest)) == ("k2", 1)
    with pytest.raises(UkjentNokkel):
        gammel.pakk_ut(Forsegler(Nokler("k3", {"k3": OPPSLAG}, K1)).ny_nokkel()[1])


def test_lookup_hash_is_keyed_and_stable() -> None:
    hash_ = BARE_K1.oppslag_hash("17912099997")
    assert len(hash_) == 32
    assert hash_ == BARE_K2.oppslag_hash("17912099997") != BARE_K2.oppslag_hash("57912075186")
    assert hash_ != Forsegler(Nokler("k1", {"k1": K1}, K2)).oppslag_hash("17912099997")


# --- the key file


def innst(tmp_path: Path, miljo: str = "lokal") -> Innstillinger:
    return Innstillinger(miljo=miljo, rot=tmp_path)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _uten_miljo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOLIGSAK_KEK_FIL", raising=False)


def test_key_file_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    forst = nokkelfil.les(innst(tmp_path))
    fil = nokkelfil.nokkelfil(innst(tmp_path))
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600
    assert nokkelfil.les(innst(tmp_path)).kek == forst.kek
    assert os.listdir(fil.parent) == ["kek.json"]  # noqa: PTH208
    assert "lokal-1" not in repr(forst)


def test_production_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NokkelfilFeil, match="BOLIGSAK_KEK_FIL"):
        nokkelfil.les(innst(tmp_path, "prod"))
    monkeypatch.setenv("BOLIGSAK_KEK_FIL", str(tmp_path / "finnes-ikke.json"))
    with pytest.raises(NokkelfilFeil, match="finnes ikke"):
        nokkelfil.les(innst(tmp_path, "prod"))
    assert list(tmp_path.iterdir()) == []


def test_new_key_becomes_active_and_the_old_stays(tmp_path: Path) -> None:
    gammel = nokkelfil.les(innst(tmp_path))
    fil = nokkelfil.nokkelfil(innst(tmp_path))
    navn = nokkelfil.legg_til(fil, date(2026, 11, 1))
    assert navn == "k-2026-11-01"
    assert nokkelfil.legg_til(fil, date(2026, 11, 1)) == "k-2026-11-01-2"
    ny = nokkelfil.les(innst(tmp_path))
    assert ny.aktiv == "k-2026-11-01-2"
    assert ny.kek["lokal-1"] == gammel.kek["lokal-1"]
    assert ny.oppslag == gammel.oppslag
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600


def b64(n: int, lengde: int = 32) -> str:
    return base64.b64encode(bytes([n]) * lengde).decode()


@pytest.mark.parametrize(
    ("endret", "melding"),
    [
        ({"aktiv": "k9"}, "aktiv"),
        ({"kek": {"k1": b64(1, 16)}}, r"kek\.k1 må være 32 byte"),
        ({"kek": {"k1": "!!!"}}, r"kek\.k1 må være 32 byte"),
        ({"oppslag": b64(1)}, "to ganger"),
        ({"kek": {"k1": b64(1), "k2": b64(1)}}, "to ganger"),
        ({"kek": {"K 1": b64(1)}, "aktiv": "K 1"}, "id i kek"),
        ({"kek": []}, "kan ikke leses|aktiv"),
        ({"oppslag": None}, "oppslag"),
    ],
)
def test_bad_key_file_names_the_field_and_shows_no_key(endret: dict[str, object], melding: str) -> None:
    dokument = {"aktiv": "k1", "kek": {"k1": b64(1)}, "oppslag": b64(3)} | endret
    with pytest.raises(NokkelfilFeil, match=melding) as feil:
        nokkelfil.tolk(json.dumps(dokument))
    assert b64(1) not in str(feil.value)


@pytest.mark.parametrize("tekst", ["", "{", "[]", "null", "{}"])
def test_key_file_that_is_no_document(tekst: str) -> None:
    with pytest.raises(NokkelfilFeil):
        nokkelfil.tolk(tekst)
