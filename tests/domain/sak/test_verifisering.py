"""Tampering as a superuser would do it, on a chain in memory: every one found, and named."""

import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.sak.kjede import START, hendelseshode, kanonisk, neste_hash, pakk_innhold, tid_tekst
from domain.sak.verifisering import Hode, Rad, verifiser

SAK = str(uuid.UUID(int=7))
START_TID = datetime(2026, 9, 1, 12, tzinfo=UTC)


def kjede(antall: int) -> list[Rad]:
    rader: list[Rad] = []
    forrige = START
    for seq in range(1, antall + 1):
        klar, innhold = pakk_innhold(f"innhold {seq}".encode(), bytes([seq % 256]) * 16)
        forseglet = b"forseglet " + klar
        tid = START_TID + timedelta(seconds=seq)
        h = hendelseshode(
            id=uuid.UUID(int=1000 + seq),
            sak_id=SAK,
            behandling_id=uuid.UUID(int=50),
            seq=seq,
            tid=tid,
            type="tilstand",
            aktor="system",
            data={"til": f"t{seq}"},
            innhold=innhold,
            forseglet=forseglet,
        )
        k = kanonisk(h)
        hash_ = neste_hash(forrige, k)
        rader.append(
            Rad(SAK, seq, h["id"], h["behandling"], tid_tekst(tid), "tilstand", k, forrige, hash_, forseglet)
        )
        forrige = hash_
    return rader


def hode(rader: list[Rad]) -> Hode:
    return Hode(len(rader), rader[-1].hash) if rader else Hode(0, START)


def rehash(rader: list[Rad], fra: int) -> list[Rad]:
    ut = rader[:fra]
    for rad in rader[fra:]:
        forrige = ut[-1].hash if ut else START
        ut.append(rad._replace(forrige=forrige, hash=neste_hash(forrige, rad.kanonisk)))
    return ut


@pytest.mark.parametrize("antall", [0, 1, 2, 30])
def test_untouched_chain_is_whole(antall: int) -> None:
    rader = kjede(antall)
    assert verifiser(SAK, rader, hode(rader), hode(rader)) == []
    assert verifiser(SAK, rader, hode(rader), hode(rader[: antall // 2])) == []


def _endre_kanonisk(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i = r.randrange(len(rader))
    k = bytearray(rader[i].kanonisk)
    k[r.randrange(len(k))] ^= 1 << r.randrange(8)
    return [*rader[:i], rader[i]._replace(kanonisk=bytes(k)), *rader[i + 1 :]], "endret"


def _endre_og_rehash_en(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i = r.randrange(len(rader))
    k = rader[i].kanonisk.replace(b'"til":"t', b'"til":"x')
    ny = rader[i]._replace(kanonisk=k, hash=neste_hash(rader[i].forrige, k))
    return [*rader[:i], ny, *rader[i + 1 :]], "endret"


def _endre_felt(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i = r.randrange(len(rader))
    felt = r.choice(["id", "behandling", "tid", "type", "innhold", "hash", "forrige"])
    verdi = {"innhold": b"annet", "hash": bytes(32), "forrige": bytes([1]) * 32}.get(felt, "x")
    if felt == "innhold" and r.random() < 0.5:
        verdi = None
    return [*rader[:i], rader[i]._replace(**{felt: verdi}), *rader[i + 1 :]], "endret"


def _fjern(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i = r.randrange(len(rader) - 1)
    resten = rader[i + 1 :]
    if r.random() < 0.5:  # close the gap in the column
        resten = [rad._replace(seq=rad.seq - 1) for rad in resten]
    return rader[:i] + resten, "fjernet"


def _sett_inn(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i = r.randrange(len(rader))
    forrige = rader[i - 1].hash if i else START
    seq = r.choice([i + 1, i + 2, 0, 99, None])
    k = rader[i].kanonisk.replace(b'"seq":%d' % (i + 1), b'"seq":%d' % seq if seq is not None else b'"sek":1')
    k = k.replace(b'"til":"t', b'"til":"falsk')
    falsk = rader[i]._replace(seq=i + 1, kanonisk=k, forrige=forrige, hash=neste_hash(forrige, k))
    resten = [rad._replace(seq=rad.seq + 1) for rad in rader[i:]] if r.random() < 0.5 else rader[i:]
    return [*rader[:i], falsk, *resten], "satt_inn"


def _sett_inn_til_slutt(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    siste = rader[-1]
    k = siste.kanonisk.replace(b'"seq":%d' % siste.seq, b'"seq":%d' % (siste.seq + 1))
    falsk = siste._replace(seq=siste.seq + 1, kanonisk=k, forrige=siste.hash, hash=neste_hash(siste.hash, k))
    return [*rader, falsk], "satt_inn"


def _bytt(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    i, j = sorted(r.sample(range(len(rader)), 2))
    ny = list(rader)
    if r.random() < 0.5:  # whole rows change place
        ny[i], ny[j] = rader[j]._replace(seq=i + 1), rader[i]._replace(seq=j + 1)
    else:  # the hashed documents only
        ny[i], ny[j] = (
            rader[i]._replace(kanonisk=rader[j].kanonisk),
            rader[j]._replace(kanonisk=rader[i].kanonisk),
        )
    return ny, "byttet"


def _avkort(r: random.Random, rader: list[Rad]) -> tuple[list[Rad], str]:
    return rader[: r.randrange(len(rader))], "avkortet"


INNENFOR: list[Callable[[random.Random, list[Rad]], tuple[list[Rad], str]]] = [
    _endre_kanonisk,
    _endre_og_rehash_en,
    _endre_felt,
    _fjern,
    _sett_inn,
    _sett_inn_til_slutt,
    _bytt,
    _avkort,
]


@pytest.mark.parametrize("inngrep", INNENFOR, ids=lambda f: f.__name__)
def test_tampering_is_found_and_named(inngrep: Callable[..., tuple[list[Rad], str]]) -> None:
    r = random.Random(20260901)
    for _ in range(150):
        rader = kjede(r.randrange(2, 12))
        tuklet, slag = inngrep(r, rader)
        brudd = verifiser(SAK, tuklet, hode(rader))
        assert [b.slag for b in brudd] == [slag], (brudd, slag)
        assert verifiser(SAK, tuklet, hode(rader), hode(rader))[0].slag == slag


def test_changed_event_with_its_hash_made_anew_is_pointed_at_itself() -> None:
    rader = kjede(5)
    k = rader[2].kanonisk.replace(b'"til":"t3"', b'"til":"x"')
    rader[2] = rader[2]._replace(kanonisk=k, hash=neste_hash(rader[2].forrige, k))
    assert [(b.seq, b.slag) for b in verifiser(SAK, rader, hode(rader))] == [(3, "endret")]


def test_chain_rolled_back_with_its_head_is_found_by_the_anchor() -> None:
    rader = kjede(9)
    kort = rader[:6]
    assert verifiser(SAK, kort, hode(kort)) == []
    brudd = verifiser(SAK, kort, hode(kort), anker=hode(rader))
    assert [(b.seq, b.slag) for b in brudd] == [(7, "rullet_tilbake")]
    assert [b.slag for b in verifiser(SAK, [], hode([]), anker=hode(rader))] == ["rullet_tilbake"]
    assert [b.slag for b in verifiser(SAK, [], None, anker=hode(rader))] == ["rullet_tilbake"]


def test_history_rewritten_with_every_hash_made_anew_is_found_by_the_anchor() -> None:
    rader = kjede(9)
    k = rader[3].kanonisk.replace(b'"til":"t4"', b'"til":"x"')
    falsk = rehash([*rader[:3], rader[3]._replace(kanonisk=k), *rader[4:]], 3)
    assert verifiser(SAK, falsk, hode(falsk)) == []
    assert [b.slag for b in verifiser(SAK, falsk, hode(falsk), anker=hode(rader))] == ["omskrevet"]
    assert verifiser(SAK, falsk, hode(falsk), anker=hode(rader[:3])) == []


def test_rows_without_their_case_are_found() -> None:
    assert [b.slag for b in verifiser(SAK, kjede(3), None)] == ["fjernet"]
