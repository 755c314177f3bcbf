"""The household of an application in the model of samspill: with and without bostøtte, and the smallest boligtilskudd.

A refusal for lacking ability to pay must name the print of this answer: it proves that the answer to these very facts
has been looked at, and it is another one as soon as a fact is.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, cast

from domain.regler.plan import satsavtrykk
from domain.sak.kjede import kanonisk
from domain.samspill.modell import modell
from domain.samspill.regelsett import SATSER as SAMSPILLSATSER
from domain.samspill.regelsett import SATSTERMIN
from domain.samspill.vurder import KODEVERSJON, Samspilldata, SamspillFeil, vurder
from domain.startlan.fakta import Fakta, FaktaFeil
from domain.startlan.rente import effektiv

SATSTERMINER = tuple(t for ar, t in SATSTERMIN.items() if ar >= 2026)
_BARN_I_TABELLEN = 2
VIST = (
    "kjopesum", "tilskudd", "lan", "lanekostnader", "driftsutgifter", "bostotte", "skatt", "skattefri_inntekt",
    "livsopphold", "okonomisk_margin", "margin_uten_bostotte", "startlan_mulig", "startlan_mulig_uten_bostotte",
    "bostotten_avgjor", "hoyeste_inntekt_bostotte", "laveste_inntekt_startlan", "samspill", "minste_tilskuddsandel",
    "minste_tilskudd", "minste_tilskuddsandel_uten_bostotte", "virkemidler", "regelversjon",
)  # fmt: skip
"""What of the answer a caseworker is shown."""

_FELT: Mapping[str, str] = {
    "voksne": "husstand.voksne",
    "barn": "husstand.barn",
    "kjopesum": "finansiering.kostnad",
    "egenkapital": "finansiering.egenkapital",
    "tilskuddsandel": "finansiering.tilskudd",
    "kalkulasjonsrente": "lan.rente",
    "nedbetalingstid": "lan.nedbetalingstid",
    "livsopphold": "livsopphold.tabell",
    "livsopphold_per_ar": "livsopphold.per_ar",
    "personinntekt": "husstand.personinntekt",
}
"""Field of the model → field of the facts, for errors."""


def _ar(termin: str) -> int:
    """The newest year of the model that is not after the month."""
    ar = [a for a in SATSTERMIN if a <= int(termin[:4])]
    return max(ar)


def livsopphold(tabell: str, voksne: int, barn: int, barnehage: bool, termin: str) -> float:
    """kr a year by the table; each child beyond the second like the second."""
    navn = f"livsopphold_{tabell}_{'barnehage' if barnehage else 'skole'}"
    sats = SAMSPILLSATSER[navn].gjelder(SATSTERMIN[_ar(termin)])
    assert sats is not None
    rad = cast(tuple[float, ...], sats.verdi)[3 * (voksne - 1) : 3 * voksne]
    flere = max(0, barn - _BARN_I_TABELLEN)
    return rad[min(barn, _BARN_I_TABELLEN)] + flere * (rad[2] - rad[1])


def samspilldata(fakta: Fakta) -> Samspilldata:
    """The facts as the model takes them. Raises :class:`FaktaFeil` when a purchase has no cost."""
    husstand, penger, lan = fakta["husstand"], fakta["finansiering"], fakta["lan"]
    kostnad = penger["kostnad"] - penger["andre_lan"]
    if kostnad <= 0:
        raise FaktaFeil("finansiering.kostnad", "må være over null når andre lån er trukket fra")
    data: dict[str, Any] = {
        "ar": _ar(fakta["termin"]),
        "voksne": husstand["voksne"],
        "barn": husstand["barn"],
        "ung_ufor": husstand["ung_ufor"],
        "kommunenummer": fakta["kommunenummer"],
        "tilskuddsandel": min(1.0, penger["tilskudd"] / kostnad),
        "kalkulasjonsrente": effektiv(lan, fakta["termin"]) + fakta["rentepaslag_beregning"],
        "nedbetalingstid": lan["nedbetalingstid"],
        "livsopphold": fakta["livsopphold"]["tabell"],
        "personinntekt": husstand["personinntekt"],
        "kjopesum": kostnad,
        "egenkapital": penger["egenkapital"],
        "andre_lanekostnader": fakta["gjeld"]["arlig_kostnad"],
    }
    if husstand["barn"]:
        data["barnetype"] = "barnehage" if husstand["barnehagebarn"] else "skole"
    per_ar = fakta["livsopphold"]["per_ar"]
    if per_ar is None and husstand["barn"] > _BARN_I_TABELLEN:
        per_ar = livsopphold(
            data["livsopphold"],
            husstand["voksne"],
            husstand["barn"],
            husstand["barnehagebarn"],
            fakta["termin"],
        )
    oppgitt = {
        "livsopphold_per_ar": per_ar,
        "skattefri_inntekt": husstand["skattefri_inntekt"],
        "driftsutgifter": fakta["driftsutgifter_per_ar"],
    }
    return cast(Samspilldata, data | {navn: verdi for navn, verdi in oppgitt.items() if verdi is not None})


def samspill(fakta: Fakta) -> dict[str, Any]:
    """The model's whole answer. Raises :class:`FaktaFeil` naming the field."""
    try:
        return vurder(samspilldata(fakta))
    except SamspillFeil as feil:
        raise FaktaFeil(_FELT.get(feil.felt, feil.felt), feil.melding) from None


def samspillversjon(termin: str) -> str:
    """Which rates the answer rests on: those of the model, and of the bostøtte that it asks."""
    ar = _ar(termin)
    m = modell(ar, ())
    assert m.bostotte is not None
    return f"{KODEVERSJON}|{satsavtrykk(m.plan)}|{satsavtrykk(m.bostotte)}"


def merke(svar: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits of the answer: who states them has had it before him."""
    return sha256(kanonisk({n: svar[n] for n in VIST})).hexdigest()[:12]
