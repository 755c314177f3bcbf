"""The rate of a loan: Husbanken's effective rate and what the municipality adds, and its nominal form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.startlan.fakta import RENTETYPER, FaktaFeil
from domain.startlan.nedbetaling import effektiv_til_nominell
from domain.startlan.regelsett import SATSER

BUNDET_AR = {"flytende": 0, "fast_3": 3, "fast_5": 5, "fast_10": 10, "fast_20": 20}


def husbankrente(rentetype: str, termin: str) -> float:
    """Effective, a fraction a year: the mean of the year's new loans, where no offer is stated."""
    if rentetype not in RENTETYPER:
        raise FaktaFeil("lan.rentetype", f"må være en av {', '.join(RENTETYPER)}")
    if rentetype == "flytende":
        sats = SATSER["rente_flytende"].gjelder(termin)
        assert sats is not None
        return float(sats.verdi)  # type: ignore[arg-type]
    fast = SATSER["rente_fast"].gjelder(termin)
    assert fast is not None
    assert isinstance(fast.verdi, tuple)
    return fast.verdi[RENTETYPER.index(rentetype) - 1]


def effektiv(lan: Mapping[str, Any], termin: str) -> float:
    """Effective, a fraction a year, the municipality's addition in it."""
    rente = lan["rente"] if lan["rente"] is not None else husbankrente(lan["rentetype"], termin)
    return float(rente) + float(lan["paslag"])


def nominell(lan: Mapping[str, Any], termin: str) -> Decimal:
    """Nominal per cent with three decimals for the loan's number of payments a year."""
    prosent = Decimal(str(round(effektiv(lan, termin) * 100, 6)))
    return effektiv_til_nominell(prosent, lan["per_ar"])
