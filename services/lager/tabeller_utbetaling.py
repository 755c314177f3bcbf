"""Tables of payment files and of the month's figures; the SQL that makes them is ``0004_utbetaling.sql``."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _bytes, _tekst, _tid


class Utbetalingsfil(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ordning: str = _tekst()
    termin: str = _tekst()
    nr: int
    msgid: str = _tekst()
    forfall: date
    antall: int
    sum: int = Field(sa_type=BigInteger)
    dannet: datetime = _tid()
    sha256: bytes | None = _bytes()
    status: str = _tekst()
    laget: datetime = _tid()


class Utbetalingslinje(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    fil_id: UUID = Field(foreign_key="utbetalingsfil.id")
    sak_id: UUID = Field(foreign_key="sak.id")
    kommunenummer: str = _tekst()
    mottaker: str = _tekst()
    belop: int = Field(sa_type=BigInteger)
    status: str = _tekst()
    arsak: str | None = _tekst()


class Banksvar(SQLModel, table=True):
    sha256: bytes = _bytes(primary_key=True)
    msgid: str = _tekst()
    utfort: int
    avvist: int
    under_veis: int
    ukjent: int
    lest: datetime = _tid()


class Statistikk(SQLModel, table=True):
    ordning: str = _tekst(primary_key=True)
    termin: str = _tekst(primary_key=True)
    kommunenummer: str = _tekst(primary_key=True)
    tall: dict[str, Any] = Field(sa_type=JSONB)
    laget: datetime = _tid()
