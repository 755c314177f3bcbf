"""The figures of NIBR-rapport 2008:13, drawn from the model: one function a kind, one line a figure."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from domain.samspill.virkemidler import resttilskudd, verdi_av_lan
from services.rapport.sammenligning import AKSE, Oppsett, grenser, kurver

STIL: Any = {  # the library types its keys one by one
    "font.family": "sans-serif",
    "font.sans-serif": ["Source Sans 3", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "svg.hashsalt": "boligsak",
    "svg.fonttype": "path",
}
ANDELER = (0.0, 0.2, 0.4)
FARGER = {0.0: "#0072b2", 0.2: "#e69f00", 0.4: "#009e73"}
STREKER = {0.0: "-", 0.2: "--", 0.4: "-."}
GRA, ROD = "#444444", "#b3261e"
BREDDE, HOYDE = 6.3, 3.9  # inches: the text width of an A4 page


@dataclass(frozen=True)
class Figurvalg:
    """``tegn`` draws on the axes."""

    nummer: str
    tittel: str
    alternativ: str
    tegn: Callable[[Axes], None]

    @property
    def fil(self) -> str:
        return f"figur-{self.nummer.replace('.', '-')}"


def _tusen(verdi: float, _plass: int | None = None) -> str:
    return f"{verdi:,.0f}".replace(",", " ").replace("-", "−")


def _prosent(verdi: float) -> str:
    return f"{100 * verdi:g} %".replace(".", ",")


def _akser(ax: Axes, x: str, y: str) -> None:
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.xaxis.set_major_formatter(FuncFormatter(_tusen))
    ax.yaxis.set_major_formatter(FuncFormatter(_tusen))
    ax.set_axisbelow(True)


def _forklaring(ax: Axes, kolonner: int) -> None:
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=kolonner, frameon=False, handlelength=2.6
    )


def margin_og_bostotte(oppsett: Sequence[Oppsett], fra: int, til: int) -> Callable[[Axes], None]:
    """Margin and bostøtte over income, one margin curve a share; the incomes of samspill are shaded."""

    def tegn(ax: Axes) -> None:
        utsnitt = (fra * 1000 <= AKSE) & (til * 1000 >= AKSE)
        x = AKSE[utsnitt] / 1000
        bostotte = {o: np.broadcast_to(kurver(o)["bostotte"], AKSE.shape)[utsnitt] / 1000 for o in oppsett}
        felles = all(np.array_equal(b, bostotte[oppsett[0]]) for b in bostotte.values())
        ax.axhline(0, color=GRA, linewidth=0.9)
        for o in oppsett:
            margin = kurver(o)["okonomisk_margin"][utsnitt] / 1000
            navn = f"Margin, tilskudd {_prosent(o.andel)}"
            ax.plot(x, margin, STREKER[o.andel], color=FARGER[o.andel], linewidth=1.8, label=navn)
        for o in oppsett[:1] if felles else oppsett:
            gitt = np.where(bostotte[o] > 0, bostotte[o], np.nan)
            if felles:
                ax.plot(x, gitt, color=ROD, linewidth=1.5, label="Bostøtte")
            else:
                navn = f"Bostøtte, tilskudd {_prosent(o.andel)}"
                ax.plot(x, gitt, STREKER[o.andel], color=FARGER[o.andel], linewidth=0.9, label=navn)
        for o in oppsett:
            samspill = grenser(o)["samspill"]
            if isinstance(samspill, tuple):
                navn = f"Samspill, tilskudd {_prosent(o.andel)}: {_tusen(samspill[0])}–{_tusen(samspill[1])}"
                ax.axvspan(*samspill, color=FARGER[o.andel], alpha=0.14, linewidth=0, label=navn)
        ax.set_xlim(fra, til)
        _akser(ax, "Personinntekt, 1 000 kroner", "1 000 kroner i året")
        _forklaring(ax, 2)

    return tegn


def boutgifter(o: Oppsett, fra: int, til: int, andre: Oppsett | None = None) -> Callable[[Axes], None]:
    """Rimelig boutgift over income, against ceiling and approved costs; ``andre`` are the rules as changed."""

    def tegn(ax: Axes) -> None:
        utsnitt = (fra * 1000 <= AKSE) & (til * 1000 >= AKSE)
        x = AKSE[utsnitt] / 1000
        v = kurver(o)
        tak, godkjente = float(v["boutgiftstak"][0]) / 1000, float(v["godkjente_boutgifter"][0]) / 1000
        rimelig = v["rimelig_boutgift"][utsnitt] / 1000
        grunnlag = min(tak, godkjente)
        ax.plot(x, rimelig, color=FARGER[0.0], linewidth=1.8, label="Rimelig boutgift")
        ax.axhline(godkjente, color=GRA, linewidth=1.3, label=f"Godkjente boutgifter ({_tusen(godkjente)})")
        ax.axhline(tak, color=ROD, linewidth=1.3, linestyle="--", label=f"Boutgiftstak ({_tusen(tak)})")
        if andre is None:
            gir = rimelig < grunnlag
        else:
            ny = kurver(andre)
            nytt_tak = float(ny["boutgiftstak"][0]) / 1000
            ny_rimelig = ny["rimelig_boutgift"][utsnitt] / 1000
            if nytt_tak != tak:
                navn = f"Endret boutgiftstak ({_tusen(nytt_tak)})"
                ax.axhline(nytt_tak, color=FARGER[0.2], linewidth=1.3, linestyle="-.", label=navn)
            if not np.array_equal(ny_rimelig, rimelig):
                ax.plot(
                    x, ny_rimelig, "-.", color=FARGER[0.2], linewidth=1.8, label="Endret rimelig boutgift"
                )
            grunnlag, rimelig = min(nytt_tak, godkjente), ny_rimelig
            gir = rimelig < grunnlag
        ax.fill_between(
            x,
            rimelig,
            grunnlag,
            where=gir,
            color=FARGER[0.4],
            alpha=0.16,
            linewidth=0,
            label="Grunnlag for bostøtte",
        )
        ax.set_xlim(fra, til)
        ax.set_ylim(0, max(tak, godkjente) * 1.6)
        _akser(ax, "Personinntekt, 1 000 kroner", "1 000 kroner i året")
        _forklaring(ax, 2)

    return tegn


def verdi_over_tid(renter: Sequence[float], til: int) -> Callable[[Axes], None]:
    """Present value of what comes back of 100 000 kr: a loan by market rate, a written-down grant beside it."""

    def tegn(ax: Axes) -> None:
        ar = np.arange(til + 1, dtype=np.float64)
        for rente, (farge, strek) in zip(
            renter, (("#56b4e9", ":"), ("#0072b2", "-"), ("#009e73", "--"), ("#e69f00", "-.")), strict=False
        ):
            navn = f"Lån uten renter og avdrag, {_prosent(rente)}"
            ax.plot(ar, 100 * verdi_av_lan(rente, ar), strek, color=farge, linewidth=1.8, label=navn)
        ax.plot(
            ar, 100 * resttilskudd(ar), color=ROD, linewidth=1.3, label="Tilskudd som skrives ned 10 % i året"
        )
        ti = float(100 * verdi_av_lan(0.055, 10))
        ax.plot([10], [ti], "o", color=FARGER[0.0], markersize=4)
        ax.annotate(
            f"{ti:.1f} etter 10 år ved 5,5 %".replace(".", ","),
            (10, ti),
            (12, 84),
            fontsize=8,
            color=FARGER[0.0],
            arrowprops={"arrowstyle": "-", "color": FARGER[0.0], "linewidth": 0.7},
        )
        ax.set_xlim(0, til)
        ax.set_ylim(0, 105)
        _akser(ax, "Botid, år", "1 000 kroner av 100 000 gitt")
        _forklaring(ax, 2)

    return tegn


def tegn(valg: Figurvalg) -> dict[str, bytes]:
    """The figure as ``{"svg": …, "png": …}``; the same bytes every time."""
    with mpl.rc_context(STIL):
        figur = Figure(figsize=(BREDDE, HOYDE), layout="constrained")
        ax = figur.add_subplot()
        valg.tegn(ax)
        ax.set_title(valg.tittel, loc="left", fontsize=10, fontweight="bold")
        svg, png = io.BytesIO(), io.BytesIO()
        FigureCanvasSVG(figur).print_svg(
            svg, metadata={"Date": None, "Title": valg.tittel, "Description": valg.alternativ}
        )
        FigureCanvasAgg(figur)
        figur.savefig(png, format="png", dpi=200, metadata={"Software": None})
    return {"svg": svg.getvalue(), "png": png.getvalue()}
