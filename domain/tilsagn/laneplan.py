"""A loan reckoned: interest by the day, instalments, the plan and the due days. Amounts in øre.

Interest runs by the day, every month counted as thirty days (30E/360), so that a whole term costs the year's rate
divided by the terms of a year, and a rate or a debt that changes inside a term costs what it was for as long as it was
so. [A] The sources name the rates and their days, not the count of days. Each stretch is rounded to the nearest øre, a
half upwards.

Of the fields of a loan (``stilling["lan"]``): ``rente``: hundredths of a per cent; ``rente_til``: the day interest is
reckoned to; ``palopt_rente``: earned since the last term and not yet due; ``ny_rente``: {} or the rate that takes over
on a day, {"fra", "rente", "binding_til"}.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

Lan = dict[str, Any]


def dager(fra: date, til: date) -> int:
    """Days from one day to another, each month thirty."""
    return 360 * (til.year - fra.year) + 30 * (til.month - fra.month) + min(til.day, 30) - min(fra.day, 30)


def dagrente(restgjeld: int, hundredels: int, antall: int) -> int:
    """Interest of so many days."""
    return int(Fraction(restgjeld * hundredels * antall, 10_000 * 360) + Fraction(1, 2))


def terminrente(restgjeld: int, hundredels: int, terminer_per_ar: int) -> int:
    """Interest of one whole term."""
    return int(Fraction(restgjeld * hundredels, 10_000 * terminer_per_ar) + Fraction(1, 2))


def lop_til(lan: Mapping[str, Any], dag: date) -> Lan:
    """The loan with interest reckoned to that day; a new rate whose day has come takes over on its day."""
    ut, ny = dict(lan), lan["ny_rente"]
    if ny and date.fromisoformat(ny["fra"]) <= dag:
        _legg_til(ut, date.fromisoformat(ny["fra"]))
        ut |= {"rente": ny["rente"], "binding_til": ny["binding_til"], "ny_rente": {}}
    _legg_til(ut, dag)
    return ut


def _legg_til(lan: Lan, dag: date) -> None:
    fra = date.fromisoformat(lan["rente_til"])
    if dag <= fra:
        return
    rente = dagrente(lan["restgjeld"], lan["rente"], dager(fra, dag))
    lan["palopt_rente"] += rente
    lan["opptjent_rente"] += rente
    lan["rente_til"] = dag.isoformat()


def forfall_rente(lan: Lan) -> int:
    """What has been earned falls due; how much."""
    rente = int(lan["palopt_rente"])
    lan["skyldig_rente"] += rente
    lan["palopt_rente"] = 0
    return rente


def terminavdrag(lan: Mapping[str, Any]) -> int:
    """The instalment of the next term. The last takes what is left, so that the plan ends at zero."""
    if lan["avdragsfrie_terminer"] > 0:
        return 0
    n, gjeld = int(lan["gjenstar"]), int(lan["restgjeld"] - lan["forfalt_avdrag"])
    if n <= 1:
        return gjeld
    if lan["slag"] == "serie" or lan["rente"] == 0:
        return min(gjeld, int(Fraction(gjeld, n) + Fraction(1, 2)))
    r = Fraction(lan["rente"], 10_000 * lan["terminer_per_ar"])
    belop = gjeld * r / (1 - 1 / (1 + r) ** n)
    return max(
        0, min(gjeld, int(belop + Fraction(1, 2)) - terminrente(gjeld, lan["rente"], lan["terminer_per_ar"]))
    )


def tell_ned(lan: Lan) -> None:
    """One term fewer to come."""
    lan["gjenstar"] -= 1
    lan["avdragsfrie_terminer"] = max(0, lan["avdragsfrie_terminer"] - 1)


def forfalt(lan: Mapping[str, Any]) -> int:
    """What is due and not paid."""
    return int(lan["skyldig_rente"] + lan["forfalt_avdrag"])


def gjeld(lan: Mapping[str, Any]) -> int:
    """All that is owed as interest is reckoned now."""
    return int(lan["restgjeld"] + lan["skyldig_rente"] + lan["palopt_rente"])


def terminplan(lan: Mapping[str, Any]) -> list[tuple[int, int, int]]:
    """(interest, instalment, balance after) of every whole term to come when each is paid on its day."""
    ut, igjen = [], dict(lan)
    while igjen["gjenstar"] > 0:
        rente = terminrente(igjen["restgjeld"], igjen["rente"], igjen["terminer_per_ar"])
        avdrag = terminavdrag(igjen)
        igjen["restgjeld"] -= avdrag
        tell_ned(igjen)
        ut.append((rente, avdrag, int(igjen["restgjeld"])))
    return ut


def terminforfall(lan: Mapping[str, Any], nr: int) -> date:
    """The due day of term ``nr`` (1 the first)."""
    start = date.fromisoformat(lan["utbetalt_dag"])
    maned = start.year * 12 + start.month - 1 + nr * 12 // lan["terminer_per_ar"]
    return date(maned // 12, maned % 12 + 1, min(start.day, 28))
