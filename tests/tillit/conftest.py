"""Two municipalities with cases of every kind, and clients of this process for each who may look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import make_url

from services.lager import oppfolginger
from services.lager.roller import DbRolle, url_for
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.dren import dren
from services.registersim.befolkning import Befolkning
from services.registersim.person import Bolig, Person
from services.registre.inprosess import RegistreIProsess
from services.tilgang import lokal
from tests.api import conftest as api
from tests.api.conftest import CLOUDEVENT, Klient
from tests.scenarios.bygg import Soknad, person, soknad

A, B = "0301", "4601"
app, befolkning, klient = api.app, api.befolkning, api.klient


def hode(rolle: str, kommuner: list[str], navn: str = "", **valg: Any) -> dict[str, str]:
    """Authorization of somebody; the same name is the same person."""
    return {"Authorization": "Bearer " + lokal.utsted(kommuner, rolle, navn=navn or rolle, **valg)}


def etag(klient: Klient, sak_id: str) -> str:
    svar = klient.get(f"/api/v1/saker/{sak_id}", headers=hode("revisor", ["alle"], klarert=True))
    return svar.headers["ETag"]


@dataclass
class Land:
    """Makes cases through the door and the engine. ``saker``: (municipality, state) → receipts."""

    klient: Klient
    befolkning: Befolkning
    database: str
    saker: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    soknader: dict[str, Soknad] = field(default_factory=dict)

    def registrer(self, s: Soknad) -> None:
        registrert = s.registrering()
        self.befolkning.registrer(
            [Person.model_validate(p) for p in registrert["personer"]],
            [Bolig.model_validate(b) for b in registrert["boliger"]],
        )

    def send(self, s: Soknad, **valg: Any) -> dict[str, Any]:
        svar = self.klient.post(
            "/api/v1/hendelser",
            json=s.hendelse(),
            headers={**CLOUDEVENT, **hode("innsender", ["alle"])},
            **valg,
        )
        assert svar.status_code == 202, svar.text
        return dict(svar.json())

    def sak(self, tilstand: str = "vedtatt", kommune: str = A, *folk: Any) -> dict[str, Any]:
        """``tilstand``: vedtatt, gradert, manuell, foreslatt, teknisk or opprettet."""
        gradert = {"gradering": "strengtFortrolig"} if tilstand == "gradert" else {}
        hos_person = tilstand in {"manuell", "foreslatt"}
        s = soknad(
            person(inntekt=18000, **gradert),
            *folk,
            kommune=kommune,
            bolig_er={"bruksenhetstype": "A" if hos_person else "B"},
        )
        self.registrer(s)
        kvittering = self.send(s)
        self.soknader[kvittering["sak"]] = s
        self.saker.setdefault((kommune, tilstand), []).append(kvittering)
        if tilstand == "teknisk":
            self._gitt_opp(kvittering)
        elif tilstand != "opprettet":
            self.dren(kvittering["sak"])
        if tilstand == "foreslatt":
            self.foresla(kvittering["sak"], kommune)
        return kvittering

    def dren(self, sak_id: str) -> None:
        dren(UUID(sak_id), RegistreIProsess(self.befolkning))

    def foresla(self, sak_id: str, kommune: str) -> None:
        svar = self.klient.post(
            f"/api/v1/saker/{sak_id}/handlinger/foresla",
            json={"begrunnelse": "Boligen er godkjent.", "overstyring": {"bolig.godkjent": True}},
            headers={"If-Match": etag(self.klient, sak_id), **hode("saksbehandler", [kommune], "Foreslår")},
        )
        assert svar.status_code == 200, svar.text

    def _gitt_opp(self, kvittering: dict[str, Any]) -> None:
        from services.klokke import na

        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            oppfolginger.apne(
                forbindelse,
                UUID(kvittering["sak"]),
                UUID(kvittering["behandling"]),
                slag="teknisk",
                arsak="register:inntekt:nede",
                fingeravtrykk="register:inntekt:nede",
                eier="husbanken:drift",
                frist=na(),
                tid=na(),
            )

    def alle(self, kommune: str) -> list[dict[str, Any]]:
        return [k for (kom, _), kvitteringer in self.saker.items() for k in kvitteringer if kom == kommune]

    def vedtak(self, sak_id: str) -> str:
        with superbruker(self.database) as forbindelse:
            rad = forbindelse.execute("SELECT id::text FROM vedtak WHERE sak_id = %s", [sak_id]).fetchone()
        assert rad is not None
        return str(rad[0])


TILSTANDER = ("vedtatt", "manuell", "foreslatt", "opprettet", "teknisk", "gradert")


@pytest.fixture(scope="module")
def land(klient: Klient, befolkning: Befolkning, database: str) -> Land:
    """One case of every state in each of the two municipalities."""
    landet = Land(klient, befolkning, database)
    for kommune in (A, B):
        for tilstand in TILSTANDER:
            landet.sak(tilstand, kommune)
    return landet


@pytest.fixture(scope="module")
def tomt_land(klient: Klient, befolkning: Befolkning, database: str) -> Land:
    return Land(klient, befolkning, database)


def superbruker(database: str) -> psycopg.Connection[Any]:
    """The embedded superuser, whom nothing binds."""
    return psycopg.connect(make_url(database).render_as_string(hide_password=False), autocommit=True)


@pytest.fixture(scope="module")
def som(database: str) -> Callable[..., psycopg.Connection[Any]]:
    """A connection as one of the processes' roles, with what the session says of who asks."""

    def koble(rolle: DbRolle, kommuner: str = "", *, klarert: bool = False) -> psycopg.Connection[Any]:
        url = make_url(url_for(rolle, database)).set(drivername="postgresql")
        forbindelse = psycopg.connect(url.render_as_string(hide_password=False))
        forbindelse.execute(
            "SELECT set_config('boligsak.kommuner', %s, false), set_config('boligsak.klarert', %s, false),"
            " set_config('boligsak.aktor', 'test', false)",
            [kommuner, "ja" if klarert else "nei"],
        )
        forbindelse.commit()
        return forbindelse

    return koble
