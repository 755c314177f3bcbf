"""Table of what the nightly controls came to."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Double, Identity
from sqlmodel import Field, SQLModel

from services.lager.tabeller import _tekst, _tid


class Tillitsmaling(SQLModel, table=True):
    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    slag: str = _tekst()
    tid: datetime = _tid()
    antall: int = Field(sa_type=BigInteger)
    utelatt: int = Field(sa_type=BigInteger)
    avvik: int = Field(sa_type=BigInteger)
    sekunder: float = Field(sa_type=Double)
