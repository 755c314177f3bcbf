"""The steps of a commitment: what each books, and which comes next by itself (the report, appendix B, figure B.1).

People and events bring: finanslov, tilsagn (skema A), skema_b, skema_c, finansiering, refinansiering, bortfald. The
calendar brings: rente (each New Year), termin (each quarter that is due), refusion (21 months after the commitment
year), revurdering (the end of year 1, when the year's cost is made up, and of year 5, when all is financed; then
every fourth year), afslutning (with the last quarter).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.almenbolig.fakta import Fakta, Stilling, tilsagnsar
from domain.almenbolig.hensaettelse import Konto, Plan, Postering, diskontering, lag_plan, refusion, vaerdi
from domain.almenbolig.kalender import forfaldsdag
from domain.almenbolig.lan import KVARTALER

FINANSIERET_SENEST_AR = 5
REVURDERING_HVERT_AR = 4
REFUSION_MANED = (3, 9)
"""21 months after the end of year 1: the end of September in year 3; § 92 a names the day after, 1 October."""
_KALENDER = ("rente", "termin", "refusion", "revurdering", "afslutning")
"""In the order they are done on one day."""


@dataclass(frozen=True)
class Udfald:
    """What a step made of the facts. ``forventet_ore``: the value of the quarters left, as the step sees them."""

    stilling: Stilling
    posteringer: tuple[Postering, ...]
    forventet_ore: int
    plan: Plan


def udfor(fakta: Fakta, versjon: int | None = None) -> Udfald:
    """Do the step that the facts name. Everything that New Year brought since the last step is booked first. On an
    account that is closed nothing is booked any more."""
    konto, plan = Konto(fakta), lag_plan(fakta, versjon)
    if konto.stilling["afsluttet"]:
        return Udfald(konto.stilling, (), 0, plan)
    skridt, dato, rente = fakta["skridt"], fakta["dato"], diskontering(fakta)
    if skridt == "finanslov":
        budget = vaerdi(plan, 0, tilsagnsar(fakta), rente)
        konto.stilling["budget_ore"], konto.stilling["dato"] = budget, dato
        return Udfald(konto.stilling, (), budget, plan)
    ar = konto.rente(max(int(dato[:4]), tilsagnsar(fakta)), rente)
    if skridt == "termin":
        _udbetal(konto, plan, dato)
    forventet = vaerdi(plan, konto.stilling["terminer"], ar, rente)
    if skridt == "bortfald":
        konto.bog(dato, "bortfald", -konto.stilling["saldo_ore"])
        forventet = 0
    elif skridt not in ("rente", "termin"):
        art = "hensaettelse" if skridt == "tilsagn" else "regulering"
        konto.bog(dato, art, forventet - konto.stilling["saldo_ore"])
    if skridt == "revurdering":
        konto.stilling["revurderet_ar"] = int(dato[:4])
    if skridt == "refusion":
        fastsat = refusion(fakta, ar, versjon)
        konto.stilling["refusion_ore"], konto.stilling["refusion_fra"] = fastsat.ore, fastsat.fra
    konto.stilling["afsluttet"] = skridt in ("bortfald", "afslutning")
    konto.stilling["dato"] = dato
    return Udfald(konto.stilling, tuple(konto.posteringer), forventet, plan)


def _udbetal(konto: Konto, plan: Plan, dato: str) -> None:
    nr = konto.stilling["terminer"]
    if nr == len(plan.kvartal):
        return
    konto.bog(dato, "udbetaling", -int(plan.ydelsesstotte[nr]))
    konto.stilling["beboerbetaling_ore"] = int(plan.beboerbetaling[nr])
    konto.stilling["terminer"] = nr + 1


@dataclass(frozen=True, slots=True, order=True)
class Skridt:
    """A step of the calendar: the day it is done, and what it is."""

    dato: date
    rang: int
    navn: str


def _skridt(dato: date, navn: str) -> Skridt:
    return Skridt(dato, _KALENDER.index(navn), navn)


def _ar(tilsagn: int, nr: int) -> int:
    """Year ``nr`` of the life; year 1 is the commitment's."""
    return tilsagn + nr - 1


def _kalender(fakta: Mapping[str, Any], plan: Plan) -> Iterator[Skridt]:
    """Every step the calendar brings after the standing in the facts. Quarters only when there is a loan to pay."""
    stilling, tilsagn = fakta["stilling"], tilsagnsar(fakta)
    if stilling["rente_ar"] is not None:
        yield _skridt(date(stilling["rente_ar"] + 1, 1, 1), "rente")
    if stilling["refusion_ore"] is None:
        yield _skridt(date(_ar(tilsagn, REFUSION_MANED[0]), REFUSION_MANED[1], 30), "refusion")
    nr, sidste = stilling["terminer"], len(plan.kvartal) - 1
    if fakta["lan"]:
        kv = int(plan.kvartal[min(nr, sidste)])
        yield _skridt(forfaldsdag(kv), "termin" if nr <= sidste else "afslutning")
    slut = int(plan.kvartal[sidste]) // KVARTALER
    for ar in range(tilsagn, slut, REVURDERING_HVERT_AR):
        if ar > stilling["revurderet_ar"]:
            yield _skridt(date(ar, 12, 31), "revurdering")
            return


def kommende(fakta: Mapping[str, Any], udfald: Udfald) -> list[Skridt]:
    """The next step of each kind that the calendar brings after this one, in order; none when the life is over or has
    not begun."""
    if udfald.stilling["afsluttet"] or udfald.stilling["rente_ar"] is None:
        return []
    return sorted(_kalender({**fakta, "stilling": udfald.stilling}, udfald.plan))
