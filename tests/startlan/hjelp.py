"""Cases of startlån driven in this process: the door, the engine and two people, registers answered from memory."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.ordninger import ORDNINGER
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import apne_vedtak
from services.motor.utkast import utkast
from services.problem import Problem
from services.ramme import bok
from services.ramme.bok import Rammenokkel
from tests.motor import hjelp
from tests.motor.hjelp import ATTESTANT, SAKSBEHANDLER, Registre, sporr
from tests.startlan import bygg
from tests.startlan.bygg import GODT_KJOP, GRUNN, TRENGER, Lanesak, kjop, lanesak

START = hjelp.START
STARTLAN = ORDNINGER["startlan"]


def ramme(belop: int, kommune: str = "", post: str = "lan", ar: int = 2026) -> None:
    """Money that the municipality has borrowed of Husbanken."""
    with transaksjon(DbRolle.API, SYSTEM) as forbindelse:
        nokkel = Rammenokkel("startlan", ar, post, kommune or bygg.KOMMUNE)
        bok.tildel(forbindelse, nokkel, belop, aktor="kasse", grunn="lanedokument", tid=START)


def sum_av(kommune: str = "", post: str = "lan", ar: int = 2026) -> tuple[int, int, int]:
    """(tildelt, bundet, utbetalt)"""
    with transaksjon(DbRolle.API, SYSTEM) as forbindelse:
        r = bok.finn(forbindelse, Rammenokkel("startlan", ar, post, kommune or bygg.KOMMUNE))
        return (r.tildelt, r.bundet, r.utbetalt) if r else (0, 0, 0)


class Sak:
    """One household's loan from application to its end."""

    def __init__(self, s: Lanesak, tid: datetime = START) -> None:
        self.soknad, self.registre = s, Registre(s)  # type: ignore[arg-type]
        [(self.id, self.behandling)] = hjelp.send(s, tid=tid)  # type: ignore[arg-type]
        self.kjor(tid)

    def kjor(self, tid: datetime = START) -> None:
        hjelp.kjor(self.id, self.registre, tid)

    def meld(self, s: Lanesak, tid: datetime) -> None:
        """One more event about the loan."""
        [(sak, self.behandling)] = hjelp.send(s, tid=tid)  # type: ignore[arg-type]
        assert sak == self.id
        self.kjor(tid)

    def foresla(self, tid: datetime = START, **verdier: Any) -> None:
        hjelp.gjor(
            self.id,
            "foresla",
            SAKSBEHANDLER,
            tid,
            begrunnelse=GRUNN,
            overstyring=verdier,
            behandling=self.behandling,
        )

    def attester(self, tid: datetime = START) -> None:
        hjelp.gjor(self.id, "attester", ATTESTANT, tid, behandling=self.behandling)
        self.kjor(tid)

    def gjor(self, handling: str, tid: datetime = START, aktor: Any = SAKSBEHANDLER, **inn: Any) -> None:
        hjelp.gjor(self.id, handling, aktor, tid, behandling=self.behandling, **inn)
        self.kjor(tid)

    def avgjor(self, verdier: Mapping[str, Any] = TRENGER, tid: datetime = START) -> str:
        """Proposed by one, attested by another; the code."""
        self.foresla(tid, **verdier)
        self.attester(tid)
        return self.kode()

    def tilstand(self) -> str:
        [rad] = sporr("SELECT tilstand FROM behandling WHERE id = :id", id=self.behandling)
        return str(rad.tilstand)

    def grunner(self) -> set[str]:
        """The causes of the open tasks."""
        rader = sporr("SELECT arsak FROM oppfolging WHERE sak_id = :id AND lukket IS NULL", id=self.id)
        return {kode for r in rader for kode in r.arsak.split(",")}

    def kode(self) -> str:
        rader = sporr("SELECT kode FROM vedtak WHERE behandling_id = :id", id=self.behandling)
        return rader[0].kode if rader else self.tilstand()

    def vedtak(self) -> Any:
        [rad] = sporr("SELECT * FROM vedtak WHERE behandling_id = :id", id=self.behandling)
        return rad

    def spor(self, navn: str) -> Any:
        """The value of one rule in the decision's trace."""
        from services.lager import saker

        rad = self.vedtak()
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            nokkel = saker.las(forbindelse, self.id).nokkel
        _, spor = apne_vedtak(nokkel, rad.id, rad.fakta, rad.spor)
        return {linje["navn"]: linje["verdi"] for linje in orjson.loads(spor)}[navn]

    def planlagt(self) -> list[tuple[str, str]]:
        """(cause, month) of what begins by itself later."""
        sporring = (
            "SELECT arsak, termin FROM behandling WHERE sak_id = :id AND tilstand = 'planlagt' ORDER BY frist"
        )
        return [(r.arsak, r.termin) for r in sporr(sporring, id=self.id)]


def dag(tekst: str) -> datetime:
    return datetime.fromisoformat(tekst + "T09:00:00").replace(tzinfo=UTC)


def se(sak: Sak, **verdier: Any) -> dict[str, Any]:
    """What the rules would say of the open treatment, and what a caseworker is to see."""
    with transaksjon(DbRolle.API, SYSTEM) as forbindelse:
        return utkast(forbindelse, sak.id, sak.behandling, verdier, START)


def problem(sak: Sak, handling: str = "foresla", **inn: Any) -> tuple[str, str]:
    """Field and message of a refused action."""
    with pytest.raises(Problem) as feil:
        sak.gjor(handling, begrunnelse="Vurdert.", **inn)
    [ett] = feil.value.dokument()["feil"]
    return ett["felt"], ett["melding"]


def fastrente(**onsket: Any) -> Sak:
    """A loan of 2.2 million over 30 years, fixed for three, paid out in November 2026."""
    ramme(10_000_000)
    sak = Sak(lanesak(onsket={"rentetype": "fast_3", **onsket}))
    assert sak.avgjor() == "L00"
    sak.meld(kjop(sak.soknad), dag("2026-10-05"))
    assert sak.avgjor(GODT_KJOP, dag("2026-10-06")) == "U00"
    return sak


def betalt(sak_id: UUID) -> list[tuple[str, int, str]]:
    """(month, kroner, to whom) of the case's payment rows."""
    rader = sporr(
        "SELECT termin, belop, mottaker FROM utbetaling WHERE sak_id = :id ORDER BY laget", id=sak_id
    )
    return [(r.termin, int(r.belop), r.mottaker) for r in rader]
