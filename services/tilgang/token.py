"""From bearer token to ``Aktor``: every check a resource server owes (RFC 8725, RFC 9068 where Digdir follows
it).
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import NoReturn

import httpx
import jwt
from jwt import PyJWK
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    PyJWTError,
)

from services.forsegling import forsegler
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.problem import Problem
from services.tilgang import lokal
from services.tilgang.aktor import Aktor
from services.tilgang.engang import ENGANG, BrukteIPostgres, BrukteToken
from services.tilgang.jwks import PAUSE_S, Nokkelsett, NoklerUtilgjengelige
from services.tilgang.krav import Krav, fra_ansattporten, fra_lokal, fra_maskinporten
from services.tilgang.oppsett import LOKAL_UTSTEDER, Tilgangsoppsett, Utsteder, tilgangsoppsett

_MAKS_LENGDE = 8192
HUSKES_S = 60.0
"""A token that has been verified is taken as it is this long, and never past its expiry: a client sends many requests
with one token. One-time tokens are not remembered."""
_HUSKES_ANTALL = 4096
_ALGORITMER = frozenset({"RS256", "ES256", "EdDSA"})


class TokenLeser:
    """Reads tokens of the trusted issuers. Safe between threads; one a process, so that keys are cached."""

    def __init__(
        self,
        oppsett: Tilgangsoppsett,
        oppslag_hash: Callable[[str], bytes],
        brukte: BrukteToken | None = None,
        klient: httpx.Client | None = None,
    ) -> None:
        """``brukte``: the store of used one-time tokens; without it such tokens are refused."""
        self._oppsett = oppsett
        self._oppslag_hash = oppslag_hash
        self._brukte = brukte
        self._husket: dict[bytes, tuple[float, Aktor]] = {}
        self._utstedere = {u.utsteder: (u, Nokkelsett(u, klient)) for u in oppsett.betrodde}
        if LOKAL_UTSTEDER in self._utstedere:
            raise ValueError("BOLIGSAK_UTSTEDERE kan ikke inneholde den lokale utstederen")

    def les(self, token: str) -> Aktor:
        """The actor, or ``Problem`` 401/403/503 of a ``token-…`` type."""
        merke = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        til, husket = self._husket.get(merke, (0.0, None))
        if husket is not None and time.time() < til:
            return husket
        innhold, aktor = self._les_nytt(token)
        if ENGANG in str(innhold.get("scope", "")).split():
            self._bruk(innhold)
            return aktor
        if len(self._husket) >= _HUSKES_ANTALL:
            self._husket = {}
        self._husket[merke] = (min(time.time() + HUSKES_S, float(innhold["exp"])), aktor)
        return aktor

    def _les_nytt(self, token: str) -> tuple[Krav, Aktor]:
        hode, utsteder = _uverifisert(token)
        if utsteder == LOKAL_UTSTEDER and self._oppsett.lokal_tillatt:
            innhold = self._verifiser(token, hode, lokal.offentlig_jwk(), LOKAL_UTSTEDER)
            aktor = fra_lokal(innhold, self._oppslag_hash)
        elif utsteder in self._utstedere:
            oppsett, nokler = self._utstedere[utsteder]
            innhold = self._verifiser(token, hode, self._finn_nokkel(hode, oppsett, nokler), utsteder)
            if oppsett.art == "maskinporten":
                aktor = fra_maskinporten(innhold)
            else:
                aktor = fra_ansattporten(innhold, self._oppslag_hash)
        else:
            _nekt("token-ukjent-utsteder")
        return innhold, aktor

    def _finn_nokkel(self, hode: Krav, utsteder: Utsteder, nokler: Nokkelsett) -> PyJWK:
        if hode["alg"] not in utsteder.algoritmer:
            _nekt("token-ugyldig", "algoritmen brukes ikke av utstederen")
        try:
            nokkel = nokler.finn(hode["kid"])
        except NoklerUtilgjengelige:
            raise Problem(
                503, "utsteder-utilgjengelig", headers={"Retry-After": str(round(PAUSE_S))}
            ) from None
        if nokkel is None:
            _nekt("token-ukjent-nokkel")
        return nokkel

    def _verifiser(self, token: str, hode: Krav, nokkel: PyJWK, utsteder: str) -> Krav:
        if hode["kid"] != nokkel.key_id:
            _nekt("token-ukjent-nokkel")
        try:
            # The algorithm is the key's, never the token's: that is what makes key confusion impossible.
            return jwt.decode(
                token,
                nokkel,
                algorithms=[nokkel.algorithm_name],
                audience=self._oppsett.mottaker,
                issuer=utsteder,
                leeway=self._oppsett.token_slingring_s,
                options={"require": ["exp", "iat", "iss", "aud"]},
            )
        except ExpiredSignatureError:
            _nekt("token-utlopt")
        except ImmatureSignatureError:
            _nekt("token-ikke-gyldig-enna")
        except InvalidAudienceError:
            _nekt("token-feil-mottaker")
        except PyJWTError:
            _nekt("token-ugyldig")

    def _bruk(self, innhold: Krav) -> None:
        jti = innhold.get("jti")
        if not isinstance(jti, str) or not jti:
            _nekt("token-ugyldig", "engangstoken må ha jti")
        if self._brukte is None:
            raise Problem(503, "utilgjengelig", detalj="engangstoken kan ikke tas imot nå")
        nokkel = hashlib.sha256(f"{innhold['iss']}\n{jti}".encode()).digest()
        utloper = datetime.fromtimestamp(int(innhold["exp"]) + self._oppsett.token_slingring_s, UTC)
        if not self._brukte.forste_gang(nokkel, utloper):
            _nekt("token-brukt-for")


def _uverifisert(token: str) -> tuple[Krav, str]:
    """Header and issuer, only to choose the key to verify with."""
    if len(token) > _MAKS_LENGDE:
        _nekt("token-ugyldig", "tokenet er for langt")
    try:
        alt = jwt.decode_complete(token, options={"verify_signature": False})
    except (PyJWTError, ValueError, RecursionError):
        _nekt("token-ugyldig")
    hode, innhold = alt["header"], alt["payload"]
    if not isinstance(hode.get("alg"), str) or hode["alg"] not in _ALGORITMER:
        _nekt("token-ugyldig", "algoritmen er ikke tillatt")
    if "crit" in hode:
        _nekt("token-ugyldig", "crit støttes ikke")
    if not isinstance(hode.get("kid"), str) or not 0 < len(hode["kid"]) <= 200:
        _nekt("token-ukjent-nokkel")
    return hode, str(innhold.get("iss", ""))


def _nekt(navn: str, detalj: str = "") -> NoReturn:
    raise Problem(
        401, navn, detalj=detalj, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
    ) from None


@lru_cache
def leser() -> TokenLeser:
    """The process's own reader. A used one-time token is noted in a transaction of its own."""
    brukte = BrukteIPostgres(lambda: transaksjon(DbRolle.API, Innsyn("token")))
    return TokenLeser(tilgangsoppsett(), forsegler().oppslag_hash, brukte)


def les_token(bearer: str) -> Aktor:
    """Read a token, with or without the word ``Bearer`` in front."""
    return leser().les(bearer.removeprefix("Bearer ").strip())
