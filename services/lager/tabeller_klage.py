"""Tables of notices and claims; the SQL that makes them is ``0010_klage.sql``."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _tekst, _tid


class Varsel(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id")
    kommunenummer: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    laget: datetime = _tid()
    levert: datetime | None = _tid()
    frist: datetime | None = _tid()
    besvart: datetime | None = _tid()


class Tilbakekrav(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    behandling_id: UUID = Field(foreign_key="behandling.id", unique=True)
    kommunenummer: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    rest: int = Field(sa_type=BigInteger)
    status: str = _tekst()
    foreldes: date
    laget: datetime = _tid()


class Tilbakekravpost(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    tilbakekrav_id: UUID = Field(foreign_key="tilbakekrav.id")
    sak_id: UUID = Field(foreign_key="sak.id")
    slag: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    tid: datetime = _tid()
    aktor: str = _tekst()
