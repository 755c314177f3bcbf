"""Seal and open. Sealed: version 1 (one byte), nonce (12), ciphertext and tag (AES-256-GCM, 16).

Wrapped data key: version 1, length of the key id (one byte), the id, nonce (12), the 32 key bytes sealed
(48). The id is authenticated. The associated data of content is the caller's: it says where the bytes belong
(table, column, row id), so that a value moved to another place does not open.
"""

import hmac
import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.forsegling.feil import ForseglingBrutt, NokkelDestruert, UkjentNokkel
from services.forsegling.nokkelfil import Nokler, les
from services.innstillinger import innstillinger

_V1 = b"\x01"
_NONCE = 12
_INNPAKKET = b"boligsak datanokkel v1 "


class Datanokkel:
    """One person's data key, unwrapped. Keep it no longer than the work that needs it."""

    __slots__ = ("_aead",)

    def __init__(self, nokkel: bytes) -> None:
        self._aead = AESGCM(nokkel)

    def forsegle(self, klartekst: bytes, aad: bytes) -> bytes:
        """Seal; 29 bytes longer than the plaintext. Random nonces: far below 2^32 messages a key."""
        nonce = os.urandom(_NONCE)
        return _V1 + nonce + self._aead.encrypt(nonce, klartekst, aad)

    def apne(self, forseglet: bytes, aad: bytes) -> bytes:
        """The plaintext, or ``ForseglingBrutt`` when bytes, key and ``aad`` do not belong together."""
        if forseglet[:1] != _V1:
            raise ForseglingBrutt("ukjent format på forseglede data")
        try:
            return self._aead.decrypt(forseglet[1 : 1 + _NONCE], forseglet[1 + _NONCE :], aad)
        except (InvalidTag, ValueError):
            raise ForseglingBrutt("forseglingen er brutt, eller dataene hører til et annet sted") from None


class Forsegler:
    """Makes, wraps and unwraps data keys, and hashes identity numbers for look-up. Safe between threads.

    ``les_igjen`` reads the keys anew when a wrapping key is not known: so a running process follows a rotation.
    """

    def __init__(self, nokler: Nokler, les_igjen: Callable[[], Nokler] | None = None) -> None:
        self._les_igjen = les_igjen
        self._oppslag = nokler.oppslag
        self._ta_i_bruk(nokler)

    def _ta_i_bruk(self, nokler: Nokler) -> None:
        self._kek = {navn: AESGCM(nokkel) for navn, nokkel in nokler.kek.items()}
        self._hode = {navn: _V1 + bytes([len(navn)]) + navn.encode() for navn in nokler.kek}
        self.aktiv = nokler.aktiv

    def ny_nokkel(self) -> tuple[str, bytes]:
        """``(id of the key-encryption key, wrapped data key)`` as they are stored."""
        return self._pakk(os.urandom(32))

    def pakk_ut(self, innpakket: bytes | None) -> Datanokkel:
        """Unwrap. None: ``NokkelDestruert``; otherwise ``UkjentNokkel`` or ``ForseglingBrutt``."""
        return Datanokkel(self._klar(innpakket))

    def pakk_om(self, innpakket: bytes | None) -> tuple[str, bytes]:
        """The same data key wrapped by the active key-encryption key; content stays as it is."""
        return self._pakk(self._klar(innpakket))

    def oppslag_hash(self, fnr: str) -> bytes:
        """HMAC-SHA256 of the identity number under the look-up key, 32 bytes: equal numbers, equal hashes."""
        return hmac.digest(self._oppslag, b"fnr " + fnr.encode("ascii"), "sha256")

    def _pakk(self, nokkel: bytes) -> tuple[str, bytes]:
        nonce, aktiv = os.urandom(_NONCE), self.aktiv
        hode = self._hode[aktiv]
        return aktiv, hode + nonce + self._kek[aktiv].encrypt(nonce, nokkel, _INNPAKKET + hode)

    def _klar(self, innpakket: bytes | None) -> bytes:
        if innpakket is None:
            raise NokkelDestruert("personens nøkkel er slettet")
        if innpakket[:1] != _V1 or len(innpakket) < 2:
            raise ForseglingBrutt("ukjent format på innpakket nøkkel")
        slutt = 2 + innpakket[1]
        hode = innpakket[:slutt]
        navn = hode[2:].decode("ascii", "replace")
        if navn not in self._kek and self._les_igjen is not None:
            self._ta_i_bruk(self._les_igjen())
        kek = self._kek.get(navn)
        if kek is None:
            raise UkjentNokkel("nøkkelen er pakket inn av en KEK som ikke finnes i nøkkelfilen")
        try:
            return kek.decrypt(
                innpakket[slutt : slutt + _NONCE], innpakket[slutt + _NONCE :], _INNPAKKET + hode
            )
        except (InvalidTag, ValueError):
            raise ForseglingBrutt("den innpakkede nøkkelen er endret") from None


@lru_cache
def forsegler() -> Forsegler:
    """The process's own, from the key file."""
    innst = innstillinger()
    return Forsegler(les(innst), lambda: les(innst))
