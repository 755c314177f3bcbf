"""Bodies of the case API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from domain.ordninger import ORDNINGER
from schemas.felles import Streng


def valuta(ordning: str) -> str:
    """The currency of a scheme's amounts."""
    return ORDNINGER[ordning].valuta


class SakRad(BaseModel):
    """A case in a list."""

    id: UUID
    ordning: str = Field(examples=["bostotte"])
    kommunenummer: str = Field(examples=["0301"])
    status: Literal["aktiv", "stanset", "avsluttet"]
    versjon: int
    laget: datetime
    endret: datetime
    slettet: datetime | None = Field(
        None, description="Når personopplysningene ble slettet; det som ble sagt i saken, kan ikke leses mer."
    )
    gjelder: str = Field("", description="Hvilket av partens forhold i kommunen, når den kan ha flere.")

    @computed_field(description="ISO 4217; av alle beløp i saken.")  # type: ignore[prop-decorator]
    @property
    def valuta(self) -> str:
        return valuta(self.ordning)


class Saksliste(BaseModel):
    saker: list[SakRad]
    neste: UUID | None = Field(None, description="Send som `etter` for neste side; null på siste side.")


class BehandlingRad(BaseModel):
    id: UUID
    nr: int
    arsak: str = Field(examples=["soknad"])
    termin: str = Field(examples=["2026-09"])
    tilstand: str = Field(examples=["vedtatt"])
    frist: datetime | None
    merker: list[str] = Field(
        description="Det vilkårene i overgangstabellen ser på.", examples=[["varsel_levert"]]
    )
    laget: datetime
    avsluttet: datetime | None
    handlinger: list[str] = Field(description="Hva denne aktøren kan gjøre nå, etter overgangstabellen.")


class VedtakRad(BaseModel):
    id: UUID
    behandling: UUID
    termin: str
    kode: str = Field(examples=["V00"])
    utfall: str = Field(examples=["innvilget"])
    belop: int = Field(
        description="Hele kroner: per måned, eller én gang for det som gis én gang.", examples=[6565]
    )
    valuta: str = Field(examples=["NOK"])
    fattet: datetime
    erstatter: UUID | None


class UtbetalingRad(BaseModel):
    termin: str
    belop: int = Field(description="Hele kroner; negativt beløp avregnes.")
    forfall: date
    mottaker: Literal["husstand", "kommune", "virksomhet"]
    status: str


class Sak(SakRad):
    """A case whole. The ETag is its version."""

    behandlinger: list[BehandlingRad]
    vedtak: list[VedtakRad]
    utbetalinger: list[UtbetalingRad]


class Part(BaseModel):
    person: UUID
    rolle: Literal["soker", "biperson"]
    fnr: str | None = Field(description="Null når personen er slettet.")


class HendelseRad(BaseModel):
    """One event of the audit log. ``innhold`` is what was said, where the key still exists."""

    id: UUID
    seq: int
    tid: datetime
    type: str = Field(examples=["fatt_vedtak"])
    aktor: str
    behandling: UUID | None
    data: dict[str, Any]
    innhold: dict[str, Any] | None
    hash: str


class Historikk(BaseModel):
    hendelser: list[HendelseRad]
    neste: int | None = Field(None, description="Send som `etter` for neste side; null på siste side.")


class KontrollRad(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    register_: str = Field(alias="register", examples=["inntekt"])
    gjelder: UUID | None
    parametre: str = Field(examples=["termin=2026-09"])
    status: Literal["utfort", "venter", "oppgitt"]
    behandling: UUID
    forsok: int | None
    feil: str | None
    tid: datetime
    gyldig_til: datetime | None
    hjemmel: str | None


class Kontrolliste(BaseModel):
    kontroller: list[KontrollRad]


class Vedtak(VedtakRad):
    """A decision with what it rests on: it can be recomputed from ``fakta`` and ``regelversjon``."""

    sak: UUID
    kommunenummer: str
    regelversjon: str
    fattet_av: str
    attestert_av: str | None
    fakta: dict[str, Any] | None = Field(description="Null når personopplysningene er slettet.")
    spor: list[dict[str, Any]]


Begrunnelse = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4000, pattern=r"^[^\x00]*$")
]


class HandlingInn(Streng):
    """An action on a case. Which fields are needed depends on the action."""

    behandling: UUID | None = Field(None, description="Må oppgis når saken har flere åpne behandlinger.")
    begrunnelse: Begrunnelse | None = None
    overstyring: dict[str, Any] | None = Field(
        None,
        description="For `foresla`: fakta som saksbehandleren fastsetter, som sti → verdi.",
        examples=[{"bolig.godkjent": True}],
        max_length=30,
    )
    frist: date | None = Field(None, description="For `be_om_opplysninger`: siste dag for svar.")
    medhold: Literal["helt", "delvis"] = Field(
        "helt", description="For `foresla` i en klage: får klageren medhold helt eller delvis."
    )
    levert: date | None = Field(
        None, description="For `levert`: dagen varselet nådde parten; i dag når utelatt."
    )
    regler: Literal["da", "na"] = Field(
        "da", description="For `foresla` i en klage: reglene fra vedtaket, eller dagens når loven sier det."
    )


class OppfolgingRad(BaseModel):
    id: UUID
    sak: UUID
    behandling: UUID | None
    kommunenummer: str
    slag: Literal["manuell", "teknisk"]
    arsak: str
    fingeravtrykk: str
    eier: str
    frist: datetime
    laget: datetime


class Arsak(BaseModel):
    fingeravtrykk: str
    slag: Literal["manuell", "teknisk"]
    antall: int
    eldste: datetime


class Oppfolgingsliste(BaseModel):
    oppgaver: list[OppfolgingRad]
    neste: UUID | None = None


class Arsaksliste(BaseModel):
    arsaker: list[Arsak]


class OmkjoringInn(Streng):
    """Start tasks of one cause again, as a canary first: 1, then 10, then all."""

    fingeravtrykk: str = Field(min_length=1, max_length=300)
    antall: Literal[1, 10, "alle"]


class Omkjoring(BaseModel):
    fingeravtrykk: str
    startet: int
    gjenstar: int


class PersonsokInn(Streng):
    fnr: str = Field(pattern=r"^[0-9]{11}$")
