"""The engine called directly on a real database, with a clock of the test's own: years go by in a moment."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text

from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from schemas.saker import HandlingInn
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, Innsyn, transaksjon
from services.motor.dren import dren_flere
from services.motor.handlinger import utfor
from services.mottak.mottak import ta_imot
from services.problem import Problem
from services.ramme import les
from services.ramme.bok import Ramme, Rammenokkel, finn, tildel
from services.registersim.fnr import lag_fnr
from services.registre import Registre
from services.tilgang import Aktor
from services.tilgang.aktor import ALLE, ROLLER, systemaktor
from services.tilgang.lokal import syntetisk_orgnr
from tests.tilsagn.livet import ENHETER, SOKNADER

KILDE = "https://tilsagn.example.no"
_nr = count(1)
_ARBEID = text("""
    SELECT DISTINCT sak_id FROM utboks WHERE status IN ('venter', 'publisert') AND kjor_etter <= :na ORDER BY sak_id
""")
_NESTE = text("SELECT min(kjor_etter) FROM utboks WHERE status IN ('venter', 'publisert')")


class Husbankregisteret:
    """The one register that these schemes ask: organisation number → what it owes Husbanken from before."""

    def __init__(self) -> None:
        self.saldo: dict[str, int] = {}

    def hent_alle(self, oppslag: Any) -> Any:
        for krav, nummer, _, _ in oppslag:
            assert krav.register == "husbanken"
            saldo = self.saldo.get(nummer, 0)
            lan = {"saldo": saldo, "arlig_kostnad": 0, "misligholdt": False}
            yield krav, {"engasjement": [lan] if saldo else []}


def virksomhet(nr: int) -> dict[str, str]:
    """An applicant of its own, 0–9999."""
    return {"organisasjonsnummer": syntetisk_orgnr(f"{nr:04d}")}


def hendelse(
    navn: str,
    slag: str,
    termin: str,
    referanse: str,
    *,
    kommune: str = "0301",
    tid: datetime | None = None,
    part: dict[str, str] | None = None,
    **felt: Any,
) -> dict[str, Any]:
    """One CloudEvent of a scheme: its application, or an event with these fields."""
    person = TILSAGNSORDNINGER[navn].til_person
    egen = {"fnr": lag_fnr(date(1985, 3, 1), 1)} if person else virksomhet(301)
    data: dict[str, Any] = {
        "termin": termin, "kommunenummer": kommune, "soker": part or egen, "referanse": referanse,
    }  # fmt: skip
    if slag == "soknad":
        engasjement = felt.pop("engasjement", 0)
        data |= {"prosjekt": {**SOKNADER[navn], **felt}, "engasjement": engasjement}
        if navn in ENHETER:
            data["enheter"] = ENHETER[navn]
        type_ = f"no.boligsak.{navn}.soknad.mottatt.v1"
    else:
        data["hendelse"] = felt
        type_ = f"no.boligsak.{navn}.{slag}.meldt.v1"
    ut = {"specversion": "1.0", "id": f"t-{next(_nr)}", "source": KILDE, "type": type_, "data": data}
    if tid is not None:
        ut["time"] = tid.isoformat()
    return ut


def person(navn: str, rolle: str, kommuner: Any = ALLE) -> Aktor:
    return Aktor(f"lokal:{navn}", "saksbehandler", "", kommuner, frozenset({rolle}), ROLLER[rolle], True)


class Verden:
    """The clock, the people, and what waits to be done."""

    def __init__(self, dag: str = "2024-10-15") -> None:
        self.na = datetime.combine(date.fromisoformat(dag), time(9), UTC)
        self.kari, self.ola = person("kari", "saksbehandler"), person("ola", "attestant")
        self.registeret = Husbankregisteret()
        self.nasjonalt = person("nils", "annenlinje")

    @property
    def termin(self) -> str:
        return f"{self.na:%Y-%m}"

    def gi_ramme(self, navn: str, belop: int, ar: int | None = None, post: str | None = None) -> Ramme:
        o = TILSAGNSORDNINGER[navn]
        nokkel = Rammenokkel(o.rammenavn, ar or self.na.year, post or o.post, "0301" if o.kommunal else None)
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            ramme = tildel(forbindelse, nokkel, belop, aktor="prop-1-s", grunn="bevilgning", tid=self.na)
        self.drener()
        return ramme

    def ramme(self, navn: str, ar: int | None = None, post: str | None = None) -> Ramme | None:
        o = TILSAGNSORDNINGER[navn]
        nokkel = Rammenokkel(o.rammenavn, ar or self.na.year, post or o.post, "0301" if o.kommunal else None)
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            assert les.avvik(forbindelse) == []
            return finn(forbindelse, nokkel)

    def send(self, navn: str, slag: str, referanse: str, **felt: Any) -> UUID:
        kropp = hendelse(navn, slag, self.termin, referanse, tid=self.na, **felt)
        sak = ta_imot(kropp, systemaktor("mottak"), self.na, None).sak
        self.drener()
        return sak

    def drener(self) -> None:
        """Do what is due now; an error of a case is the test's."""
        for _ in range(50):
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                saker = list(forbindelse.scalars(_ARBEID, {"na": self.na}))
            if not saker:
                return
            registre = cast(Registre, self.registeret)
            for feil in dren_flere(dict.fromkeys(saker), registre, lambda: self.na).values():
                raise feil
        raise AssertionError("there is always more to do")

    def la_tiden_ga(self, til: str) -> None:
        """To that day, stopping wherever something is due."""
        slutt = datetime.combine(date.fromisoformat(til), time(9), UTC)
        while True:
            with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
                neste = forbindelse.scalar(_NESTE)
            if neste is None or neste > slutt:
                break
            self.na = max(self.na, neste + timedelta(hours=9))
            self.drener()
        self.na = max(self.na, slutt)
        self.drener()

    def gjor(self, sak: UUID, handling: str, aktor: Aktor, **inn: Any) -> None:
        with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, klarert=True)) as forbindelse:
            versjon = forbindelse.scalar(text("SELECT versjon FROM sak WHERE id = :id"), {"id": sak})
            apne = list(self._apne(forbindelse, sak))
            kropp = HandlingInn(behandling=apne[-1], **inn)
            utfor(forbindelse, sak, handling, kropp, aktor, versjon, self.na, None)
        self.drener()

    @staticmethod
    def _apne(forbindelse: Any, sak: UUID) -> Any:
        return forbindelse.scalars(
            text("""SELECT id FROM behandling WHERE sak_id = :id AND avsluttet IS NULL AND tilstand <> 'planlagt'
                    ORDER BY nr"""),
            {"id": sak},
        )

    def beslutt(self, sak: UUID, **overstyring: Any) -> None:
        """Proposed by one, attested by another."""
        verdier = {k.replace("__", "."): v for k, v in overstyring.items()}
        self.gjor(sak, "foresla", self.kari, begrunnelse="vurdert", overstyring=verdier)
        self.gjor(sak, "attester", self.ola)

    def gi_tilsagn(self, navn: str, referanse: str, **felt: Any) -> UUID:
        sak = self.send(navn, "soknad", referanse, **felt)
        self.beslutt(sak)
        return sak

    def skje(self, sak: UUID, navn: str, slag: str, referanse: str, **felt: Any) -> str:
        """An event reported and decided; the code of its decision."""
        self.send(navn, slag, referanse, **felt)
        if not TILSAGNSORDNINGER[navn].hendelser[slag].bokforing:
            self.beslutt(sak)
        return self.vedtak(sak)[-1].kode

    def vedtak(self, sak: UUID) -> list[Any]:
        return self.sql("SELECT * FROM vedtak WHERE sak_id = :sak ORDER BY fattet, id", sak=sak)

    def tilstander(self, sak: UUID) -> list[str]:
        return [
            r[0] for r in self.sql("SELECT tilstand FROM behandling WHERE sak_id = :sak ORDER BY nr", sak=sak)
        ]

    def betalt(self, sak: UUID) -> int:
        return int(
            self.sql("SELECT coalesce(sum(belop), 0) FROM utbetaling WHERE sak_id = :sak", sak=sak)[0][0]
        )

    @staticmethod
    def sql(setning: str, **verdier: Any) -> list[Any]:
        with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
            return list(forbindelse.execute(text(setning), verdier))


__all__ = ["Husbankregisteret", "Problem", "Verden", "hendelse", "person", "virksomhet"]
