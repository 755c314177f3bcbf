"""``boligsak verify``: is the audit log what was written?"""

from typing import Annotated
from uuid import UUID

import psycopg
import typer

from services.forsegling import ForseglingFeil
from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def verify(
    sak: Annotated[UUID | None, typer.Option(help="One case alone.")] = None,
    kommune: Annotated[
        list[str] | None, typer.Option(help="Cases of this municipality; may be repeated.")
    ] = None,
) -> None:
    """Recompute every hash chain from the database and name each changed, removed, inserted or re-ordered row.

    Exit code 1 when there is any, 2 when it could not be checked.
    """
    from services.lager.verifisering import Utvalg, verifiser_alt

    with stoppsignaler(), oppe() as funnet:
        try:
            resultat = verifiser_alt(funnet.database_url, Utvalg(sak, tuple(kommune or ())))
        except (psycopg.Error, ForseglingFeil) as feil:
            typer.echo(f"boligsak verify: {feil}", err=True)
            raise typer.Exit(2) from None
    for f in resultat.funn:
        typer.echo(f"{f.slag}: sak {f.sak} seq {f.seq} {f.hva}: {f.forklaring}")
    if sak and not resultat.saker:
        typer.echo(f"boligsak verify: --sak: {sak} finnes ikke", err=True)
        raise typer.Exit(2)
    rader = resultat.hendelser + resultat.vedtak
    fart = rader / resultat.sekunder if resultat.sekunder else 0.0
    typer.echo(
        f"{resultat.saker} saker, {resultat.hendelser} hendelser, {resultat.vedtak} vedtak på"
        f" {resultat.sekunder:.2f} s ({fart:.0f} rader/s); {len(resultat.funn)} brudd"
    )
    if resultat.uapnet:
        typer.echo(
            f"{resultat.uapnet} forseglede innhold kunne ikke åpnes (nøkkelen er slettet eller ikke her);"
            " de er kontrollert mot kjeden"
        )
    raise typer.Exit(int(bool(resultat.funn)))
