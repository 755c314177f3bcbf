"""Bodies about controls afterwards and claims."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from schemas.felles import Streng


class Kontrollsummer(BaseModel):
    """One control in the shape of the annual report: households, and whole kroner."""

    startet: int
    ikke_klare: int = Field(description="Venter på at skatten er oppgjort for alle i husstanden.")
    under_arbeid: int
    hos_saksbehandler: int
    venter_pa_svar: int
    uendret: int
    etterbetalt: int
    etterbetalt_kroner: int
    varslet: int
    varslet_kroner: int
    krav: int
    krav_kroner: int
    krav_rest_kroner: int
    avsluttet_etter_varsel: int
    redusert_etter_varsel: int
    redusert_etter_klage: int = Field(description="Krav som et senere vedtak har satt ned eller avsluttet.")
    redusert_etter_klage_kroner: int


class IkkeKlar(BaseModel):
    sak: UUID
    behandling: UUID
    kommunenummer: str
    startet: datetime
    neste_forsok: datetime | None


class IkkeKlare(BaseModel):
    husstander: list[IkkeKlar]
    neste: UUID | None = Field(None, description="Send som `etter` for neste side; null på siste side.")


class Kravpost(BaseModel):
    slag: str
    belop: int
    tid: datetime


class Avdrag(BaseModel):
    nr: int
    forfall: date
    belop: int = Field(description="Hele kroner.")
    igjen: int = Field(description="Hele kroner som ikke er betalt eller falt bort.")


class Avdragsordning(BaseModel):
    status: Literal["lopende", "endret", "brutt", "fullfort"]
    avtalt: datetime
    purret: datetime | None = Field(description="Da det første gang ble purret på det som mangler nå.")
    avdrag: list[Avdrag]


class Krav(BaseModel):
    """A claim with what has moved it, and the newest agreement to pay it in instalments."""

    id: UUID
    behandling: UUID
    belop: int = Field(description="Hele kroner.")
    rest: int
    status: Literal["apent", "oversendt", "hos_innkreving", "oppgjort"]
    foreldes: date
    laget: datetime
    poster: list[Kravpost]
    avdragsordning: Avdragsordning | None = None


class KravpostInn(Streng):
    """What moves a claim. ``oversendelse`` hands it to the collection authority and takes no amount."""

    slag: Literal["innbetaling", "motregning", "nedsettelse", "ettergivelse", "foreldelse", "oversendelse"]
    belop: int | None = Field(None, gt=0, lt=100_000_000, description="Hele kroner; utelatt: hele resten.")
    begrunnelse: str = Field(min_length=3, max_length=4000)


class AvdragsordningInn(Streng):
    """Equal monthly instalments of all that is left; the last takes what does not divide. One that runs is changed."""

    antall: int = Field(ge=2, le=36)
    forste_forfall: date
    begrunnelse: str = Field(min_length=3, max_length=4000)
