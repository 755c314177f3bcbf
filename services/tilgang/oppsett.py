"""Which issuers are trusted, from the environment (prefix ``BOLIGSAK_``)."""

from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic_settings import BaseSettings, SettingsConfigDict

LOKAL_UTSTEDER = "https://lokal.boligsak.no"
"""Issuer of the tokens that ``boligsak token`` makes; never trusted in production."""

Algoritme = Literal["RS256", "ES256", "EdDSA"]


class Utsteder(BaseModel):
    """A trusted issuer. ``metadata``: its OAuth/OIDC metadata document, which names the key set (JWKS).

    ``art``: ``maskinporten`` tokens stand for an organisation, ``ansattporten`` tokens for a person of one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    utsteder: str
    metadata: str
    art: Literal["maskinporten", "ansattporten"]
    algoritmer: tuple[Algoritme, ...] = ("RS256",)


class Tilgangsoppsett(BaseSettings):
    """``BOLIGSAK_UTSTEDERE`` is a JSON list of issuers; left out, production trusts Digdir's own and others
    none.
    """

    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_", extra="ignore")

    miljo: Literal["lokal", "test", "prod"] = "lokal"
    mottaker: str = "https://boligsak.no"
    """The audience a token must be issued for. Maskinporten's ``unspecified`` is refused."""
    utstedere: tuple[Utsteder, ...] | None = None
    token_slingring_s: int = 10
    """Accepted difference between our clock and the issuer's."""

    @property
    def betrodde(self) -> tuple[Utsteder, ...]:
        if self.utstedere is not None:
            return self.utstedere
        return DIGDIR if self.miljo == "prod" else ()

    @property
    def lokal_tillatt(self) -> bool:
        return self.miljo != "prod"


DIGDIR = (
    Utsteder(
        utsteder="https://maskinporten.no/",
        metadata="https://maskinporten.no/.well-known/oauth-authorization-server",
        art="maskinporten",
    ),
    Utsteder(
        utsteder="https://ansattporten.no",
        metadata="https://ansattporten.no/.well-known/openid-configuration",
        art="ansattporten",
    ),
)
"""Addresses as docs.digdir.no gives them. ID-porten says who a person is and not whom they work for, so a
caseworker comes by Ansattporten; add ID-porten with ``art`` ansattporten only if its tokens carry
``authorization_details``."""


@lru_cache
def tilgangsoppsett() -> Tilgangsoppsett:
    return Tilgangsoppsett()
