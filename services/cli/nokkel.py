"""``boligsak nokkel``: the keys that wrap the data keys (BOLIGSAK_KEK_FIL)."""

from datetime import UTC, datetime

import typer
from sqlalchemy import Engine, create_engine

from services.forsegling import Forsegler, ForseglingFeil, nokkelfil, rotasjon
from services.innebygd import adresser
from services.innstillinger import innstillinger
from services.lager.roller import sqlalchemy_url

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def ny() -> None:
    """Make a new key-encryption key and let it be the active one; the old ones stay for what they have wrapped."""
    innst = innstillinger()
    try:
        nokkelfil.les(innst)
        typer.echo(nokkelfil.legg_til(nokkelfil.nokkelfil(innst), datetime.now(UTC).date()))
    except ForseglingFeil as feil:
        _stopp(feil)


@app.command()
def roter(porsjon: int = typer.Option(5000, min=1, help="Rows a transaction.")) -> None:
    """Wrap every data key anew with the active key. Stop it at will: the next run goes on where it was."""
    motor = _eier()
    try:
        forsegler = Forsegler(nokkelfil.les(innstillinger()))
        sum_: dict[str, int] = {}
        for tabell, antall in rotasjon.roter(motor, forsegler, porsjon):
            sum_[tabell] = sum_.get(tabell, 0) + antall
            typer.echo(f"{tabell}: {sum_[tabell]} nøkler pakket om", err=True)
        typer.echo(f"Ferdig: {sum(sum_.values())} nøkler pakket om med {forsegler.aktiv}")
    except ForseglingFeil as feil:
        _stopp(feil)
    finally:
        motor.dispose()


@app.command()
def status() -> None:
    """How many data keys each key-encryption key wraps. One that wraps none can be taken out of the file."""
    motor = _eier()
    try:
        aktiv = nokkelfil.les(innstillinger()).aktiv
        for tabell, kek, antall in rotasjon.status(motor):
            navn = "slettet" if kek is None else kek + (" (aktiv)" if kek == aktiv else "")
            typer.echo(f"{tabell:8} {navn:24} {antall}")
    except ForseglingFeil as feil:
        _stopp(feil)
    finally:
        motor.dispose()


def _eier() -> Engine:
    """The owner of the tables, whom row-level security does not bind."""
    return create_engine(sqlalchemy_url(adresser().database_url), connect_args={"connect_timeout": 5})


def _stopp(feil: ForseglingFeil) -> None:
    typer.echo(f"boligsak nokkel: {feil}", err=True)
    raise typer.Exit(1) from None
