"""The key that signs anchors, by reference: a file, never the database. Verifying needs the public part alone."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.anker.feil import AnkerFeil
from services.anker.innstillinger import ankerinnstillinger
from services.innstillinger import innstillinger

_SLUTT = b"-----END PUBLIC KEY-----"


def nokkel_id(nokkel: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the key's sha256."""
    return hashlib.sha256(nokkel.public_bytes_raw()).hexdigest()[:16]


def signeringsnokkel() -> Ed25519PrivateKey:
    """``BOLIGSAK_ANKER_NOKKEL_FIL``; outside production a local key is made at first use. Errors: ``AnkerFeil``."""
    fil = ankerinnstillinger().nokkel_fil
    if fil is None:
        if innstillinger().miljo == "prod":
            raise AnkerFeil("BOLIGSAK_ANKER_NOKKEL_FIL må peke på nøkkelen når BOLIGSAK_MILJO=prod")
        fil = innstillinger().rot / "nokler" / "anker-ed25519.pem"
        if not fil.exists():
            _skriv_ny(fil)
    try:
        nokkel = serialization.load_pem_private_key(fil.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as feil:
        raise AnkerFeil(f"BOLIGSAK_ANKER_NOKKEL_FIL kan ikke leses: {type(feil).__name__}") from None
    if not isinstance(nokkel, Ed25519PrivateKey):
        raise AnkerFeil("BOLIGSAK_ANKER_NOKKEL_FIL er ikke en Ed25519-nøkkel")
    return nokkel


def offentlige(fil: Path | None = None) -> Mapping[str, Ed25519PublicKey]:
    """The public keys that are believed, by id: of ``fil``, else ``BOLIGSAK_ANKER_OFFENTLIG_FIL``, else the one that
    signs here. Errors: ``AnkerFeil``."""
    fil = fil or ankerinnstillinger().offentlig_fil
    if fil is None:
        egen = signeringsnokkel().public_key()
        return {nokkel_id(egen): egen}
    ut: dict[str, Ed25519PublicKey] = {}
    try:
        for del_ in fil.read_bytes().split(_SLUTT)[:-1]:
            nokkel = serialization.load_pem_public_key(del_ + _SLUTT + b"\n")
            if not isinstance(nokkel, Ed25519PublicKey):
                raise AnkerFeil(f"{fil.name}: er ikke en offentlig Ed25519-nøkkel")
            ut[nokkel_id(nokkel)] = nokkel
    except (OSError, ValueError) as feil:
        raise AnkerFeil(
            f"{fil.name}: den offentlige nøkkelen kan ikke leses ({type(feil).__name__})"
        ) from None
    if not ut:
        raise AnkerFeil(f"{fil.name}: har ingen offentlig nøkkel i PEM")
    return ut


def offentlig_pem(nokkel: Ed25519PublicKey) -> str:
    return nokkel.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


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
