"""Commands that start and look at servers and processes."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.innebygd import Adresser, Servere, ServereNede, adresser, oppe
from services.innebygd.oppsett import Oppsett, prosesser
from services.innebygd.postgres import PostgresFeil
from services.innebygd.prosesser import OppstartFeil, Oppsyn, stoppsignaler
from services.innebygd.servere import InstansOpptatt, uten_passord
from services.innebygd.valkey import ValkeyFeil, uten_gjentak

STARTFEIL = (InstansOpptatt, OppstartFeil, PostgresFeil, ValkeyFeil)


def start(
    api_port: Annotated[int, typer.Option(help="Port of the API on 127.0.0.1.")] = 8080,
    register_port: Annotated[int, typer.Option(help="Port of the register simulator on 127.0.0.1.")] = 8099,
    arbeidere: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    trader: Annotated[int, typer.Option(min=1, help="Threads of each worker process.")] = 8,
    registersim: Annotated[bool, typer.Option(help="Start the register simulator.")] = True,
) -> None:
    """Servers, migrations, register simulator, workers, relay, beat and API in the foreground; Ctrl-C stops all."""
    ut = Console(stderr=True)
    verter = Servere()
    oppsett = Oppsett(
        api_port,
        register_port,
        arbeidere,
        trader,
        registersim=registersim,
        malinger=verter.mappe / "malinger",
    )
    oppsyn = Oppsyn(verter.mappe, verter=verter)
    with stoppsignaler():
        try:
            funnet = verter.start()
            _oppgrader(funnet)
            oppsyn.start(*prosesser(oppsett, funnet))
            ut.print(
                f"Boligsak runs: {oppsett.api_url}/docs (logs under {verter.mappe}/logg). Ctrl-C stops it."
            )
            oppsyn.kjor()
        except STARTFEIL as feil:
            typer.echo(str(feil), err=True)
            raise typer.Exit(1) from feil
        except KeyboardInterrupt:
            ut.print("Stopping …")
        finally:
            oppsyn.stopp()
            verter.stopp()


def migrate() -> None:
    """Bring the database to the newest schema; starts the embedded server for the while when none runs."""
    with stoppsignaler(), oppe() as funnet:
        _oppgrader(funnet)
    typer.echo("the database has the newest schema")


def servere() -> None:
    """Which PostgreSQL and which broker are used, and do they answer. Exit code 1 when one does not."""
    import psycopg
    import redis

    try:
        funnet = adresser()
    except ServereNede as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(1) from feil
    tabell = Table("server", "address", "state")
    nede = False
    try:
        with psycopg.connect(funnet.database_url, connect_timeout=5) as forbindelse:
            rad = forbindelse.execute("show server_version").fetchone()
        tilstand = f"PostgreSQL {rad[0] if rad else '?'}"
    except psycopg.OperationalError:
        nede, tilstand = True, "[red]does not answer[/red]"
    tabell.add_row("database", uten_passord(funnet.database_url), tilstand)
    try:
        klient = uten_gjentak(funnet.broker_url)
        info = klient.info("server")
        klient.close()
        tilstand = f"{info.get('server_name', 'redis')} {info.get('valkey_version') or info['redis_version']}"
    except redis.RedisError:
        nede, tilstand = True, "[red]does not answer[/red]"
    tabell.add_row("broker", uten_passord(funnet.broker_url), tilstand)
    Console().print(tabell)
    raise typer.Exit(int(nede))


def _oppgrader(funnet: Adresser) -> None:
    from services.lager.migrering import oppgrader

    oppgrader(funnet.database_url)
