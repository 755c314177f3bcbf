"""``boligsak etterkontroll``: start a control of a period, and see how it stands."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.servere import med_servere

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Arsak = Annotated[str, typer.Option(help="etterkontroll (income and wealth, by year) or studentkontroll.")]
Termin = Annotated[
    str, typer.Option(help="The period's last month: 2025-12 of a year, 2026-07 of a study year.")
]
UGYLDIG = 2


@app.command()
@med_servere("etterkontroll")
def start(
    termin: Termin,
    arsak: Arsak = "etterkontroll",
    kommune: Annotated[list[str] | None, typer.Option(help="Only these municipalities.")] = None,
) -> None:
    """Start the control for every household granted something in the period. Again: for those that have come since."""
    from services.etterkontroll.start import UgyldigPeriode
    from services.etterkontroll.start import start as gjor
    from services.klokke import na

    try:
        antall = gjor("bostotte", arsak, _termin(termin), na(), kommune)
    except UgyldigPeriode as feil:
        typer.echo(f"boligsak etterkontroll: {feil}", err=True)
        raise typer.Exit(UGYLDIG) from None
    typer.echo(f"{arsak} {termin}: startet for {antall} husstander")


@app.command()
@med_servere("etterkontroll")
def status(termin: Termin, arsak: Arsak = "etterkontroll") -> None:
    """How the control stands: numbers and kroner as the annual report has them."""
    from services.etterkontroll.oversikt import summer
    from services.lager.roller import DbRolle
    from services.lager.sesjon import SYSTEM, transaksjon

    with transaksjon(DbRolle.ARBEIDER, SYSTEM) as forbindelse:
        tall = summer(forbindelse, arsak, _termin(termin))
    tabell = Table("hva", "tall", title=f"{arsak} {termin}")
    for navn, verdi in tall.items():
        tabell.add_row(navn.replace("_", " "), str(verdi))
    Console().print(tabell)


def _termin(termin: str) -> str:
    from domain.regler.termin import TerminFeil, del_opp

    try:
        del_opp(termin)
    except TerminFeil as feil:
        typer.echo(f"boligsak etterkontroll: {feil}", err=True)
        raise typer.Exit(UGYLDIG) from None
    return termin
