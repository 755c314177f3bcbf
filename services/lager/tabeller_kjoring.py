"""Tables of running cases and of the monthly run; the SQL that makes them is ``0003_kjoring.sql``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _bytes, _tekst, _tid


class Lopende(SQLModel, table=True):
    sak_id: UUID = Field(primary_key=True, foreign_key="sak.id")
    ordning: str = _tekst()
    kommunenummer: str = _tekst()
    status: str = _tekst()
    stanset_grunn: str | None = _tekst()
    siste_termin: str = _tekst()
    siste_kode: str = _tekst()
    siste_utfall: str = _tekst()
    siste_belop: int = Field(sa_type=BigInteger)
    siste_vedtak: UUID
    avslag_pa_rad: int
    endret: datetime = _tid()


class LopendeSoknad(SQLModel, table=True):
    __tablename__ = "lopende_soknad"
    sak_id: UUID = Field(primary_key=True, foreign_key="sak.id")
    gjelder_fra: str = _tekst(primary_key=True)
    soknad: bytes = _bytes()
    laget: datetime = _tid()


class Kjoring(SQLModel, table=True):
    id: UUID = Field(primary_key=True)
    ordning: str = _tekst()
    termin: str = _tekst()
    slag: str = _tekst()
    prove: bool
    kommuner: list[str] | None = Field(sa_type=ARRAY(TEXT))
    status: str = _tekst()
    fase: str = _tekst()
    tid: datetime = _tid()
    samlet: datetime | None = _tid()
    manifest: dict[str, Any] | None = Field(sa_type=JSONB)
    manifest_hash: bytes | None = _bytes()
    resultat_hash: bytes | None = _bytes()
    rapport: dict[str, Any] | None = Field(sa_type=JSONB)
    startet_av: str = _tekst()
    frigitt_av: str | None = _tekst()
    frigitt: datetime | None = _tid()
    laget: datetime = _tid()
    ferdig: datetime | None = _tid()


class KjoringOmfang(SQLModel, table=True):
    __tablename__ = "kjoring_omfang"
    ordning: str = _tekst(primary_key=True)
    termin: str = _tekst(primary_key=True)
    kommunenummer: str = _tekst(primary_key=True)
    kjoring_id: UUID = Field(foreign_key="kjoring.id")


class KjoringBit(SQLModel, table=True):
    __tablename__ = "kjoring_bit"
    kjoring_id: UUID = Field(primary_key=True, foreign_key="kjoring.id")
    nr: int = Field(primary_key=True)
    antall: int
    saker: bytes = _bytes()
    forsok: int
    feil: str | None = _tekst()
    kjor_etter: datetime = _tid()
    samlet: datetime | None = _tid()
    mangler: bytes | None = _bytes()
    behandlet: datetime | None = _tid()
    resultat_hash: bytes | None = _bytes()
    tall: dict[str, Any] | None = Field(sa_type=JSONB)


class KjoringSak(SQLModel, table=True):
    __tablename__ = "kjoring_sak"
    kjoring_id: UUID = Field(primary_key=True)
    sak_id: UUID = Field(primary_key=True)
    kommunenummer: str = _tekst()
    utfall: str = _tekst()
    kode: str | None = _tekst()
    resultat: str | None = _tekst()
    belop: int | None = Field(sa_type=BigInteger)
    forrige_kode: str | None = _tekst()
    forrige_utfall: str | None = _tekst()
    forrige_belop: int = Field(sa_type=BigInteger)
    vedtak_id: UUID | None = None
    grunn: str | None = _tekst()
    regelform: int
    satser: int
    tak: int
    husstand: int
    inntekt: int
    formue: int
    boutgift: int
    kontroll: int


class KjoringHendelse(SQLModel, table=True):
    __tablename__ = "kjoring_hendelse"
    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    kjoring_id: UUID = Field(foreign_key="kjoring.id")
    tid: datetime = _tid()
    type: str = _tekst()
    aktor: str = _tekst()
    data: dict[str, Any] = Field(sa_type=JSONB)
