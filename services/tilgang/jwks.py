"""An issuer's public keys over HTTP: cached, renewed, and asked again once for a key not seen before."""

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from services.tilgang.oppsett import Utsteder

_logg = structlog.get_logger("boligsak.tilgang")
_TIDSAVBRUDD = httpx.Timeout(3.0, connect=2.0)
_MAKS_BYTE = 200_000

LEVETID_S = 300.0
"""Keys older than this are fetched again: so long a withdrawn key is believed."""
NODTID_S = 24 * 3600.0
"""When the issuer cannot be reached, known keys serve this long."""
PAUSE_S = 30.0
"""At most one fetch in this time for unknown keys, so that forged key ids do not become a flood at the
issuer.
"""


class NoklerUtilgjengelige(Exception):
    """The issuer's keys cannot be had, and none that are fresh enough are known."""


class Nokkelsett:
    """Keys of one issuer by kid. Safe between threads; one thread fetches, others with a known key do not
    wait.
    """

    def __init__(
        self,
        utsteder: Utsteder,
        klient: httpx.Client | None = None,
        klokke: Callable[[], float] = time.monotonic,
    ) -> None:
        self._utsteder = utsteder
        self._klient = klient or httpx.Client(timeout=_TIDSAVBRUDD, follow_redirects=False)
        self._klokke = klokke
        self._las = threading.Lock()
        self._nokler: dict[str, PyJWK] = {}
        self._hentet: float | None = None
        self._forsokt: float | None = None

    def finn(self, kid: str) -> PyJWK | None:
        """The key, or None when the issuer does not have it. Raises ``NoklerUtilgjengelige``."""
        nokkel = self._nokler.get(kid)
        if nokkel is not None and self._alder() < LEVETID_S:
            return nokkel
        if nokkel is not None and self._alder() < NODTID_S and self._las.locked():
            return nokkel  # another thread is asking
        with self._las:
            if self._kan_sporre(kid):
                self._hent()
        if self._alder() > NODTID_S:
            raise NoklerUtilgjengelige(self._utsteder.utsteder)
        return self._nokler.get(kid)

    def _alder(self) -> float:
        return self._klokke() - self._hentet if self._hentet is not None else float("inf")

    def _kan_sporre(self, kid: str) -> bool:
        if kid in self._nokler and self._alder() < LEVETID_S:
            return False  # another thread has just fetched
        return self._forsokt is None or self._klokke() - self._forsokt >= PAUSE_S

    def _hent(self) -> None:
        self._forsokt = self._klokke()
        try:
            adresse = self._jwks_adresse(self._les(self._utsteder.metadata))
            self._nokler = _tolk(self._les(adresse), self._utsteder.algoritmer)
            self._hentet = self._klokke()
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as feil:
            _logg.warning("jwks_fetch_failed", utsteder=self._utsteder.utsteder, feil=type(feil).__name__)

    def _jwks_adresse(self, metadata: dict[str, Any]) -> str:
        if metadata["issuer"] != self._utsteder.utsteder:
            raise ValueError("issuer in metadata differs")
        return str(metadata["jwks_uri"])

    def _les(self, adresse: str) -> dict[str, Any]:
        with self._klient.stream("GET", adresse, timeout=_TIDSAVBRUDD) as svar:
            svar.raise_for_status()
            kropp = bytearray()
            for bit in svar.iter_bytes():
                kropp += bit
                if len(kropp) > _MAKS_BYTE:
                    raise ValueError("document too large")
        dokument = httpx.Response(200, content=bytes(kropp)).json()
        if not isinstance(dokument, dict):
            raise TypeError("not an object")
        return dokument


_KRAV_TIL_NOKKEL = {
    "RS256": lambda n: n.get("kty") == "RSA",
    "ES256": lambda n: n.get("kty") == "EC" and n.get("crv") == "P-256",
    "EdDSA": lambda n: n.get("kty") == "OKP" and n.get("crv") == "Ed25519",
}


def _tolk(sett: dict[str, Any], algoritmer: tuple[str, ...]) -> dict[str, PyJWK]:
    """Public signing keys only, each bound to the one algorithm its type allows; RSA of 2048 bits and more."""
    ut: dict[str, PyJWK] = {}
    for n in sett["keys"]:
        alg = next((a for a in algoritmer if _KRAV_TIL_NOKKEL[a](n)), None)
        if alg is None or n.get("alg", alg) != alg or n.get("use", "sig") != "sig":
            continue
        try:
            nokkel = PyJWK({k: v for k, v in n.items() if k != "d"}, algorithm=alg)
        except PyJWTError:
            continue
        if isinstance(nokkel.key_id, str) and (alg != "RS256" or nokkel.key.key_size >= 2048):
            ut[nokkel.key_id] = nokkel
    return ut
