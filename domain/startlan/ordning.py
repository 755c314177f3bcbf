"""Startlån as the engine sees it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from domain.kalender import neste_termin, utbetalingsdag
from domain.klage.omgjoring import KLAGE_KOMMUNE, SOKNADER
from domain.kontroll.krav import Grunn, Svar
from domain.kontroll.vurdering import SPERRET
from domain.sak.bevilgning import BEVILGNING, Rammepost
from domain.sak.forlop import Merke
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Avgjorelse, Betaling, Fakta, Ordning, Soknad, UlovligOverstyring
from domain.sak.planlagt import Planlagt
from domain.startlan import lan
from domain.startlan.beregning import beregn
from domain.startlan.brev import BREV
from domain.startlan.etterprov import ETTERPROV
from domain.startlan.fakta import KAN_SETTES, FaktaFeil, IkkeVurdert, fullfor
from domain.startlan.forlop import LANEHENDELSE, PLANLAGT_LANEHENDELSE, UTLOP
from domain.startlan.gyldig import krev_gyldig
from domain.startlan.kontroller import sett_sammen
from domain.startlan.kontrollkrav import ekstra, krav
from domain.startlan.regelsett import SATSER
from domain.startlan.rente import BUNDET_AR
from domain.startlan.samspillet import VIST, merke, samspill
from domain.startlan.senere import INNVILGET, RENTESLUTT, bevis_slutt, rammepost

BEVIS_MANEDER = 3
"""Months that a certificate holds when the caseworker sets no other day."""
TILSKUDD = "tilskudd"


def _avgjor(fakta: Fakta) -> Avgjorelse:
    r = beregn(fullfor(fakta))
    return Avgjorelse(r.kode.kode, r.kode.utfall, r.belop, r.regelversjon, kanonisk(r.spor))


def _betalinger(avgjorelse: Avgjorelse, soknad: Soknad) -> Sequence[Betaling]:
    """A loan is paid to the household's settlement; the state's part of a loss to the municipality."""
    termin = soknad["termin"]
    if avgjorelse.kode == "U00":
        oppgjor = date.fromisoformat(soknad["kjop"]["oppgjor"])
        return [Betaling(termin, avgjorelse.belop, oppgjor, "husstand")]
    if avgjorelse.kode == "T00":
        return [Betaling(termin, avgjorelse.belop, utbetalingsdag(termin), "kommune")]
    return []


Slag = Literal["bundet", "utbetalt", "frigitt", "tilbakefort"]


def _poster(
    fakta: Fakta,
    bevis: Mapping[str, Any],
    slag: Slag,
    laan: int,
    tilskudd: int,
    grunn: str,
    prioritet: int = 0,
) -> list[Rammepost]:
    """``laan`` and ``tilskudd`` kroner, in the frames of the certificate."""
    deler = ((bevis["post"], laan), (TILSKUDD, tilskudd))
    return [
        Rammepost(slag, bevis["ar"], post, fakta["kommunenummer"], belop, grunn, prioritet)
        for post, belop in deler
        if belop > 0
    ]


def _rammeposter(fakta: Fakta, avgjort: Avgjorelse) -> Sequence[Rammepost]:
    if avgjort.kode in INNVILGET:
        v = beregn(fakta).verdier
        ar = int((fakta["bevis_gyldig_fra"] or fakta["termin"])[:4])
        bevis = {"ar": ar, "post": rammepost(fakta["forstegang"])}
        laan, tilskudd = int(v["innvilget_lan"]), int(v["innvilget_tilskudd"])
        gammelt = fakta["erstatter_bevis"]
        frigis = _poster(fakta, gammelt, "frigitt", gammelt["lan"], gammelt["tilskudd"], "nytt_bevis")
        return [
            *_poster(fakta, bevis, "bundet", laan, tilskudd, "bevis", fakta["ramme_prioritet"]),
            *(replace(p, av_tidligere=True) for p in frigis),
        ]
    if avgjort.kode == "U00":
        v, bevis = beregn(fakta).verdier, fakta["bevis"]
        laan, tilskudd = int(v["lan_kan_utbetales"]), int(v["tilskudd_kan_utbetales"])
        return [
            *_poster(fakta, bevis, "utbetalt", laan, tilskudd, "kjop"),
            *_poster(
                fakta, bevis, "frigitt", bevis["lan"] - laan, bevis["tilskudd"] - tilskudd, "ikke_brukt"
            ),
        ]
    if avgjort.kode == "B00":
        bevis = fakta["bevis"]
        return _poster(fakta, bevis, "frigitt", bevis["lan"], bevis["tilskudd"], "utlopt")
    if avgjort.kode == "E00" and avgjort.belop > 0:  # repaid early: it may be lent again
        kroner = lan.endret_lan(fakta).innbetalt // 100  # never more than was paid out, in however many parts
        return _poster(fakta, fakta["lan"], "tilbakefort", kroner, 0, "innbetalt_for_tiden")
    return []


def _planlagte(fakta: Fakta, avgjort: Avgjorelse) -> Sequence[Planlagt]:
    """A certificate runs out; a fixed rate ends; a loan of the trial is to be refinanced."""
    if avgjort.kode in INNVILGET:
        slutt = bevis_slutt({"gyldig_til": fakta["bevis_gyldig_til"]})
        return [Planlagt("utlop", f"{slutt:%Y-%m}", slutt, {"arsak": "utlop"})]
    if avgjort.kode == "U00" and beregn(fakta).verdier["lan_kan_utbetales"]:
        ar = BUNDET_AR[fakta["bevis"]["vilkar"]["rentetype"]]
        fra = fakta["kjop"]["oppgjor"][:7]
        ut = [_senere(fra, ar, "renteslutt", RENTESLUTT)] if ar else []
        if fakta["bevis"]["forstegang"]:
            om = _sats("refinansieres_etter", fakta)
            ut.append(_senere(fra, om, "refinansiering", "forstegang_refinansieres"))
        return ut
    if avgjort.kode == "E00" and fakta["endring"]["slag"] == "rentebytte":
        ar = BUNDET_AR[fakta["endring"]["rentetype"]]
        return [_senere(fakta["termin"], ar, "renteslutt", RENTESLUTT)] if ar else []
    return []


def _sats(navn: str, fakta: Fakta) -> int:
    sats = SATSER[navn].gjelder(fakta["termin"])
    assert sats is not None
    return round(float(sats.verdi))  # type: ignore[arg-type]


def _senere(fra: str, ar: int, arsak: str, hvorfor: str) -> Planlagt:
    """So many years after a month."""
    termin = neste_termin(fra, 12 * ar)
    endring = {"slag": "rentebytte", "rentetype": "flytende"}
    innhold = {"arsak": "lanendring", "planlagt": hvorfor, "endring": endring}
    return Planlagt(arsak, termin, date.fromisoformat(f"{termin}-01"), innhold)


def _datert(fakta: Fakta, dag: date) -> Fakta:
    """A certificate holds from the day it is given; for three months unless the caseworker has set another day, which
    has not passed while it waited for the frame."""
    if fakta["arsak"] != "soknad":
        return fakta
    termin = neste_termin(f"{dag:%Y-%m}", BEVIS_MANEDER)
    siste = date(int(termin[:4]), int(termin[5:]), monthrange(int(termin[:4]), int(termin[5:]))[1])
    satt = fakta["bevis_gyldig_til"]
    til = satt if satt >= dag.isoformat() else siste.isoformat()
    return {**fakta, "bevis_gyldig_fra": dag.isoformat(), "bevis_gyldig_til": til}


def _merker(fakta: Fakta) -> frozenset[str]:
    """So much with what the household owes Husbanken already that a second line looks at it."""
    over = fakta["arsak"] == "soknad" and beregn(fakta).verdier["over_engasjementsgrensen"]
    return frozenset({Merke.ANNENLINJE}) if over else frozenset()


def _overstyr(fakta: Fakta, verdier: Mapping[str, Any]) -> Fakta:
    """``verdier``: dotted path → value. The facts as they then are, held against what the law allows."""
    ny = deepcopy(fakta)
    lov = KAN_SETTES[fakta["arsak"]]
    for sti, verdi in verdier.items():
        ledd = sti.split(".")
        if not any(".".join(ledd[:n]) in lov for n in range(1, len(ledd) + 1)):
            raise UlovligOverstyring(sti, "kan ikke overstyres")
        mal: Any = ny
        for navn in ledd[:-1]:
            mal = mal.get(navn) if isinstance(mal, dict) else None
        if not isinstance(mal, dict) or ledd[-1] not in mal or isinstance(mal[ledd[-1]], dict):
            raise UlovligOverstyring(sti, "kan ikke overstyres")
        mal[ledd[-1]] = verdi
    try:
        krev_gyldig(fullfor(ny))
    except FaktaFeil as feil:
        kan_regnes = isinstance(feil, IkkeVurdert)
        raise UlovligOverstyring(feil.felt, feil.melding, ny if kan_regnes else None) from None
    except (TypeError, ValueError, KeyError, OverflowError):
        raise UlovligOverstyring(next(iter(verdier), "(forslaget)"), "verdien er ikke gyldig") from None
    return ny


def _uten_svar(fakta: Fakta) -> Fakta:
    return {**fakta, "mangler_opplysninger": True} if "mangler_opplysninger" in fakta else fakta


def _gradert(svar: Mapping[str, Svar]) -> bool:
    return any(
        person["gradering"] in SPERRET
        for nokkel, innhold in svar.items()
        if nokkel.startswith("folkeregister/")
        for person in innhold["personer"].values()
    )


def _grunner(_soknad: Soknad, _mottatt: datetime) -> list[Grunn]:
    return []


def _vis(fakta: Fakta) -> dict[str, Any]:
    """Before deciding: samspill for this household, and the plan that the terms give."""
    arsak = fakta["arsak"]
    if arsak == "soknad":
        if fakta["finansiering"]["kostnad"] <= fakta["finansiering"]["andre_lan"]:
            return {"samspill": None, "samspill_sett": "", "plan": None}  # others pay for all of it
        svar = samspill(fakta)
        belop = int(beregn(fakta).verdier["lanebehov"])
        plan = lan.sammendrag(lan.vilkar_av_bevis(belop, fakta["lan"], fakta["termin"])) if belop else None
        return {"samspill": {n: svar[n] for n in VIST}, "samspill_sett": merke(svar), "plan": plan}
    if arsak == "lanendring":
        ny = lan.endret_lan(fakta)
        return {
            "for": lan.sammendrag(lan.lanet(fakta["lan"])),
            "etter": lan.sammendrag(ny.vilkar) if ny.vilkar else None,
            "kurs_ore": lan.kurs_ore(fakta),
        }
    if arsak == "utbetaling":
        belop = int(beregn(fakta).verdier["lan_kan_utbetales"])
        vilkar = lan.vilkar_av_bevis(belop, fakta["bevis"]["vilkar"], fakta["termin"]) if belop else None
        return {"plan": lan.sammendrag(vilkar) if vilkar else None}
    return {}


STARTLAN = Ordning(
    navn="startlan",
    hjemmel="husbankloven § 10, forskrift om lån fra Husbanken kap. 5",
    forlop={
        "soknad": BEVILGNING,
        "utbetaling": LANEHENDELSE,
        "lanendring": LANEHENDELSE,
        "tap": LANEHENDELSE,
        "innfordring": LANEHENDELSE,
        "renteslutt": PLANLAGT_LANEHENDELSE,
        "refinansiering": PLANLAGT_LANEHENDELSE,
        "utlop": UTLOP,
        "klage": KLAGE_KOMMUNE,
    },
    paklages=SOKNADER,
    krav=krav,
    sett_sammen=sett_sammen,
    ekstra=ekstra,
    grunner=_grunner,
    avgjor=_avgjor,
    betalinger=_betalinger,
    overstyr=_overstyr,
    uten_svar=_uten_svar,
    gradert=_gradert,
    etterprov=ETTERPROV,
    brev=BREV,
    legges_til=True,
    rammeposter=_rammeposter,
    planlagte=_planlagte,
    datert=_datert,
    merker=_merker,
    ser_vedtak=True,
    vis=_vis,
)
