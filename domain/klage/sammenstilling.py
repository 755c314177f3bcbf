"""A decision seen three ways, and every difference explained in kroner by cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from domain.sak.manedlig import ARSAKER
from domain.sak.ordning import Avgjorelse, Fakta, Ordning

REST = "regelform"
"""Causes are reckoned by the newest version of the rules; what another version made of the same facts is theirs."""


class Beholdt(TypedDict):
    """What has been settled by people or by a control, and is not asked anew: dotted path → value, as in an override;
    and the birth dates of the household that it was settled for."""

    verdier: dict[str, Any]
    fodselsdatoer: list[str]


def fodselsdatoer(fakta: Fakta) -> list[str]:
    """Of the household, where the facts tell its members one by one."""
    folk = fakta.get("husstand")
    return [p["fodselsdato"] for p in folk] if isinstance(folk, list) else []


def behold(ordning: Ordning, fakta: Fakta, beholdt: Beholdt) -> Fakta:
    """The facts with what stays. What concerns persons stays only when they are the same."""
    like = fodselsdatoer(fakta) == beholdt["fodselsdatoer"]
    verdier = {sti: v for sti, v in beholdt["verdier"].items() if like or not sti.startswith("husstand.")}
    return ordning.overstyr(fakta, verdier) if verdier else fakta


@dataclass(frozen=True, slots=True)
class Side:
    fakta: Fakta
    avgjort: Avgjorelse


def etter(ordning: Ordning, fakta: Fakta, regelversjon: str) -> Side:
    """The facts by the rules that a decision names."""
    [g] = ordning.etterprov.gjenta([fakta], regelversjon)
    return Side(fakta, Avgjorelse(g.kode, g.utfall, g.belop, g.regelversjon, g.spor))


def i_dag(ordning: Ordning, fakta: Fakta, termin: str) -> Side:
    """The facts by the newest rules of another month (the municipality by its number then)."""
    na = {**fakta, "termin": termin}
    if ordning.manedlig:
        na["kommunenummer"] = ordning.manedlig.soknad_for(na, termin)["kommunenummer"]
    if ordning.datert:
        na = ordning.datert(na, date.fromisoformat(f"{termin}-01"))
    return Side(na, ordning.avgjor(na))


def forklar(ordning: Ordning, for_: Side, etter_: Side) -> Mapping[str, int]:
    """Cause → kroner a month, those that moved something alone; together exactly the difference."""
    differanse = etter_.avgjort.belop - for_.avgjort.belop
    if ordning.manedlig is None:
        return {REST: differanse} if differanse else {}
    regnet = ordning.manedlig.regn([etter_.fakta], etter_.fakta["termin"])
    deler = {a: int(k[0]) for a, k in ordning.manedlig.forklar([for_.fakta], regnet.kolonner).items()}
    deler[REST] = deler.get(REST, 0) + differanse - sum(deler.values())
    return {a: deler[a] for a in ARSAKER if deler.get(a)}
