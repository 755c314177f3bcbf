"""The model of samspill held against every figure printed in NIBR-rapport 2008:13 (``nibr_2008_13.yaml``)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from domain.regler.satser import les_yaml
from domain.samspill.grenser import STEG, finn
from domain.samspill.modell import regn_modell
from domain.samspill.regelsett import RAPPORTENS_AR, TABELLER
from domain.samspill.virkemidler import verdi_av_lan

RENTE, NEDBETALINGSTID, LIVSOPPHOLD = 0.065, 20, "sifo_minimum"
"""What the report reckons with where it says nothing else."""
AKSE = np.arange(0.0, 700_000.0 + STEG, STEG)


@dataclass(frozen=True)
class Celle:
    """One printed figure beside the model's, in thousand kroner (per cent for ``andel``); None: none, printed "-"."""

    sted: str
    rad: str
    storrelse: str
    trykt: float | None
    modell: float | None
    grunn: str | None = None
    intervall: bool = False

    @property
    def avvik(self) -> float | None:
        """Model less printed; 0 when neither has a figure, None when only one has."""
        if self.trykt is None or self.modell is None:
            return 0.0 if self.trykt == self.modell else None
        return round(self.modell - self.trykt, 1)

    def innenfor(self, grense: float) -> bool:
        return self.avvik is not None and abs(self.avvik) <= grense


@lru_cache
def trykt() -> Mapping[str, Any]:
    """The printed figures as data."""
    tekst = files(__package__).joinpath("nibr_2008_13.yaml").read_text("utf-8")
    ut: Mapping[str, Any] = les_yaml(tekst, "nibr_2008_13.yaml")
    return ut


@dataclass(frozen=True)
class Oppsett:
    """One curve of the report: a household of its list in a region, with share, interest, term and changed rules."""

    husstand: str
    region: int
    andel: float
    rente: float = RENTE
    nedbetalingstid: int = NEDBETALINGSTID
    endring: tuple[tuple[str, float], ...] = ()

    @property
    def navn(self) -> str:
        return str(trykt()["husstander"][self.husstand]["navn"])


@lru_cache(maxsize=512)
def kurver(o: Oppsett) -> Mapping[str, Any]:
    """Every rule's column over :data:`AKSE`."""
    h = trykt()["husstander"][o.husstand]
    return regn_modell(
        {
            "voksne": h["voksne"],
            "barn": h["barn"],
            "barnehage": h.get("barnehage", False),
            "ung_ufor": h.get("ung_ufor", False),
            "region": o.region,
            "livsoppholdstabell": TABELLER.index(LIVSOPPHOLD),
            "tilskuddsandel": o.andel,
            "kalkulasjonsrente": o.rente,
            "nedbetalingstid": o.nedbetalingstid,
            "personinntekt": AKSE,
        },
        RAPPORTENS_AR,
        o.endring,
    )


def grenser(o: Oppsett) -> dict[str, float | tuple[float, float] | None]:
    """bostotte, startlan (thousand kroner), samspill (from, to); None where there is none."""
    v = kurver(o)
    g = finn(AKSE, v["bostotte"], v["margin_uten_bostotte"])

    def tusen(kolonne: Any) -> float | None:
        return None if np.isnan(kolonne) else float(kolonne) / 1000.0

    fra, til = tusen(g.samspill_fra), tusen(g.samspill_til)
    return {
        "bostotte": tusen(g.hoyeste_bostotte),
        "startlan": tusen(g.laveste_startlan),
        "samspill": None if fra is None or til is None else (fra, til),
    }


def _intervall(
    sted: str, rad: str, navn: str, trykt_: Any, modell: Any, grunn: str | None
) -> Iterator[Celle]:
    par, mod = trykt_ or (None, None), modell or (None, None)
    for plass, ende in enumerate(("fra", "til")):
        yield Celle(sted, rad, f"{navn}, {ende}", par[plass], mod[plass], grunn, intervall=True)


def _tabellceller(tabell: Mapping[str, Any]) -> Iterator[Celle]:
    sted = f"Tabell {tabell['tabell']}"
    ar = tabell.get("nedbetalingstid", NEDBETALINGSTID)
    for rad in tabell["rader"]:
        for andel in (0.2, 0.4):
            prosent = round(100 * andel)
            o = Oppsett(rad["husstand"], rad["region"], andel, nedbetalingstid=ar)
            g, linje = grenser(o), f"{o.navn}, region {o.region}"
            if f"bostotte_{prosent}" in rad:
                yield Celle(
                    sted, linje, f"bostøtte {prosent} %", rad[f"bostotte_{prosent}"], _en(g["bostotte"])
                )
            elif prosent == 20:
                yield Celle(sted, linje, "bostøtte", rad["bostotte"], _en(g["bostotte"]))
            yield Celle(sted, linje, f"startlån {prosent} %", rad[f"startlan_{prosent}"], _en(g["startlan"]))
            yield from _intervall(
                sted, linje, f"samspill {prosent} %", rad[f"samspill_{prosent}"], g["samspill"], None
            )


def _en(verdi: Any) -> float | None:
    return None if verdi is None else float(verdi)


def _tekstceller(rad: Mapping[str, Any]) -> Iterator[Celle]:
    sted, mal, grunn = rad["sted"], rad["mal"], rad.get("grunn")
    if mal == "andel":
        modell = 100.0 * float(verdi_av_lan(rad["rente"], rad["botid"]))
        linje = f"rente {rad['rente']:.1%}, {rad['botid']} år"
        yield Celle(sted, linje, "verdi av lånet, prosent", rad["trykt"], round(modell, 1), grunn)
        return
    o = Oppsett(
        rad["husstand"],
        rad["region"],
        rad["andel"],
        rad.get("rente", RENTE),
        rad.get("nedbetalingstid", NEDBETALINGSTID),
        tuple(sorted((rad.get("endring") or {}).items())),
    )
    linje = f"{o.navn}, region {o.region}, tilskudd {o.andel:.0%}, {o.nedbetalingstid} år, {o.rente:.1%}"
    linje += "".join(f", {navn} {verdi:g}" for navn, verdi in o.endring)
    if mal == "samspill":
        yield from _intervall(sted, linje, "samspill", rad["trykt"], grenser(o)["samspill"], grunn)
    elif mal == "godkjente":
        belop = float(kurver(o)["godkjente_boutgifter"][0]) / 1000.0
        yield Celle(sted, linje, "godkjente boutgifter", rad["trykt"], round(belop, 1), grunn)
    elif mal == "avdrag_endring":
        kort = kurver(Oppsett(o.husstand, o.region, o.andel))["avdrag"][0]
        spart = float(kort - kurver(o)["avdrag"][0]) / 1000.0
        yield Celle(sted, linje, "spart avdrag første år", rad["trykt"], round(spart, 1), grunn)
    else:
        navn = {"bostotte": "bostøtte", "startlan": "startlån"}[mal]
        yield Celle(sted, linje, navn, rad["trykt"], _en(grenser(o)[mal]), grunn)


@lru_cache
def tabellceller() -> tuple[Celle, ...]:
    """Tabell 3.1–3.11 and 4.1, limits and ends of intervals."""
    return tuple(c for tabell in trykt()["tabeller"] for c in _tabellceller(tabell))


@lru_cache
def tekstceller() -> tuple[Celle, ...]:
    """Figures that stand in the text."""
    return tuple(c for rad in trykt()["tekst"] for c in _tekstceller(rad))
