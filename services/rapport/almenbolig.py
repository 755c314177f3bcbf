"""``boligsak report almenbolig``: figures 2.1, 2.2, 4.1 and B.2 drawn from the model, and tables beside the printed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import orjson
from matplotlib.axes import Axes

from domain.almenbolig.forudsaetninger import udgaver
from domain.almenbolig.lan import KVARTALER, LOBETID_AR
from domain.almenbolig.terminer import Regulering, Terminer, terminer
from domain.regler.kolonne import Tall
from services.rapport.almenbolig_tal import TERMIN, dokument, markdown, projekt, trykt, ydelse
from services.rapport.figurer import Figurvalg, tegn

AR = 50
BLA, GRON, ORANGE, GRA, LYSEBLA = "#0072b2", "#009e73", "#e69f00", "#444444", "#56b4e9"


@cache
def _terminer(lantype: str, gennemsnit: bool = False) -> Terminer:
    """100 million, fifty family dwellings of 95 m²."""
    regulering = Regulering.efter_loven(TERMIN)
    return terminer(projekt(lantype), udgaver()[-1:], regulering, gennemsnit=gennemsnit)


def _forlaenget(kolonne: Tall) -> Tall:
    """Million kr a year, for fifty years: after the last regulation nothing changes. The first stands twice, so that a
    step drawn up to each year's end begins with year 1."""
    return np.pad(kolonne[0, 0], (1, AR - kolonne.shape[-1]), mode="edge") / 1e6


def _akser(ax: Axes, kolonner: int = 2) -> None:
    ax.set_xlim(0, AR)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("År efter finansieringen")
    ax.set_ylabel("Mio. kr. om året")
    ax.set_axisbelow(True)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=kolonner, frameon=False)


def _figur_2_1(ax: Axes) -> None:
    hvem = {n: _forlaenget(k) for n, k in _terminer("rtl10").fordelt().items()}
    fonde = hvem["landsbyggefonden"] + hvem["lokal_dispositionsfond"] + hvem["nybyggerifonden"]
    ax.stackplot(
        np.arange(AR + 1),
        hvem["kreditinstitut"],
        hvem["staten"],
        fonde,
        labels=["Til realkreditlånet", "Til staten", "Til fondene, en tredjedel hver"],
        colors=["#bbbbbb", BLA, ORANGE],
        step="pre",
    )
    _akser(ax)


def _ydelser(lantype: str, gennemsnit: bool) -> Callable[[Axes], None]:
    def tegn_(ax: Axes) -> None:
        t, ar = _terminer(lantype, gennemsnit), np.arange(AR + 1)
        betaling, lan = _forlaenget(t.beboerbetaling), _forlaenget(t.laneydelse)
        stotte = np.where(ar <= t.regulering.maksimal_lobetid, lan - betaling, 0.0)
        for valgt, farve, navn in (
            (stotte > 0, "#b7d8b0", "Ydelsesstøtte"),
            (stotte < 0, "#f3d9a4", "Negativ ydelsesstøtte, til staten"),
        ):
            valgt[0] = False  # the first stands twice
            ax.bar(
                ar[valgt] - 0.5,
                stotte[valgt],
                1.0,
                bottom=betaling[valgt],
                color=farve,
                linewidth=0,
                label=navn,
            )
        til = LOBETID_AR + 1
        ax.step(ar[:til], lan[:til], color=BLA, linewidth=1.8, label="Låneydelse")
        ax.step(ar, betaling, "--", color=GRA, linewidth=1.6, label="Beboerbetaling")
        _akser(ax)

    return tegn_


def _figur_b2(ax: Axes) -> None:
    nr = np.arange(1, 6)
    forste = 0.028 * trykt()["anskaffelsessum"] / KVARTALER
    # The fifth quarter is the first of the second payment year; the rise of that year is an assumption.
    betaling = forste * np.where(nr > KVARTALER, 1 + udgaver()[1].nettoprisindeks[-1][1], 1.0)
    ax.bar(
        nr,
        np.full(5, trykt()["faktisk_ydelse"]) / 1000,
        color=BLA,
        width=0.55,
        label="Faktisk ydelse (trykt, ca.)",
    )
    for rente, farve, navn in (
        (0.035, LYSEBLA, "Finansloven 2017, 3,5 pct."),
        (0.0325, "#9bcf8f", "Refusion 2018, 3,25 pct."),
        (0.0145, GRON, "Refusion 2018, RTL-10, 1,45 pct."),
    ):
        ax.plot(nr, np.full(5, ydelse(rente)) / 1000, color=farve, linewidth=2, label=navn)
    ax.plot(nr, betaling / 1000, "--", color="black", linewidth=1.4, label="Beboerbetaling")
    ax.set_xticks(nr)
    ax.set_axisbelow(True)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("Termin, september 2019 til september 2020")
    ax.set_ylabel("1 000 kr. pr. termin")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)


FIGURER: tuple[Figurvalg, ...] = (
    Figurvalg(
        "2.1",
        "Beboerbetaling for et projekt på 100 mio. kr.",
        "Beboerbetalingen i 50 år: til realkreditlånet i 30 år, til staten i 10 og derefter til tre fonde.",
        _figur_2_1,
    ),
    Figurvalg(
        "2.2",
        "Låneydelse, beboerbetaling og ydelsesstøtte, gennemsnitlig rente",
        "Låneydelsen med én gennemsnitlig rente over beboerbetalingen, som overstiger den senere i løbetiden.",
        _ydelser("rtl10", True),
    ),
    Figurvalg(
        "4.1A",
        "Fastforrentet lån",
        "Låneydelse, beboerbetaling og ydelsesstøtte med et fastforrentet lån.",
        _ydelser("fast", False),
    ),
    Figurvalg(
        "4.1B",
        "Rentetilpasningslån (RTL-10)",
        "Låneydelse, beboerbetaling og ydelsesstøtte med et lån der refinansieres hvert tiende år.",
        _ydelser("rtl10", False),
    ),
    Figurvalg(
        "B.2",
        "Faktiske og budgetterede ydelser på et lån på 16,9 mio. kr.",
        "De første fem terminer: faktisk ydelse, tre budgetterede ydelser og beboerbetalingen.",
        _figur_b2,
    ),
)


def skriv(mappe: Path, vis: Callable[[Path], None]) -> None:
    """Writes almenbolig.md, almenbolig.json and figurer/*.svg and *.png; ``vis`` is told each file. Raises OSError."""
    figurmappe = mappe / "figurer"
    figurmappe.mkdir(parents=True, exist_ok=True)
    tekster = [(v.fil, f"Figur {v.nummer}. {v.tittel}", v.alternativ) for v in FIGURER]
    filer = {
        mappe / "almenbolig.md": markdown(tekster).encode(),
        mappe / "almenbolig.json": orjson.dumps(
            dokument(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        ),
    }
    for valg in FIGURER:
        filer |= {figurmappe / f"{valg.fil}.{ending}": innhold for ending, innhold in tegn(valg).items()}
    for fil, innhold in filer.items():
        fil.write_bytes(innhold)
        vis(fil)
