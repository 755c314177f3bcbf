"""Folkeregisteret: POST …/v1/personer/bulkoppslag and GET …/v1/personer/soek, rettighetspakke offentlig-med-hjemmel.

Shapes by Skatteetatens public API documentation of Folkeregisteret; only the parts asked for with ``part=`` are read.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.kontroll.svar import AnnenBeboer, FolkeregisterPerson, FolkeregisterSvar, Gradering

DELER = (
    "status",
    "foedsel",
    "doedsfall",
    "bostedsadresse",
    "deltBosted",
    "adressebeskyttelse",
    "familierelasjon",
    "historikk",
)
"""Data minimisation: the only parts of the person document that are asked for."""


class Registersvar(BaseModel):
    """Anything a register sends: unknown fields are left out, missing and mistyped ones are errors."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Gyldig(Registersvar):
    """Common to all elements of a person document."""

    gyldighetstidspunkt: AwareDatetime | None = None
    opphoerstidspunkt: AwareDatetime | None = None
    er_gjeldende: bool = Field(default=True, alias="erGjeldende")

    def gjelder(self, dag: date) -> bool:
        if self.gyldighetstidspunkt is not None and self.gyldighetstidspunkt.date() > dag:
            return False
        if self.opphoerstidspunkt is not None:
            return self.opphoerstidspunkt.date() > dag
        return self.er_gjeldende or self.gyldighetstidspunkt is not None


class Matrikkelnummer(Registersvar):
    kommunenummer: str
    gaardsnummer: int
    bruksnummer: int


class Matrikkeladresse(Registersvar):
    bruksenhetsnummer: str = ""
    matrikkelnummer: Matrikkelnummer


class Adresse(_Gyldig):
    """Bostedsadresse.  A road address carries no cadastral number; then only the address search places the person."""

    matrikkeladresse: Matrikkeladresse | None = None

    def er_bolig(self, bolig: Mapping[str, str]) -> bool:
        """``bolig``: kommunenummer, gardsnummer, bruksnummer, bruksenhetsnummer."""
        if (adresse := self.matrikkeladresse) is None:
            return False
        nummer = adresse.matrikkelnummer
        return (
            nummer.kommunenummer == bolig["kommunenummer"]
            and str(nummer.gaardsnummer) == bolig["gardsnummer"]
            and str(nummer.bruksnummer) == bolig["bruksnummer"]
            and adresse.bruksenhetsnummer == bolig["bruksenhetsnummer"]
        )


class DeltBosted(Adresse):
    startdato: date | None = Field(default=None, alias="startdatoForKontrakt")
    sluttdato: date | None = Field(default=None, alias="sluttdatoForKontrakt")

    def gjelder(self, dag: date) -> bool:
        if self.startdato is not None and self.startdato > dag:
            return False
        return (self.sluttdato is None or self.sluttdato > dag) and super().gjelder(dag)


class Status(_Gyldig):
    status: str
    """bosatt, utflyttet, forsvunnet, doed, opphoert, foedselsregistrert, ikkeBosatt, midlertidig, inaktiv"""


class Foedsel(_Gyldig):
    foedselsdato: date | None = None


class Doedsfall(_Gyldig):
    doedsdato: date | None = None


class Adressebeskyttelse(_Gyldig):
    graderingsnivaa: Gradering


class Familierelasjon(_Gyldig):
    relatert_person: str | None = Field(default=None, alias="relatertPerson")
    relatert_persons_rolle: str = Field(alias="relatertPersonsRolle")


class Folkeregisterperson(Registersvar):
    status: list[Status]
    foedsel: list[Foedsel]
    doedsfall: list[Doedsfall] = []
    bostedsadresse: list[Adresse] = []
    delt_bosted: list[DeltBosted] = Field(default=[], alias="deltBosted")
    adressebeskyttelse: list[Adressebeskyttelse] = []
    familierelasjon: list[Familierelasjon] = []

    def pa(self, bolig: Mapping[str, str], dag: date, *, funnet_ved_sok: bool) -> bool:
        """Registered at the dwelling that day; a road address counts when the search at the dwelling found it."""
        return any(
            a.gjelder(dag) and (a.er_bolig(bolig) or (funnet_ved_sok and a.matrikkeladresse is None))
            for a in self.bostedsadresse
        )

    def fodselsdato(self) -> str | None:
        return next(
            (f.foedselsdato.isoformat() for f in self.foedsel if f.er_gjeldende and f.foedselsdato), None
        )


class Personoppslag(Registersvar):
    fnr: Annotated[str, Field(alias="foedselsEllerDNummer", pattern=r"^[0-9]{11}$")]
    person: Folkeregisterperson | None = Field(default=None, alias="folkeregisterperson")


class Oppslagsliste(Registersvar):
    """Answer of the bulk lookup.  The search's own shape is not published; it is taken to be the same list."""

    oppslag: list[Personoppslag]

    def etter_fnr(self) -> dict[str, Folkeregisterperson]:
        return {o.fnr: o.person for o in self.oppslag if o.person is not None}


def folkeregistersvar(
    oppslag: Oppslagsliste,
    soek: Oppslagsliste,
    person_av: Mapping[str, str],
    bolig: Mapping[str, str],
    dag: date,
) -> FolkeregisterSvar:
    """Lookup of everyone in the application and search at the dwelling, as one stored answer without numbers.

    ``person_av``: person id by identity number.  ``dag``: the situation date, on which status and address are read.
    """
    funnet, pa_adressen = oppslag.etter_fnr(), soek.etter_fnr()
    personer: dict[str, FolkeregisterPerson] = {}
    for fnr, person_id in person_av.items():
        if (person := funnet.get(fnr)) is None:
            personer[person_id] = _ukjent()
            continue
        personer[person_id] = _person(person, person_av, bolig, dag)
        personer[person_id]["pa_adressen"] = person.pa(bolig, dag, funnet_ved_sok=fnr in pa_adressen)
    andre: list[AnnenBeboer] = [
        {"fodselsdato": p.fodselsdato()}
        for fnr, p in sorted(pa_adressen.items())
        if fnr not in person_av and not p.doedsfall and p.pa(bolig, dag, funnet_ved_sok=True)
    ]
    return {"personer": personer, "andre_pa_adressen": andre}


def _ukjent() -> FolkeregisterPerson:
    return {
        "funnet": False,
        "fodselsdato": None,
        "bosatt": False,
        "dodsdato": None,
        "gradering": "ugradert",
        "pa_adressen": False,
        "delt_bosted": False,
        "foreldre": [],
    }


def _person(
    p: Folkeregisterperson, person_av: Mapping[str, str], bolig: Mapping[str, str], dag: date
) -> FolkeregisterPerson:
    dod = next((d.doedsdato for d in p.doedsfall if d.doedsdato), None)
    foreldre = {
        person_av[r.relatert_person]
        for r in p.familierelasjon
        if r.relatert_person is not None
        and r.relatert_person in person_av
        and r.relatert_persons_rolle in {"mor", "far", "medmor"}
    }
    return {
        "funnet": True,
        "fodselsdato": p.fodselsdato(),
        "bosatt": any(s.status == "bosatt" and s.gjelder(dag) for s in p.status),
        "dodsdato": dod.isoformat() if dod else None,
        "gradering": next((a.graderingsnivaa for a in p.adressebeskyttelse if a.er_gjeldende), "ugradert"),
        "pa_adressen": False,
        "delt_bosted": any(a.gjelder(dag) and a.er_bolig(bolig) for a in p.delt_bosted),
        "foreldre": sorted(foreldre),
    }
