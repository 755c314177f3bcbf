"""Bearer tokens for the registers: a callable that gives the token of a scope.

In production Maskinporten (JWT bearer grant, RFC 7523); beside it the tokens that the register simulator accepts.
"""

import time
from collections.abc import Callable
from threading import Lock
from uuid import uuid4

import httpx
import jwt

from services.registre.innstillinger import RegisterInnstillinger
from services.registre.protokoll import RegisterFeil

TokenKilde = Callable[[str], str]
"""Scope in, bearer token out.  May block for one call when the token has run out; raises RegisterFeil."""

SIMULATORNOKKEL = "boligsak-registersimulator-er-bare-for-lokal-kjoring"
"""Signs the simulator's tokens; it protects nothing, the people behind it are made up."""

_MARGIN_S = 30.0


class _Lager:
    """Tokens by scope until shortly before they run out."""

    def __init__(self) -> None:
        self._tokener: dict[str, tuple[str, float]] = {}
        self._las = Lock()

    def hent(self, scope: str, lag: Callable[[str], tuple[str, float]]) -> str:
        funnet = self._tokener.get(scope)
        if funnet and funnet[1] > time.time() + _MARGIN_S:
            return funnet[0]
        with self._las:
            funnet = self._tokener.get(scope)
            if not funnet or funnet[1] <= time.time() + _MARGIN_S:
                funnet = self._tokener[scope] = lag(scope)
            return funnet[0]


class SimulatorToken:
    """Tokens as the simulator takes them; made here, no call."""

    def __init__(self, varighet_s: float = 3600) -> None:
        self._lager = _Lager()
        self._varighet_s = varighet_s

    def __call__(self, scope: str) -> str:
        return self._lager.hent(scope, self._lag)

    def _lag(self, scope: str) -> tuple[str, float]:
        utloper = time.time() + self._varighet_s
        return jwt.encode({"scope": scope, "exp": int(utloper)}, SIMULATORNOKKEL, algorithm="HS256"), utloper


class Maskinporten:
    """JWT bearer grant with a registered key (private_key_jwt)."""

    def __init__(self, url: str, audience: str, klient: str, kid: str, nokkel_pem: bytes) -> None:
        self._url, self._audience, self._klient, self._kid = url, audience, klient, kid
        self._nokkel = nokkel_pem
        self._lager = _Lager()

    def __call__(self, scope: str) -> str:
        return self._lager.hent(scope, self._hent)

    def _hent(self, scope: str) -> tuple[str, float]:
        na = int(time.time())
        pastand = jwt.encode(
            {
                "aud": self._audience,
                "iss": self._klient,
                "scope": scope,
                "iat": na,
                "exp": na + 60,
                "jti": str(uuid4()),
            },
            self._nokkel,
            algorithm="RS256",
            headers={"kid": self._kid},
        )
        skjema = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": pastand}
        try:
            svar = httpx.post(self._url, data=skjema, timeout=5.0)
            if svar.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise RegisterFeil("maskinporten", "nede", midlertidig=True)
            if svar.status_code != httpx.codes.OK:
                raise RegisterFeil("maskinporten", "avvist", midlertidig=False)
            innhold = svar.json()
            return str(innhold["access_token"]), na + float(innhold["expires_in"])
        except httpx.HTTPError:
            raise RegisterFeil("maskinporten", "nede", midlertidig=True) from None
        except (ValueError, KeyError, TypeError):
            raise RegisterFeil("maskinporten", "feil_form", midlertidig=False) from None


def tokenkilde(valg: RegisterInnstillinger) -> TokenKilde:
    """By the settings: Maskinporten when its address is given, else the simulator's tokens."""
    if valg.maskinporten_url is None:
        return SimulatorToken()
    if valg.maskinporten_nokkelfil is None:
        raise ValueError("BOLIGSAK_REGISTER_MASKINPORTEN_NOKKELFIL mangler")
    return Maskinporten(
        valg.maskinporten_url,
        valg.maskinporten_audience or valg.maskinporten_url,
        valg.maskinporten_klient,
        valg.maskinporten_kid,
        valg.maskinporten_nokkelfil.read_bytes(),
    )
