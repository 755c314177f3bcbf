"""How an application, the registers' answers and the case's earlier decisions become facts. What is reported later of
the loan stands in ``senere.py``."""

from collections.abc import Mapping
from typing import Any, cast

from domain.kontroll import vurdering
from domain.kontroll.krav import Grunn, Sammensatt, Svar
from domain.kontroll.svar import HusbankenSvar, InntektSvar, SkattegrunnlagSvar
from domain.kontroll.vurdering import grunn
from domain.startlan.beregning import beregn
from domain.startlan.fakta import FaktaFeil, fullfor
from domain.startlan.kontrollkrav import (
    folkeregisterkrav,
    forste_dag,
    lantakere,
    personer,
    personkrav,
)
from domain.startlan.senere import AVGJORES, SENERE, beviset, hode, lanets_stilling

_SKOLEALDER, _MYNDIG = 6, 18
LANTAKER_UNDER_18 = grunn("lantaker_under_18", "En av låntakerne er under 18 år.")
VOKSEN_LANER_IKKE = grunn(
    "voksen_laner_ikke",
    "En voksen i husstanden er ikke låntaker: verken inntekten eller livsoppholdet hennes eller hans er regnet med.",
)


def sett_sammen(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """Raises KeyError (the check's key) when an answer is missing."""
    return SENERE.get(soknad.get("arsak", "soknad"), _soknad)(soknad, svar)


def _soknad(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    manuell: list[Grunn] = [AVGJORES]
    husstand = _husstand(soknad, svar, manuell)
    gjeld = _gjeld(soknad, svar, manuell)
    if not soknad.get("bankavslag") and soknad["sporsmal"] == "soknad":
        manuell.append(grunn("bankavslag_mangler", "Søknaden har ikke med et avslag fra en bank."))
    fakta = fullfor(
        {
            **hode(soknad),
            "sporsmal": soknad["sporsmal"],
            "forstegang": soknad["forstegang"],
            "formal": soknad["formal"],
            "husstand": husstand,
            "finansiering": soknad["finansiering"],
            "gjeld": gjeld,
            "lan": soknad["onsket"],
            "bolig_oppgitt": soknad.get("bolig") is not None,
            "erstatter_bevis": _gammelt_bevis(soknad, svar, manuell),
            "vurdering": {"banken_har_sagt_nei": bool(soknad.get("bankavslag"))},
        }
    )
    if husstand["formue"] > fakta["finansiering"]["egenkapital"]:
        manuell.append(
            grunn("formue_ikke_brukt", "Skattegrunnlaget viser mer formue enn egenkapitalen i søknaden.")
        )
    try:
        verdier = beregn(fakta).verdier
    except FaktaFeil:
        manuell.append(grunn("kan_ikke_regnes", "Søknaden må rettes før den kan regnes på."))
    else:
        if verdier["vilkar_utenfor"]:
            manuell.append(grunn("lanevilkar_utenfor", "Lånevilkårene det er søkt om, er utenfor grensene."))
        if verdier["over_engasjementsgrensen"]:
            manuell.append(grunn("annenlinje", "Samlet engasjement må vurderes i andre linje."))
    return Sammensatt(fakta, manuell)


def _gammelt_bevis(
    soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]
) -> dict[str, Any]:
    """The unused certificate that a new one replaces, if any."""
    if lanets_stilling(svar, soknad["termin"]):
        manuell.append(
            grunn("lanet_loper", "Saken har et lån som løper; et nytt lån skal ha sin egen betegnelse.")
        )
    if (bevis := beviset(svar)) is None:
        return {}
    manuell.append(grunn("bevis_star", "Saken har et bevis som ikke er brukt; et nytt erstatter det."))
    return {n: bevis[n] for n in ("lan", "tilskudd", "ar", "post")}


def _husstand(soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]) -> dict[str, Any]:
    fr = svar[folkeregisterkrav(soknad).nokkel]
    dag = forste_dag(soknad["termin"])
    laner = {p["person_id"] for p in lantakere(soknad)}
    aldre: list[int] = []
    for person in personer(soknad):
        om = fr["personer"][person["person_id"]]
        if not om["funnet"] or om["fodselsdato"] is None:
            manuell.append(grunn("ukjent_i_folkeregisteret", "Folkeregisteret kjenner ikke en av personene."))
            continue
        if om["gradering"] in vurdering.SPERRET:
            manuell.append(
                grunn("adressesperre", "En adresse er gradert; saken behandles av klarert saksbehandler.")
            )
        elif not (om["pa_adressen"] or om["delt_bosted"]):
            manuell.append(
                grunn("person_ikke_pa_adressen", "En av personene bor ikke på adressen som er oppgitt.")
            )
        if om["dodsdato"] is not None:
            manuell.append(grunn("dod", "Folkeregisteret har en av personene som død."))
            continue
        aldre.append(alder := vurdering.alder(om["fodselsdato"], dag))
        if (person["person_id"] in laner) == (alder < _MYNDIG):
            manuell.append(LANTAKER_UNDER_18 if alder < _MYNDIG else VOKSEN_LANER_IKKE)
    if fr["andre_pa_adressen"]:
        manuell.append(grunn("person_pa_adressen_mangler", "Folkeregisteret har flere personer på adressen."))
    barn = [a for a in aldre if a < _MYNDIG]
    inntekt, formue = _okonomi(soknad, svar, manuell)
    return {
        "voksne": min(2, len(lantakere(soknad))),
        "barn": len(barn),
        "barnehagebarn": bool(barn) and min(barn) < _SKOLEALDER,
        "ung_ufor": bool(soknad["soker"].get("ung_ufor")),
        "personinntekt": inntekt,
        "skattefri_inntekt": soknad.get("skattefri_inntekt"),
        "formue": formue,
    }


def _okonomi(soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]) -> tuple[int, int]:
    """kr: of those who borrow, twelve times the month's gross income and what the tax assessment has of business and
    from abroad, which a-ordningen does not; and net wealth beside the dwelling."""
    termin, inntekt, formue = soknad["termin"], 0, 0
    for person in lantakere(soknad):
        hvem = person["person_id"]
        if (a := svar.get(personkrav("inntekt", hvem, termin).nokkel)) is None:
            continue  # unknown or dead: a person looks at it
        inntekt += 12 * vurdering.inntekt(cast(InntektSvar, a))["manedsinntekt"]
        skatt = vurdering.skattegrunnlag(
            cast(SkattegrunnlagSvar, svar[personkrav("skattegrunnlag", hvem, termin).nokkel]), {}
        )
        manuell += skatt.manuell
        formue += max(0, skatt.fakta["formue"]["annen"])
        if i_aret := sum(skatt.fakta["meldepliktig"][slag] for slag in ("naering", "utland")):
            inntekt += i_aret
            manuell.append(
                grunn("arsinntekt", "Inntekt av næring eller fra utlandet er den i siste skatteoppgjør.")
            )
    return max(0, inntekt), formue


def _gjeld(soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]) -> dict[str, Any]:
    """Yearly cost of other debt: what is stated, and what Husbanken itself has."""
    kostnad, saldo = sum(g["arlig_kostnad"] for g in soknad.get("gjeld", ())), 0
    for person in lantakere(soknad):
        nokkel = personkrav("husbanken", person["person_id"], soknad["termin"]).nokkel
        for e in cast(HusbankenSvar, svar.get(nokkel, {"engasjement": []}))["engasjement"]:
            kostnad += e["arlig_kostnad"]
            saldo += e["saldo"]
            if e["misligholdt"]:
                manuell.append(grunn("misligholdt_engasjement", "Et lån i Husbanken er misligholdt."))
    return {"arlig_kostnad": kostnad, "husbanken": saldo}
