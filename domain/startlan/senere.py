"""What is reported of a loan later, and what its own terms bring, as facts: one case is one loan, and each treatment
rests on the decisions before it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from domain.kalender import neste_termin
from domain.kontroll.krav import Grunn, Sammensatt, Svar
from domain.kontroll.vurdering import grunn
from domain.sak.ordning import VEDTAK
from domain.startlan import lan
from domain.startlan.beregning import beregn
from domain.startlan.fakta import fullfor

AVGJORES: Grunn = {
    "kode": "kommunen_avgjor",
    "tekst": "Kommunen avgjør saken ved to personer, med saksbehandlerens vurdering.",
}
INGENTING: Grunn = {
    "kode": "ikke_noe_lan",
    "tekst": "Saken har ikke et finansieringsbevis, eller et lån, som dette kan gjelde.",
}
INNVILGET = ("L00", "L30", "L31")
RENTESLUTT = "fastrente_slutt"
PLANLAGTE = {
    RENTESLUTT: "Fastrenteavtalen går ut: avtal ny rente med låntakeren.",
    "forstegang_refinansieres": "Lånet i forsøket for førstegangsetablerere skal refinansieres.",
}
OPPGJORSTID = timedelta(days=60)
"""A purchase within the certificate's time may be settled so long after it; then what is bound is given back."""


def hode(soknad: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts of every treatment begin with."""
    return {
        "arsak": soknad.get("arsak", "soknad"),
        "termin": soknad["termin"],
        "kommunenummer": soknad["kommunenummer"],
    }


def _fattet(svar: Mapping[str, Svar]) -> list[Mapping[str, Any]]:
    return list(svar.get(VEDTAK, {}).get("rader", ()))


def rammepost(forstegang: bool) -> str:
    """The item of the frame: the trial for first-time buyers has money of its own."""
    return "forstegang" if forstegang else "lan"


def bevis_slutt(bevis: Mapping[str, Any]) -> date:
    """The day on which what a certificate has bound is given back."""
    return date.fromisoformat(bevis["gyldig_til"]) + OPPGJORSTID


def beviset(svar: Mapping[str, Svar]) -> dict[str, Any] | None:
    """The certificate that stands unused: what it promises, until when, on which terms. A new one replaces it."""
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
    return Sammensatt(fullfor({**hode(soknad), "kjop": soknad["kjop"], "bevis": bevis or intet}), manuell)


def lanets_stilling(svar: Mapping[str, Svar], termin: str) -> dict[str, Any] | None:
    """The loan in that month, its payments made as planned since the month it was paid out; None when there is none,
    it is paid, or its loss is shared."""
    stilling: dict[str, Any] | None = None
    start = ""
    for v in _fattet(svar):
        if v["kode"] == "U00" and (utbetalt := int(beregn(v["fakta"]).verdier["lan_kan_utbetales"])):
            stilling = lan.nytt_lan(v["fakta"]["bevis"], utbetalt, v["termin"])
            start = v["fakta"]["kjop"]["oppgjor"][:7]
        elif v["kode"] == "E00":
            stilling = lan.etter_endring(v["fakta"])
        elif v["kode"] == "T00":
            stilling = None
    if stilling is None or not stilling["terminer"]:
        return None
    # By the payments made, not by the month of the last change: that may fall between two of them.
    betalt_til = neste_termin(start, stilling["betalte"] * 12 // stilling["per_ar"])
    na = lan.stilling(stilling, _maneder(betalt_til, termin))
    return na if na["terminer"] else None


def _maneder(fra: str, til: str) -> int:
    return (int(til[:4]) - int(fra[:4])) * 12 + int(til[5:]) - int(fra[5:])


def _lanendring(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    stilling = lanets_stilling(svar, soknad["termin"])
    fakta = {**hode(soknad), "endring": soknad["endring"], "lan": stilling or _INTET_LAN}
    manuell = [AVGJORES] if stilling else [AVGJORES, INGENTING]
    hvorfor = soknad.get("planlagt")
    if hvorfor:
        manuell.append(grunn(hvorfor, PLANLAGTE[hvorfor]))
    return Sammensatt(
        fullfor(fakta), manuell, bortfaller=bool(hvorfor) and (stilling is None or _avtalt(stilling, hvorfor))
    )


def _avtalt(stilling: Mapping[str, Any], hvorfor: str | None) -> bool:
    """The fixed rate that was to end has been replaced before its time."""
    return hvorfor == RENTESLUTT and (stilling["bundet"] > 0 or stilling["rentetype"] == "flytende")


_INTET_LAN = {"rest_ore": 1, "terminer": 1}
"""A loan that is nothing, so that the rules can refuse to change it."""


def _tap(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    dager = {n: soknad[n] for n in ("tap_konstatert", "sokt")}
    stilling = lanets_stilling(svar, soknad["tap_konstatert"][:7])
    if stilling is None:  # never paid out, paid back, or shared before: there is nothing to share
        return Sammensatt(fullfor({**hode(soknad), **dager}), [AVGJORES, INGENTING])
    # What the plan has left is the least that is owed; arrears stand in the report.
    rest = max(stilling["rest_ore"], soknad["rest_ore"] or 0)
    oppgitt = {n: soknad[n] for n in ("renter_ore", "renter_maneder", "omkostninger_ore", "innkommet_ore")}
    return Sammensatt(fullfor({**hode(soknad), **dager, **oppgitt, "rest_ore": rest}), [AVGJORES])


def _innfordring(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    fattet = _fattet(svar)
    fakta = {**hode(soknad), "innfordret_ore": soknad["innfordret_ore"]}
    tap = [v["belop"] * 100 for v in fattet if v["kode"] == "T00"]  # what was paid, in whole kroner
    fatt = [round(beregn(v["fakta"]).verdier["til_staten"] * 100) for v in fattet if v["kode"] == "R00"]
    manuell = [AVGJORES] if tap else [AVGJORES, INGENTING]
    return Sammensatt(
        fullfor({**fakta, "statens_tap_ore": sum(tap), "staten_har_fatt_ore": sum(fatt)}), manuell
    )


def _utlop(soknad: Mapping[str, Any], svar: Mapping[str, Svar]) -> Sammensatt:
    """A certificate that is still unused when its time, and the time to settle a purchase within it, is over. One that
    has replaced it has a later day; a purchase that was reported in time is answered first."""
    bevis = beviset(svar)
    if bevis is None:
        return Sammensatt(fullfor(hode(soknad)), [], bortfaller=True)
    til_behandling = "utbetaling" in svar[VEDTAK].get("apne", ())
    slutt = bevis_slutt(bevis)
    egen = slutt <= date.fromisoformat(soknad["mottatt"][:10])  # the day that this was planned for
    fakta = fullfor({**hode(soknad), "bevis": {n: bevis[n] for n in ("lan", "tilskudd", "ar", "post")}})
    return Sammensatt(fakta, [], tidligst=date.max if til_behandling else None if egen else slutt)


SENERE: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Svar]], Sammensatt]] = {
    "utbetaling": _utbetaling,
    "lanendring": _lanendring,
    "tap": _tap,
    "innfordring": _innfordring,
    "utlop": _utlop,
}
"""Cause of a treatment → how its facts are put together."""
