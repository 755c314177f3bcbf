"""The year's accounts of a loan book and its items, and the identities that they must meet.

The eleven identities are those that hold in the accounts printed in Husbankens årsrapport 2024; ``avvik`` gives, by
identity, by how much they fail to hold. Amounts are of one unit throughout (øre in our books).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.tilsagn.bevilgning import Bevilgning
from domain.tilsagn.laneplan import lop_til


@dataclass(frozen=True, slots=True)
class Lanebok:
    """The loan book's year. Interest is booked as it is earned, instalments when they are paid."""

    utlan_inn: int = 0
    nye_lan: int = 0
    avdrag: int = 0
    """Paid, and written off: a loss is paid by its own item."""
    utlan_ut: int = 0
    rentelan_inn: int = 0
    nye_renter: int = 0
    oppgjorte_renter: int = 0
    rentelan_ut: int = 0
    opptjent_ikke_betalt: int = 0
    forskudd_avdrag: int = 0
    forskudd_renter: int = 0
    renteinntekter: int = 0
    rentestotte: int = 0
    portefolje: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Kind of rate → (volume, number) at the end of the year."""
    antall: int = 0

    @property
    def statens_lan_inn(self) -> int:
        return self.utlan_inn + self.rentelan_inn

    @property
    def statens_lan_ut(self) -> int:
        return self.utlan_ut + self.rentelan_ut


@dataclass(frozen=True, slots=True)
class Arsregnskap:
    """What is reported. ``poster``: income and expense by item; ``tilsagn``: (units, rate, amount) of each commitment.

    ``balanse``: (fixed assets, current assets, the state's capital, debt).
    """

    lan: Lanebok
    post_nye_lan: int
    post_avdrag: int
    post_renter: int
    netto_utlan: int
    statens_lan: int
    statens_beholdning_endring: int
    balanse: tuple[int, int, int, int]
    utgifter: Mapping[str, int]
    inntekter: Mapping[str, int]
    sum_utgifter: int
    sum_inntekter: int
    netto_rapportert: int
    bevilgninger: Sequence[Bevilgning]
    sum_samlet: int
    tilsagn: Sequence[tuple[float, int, int]]


def avvik(r: Arsregnskap, overforbart: Mapping[str, int]) -> dict[str, int]:
    """Identity → by how much it fails; zero when it holds. ``overforbart``: what was reported as transferable."""
    lan = r.lan
    anlegg, omlop, kapital, gjeld = r.balanse
    return {
        "1 utlån": lan.utlan_inn + lan.nye_lan - lan.avdrag - lan.utlan_ut,
        "2 statens lån": lan.statens_lan_ut - r.statens_lan,
        "3 rentelån": lan.opptjent_ikke_betalt - lan.forskudd_avdrag - lan.forskudd_renter - lan.rentelan_ut,
        "4a post nye lån": lan.nye_lan + lan.nye_renter - r.post_nye_lan,
        "4b post avdrag": lan.avdrag + lan.oppgjorte_renter - r.post_avdrag,
        "4c netto utlån": r.post_nye_lan - r.post_avdrag - r.netto_utlan,
        "4d endring i statens beholdning": lan.statens_lan_ut
        - lan.statens_lan_inn
        - r.statens_beholdning_endring,
        "5 renter": lan.renteinntekter + lan.rentestotte - r.post_renter,
        "6a eiendeler": anlegg + omlop - kapital - gjeld,
        "7a utgifter": sum(r.utgifter.values()) - r.sum_utgifter,
        "7b inntekter": sum(r.inntekter.values()) - r.sum_inntekter,
        "7c netto": r.sum_utgifter - r.sum_inntekter - r.netto_rapportert,
        "8 samlet tildeling": sum(b.samlet for b in r.bevilgninger) - r.sum_samlet,
        "9 tilsagn": sum(abs(round(enheter * sats) - belop) for enheter, sats, belop in r.tilsagn),
        "10a volum": sum(v for v, _ in lan.portefolje.values()) - lan.utlan_ut,
        "10b antall": sum(n for _, n in lan.portefolje.values()) - lan.antall,
        "11 overførbart": sum(abs(b.mulig_overforbart - overforbart.get(b.post, 0)) for b in r.bevilgninger),
    }


def lanebok(
    for_: Iterable[Mapping[str, Any]], etter: Iterable[Mapping[str, Any]], ar: int, dag: date | None = None
) -> Lanebok:
    """The year's loan book from where each loan stood (``stilling["lan"]``, øre) when it began and when it ended, with
    interest earned to that day, due or not. ``dag``: the last day reckoned, when the year is not over."""
    slutt = dag or date(ar, 12, 31)
    inn = [lop_til(x, date(ar - 1, 12, 31)) for x in for_ if x]
    ut = [lop_til(x, slutt) for x in etter if x]

    def sum_(laan: Iterable[Mapping[str, Any]], *navn: str) -> int:
        return sum(int(x[n]) for x in laan for n in navn)

    def endring(*navn: str) -> int:
        return sum_(ut, *navn) - sum_(inn, *navn)

    levende = [x for x in ut if x["restgjeld"]]
    bundet = [x for x in levende if x["binding_til"] > slutt.isoformat()]
    flytende = [x for x in levende if x["binding_til"] <= slutt.isoformat()]
    skyldig = ("skyldig_rente", "palopt_rente")
    return Lanebok(
        utlan_inn=sum_(inn, "restgjeld"),
        nye_lan=endring("restgjeld", "innbetalt_avdrag", "tap"),
        avdrag=endring("innbetalt_avdrag", "tap"),
        utlan_ut=sum_(ut, "restgjeld"),
        rentelan_inn=sum_(inn, *skyldig),
        nye_renter=endring("opptjent_rente"),
        oppgjorte_renter=endring("innbetalt_rente", "ettergitt_rente"),
        rentelan_ut=sum_(ut, *skyldig),
        opptjent_ikke_betalt=sum_(ut, *skyldig),
        renteinntekter=endring("opptjent_rente"),
        portefolje={
            "flytende": (sum_(flytende, "restgjeld"), len(flytende)),
            "fast": (sum_(bundet, "restgjeld"), len(bundet)),
        },
        antall=len(levende),
    )
