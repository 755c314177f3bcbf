"""``boligsak token``: a token for the API from the local key, never in production."""

from typing import Annotated

import typer

from services.tilgang import lokal
from services.tilgang.aktor import ROLLER

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def token(
    rolle: Annotated[str, typer.Option(help=f"One of {', '.join(ROLLER)}.")],
    kommune: Annotated[
        list[str], typer.Option(help="Four digits; may be given several times. «alle»: every one.")
    ],
    navn: Annotated[
        str | None, typer.Option(help="Another name is another person (or another machine).")
    ] = None,
    fnr: Annotated[
        str | None, typer.Option(help="The caseworker's own synthetic number: not one's own case.")
    ] = None,
    klarert: Annotated[bool, typer.Option(help="May see cases with a protected address.")] = False,
    engang: Annotated[bool, typer.Option(help="Good for one request.")] = False,
    minutter: Annotated[float, typer.Option(min=0.1, max=60 * 24 * 30, help="How long it is valid.")] = 480,
) -> None:
    """Print a bearer token on standard output."""
    if rolle not in ROLLER:
        raise typer.BadParameter(f"må være en av {', '.join(ROLLER)}", param_hint="--rolle")
    if kommune != ["alle"] and not all(k.isascii() and k.isdigit() and len(k) == 4 for k in kommune):
        raise typer.BadParameter("må være fire sifre, eller «alle» alene", param_hint="--kommune")
    krav = {"pid": fnr} if fnr else {}
    try:
        typer.echo(
            lokal.utsted(kommune, rolle, navn=navn, klarert=klarert, minutter=minutter, engang=engang, **krav)
        )
    except lokal.LokalUtstederNektet as nektet:
        typer.echo(f"boligsak token: {nektet}", err=True)
        raise typer.Exit(1) from None
