"""What a proposal must be before another person attests it: readable, within the law's limits, and looked at.

A refusal for lacking ability to pay is not allowed before the answer of samspill to these very facts has been looked
at (its print is stated), and, when a boligtilskudd would be enough, before it has been considered.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from domain.startlan import lan
from domain.startlan.beregning import beregn
from domain.startlan.fakta import FORMAL, RENTETYPER, TABELLER, Fakta, FaktaFeil, IkkeVurdert, hent
from domain.startlan.koder import INDEKS
from domain.startlan.nedbetaling import LANESLAG, TERMINER_PER_AR
from domain.startlan.samspillet import livsopphold, merke, samspill

STORST = 100_000_000
_PROSENT, _HOYESTE_PROSENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?"), 20
_TALL: dict[str, tuple[tuple[str, float, float], ...]] = {
    "soknad": (
        ("husstand.voksne", 1, 2),
        ("husstand.barn", 0, 12),
        ("husstand.personinntekt", 0, STORST),
        ("finansiering.kostnad", 0, STORST),
        ("finansiering.egenkapital", 0, STORST),
        ("finansiering.andre_lan", 0, STORST),
        ("finansiering.tilskudd", 0, STORST),
        ("gjeld.arlig_kostnad", 0, STORST),
        ("gjeld.husbanken", 0, STORST),
        ("lan.nedbetalingstid", 1, 50),
        ("lan.avdragsfri_ar", 0, 49),
        ("lan.paslag", 0, 0.1),
        ("rentepaslag_beregning", 0, 0.1),
        ("ramme_prioritet", -100, 100),
    ),
    "utbetaling": (
        ("kjop.kjopesum", 1, STORST),
        ("kjop.egenkapital", 0, STORST),
        ("kjop.andre_lan", 0, STORST),
    ),
    "lanendring": (
        ("endring.terminer", 0, 600),
        ("endring.nedbetalingstid", 0, 60),
        ("endring.paslag", 0, 0.1),
    ),
    "tap": (
        ("renter_ore", 0, STORST * 100),
        ("renter_maneder", 0, 600),
        ("omkostninger_ore", 0, STORST * 100),
        ("innkommet_ore", 0, STORST * 100),
    ),
    "innfordring": (("innfordret_ore", 1, STORST * 100),),
    "utlop": (),
}
_BRUDDENE = {"lan.paslag", "rentepaslag_beregning", "endring.paslag", "lan.nedbetalingstid", "lan.avdragsfri_ar",
             "endring.nedbetalingstid", "renter_maneder", "gjeld.arlig_kostnad", "husstand.personinntekt"}  # fmt: skip
"""Everything else among ``_TALL`` is whole."""
_VALG: dict[str, tuple[tuple[str, tuple[Any, ...]], ...]] = {
    "soknad": (
        ("sporsmal", ("soknad", "forhandssvar")),
        ("formal", FORMAL),
        ("lan.rentetype", RENTETYPER),
        ("lan.slag", LANESLAG),
        ("lan.per_ar", TERMINER_PER_AR),
        ("livsopphold.tabell", TABELLER),
    ),
    "lanendring": (("endring.slag", lan.SLAG), ("endring.rentetype", RENTETYPER)),
}
_KAN_MANGLE: dict[str, tuple[tuple[str, float, float], ...]] = {
    "soknad": (
        ("lan.rente", 0, 0.2),
        ("livsopphold.per_ar", 0, STORST),
        ("driftsutgifter_per_ar", 0, STORST),
        ("husstand.skattefri_inntekt", 0, STORST),
    ),
    "lanendring": (("endring.rente", 0, 0.2),),
}


def krev_gyldig(fakta: Fakta) -> None:
    """Raises FaktaFeil naming the field."""
    arsak = fakta["arsak"]
    for sti, minst, storst in _TALL[arsak]:
        _krev_tall(fakta, sti, minst, storst)
    for sti, minst, storst in _KAN_MANGLE.get(arsak, ()):
        if hent(fakta, sti) is not None:
            _krev_tall(fakta, sti, minst, storst)
    for sti, lovlige in _VALG.get(arsak, ()):
        if hent(fakta, sti) not in lovlige:
            raise FaktaFeil(sti, f"må være en av {', '.join(map(str, lovlige))}")
    if arsak == "soknad":
        _krev_soknad(fakta)
    elif arsak == "utbetaling":
        if _krev_dato(fakta, "kjop.oppgjor") < _krev_dato(fakta, "kjop.dato"):
            raise FaktaFeil("kjop.oppgjor", "kan ikke være før kjøpet")
        beregn(fakta)
    elif arsak == "lanendring":
        if (marked := fakta["endring"]["markedsrente_prosent"]) is not None:
            _krev_prosent(marked, "endring.markedsrente_prosent")
        beregn(fakta)
    else:
        if arsak == "tap":
            _krev_tap(fakta)
        beregn(fakta)


def _krev_tap(fakta: Fakta) -> None:
    for felt in ("renter_ore", "omkostninger_ore") if not fakta["rest_ore"] else ():
        if fakta[felt]:
            raise FaktaFeil(felt, "kan ikke være over null når saken ikke har et lån")
    if fakta["renter_ore"] and not fakta["renter_maneder"]:
        raise FaktaFeil("renter_maneder", "må oppgis når det er renter")


def _krev_tall(fakta: Fakta, sti: str, minst: float, storst: float) -> None:
    verdi = hent(fakta, sti)
    tall = isinstance(verdi, int | float) and not isinstance(verdi, bool)
    if not tall or not minst <= verdi <= storst:
        raise FaktaFeil(sti, f"må være et tall fra {minst:g} til {storst:g}")
    if storst > 1 and sti not in _BRUDDENE and verdi != int(verdi):
        raise FaktaFeil(sti, "må være et helt tall")


def _krev_dato(fakta: Fakta, sti: str) -> date:
    try:
        return date.fromisoformat(hent(fakta, sti))
    except (TypeError, ValueError):
        raise FaktaFeil(sti, "må være en dato (ÅÅÅÅ-MM-DD)") from None


def _krev_prosent(verdi: Any, sti: str) -> None:
    if not isinstance(verdi, str) or not _PROSENT.fullmatch(verdi) or Decimal(verdi) > _HOYESTE_PROSENT:
        raise FaktaFeil(sti, "må være prosent fra 0 til 20 med høyst tre desimaler, skrevet som tekst")


def _krev_soknad(fakta: Fakta) -> None:
    lanet, livsopp, husstand = fakta["lan"], fakta["livsopphold"], fakta["husstand"]
    for sti in ("bevis_gyldig_til", "vurdering.samspill_sett"):
        if not isinstance(hent(fakta, sti), str):
            raise FaktaFeil(sti, "må være tekst")
    if lanet["avdragsfri_ar"] >= lanet["nedbetalingstid"]:
        raise FaktaFeil("lan.avdragsfri_ar", "må være kortere enn nedbetalingstiden")
    if fakta["bevis_gyldig_til"] and str(_krev_dato(fakta, "bevis_gyldig_til")) < f"{fakta['termin']}-01":
        raise FaktaFeil("bevis_gyldig_til", "må være etter at det er søkt")
    gulv = livsopphold(
        "sosialhjelp", husstand["voksne"], husstand["barn"], husstand["barnehagebarn"], fakta["termin"]
    )
    if livsopp["per_ar"] is not None and livsopp["per_ar"] < gulv:
        raise FaktaFeil("livsopphold.per_ar", f"må minst være veiledende sosialhjelp, {gulv:.0f} kr")
    r = beregn(fakta)
    v = r.verdier
    if v["lanebehov"] + fakta["finansiering"]["tilskudd"] <= 0:
        raise FaktaFeil("finansiering.kostnad", "er dekket uten lån og tilskudd")
    if r.kode.utfall == "innvilget":
        penger = fakta["finansiering"]
        if penger["tilskudd"] > (mangler := penger["kostnad"] - penger["egenkapital"] - penger["andre_lan"]):
            raise FaktaFeil(
                "finansiering.tilskudd", f"kan være høyst {mangler:.0f} kr, som er det som mangler"
            )
        _krev_vilkar(fakta, v)
    if v["kode_av_soknad"] == INDEKS["L08"]:
        _krev_sett(fakta)


def _krev_vilkar(fakta: Fakta, v: Any) -> None:
    for navn, grense in (("nedbetalingstid", v["lengste_tid"]), ("avdragsfri_ar", v["lengste_avdragsfri"])):
        if fakta["lan"][navn] > grense:
            raise IkkeVurdert(f"lan.{navn}", f"kan være høyst {grense:g} år for denne husstanden")
    if v["vilkar_utenfor"]:
        raise IkkeVurdert("lan.paslag", "er mer enn kommunen kan legge på renten")


def _krev_sett(fakta: Fakta) -> None:
    svar = samspill(fakta)
    if fakta["vurdering"]["samspill_sett"] != merke(svar):
        raise IkkeVurdert(
            "vurdering.samspill_sett",
            "må være merket på svaret om samspill for disse opplysningene; se utkastet før det avslås",
        )
    if svar["minste_tilskuddsandel"] is not None and not fakta["vurdering"]["tilskudd_vurdert"]:
        raise IkkeVurdert(
            "vurdering.tilskudd_vurdert",
            f"må være sann: et tilskudd på {svar['minste_tilskudd']} kr er nok til at lånet kan bæres",
        )
