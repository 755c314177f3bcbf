"""A loan as it stands: its plan from the certificate's terms, rolled forward, and after a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.startlan.fakta import Fakta, FaktaFeil
from domain.startlan.nedbetaling import Lanevilkar, VilkarFeil, etter, kurs, plan
from domain.startlan.rente import BUNDET_AR, nominell

SLAG = ("betalingsutsettelse", "lengre_lopetid", "rentebytte", "innbetaling")


@dataclass(frozen=True, slots=True)
class EndretLan:
    """The loan after the change that is asked for; ``vilkar`` None when it is paid in full. øre."""

    terminer: int
    avdragsfrie: int
    innbetalt: int
    vilkar: Lanevilkar | None


def vilkar_av_bevis(belop: int, lan: Mapping[str, Any], termin: str) -> Lanevilkar:
    """The certificate's terms for a loan of so many kroner. Raises FaktaFeil naming the field."""
    try:
        return Lanevilkar(
            belop * 100,
            nominell(lan, termin),
            lan["per_ar"],
            round(lan["nedbetalingstid"] * lan["per_ar"]),
            round(lan["avdragsfri_ar"] * lan["per_ar"]),
            lan["slag"],
        )
    except VilkarFeil as feil:
        raise FaktaFeil(f"lan.{feil.felt}", feil.melding) from None


def lanet(lan: Mapping[str, Any]) -> Lanevilkar:
    """The loan of the facts of a change, as it stands before it."""
    try:
        return Lanevilkar(
            lan["rest_ore"],
            Decimal(lan["rente_prosent"]),
            lan["per_ar"],
            lan["terminer"],
            lan["avdragsfrie"],
            lan["slag"],
        )
    except VilkarFeil as feil:
        raise FaktaFeil(f"lan.{feil.felt}", feil.melding) from None


def endret_lan(fakta: Fakta) -> EndretLan:
    """Raises FaktaFeil naming the field. That it is within the limits is for the rules."""
    lan, endring = fakta["lan"], fakta["endring"]
    for_ = lanet(lan)
    slag = endring["slag"]
    if slag == "betalingsutsettelse":
        # Terms without instalments from now on; the rest is paid in the time that is left.
        ny = _ny(for_, avdragsfrie=max(for_.avdragsfrie, endring["terminer"]))
    elif slag == "lengre_lopetid":
        ny = _ny(for_, terminer=round(endring["nedbetalingstid"] * for_.per_ar) - lan["betalte"])
    elif slag == "rentebytte":
        ny = _ny(for_, nominell=nominell({**endring, "per_ar": for_.per_ar}, fakta["termin"]))
    elif slag == "innbetaling":
        if not 0 < endring["belop_ore"] <= for_.belop:
            raise FaktaFeil("endring.belop_ore", f"må være over null og høyst {for_.belop}")
        if endring["belop_ore"] == for_.belop:
            return EndretLan(for_.terminer, for_.avdragsfrie, for_.belop, None)
        ny = _ny(for_, belop=for_.belop - endring["belop_ore"])
    else:
        raise FaktaFeil("endring.slag", f"må være en av {', '.join(SLAG)}")
    innbetalt = endring["belop_ore"] if slag == "innbetaling" else 0
    if isinstance(ny, tuple):
        return EndretLan(*ny, innbetalt, None)
    return EndretLan(ny.terminer, ny.avdragsfrie, innbetalt, ny)


def _ny(v: Lanevilkar, **endret: Any) -> Lanevilkar | tuple[int, int]:
    """The changed terms; when no plan can be made of them, their terms alone, for the rule that refuses them."""
    try:
        return replace(v, **endret)
    except VilkarFeil:
        return endret.get("terminer", v.terminer), endret.get("avdragsfrie", v.avdragsfrie)


def kurs_ore(fakta: Fakta) -> int:
    """Over- or underkurs of what breaks a fixed rate: an early payment, or another rate before its time."""
    lan, endring = fakta["lan"], fakta["endring"]
    if not lan["bundet"] or endring["slag"] not in ("rentebytte", "innbetaling"):
        return 0
    v = lanet(lan)
    brytes = endring["belop_ore"] if endring["slag"] == "innbetaling" else v.belop
    marked = endring["markedsrente_prosent"]
    if marked is None:
        raise FaktaFeil("endring.markedsrente_prosent", "mangler; fastrenteavtalen løper fortsatt")
    if not 0 < brytes <= v.belop:
        raise FaktaFeil("endring.belop_ore", f"må være over null og høyst {v.belop}")
    return kurs(v, brytes, lan["bundet"], Decimal(marked))


def stilling(lan: Mapping[str, Any], maneder: int) -> dict[str, Any]:
    """The facts of a loan so many months later, its payments made as planned. ``terminer`` 0: paid in full."""
    betalte = max(0, maneder) * lan["per_ar"] // 12
    rest = etter(lanet(lan), betalte)
    betalte = min(betalte, lan["terminer"])
    return {
        **lan,
        "rest_ore": rest.belop if rest else 0,
        "terminer": rest.terminer if rest else 0,
        "betalte": lan["betalte"] + betalte,
        "avdragsfrie": rest.avdragsfrie if rest else 0,
        "avdragsfrie_brukt": lan["avdragsfrie_brukt"] + min(betalte, lan["avdragsfrie"]),
        "bundet": max(0, lan["bundet"] - betalte),
    }


def etter_endring(fakta: Fakta) -> dict[str, Any]:
    """The facts of a loan after a change that was granted."""
    lan, endring = fakta["lan"], fakta["endring"]
    ny = endret_lan(fakta)
    ut = {
        **lan,
        "terminer": ny.terminer,
        "avdragsfrie": ny.avdragsfrie,
        "rest_ore": lan["rest_ore"] - ny.innbetalt,
    }
    if ny.vilkar is None:
        return {**ut, "rest_ore": 0, "terminer": 0, "avdragsfrie": 0, "bundet": 0}
    if endring["slag"] == "rentebytte":
        ut["rente_prosent"] = str(ny.vilkar.nominell)
        ut["rentetype"] = endring["rentetype"]
        ut["bundet"] = BUNDET_AR[endring["rentetype"]] * lan["per_ar"]
    return ut


def nytt_lan(bevis: Mapping[str, Any], belop: int, termin: str) -> dict[str, Any]:
    """The facts of a loan as it is paid out."""
    v = vilkar_av_bevis(belop, bevis["vilkar"], termin)
    return {
        "ar": bevis["ar"],
        "post": bevis["post"],
        "forstegang": bevis["forstegang"],
        "rest_ore": v.belop,
        "rente_prosent": str(v.nominell),
        "per_ar": v.per_ar,
        "terminer": v.terminer,
        "betalte": 0,
        "avdragsfrie": v.avdragsfrie,
        "avdragsfrie_brukt": 0,
        "slag": v.slag,
        "rentetype": bevis["vilkar"]["rentetype"],
        "bundet": BUNDET_AR[bevis["vilkar"]["rentetype"]] * v.per_ar,
    }


def sammendrag(v: Lanevilkar) -> dict[str, Any]:
    """A plan in few words: what a caseworker and a borrower look at. øre."""
    p = plan(v)
    return {
        "belop_ore": v.belop,
        "nominell_prosent": str(v.nominell),
        "terminer": v.terminer,
        "per_ar": v.per_ar,
        "avdragsfrie": v.avdragsfrie,
        "slag": v.slag,
        "forste_termin_ore": p[0].belop,
        "hoyeste_termin_ore": max(t.belop for t in p),
        "siste_termin_ore": p[-1].belop,
        "renter_i_alt_ore": sum(t.renter for t in p),
        "avdrag_i_alt_ore": sum(t.avdrag for t in p),
    }
