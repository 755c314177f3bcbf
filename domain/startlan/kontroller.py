"""How an application, the registers' answers and the case's earlier decisions become facts."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from domain.kontroll import vurdering
from domain.kontroll.krav import Grunn, Sammensatt, Svar
from domain.kontroll.svar import HusbankenSvar, InntektSvar, SkattegrunnlagSvar
from domain.kontroll.vurdering import grunn
from domain.sak.ordning import VEDTAK
from domain.startlan import lan
from domain.startlan.beregning import beregn
from domain.startlan.fakta import FaktaFeil, fullfor
from domain.startlan.kontrollkrav import (
    folkeregisterkrav,
    forste_dag,
    lantakere,
    personer,
    personkrav,
)

AVGJORES: Grunn = {
    "kode": "kommunen_avgjor",
    "tekst": "Kommunen avgjør saken ved to personer, med saksbehandlerens vurdering.",
}
_SKOLEALDER, _MYNDIG = 6, 18


def sett_sammen(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """Raises KeyError (the check's key) when an answer is missing."""
    return _SAMLERE[soknad.get("arsak", "soknad")](soknad, svar)


def _hode(soknad: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arsak": soknad.get("arsak", "soknad"),
        "termin": soknad["termin"],
        "kommunenummer": soknad["kommunenummer"],
    }


# --- the application


def _soknad(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    manuell: list[Grunn] = [AVGJORES]
    husstand = _husstand(soknad, svar, manuell)
    gjeld = _gjeld(soknad, svar, manuell)
    if not soknad.get("bankavslag") and soknad["sporsmal"] == "soknad":
        manuell.append(grunn("bankavslag_mangler", "Søknaden har ikke med et avslag fra en bank."))
    fakta = fullfor(
        {
            **_hode(soknad),
            "sporsmal": soknad["sporsmal"],
            "forstegang": soknad["forstegang"],
            "formal": soknad["formal"],
            "husstand": husstand,
            "finansiering": soknad["finansiering"],
            "gjeld": gjeld,
            "lan": soknad["onsket"],
            "bolig_oppgitt": soknad.get("bolig") is not None,
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


def _husstand(soknad: Mapping[str, Any], svar: Mapping[str, Svar], manuell: list[Grunn]) -> dict[str, Any]:
    fr = svar[folkeregisterkrav(soknad).nokkel]
    dag = forste_dag(soknad["termin"])
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
        aldre.append(vurdering.alder(om["fodselsdato"], dag))
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
    """Twelve times the month's gross income, and net wealth beside the dwelling, of those who borrow."""
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
    return inntekt, formue


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


# --- later treatments: one case is one loan, and they rest on the decisions before them

INNVILGET = ("L00", "L30", "L31")
INGENTING: Grunn = {
    "kode": "ikke_noe_lan",
    "tekst": "Saken har ikke et finansieringsbevis, eller et lån, som dette kan gjelde.",
}
PLANLAGTE = {
    "fastrente_slutt": "Fastrenteavtalen går ut: avtal ny rente med låntakeren.",
    "forstegang_refinansieres": "Lånet i forsøket for førstegangsetablerere skal refinansieres.",
}


def _fattet(svar: Mapping[str, Svar]) -> list[Mapping[str, Any]]:
    return list(svar.get(VEDTAK, {}).get("rader", ()))


def rammepost(forstegang: bool) -> str:
    """The item of the frame: the trial for first-time buyers has money of its own."""
    return "forstegang" if forstegang else "lan"


def beviset(svar: Mapping[str, Svar]) -> dict[str, Any] | None:
    """The certificate that stands unused: what it promises, until when, on which terms."""
    siste = None
    for v in _fattet(svar):
        if v["kode"] in INNVILGET:
            siste = v
        elif v["kode"] in ("U00", "B00"):
            siste = None
    if siste is None:
        return None
    fakta, r = siste["fakta"], beregn(siste["fakta"]).verdier
    return {
        "lan": int(r["innvilget_lan"]),
        "tilskudd": int(r["innvilget_tilskudd"]),
        "gyldig_fra": fakta["bevis_gyldig_fra"],
        "gyldig_til": fakta["bevis_gyldig_til"],
        "ar": int(fakta["bevis_gyldig_fra"][:4]),
        "post": rammepost(fakta["forstegang"]),
        "forstegang": fakta["forstegang"],
        "vilkar": fakta["lan"],
    }


def _utbetaling(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    bevis = beviset(svar)
    manuell = [AVGJORES] if bevis else [AVGJORES, INGENTING]
    # Without a certificate nothing is within its time, and the rules say so.
    intet = {"gyldig_fra": f"{soknad['termin']}-01", "gyldig_til": "1900-01-01", "post": rammepost(False)}
    return Sammensatt(fullfor({**_hode(soknad), "kjop": soknad["kjop"], "bevis": bevis or intet}), manuell)


def lanets_stilling(svar: Mapping[str, Svar], termin: str) -> dict[str, Any] | None:
    """The loan in that month, its payments made as planned; None when there is none, or it is paid."""
    stilling: dict[str, Any] | None = None
    maned = termin
    for v in _fattet(svar):
        if v["kode"] == "U00" and (utbetalt := int(beregn(v["fakta"]).verdier["lan_kan_utbetales"])):
            stilling, maned = lan.nytt_lan(v["fakta"]["bevis"], utbetalt, v["termin"]), v["termin"]
        elif v["kode"] == "E00":
            stilling, maned = lan.etter_endring(v["fakta"]), v["termin"]
    if stilling is None or not stilling["terminer"]:
        return None
    na = lan.stilling(stilling, _maneder(maned, termin))
    return na if na["terminer"] else None


def _maneder(fra: str, til: str) -> int:
    return (int(til[:4]) - int(fra[:4])) * 12 + int(til[5:]) - int(fra[5:])


def _lanendring(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    stilling = lanets_stilling(svar, soknad["termin"])
    fakta = {**_hode(soknad), "endring": soknad["endring"], "lan": stilling or _INTET_LAN}
    manuell = [AVGJORES] if stilling else [AVGJORES, INGENTING]
    if hvorfor := soknad.get("planlagt"):
        manuell.append(grunn(hvorfor, PLANLAGTE[hvorfor]))
    return Sammensatt(fullfor(fakta), manuell, bortfaller=stilling is None and bool(hvorfor))


_INTET_LAN = {"rest_ore": 1, "terminer": 1}
"""A loan that is nothing, so that the rules can refuse to change it."""


def _tap(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    stilling = lanets_stilling(svar, soknad["tap_konstatert"][:7])
    oppgitt = {n: soknad[n] for n in _TAPSFELT}
    if stilling is None:
        return Sammensatt(fullfor({**_hode(soknad), **oppgitt}), [AVGJORES, INGENTING])
    # What the plan has left is the least that is owed; arrears stand in the report.
    rest = max(stilling["rest_ore"], soknad["rest_ore"] or 0)
    return Sammensatt(fullfor({**_hode(soknad), **oppgitt, "rest_ore": rest}), [AVGJORES])


_TAPSFELT = ("renter_ore", "renter_maneder", "omkostninger_ore", "innkommet_ore", "tap_konstatert", "sokt")


def _innfordring(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    fattet = _fattet(svar)
    fakta = {**_hode(soknad), "innfordret_ore": soknad["innfordret_ore"]}
    tap = [round(beregn(v["fakta"]).verdier["statens_del"] * 100) for v in fattet if v["kode"] == "T00"]
    fatt = [round(beregn(v["fakta"]).verdier["til_staten"] * 100) for v in fattet if v["kode"] == "R00"]
    manuell = [AVGJORES] if tap else [AVGJORES, INGENTING]
    return Sammensatt(
        fullfor({**fakta, "statens_tap_ore": sum(tap), "staten_har_fatt_ore": sum(fatt)}), manuell
    )


def _utlop(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """A certificate that is still unused when its time, and the time to settle a purchase within it, is over."""
    bevis = beviset(svar)
    if bevis is None or bevis["gyldig_til"] != soknad["gyldig_til"]:
        return Sammensatt(fullfor(_hode(soknad)), [], bortfaller=True)
    return Sammensatt(
        fullfor({**_hode(soknad), "bevis": {n: bevis[n] for n in ("lan", "tilskudd", "ar", "post")}}), []
    )


_SAMLERE: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Svar]], Sammensatt]] = {
    "soknad": _soknad,
    "utbetaling": _utbetaling,
    "lanendring": _lanendring,
    "tap": _tap,
    "innfordring": _innfordring,
    "utlop": _utlop,
}
