"""``krev(scope)``: the dependency that lets a request in as an ``Aktor``.

A test may put its own reader in ``app.state.tokenleser``.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.problem import Problem
from services.tilgang.aktor import Aktor, Formal, Scope
from services.tilgang.rate import begrens
from services.tilgang.token import TokenLeser, leser

_bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="token",
    description="JWT fra Maskinporten (maskin) eller Ansattporten (person); lokalt fra `boligsak token`.",
)


def krev(scope: str) -> Callable[..., Aktor]:
    """A dependency giving the actor of the request, who must hold ``scope``; raises ``Problem`` 401, 403, 429
    or 503.
    """
    kravet = Scope(scope)

    def aktor(
        request: Request,
        bevis: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        formal: Annotated[
            Formal, Header(alias="Boligsak-Formal", description="Hvorfor personopplysninger leses.")
        ] = Formal.SAKSBEHANDLING,
    ) -> Aktor:
        if bevis is None:
            raise Problem(401, "token-mangler", headers={"WWW-Authenticate": "Bearer"})
        tokenleser: TokenLeser = getattr(request.app.state, "tokenleser", None) or leser()
        funnet = tokenleser.les(bevis.credentials)
        begrens(bevis.credentials, funnet.art)
        if kravet not in funnet.scopes:
            raise Problem(
                403,
                "mangler-tilgang",
                detalj=f"krever scope {kravet}",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{kravet}"'},
            )
        return replace(funnet, formal=formal)

    return aktor
