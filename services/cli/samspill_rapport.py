"""``boligsak report``: reports written to a folder."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def report() -> None:
    """Write a report."""


@app.command()
def samspill(
    ut: Annotated[Path, typer.Option("--ut", help="Folder for the report.")] = Path("build/samspill"),
) -> None:
    """The tables and figures of NIBR-rapport 2008:13, printed figures and the model's side by side."""
    from services.rapport.samspill import skriv
    from services.rapport.samspill_tabeller import oppsummering

    try:
        skriv(ut, lambda fil: typer.echo(str(fil)))
    except OSError as feil:
        typer.echo(f"report: --ut: {feil.strerror or feil}", err=True)
        raise typer.Exit(2) from None
    for navn, o in oppsummering().items():
        typer.echo(f"{navn}: {o['tall']} tall, {o['like']} like, {o['innenfor_1']} innenfor 1")


@app.command()
def almenbolig(
    ut: Annotated[Path, typer.Option("--ut", help="Folder for the report.")] = Path("build/almenbolig"),
) -> None:
    """The figures and tables of the Danish report on beboerbetaling, printed and the model's side by side."""
    from services.rapport.almenbolig import skriv
    from services.rapport.almenbolig_tal import alle

    try:
        skriv(ut, lambda fil: typer.echo(str(fil)))
    except OSError as feil:
        typer.echo(f"report: --ut: {feil.strerror or feil}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{len(alle())} tal, {sum(t.ens for t in alle())} ens efter afrunding")


@app.command("almenbolig-regnskab")
def almenbolig_regnskab(
    ar: Annotated[int, typer.Option("--ar", min=2012, max=2100, help="Year of the account.")],
    ut: Annotated[Path, typer.Option("--ut", help="Folder for the report.")] = Path("build/almenbolig"),
) -> None:
    """The state's account of the Danish commitments by commitment year. Exits 1 when a sum does not hold."""
    from services.cli.servere import med_servere
    from services.klokke import i_dag, na
    from services.rapport.almenbolig_regnskab import lag, skriv

    with med_servere("report"):
        regnskab = lag(ar, i_dag(na()))
    try:
        for fil in skriv(regnskab, ut):
            typer.echo(str(fil))
    except OSError as feil:
        typer.echo(f"report: --ut: {feil.strerror or feil}", err=True)
        raise typer.Exit(2) from None
    for linje in regnskab.avvik:
        typer.echo(linje, err=True)
    raise typer.Exit(1 if regnskab.avvik else 0)


@app.command()
def tilsagn(
    ar: Annotated[int, typer.Option("--ar", min=2019, max=2100, help="Year of the report.")],
    ut: Annotated[Path, typer.Option("--ut", help="Folder for the report.")] = Path("build/tilsagn"),
) -> None:
    """Commitments, payouts, frames and the loan book of a year. Exits 1 when decisions and ledger do not agree."""
    from services.cli.servere import med_servere
    from services.klokke import i_dag, na
    from services.rapport.tilsagn import avvik, lag
    from services.rapport.tilsagn_tabeller import skriv

    idag = i_dag(na())
    with med_servere("report"):
        rapport = lag(ar, idag if idag.year <= ar else None)
    try:
        for fil in skriv(rapport, ut):
            typer.echo(str(fil))
    except OSError as feil:
        typer.echo(f"report: --ut: {feil.strerror or feil}", err=True)
        raise typer.Exit(2) from None
    for linje in avvik(rapport):
        typer.echo(linje, err=True)
    raise typer.Exit(1 if avvik(rapport) else 0)
