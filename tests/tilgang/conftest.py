"""Issuers of our own making: keys, a key set served by an in-process HTTP transport, and settings that trust them."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.forsegling import forsegler
from services.innstillinger import innstillinger
from services.tilgang import lokal
from services.tilgang.oppsett import Tilgangsoppsett, Utsteder, tilgangsoppsett
from services.tilgang.token import TokenLeser, leser

MOTTAKER = "https://boligsak.no"
HEMMELIG = b"x" * 32


def hash_(fnr: str) -> bytes:
    return HEMMELIG[:21] + fnr.encode()


@pytest.fixture(autouse=True)
def _egen_rot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BOLIGSAK_ROT", str(tmp_path))
    hurtiglagre = (innstillinger, tilgangsoppsett, lokal.privat_nokkel, lokal.offentlig_jwk, forsegler, leser)
    for lager in hurtiglagre:
        lager.cache_clear()
    yield
    for lager in hurtiglagre:
        lager.cache_clear()


@pytest.fixture(scope="session")
def rsa_nokkel() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def rsa_nokkel_2() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Utstederhus:
    """An issuer over HTTP: ``nokler`` are published, ``kall`` counts key set requests, ``nede`` makes it fail."""

    adresse: str
    nokler: dict[str, Any] = field(default_factory=dict)
    ekstra_jwk: list[dict[str, Any]] = field(default_factory=list)
    kall: int = 0
    nede: bool = False
    metadata_issuer: str | None = None

    def svar(self, foresporsel: httpx.Request) -> httpx.Response:
        if self.nede:
            raise httpx.ConnectTimeout("nede", request=foresporsel)
        if foresporsel.url.path == "/metadata":
            utsteder = self.metadata_issuer or self.adresse
            return httpx.Response(200, json={"issuer": utsteder, "jwks_uri": "https://utsteder.test/jwks"})
        self.kall += 1
        jwk = [offentlig(kid, nokkel) for kid, nokkel in self.nokler.items()]
        return httpx.Response(200, json={"keys": jwk + self.ekstra_jwk})

    def klient(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self.svar))


def offentlig(kid: str, nokkel: Any) -> dict[str, Any]:
    algoritme, navn = {
        rsa.RSAPrivateKey: (RSAAlgorithm, "RS256"),
        ec.EllipticCurvePrivateKey: (ECAlgorithm, "ES256"),
        Ed25519PrivateKey: (OKPAlgorithm, "EdDSA"),
    }[
        next(
            t
            for t in (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, Ed25519PrivateKey)
            if isinstance(nokkel, t)
        )
    ]
    jwk = algoritme.to_jwk(nokkel.public_key())
    return {**(json.loads(jwk) if isinstance(jwk, str) else jwk), "kid": kid, "use": "sig", "alg": navn}


@pytest.fixture
def hus(rsa_nokkel: rsa.RSAPrivateKey) -> Utstederhus:
    return Utstederhus("https://utsteder.test/", {"k1": rsa_nokkel})


def oppsett(
    hus: Utstederhus, art: str = "maskinporten", miljo: str = "prod", **andre: Any
) -> Tilgangsoppsett:
    utsteder = Utsteder(utsteder=hus.adresse, metadata="https://utsteder.test/metadata", art=art, **andre)  # type: ignore[arg-type]
    return Tilgangsoppsett(miljo=miljo, mottaker=MOTTAKER, utstedere=(utsteder,))  # type: ignore[arg-type]


@pytest.fixture
def maskinporten(hus: Utstederhus) -> TokenLeser:
    return TokenLeser(oppsett(hus), hash_, klient=hus.klient())


def maskinkrav(**endret: Any) -> dict[str, Any]:
    na = int(time.time())
    krav = {
        "iss": "https://utsteder.test/",
        "aud": MOTTAKER,
        "iat": na,
        "exp": na + 120,
        "jti": str(uuid.uuid4()),
        "client_id": "klient",
        "scope": "boligsak:les boligsak:skriv",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:958935420"},
    } | endret
    return {k: v for k, v in krav.items() if v is not None}


def signer(krav: dict[str, Any], nokkel: Any, kid: str | None = "k1", alg: str = "RS256") -> str:
    return jwt.encode(krav, nokkel, algorithm=alg, headers={"kid": kid} if kid else None)
