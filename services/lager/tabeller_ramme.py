"""Tables of the frames; the SQL that makes them is ``0009_ramme.sql``."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _tekst, _tid


class Ramme(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ordning: str = _tekst()
    ar: int
    post: str = _tekst()
    kommunenummer: str | None = _tekst()
    tildelt: int = Field(sa_type=BigInteger)
    bundet: int = Field(sa_type=BigInteger)
    utbetalt: int = Field(sa_type=BigInteger)
    laget: datetime = _tid()
    endret: datetime = _tid()


class Rammekrav(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ramme_id: UUID = Field(foreign_key="ramme.id")
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id")
    belop: int = Field(sa_type=BigInteger)
    prioritet: int
    mottatt: datetime = _tid()
    status: str = _tekst()
    bundet: int = Field(sa_type=BigInteger)
    utbetalt: int = Field(sa_type=BigInteger)
    laget: datetime = _tid()


class Rammepost(SQLModel, table=True):
    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    ramme_id: UUID = Field(foreign_key="ramme.id")
    krav_id: UUID | None = Field(foreign_key="rammekrav.id")
    slag: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    motpost: UUID | None = Field(foreign_key="ramme.id")
    grunn: str = _tekst()
    aktor: str = _tekst()
    tid: datetime = _tid()
