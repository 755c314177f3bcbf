"""Tables of notices, claims and instalments; the SQL that makes them is ``0010_klage.sql`` and ``0017_avdrag.sql``."""

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
    avdragsordning_id: UUID | None = Field(None, foreign_key="avdragsordning.id")


class Avdragsordning(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    tilbakekrav_id: UUID = Field(foreign_key="tilbakekrav.id")
    sak_id: UUID = Field(foreign_key="sak.id")
    kommunenummer: str = _tekst()
    status: str = _tekst()
    purret: datetime | None = _tid()
    laget: datetime = _tid()
    aktor: str = _tekst()


class Avdrag(SQLModel, table=True):
    avdragsordning_id: UUID = Field(primary_key=True, foreign_key="avdragsordning.id")
    nr: int = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    forfall: date
    belop: int = Field(sa_type=BigInteger)
