"""Which registers bostøtte asks, about whom, in which order and by what right.

Three waves, so that nobody is asked about without need (personvernforordningen art. 5 (1) c):

1. Folkeregisteret (household, birth dates) and Matrikkel (the dwelling);
2. Lånekassen, a-ordningen and the tax assessment, for those who are adults by Folkeregisteret's birth date;
3. NAV, only for those whose month holds AAP or dagpenger, or who are students with a claimed work programme.

``krav`` gives what is still missing; it is called again after each wave until it gives nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.kontroll import vurdering
from domain.kontroll.krav import Kontrollkrav, Register, Svar, nokkel
from domain.kontroll.svar import FolkeregisterPerson

TO_TREDJEDELER_FRA = "2025-01"
"""First termin of the two-thirds rule (forskrift om bustøtte § 5; Husbankens årsrapport 2025 s. 47)."""
UNGE_HJEMMEBOENDE_FRA = "2024-10"
"""First termin in which income and wealth of those under 20 who are not main applicants are left out (årsrapport 2024
s. 46)."""


@dataclass(frozen=True, slots=True)
class Grunnlag:
    """By what right a register is asked, how long its answer holds, and why so long."""

    hjemmel: str
    gyldig_dager: int
    hvorfor: str


GRUNNLAG: Mapping[Register, Grunnlag] = {
    "folkeregister": Grunnlag(
        "bustøttelova §§ 2, 3 og 8, husbankloven § 10",
        7,
        "Moves and deaths are registered late; a decision more than a week after the answer asks again.",
    ),
    "matrikkel": Grunnlag(
        "bustøttelova §§ 5 og 8, husbankloven § 10",
        365,
        "The status of a dwelling seldom changes, and is looked at when an application is new.",
    ),
    "lanekassen": Grunnlag(
        "bustøttelova §§ 4 og 8, husbankloven § 10", 31, "Matched once a month against all running cases."
    ),
    "inntekt": Grunnlag(
        "bustøttelova §§ 6 og 8, forskrift om bustøtte § 5",
        7,
        "Late and corrected a-meldinger come in through the month after.",
    ),
    "skattegrunnlag": Grunnlag(
        "bustøttelova §§ 6 og 8, forskrift om bustøtte §§ 5 og 6",
        31,
        "Assessments are settled in portions from March to the end of the year; a monthly look is enough.",
    ),
    "nav": Grunnlag(
        "bustøttelova §§ 6 og 8, forskrift om bustøtte § 5",
        7,
        "A payment date of the month may be added until the month is over.",
    ),
}


def krav(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> list[Kontrollkrav]:
    """The checks still to be asked, given the answers so far; empty when the case can be judged.

    ``soknad``: data of the application event with every fnr replaced by ``person_id`` (UUID as text).
    ``svar``: valid answers by ``Kontrollkrav.nokkel``.
    """
    folkeregister = folkeregisterkrav(soknad)
    alle = [folkeregister, matrikkelkrav(soknad)]
    if fr_svar := svar.get(folkeregister.nokkel):
        for person in personer(soknad):
            alle += _om_person(soknad, person, fr_svar["personer"][person["person_id"]], svar)
    return [k for k in alle if k.nokkel not in svar]


def ekstra(k: Kontrollkrav, soknad: Mapping[str, Any], fnr_av: Mapping[str, str]) -> dict[str, str]:
    """What the client needs besides the key: everyone's number for Folkeregisteret, the dwelling's for Matrikkel.

    ``fnr_av``: identity number by person id.  The result is personal data: never log it.
    """
    numre = {p["person_id"]: fnr_av[p["person_id"]] for p in personer(soknad)}
    if k.register == "folkeregister":
        return numre | bolignummer(soknad)
    return bolignummer(soknad) if k.register == "matrikkel" else {}


def personer(soknad: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The applicant first, then the others of the household."""
    return [soknad["soker"], *soknad.get("husstand", ())]


def situasjonsdato(termin: str) -> date:
    """The 1st of the month decides who belongs to the household (Husbankens veileder, «Definisjoner»)."""
    return date.fromisoformat(f"{termin}-01")


def bolignummer(soknad: Mapping[str, Any]) -> dict[str, str]:
    """The dwelling in Matrikkelen: kommunenummer, gardsnummer, bruksnummer, bruksenhetsnummer."""
    numre = soknad["bolig"]["matrikkel"]
    return {"kommunenummer": soknad["kommunenummer"], **{felt: str(verdi) for felt, verdi in numre.items()}}


def _krav(register: Register, gjelder: str | None, *parametre: tuple[str, str]) -> Kontrollkrav:
    grunnlag = GRUNNLAG[register]
    return Kontrollkrav(
        register, UUID(gjelder) if gjelder else None, parametre, grunnlag.hjemmel, grunnlag.gyldig_dager
    )


def folkeregisterkrav(soknad: Mapping[str, Any]) -> Kontrollkrav:
    """Everyone of the application and everyone at the address, in one question."""
    return _krav("folkeregister", None, *_husstanden(soknad), _boligen(soknad))


def matrikkelkrav(soknad: Mapping[str, Any]) -> Kontrollkrav:
    return _krav("matrikkel", None, _boligen(soknad))


def adressenokler(soknad: Mapping[str, Any]) -> tuple[str, str]:
    """The keys of ``folkeregisterkrav`` and ``matrikkelkrav``, for whoever looks up many."""
    bolig = _boligen(soknad)
    return nokkel("folkeregister", None, *_husstanden(soknad), bolig), nokkel("matrikkel", None, bolig)


def _husstanden(soknad: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    hvem = _merke(sorted([p["person_id"] for p in personer(soknad)]))
    return _personparameter("folkeregister", soknad["termin"]), ("husstand", hvem)


def _boligen(soknad: Mapping[str, Any]) -> tuple[str, str]:
    return "bolig", _merke(bolignummer(soknad))


def _merke(verdi: Any) -> str:
    """Short digest, so that a key changes with the household or dwelling without saying who or where."""
    return sha256(repr(verdi).encode()).hexdigest()[:12]


def _om_person(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson, svar: Mapping[str, Svar]
) -> Iterator[Kontrollkrav]:
    termin = soknad["termin"]
    if not sporres_det_om(soknad, person, fr):
        return
    for register in registre_om_voksen(soknad, person, fr):
        yield personkrav(register, person["person_id"], termin)
    if _trenger_nav(termin, person, svar):
        yield personkrav("nav", person["person_id"], termin)


def sporres_det_om(soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson) -> bool:
    """No more is asked about children, the dead, and those whom Folkeregisteret does not know well enough."""
    if fr["fodselsdato"] is None or er_barn(soknad, person, fr):
        return False
    return fr["dodsdato"] is None if person is soknad["soker"] else not ute_av_husstanden(soknad, fr)


def personkrav(register: Register, person_id: str, termin: str) -> Kontrollkrav:
    """The question to one register about one adult, for one month."""
    return _krav(register, person_id, _personparameter(register, termin))


def personnokkel(register: Register, person_id: str, termin: str) -> str:
    """The key of ``personkrav``."""
    return nokkel(register, person_id, _personparameter(register, termin))


@lru_cache
def _personparameter(register: Register, termin: str) -> tuple[str, str]:
    if register == "skattegrunnlag":
        # the latest settled year, at most last year: the same all through the year
        return "inntektsar", str(int(termin[:4]) - 1)
    if register in ("lanekassen", "folkeregister"):
        return "dato", situasjonsdato(termin).isoformat()
    return "termin", termin


def registre_om_voksen(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson
) -> tuple[Register, ...]:
    """Registers asked about every adult; income and wealth only where they count."""
    if person is not soknad["soker"] and _ung_uten_inntekt(soknad["termin"], fr):
        return ("lanekassen",)
    return ("lanekassen", "inntekt", "skattegrunnlag")


def _trenger_nav(termin: str, person: Mapping[str, Any], svar: Mapping[str, Svar]) -> bool:
    """AAP or dagpenger in a month of the two-thirds rule, or a work programme that a student claims."""
    inntekt = svar.get(personnokkel("inntekt", person["person_id"], termin))
    if inntekt and termin >= TO_TREDJEDELER_FRA and vurdering.inntekt(inntekt)["ytelse_belop"]:  # type: ignore[arg-type]
        return True
    lanekassen = svar.get(personnokkel("lanekassen", person["person_id"], termin))
    return bool(
        lanekassen and lanekassen["rett_til_stotte"] and person.get("student_unntak_arbeidskvalifisering")
    )


def _ung_uten_inntekt(termin: str, fr: FolkeregisterPerson) -> bool:
    """18 and 19 years old and not main applicant: nothing of theirs counts (forskrift om bustøtte §§ 5 og 6)."""
    return (
        termin >= UNGE_HJEMMEBOENDE_FRA
        and fr["fodselsdato"] is not None
        and vurdering.alder(fr["fodselsdato"], situasjonsdato(termin)) < 20
    )


def er_barn(soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson) -> bool:
    """Under 18 on the situation date; an applicant under 18 is treated as an adult (bustøttelova § 3)."""
    return (
        person is not soknad["soker"]
        and fr["fodselsdato"] is not None
        and vurdering.alder(fr["fodselsdato"], situasjonsdato(soknad["termin"])) < 18
    )


def ute_av_husstanden(soknad: Mapping[str, Any], fr: FolkeregisterPerson) -> bool:
    """A household member who was dead on the situation date belongs to it no more."""
    return vurdering.dod_pa(fr, situasjonsdato(soknad["termin"]))
