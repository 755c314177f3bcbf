"""From claims to what a person or machine may do and see."""

import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.problem import Problem
from services.tilgang import ALLE, lokal, systemaktor
from services.tilgang.aktor import MASKINSCOPES, ROLLER, Scope
from services.tilgang.oppsett import LOKAL_UTSTEDER, Tilgangsoppsett
from services.tilgang.token import TokenLeser
from services.tilgang.virksomheter import kommuner_for

from .conftest import MOTTAKER, Utstederhus, hash_, maskinkrav, oppsett, signer

FNR = "17912099997"
SCOPES = "openid boligsak:les boligsak:skriv boligsak:vedta boligsak:attester boligsak:drift"


def ressurs(navn: str, *orgnr: str) -> dict[str, Any]:
    return {
        "type": "ansattporten:altinn:resource",
        "resource": f"urn:altinn:resource:boligsak-{navn}",
        "authorized_parties": [
            {"orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{o}"}, "unit_type": "KOMM"}
            for o in orgnr
        ],
    }


def personkrav(*ressurser: dict[str, Any], **endret: Any) -> dict[str, Any]:
    krav = {"pid": FNR, "acr": "idporten-loa-high", "scope": SCOPES, "sub": "parvis"}
    return maskinkrav(**({"authorization_details": list(ressurser)} | krav | endret))


@pytest.fixture
def ansattporten(hus: Utstederhus) -> TokenLeser:
    return TokenLeser(oppsett(hus, "ansattporten"), hash_, klient=hus.klient())


OSLO, HUSBANKEN, VERT = "958935420", "942114184", "311813005"


def test_caseworker_is_read_without_the_identity_number(
    ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey
) -> None:
    aktor = ansattporten.les(signer(personkrav(ressurs("saksbehandler", OSLO)), rsa_nokkel))
    assert (aktor.art, aktor.kommuner, aktor.roller) == ("saksbehandler", {"0301"}, {"saksbehandler"})
    assert aktor.scopes == ROLLER["saksbehandler"]
    assert aktor.person_hash == hash_(FNR)
    assert FNR not in f"{aktor.id}{aktor.navn}{aktor.roller}"
    assert not aktor.klarert
    annen_klient = signer(personkrav(ressurs("attestant", OSLO), sub="annen", client_id="to"), rsa_nokkel)
    assert ansattporten.les(annen_klient).id == aktor.id  # the same person, whatever client they come by


def test_clearance_takes_a_resource_and_the_highest_level(
    ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey
) -> None:
    def les(acr: str) -> bool:
        krav = personkrav(ressurs("saksbehandler", OSLO), ressurs("klarert", OSLO), acr=acr)
        return ansattporten.les(signer(krav, rsa_nokkel)).klarert

    assert les("idporten-loa-high")
    assert not les("idporten-loa-substantial")


def test_roles_are_cut_by_the_clients_scope(ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    krav = personkrav(ressurs("saksbehandler", OSLO), ressurs("attestant", OSLO), scope="boligsak:les")
    aktor = ansattporten.les(signer(krav, rsa_nokkel))
    assert aktor.scopes == {Scope.LES}
    assert aktor.roller == {"saksbehandler", "attestant"}


@pytest.mark.parametrize(
    ("orgnr", "kommuner"),
    [(VERT, {"1811", "1812", "1813", "1815", "1816"}), (HUSBANKEN, ALLE)],
)
def test_shared_office_and_the_state_see_more_than_one(
    ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey, orgnr: str, kommuner: object
) -> None:
    aktor = ansattporten.les(signer(personkrav(ressurs("saksbehandler", orgnr)), rsa_nokkel))
    assert aktor.kommuner == kommuner
    assert aktor.ser_kommune("1813")
    assert aktor.ser_kommune("0301") == (kommuner == ALLE)


@pytest.mark.parametrize(
    "krav",
    [
        personkrav(ressurs("saksbehandler", OSLO), pid=None),
        personkrav(ressurs("saksbehandler", OSLO), acr="idporten-loa-low"),
        personkrav(ressurs("saksbehandler", OSLO), acr=None),
        personkrav(ressurs("saksbehandler", OSLO, VERT)),
        personkrav(ressurs("saksbehandler", OSLO), ressurs("klarert", VERT)),
        personkrav(ressurs("saksbehandler")),
        personkrav(),
        personkrav(authorization_details="tekst"),
        personkrav({"type": "ansattporten:altinn:service", "resource": "urn:altinn:resource:2480:40"}),
        personkrav(ressurs("saksbehandler", OSLO) | {"resource": "urn:altinn:resource:noe-annet"}),
        personkrav(ressurs("saksbehandler", OSLO) | {"authorized_parties": ["x"]}),
    ],
)
def test_person_without_known_identity_level_or_single_organisation(
    ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey, krav: dict[str, Any]
) -> None:
    na = int(time.time())  # the claims were written when the tests were collected
    with pytest.raises(Problem) as nektet:
        ansattporten.les(signer(krav | {"iat": na, "exp": na + 120}, rsa_nokkel))
    assert (nektet.value.status, nektet.value.navn) == (403, "mangler-tilgang")
    assert FNR not in str(nektet.value.dokument())


def test_unknown_resource_gives_no_role(ansattporten: TokenLeser, rsa_nokkel: rsa.RSAPrivateKey) -> None:
    krav = personkrav(ressurs("konge", OSLO), ressurs("innsender", OSLO))
    aktor = ansattporten.les(signer(krav, rsa_nokkel))
    assert (aktor.roller, aktor.scopes) == (frozenset(), frozenset())


def test_machine_never_decides_and_may_act_by_delegation(
    hus: Utstederhus, rsa_nokkel: rsa.RSAPrivateKey
) -> None:
    leser = TokenLeser(oppsett(hus), hash_, klient=hus.klient())
    leverandor = {"authority": "iso6523-actorid-upis", "ID": "0192:964338531"}
    aktor = leser.les(signer(maskinkrav(scope=SCOPES, supplier=leverandor), rsa_nokkel))
    assert aktor.scopes == MASKINSCOPES
    assert (aktor.organisasjonsnummer, aktor.leverandor, aktor.kommuner) == (OSLO, "964338531", {"0301"})
    assert aktor.id == "org:958935420/964338531"


def test_organisation_file() -> None:
    assert kommuner_for("000000000") is None
    assert kommuner_for(HUSBANKEN) == ALLE


def test_system_sees_everything() -> None:
    aktor = systemaktor("arbeider")
    assert aktor.ser_kommune("0301")
    assert (aktor.id, aktor.art, aktor.klarert) == ("arbeider", "system", True)


# --- the local issuer


def lokal_leser(miljo: str = "lokal") -> TokenLeser:
    return TokenLeser(Tilgangsoppsett(miljo=miljo, mottaker=MOTTAKER), hash_)  # type: ignore[arg-type]


@pytest.mark.parametrize("rolle", sorted(ROLLER))
def test_local_token_of_every_role(rolle: str) -> None:
    aktor = lokal_leser().les(lokal.utsted(["0301", "4601"], rolle, navn="Kari"))
    assert aktor.roller == {rolle}
    assert aktor.scopes == ROLLER[rolle]
    assert aktor.kommuner == {"0301", "4601"}
    assert aktor.art == ("maskin" if rolle == "innsender" else "saksbehandler")


def test_local_names_are_people() -> None:
    leser = lokal_leser()
    kari, ola = (leser.les(lokal.utsted(["0301"], "saksbehandler", navn=n)) for n in ("Kari", "Ola"))
    assert kari.id != ola.id
    assert leser.les(lokal.utsted(["0301"], "attestant", navn="Kari")).id == kari.id
    egen = leser.les(lokal.utsted(["alle"], "saksbehandler", klarert=True, pid=FNR))
    assert (egen.person_hash, egen.klarert, egen.kommuner) == (hash_(FNR), True, ALLE)


@pytest.mark.parametrize(
    ("endret", "problem"),
    [
        ({"exp": -60}, "token-utlopt"),
        ({"nbf": 600}, "token-ikke-gyldig-enna"),
        ({"aud": "annet"}, "token-feil-mottaker"),
        ({"iss": "https://maskinporten.no/"}, "token-ukjent-utsteder"),
    ],
)
def test_local_token_is_checked_like_any_other(endret: dict[str, Any], problem: str) -> None:
    """Times are seconds from now."""
    na = int(time.time())
    krav = {k: na + v if k in {"exp", "nbf"} else v for k, v in endret.items()}
    with pytest.raises(Problem) as nektet:
        lokal_leser().les(lokal.utsted(["0301"], "saksbehandler", **krav))
    assert nektet.value.navn == problem


def test_local_issuer_does_not_exist_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    token = lokal.utsted(["0301"], "saksbehandler")
    with pytest.raises(Problem) as nektet:
        lokal_leser("prod").les(token)
    assert nektet.value.navn == "token-ukjent-utsteder"

    monkeypatch.setenv("BOLIGSAK_MILJO", "prod")
    lokal.tilgangsoppsett.cache_clear()
    lokal.privat_nokkel.cache_clear()
    with pytest.raises(lokal.LokalUtstederNektet):
        lokal.utsted(["0301"], "saksbehandler")


def test_local_issuer_cannot_be_configured_as_a_trusted_one(hus: Utstederhus) -> None:
    hus.adresse = LOKAL_UTSTEDER
    with pytest.raises(ValueError, match="lokale utstederen"):
        TokenLeser(oppsett(hus), hash_)


def test_local_key_of_another_installation_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    token = lokal.utsted(["0301"], "saksbehandler")
    monkeypatch.setenv("BOLIGSAK_ROT", str(tmp_path / "annen"))
    for lager in (lokal.innstillinger, lokal.privat_nokkel, lokal.offentlig_jwk):
        lager.cache_clear()
    with pytest.raises(Problem) as nektet:
        lokal_leser().les(token)
    assert nektet.value.navn == "token-ugyldig"


def test_local_key_file_is_for_the_owner_alone(tmp_path: Any) -> None:
    lokal.utsted(["0301"], "saksbehandler")
    (fil,) = (tmp_path / "nokler").iterdir()
    assert fil.stat().st_mode & 0o777 == 0o600
