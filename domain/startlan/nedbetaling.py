"""Repayment plans and the price of paying a fixed-rate loan early. Exact: amounts are øre, rates decimals.

p = plan(Lanevilkar(240_000_000, Decimal("4.640"), 12, 360))
sum(t.avdrag for t in p) == 240_000_000 and p[-1].rest == 0
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

Laneslag = Literal["annuitet", "serie"]
LANESLAG: tuple[Laneslag, ...] = ("annuitet", "serie")
TERMINER_PER_AR = (12, 4, 2, 1)
"""Monthly to yearly."""
_SIFFER = 40


class VilkarFeil(ValueError):
    """Terms that no plan can be made of. ``felt`` names the field."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt, self.melding = felt, melding


@dataclass(frozen=True, slots=True)
class Lanevilkar:
    """``nominell``: per cent a year, paid ``per_ar`` times. ``avdragsfrie``: terms at the start with interest alone."""

    belop: int
    nominell: Decimal
    per_ar: int
    terminer: int
    avdragsfrie: int = 0
    slag: Laneslag = "annuitet"

    def __post_init__(self) -> None:
        if self.belop <= 0:
            raise VilkarFeil("belop", "må være over null")
        if not 0 <= self.nominell <= 100:
            raise VilkarFeil("nominell", "må være fra 0 til 100 prosent")
        if self.per_ar not in TERMINER_PER_AR:
            raise VilkarFeil("per_ar", f"må være en av {', '.join(map(str, TERMINER_PER_AR))}")
        if not 0 <= self.avdragsfrie < self.terminer:
            raise VilkarFeil("terminer", "må være flere enn de avdragsfrie")
        if self.slag not in LANESLAG:
            raise VilkarFeil("slag", f"må være en av {', '.join(LANESLAG)}")

    @property
    def terminrente(self) -> Decimal:
        return self.nominell / 100 / self.per_ar


@dataclass(frozen=True, slots=True)
class Termin:
    """One payment, øre. ``rest``: what is owed after it."""

    nr: int
    renter: int
    avdrag: int
    rest: int

    @property
    def belop(self) -> int:
        return self.renter + self.avdrag


def _ore(verdi: Decimal) -> int:
    """Whole øre, half away from zero."""
    return int(verdi.quantize(Decimal(1), ROUND_HALF_UP))


def plan(v: Lanevilkar) -> list[Termin]:
    """Every payment. Interest is rounded each term; the last instalment is what is left, so the plan ends at zero."""
    with localcontext() as regning:
        regning.prec = _SIFFER
        rente, antall = v.terminrente, v.terminer - v.avdragsfrie
        vekst = (1 + rente) ** antall
        fast = _ore(v.belop * rente * vekst / (vekst - 1)) if rente else -(-v.belop // antall)
        ut, rest = [], v.belop
        for nr in range(1, v.terminer + 1):
            renter = _ore(rest * rente)
            if nr == v.terminer:
                avdrag = rest
            elif nr <= v.avdragsfrie:
                avdrag = 0
            elif v.slag == "serie":
                avdrag = v.belop // antall
            else:
                avdrag = min(rest, max(0, fast - renter))
            rest -= avdrag
            ut.append(Termin(nr, renter, avdrag, rest))
        return ut


def etter(v: Lanevilkar, betalte: int) -> Lanevilkar | None:
    """The terms of what is left after so many payments; None when nothing is."""
    if betalte <= 0:
        return v
    if betalte >= v.terminer or (rest := plan(v)[betalte - 1].rest) == 0:
        return None
    return replace(v, belop=rest, terminer=v.terminer - betalte, avdragsfrie=max(0, v.avdragsfrie - betalte))


def effektiv_til_nominell(effektiv: Decimal, per_ar: int) -> Decimal:
    """Per cent: ``((1 + re)^(1/n) − 1) · n``, three decimals (forskrift om lån fra Husbanken § 8-2)."""
    with localcontext() as regning:
        regning.prec = _SIFFER
        faktor = ((1 + effektiv / 100).ln() / per_ar).exp()
        return ((faktor - 1) * per_ar * 100).quantize(Decimal("0.001"), ROUND_HALF_UP)


def nominell_til_effektiv(nominell: Decimal, per_ar: int) -> Decimal:
    """Per cent a year, three decimals."""
    with localcontext() as regning:
        regning.prec = _SIFFER
        return (((1 + nominell / 100 / per_ar) ** per_ar - 1) * 100).quantize(Decimal("0.001"), ROUND_HALF_UP)


def kurs(v: Lanevilkar, innfris: int, bundet: int, markedsrente: Decimal) -> int:
    """Overkurs (above zero: the borrower pays) or underkurs (below: is paid) when ``innfris`` øre are paid early, with
    ``bundet`` terms left of the fixed rate and ``markedsrente`` (nominal per cent) for the rest of it.

    The present value of the payments that the market would give less for, or more: those of the fixed period, and the
    debt that is left at its end; as a share of the debt, times what is paid.
    """
    if not 0 < innfris <= v.belop:
        raise VilkarFeil("belop", f"må være over null og høyst {v.belop} øre")
    betalinger = plan(v)[: max(0, min(bundet, v.terminer))]
    if not betalinger:
        return 0
    with localcontext() as regning:
        regning.prec = _SIFFER
        trinn = 1 / (1 + markedsrente / 100 / v.per_ar)
        naverdi = _naverdi(betalinger, trinn)
        return _ore((naverdi - v.belop) * innfris / v.belop)


def _naverdi(betalinger: Sequence[Termin], trinn: Decimal) -> Decimal:
    verdi, faktor = Decimal(0), Decimal(1)
    for t in betalinger:
        faktor *= trinn
        verdi += t.belop * faktor
    return verdi + betalinger[-1].rest * faktor
