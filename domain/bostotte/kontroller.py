"""How the registers' answers and the application become the facts that bostøtte's rules read.

What only the applicant can say comes from the application, everything else from the registers.  Where the law leaves
a judgment, a coded reason asks for a caseworker; nothing is refused here.
"""

from collections.abc import Mapping
from typing import Any, cast

from domain.bostotte.fakta import fullfor
from domain.bostotte.kontrollkrav import (
    GRUNNLAG,
    adressenokler,
    ekstra,
    er_barn,
    krav,
    personer,
    personnokkel,
    registre_om_voksen,
    sporres_det_om,
    ute_av_husstanden,
)
from domain.kontroll import vurdering
from domain.kontroll.krav import Grunn, Sammensatt, Svar
from domain.kontroll.svar import FolkeregisterPerson, InntektSvar, MatrikkelSvar, SkattegrunnlagSvar
from domain.kontroll.vurdering import grunn

__all__ = ["GRUNNLAG", "ekstra", "krav", "sett_sammen"]

UKJENT_FODSELSDATO = "1900-01-01"
"""Stands in the facts of a person whose birth date the register lacks, never without ``mangler_opplysninger``."""


def sett_sammen(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """All answers judged together: the complete facts document of the termin, and why a person must look, if so.

    ``soknad`` and ``svar`` as in ``krav``.  Raises KeyError (the check's key) when an answer is missing.
    """
    folkeregisternokkel, matrikkelnokkel = adressenokler(soknad)
    folkeregister = svar[folkeregisternokkel]
    personsvar: Mapping[str, FolkeregisterPerson] = folkeregister["personer"]
    manuell: list[Grunn] = []
    bolig = _bolig(soknad, cast(MatrikkelSvar, svar[matrikkelnokkel]), manuell)
    if folkeregister["andre_pa_adressen"] and soknad["bolig"]["disposisjonsform"] != "bofellesskap":
        # Everyone registered at the address belongs to the household (Husbankens veileder, «Definisjoner»).
        tekst = "Folkeregisteret har flere personer på adressen enn søknaden oppgir."
        manuell.append(grunn("person_pa_adressen_mangler", tekst))
    husstand = [
        _person(soknad, person, personsvar, svar, manuell)
        for person in personer(soknad)
        if person is soknad["soker"] or not ute_av_husstanden(soknad, personsvar[person["person_id"]])
    ]
    fakta = fullfor(
        {
            "termin": soknad["termin"],
            "kommunenummer": soknad["kommunenummer"],
            "husstand": husstand,
            "bolig": bolig,
        }
    )
    entydig = {g["kode"]: g for g in manuell}
    return Sammensatt(dict(fakta), list(entydig.values()))


def _bolig(soknad: Mapping[str, Any], svar: MatrikkelSvar, manuell: list[Grunn]) -> dict[str, Any]:
    oppgitt = {felt: verdi for felt, verdi in soknad["bolig"].items() if felt != "matrikkel"}
    status = vurdering.matrikkel(svar)
    manuell += status.manuell
    if oppgitt["disposisjonsform"] == "bofellesskap":  # bustøttelova § 5, exception from letters b and c
        tekst = "Kommunen må bekrefte at plassen er tildelt individuelt og godkjent."
        manuell.append(grunn("bofellesskap", tekst))
    return oppgitt | status.fakta


def _person(
    soknad: Mapping[str, Any],
    person: Mapping[str, Any],
    folkeregister: Mapping[str, FolkeregisterPerson],
    svar: Mapping[str, Svar],
    manuell: list[Grunn],
) -> dict[str, Any]:
    fr = folkeregister[person["person_id"]]
    fakta = _fra_soknad(soknad, person) | _bosted(soknad, person, fr, manuell)
    if not sporres_det_om(soknad, person, fr):
        return fakta
    termin, hvem = soknad["termin"], person["person_id"]
    fakta |= _student(soknad, person, folkeregister, svar, manuell)
    if "inntekt" not in registre_om_voksen(soknad, person, fr):
        return fakta
    inntekt = vurdering.inntekt(cast(InntektSvar, svar[personnokkel("inntekt", hvem, termin)]))
    ytelse = inntekt.pop("ytelse_belop")
    nav = svar.get(personnokkel("nav", hvem, termin))
    fakta["ytelse_14_dager"] = {"belop": ytelse, "utbetalinger": nav["utbetalinger"] if nav and ytelse else 0}
    grunnlag = cast(SkattegrunnlagSvar, svar[personnokkel("skattegrunnlag", hvem, termin)])
    skatt = vurdering.skattegrunnlag(grunnlag, person)
    manuell += skatt.manuell
    return fakta | inntekt | skatt.fakta


def _fra_soknad(soknad: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """What only the applicant can say."""
    return {
        "rolle": "soker" if person is soknad["soker"] else "biperson",
        "fodselsdato": UKJENT_FODSELSDATO,
        "ung_ufor": person.get("ung_ufor", False),
        "skattefri_leieinntekt": person.get("skattefri_leieinntekt", 0),
        "verneplikt": person.get("verneplikt", False),
        "institusjon": person.get("institusjon", False),
    }


def _bosted(
    soknad: Mapping[str, Any], person: Mapping[str, Any], fr: FolkeregisterPerson, manuell: list[Grunn]
) -> dict[str, Any]:
    """Resident, alive, at the address (bustøttelova §§ 2 og 3; V05, V11, V48)."""
    soker = person is soknad["soker"]
    if not fr["funnet"]:
        tekst = "Folkeregisteret kjenner ikke en av personene i søknaden."
        manuell.append(grunn("ukjent_i_folkeregisteret", tekst))
        return {"ikke_bosatt": soker, "ikke_pa_adressen": not soker, "mangler_opplysninger": True}
    if fr["fodselsdato"] is None:
        tekst = "Folkeregisteret har ikke fødselsdatoen til en av personene i søknaden."
        manuell.append(grunn("fodselsdato_ukjent", tekst))
        return {"mangler_opplysninger": True}
    fakta: dict[str, Any] = {
        "fodselsdato": fr["fodselsdato"],
        "ikke_bosatt": not fr["bosatt"] and fr["dodsdato"] is None,
        # The applicant's death stops the payment whenever in the month it came (V11).
        "dod": soker and fr["dodsdato"] is not None,
    }
    if fr["gradering"] in vurdering.SPERRET:
        tekst = "En adresse er gradert; saken behandles av klarert saksbehandler."
        manuell.append(grunn("adressesperre", tekst))
        return fakta
    borte = not (fr["pa_adressen"] or fr["delt_bosted"])
    if borte and soker and fr["bosatt"] and not fakta["dod"]:
        tekst = "Søkeren er ikke folkeregistrert i boligen det søkes for."
        manuell.append(grunn("soker_ikke_pa_adressen", tekst))
    return fakta | {"ikke_pa_adressen": borte}


def _student(
    soknad: Mapping[str, Any],
    person: Mapping[str, Any],
    folkeregister: Mapping[str, FolkeregisterPerson],
    svar: Mapping[str, Svar],
    manuell: list[Grunn],
) -> dict[str, Any]:
    """Student by right to support from Lånekassen, and the three exceptions (bustøttelova § 4).

    Children and parents in the household are taken from Folkeregisteret, the work programme from NAV; what the
    applicant claims and the register does not confirm is for a caseworker.
    """
    termin, hvem = soknad["termin"], person["person_id"]
    fakta: dict[str, Any] = {"bor_med_egne_barn": _har_barn_her(soknad, hvem, folkeregister)}
    if not svar[personnokkel("lanekassen", hvem, termin)]["rett_til_stotte"]:
        return fakta
    # Parents keep their support with a student child at home; a student who applies is no exception to anything.
    soker_selv = hvem == soknad["soker"]["person_id"]
    hos_foreldre = not soker_selv and any(
        forelder in folkeregister and folkeregister[forelder]["pa_adressen"]
        for forelder in folkeregister[hvem]["foreldre"]
    )
    if person.get("student_unntak_bor_hos_foreldre") and not soker_selv and not hos_foreldre:
        tekst = "Folkeregisteret bekrefter ikke at studenten bor hos foreldrene."
        manuell.append(grunn("foreldre_ikke_bekreftet", tekst))
    i_program = False
    if person.get("student_unntak_arbeidskvalifisering"):
        i_program = svar[personnokkel("nav", hvem, termin)]["arbeidsrettet_utdanning"]
        if not i_program:
            tekst = "NAV bekrefter ikke at utdanningen er del av et arbeidsrettet program."
            manuell.append(grunn("program_ikke_bekreftet", tekst))
    return fakta | {
        "student": True,
        "student_unntak_arbeidskvalifisering": i_program,
        "student_unntak_bor_hos_foreldre": hos_foreldre,
    }


def _har_barn_her(
    soknad: Mapping[str, Any], forelder: str, folkeregister: Mapping[str, FolkeregisterPerson]
) -> bool:
    for person in personer(soknad):
        fr = folkeregister[person["person_id"]]
        bor_her = fr["pa_adressen"] or fr["delt_bosted"]
        if forelder in fr["foreldre"] and bor_her and er_barn(soknad, person, fr):
            return True
    return False
