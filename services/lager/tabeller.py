"""The tables as SQLModel classes: the metadata that migrations are checked against, and plain reads.

Table models do not validate, so none is built from input: ``schemas/`` does that first. The SQL that makes them,
with keys, checks and policies, stands in ``migrasjoner/versions``.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlmodel import Field, SQLModel


def _tid(**valg: Any) -> Any:
    return Field(sa_type=DateTime(timezone=True), **valg)


def _tekst(**valg: Any) -> Any:
    return Field(sa_type=Text, **valg)


def _bytes(**valg: Any) -> Any:
    return Field(sa_type=LargeBinary, **valg)


class Person(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    oppslag: bytes = _bytes(unique=True)
    fnr: bytes | None = _bytes()
    nokkel: bytes | None = _bytes()
    nokkel_kek: str | None = _tekst()
    laget: datetime = _tid()


class Sak(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ordning: str = _tekst()
    kommunenummer: str = _tekst()
    hovedperson: UUID = Field(foreign_key="person.id")
    status: str = _tekst()
    gradert: bool
    versjon: int
    siste_seq: int
    siste_hash: bytes = _bytes()
    laget: datetime = _tid()
    endret: datetime = _tid()
    slettet: datetime | None = _tid()
    gjelder: str = _tekst()


class SakPerson(SQLModel, table=True):
    __tablename__ = "sak_person"
    sak_id: UUID = Field(primary_key=True, foreign_key="sak.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    rolle: str = _tekst()


class Behandling(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    nr: int
    kommunenummer: str = _tekst()
    forlop: str = _tekst()
    arsak: str = _tekst()
    termin: str = _tekst()
    tilstand: str = _tekst()
    avsluttet: datetime | None = _tid()
    forslag_av: str | None = _tekst()
    frist: datetime | None = _tid()
    laget: datetime = _tid()
    kontroller_fra: datetime | None = _tid()
    merker: list[str] = Field(sa_type=ARRAY(TEXT))


class Hendelse(SQLModel, table=True):
    id: UUID
    sak_id: UUID = Field(primary_key=True)
    behandling_id: UUID | None = None
    seq: int = Field(primary_key=True)
    tid: datetime = _tid(primary_key=True)
    type: str = _tekst()
    kanonisk: bytes = _bytes()
    forrige: bytes = _bytes()
    hash: bytes = _bytes()
    innhold: bytes | None = _bytes()


class Opplysning(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id")
    nokkel: str = _tekst()
    kilde: str = _tekst()
    gjelder: UUID | None = None
    hjemmel: str = _tekst()
    hentet: datetime = _tid()
    gyldig_til: datetime | None = _tid()
    innhold: bytes = _bytes()


class Kontroll(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id")
    nokkel: str = _tekst()
    register_: str = _tekst(sa_column_kwargs={"name": "register"})
    status: str = _tekst()
    forsok: int
    kjor_etter: datetime = _tid()
    feil: str = _tekst()
    laget: datetime = _tid()


class Vedtak(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id", unique=True)
    kommunenummer: str = _tekst()
    termin: str = _tekst()
    kode: str = _tekst()
    utfall: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    regelversjon: str = _tekst()
    fattet: datetime = _tid()
    fattet_av: str = _tekst()
    attestert_av: str | None = _tekst()
    erstatter: UUID | None = None
    fakta: bytes = _bytes()
    spor: bytes = _bytes()


class Utbetaling(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    vedtak_id: UUID = Field(foreign_key="vedtak.id")
    kommunenummer: str = _tekst()
    termin: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    forfall: date
    mottaker: str = _tekst()
    status: str = _tekst()
    laget: datetime = _tid()
    kjoring_id: UUID | None = None
    linje_id: UUID | None = None
    tilbakekrav_id: UUID | None = None


class Innboks(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    kilde: str = _tekst()
    ekstern_id: str = _tekst()
    type: str = _tekst()
    kommunenummer: str | None = _tekst()
    mottatt: datetime = _tid()
    status: str = _tekst()
    problem: dict[str, Any] | None = Field(sa_type=JSONB)
    kropp_hash: bytes = _bytes()
    kropp: bytes | None = _bytes()
    nokkel: bytes | None = _bytes()
    nokkel_kek: str | None = _tekst()
    sak_id: UUID | None = None
    behandling_id: UUID | None = None


class Utboks(SQLModel, table=True):
    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    sak_id: UUID
    emne: str = _tekst()
    ko: str = _tekst()
    ref: UUID | None = None
    status: str = _tekst()
    kjor_etter: datetime = _tid()
    publisert: datetime | None = _tid()
    forsok: int
    sporing: str | None = _tekst()
    laget: datetime = _tid()


class Oppfolging(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID | None = Field(foreign_key="behandling.id")
    kommunenummer: str = _tekst()
    slag: str = _tekst()
    arsak: str = _tekst()
    fingeravtrykk: str = _tekst()
    eier: str = _tekst()
    frist: datetime = _tid()
    ref: UUID | None = None
    laget: datetime = _tid()
    lukket: datetime | None = _tid()
    lukket_av: str | None = _tekst()
    paminn: datetime | None = _tid()
    paminnet: datetime | None = _tid()


class Utgaende(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    tx: str = Field(sa_type=Text)
    sak_id: UUID = Field(foreign_key="sak.id")
    type: str = _tekst()
    data: dict[str, Any] = Field(sa_type=JSONB)
    laget: datetime = _tid()


class Idempotens(SQLModel, table=True):
    aktor: str = _tekst(primary_key=True)
    nokkel: str = _tekst(primary_key=True)
    foresporsel: bytes = _bytes()
    status: int
    svar: dict[str, Any] = Field(sa_type=JSONB)
    laget: datetime = _tid()
