"""A commitment as the engine sees it: each step of its life is a treatment whose decision books on its account."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import deepcopy
from datetime import datetime
from typing import Any

import numpy as np

from domain.almenbolig import SPROG, VALUTA
from domain.almenbolig.brev import BREV
from domain.almenbolig.etterprov import ETTERPROV, afgor
from domain.almenbolig.fakta import START, Fakta, Stilling, tilsagnsar
from domain.almenbolig.finansiering import finansier, som_kolonner
from domain.almenbolig.forlop import KALENDERSKRIDT, MELDING, SKEMA
from domain.almenbolig.forudsaetninger import LANTYPER, seneste
from domain.almenbolig.hensaettelse import LANETERMINER
from domain.almenbolig.lan import KVARTALER
from domain.almenbolig.livslob import FINANSIERET_SENEST_AR, kommende, udfor
from domain.kontroll.krav import Grunn, Kontrollkrav, Sammensatt, Svar
from domain.kontroll.vurdering import grunn
from domain.regler.avrunding import til_ore
from domain.sak.etterprov import kodeversjon
from domain.sak.ordning import VEDTAK, Avgjorelse, Ordning, Soknad, UlovligOverstyring
from domain.sak.planlagt import Planlagt

SKEMAER = ("tilsagn", "skema_b", "skema_c")
"""What the municipality decides: skema A, B and C."""
AF_FOLK = frozenset({"anskaffelsessum", "antal_boliger", "areal", "boligtype", "bidrag_per_m2", "lantype"})
"""What a caseworker may set of the project."""
TEKSTER: Mapping[str, str] = {
    "kommunal_godkendelse": "Kommunen skal tage stilling til skemaet.",
    "tilsagn_mangler": "Der er ikke givet tilsagn til projektet.",
    "tilsagn_givet": "Der er allerede givet tilsagn til projektet.",
    "lan_findes": "Lånet er allerede meldt.",
    "lan_mangler": "Der er ikke meldt et lån at refinansiere.",
    "lan_over_graensen": "Lånet er større end den del af anskaffelsessummen der kan lånes.",
    "lan_for_tilsagnet": "Lånet er optaget før tilsagnet.",
    "projektgodkendelse_mangler": "Projektet er ikke godkendt (skema B).",
    "regnskab_findes": "Regnskabet (skema C) er allerede godkendt.",
    "rente_passer_ikke": "Renten gælder ikke den næste renteperiode af lånet.",
    "rente_mangler": "Renten for låneåret er ikke meldt.",
    "finansiering_mangler": "Projektet er ikke finansieret fem år efter tilsagnet.",
    "sagen_er_slut": "Tilsagnet er bortfaldet eller afsluttet.",
}


def _forrige(svar: Mapping[str, Svar]) -> tuple[Fakta | None, Stilling]:
    """The facts of the last decision, and where it left the account, by the code that made it."""
    rader = svar.get(VEDTAK, {}).get("rader", [])
    if not rader:
        return None, deepcopy(START)
    sidste = rader[-1]
    return sidste["fakta"], udfor(sidste["fakta"], kodeversjon(sidste["regelversjon"])).stilling


def _projekt(
    soknad: Soknad, forrige: Fakta | None, stilling: Stilling, forud: Mapping[str, Any]
) -> dict[str, Any]:
    skridt, kendt = soknad["skridt"], dict(forrige["projekt"]) if forrige else {}
    if skridt == "finanslov":
        return kendt if _givet(stilling) else {**soknad["projekt"], "termin": soknad["tilsagnstermin"]}
    if skridt == "tilsagn":  # year and discount rate of the first commitment stand for the whole life
        fra = kendt if _givet(stilling) else {**forud, "termin": soknad["termin"]}
        return {**soknad["projekt"], **{n: fra[n] for n in ("termin", "diskonteringsrente")}}
    return kendt | {n: soknad[n] for n in ("anskaffelsessum", "antal_boliger", "areal") if n in soknad}


def _givet(stilling: Stilling) -> bool:
    return stilling["rente_ar"] is not None


def _lan(soknad: Soknad, forrige: Fakta | None) -> dict[str, Any] | None:
    kendt: dict[str, Any] | None = deepcopy(forrige["lan"]) if forrige else None
    if soknad["skridt"] == "finansiering":
        return {
            "dato": soknad["dato"],
            "hovedstol_ore": int(til_ore(np.array([float(soknad["hovedstol"])]))[0]),
            "type": soknad["lantype"],
            "renter": [[0, float(soknad["rente"])]],
        }
    if soknad["skridt"] == "refinansiering" and kendt:
        kendt["renter"] = [r for r in kendt["renter"] if r[0] < soknad["lanear"]]
        kendt["renter"].append([int(soknad["lanear"]), float(soknad["rente"])])
    return kendt


def sett_sammen(soknad: Soknad, svar: Mapping[str, Svar]) -> Sammensatt:
    """The facts of the step: what the case knows, with what this event or day brings."""
    forrige, stilling = _forrige(svar)
    dato = max(soknad["dato"], stilling["dato"] or "")
    forud = seneste(dato[:7]).dokument()
    fakta: Fakta = {
        "termin": soknad["termin"],
        "kommunenummer": soknad["kommunenummer"],
        "valuta": VALUTA,
        "skridt": soknad["skridt"],
        "dato": dato,
        "projekt": _projekt(soknad, forrige, stilling, forud),
        "lan": _lan(soknad, forrige),
        "forudsaetninger": forud,
        "stilling": stilling,
    }
    for_ = {rad["arsak"] for rad in svar.get(VEDTAK, {}).get("rader", [])}
    koder = _koder(soknad, fakta, forrige, for_)
    return Sammensatt(fakta, [grunn(kode, TEKSTER[kode]) for kode in koder])


def _koder(soknad: Soknad, fakta: Fakta, forrige: Fakta | None, skridt_for: AbstractSet[str]) -> list[str]:
    """Why people must look before the step is booked. ``skridt_for``: the steps that have been decided."""
    skridt, stilling, ut = fakta["skridt"], fakta["stilling"], []
    givet = _givet(stilling)
    if skridt in SKEMAER:
        ut.append("kommunal_godkendelse")
    if skridt in ("finanslov", "tilsagn") and givet:
        ut.append("tilsagn_givet")
    if skridt not in ("finanslov", "tilsagn") and not givet:
        ut.append("tilsagn_mangler")
    if stilling["afsluttet"]:
        ut.append("sagen_er_slut")
    if skridt == "skema_c" and "skema_b" not in skridt_for:
        ut.append("projektgodkendelse_mangler")
    if skridt == "skema_b" and "skema_c" in skridt_for:
        ut.append("regnskab_findes")
    for_ = forrige["lan"] if forrige else None
    if skridt in ("finansiering", "bortfald") and for_:  # what is financed does not lapse by itself
        ut.append("lan_findes")
    if skridt == "finansiering" and givet:
        ut += _lanet(fakta)
    if skridt == "refinansiering":
        ut += _refinansiering(soknad, for_, stilling)
    if skridt == "termin" and _rente_mangler(fakta["lan"], stilling["terminer"]):
        ut.append("rente_mangler")
    sent = int(soknad["dato"][:4]) - tilsagnsar(fakta) + 1 >= FINANSIERET_SENEST_AR
    if skridt == "revurdering" and sent and not fakta["lan"]:
        ut.append("finansiering_mangler")
    return ut


def _lanet(fakta: Fakta) -> list[str]:
    """A loan is taken after the commitment, and of what the approved sum allows (§§ 118 and 118 a)."""
    lan, projekt = fakta["lan"], fakta["projekt"]
    graense = finansier(som_kolonner(projekt), projekt["termin"])["lan"]
    ut = ["lan_over_graensen"] if lan["hovedstol_ore"] > int(til_ore(graense)[0]) else []
    return [*ut, "lan_for_tilsagnet"] if lan["dato"][:7] < projekt["termin"] else ut


def _refinansiering(soknad: Soknad, lan: Mapping[str, Any] | None, stilling: Stilling) -> list[str]:
    """A rate is for the next period, and for quarters that have not been drawn."""
    if not lan:
        return ["lan_mangler"]
    naeste_periode = lan["renter"][-1][0] + LANTYPER[lan["type"]]
    passer = soknad["lanear"] == naeste_periode and stilling["terminer"] <= KVARTALER * soknad["lanear"]
    return [] if passer else ["rente_passer_ikke"]


def _rente_mangler(lan: Mapping[str, Any], termin_nr: int) -> bool:
    kendt_til = lan["renter"][-1][0] + LANTYPER[lan["type"]]
    return termin_nr < LANETERMINER and termin_nr // KVARTALER >= kendt_til


def _planlagte(fakta: Fakta, _afgjort: Avgjorelse) -> Sequence[Planlagt]:
    """The next of each kind, so that one that waits for a person holds up no other."""
    return [
        Planlagt(s.navn, f"{s.dato:%Y-%m}", s.dato, {"skridt": s.navn, "dato": s.dato.isoformat()}, s.rang)
        for s in kommende(fakta, udfor(fakta))
    ]


def _overstyr(fakta: Fakta, verdier: Mapping[str, Any]) -> Fakta:
    """``verdier``: dotted path → value, e.g. ``projekt.anskaffelsessum``; on the municipality's own steps alone."""
    ny = deepcopy(fakta)
    for sti, verdi in verdier.items():
        del_, _, felt = sti.partition(".")
        if del_ != "projekt" or felt not in AF_FOLK or fakta["skridt"] not in SKEMAER:
            raise UlovligOverstyring(sti, "kan ikke overstyres")
        ny["projekt"][felt] = verdi
    try:
        udfor(ny)
    except (ArithmeticError, TypeError, ValueError, KeyError, IndexError):
        raise UlovligOverstyring(next(iter(verdier)), "verdien er ikke gyldig") from None
    return ny


def _krav(_soknad: Soknad, _svar: Mapping[str, Svar]) -> list[Kontrollkrav]:
    return []


def _grunner(_soknad: Soknad, _mottatt: datetime) -> list[Grunn]:
    return []


ALMENBOLIG = Ordning(
    navn="almenbolig",
    hjemmel="almenboligloven §§ 115 og 130",
    forlop={
        **dict.fromkeys(SKEMAER, SKEMA),
        **dict.fromkeys(("finanslov", "finansiering", "refinansiering", "bortfald"), MELDING),
        **dict.fromkeys(("rente", "termin", "refusion", "revurdering", "afslutning"), KALENDERSKRIDT),
    },
    krav=_krav,
    sett_sammen=sett_sammen,
    ekstra=lambda _krav, _soknad, _fnr: {},
    grunner=_grunner,
    avgjor=afgor,
    betalinger=lambda _avgjorelse, _soknad: [],
    overstyr=_overstyr,
    uten_svar=lambda fakta: fakta,
    gradert=lambda _svar: False,
    etterprov=ETTERPROV,
    brev=BREV,
    ser_vedtak=True,
    legges_til=True,
    storste_tall=100_000_000_000,
    planlagte=_planlagte,
    valuta=VALUTA,
    sprak=(SPROG,),
)
