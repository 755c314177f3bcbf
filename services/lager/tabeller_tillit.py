"""Tables of the read log, used tokens and legal holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _bytes, _tekst, _tid


class BruktToken(SQLModel, table=True):
    __tablename__ = "brukt_token"
    nokkel: bytes = _bytes(primary_key=True)
    utloper: datetime = _tid()


class Lesing(SQLModel, table=True):
    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    tid: datetime = _tid()
    aktor: str = _tekst()
    virksomhet: str = _tekst()
    hva: str = _tekst()
    formal: str = _tekst()
    hjemmel: str = _tekst()
    sak_id: UUID | None = None
    antall: int
    filter: dict[str, Any] | None = Field(sa_type=JSONB)
    spor: str | None = _tekst()


class Bevaringshold(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(foreign_key="sak.id")
    seq: int
    satt: datetime = _tid()
    satt_av: str = _tekst()
    opphevet: datetime | None = _tid()
    opphevet_av: str | None = _tekst()
