"""The ASGI application, tokens, and cases in the states that the tests need."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.motor.dren import dren
from services.registersim.befolkning import Befolkning
from services.registersim.person import Bolig, Person
from services.registre.inprosess import RegistreIProsess
from services.tilgang import lokal
from tests.felles.miljo import miljo
from tests.scenarios.bygg import Soknad, person, soknad

CLOUDEVENT = {"Content-Type": "application/cloudevents+json"}


def token(rolle: str, navn: str = "Test") -> dict[str, str]:
    return {"Authorization": "Bearer " + lokal.utsted(["alle"], rolle, navn=navn, klarert=True)}


@pytest.fixture(scope="module")
def app(database: str) -> Iterator[Any]:
    """The application; a server-sent stream ends at once."""
    from services.api.app import app as asgi

    with miljo({"BOLIGSAK_STROM_MAKS_S": "0", "BOLIGSAK_DATABASE_URL": database}):
        yield asgi


class Klient:
    """The application called in this process, one event loop a call."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, sti: str, **valg: Any) -> httpx.Response:
        return self("GET", sti, **valg)

    def post(self, sti: str, **valg: Any) -> httpx.Response:
        return self("POST", sti, **valg)

    def __call__(self, metode: str, sti: str, **valg: Any) -> httpx.Response:
        async def kall() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as klient:
                return await klient.request(metode, sti, **valg)

        return asyncio.run(kall())


@pytest.fixture(scope="module")
def klient(app: Any) -> Klient:
    return Klient(app)


@pytest.fixture(scope="module")
def befolkning() -> Befolkning:
    return Befolkning(1)


@pytest.fixture(scope="module")
def sak(klient: Klient, befolkning: Befolkning) -> Callable[..., dict[str, Any]]:
    """Make a case: ``tilstand`` vedtatt, manuell, foreslatt or opprettet; its receipt comes back."""

    def lag(tilstand: str = "vedtatt", s: Soknad | None = None) -> dict[str, Any]:
        hos_person = tilstand in {"manuell", "foreslatt"}
        s = s or soknad(person(inntekt=18000), bolig_er={"bruksenhetstype": "A" if hos_person else "B"})
        registrert = s.registrering()
        befolkning.registrer(
            [Person.model_validate(p) for p in registrert["personer"]],
            [Bolig.model_validate(b) for b in registrert["boliger"]],
        )
        svar = klient.post(
            "/api/v1/hendelser", json=s.hendelse(), headers={**CLOUDEVENT, **token("innsender")}
        )
        assert svar.status_code == 202, svar.text
        kvittering: dict[str, Any] = svar.json()
        if tilstand != "opprettet":
            dren(UUID(kvittering["sak"]), RegistreIProsess(befolkning))
        if tilstand == "foreslatt":
            kropp = {"begrunnelse": "Boligen er godkjent.", "overstyring": {"bolig.godkjent": True}}
            svar = klient.post(
                f"/api/v1/saker/{kvittering['sak']}/handlinger/foresla",
                json=kropp,
                headers={
                    "If-Match": etag(klient, kvittering["sak"]),
                    **token("saksbehandler", "Den som foreslår"),
                },
            )
            assert svar.status_code == 200, svar.text
        return kvittering

    return lag


def etag(klient: Klient, sak_id: str) -> str:
    return klient.get(f"/api/v1/saker/{sak_id}", headers=token("revisor")).headers["ETag"]
