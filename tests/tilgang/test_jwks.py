"""The issuer's keys over HTTP: cache, rotation, floods of unknown key ids, and an issuer that is down."""

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.problem import Problem
from services.tilgang.jwks import LEVETID_S, NODTID_S, PAUSE_S, Nokkelsett, NoklerUtilgjengelige
from services.tilgang.oppsett import Utsteder
from services.tilgang.token import TokenLeser

from .conftest import Utstederhus, hash_, maskinkrav, oppsett, signer


class Klokke:
    def __init__(self) -> None:
        self.na = 1000.0

    def __call__(self) -> float:
        return self.na


@pytest.fixture
def klokke() -> Klokke:
    return Klokke()


@pytest.fixture
def sett(hus: Utstederhus, klokke: Klokke) -> Nokkelsett:
    utsteder = Utsteder(utsteder=hus.adresse, metadata="https://utsteder.test/metadata", art="maskinporten")
    return Nokkelsett(utsteder, hus.klient(), klokke)


def test_keys_are_fetched_once_and_kept(sett: Nokkelsett, hus: Utstederhus, klokke: Klokke) -> None:
    assert all(sett.finn("k1") is not None for _ in range(50))
    assert hus.kall == 1
    klokke.na += LEVETID_S + 1
    assert sett.finn("k1") is not None
    assert hus.kall == 2


def test_new_key_is_found_by_one_refetch(
    sett: Nokkelsett, hus: Utstederhus, klokke: Klokke, rsa_nokkel_2: rsa.RSAPrivateKey
) -> None:
    assert sett.finn("k1") is not None
    hus.nokler["k2"] = rsa_nokkel_2
    klokke.na += PAUSE_S
    assert sett.finn("k2") is not None
    assert hus.kall == 2


def test_forged_key_ids_do_not_become_a_flood(sett: Nokkelsett, hus: Utstederhus, klokke: Klokke) -> None:
    assert all(sett.finn(f"falsk-{i}") is None for i in range(100))
    assert hus.kall == 1
    klokke.na += PAUSE_S
    assert all(sett.finn(f"falsk-{i}") is None for i in range(100))
    assert hus.kall == 2
    assert sett.finn("k1") is not None


def test_withdrawn_key_is_refused_after_the_cache_has_aged(
    sett: Nokkelsett, hus: Utstederhus, klokke: Klokke, rsa_nokkel_2: rsa.RSAPrivateKey
) -> None:
    assert sett.finn("k1") is not None
    hus.nokler = {"k2": rsa_nokkel_2}
    klokke.na += LEVETID_S + 1
    assert sett.finn("k1") is None
    assert sett.finn("k2") is not None


def test_issuer_down_from_the_start(sett: Nokkelsett, hus: Utstederhus, klokke: Klokke) -> None:
    hus.nede = True
    with pytest.raises(NoklerUtilgjengelige):
        sett.finn("k1")
    hus.nede = False
    with pytest.raises(NoklerUtilgjengelige):  # not asked again before the pause is over
        sett.finn("k1")
    klokke.na += PAUSE_S
    assert sett.finn("k1") is not None


def test_known_keys_outlive_an_issuer_that_is_down_for_a_day(
    sett: Nokkelsett, hus: Utstederhus, klokke: Klokke
) -> None:
    assert sett.finn("k1") is not None
    hus.nede = True
    klokke.na += NODTID_S - 1
    assert sett.finn("k1") is not None
    klokke.na += 2
    with pytest.raises(NoklerUtilgjengelige):
        sett.finn("k1")


def test_metadata_of_another_issuer_is_not_believed(sett: Nokkelsett, hus: Utstederhus) -> None:
    hus.metadata_issuer = "https://ond.test/"
    with pytest.raises(NoklerUtilgjengelige):
        sett.finn("k1")


@pytest.mark.parametrize(
    "svar",
    [
        httpx.Response(500),
        httpx.Response(302, headers={"location": "https://ond.test/jwks"}),
        httpx.Response(200, content=b"ikke json"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"issuer": "https://utsteder.test/"}),
        httpx.Response(200, content=b" " * 300_000),
    ],
)
def test_nonsense_from_the_issuer_is_not_believed(svar: httpx.Response) -> None:
    utsteder = Utsteder(
        utsteder="https://utsteder.test/", metadata="https://utsteder.test/m", art="maskinporten"
    )
    with pytest.raises(NoklerUtilgjengelige):
        Nokkelsett(utsteder, httpx.Client(transport=httpx.MockTransport(lambda _: svar))).finn("k1")


def test_unusable_keys_are_left_out(sett: Nokkelsett, hus: Utstederhus) -> None:
    god = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
    hus.ekstra_jwk = [
        {**god, "kid": "enc", "use": "enc"},
        {**god, "kid": "rs512", "alg": "RS512"},
        {**god, "kid": 5},
        {"kty": "RSA", "kid": "halv"},
        {"kty": "oct", "kid": "delt", "k": "AAAA"},
    ]
    assert sett.finn("k1") is not None
    assert [sett.finn(k) for k in ("enc", "rs512", "halv", "delt")] == [None] * 4


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_short_rsa_key_is_left_out(hus: Utstederhus) -> None:
    kort = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    hus.nokler["kort"] = kort
    leser = TokenLeser(oppsett(hus), hash_, klient=hus.klient())
    with pytest.raises(Problem) as nektet:
        leser.les(signer(maskinkrav(), kort, "kort"))
    assert nektet.value.navn == "token-ukjent-nokkel"


def test_problem_when_keys_cannot_be_had(hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    hus.nede = True
    leser = TokenLeser(oppsett(hus), hash_, klient=hus.klient())
    with pytest.raises(Problem) as nektet:
        leser.les(signer(maskinkrav(), rsa_nokkel))
    assert (nektet.value.status, nektet.value.navn) == (503, "utsteder-utilgjengelig")
    assert nektet.value.headers["Retry-After"] == "30"
