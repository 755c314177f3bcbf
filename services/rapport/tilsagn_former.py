"""Single schemes reported in the shapes of Husbankens årsrapport 2024, kap. 3 (tabell 3.14–3.29 and 3.39) and note B.

Each table is made from the applications and decisions that the report has read; years without any are left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from domain.tilsagn.bevilgning import Bevilgning, etter_samordning
from domain.tilsagn.energitiltak.regler import TILTAK
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.rapport.tabell import Tabell, mill, prosent, tall
from services.rapport.tilsagn import SISTE_AR, Sak, Tilsagnsrapport

TILTAKSNAVN = dict(
    zip(
        TILTAK,
        (
            "Etterisolering av yttervegg", "Etterisolering av yttertak/loft", "Solceller", "Solvarmekollektorer",
            "Termisk isolering av rør", "Utskifting av vinduer", "Varmepumpe luft-vann", "Varmepumpe væske-vann",
        ),
        strict=True,
    )
)  # fmt: skip
OMSORG = ("omsorgsboliger", "sykehjemsplasser")


def tabeller(r: Tilsagnsrapport) -> list[Tabell]:
    """Those that have something to tell."""
    alle = (
        _sokt_investering(r),
        _gitt_investering(r),
        _byggekostnad(r),
        _utleielan(r),
        *_boligkvalitet(r),
        _studentboliger(r),
        *_studentlan(r),
        *_energi(r),
        _lopende_tilskudd(r),
        _note_b(r),
    )
    return [t for t in alle if t.rader]


def _av(saker: Iterable[Sak], ordning: str, ar: int | None = None) -> list[Sak]:
    return [s for s in saker if s.ordning == ordning and ar in (None, s.ar)]


def _sum(saker: Iterable[Sak], felt: str) -> int:
    return sum(int(s.prosjekt[felt]) for s in saker)


def _belop(saker: Iterable[Sak]) -> int:
    return sum(s.belop for s in saker)


def _per_ar(
    r: Tilsagnsrapport, saker: Sequence[Sak], celler: Callable[[list[Sak]], Sequence[Any]]
) -> list[list[Any]]:
    ar = sorted({s.ar for s in saker if r.ar - SISTE_AR < s.ar <= r.ar})
    return [[a, *celler([s for s in saker if s.ar == a])] for a in ar]


def _sokt_investering(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.20, by the year the application came."""
    return Tabell(
        "Søkt investeringstilskudd fordelt på antall omsorgsboliger og sykehjemsplasser. Antall og millioner kroner",
        ("År", "Omsorgsboliger", "Sykehjemsplasser", "Totalt søkt"),
        _per_ar(
            r,
            _av(r.sokt, "omsorgsplasser"),
            lambda s: (*(tall(_sum(s, f)) for f in OMSORG), mill(_belop(s))),
        ),
    )


def _gitt_investering(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.21."""
    return Tabell(
        "Tilsagn om investeringstilskudd. Antall og millioner kroner",
        ("År", "Omsorgsboliger", "Sykehjemsplasser", "Sum", "Tilsagn"),
        _per_ar(
            r,
            _av(r.gitt, "omsorgsplasser"),
            lambda s: (*(tall(_sum(s, f)) for f in OMSORG), tall(sum(_sum(s, f) for f in OMSORG)), mill(_belop(s))),
        ),
    )  # fmt: skip


def _byggekostnad(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.22, of the final accounts that came in the year. The cost of a project of both kinds is divided by its
    units."""
    kostnad: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for s in _av(r.ferdig, "omsorgsplasser"):
        enheter = sum(int(s.prosjekt[f]) for f in OMSORG)
        for f in OMSORG:
            sum_ = kostnad[s.ar, f]
            sum_[0] += s.kostnad * s.prosjekt[f] / enheter
            sum_[1] += s.prosjekt[f]

    def snitt(ar: int, felt: str) -> float:
        kroner, enheter = kostnad.get((ar, felt), (0.0, 0.0))
        return kroner / enheter if enheter else 0.0

    def celler(ar: int, felt: str) -> tuple[str, str]:
        na, for_ = snitt(ar, felt), snitt(ar - 1, felt)
        return tall(round(na / 1000)) if na else "–", prosent(na - for_, for_) if na else "–"

    ar = sorted({a for a, _ in kostnad if r.ar - SISTE_AR < a <= r.ar})
    return Tabell(
        "Gjennomsnittlige byggekostnader per enhet. Tusen kroner og prosent",
        ("År", "Omsorgsboliger", "Prosentvis endring", "Sykehjemsplasser", "Prosentvis endring"),
        [[a, *celler(a, OMSORG[0]), *celler(a, OMSORG[1])] for a in ar],
    )


def _utleielan(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.14. A municipality's own homes are all at its disposal."""

    def disponeres(s: Sak) -> int:
        p = s.prosjekt
        return int(p["boliger"] if p["soker_er_kommune"] else p["avtale_boliger"])

    return Tabell(
        "Lån til utleieboliger. Millioner kroner og antall",
        ("År", "Lånebeløp", "Boliger", "Kommunalt disponerte"),
        _per_ar(
            r,
            _av(r.gitt, "lanutleieboliger"),
            lambda s: (mill(_belop(s)), tall(_sum(s, "boliger")), tall(sum(map(disponeres, s)))),
        ),
    )


def _miljo(s: Sak) -> bool:
    p = s.prosjekt
    return bool(p["kriterier"] >= 3 or p["svanemerket"] or p["breeam_very_good"])


_KRAV_NYE: Mapping[str, Callable[[Sak], bool]] = {
    "Miljø": lambda s: _miljo(s) and not s.prosjekt["livslopsstandard"],
    "Livsløp": lambda s: s.prosjekt["livslopsstandard"] and not _miljo(s),
    "Miljø og livsløp": lambda s: _miljo(s) and bool(s.prosjekt["livslopsstandard"]),
}
_KRAV_OPPGRADERT: Mapping[str, Callable[[Sak], bool]] = {
    "Energi og tilgjengelighet": lambda s: s.prosjekt["bedre_energi"] and s.prosjekt["bedre_tilgjengelighet"],
    "Energi": lambda s: s.prosjekt["bedre_energi"] and not s.prosjekt["bedre_tilgjengelighet"],
    "Tilgjengelighet": lambda s: s.prosjekt["bedre_tilgjengelighet"] and not s.prosjekt["bedre_energi"],
}


def _boligkvalitet(r: Tilsagnsrapport) -> list[Tabell]:
    """Tabell 3.18 and 3.19."""
    gitt = _av(r.gitt, "lanboligkvalitet", r.ar)
    nye = [s for s in gitt if s.prosjekt["formal"] != "oppgradering"]
    gamle = [s for s in gitt if s.prosjekt["formal"] == "oppgradering"]
    hode = ("Kvalitetskrav", "Boliger", "%", "Tilsagn, mill.", "%")
    return [
        Tabell(f"Nye boliger etter kvalitetskrav {r.ar}", hode, _kravrader(nye, _KRAV_NYE)),
        Tabell(f"Oppgradering etter kvalitetskrav {r.ar}", hode, _kravrader(gamle, _KRAV_OPPGRADERT)),
    ]


def _kravrader(saker: list[Sak], krav: Mapping[str, Callable[[Sak], bool]]) -> list[list[str]]:
    def rad(navn: str, valgte: list[Sak]) -> list[str]:
        n, kr = _sum(valgte, "boliger"), _belop(valgte)
        return [navn, tall(n), prosent(n, _sum(saker, "boliger")), mill(kr), prosent(kr, _belop(saker))]

    if not saker:
        return []
    return [*(rad(navn, [s for s in saker if f(s)]) for navn, f in krav.items()), rad("Totalt", saker)]


def _studentboliger(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.24: commitments and payouts, hybelenheter."""
    per_ar = r.tall.get("studentboliger", {})
    return Tabell(
        "Tilskudd til studentboliger. Tilsagn og utbetalinger. Hybelenheter og millioner kroner",
        ("År", "Nye hybelenheter", "Tilsagnsbeløp", "Ferdigstilte hybelenheter", "Utbetalt beløp"),
        [
            [a, tall(t.enheter), mill(t.tilsagn), tall(t.ferdige_enheter), mill(t.utbetalt)]
            for a, t in sorted(per_ar.items())
            if r.ar - SISTE_AR < a <= r.ar
        ],
    )


def _studentlan(r: Tilsagnsrapport) -> list[Tabell]:
    """Tabell 3.25–3.27: loans for new homes, for upgrades, and both."""
    alle = _av(r.gitt, "lanstudentboliger")
    nye = [s for s in alle if not s.prosjekt["saerlig_oppgradering"]]
    gamle = [s for s in alle if s.prosjekt["saerlig_oppgradering"]]
    return [
        Tabell(
            f"Lån til studentboliger, {hva}. Boenheter og millioner kroner",
            ("År", "Antall boenheter", "Tilsagnsbeløp"),
            _per_ar(r, saker, lambda s: (tall(_sum(s, "boenheter")), mill(_belop(s)))),
        )
        for hva, saker in (("nye", nye), ("oppgradering", gamle), ("i alt", alle))
    ]


def _energi(r: Tilsagnsrapport) -> list[Tabell]:
    """Tabell 3.28 and 3.29. A case of several measures counts in the row of each and once in the total."""
    saker = _av(r.gitt, "energitiltak", r.ar)
    leie = [s for s in saker if s.prosjekt["boligtype"] == "utleiebolig"]
    andre = [s for s in saker if s.prosjekt["boligtype"] != "utleiebolig"]
    return [
        Tabell(
            f"Energitiltak i utleieboliger {r.ar}",
            ("Tiltak", "Antall saker", "Antall boliger", "Estimert besparelse, kWh"),
            _energirader(leie, ("utleiebolig",)),
        ),
        Tabell(
            f"Energitiltak i omsorgsboliger og sykehjem {r.ar}",
            ("Tiltak", "Antall saker", "Antall omsorgsboliger", "Antall sykehjemsplasser", "Estimert besparelse, kWh"),
            _energirader(andre, ("omsorgsbolig", "sykehjem")),
        ),
    ]  # fmt: skip


def _energirader(saker: list[Sak], typer: Sequence[str]) -> list[list[str]]:
    def spart(s: Sak, tiltak: str | None) -> int:
        return sum(int(e["spart_kwh"]) for e in s.enheter if tiltak in (None, e["tiltak"]))

    def rad(navn: str, valgte: list[Sak], tiltak: str | None) -> list[str]:
        boliger = [_sum([s for s in valgte if s.prosjekt["boligtype"] == t], "boliger") for t in typer]
        return [navn, *map(tall, (len(valgte), *boliger, sum(spart(s, tiltak) for s in valgte)))]

    rader = [
        rad(navn, valgte, tiltak)
        for tiltak, navn in TILTAKSNAVN.items()
        if (valgte := [s for s in saker if any(e["tiltak"] == tiltak for e in s.enheter)])
    ]
    return [*rader, rad("Totalt", saker, None)] if saker else []


def _lopende_tilskudd(r: Tilsagnsrapport) -> Tabell:
    """Tabell 3.39: grants that are not written down yet."""
    rader, antall, rest = [], 0, 0
    for navn, o in TILSAGNSORDNINGER.items():
        egne = [p for p in r.lopende if p.ordning == navn]
        if egne:
            rader.append([o.verk.tittel, tall(len(egne)), mill(sum(p.belop for p in egne))])
            antall, rest = antall + len(egne), rest + sum(p.belop for p in egne)
    if rader:
        rader.append(["Totalsum", tall(antall), mill(rest)])
    return Tabell(
        f"Løpende tilskudd etter formål {r.ar}", ("Formål", "Antall tilskudd", "Restbeløp, mill."), rader
    )


def _note_b(r: Tilsagnsrapport) -> Tabell:
    """What of the year's frames was used over or under, and what may be carried over. *Brukt*: promised or paid."""
    poster: dict[str, Bevilgning] = {}
    for x in r.rammer:
        if x["ar"] != r.ar or x["kommunenummer"] is not None:
            continue
        o = next(o for o in TILSAGNSORDNINGER.values() if o.rammenavn == x["ordning"])
        b = Bevilgning(
            x["post"], o.stikkord, x["overfort_inn"], x["arets"], x["bundet"] + x["utbetalt"],
            brukes_under=o.tilvekstpost or "" if x["post"] == o.post else "",
        )  # fmt: skip
        poster[f"{x['ordning']} {x['post']}"] = b
    dekket = etter_samordning({b.post: b for b in poster.values()})

    def belop(b: Bevilgning) -> tuple[int, ...]:
        mulig = max(0, b.mulig_overforbart), max(0, dekket[b.post])
        return (b.overfort, b.arets, b.regnskap, b.avvik, *mulig)

    return Tabell(
        f"Mer- og mindreforbruk {r.ar}, kr",
        ("Ramme", "Stikkord", "Overført", "Årets", "Brukt", "Avvik", "Mulig overført", "Etter samordning"),
        [[navn, b.stikkord or "–", *map(tall, belop(b))] for navn, b in sorted(poster.items())],
    )
