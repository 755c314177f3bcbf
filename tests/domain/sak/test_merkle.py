import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sak.merkle import Blad, Rot, Tre, verifiser


def blader(antall: int) -> list[Blad]:
    return [Blad(UUID(int=3 * i + 1), i + 1, hashlib.sha256(b"%d" % i).digest()) for i in range(antall)]


def rot_etter_rfc(hasher: list[bytes]) -> bytes:
    """RFC 6962 § 2.1 word for word: split at the largest power of two below n."""
    if not hasher:
        return hashlib.sha256().digest()
    if len(hasher) == 1:
        return hasher[0]
    k = 1
    while k * 2 < len(hasher):
        k *= 2
    return hashlib.sha256(b"\x01" + rot_etter_rfc(hasher[:k]) + rot_etter_rfc(hasher[k:])).digest()


@given(st.integers(0, 300))
def test_root_is_that_of_rfc_6962(antall: int) -> None:
    tre = Tre(blader(antall))
    assert tre.antall == antall
    assert tre.rot == rot_etter_rfc([b.hash() for b in blader(antall)])
    strom = Rot()
    for b in blader(antall):
        strom.legg_til(b.hash())
    assert (strom.rot(), strom.antall) == (tre.rot, antall)


@given(st.data(), st.integers(1, 300))
def test_proof_holds_for_its_leaf_and_for_nothing_else(data: st.DataObject, antall: int) -> None:
    alle = blader(antall)
    tre = Tre(alle)
    i = data.draw(st.integers(0, antall - 1))
    bevis = tre.bevis(i)
    assert verifiser(alle[i], bevis, tre.rot)
    assert not verifiser(alle[i]._replace(siste_seq=alle[i].siste_seq + 1), bevis, tre.rot)
    assert not verifiser(alle[i], bevis, hashlib.sha256(tre.rot).digest())
    if antall > 1:
        j = data.draw(st.integers(0, antall - 1).filter(lambda j: j != i))
        assert not verifiser(alle[j], bevis, tre.rot)
        assert not verifiser(alle[i], bevis._replace(indeks=j), tre.rot)
        assert not verifiser(alle[i], bevis._replace(sti=bevis.sti[:-1]), tre.rot)
        assert not verifiser(alle[i], bevis._replace(sti=(*bevis.sti, bevis.sti[0])), tre.rot)
    assert not verifiser(alle[i], bevis._replace(antall=i), tre.rot)
    assert not verifiser(alle[i], bevis._replace(indeks=-1), tre.rot)


def test_any_changed_head_changes_the_root() -> None:
    alle = blader(50)
    rot = Tre(alle).rot
    for i, blad in enumerate(alle):
        assert Tre([*alle[:i], blad._replace(siste_hash=bytes(32)), *alle[i + 1 :]]).rot != rot
        assert Tre(alle[:i] + alle[i + 1 :]).rot != rot


def test_leaves_out_of_order_or_twice_are_refused() -> None:
    a, b = blader(2)
    for feil in ([b, a], [a, a]):
        with pytest.raises(ValueError, match="sortert"):
            Tre(feil)
    with pytest.raises(IndexError):
        Tre([a]).bevis(1)
