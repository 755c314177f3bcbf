"""A synthetic person and a dwelling: all that any of the registers may be asked about."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Bolignummer(NamedTuple):
    kommunenummer: str
    gardsnummer: int
    bruksnummer: int
    bruksenhetsnummer: str


class Inntektslinje(BaseModel):
    """One line of a-ordningen.  ``maned`` left out: every month.  ``type`` left out: by the code."""

    model_config = ConfigDict(extra="forbid")
    beskrivelse: str = "fastloenn"
    belop: float
    maned: str | None = None
    type: str | None = None
    fordel: str = "kontantytelse"
    trekk: bool = True


class Skattelinje(BaseModel):
    model_config = ConfigDict(extra="forbid")
    navn: str
    belop: int
    kategori: str
    """formue, formuesfradrag, inntekt, inntektsfradrag or -"""


class Utdanning(BaseModel):
    model_config = ConfigDict(extra="forbid")
    fra: date
    til: date | None = None
    rett_til_stotte: bool = True


class NavUtbetaling(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ytelse: str = "AAP"
    dato: date
    belop: int


class Engasjement(BaseModel):
    """What the person owes Husbanken."""

    model_config = ConfigDict(extra="forbid")
    saldo: int
    arlig_kostnad: int
    misligholdt: bool = False


class Matrikkelnummer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kommunenummer: str
    gardsnummer: int
    bruksnummer: int
    bruksenhetsnummer: str = "H0101"

    def nummer(self) -> Bolignummer:
        return Bolignummer(self.kommunenummer, self.gardsnummer, self.bruksnummer, self.bruksenhetsnummer)


class Bolig(Matrikkelnummer):
    """A dwelling in Matrikkelen.  ``bruksenhetstype`` B, F, I, A or U; ``bygningsstatus`` TB, FA, MB, IG …"""

    bruksenhetstype: str = "B"
    bygningsstatus: str = "TB"


class Person(BaseModel):
    """Body of ``POST /styring/personer``; everything but the number and the dwelling has a quiet default."""

    model_config = ConfigDict(extra="forbid")
    fnr: str = Field(pattern=r"^[0-9]{11}$")
    fodselsdato: date | None = None
    """Left out: read from the number."""
    bolig: Matrikkelnummer | None = None
    """Where the person is registered; None: nowhere known."""
    vegadresse: bool = False
    """Registered at a road address: the document carries no cadastral number, only the search finds it."""
    flyttet_inn: date = date(2015, 1, 1)
    tidligere_bolig: Matrikkelnummer | None = None
    delt_bosted: Matrikkelnummer | None = None
    status: str = "bosatt"
    status_fra: date = date(2015, 1, 1)
    """Before this day a person who is no longer resident was so."""
    dodsdato: date | None = None
    gradering: str = "ugradert"
    foreldre: list[str] = []
    inntekter: list[Inntektslinje] = []
    skattegrunnlag: list[Skattelinje] = []
    skattear: int | None = None
    """The settled income year, other years are not; None: any year asked for, if there is anything to tell of it."""
    skjermet: bool = False
    utdanninger: list[Utdanning] = []
    nav: list[NavUtbetaling] = []
    nav_utbetalinger_per_maned: int = 0
    """Further AAP payments, this many in every month."""
    arbeidsrettet_utdanning: bool = False
    engasjement: list[Engasjement] = []


@dataclass(slots=True)
class Endring:
    """One person's answer from some register (all when None) is another from a call number or a moment on."""

    felt: dict[str, Any]
    register: str | None = None
    fra_kall: int = 0
    fra: float = 0.0
    kall: dict[str, int] = field(default_factory=dict)
