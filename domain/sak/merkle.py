"""One root over the heads of all case chains: a Merkle tree of RFC 6962 § 2.1 with inclusion proofs (RFC 9162 § 2.1.3).

Leaves are sorted by case id. Own code, because the one Python package of the kind (pymerkle 7.0.0) hashes a leaf in
about 15 µs with an object a node, which is half a minute for two million cases; this is one pass over flat bytes.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

_H = 32


class Blad(NamedTuple):
    """The head of one case's chain."""

    sak_id: UUID
    siste_seq: int
    siste_hash: bytes

    def hash(self) -> bytes:
        """sha256(0x00 || case id (16) || seq (8, big-endian) || hash (32))."""
        return hashlib.sha256(
            b"\x00" + self.sak_id.bytes + self.siste_seq.to_bytes(8, "big") + self.siste_hash
        ).digest()


class Bevis(NamedTuple):
    """That a leaf stands at ``indeks`` of ``antall``: the sibling hashes from the leaf upwards."""

    indeks: int
    antall: int
    sti: tuple[bytes, ...]


class Tre:
    """All levels, each as flat bytes (about 64 bytes a leaf in all)."""

    __slots__ = ("_nivaer",)

    def __init__(self, blader: Iterable[Blad]) -> None:
        """Raise ValueError when the leaves are not strictly ascending by case id."""
        hasher: list[bytes] = []
        forrige = -1
        for blad in blader:
            if blad.sak_id.int <= forrige:
                raise ValueError("bladene må være sortert etter sak_id, uten gjentak")
            forrige = blad.sak_id.int
            hasher.append(blad.hash())
        self._nivaer = [b"".join(hasher)]
        while len(self._nivaer[-1]) > _H:
            self._nivaer.append(_neste(self._nivaer[-1]))

    @property
    def antall(self) -> int:
        return len(self._nivaer[0]) // _H

    @property
    def rot(self) -> bytes:
        """32 bytes; of no leaves sha256 of nothing."""
        return self._nivaer[-1] or hashlib.sha256().digest()

    def bevis(self, indeks: int) -> Bevis:
        """Inclusion proof of leaf ``indeks`` (from 0)."""
        if not 0 <= indeks < self.antall:
            raise IndexError(f"indeks må være 0 til {self.antall - 1}")
        sti: list[bytes] = []
        i = indeks
        for niva in self._nivaer[:-1]:
            nabo = (i ^ 1) * _H
            if nabo < len(niva):  # the last of an odd level has no sibling and moves up as it is
                sti.append(niva[nabo : nabo + _H])
            i >>= 1
        return Bevis(indeks, self.antall, tuple(sti))


class Rot:
    """The root of leaves that come one after another, in memory for one hash a level."""

    __slots__ = ("_topper", "antall")

    def __init__(self) -> None:
        self.antall = 0
        self._topper: list[bytes] = []

    def legg_til(self, blad: bytes) -> None:
        """The hash of the next leaf (``Blad.hash``)."""
        h, n = blad, self.antall
        while n & 1:  # each set bit is a whole tree that waits for its sibling
            h = hashlib.sha256(b"\x01" + self._topper.pop() + h).digest()
            n >>= 1
        self._topper.append(h)
        self.antall += 1

    def rot(self) -> bytes:
        """As ``Tre.rot``."""
        if not self._topper:
            return hashlib.sha256().digest()
        *resten, h = self._topper
        for topp in reversed(resten):
            h = hashlib.sha256(b"\x01" + topp + h).digest()
        return h


def verifiser(blad: Blad, bevis: Bevis, rot: bytes) -> bool:
    """Whether ``blad`` is in the tree with root ``rot``; ``antall`` must be the signed one."""
    i, siste = bevis.indeks, bevis.antall - 1
    if not 0 <= i <= siste:
        return False
    h = blad.hash()
    for nabo in bevis.sti:
        if siste == 0:
            return False
        if i & 1 or i == siste:
            h = hashlib.sha256(b"\x01" + nabo + h).digest()
            while not i & 1 and i:
                i, siste = i >> 1, siste >> 1
        else:
            h = hashlib.sha256(b"\x01" + h + nabo).digest()
        i, siste = i >> 1, siste >> 1
    return siste == 0 and h == rot


def _neste(niva: bytes) -> bytes:
    sha256 = hashlib.sha256
    par = [sha256(b"\x01" + niva[i : i + 2 * _H]).digest() for i in range(0, len(niva) - _H, 2 * _H)]
    if len(niva) // _H % 2:
        par.append(niva[-_H:])
    return b"".join(par)
