"""`boligsak population`: a synthetic country beside the real one, and into the database."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn
from rich.table import Table

from services.cli.servere import med_servere


def population(
    cases: Annotated[int, typer.Option(min=1, help="Number of cases.")] = 138_846,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people.")] = 1,
    termin: Annotated[
        str, typer.Option(help="Month, YYYY-MM; with --skriv the one that a run will decide.")
    ] = "2024-03",
    skriv: Annotated[bool, typer.Option("--skriv", help="Write it to the database.")] = False,
    svar: Annotated[
        bool, typer.Option("--svar", help="Write the month's answers for a country already written.")
    ] = False,
) -> None:
    """Make a synthetic country, print made against wanted, and write it to the database when asked to."""
    from services.kjoring import befolkning
    from services.kjoring.befolkning_sammenlign import sammenlign

    konsoll = Console()
    try:
        linjer = sammenlign(cases, seed, termin)
    except ValueError as feil:
        raise typer.BadParameter(str(feil)) from None
    tabell = Table(
        title=f"{cases} saker, frø {seed}, termin {termin}",
        caption="Tabell 3.15 teller husstander over et år, også under flere ytelser; her er én måned.",
    )
    for navn in ("gruppe", "mål"):
        tabell.add_column(navn)
    for navn in ("laget", "ønsket", "avvik %"):
        tabell.add_column(navn, justify="right")
    for linje in linjer:
        avvik = linje.avvik_prosent
        tabell.add_row(
            linje.gruppe,
            linje.navn,
            _tall(linje.laget),
            "–" if linje.onsket is None else _tall(linje.onsket),
            "–" if avvik is None else f"{avvik:+.1f}",
        )
    konsoll.print(tabell)
    if not (skriv or svar):
        return
    with (
        med_servere("population"),
        Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=konsoll) as fremdrift,
    ):
        oppgave = fremdrift.add_task("skriver", total=cases)

        def videre(gjort: int) -> None:
            fremdrift.advance(oppgave, gjort)

        arbeid = befolkning.skriv if skriv else befolkning.skriv_svar
        try:
            arbeid(cases, seed, termin, fremdrift=videre)
        except (befolkning.FinnesAllerede, ValueError) as feil:
            raise typer.BadParameter(str(feil)) from None


def _tall(verdi: float) -> str:
    return f"{verdi:.4f}" if abs(verdi) < 10 else f"{verdi:,.0f}".replace(",", " ")
