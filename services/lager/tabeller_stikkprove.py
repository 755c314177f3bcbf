"""Tables of sampling for quality control; the SQL that makes them is ``0016_stikkprove.sql``."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _tekst, _tid


class Stikkprove(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ordning: str = _tekst()
    fra: str = _tekst()
    til: str = _tekst()
    fro: int = Field(sa_type=BigInteger)
    populasjon: int
    laget: datetime = _tid()
    laget_av: str = _tekst()


class StikkproveVedtak(SQLModel, table=True):
    __tablename__ = "stikkprove_vedtak"
    stikkprove_id: UUID = Field(primary_key=True, foreign_key="stikkprove.id")
    vedtak_id: UUID = Field(primary_key=True, foreign_key="vedtak.id")
    sak_id: UUID = Field(foreign_key="sak.id")
    kommunenummer: str = _tekst()
    nr: int
    funn: str | None = _tekst()
    av: str | None = _tekst()
    tid: datetime | None = _tid()
