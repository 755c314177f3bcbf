"""Example claims: one YAML file each, with the people the registers know, the application, and what must come of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.kontroll.krav import Register
from services.registersim import person as registersim
from services.registersim.fnr import lag_fnr

MAPPE = Path(__file__).with_name("soknader")
KILDE = "https://demo.example.no/soknader"
_PER_SOKNAD = 8
"""Numbers of one birth date that a claim may use."""


class _Streng(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Streng):
    """``soknad``: what the application says. ``register``: what the registers hold (fields of the simulator's
    ``Person``). Given by birth date, or by a number that Folkeregisteret does not know."""

    fodt: date | None = None
    fnr: str | None = None
    barn_av_soker: bool = False
    bor_et_annet_sted: bool = False
    soknad: dict[str, Any] = {}
    register_: dict[str, Any] = Field({}, alias="register")

    @model_validator(mode="after")
    def _kjent_eller_ukjent(self) -> Self:
        if (self.fodt is None) == (self.fnr is None):
            raise ValueError("oppgi enten fodt eller fnr")
        return self


class Bolig(_Streng):
    soknad: dict[str, Any]
    register_: dict[str, Any] = Field({}, alias="register")


class Handling(_Streng):
    """What a caseworker does when the case stands as an open task. ``ser``: path of the fact → field shown in the draft
    of the decision, which the proposal states."""

    rolle: Literal["saksbehandler", "attestant"]
    handling: str
    begrunnelse: str | None = None
    overstyring: dict[str, Any] | None = None
    ser: dict[str, str] = {}

    def kropp(self) -> dict[str, Any]:
        return self.model_dump(include={"begrunnelse", "overstyring"}, exclude_none=True)


class Ramme(_Streng):
    """Money that the municipality puts into a frame of the scheme first."""

    post: str
    belop: int


class Nede(_Streng):
    """A register that answers 503 the first times it is asked about the applicant."""

    register_: Register = Field(alias="register")
    kall: int = Field(ge=1)


class Forventet(_Streng):
    """A decision, or an open task with this cause."""

    kode: str | None = None
    belop: int = 0
    oppgave: str | None = None

    @model_validator(mode="after")
    def _en_av_to(self) -> Self:
        if (self.kode is None) == (self.oppgave is None):
            raise ValueError("oppgi enten kode eller oppgave")
        return self


class Eksempel(_Streng):
    """One claim. Identity numbers and the dwelling's number follow from its place in the list."""

    navn: str
    nr: int
    historie: str
    termin: str
    kommune: str
    ordning: str = "bostotte"
    ramme: Ramme | None = None
    soker: Person
    husstand: list[Person] = []
    bolig: Bolig = Bolig(soknad={})
    data: dict[str, Any] | None = None
    """The rest of the event's data, for schemes whose dwelling is not the one lived in."""
    sendes: int = 1
    nede: Nede | None = None
    handlinger: list[Handling] = []
    forventet: Forventet
    regnestykke: str = ""

    @property
    def personer(self) -> list[Person]:
        return [self.soker, *self.husstand]

    def fnr(self, plass: int) -> str:
        """The number of the person at ``plass`` (the applicant is 0)."""
        person = self.personer[plass]
        return person.fnr or lag_fnr(str(person.fodt), self.nr * _PER_SOKNAD + plass)

    def matrikkel(self, bruksnummer: int = 1) -> dict[str, Any]:
        return {"gardsnummer": 100 + self.nr, "bruksnummer": bruksnummer, "bruksenhetsnummer": "H0101"}

    def hendelse(self, id_: str) -> dict[str, Any]:
        """The CloudEvent, sent in time: on the 10th of its month."""
        hjem: dict[str, Any] = {"bolig": {**self.bolig.soknad, "matrikkel": self.matrikkel()}}
        if self.data is not None:
            hjem = {"bosted": {"matrikkel": self.matrikkel()}, **self.data}
        return {
            "specversion": "1.0",
            "id": id_,
            "source": KILDE,
            "type": f"no.boligsak.{self.ordning}.soknad.mottatt.v1",
            "time": f"{self.termin}-10T08:30:00Z",
            "datacontenttype": "application/json",
            "data": {
                "termin": self.termin,
                "kommunenummer": self.kommune,
                "soker": self._i_soknaden(0),
                "husstand": [self._i_soknaden(i) for i in range(1, len(self.personer))],
                **hjem,
            },
        }

    def registrering(self) -> dict[str, Any]:
        """Body of ``POST /styring/personer`` of the register simulator."""
        bolig = {"kommunenummer": self.kommune, **self.matrikkel(), **self.bolig.register_}
        kjente = [self._i_registrene(i) for i, p in enumerate(self.personer) if p.fodt is not None]
        return {
            "boliger": [registersim.Bolig.model_validate(bolig).model_dump(mode="json")],
            "personer": [registersim.Person.model_validate(p).model_dump(mode="json") for p in kjente],
        }

    def _i_soknaden(self, plass: int) -> dict[str, Any]:
        return {"fnr": self.fnr(plass), **self.personer[plass].soknad}

    def _i_registrene(self, plass: int) -> dict[str, Any]:
        person = self.personer[plass]
        return {
            "fnr": self.fnr(plass),
            "bolig": {"kommunenummer": self.kommune, **self.matrikkel(2 if person.bor_et_annet_sted else 1)},
            "foreldre": [self.fnr(0)] if person.barn_av_soker else [],
            **person.register_,
        }


def les(dokument: Mapping[str, Any], navn: str, nr: int) -> Eksempel:
    """Errors: pydantic's ValidationError, naming the field."""
    return Eksempel.model_validate({**dokument, "navn": navn, "nr": nr})


def alle(mappe: Path = MAPPE) -> list[Eksempel]:
    """Every claim of the folder, in the order of the file names."""
    return [
        les(yaml.safe_load(fil.read_text(encoding="utf-8")), fil.stem, nr)
        for nr, fil in enumerate(sorted(mappe.glob("*.yaml")), start=1)
    ]
