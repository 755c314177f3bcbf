"""``boligsak replay``: stored decisions computed again, to the same bytes."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer

from services.forsegling import ForseglingFeil
from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, invoke_without_command=True)
AVVIK, UGYLDIG = 1, 2
GULL = Path("tests/golden")


@app.callback()
def replay(
    ctx: typer.Context,
    vedtak: Annotated[list[UUID] | None, typer.Option(help="This decision; may be repeated.")] = None,
    utvalg: Annotated[int, typer.Option(min=0, help="So many decisions at random.")] = 0,
    fro: Annotated[int, typer.Option(help="The seed: the same takes the same decisions.")] = 1,
) -> None:
    """Compute decisions again from stored facts and rule version, and name what differs.

    Exit code 1 when any does, 2 when a decision could not be found or the database not be asked.
    """
    if ctx.invoked_subcommand is not None:
        return
    if not vedtak and not utvalg:
        raise typer.BadParameter("må oppgis", param_hint="--vedtak eller --utvalg")
    from services.replay import spill

    with stoppsignaler(), oppe() as funnet:
        try:
            ider = list(vedtak or ()) or spill.utvalg(funnet.database_url, utvalg, fro)
            resultat = spill.spill_av(funnet.database_url, ider)
        except (psycopg.Error, ForseglingFeil) as feil:
            typer.echo(f"boligsak replay: {feil}", err=True)
            raise typer.Exit(UGYLDIG) from None
    for a in resultat.avvik:
        typer.echo(f"vedtak {a.vedtak}: {a.felt}: {a.forklaring}")
    for id_ in resultat.ukjente:
        typer.echo(f"boligsak replay: --vedtak: {id_} finnes ikke", err=True)
    fart = resultat.antall / resultat.sekunder if resultat.sekunder else 0.0
    typer.echo(
        f"{resultat.antall} vedtak, {resultat.like} til de samme byte ({resultat.andel:.2%}),"
        f" {len(resultat.avvik)} avvik, {resultat.slettet} med slettet person; {resultat.sekunder:.2f} s ({fart:.0f}/s)"
    )
    raise typer.Exit(AVVIK if resultat.avvik else UGYLDIG if resultat.ukjente else 0)


@app.command()
def gull(
    mappe: Annotated[Path, typer.Argument(help="Folder of the golden decisions.", file_okay=False)] = GULL,
    sjekk: Annotated[bool, typer.Option("--sjekk", help="Add nothing; say what is wrong.")] = False,
) -> None:
    """Add golden decisions where a rule period or a kind of household lacks one. What is there is never changed."""
    from services.replay import gull as gullvedtak

    try:
        if sjekk:
            feil = gullvedtak.feil(mappe)
            for linje in feil:
                typer.echo(linje)
            raise typer.Exit(int(bool(feil)))
        nye = gullvedtak.legg_til(mappe)
    except gullvedtak.GullFeil as feil_:
        typer.echo(f"boligsak replay gull: {feil_}", err=True)
        raise typer.Exit(UGYLDIG) from None
    for sted in nye:
        typer.echo(f"lagt til: {sted}")
    typer.echo(f"{len(nye)} lagt til")
