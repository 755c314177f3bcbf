"""The local issuer of demo, development and tests: an Ed25519 key under ``settings.rot``, refused in
production.
"""

import os
import secrets
import time
import uuid
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK
from jwt.algorithms import OKPAlgorithm
from stdnum.no import orgnr

from services.innstillinger import innstillinger
from services.tilgang.aktor import ALLE, MASKINROLLER, ROLLER
from services.tilgang.oppsett import LOKAL_UTSTEDER, tilgangsoppsett

KID = "lokal"


class LokalUtstederNektet(Exception):
    """The local issuer does not exist when ``BOLIGSAK_MILJO=prod``."""


def utsted(
    kommuner: list[str],
    rolle: str,
    *,
    navn: str | None = None,
    klarert: bool = False,
    minutter: float = 60,
    engang: bool = False,
    **endret: Any,
) -> str:
    """A signed token for ``rolle`` in ``kommuner`` (numbers, or ``["alle"]``).

    The same ``navn`` gives the same actor, another name another one, as the two-person rule needs. ``endret``
    replaces claims, for tests of what must be refused.
    """
    if rolle not in ROLLER:
        raise ValueError(f"rolle må være en av {', '.join(ROLLER)}")
    na = int(time.time())
    maskin = rolle in MASKINROLLER
    navn = navn or f"Test {rolle.capitalize()}"
    orgno = syntetisk_orgnr(kommuner[0] if kommuner[0].isdigit() else "0000")
    innhold: dict[str, Any] = {
        "iss": LOKAL_UTSTEDER,
        "aud": tilgangsoppsett().mottaker,
        "iat": na,
        "nbf": na,
        "exp": na + round(minutter * 60),
        "jti": str(uuid.uuid4()),
        "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{LOKAL_UTSTEDER}/{rolle if maskin else ''}/{navn}")),
        "name": navn,
        "boligsak_art": "maskin" if maskin else "saksbehandler",
        "boligsak_roller": [rolle],
        "boligsak_kommuner": ALLE if kommuner == ["alle"] else kommuner,
        "boligsak_klarert": klarert,
        "consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{orgno}"},
    }
    if engang:
        innhold["scope"] = "boligsak:engang"
    return jwt.encode(
        innhold | endret, privat_nokkel(), algorithm="EdDSA", headers={"kid": KID, "typ": "JWT"}
    )


def syntetisk_orgnr(kommunenummer: str) -> str:
    """A valid organisation number that no organisation has: 31, the municipality, and control digit."""
    for stamme in (f"31{kommunenummer}{fyll:02d}" for fyll in range(100)):
        for siffer in "0123456789":
            if orgnr.is_valid(stamme + siffer):
                return stamme + siffer
    raise ValueError("kommunenummer må være fire sifre")


@lru_cache
def privat_nokkel() -> Ed25519PrivateKey:
    """The key, made on first use (mode 0600)."""
    if not tilgangsoppsett().lokal_tillatt:
        raise LokalUtstederNektet("lokale token kan ikke utstedes når BOLIGSAK_MILJO=prod")
    fil = innstillinger().rot / "nokler" / "token-ed25519.pem"
    if not fil.exists():
        _skriv_ny(fil)
    nokkel = serialization.load_pem_private_key(fil.read_bytes(), password=None)
    assert isinstance(nokkel, Ed25519PrivateKey)
    return nokkel


@lru_cache
def offentlig_jwk() -> PyJWK:
    """The public key, to verify with."""
    jwk = OKPAlgorithm.to_jwk(privat_nokkel().public_key(), as_dict=True)
    return PyJWK(jwk | {"kid": KID, "use": "sig"}, algorithm="EdDSA")


def _skriv_ny(fil: Path) -> None:
    fil.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    midlertidig = fil.with_name(f".{fil.name}.{os.getpid()}.{secrets.token_hex(4)}")
    beskriver = os.open(midlertidig, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(beskriver, "wb") as ut:
        ut.write(
            Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    with suppress(FileExistsError):  # another process was first: its file counts, and it is whole
        os.link(midlertidig, fil)
    midlertidig.unlink()
