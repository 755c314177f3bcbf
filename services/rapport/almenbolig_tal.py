"""The model beside every figure printed in the report on Danish beboerbetaling, as Markdown and as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from domain.almenbolig.budget import Finansieringsbehov, Stilleskruer, budgetter
from domain.almenbolig.finansiering import finansier
from domain.almenbolig.forudsaetninger import LANTYPER, Forudsaetninger, udgaver
from domain.almenbolig.lan import annuitet
from domain.almenbolig.terminer import Projekter, Regulering, et_projekt, reguleringsindeks, stigning
from domain.boligstotte_dk.tilbagelob import andele, generel_effekt, tilbagelob
from domain.regler.satser import les_yaml

TERMINER = 120
TERMIN = "2021-01"


@dataclass(frozen=True, slots=True)
class Tal:
    """One printed figure and the model's. ``afrunding``: the unit the source rounds to."""

    sted: str
    hvad: str
    trykt: float
    model: float
    afrunding: float
    grund: str | None = None

    @property
    def ens(self) -> bool:
        """Does the model round to what is printed?"""
        return abs(self.model - self.trykt) <= self.afrunding / 2 + 1e-9


@cache
def trykt() -> Mapping[str, Any]:
    tekst = files("services.rapport").joinpath("almenbolig_trykt.yaml").read_text("utf-8")
    innhold: dict[str, Any] = les_yaml(tekst, "almenbolig_trykt.yaml")
    return innhold


def behov() -> Finansieringsbehov:
    """Tabel 3.1, million kr, from the two sums that stand in the text."""
    brutto = float(trykt()["brutto_i_teksten"])
    return Finansieringsbehov(brutto, 0.25 * brutto, float(trykt()["boligstotte_i_teksten"]))


def ydelse(rente: float) -> float:
    return float(annuitet(trykt()["hovedstol"], rente, TERMINER))


def _pct_tilbage(reduktioner: Mapping[str, float]) -> float:
    """What of these reductions together comes back, by the shares of appendix C."""
    tilbage = -sum(tilbagelob(t, r).stotteeffekt for t, r in reduktioner.items())
    return 100.0 * tilbage / sum(reduktioner.values())


def _model(rad: Mapping[str, Any]) -> float:
    c2, regn = trykt()["tabel_c2"], rad["regn"]
    reduktion = float(c2["familie"][0])
    modeller: dict[str, Callable[[], float]] = {
        "ydelse": lambda: ydelse(rad["rente"]),
        "forskel": lambda: ydelse(rad["rente"]) - float(trykt()["faktisk_ydelse"]),
        "behov": lambda: float(getattr(behov(), rad["felt"])),
        "maned": lambda: reduktion / 12,
        "boliger": lambda: 100e6 * float(trykt()["nedsaettelse"]) / reduktion,
        "c2_pct_trykt": lambda: (
            -100.0 * sum(v[1] for v in c2.values()) / float(sum(v[0] for v in c2.values()))
        ),
        "c2_pct": lambda: _pct_tilbage({t: v[0] for t, v in c2.items()}),
        "c2_tredjedel": lambda: _pct_tilbage({t: v[3] for t, v in c2.items()}),
        "c2_mio": lambda: -sum(tilbagelob(t, v[3]).stotteeffekt for t, v in c2.items()),
    }
    return modeller[regn]()


def tal() -> list[Tal]:
    """The figures of chapters 1–3 and appendix B, and those of the text of appendix C."""
    return [
        Tal(r["sted"], r["hvad"], r["trykt"], _model(r), r["afrunding"], r.get("grund"))
        for r in trykt()["tal"]
    ]


def tabel_c1() -> list[Tal]:
    ut = []
    for bolig, (reduktion, *celler) in trykt()["tabel_c1"].items():
        model = generel_effekt(reduktion)
        for (slags, v), t in zip(model.items(), celler, strict=True):
            ut.append(Tal("Tabel C.1", f"{bolig}, {slags}", t, v, 1))
    return ut


def tabel_c2() -> list[Tal]:
    ut = []
    for type_, (r, effekt, netto, r_mia, effekt_mia, netto_mia) in trykt()["tabel_c2"].items():
        bolig, mia = tilbagelob(type_, r), tilbagelob(type_, r_mia)
        ut += [
            Tal("Tabel C.2", f"{type_}, boligstøtte pr. bolig", effekt, bolig.stotteeffekt, 100),
            Tal("Tabel C.2", f"{type_}, netto pr. bolig", netto, bolig.netto, 100),
            Tal("Tabel C.2", f"{type_}, boligstøtte pr. 1 mia. kr.", effekt_mia, mia.stotteeffekt, 0.1),
            Tal(
                "Tabel C.2", f"{type_}, netto pr. 1 mia. kr.", netto_mia, mia.netto, 0.1, _GRUND_C2.get(type_)
            ),
        ]
    return ut


_GRUND_C2 = dict.fromkeys(("familie", "ungdom"), "Den trykte reduktion er afrundet; se modsigelserne.")


def alle() -> list[Tal]:
    return [*tal(), *tabel_c1(), *tabel_c2()]


def udledt() -> dict[str, float]:
    """What the printed sums imply of what is not printed, under the assumptions of the newest edition: all derived.

    ``realrente``: makes 7 million a year for forty years worth 190. ``anskaffelsessum_mia``: the commitment year's
    total that makes a reduction of 0.39 points cost 938 million of present value.
    """
    t, forud = trykt(), udgaver()[-1]
    lav, hoj = 0.001, 0.2
    for _ in range(60):
        midt = (lav + hoj) / 2
        vaerdi = t["boligstotte_om_aret"] * (1 - (1 + midt) ** -40) / midt
        lav, hoj = (midt, hoj) if vaerdi > t["boligstotte_i_teksten"] else (lav, midt)
    faktor = _nutidsvaerdi_af_beboerbetaling(forud)
    return {
        "realrente": round(lav, 5),
        "diskonteringsrente": forud.diskonteringsrente,
        "anskaffelsessum_mia": round(t["brutto_i_teksten"] / 1000 / t["nedsaettelse"] / faktor, 2),
        "boligstotte_andel": round(t["boligstotte_i_teksten"] / t["brutto_i_teksten"], 3),
        "boligstotte_andel_familie": float(andele()["familie"]["samlet"]),
    }


def _nutidsvaerdi_af_beboerbetaling(forud: Forudsaetninger) -> float:
    """Of one krone in payment year 1, regulated, over forty years from year 4 of the commitment."""
    regulering = Regulering.efter_loven(TERMIN)
    stig = stigning(np.array([v for _, v in forud.nettoprisindeks[-1:]]), np.array([forud.lonindeks[-1][1]]))
    indeks = reguleringsindeks(np.full(45, float(stig[0])), regulering)[: regulering.maksimal_lobetid]
    return float((indeks / (1 + forud.diskonteringsrente) ** (3 + np.arange(len(indeks)))).sum())


SKRUER: Mapping[str, Stilleskruer] = {
    "Beboerbetaling 2,41 pct. i stedet for 2,8": Stilleskruer(beboerbetaling_andel=0.0241),
    "Fuld regulering til år 45 i stedet for 75 pct. fra år 20": Stilleskruer(senere_regulering_andel=1.0),
    "Maksimal løbetid 45 år i stedet for 40": Stilleskruer(maksimal_lobetid_ar=45),
}


def budget_pr_lantype() -> list[dict[str, Any]]:
    """Present value for 100 million kr of family dwellings, million kr: the old method, the new, refusion, net."""
    ut = []
    for lantype in LANTYPER:
        b = budgetter(projekt(lantype), udgaver()[-1:], TERMIN)
        ut.append(
            {
                "lantype": lantype,
                "gammel_metode": float(b.ydelsesstotte_gammel_metode[0, 0]) / 1e6,
                "ny_metode": float(b.ydelsesstotte[0, 0]) / 1e6,
                "refusion": float(b.refusion[0, 0]) / 1e6,
                "netto": float(b.netto[0, 0]) / 1e6,
            }
        )
    return ut


def virkning_af_skruer() -> dict[str, float]:
    """What each turn changes in the state's net cost of the same project (RTL-10), million kr of present value."""
    p, baner = projekt("rtl10"), udgaver()[-1:]
    lov = float(budgetter(p, baner, TERMIN).netto[0, 0])
    return {
        navn: (float(budgetter(p, baner, TERMIN, s).netto[0, 0]) - lov) / 1e6 for navn, s in SKRUER.items()
    }


def projekt(lantype: str) -> Projekter:
    """100 million kr, fifty family dwellings of 95 m², financed two years after the commitment."""
    kolonner = {
        "anskaffelsessum": [100e6],
        "boligtype": [0],
        "antal_boliger": [50],
        "areal": [4750.0],
        "bidrag_per_m2": [0.0],
    }
    return et_projekt(finansier(kolonner, TERMIN), lantype, int(TERMIN[:4]) + 2)


_BUDGET = (
    "Under de samme antagelser: ydelsesstøtten budgetteret med én gennemsnitlig rente og med renterne i år 0, 10 og "
    "20, Landsbyggefondens refusion, og hvad stilleskruerne ændrer (RTL-10)."
)


def _budget_markdown() -> list[str]:
    ut = ["| Låntype | Gammel metode | Ny metode | Refusion | Netto |", "|---|---:|---:|---:|---:|"]
    for r in budget_pr_lantype():
        tal_ = " | ".join(vis(r[n]) for n in ("gammel_metode", "ny_metode", "refusion", "netto"))
        ut.append(f"| {r['lantype']} | {tal_} |")
    ut += ["", "| Stilleskrue | Ændring i statens nettoudgift, mio. kr. |", "|---|---:|"]
    ut += [f"| {navn} | {vis(v)} |" for navn, v in virkning_af_skruer().items()]
    return [*ut, ""]


def vis(v: float) -> str:
    """Danish: a comma, one decimal where there is one, never a minus before nothing."""
    return (
        f"{round(v, 1) + 0.0:,.1f}".rstrip("0")
        .rstrip(".")
        .replace(",", " ")
        .replace(".", ",")
        .replace("-", "−")
    )


def _tabel(rader: Sequence[Tal]) -> list[str]:
    ut = ["| Sted | Hvad | Trykt | Model | Afrunding | |", "|---|---|---:|---:|---:|---|"]
    for t in rader:
        dom = "ens" if t.ens else f"**afviger** {t.grund or ''}"
        ut.append(f"| {t.sted} | {t.hvad} | {vis(t.trykt)} | {vis(t.model)} | {vis(t.afrunding)} | {dom} |")
    return [*ut, ""]


def markdown(figurer: Sequence[tuple[str, str, str]]) -> str:
    """The whole report. ``figurer``: (file without ending, caption, alternative text)."""
    rader, forud = alle(), udgaver()[-1]
    udl = udledt()
    forudsat = (
        f"Udledt, ikke trykt: realrente {_pct(udl['realrente'])} (7 mio. kr. om året i 40 år er 190), "
        f"samlet anskaffelsessum {vis(udl['anskaffelsessum_mia'])} mia. kr. for ét tilsagnsår, "
        f"boligstøtte {_pct(udl['boligstotte_andel'])} af merudgiften, mod {_pct(udl['boligstotte_andel_familie'])} i "
        "familieboliger."
    )
    merker = (
        f"Figurerne bruger udgaven {forud.udgave}: {', '.join(f'{n} [{m}]' for n, m in forud.merker.items())}. "
        "[M] og [D] er antagelser: kilden trykker ikke finanslovens rente- og prisskøn."
    )
    ut = [
        "# Lavere beboerbetaling i alment nybyggeri",
        "",
        f"Trykte tal fra {trykt()['kilde']}, og modellens. Beløb i danske kroner (DKK).",
        "",
        f"{len(rader)} tal, {sum(t.ens for t in rader)} ens efter afrunding. De andre står med grunden.",
        "",
        "## Tal i kapitel 1–3 og bilag B og C",
        "",
        *_tabel(tal()),
        "## Tabel C.1 efter boligstøttereglerne (boks C.1)",
        "",
        *_tabel(tabel_c1()),
        "## Tabel C.2",
        "",
        *_tabel(tabel_c2()),
        "## Hvor kilden modsiger sig selv",
        "",
        *[f"- {m}" for m in trykt()["modsigelser"]],
        "",
        "## Hvad de trykte tal forudsætter",
        "",
        forudsat,
        "",
        merker,
        "",
        "## Nutidsværdien for et projekt på 100 mio. kr., mio. kr.",
        "",
        _BUDGET,
        "",
        *_budget_markdown(),
        "",
        "## Figurer",
        "",
    ]
    for fil, tekst, alternativ in figurer:
        ut += [f"![{alternativ}](figurer/{fil}.svg)", "", f"*{tekst}*", ""]
    return "\n".join(ut)


def _pct(andel: float) -> str:
    return f"{100 * andel:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " pct."


def dokument() -> dict[str, Any]:
    """Every figure as JSON."""
    return {
        "kilde": trykt()["kilde"],
        "valuta": "DKK",
        "tal": [{**asdict(t), "ens": t.ens} for t in alle()],
        "modsigelser": list(trykt()["modsigelser"]),
        "udledt": udledt(),
        "budget": budget_pr_lantype(),
        "stilleskruer": virkning_af_skruer(),
        "forudsaetninger": udgaver()[-1].dokument(),
    }
