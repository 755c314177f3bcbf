"""The report of grants and loans as Markdown, in the shapes of Husbankens årsrapport (tabell 2.3–2.7, 3.14–3.29, 3.39,
note B and vedlegg 2)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from domain.tilsagn.ordning import Slag
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from services.rapport.tabell import Tabell, mill, tall
from services.rapport.tilsagn import SISTE_AR, Arstall, Prosjekt, Tilsagnsrapport, avvik
from services.rapport.tilsagn_former import tabeller

_LANTAKERE = {
    "borettslag": "borettslag",
    "kommune": "kommuner",
    "personlig": "personlige låntakere",
    "studentsamskipnad": "studentsamskipnader",
    "aksjeselskap": "private aksjeselskap",
    "ideell": "ideelle organisasjoner, stiftelser mv.",
}


def _tabell(tittel: str, hode: Sequence[str], rader: Sequence[Sequence[Any]]) -> str:
    return Tabell(tittel, hode, rader).markdown()


def _arsrader(r: Tilsagnsrapport, slag: Slag, verdi: Callable[[Arstall], str]) -> list[list[str]]:
    ar = range(r.ar - SISTE_AR + 1, r.ar + 1)
    return [
        [o.verk.tittel, *(verdi(r.tall[navn][a]) if a in r.tall[navn] else "–" for a in ar)]
        for navn, o in TILSAGNSORDNINGER.items()
        if o.slag == slag and navn in r.tall and any(a in r.tall[navn] for a in ar)
    ]


def _prosjekttabell(tittel: str, prosjekter: Sequence[Prosjekt]) -> str:
    rader = [
        [p.ordning, _referanse(p), p.tilsagnsar, tall(p.enheter), tall(p.gitt), tall(p.belop)]
        for p in sorted(prosjekter, key=lambda p: (p.ordning, p.referanse))
    ]
    sum_ = [tall(f(prosjekter)) for f in (_sum_enheter, _sum_gitt, _sum_belop)]
    hode = ("Ordning", "Prosjekt", "Tilsagnsår", "Enheter", "Tilsagn", "Ikke utbetalt")
    return _tabell(tittel, hode, [*rader, ["Sum", "", "", *sum_]])


def _referanse(p: Prosjekt) -> str:
    """As annex 2 prints it: the project, and where a part of it has gone."""
    deler = [f"{tall(kr)} kr omdisponert til {til}" for til, kr in p.omdisponert.items()]
    return " / ".join([p.referanse, *deler])


def _sum_enheter(prosjekter: Sequence[Prosjekt]) -> float:
    return float(sum(p.enheter for p in prosjekter))


def _sum_gitt(prosjekter: Sequence[Prosjekt]) -> float:
    return sum(p.gitt for p in prosjekter)


def _sum_belop(prosjekter: Sequence[Prosjekt]) -> float:
    return sum(p.belop for p in prosjekter)


def markdown(r: Tilsagnsrapport) -> str:
    """The whole report."""
    ar = [str(a) for a in range(r.ar - SISTE_AR + 1, r.ar + 1)]
    deler = [
        f"# Tilsagn {r.ar}\n",
        _tabell(
            "Låneordninger. Tilsagn. Antall", ("Ordning", *ar), _arsrader(r, "lan", lambda t: tall(t.enheter))
        ),
        _tabell(
            "Låneordninger. Tilsagnsbeløp i millioner kroner",
            ("Ordning", *ar),
            _arsrader(r, "lan", lambda t: mill(t.tilsagn)),
        ),
        _portefolje(r),
        _tabell(
            "Tilskuddsordninger. Tilsagn. Antall",
            ("Ordning", *ar),
            _arsrader(r, "tilskudd", lambda t: tall(t.enheter)),
        ),
        _tabell(
            "Tilskuddsordninger. Tilsagnsbeløp i millioner kroner",
            ("Ordning", *ar),
            _arsrader(r, "tilskudd", lambda t: mill(t.tilsagn)),
        ),
        _tabell(
            f"Virkemidler og forbruk {r.ar}",
            (
                "Ordning",
                "Enheter",
                "Tilsagn, kr",
                "Ferdige enheter",
                "Utbetalt, kr",
                "Annullert, kr",
                "Nedskrevet, kr",
                "Krevd tilbake, kr",
                "Betalt tilbake, kr",
                "Avslag",
            ),
            _forbruk(r),
        ),
        *_fordelinger(r, ar),
        *(t.markdown() for t in tabeller(r)),
        _prosjekttabell(
            "Udisponerte tilsagn", [p for p in r.prosjekter if p.tilstand in ("tilsagn", "vilkar_oppfylt")]
        ),
        _prosjekttabell("Tilsagn trukket tilbake", r.trukket),
        _prosjekttabell("Under arbeid", [p for p in r.prosjekter if p.tilstand == "under_arbeid"]),
        _bok(r),
        _rammer(r),
        _lanebok(r),
    ]
    if feil := avvik(r):
        deler.append("## Avvik\n\n" + "\n".join(f"- {f}" for f in feil) + "\n")
    return "\n".join(deler)


def _fordelinger(r: Tilsagnsrapport, ar: Sequence[str]) -> list[str]:
    """Each scheme that is divided by purpose: units, and kroner where a commitment has one purpose."""
    ut = []
    for navn, per_ar in r.fordelt.items():
        formal = sorted({f for ett in per_ar.values() for f in ett})
        rader = [
            [f, *(tall(per_ar[int(a)][f][0]) if f in per_ar.get(int(a), {}) else "–" for a in ar)]
            for f in formal
        ]
        rader += [
            [f"{f}, kr", *(tall(per_ar[int(a)][f][1]) if f in per_ar.get(int(a), {}) else "–" for a in ar)]
            for f in formal
            if any(f in ett and ett[f][1] for ett in per_ar.values())
        ]
        tittel = TILSAGNSORDNINGER[navn].verk.tittel
        ut.append(_tabell(f"{tittel.capitalize()} etter formål", ("Formål", *ar), rader))
    return ut


def _forbruk(r: Tilsagnsrapport) -> list[list[str]]:
    return [
        [
            o.verk.tittel,
            *(
                tall(v)
                for v in (t.enheter, t.tilsagn, t.ferdige_enheter, t.utbetalt, t.annullert + t.mindreutbetalt,
                          t.nedskrevet, t.tilbakekrevd, t.tilbakebetalt, t.avslag)
            ),
        ]
        for navn, o in TILSAGNSORDNINGER.items()
        if (t := r.tall[navn].get(r.ar)) is not None
    ]  # fmt: skip


def _portefolje(r: Tilsagnsrapport) -> str:
    sum_ = sum(r.lantakere.values())
    rader = [["Låneporteføljen, kr", tall(sum_ // 100)]]
    rader += [
        [f"– {tekst} (%)", f"{100 * r.lantakere[navn] / sum_:.1f}".replace(".", ",")]
        for navn, tekst in _LANTAKERE.items()
        if navn in r.lantakere
    ]
    rader += [
        [f"– {slag} rente, kr (antall)", f"{tall(v // 100)} ({n})"]
        for slag, (v, n) in r.lan.portefolje.items()
    ]
    return _tabell("Nøkkeltall låneforvaltning", ("", str(r.ar)), rader)


def _bok(r: Tilsagnsrapport) -> str:
    felt = (
        "ordning",
        "post",
        "departement",
        "rammear",
        "overfort_inn",
        "gitt",
        "utbetalt",
        "annullert",
        "overfort_ut",
    )
    rader = [[tall(b[f]) if isinstance(b[f], int) and f != "rammear" else b[f] for f in felt] for b in r.bok]
    hode = (
        "Ordning",
        "Post",
        "Departement",
        "Rammeår",
        "Overført inn",
        "Gitt",
        "Utbetalt",
        "Annullert",
        "Overført ut",
    )
    return _tabell(f"Bokføring {r.ar}", hode, rader)


def _rammer(r: Tilsagnsrapport) -> str:
    felt = (
        "ordning",
        "ar",
        "post",
        "tildelt",
        "bundet",
        "utbetalt",
        "ledig",
        "venter_antall",
        "venter_belop",
    )
    rader = [[tall(x[f]) if isinstance(x[f], int) and f != "ar" else x[f] for f in felt] for x in r.rammer]
    hode = ("Ordning", "År", "Post", "Tildelt", "Bundet", "Utbetalt", "Ledig", "Venter", "Venter, kr")
    return _tabell("Rammer til i dag", hode, rader)


def _lanebok(r: Tilsagnsrapport) -> str:
    x = r.lan
    rader: list[tuple[str, int]] = [
        ("Utlån 1.1.", x.utlan_inn),
        ("+ nye lån", x.nye_lan),
        ("− avdrag og tap", x.avdrag),
        ("Utlån 31.12.", x.utlan_ut),
        ("Renter opptjent", x.renteinntekter),
        ("Renter opptjent, ikke betalt", x.opptjent_ikke_betalt),
    ]
    return _tabell("Lånebok, øre", ("", str(r.ar)), [[n, tall(v)] for n, v in rader])


def skriv(r: Tilsagnsrapport, mappe: Path) -> list[Path]:
    """``tilsagn-<year>.md`` and ``.json`` in the folder."""
    mappe.mkdir(parents=True, exist_ok=True)
    dokument = {
        "ar": r.ar,
        "tall": {o: {str(a): asdict(t) for a, t in sorted(ar.items())} for o, ar in r.tall.items()},
        "fordelt": {o: {str(a): f for a, f in sorted(ar.items())} for o, ar in r.fordelt.items()},
        "prosjekter": [asdict(p) for p in r.prosjekter],
        "tabeller": [asdict(t) for t in tabeller(r)],
        "trukket": [asdict(p) for p in r.trukket],
        "lan": asdict(r.lan),
        "lantakere": r.lantakere,
        "rammer": r.rammer,
        "bokforing": r.bok,
        "slettet": r.slettet,
        "avvik": avvik(r),
    }
    md, js = mappe / f"tilsagn-{r.ar}.md", mappe / f"tilsagn-{r.ar}.json"
    md.write_text(markdown(r), encoding="utf-8")
    js.write_bytes(orjson.dumps(dokument, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return [md, js]
