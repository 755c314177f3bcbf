"""The tables of NIBR-rapport 2008:13, printed figure and model's side by side, as Markdown and as JSON."""

from collections.abc import Sequence
from typing import Any

from services.rapport.sammenligning import (
    NEDBETALINGSTID,
    Celle,
    Oppsett,
    grenser,
    tabellceller,
    tekstceller,
    trykt,
)

INNLEDNING = (
    "I hver rute står trykt / modell, i 1 000 kroner; uthevet "
    "der de er ulike. Bostøtte: høyeste inntekt som gir bostøtte. Startlån: laveste inntekt som gir startlån. "
    "Samspill: inntektene der startlån er mulig bare fordi husstanden får bostøtte. Prosentene er boligtilskuddets "
    "andel av kjøpesummen."
)

TabellFigurer = Sequence[tuple[str, str, str]]
"""(file without ending, caption, alternative text)"""


def _tall(verdi: float | None) -> str:
    return "–" if verdi is None else f"{verdi:g}".replace(".", ",")


def _par(trykt_: Any, modell: Any) -> str:
    """``163 / 163``; bold where they differ."""

    def vis(verdi: Any) -> str:
        return f"{_tall(verdi[0])}–{_tall(verdi[1])}" if isinstance(verdi, list | tuple) else _tall(verdi)

    a, b = vis(trykt_), vis(modell)
    return f"{a} / {b}" if a == b else f"**{a} / {b}**"


def _tabell(tabell: dict[str, Any]) -> list[str]:
    to_bostotter = "bostotte_20" in tabell["rader"][0]
    hode = ["Husstand", "Region"]
    hode += ["Bostøtte 20 %", "Bostøtte 40 %"] if to_bostotter else ["Bostøtte"]
    hode += ["Startlån 20 %", "Startlån 40 %", "Samspill 20 %", "Samspill 40 %"]
    ut = [f"## Tabell {tabell['tabell']}. {tabell['tittel']}", "", f"| {' | '.join(hode)} |"]
    ut.append(f"|---|---|{'---:|' * (len(hode) - 2)}")
    for rad in tabell["rader"]:
        ar = tabell.get("nedbetalingstid", NEDBETALINGSTID)
        g = {
            p: grenser(Oppsett(rad["husstand"], rad["region"], p / 100, nedbetalingstid=ar)) for p in (20, 40)
        }
        celler = [Oppsett(rad["husstand"], 0, 0).navn, str(rad["region"])]
        if to_bostotter:
            celler += [_par(rad[f"bostotte_{p}"], g[p]["bostotte"]) for p in g]
        else:
            celler.append(_par(rad["bostotte"], g[20]["bostotte"]))
        for navn in ("startlan", "samspill"):
            celler += [_par(rad[f"{navn}_{p}"], g[p][navn]) for p in g]
        ut.append(f"| {' | '.join(celler)} |")
    return [*ut, ""]


def oppsummering() -> dict[str, dict[str, int]]:
    """How many printed figures there are, and how many the model meets, by group."""
    tabell, tekst = tabellceller(), tekstceller()
    kap3 = [c for c in tabell if not c.sted.endswith("4.1")]
    grupper = {
        "Tabell 3.1–3.11, inntektsgrenser": [c for c in kap3 if not c.intervall],
        "Tabell 3.1–3.11, ender av intervaller og streker": [c for c in kap3 if c.intervall],
        "Tabell 4.1": [c for c in tabell if c.sted.endswith("4.1")],
        "Tall i teksten": list(tekst),
    }
    return {
        navn: {
            "tall": len(celler),
            "like": sum(c.avvik == 0 for c in celler),
            "innenfor_1": sum(c.innenfor(1) for c in celler),
            "innenfor_2": sum(c.innenfor(2) for c in celler),
        }
        for navn, celler in grupper.items()
    }


def utenfor(celler: Sequence[Celle], grense: float) -> list[Celle]:
    return [c for c in celler if not c.innenfor(grense)]


def markdown(figurer: TabellFigurer) -> str:
    """The whole report. Limits in thousand kroner; each cell is printed / model."""
    ut = [
        "# Samspillet mellom bostøtte, boligtilskudd og startlån",
        "",
        f"Trykte tall fra {trykt()['kilde']}, og modellens. {INNLEDNING}",
        "",
        "| | Tall | Like | Innenfor 1 | Innenfor 2 |",
        "|---|---:|---:|---:|---:|",
        *[f"| {n} | {' | '.join(str(t) for t in o.values())} |" for n, o in oppsummering().items()],
        "",
    ]
    for tabell in trykt()["tabeller"]:
        ut += _tabell(tabell)
    ut += [
        "## Tall i teksten",
        "",
        "| Sted | Hva | Størrelse | Trykt / modell | Merknad |",
        "|---|---|---|---:|---|",
    ]
    for c in tekstceller():
        ut.append(f"| {c.sted} | {c.rad} | {c.storrelse} | {_par(c.trykt, c.modell)} | {c.grunn or ''} |")
    ut += ["", "## Figurer", ""]
    for fil, tekst, alternativ in figurer:
        ut += [f"![{alternativ}](figurer/{fil}.svg)", "", f"*{tekst}*", ""]
    return "\n".join(ut)


def dokument() -> dict[str, Any]:
    """Every figure as JSON."""

    def som(c: Celle) -> dict[str, Any]:
        return {
            "sted": c.sted,
            "rad": c.rad,
            "storrelse": c.storrelse,
            "trykt": c.trykt,
            "modell": c.modell,
            "avvik": c.avvik,
            **({"grunn": c.grunn} if c.grunn else {}),
        }

    return {
        "kilde": trykt()["kilde"],
        "enhet": "1 000 kroner",
        "oppsummering": oppsummering(),
        "tabeller": [som(c) for c in tabellceller()],
        "tekst": [som(c) for c in tekstceller()],
    }
