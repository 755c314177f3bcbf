"""Cases driven in this process: the door, the engine and a caseworker, with the registers answered from memory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.sak.forlop import Rolle
from schemas.saker import HandlingInn
from services.lager import saker
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.dren import dren
from services.motor.handlinger import utfor
from services.mottak.mottak import ta_imot_flere
from services.problem import Problem
from services.registersim.befolkning import Befolkning
from services.registersim.person import Bolig, Person
from services.registre import Oppslag, RegisterFeil
from services.registre.inprosess import RegistreIProsess
from services.tilgang import Aktor
from services.tilgang.aktor import Scope, systemaktor
from tests.scenarios.bygg import Soknad

START = datetime(2026, 9, 10, 9, tzinfo=UTC)


class Registre(RegistreIProsess):
    """As the simulator's population has it, but ``nede`` says which registers do not answer."""

    def __init__(self, *soknader: Soknad) -> None:
        self.befolkning = Befolkning()
        super().__init__(self.befolkning)
        self.nede: set[str] = set()
        self.spurt: list[str] = []
        self.underveis: Callable[[str], None] = lambda _register: None
        for s in soknader:
            inn = s.registrering()
            self.befolkning.registrer(
                [Person.model_validate(p) for p in inn["personer"]],
                [Bolig.model_validate(b) for b in inn["boliger"]],
            )

    def hent(self, krav: Any, *args: Any, **valg: Any) -> Any:
        self.spurt.append(krav.register)
        self.underveis(krav.register)
        if krav.register in self.nede:
            raise RegisterFeil(krav.register, "nede", midlertidig=True)
        return super().hent(krav, *args, **valg)

    def hent_alle(self, oppslag: Iterable[Oppslag], **valg: Any) -> Iterator[Any]:
        if len(self.spurt) > 200:
            raise AssertionError("motoren spør uten ende")
        return super().hent_alle(oppslag, **valg)


def send(*soknader: Soknad, tid: datetime = START) -> list[tuple[UUID, UUID]]:
    """(case, treatment) of each."""
    svar = ta_imot_flere([s.hendelse() for s in soknader], systemaktor("innsender"), tid, None)
    for s in svar:
        assert not isinstance(s, Problem), s.dokument()
    return [(s.sak, s.behandling) for s in svar if not isinstance(s, Problem)]


def kjor(sak_id: UUID, registre: Any, tid: datetime = START) -> None:
    dren(sak_id, registre, klokke=lambda: tid)


def person(navn: str, *roller: Rolle) -> Aktor:
    return Aktor(
        navn, "saksbehandler", "", "*", roller=frozenset(roller), scopes=frozenset(Scope), klarert=True
    )


SAKSBEHANDLER = person("vik", Rolle.SAKSBEHANDLER)
ATTESTANT = person("berg", Rolle.ATTESTANT)


def gjor(sak_id: UUID, handling: str, aktor: Aktor, tid: datetime = START, **inn: Any) -> None:
    with transaksjon(DbRolle.API, SYSTEM) as forbindelse:
        versjon = saker.las(forbindelse, sak_id).versjon
        utfor(forbindelse, sak_id, handling, HandlingInn(**inn), aktor, versjon, tid, None)


def sporr(setning: str, **verdier: Any) -> list[Any]:
    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        svar = forbindelse.execute(text(setning), verdier)
        return list(svar) if svar.returns_rows else []


def utboksrad(sak_id: UUID, emne: str) -> Any:
    [rad] = sporr(
        "SELECT * FROM utboks WHERE sak_id = :sak AND emne = :emne ORDER BY id DESC LIMIT 1",
        sak=sak_id,
        emne=emne,
    )
    return rad
