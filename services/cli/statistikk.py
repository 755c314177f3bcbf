"""``boligsak statistikk``: figures of a month and of a year, small cells hidden."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.servere import med_servere

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Termin = Annotated[str, typer.Option(help="Month, YYYY-MM.")]
UGYLDIG = 2


@app.command()
@med_servere("statistikk")
def lag(termin: Termin) -> None:
    """Count the month's decisions and store what may be shown."""
    from services.kjoring.statistikk import lag as gjor

    typer.echo(f"{termin}: {gjor(_termin(termin), datetime.now(UTC))} kommuner")


@app.command()
@med_servere("statistikk")
def vis(
    termin: Termin,
    kommune: Annotated[
        list[str] | None, typer.Option(help="Four digits; several times. Left out: all.")
    ] = None,
) -> None:
    """Print the month. A dot is a hidden cell."""
    from services.kjoring.statistikk_les import maned
    from services.lager.roller import DbRolle
    from services.lager.sesjon import SYSTEM, transaksjon

    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        rader = maned(forbindelse, _termin(termin), kommune)
    if not rader:
        raise _stopp(f"ingen statistikk for {termin}: kjør `boligsak statistikk lag --termin {termin}`")
    tabell = Table(title=f"Bostøtte {termin}")
    felter = ("soknader", "innvilget", "under_behandling", "belop_snitt", "inntekt_snitt", "boutgift_snitt")
    navn_pa = ("søkt", "innvil-get", "åpne", "snitt beløp", "snitt inntekt", "snitt boutgift")
    tabell.add_column("kom.nr.", no_wrap=True)
    for navn in (*navn_pa, "V03", "over tak", "barne-familier"):
        tabell.add_column(navn, justify="right", overflow="fold")
    for rad in rader:
        tabell.add_row(
            "landet" if rad["kommunenummer"] == "0000" else rad["kommunenummer"],
            *[_celle(rad[f]) for f in felter],
            _celle(rad["avslag"]["V03"]),
            _celle(rad["boutgift"]["over_tak"]),
            _celle(rad["familie"]["barnefamilier"]),
        )
    Console().print(tabell)


@app.command()
@med_servere("statistikk")
def ar(
    ar: Annotated[int, typer.Argument(min=2000, max=2200, help="Year of payment.")],
    tell: Annotated[
        bool, typer.Option("--tell", help="Count the households by benefit first; takes minutes.")
    ] = False,
) -> None:
    """Print the year's key figures in the shape of Husbankens Tabell 3.15."""
    from services.kjoring.statistikk_ar import lag
    from services.kjoring.statistikk_les import aret
    from services.lager.roller import DbRolle
    from services.lager.sesjon import SYSTEM, transaksjon

    if tell:
        lag(ar, datetime.now(UTC))
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.exec_driver_sql("SET LOCAL statement_timeout = '300s'")
        tall = aret(forbindelse, ar)
    if tall is None:
        raise _stopp(f"ingen statistikk for {ar}")
    tabell = Table(title=f"Bostøtte {ar}", show_header=False)
    for navn, verdi in tall.items():
        liste = [f"{n} {_celle(v)}" for n, v in verdi.items()] if isinstance(verdi, dict) else verdi
        tekst = ", ".join(map(str, liste)) if isinstance(liste, list) else str(liste)
        tabell.add_row(navn, "." if verdi is None else tekst or "ingen")
    Console().print(tabell)


def _celle(verdi: int | None) -> str:
    return "." if verdi is None else str(verdi)


def _termin(termin: str) -> str:
    from domain.regler.termin import TerminFeil, del_opp

    try:
        del_opp(termin)
    except TerminFeil as feil:
        raise _stopp(str(feil)) from None
    return termin


def _stopp(melding: str) -> typer.Exit:
    typer.echo(f"boligsak statistikk: {melding}", err=True)
    return typer.Exit(UGYLDIG)
