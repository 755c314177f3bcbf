"""``boligsak bevaring``: what may be erased, what must be held, and the erasure."""

import getpass
from datetime import UTC, datetime
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Sak = Annotated[UUID, typer.Option(help="The case.")]
Grunn = Annotated[str, typer.Option(help="Why; sealed with the case.")]
Dato = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it will be that day.")]


@app.command()
def vis(
    dato: Dato = None, saker: Annotated[bool, typer.Option(help="List the cases that are due.")] = False
) -> None:
    """What is due to be erased, and what holds the rest back. Changes nothing."""
    from services.bevaring import hold, sletting, utvalg
    from services.bevaring.frister import dager_avviste, frister
    from services.lager.roller import DbRolle
    from services.lager.sesjon import transaksjon

    tid = dato.replace(tzinfo=UTC) if dato else datetime.now(UTC)
    with stoppsignaler(), oppe(), transaksjon(DbRolle.BEVARING, sletting.innsyn(_aktor())) as forbindelse:
        funnet = utvalg.kandidater(forbindelse, tid.date())
        holdte = hold.gjeldende(forbindelse)
        avviste = sletting.avviste(forbindelse, tid, slett=False)
    ut = Console()
    tabell = Table(title=f"Bevaring per {tid:%Y-%m-%d}")
    for navn in ("ordning", "slag", "frist (år)", "sikkerhet", *utvalg.STILLINGER):
        tabell.add_column(navn)
    klokker = {(f.ordning, f.slag): f for f in frister() if f.gyldig_fra <= tid.date()}
    for nokkel, tall in utvalg.oversikt(funnet).items():
        f = klokker.get(nokkel)
        tabell.add_row(*nokkel, str(f.ar) if f else "-", f.sikkerhet if f else "-", *map(str, tall.values()))
    ut.print(tabell)
    typer.echo(f"Avviste hendelser eldre enn {dager_avviste()} dager med innhold: {avviste}")
    for h in holdte:
        typer.echo(f"hold: sak {h['sak']} siden {h['satt']:%Y-%m-%d} av {h['av']}: {h['grunn']}")
    if saker:
        for k in funnet:
            if k.stilling == "klar":
                typer.echo(f"{k.sak} {k.ordning}-{k.slag} sist {k.sist} forfalt {k.utlop}")


@app.command()
def slett(
    ja: Annotated[bool, typer.Option("--ja", help="Erase. Without it, nothing is done.")] = False,
    sak: Annotated[UUID | None, typer.Option(help="This case's main person alone, before the clock.")] = None,
    hjemmel: Annotated[
        str, typer.Option(help="With --sak: by what decision. Stands open in the chain.")
    ] = "",
) -> None:
    """Destroy the keys of those whose cases have been kept long enough. What is destroyed cannot be read again."""
    from services.bevaring import sletting
    from services.lager.roller import DbRolle
    from services.lager.sesjon import transaksjon

    if not ja:
        _stopp("--ja må gis; se først på `boligsak bevaring vis`")
    if (sak is None) != (not hjemmel):
        _stopp("--sak og --hjemmel må gis sammen")
    aktor, tid = _aktor(), datetime.now(UTC)
    with stoppsignaler(), oppe():
        if sak is not None:
            try:
                resultater = [sletting.slett_etter_palegg(sak, hjemmel, aktor, tid)]
            except sletting.KanIkkeSlettes as feil:
                _stopp(str(feil))
            avviste = 0
        else:
            resultater = list(sletting.slett_forfalte(aktor, tid))
            with transaksjon(DbRolle.BEVARING, sletting.innsyn(aktor)) as forbindelse:
                avviste = sletting.avviste(forbindelse, tid, slett=True)
    antall = sum(len(r.saker) for r in resultater), sum(r.personer for r in resultater)
    typer.echo(f"Slettet: {antall[0]} saker, {antall[1]} personer, {avviste} avviste hendelser")


@app.command("hold")
def sett_hold(sak: Sak, grunn: Grunn) -> None:
    """A legal hold: the case is not erased until it is lifted."""
    from services.bevaring import hold

    _hold(hold.sett, sak, grunn)


@app.command()
def opphev(sak: Sak, grunn: Grunn) -> None:
    """Lift a legal hold."""
    from services.bevaring import hold

    _hold(hold.opphev, sak, grunn)


def _hold(gjor, sak: UUID, grunn: str) -> None:  # type: ignore[no-untyped-def]
    from services.bevaring.hold import HoldFeil
    from services.bevaring.sletting import innsyn
    from services.forsegling import NokkelDestruert
    from services.lager.roller import DbRolle
    from services.lager.saker import SakFinnesIkke
    from services.lager.sesjon import transaksjon

    if not grunn.strip():
        _stopp("--grunn må sies")
    try:
        with stoppsignaler(), oppe(), transaksjon(DbRolle.BEVARING, innsyn(_aktor())) as forbindelse:
            gjor(forbindelse, sak, grunn, _aktor(), datetime.now(UTC))
    except (SakFinnesIkke, NokkelDestruert):
        _stopp(f"--sak: {sak} finnes ikke, eller er slettet")
    except HoldFeil as feil:
        _stopp(str(feil))
    typer.echo("notert")


def _aktor() -> str:
    return f"kommando:{getpass.getuser()}"


def _stopp(melding: str) -> NoReturn:
    typer.echo(f"boligsak bevaring: {melding}", err=True)
    raise typer.Exit(2) from None
