"""Months that come out otherwise, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.brev.belop import kroner
from domain.brev.dokument import Del, Tabell, maned_tekst
from domain.brev.ord import Ord
from domain.brev.vedtak import Linje
from domain.sak.brev import Kodeord


@dataclass(frozen=True, slots=True)
class Maned:
    """In kroner. ``for_``: what stood booked for it."""

    termin: str
    for_: int
    na: int
    kode: str
    regelversjon: str
    spor: Sequence[Linje]

    @property
    def forskjell(self) -> int:
        return self.na - self.for_


def summer(rader: Sequence[Maned]) -> tuple[int, int, int]:
    """Of all the months: before, now, the difference."""
    for_, na = sum(m.for_ for m in rader), sum(m.na for m in rader)
    return for_, na, na - for_


def maneder(ord_: Ord, alle: Sequence[Maned]) -> Del:
    """A row a month, and their sum when there are several."""
    rader = [
        (maned_tekst(m.termin, ord_.sprak), kroner(m.for_), kroner(m.na), kroner(m.forskjell)) for m in alle
    ]
    if len(alle) > 1:
        for_, na, forskjell = summer(alle)
        rader.append((ord_("sum"), kroner(for_), kroner(na), kroner(forskjell)))
    kolonner = [ord_(f"kolonne_{n}") for n in ("maned", "for", "na", "forskjell")]
    return Del(ord_("maneder"), tabell=Tabell(ord_("tabell_maneder"), kolonner, rader, (1, 2, 3)))


def utfall(m: Maned, kode: Kodeord, sprak: str) -> list[str]:
    """What the code says of a month that comes to nothing; that something is granted, its sum says."""
    return [] if m.na else [kode.tekst[sprak]]
