"""What a token must be, and the problem each other one gets."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from time_machine import TimeMachineFixture

from services.problem import Problem
from services.tilgang.token import HUSKES_S, TokenLeser

from .conftest import MOTTAKER, Utstederhus, hash_, maskinkrav, offentlig, oppsett, signer

NA = int(time.time())


def avslag(leser: TokenLeser, token: str) -> str:
    with pytest.raises(Problem) as nektet:
        leser.les(token)
    problem = nektet.value
    assert token not in str(problem.dokument())
    if problem.status == 401:
        assert problem.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    return problem.navn


def test_machine_token_is_read(maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    aktor = maskinporten.les(signer(maskinkrav(), rsa_nokkel))
    assert (aktor.id, aktor.art, aktor.kommuner) == ("org:958935420", "maskin", frozenset({"0301"}))
    assert aktor.scopes == {"boligsak:les", "boligsak:skriv"}
    assert (aktor.person_hash, aktor.klarert, aktor.leverandor) == (None, False, None)


@pytest.mark.parametrize(
    ("endret", "problem"),
    [
        ({"exp": NA - 60}, "token-utlopt"),
        ({"nbf": NA + 86_400}, "token-ikke-gyldig-enna"),
        ({"iat": NA + 86_400}, "token-ikke-gyldig-enna"),
        ({"aud": "https://noe.annet.no"}, "token-feil-mottaker"),
        ({"aud": "unspecified"}, "token-feil-mottaker"),
        ({"aud": None}, "token-ugyldig"),
        ({"exp": None}, "token-ugyldig"),
        ({"iat": None}, "token-ugyldig"),
        ({"exp": "i morgen"}, "token-ugyldig"),
        ({"iss": "https://maskinporten.no/"}, "token-ukjent-utsteder"),
        ({"iss": "https://utsteder.test"}, "token-ukjent-utsteder"),
        ({"iss": None}, "token-ukjent-utsteder"),
        ({"consumer": None}, "mangler-tilgang"),
        ({"consumer": {"authority": "iso6523-actorid-upis", "ID": "9908:958935420"}}, "mangler-tilgang"),
        ({"consumer": {"authority": "annet", "ID": "0192:958935420"}}, "mangler-tilgang"),
        ({"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:958935421"}}, "mangler-tilgang"),
        ({"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:889640782"}}, "ukjent-virksomhet"),
    ],
)
def test_refused_claims(
    maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey, endret: dict[str, Any], problem: str
) -> None:
    assert avslag(maskinporten, signer(maskinkrav(**endret), rsa_nokkel)) == problem


def test_clock_difference_is_tolerated_within_the_limit(
    maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey
) -> None:
    na = int(time.time())
    assert (
        maskinporten.les(signer(maskinkrav(exp=na - 5, nbf=na + 5, iat=na + 5), rsa_nokkel)).art == "maskin"
    )


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def rat(hode: dict[str, Any], krav: dict[str, Any], signatur: bytes = b"") -> str:
    return f"{b64(json.dumps(hode).encode())}.{b64(json.dumps(krav).encode())}.{b64(signatur)}"


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS512", "PS256", None, 5]
)
def test_algorithms_outside_the_list_are_refused(maskinporten: TokenLeser, alg: object) -> None:
    assert avslag(maskinporten, rat({"alg": alg, "kid": "k1", "typ": "JWT"}, maskinkrav())) == "token-ugyldig"


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "EdDSA"])
def test_public_key_as_shared_secret_is_refused(
    maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey, alg: str
) -> None:
    """Key confusion: signed by HMAC with the published key, in PEM and as a JWK."""
    pem = rsa_nokkel.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for hemmelighet in (pem, json.dumps(offentlig("k1", rsa_nokkel)).encode()):
        uten = rat({"alg": alg, "kid": "k1"}, maskinkrav()).rsplit(".", 1)[0]
        mac = hmac.digest(hemmelighet, uten.encode(), hashlib.sha256)
        assert avslag(maskinporten, f"{uten}.{b64(mac)}") == "token-ugyldig"


def test_symmetric_key_in_the_key_set_is_never_used(hus: Utstederhus) -> None:
    hus.ekstra_jwk = [{"kty": "oct", "kid": "delt", "k": b64(b"s" * 32), "alg": "HS256"}]
    leser = TokenLeser(oppsett(hus), hash_, klient=hus.klient())
    token = jwt.encode(maskinkrav(), b"s" * 32, algorithm="HS256", headers={"kid": "delt"})
    assert avslag(leser, token) == "token-ugyldig"
    assert avslag(leser, rat({"alg": "RS256", "kid": "delt"}, maskinkrav())) == "token-ukjent-nokkel"


def test_algorithm_of_another_key_type_is_refused(hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    kurve = ec.generate_private_key(ec.SECP256R1())
    hus.nokler["ec"] = kurve
    leser = TokenLeser(oppsett(hus, algoritmer=("RS256", "ES256")), hash_, klient=hus.klient())
    assert leser.les(signer(maskinkrav(), kurve, "ec", "ES256")).art == "maskin"
    assert avslag(leser, signer(maskinkrav(), kurve, "k1", "ES256")) == "token-ugyldig"
    assert avslag(leser, signer(maskinkrav(), rsa_nokkel, "ec", "RS256")) == "token-ugyldig"


def test_algorithm_the_issuer_does_not_use_is_refused(maskinporten: TokenLeser, hus: Utstederhus) -> None:
    ed = Ed25519PrivateKey.generate()
    hus.nokler["ed"] = ed
    assert avslag(maskinporten, signer(maskinkrav(), ed, "ed", "EdDSA")) == "token-ugyldig"


def test_wrong_signature_and_changed_claims_are_refused(
    maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey, rsa_nokkel_2: rsa.RSAPrivateKey
) -> None:
    assert avslag(maskinporten, signer(maskinkrav(), rsa_nokkel_2)) == "token-ugyldig"
    hode, krav, signatur = signer(maskinkrav(), rsa_nokkel).split(".")
    mer = json.loads(base64.urlsafe_b64decode(krav + "==")) | {"scope": "boligsak:drift"}
    assert avslag(maskinporten, f"{hode}.{b64(json.dumps(mer).encode())}.{signatur}") == "token-ugyldig"
    assert avslag(maskinporten, f"{hode}.{krav}.") == "token-ugyldig"
    assert avslag(maskinporten, f"{hode}.{krav}") == "token-ugyldig"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "Æ.Ø.Å", "e30.e30.e30", "." * 50, "a" * 9000])
def test_what_is_no_token_is_refused(maskinporten: TokenLeser, token: str) -> None:
    with pytest.raises(Problem) as nektet:
        maskinporten.les(token)
    assert nektet.value.navn in ("token-ugyldig", "token-ukjent-utsteder")


def test_critical_header_is_refused(maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    token = jwt.encode(
        maskinkrav(), rsa_nokkel, algorithm="RS256", headers={"kid": "k1", "crit": ["exp"], "exp": NA}
    )
    assert avslag(maskinporten, token) == "token-ugyldig"


def test_token_without_key_id_is_refused(maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    assert avslag(maskinporten, signer(maskinkrav(), rsa_nokkel, kid=None)) == "token-ukjent-nokkel"


class Brukte:
    def __init__(self) -> None:
        self.sett: set[bytes] = set()

    def forste_gang(self, nokkel: bytes, utloper: datetime) -> bool:
        ny = nokkel not in self.sett
        self.sett.add(nokkel)
        return ny


def test_one_time_token_is_refused_the_second_time(hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    leser = TokenLeser(oppsett(hus), hash_, brukte=Brukte(), klient=hus.klient())
    token = signer(maskinkrav(scope="boligsak:skriv boligsak:engang"), rsa_nokkel)
    assert leser.les(token).scopes == {"boligsak:skriv"}
    assert avslag(leser, token) == "token-brukt-for"
    assert leser.les(signer(maskinkrav(scope="boligsak:engang"), rsa_nokkel)).art == "maskin"
    uten_jti = signer(maskinkrav(scope="boligsak:engang", jti=None), rsa_nokkel)
    assert avslag(leser, uten_jti) == "token-ugyldig"


def test_one_time_token_needs_a_store_and_others_may_be_used_again(
    maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey
) -> None:
    assert avslag(maskinporten, signer(maskinkrav(scope="boligsak:engang"), rsa_nokkel)) == "utilgjengelig"
    vanlig = signer(maskinkrav(), rsa_nokkel)
    assert maskinporten.les(vanlig) == maskinporten.les(vanlig)


def test_refused_token_does_not_use_up_a_one_time_token(
    hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey, rsa_nokkel_2: rsa.RSAPrivateKey
) -> None:
    leser = TokenLeser(oppsett(hus), hash_, brukte=Brukte(), klient=hus.klient())
    krav = maskinkrav(scope="boligsak:engang")
    assert avslag(leser, signer(krav, rsa_nokkel_2)) == "token-ugyldig"
    assert leser.les(signer(krav, rsa_nokkel)).art == "maskin"


def test_audience_may_be_one_of_several(maskinporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    assert maskinporten.les(signer(maskinkrav(aud=[MOTTAKER, "https://b.no"]), rsa_nokkel)).art == "maskin"


def test_verified_token_is_remembered_but_never_past_its_expiry(
    hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey, time_machine: TimeMachineFixture
) -> None:
    leser = TokenLeser(oppsett(hus), hash_, klient=hus.klient())
    na = int(time.time())
    time_machine.move_to(na, tick=False)
    kort, lang = (signer(maskinkrav(exp=na + s), rsa_nokkel) for s in (20, 600))
    assert leser.les(kort) is leser.les(kort)
    forste = leser.les(lang)
    time_machine.move_to(na + 40)
    assert avslag(leser, kort) == "token-utlopt"
    assert leser.les(lang) is forste
    time_machine.move_to(na + HUSKES_S + 5)
    assert leser.les(lang) is not forste
