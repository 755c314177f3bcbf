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
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.kontroll import vurdering
from domain.kontroll.krav import Grunn, Kontrollkrav, Register, Sammensatt, Svar
from domain.kontroll.svar import FolkeregisterPerson
from domain.kontroll.vurdering import grunn

TO_TREDJEDELER_FRA = "2025-01"
"""First termin of the two-thirds rule (forskrift om bustøtte § 5; Husbankens årsrapport 2025 s. 47)."""
UNGE_HJEMMEBOENDE_FRA = "2024-10"
"""First termin in which income of those under 20 who are not main applicants is left out (årsrapport 2024 s. 46)."""


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
    folkeregister = _folkeregister(soknad)
    alle = [folkeregister]
    if bolig := _matrikkel(soknad):
        alle.append(bolig)
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
    """The dwelling in Matrikkelen: kommunenummer, gardsnummer, bruksnummer, bruksenhetsnummer; empty if not given."""
    numre = soknad["bolig"].get("matrikkel")
    if not numre:
        return {}
    return {"kommunenummer": soknad["kommunenummer"], **{felt: str(verdi) for felt, verdi in numre.items()}}


def sett_sammen(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """All answers judged together: the complete facts document of the termin, and why a person must look, if so.

    Raises KeyError (the check's key) when an answer that ``krav`` asks for is missing.
    """
    fr_svar = svar[_folkeregister(soknad).nokkel]
    manuell: list[Grunn] = []
    bolig = _bolig(soknad, svar, manuell)
    if fr_svar["andre_pa_adressen"] and soknad["bolig"]["disposisjonsform"] != "bofellesskap":
        # Everyone registered at the address belongs to the household (veilederen, «Definisjoner»).
        manuell.append(
            grunn(
                "person_pa_adressen_mangler",
                "Folkeregisteret har flere personer på adressen enn søknaden oppgir.",
            )
        )
    husstand = [
        _person(soknad, person, fr_svar["personer"], svar, manuell)
        for nr, person in enumerate(personer(soknad))
        if nr == 0 or not _ute_av_husstanden(soknad, fr_svar["personer"][person["person_id"]])
    ]
    fakta = {
        "termin": soknad["termin"],
        "kommunenummer": soknad["kommunenummer"],
        "husstand": husstand,
        "bolig": bolig,
    }
    entydig = {g["kode"]: g for g in manuell}
    return Sammensatt(fakta, list(entydig.values()))


def _krav(register: Register, gjelder: str | None, *parametre: tuple[str, str]) -> Kontrollkrav:
    grunnlag = GRUNNLAG[register]
    return Kontrollkrav(
        register, UUID(gjelder) if gjelder else None, parametre, grunnlag.hjemmel, grunnlag.gyldig_dager
    )


def _folkeregister(soknad: Mapping[str, Any]) -> Kontrollkrav:
    dag = situasjonsdato(soknad["termin"]).isoformat()
    hvem = _merke(sorted(p["person_id"] for p in personer(soknad)))
    return _krav("folkeregister", None, ("dato", dag), ("husstand", hvem), ("bolig", _merke(bolignummer(soknad))))


def _matrikkel(soknad: Mapping[str, Any]) -> Kontrollkrav | None:
    numre = bolignummer(soknad)
    return _krav("matrikkel", None, ("bolig", _merke(numre))) if numre else None


def _merke(verdi: Any) -> str:
    """Short digest, so that a key changes with the household or dwelling without saying who or where."""
    return sha256(repr(verdi).encode()).hexdigest()[:12]


def _om_person(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson, svar: Mapping[str, Svar]
) -> Iterator[Kontrollkrav]:
    """Checks about one person; none about children, the dead and those the register does not know."""
    termin = soknad["termin"]
    if not fr["funnet"] or fr["fodselsdato"] is None or _ute_av_husstanden(soknad, fr) or _barn(soknad, person, fr):
        return
    for register in _registre_om_voksen(soknad, person, fr):
        yield _personkrav(register, person["person_id"], termin)
    if _trenger_nav(termin, person, svar):
        yield _personkrav("nav", person["person_id"], termin)


def _personkrav(register: Register, person_id: str, termin: str) -> Kontrollkrav:
    if register == "skattegrunnlag":  # the latest settled year, at most last year: the same all through the year
        return _krav(register, person_id, ("inntektsar", str(int(termin[:4]) - 1)))
    if register == "lanekassen":
        return _krav(register, person_id, ("dato", situasjonsdato(termin).isoformat()))
    return _krav(register, person_id, ("termin", termin))


def _registre_om_voksen(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson
) -> tuple[Register, ...]:
    if person is not soknad["soker"] and _ung_uten_inntekt(soknad["termin"], fr):
        return ("lanekassen", "skattegrunnlag")
    return ("lanekassen", "inntekt", "skattegrunnlag")


def _trenger_nav(termin: str, person: Mapping[str, Any], svar: Mapping[str, Svar]) -> bool:
    """AAP or dagpenger in a month of the two-thirds rule, or a work programme that a student claims."""
    inntekt = svar.get(_personkrav("inntekt", person["person_id"], termin).nokkel)
    if inntekt and termin >= TO_TREDJEDELER_FRA and vurdering.inntekt(inntekt)["ytelse_belop"]:  # type: ignore[arg-type]
        return True
    lanekassen = svar.get(_personkrav("lanekassen", person["person_id"], termin).nokkel)
    return bool(
        lanekassen and lanekassen["rett_til_stotte"] and person.get("student_unntak_arbeidskvalifisering")
    )


def _ung_uten_inntekt(termin: str, fr: FolkeregisterPerson) -> bool:
    """18 and 19 years old and not main applicant: income does not count (forskrift om bustøtte § 5)."""
    return (
        termin >= UNGE_HJEMMEBOENDE_FRA
        and fr["fodselsdato"] is not None
        and vurdering.alder(fr["fodselsdato"], situasjonsdato(termin)) < 20
    )


def _barn(soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson) -> bool:
    """Under 18 on the situation date; an applicant under 18 is treated as an adult (bustøttelova § 3)."""
    return (
        person is not soknad["soker"]
        and fr["fodselsdato"] is not None
        and vurdering.alder(fr["fodselsdato"], situasjonsdato(soknad["termin"])) < 18
    )


def _ute_av_husstanden(soknad: Mapping[str, Any], fr: FolkeregisterPerson) -> bool:
    """A household member who was dead on the situation date belongs to it no more."""
    return vurdering.dod_pa(fr, situasjonsdato(soknad["termin"]))


def _bolig(soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]) -> dict[str, Any]:
    oppgitt = soknad["bolig"]
    bolig_krav = _matrikkel(soknad)
    status = vurdering.matrikkel(svar[bolig_krav.nokkel] if bolig_krav else None)  # type: ignore[arg-type]
    manuell += status.manuell
    if oppgitt["disposisjonsform"] == "bofellesskap":  # bustøttelova § 5, exception from letters b and c
        manuell.append(
            grunn("bofellesskap", "Kommunen må bekrefte at plassen er tildelt individuelt og godkjent.")
        )
    return {
        "disposisjonsform": oppgitt["disposisjonsform"],
        "boutgift_per_maned": oppgitt["boutgift_per_maned"],
        "oppvarming_inkludert": oppgitt.get("oppvarming_inkludert", False),
        "spesialtilpasset": oppgitt.get("spesialtilpasset", False),
        "kommunale_avgifter_per_maned": oppgitt.get("kommunale_avgifter_per_maned", 0),
        **status.fakta,
    }


def _person(
    soknad: Mapping[str, Any],
    person: Mapping[str, Any],
    folkeregister: Mapping[str, FolkeregisterPerson],
    svar: Mapping[str, Svar],
    manuell: list[Grunn],
) -> dict[str, Any]:
    fr = folkeregister[person["person_id"]]
    fakta = _fra_soknad(soknad, person) | _bosted(soknad, person, fr, manuell)
    if not fr["funnet"] or fr["fodselsdato"] is None or _barn(soknad, person, fr):
        return fakta
    termin, hvem = soknad["termin"], person["person_id"]
    if "inntekt" in _registre_om_voksen(soknad, person, fr):
        inntekt = vurdering.inntekt(svar[_personkrav("inntekt", hvem, termin).nokkel])  # type: ignore[arg-type]
        ytelse = inntekt.pop("ytelse_belop")
        fakta |= inntekt
        nav = svar.get(_personkrav("nav", hvem, termin).nokkel)
        fakta["ytelse_14_dager"] = {"belop": ytelse, "utbetalinger": nav["utbetalinger"] if nav and ytelse else 0}
    grunnlag = vurdering.skattegrunnlag(svar[_personkrav("skattegrunnlag", hvem, termin).nokkel], person)  # type: ignore[arg-type]
    manuell += grunnlag.manuell
    return fakta | grunnlag.fakta | _student(soknad, person, folkeregister, svar, manuell)


def _fra_soknad(soknad: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """What only the applicant can say, and the default of everything else."""
    return {
        "rolle": "soker" if person is soknad["soker"] else "biperson",
        "fodselsdato": None,
        "manedsinntekt": 0,
        "ung_ufor": person.get("ung_ufor", False),
        "alderspensjonist": False,
        "uforepensjonist": False,
        "ytelse_14_dager": {"belop": 0, "utbetalinger": 0},
        "skattefri_leieinntekt": person.get("skattefri_leieinntekt", 0),
        "meldepliktig": {"kapital": 0, "naering": 0, "utland": 0},
        "formue": {"bolig": 0, "annen": 0},
        "ikke_bosatt": False,
        "dod": False,
        "student": False,
        "student_unntak_arbeidskvalifisering": False,
        "student_unntak_bor_hos_foreldre": False,
        "bor_med_egne_barn": False,
        "verneplikt": person.get("verneplikt", False),
        "institusjon": person.get("institusjon", False),
        "ikke_pa_adressen": False,
        "mangler_opplysninger": False,
    }


def _bosted(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson, manuell: list[Grunn]
) -> dict[str, Any]:
    """Resident, alive, at the address (bustøttelova §§ 2 og 3; V05, V11, V48)."""
    soker = person is soknad["soker"]
    if not fr["funnet"]:
        manuell.append(grunn("ukjent_i_folkeregisteret", "Folkeregisteret kjenner ikke en av personene."))
        return {"ikke_bosatt": soker, "ikke_pa_adressen": not soker, "mangler_opplysninger": True}
    if fr["fodselsdato"] is None:
        manuell.append(grunn("fodselsdato_ukjent", "Folkeregisteret har ikke fødselsdatoen til en av personene."))
        return {"mangler_opplysninger": True}
    fakta = {
        "fodselsdato": fr["fodselsdato"],
        "ikke_bosatt": not fr["bosatt"] and fr["dodsdato"] is None,
        # The applicant's death stops the payment whenever it came (V11).
        "dod": fr["dodsdato"] is not None if soker else False,
    }
    if fr["gradering"] in vurdering.SPERRET:
        manuell.append(grunn("adressesperre", "Adressen er gradert; saken behandles av klarert saksbehandler."))
        return fakta
    borte = not (fr["pa_adressen"] or fr["delt_bosted"]) and not fakta["dod"]
    if borte and soker and fr["bosatt"]:
        manuell.append(
            grunn("soker_ikke_pa_adressen", "Søkeren er ikke folkeregistrert i boligen det søkes for.")
        )
    return fakta | {"ikke_pa_adressen": borte and not soker}


def _student(
    soknad: Mapping[str, Any],
    person: Mapping[str, Any],
    folkeregister: Mapping[str, FolkeregisterPerson],
    svar: Mapping[str, Svar],
    manuell: list[Grunn],
) -> dict[str, Any]:
    """Student by right to support from Lånekassen, and the three exceptions (bustøttelova § 4)."""
    termin, hvem = soknad["termin"], person["person_id"]
    egne_barn = any(
        hvem in annen["foreldre"] and _barn(soknad, p, annen) and (annen["pa_adressen"] or annen["delt_bosted"])
        for p in personer(soknad)
        if (annen := folkeregister[p["person_id"]])["funnet"]
    )
    fakta: dict[str, Any] = {"bor_med_egne_barn": egne_barn}
    if not svar[_personkrav("lanekassen", hvem, termin).nokkel]["rett_til_stotte"]:
        return fakta
    hos_foreldre = any(
        forelder in folkeregister and folkeregister[forelder]["pa_adressen"]
        for forelder in folkeregister[hvem]["foreldre"]
    )
    if person.get("student_unntak_bor_hos_foreldre") and not hos_foreldre:
        manuell.append(
            grunn("foreldre_ikke_bekreftet", "Folkeregisteret bekrefter ikke at studenten bor hos foreldrene.")
        )
    program = False
    if person.get("student_unntak_arbeidskvalifisering"):
        program = svar[_personkrav("nav", hvem, termin).nokkel]["arbeidsrettet_utdanning"]
        if not program:
            manuell.append(
                grunn("program_ikke_bekreftet", "NAV bekrefter ikke at utdanningen er del av et program.")
            )
    return fakta | {
        "student": True,
        "student_unntak_arbeidskvalifisering": program,
        "student_unntak_bor_hos_foreldre": hos_foreldre,
    }
