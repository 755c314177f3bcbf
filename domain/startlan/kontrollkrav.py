"""Which registers an application for startlån asks, about whom, and by what right. Later treatments ask none: they rest
on the decisions before them.

1. Folkeregisteret: who the household is (birth dates, address);
2. for those who borrow, and nobody else: a-ordningen, the tax assessment (the rights package for loans and grants), and
   Husbanken's own register of engagements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.kontroll.krav import Kontrollkrav, Register, Svar

PAKKE = "husbankenLaanTilskudd"
"""Skatteetatens rights package for loans and grants."""


@dataclass(frozen=True, slots=True)
class Grunnlag:
    hjemmel: str
    gyldig_dager: int


GRUNNLAG: Mapping[Register, Grunnlag] = {
    "folkeregister": Grunnlag("husbankloven § 10, folkeregisterloven § 10-2", 7),
    "inntekt": Grunnlag("husbankloven § 10, forskrift om lån fra Husbanken § 5-2", 31),
    "skattegrunnlag": Grunnlag("husbankloven § 10, forskrift om lån fra Husbanken § 5-2", 31),
    "husbanken": Grunnlag("husbankloven § 10, forskrift om lån fra Husbanken § 5-2", 7),
}


def personer(soknad: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The applicant first, then the others of the household."""
    return [soknad["soker"], *soknad.get("husstand", ())]


def lantakere(soknad: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The applicant, and those who borrow with the applicant."""
    return [soknad["soker"], *(p for p in soknad.get("husstand", ()) if p.get("medlantaker"))]


def _krav(register: Register, gjelder: str | None, *parametre: tuple[str, str]) -> Kontrollkrav:
    grunnlag = GRUNNLAG[register]
    return Kontrollkrav(
        register, UUID(gjelder) if gjelder else None, parametre, grunnlag.hjemmel, grunnlag.gyldig_dager
    )


def _merke(verdi: Any) -> str:
    return sha256(repr(verdi).encode()).hexdigest()[:12]


def bosted(soknad: Mapping[str, Any]) -> dict[str, str]:
    """Where the household lives now, in Matrikkelen."""
    numre = soknad["bosted"]["matrikkel"]
    return {
        "kommunenummer": soknad["bosted"].get("kommunenummer", soknad["kommunenummer"]),
        **{felt: str(verdi) for felt, verdi in numre.items()},
    }


def folkeregisterkrav(soknad: Mapping[str, Any]) -> Kontrollkrav:
    hvem = _merke(sorted(p["person_id"] for p in personer(soknad)))
    return _krav(
        "folkeregister",
        None,
        ("dato", f"{soknad['termin']}-01"),
        ("husstand", hvem),
        ("bolig", _merke(bosted(soknad))),
    )


def personkrav(register: Register, person_id: str, termin: str) -> Kontrollkrav:
    """The question to one register about one borrower."""
    if register == "skattegrunnlag":
        ar = str(int(termin[:4]) - 1)
        return _krav(register, person_id, ("inntektsar", ar), ("pakke", PAKKE))
    if register == "husbanken":
        return _krav(register, person_id, ("dato", f"{termin}-01"))
    return _krav(register, person_id, ("termin", termin))


REGISTRE: tuple[Register, ...] = ("inntekt", "skattegrunnlag", "husbanken")


def krav(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> list[Kontrollkrav]:
    """The checks still to be asked; empty when a person can look at the application."""
    if soknad.get("arsak", "soknad") != "soknad":
        return []
    folkeregister = folkeregisterkrav(soknad)
    alle = [folkeregister]
    if fr := svar.get(folkeregister.nokkel):
        for person in lantakere(soknad):
            om = fr["personer"][person["person_id"]]
            if om["funnet"] and om["dodsdato"] is None:
                alle += [personkrav(r, person["person_id"], soknad["termin"]) for r in REGISTRE]
    return [k for k in alle if k.nokkel not in svar]


def ekstra(k: Kontrollkrav, soknad: Mapping[str, Any], fnr_av: Mapping[str, str]) -> dict[str, str]:
    """What the client needs besides the key. Personal data: never log it."""
    if k.register != "folkeregister":
        return {}
    return {p["person_id"]: fnr_av[p["person_id"]] for p in personer(soknad)} | bosted(soknad)


def forste_dag(termin: str) -> date:
    return date.fromisoformat(f"{termin}-01")
