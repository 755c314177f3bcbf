"""Every refusal of a token, through the whole API: the right problem, and nothing done."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from redis import Redis

from services.innebygd import adresser
from services.tilgang import engang, lokal, rate
from services.tilgang.token import leser
from tests.api.conftest import Klient
from tests.tillit.conftest import A, Land, hode, superbruker

NA = int(time.time())
STI = "/api/v1/saker"


def _uten(token: str, **hode_: Any) -> str:
    """The same claims under another header, signed by nobody or by somebody else."""
    krav = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(
        krav, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": lokal.KID, **hode_}
    )


def _endret(token: str) -> str:
    """One character of the signature is another."""
    midt = len(token) - 40
    return token[:midt] + ("A" if token[midt] != "A" else "B") + token[midt + 1 :]


def _ingen(token: str) -> str:
    return jwt.encode(
        jwt.decode(token, options={"verify_signature": False}),
        "",
        algorithm="none",
        headers={"kid": lokal.KID},
    )


def _forvekslet(token: str) -> str:
    """HMAC with the public key as the secret."""
    offentlig = lokal.privat_nokkel().public_key()
    raa = offentlig.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    krav = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(krav, raa.ljust(64, b"x"), algorithm="HS256", headers={"kid": lokal.KID})


def _utsted(**endret: Any) -> str:
    return lokal.utsted([A], "saksbehandler", **endret)


@pytest.mark.parametrize(
    ("lag", "problem"),
    [
        (lambda: None, "token-mangler"),
        (lambda: "ikke-et-token", "token-ugyldig"),
        (lambda: _utsted(exp=NA - 60, iat=NA - 120, nbf=NA - 120), "token-utlopt"),
        (lambda: _utsted(nbf=NA + 86_400), "token-ikke-gyldig-enna"),
        (lambda: _utsted(aud="https://en-annen.example.no"), "token-feil-mottaker"),
        (lambda: _utsted(aud="unspecified"), "token-feil-mottaker"),
        (lambda: _utsted(iss="https://falsk.example.no"), "token-ukjent-utsteder"),
        (lambda: _ingen(_utsted()), "token-ugyldig"),
        (lambda: _forvekslet(_utsted()), "token-ugyldig"),
        (lambda: _uten(_utsted()), "token-ugyldig"),
        (lambda: _uten(_utsted(), kid="ukjent"), "token-ukjent-nokkel"),
        (lambda: _uten(_utsted(), crit=["exp"]), "token-ugyldig"),
        (lambda: _endret(_utsted()), "token-ugyldig"),
        (lambda: "a" * 9000, "token-ugyldig"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_avvist_token(klient: Klient, database: str, lag: Any, problem: str) -> None:
    token = lag()
    svar = klient.get(STI, headers={"Authorization": f"Bearer {token}"} if token else {})
    assert svar.status_code == 401, svar.text
    assert svar.json()["type"].rpartition("/")[2] == problem
    assert svar.headers["WWW-Authenticate"].startswith("Bearer")
    assert "detail" not in svar.json() or A not in svar.json()["detail"]


def test_rotert_nokkel(klient: Klient, database: str) -> None:
    """A token signed by a key that has been replaced: refused once the new one is in use."""
    gammelt = {"Authorization": f"Bearer {_uten(_utsted(), kid='lokal-2019')}"}
    assert klient.get(STI, headers=gammelt).json()["type"].rpartition("/")[2] == "token-ukjent-nokkel"


@pytest.mark.parametrize(
    ("rolle", "metode", "sti", "kropp"),
    [
        ("drift", "GET", STI, None),
        ("revisor", "POST", "/api/v1/hendelser", []),
        ("saksbehandler", "POST", "/api/v1/oppfolging/omkjoring", {"fingeravtrykk": "x", "antall": 1}),
        ("saksbehandler", "POST", "/api/v1/innsyn", {"fnr": "01859001064"}),
        ("innsender", "POST", "/api/v1/innsyn", {"fnr": "01859001064"}),
        ("innsynsbehandler", "GET", STI, None),
    ],
)
def test_uten_scope(klient: Klient, database: str, rolle: str, metode: str, sti: str, kropp: Any) -> None:
    svar = klient(
        metode, sti, headers=hode(rolle, ["alle"]), **({"json": kropp} if kropp is not None else {})
    )
    assert (svar.status_code, svar.json()["type"].rpartition("/")[2]) == (403, "mangler-tilgang")
    assert "insufficient_scope" in svar.headers["WWW-Authenticate"]


def test_engangstoken_brukes_en_gang_ogsa_av_mange_samtidig(tomt_land: Land, database: str) -> None:
    klient = tomt_land.klient
    hoder = hode("revisor", [A], engang=True)
    with ThreadPoolExecutor(4) as folk:
        svar = list(folk.map(lambda _: klient.get(STI, headers=hoder), range(8)))
    assert sorted(s.status_code for s in svar) == [200] + [401] * 7
    assert {s.json()["type"].rpartition("/")[2] for s in svar if s.status_code == 401} == {"token-brukt-for"}
    assert klient.get(STI, headers=hode("revisor", [A], engang=True)).status_code == 200
    # A request that fails has used its token all the same.
    hoder = hode("revisor", [A], engang=True)
    assert klient.get(f"{STI}?status=tull", headers=hoder).status_code == 422
    assert klient.get(STI, headers=hoder).status_code == 401
    with superbruker(database) as forbindelse:
        forbindelse.execute("UPDATE brukt_token SET utloper = now() - interval '1 minute'")
    from services.lager.roller import DbRolle
    from services.lager.sesjon import SYSTEM, transaksjon

    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        assert engang.rydd(forbindelse) == 3


@pytest.fixture
def lav_grense(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Gives what makes this process another one: its own count begins anew. The clock stands still in the middle of a
    window, and Valkey has time to answer, however slow the machine."""
    monkeypatch.setenv("BOLIGSAK_RATE_PERSON", "60")
    rate.grenser.cache_clear()
    midt = time.time() // rate.VINDU_S * rate.VINDU_S + rate.VINDU_S / 2
    monkeypatch.setattr(rate, "time", SimpleNamespace(time=lambda: midt))

    def ny_prosess() -> None:
        egen = rate.Rate(Redis.from_url(adresser().broker_url, socket_timeout=30))
        monkeypatch.setattr(rate, "rate", lambda: egen)

    ny_prosess()
    yield ny_prosess
    monkeypatch.undo()
    rate.grenser.cache_clear()


def test_for_mange_foresporsler_per_token(
    klient: Klient, database: str, lav_grense: Callable[[], None]
) -> None:
    hoder, andre = hode("revisor", [A]), hode("revisor", [A], "En annen")
    svar = [klient.get(f"{STI}?antall=1", headers=hoder) for _ in range(12)]
    assert [s.status_code for s in svar].count(200) == 10
    assert svar[-1].status_code == 429
    assert svar[-1].json()["type"].rpartition("/")[2] == "for-mange-foresporsler"
    assert 1 <= int(svar[-1].headers["Retry-After"]) <= rate.VINDU_S
    assert klient.get(f"{STI}?antall=1", headers=andre).status_code == 200
    lav_grense()  # another process: the count stands in Valkey
    assert klient.get(f"{STI}?antall=1", headers=hoder).status_code == 429


def test_uten_valkey_teller_hver_prosess_selv() -> None:
    borte = rate.Rate(Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.1))
    from services.problem import Problem

    def slipper() -> bool:
        try:
            borte.krev("n", 60)
        except Problem:
            return False
        return True

    assert 10 <= sum(slipper() for _ in range(40)) <= 20  # twenty when a window ends meanwhile


def test_leseren_husker_ikke_engangstoken() -> None:
    assert leser()._brukte is not None
