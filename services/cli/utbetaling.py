"""``boligsak utbetaling``: payment files, the bank's answers, reconciliation."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from services.cli.servere import med_servere

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Termin = Annotated[str, typer.Option(help="Month, YYYY-MM.")]
UGYLDIG = 2
AVVIK = 1


@app.command()
@med_servere("utbetaling")
def fil(
    termin: Termin,
    ut: Annotated[Path, typer.Option(help="Folder for the files.")] = Path(),
    ordning: Annotated[str, typer.Option(help="Scheme.")] = "bostotte",
) -> None:
    """Put what is due into a pain.001 file. Again: the same files, byte by byte, and a new one for what is new."""
    from domain.ordninger import ORDNINGER
    from services.klokke import i_dag, na
    from services.utbetaling.fil import AnnenValuta, IkkeSinTur, lag, skriv

    if ordning not in ORDNINGER:
        raise _stopp(f"--ordning: må være en av {', '.join(ORDNINGER)}")
    try:
        filer = lag(_termin(termin), ordning, dag=i_dag(na()))
    except (AnnenValuta, IkkeSinTur) as feil:
        raise _stopp(f"--{feil}") from None
    ut.mkdir(parents=True, exist_ok=True)
    for f in filer:
        typer.echo(f"{skriv(f, ut)}  {f.antall} betalinger, {f.sum} kr, forfall {f.forfall}, {f.status}")
    if not filer:
        typer.echo(f"ingenting å betale for {termin}")


@app.command()
@med_servere("utbetaling")
def sendt(msgid: Annotated[str, typer.Argument(help="MsgId of the file that the bank has.")]) -> None:
    """Note that the bank has the file."""
    from services.utbetaling.fil import FilFinnesIkke, merk_sendt

    try:
        f = merk_sendt(msgid)
    except FilFinnesIkke as feil:
        raise _stopp(str(feil)) from None
    typer.echo(f"{f.msgid}: {f.status}")


@app.command()
@med_servere("utbetaling")
def svar(
    file: Annotated[Path, typer.Argument(help="The bank's pain.002.", exists=True, dir_okay=False)],
) -> None:
    """Read the bank's answer. Read twice, it changes nothing the second time."""
    from services.utbetaling.fil import FilFinnesIkke
    from services.utbetaling.pain002 import UgyldigSvar
    from services.utbetaling.svar import les_inn

    try:
        k = les_inn(file.read_bytes(), datetime.now(UTC))
    except (UgyldigSvar, FilFinnesIkke) as feil:
        raise _stopp(str(feil)) from None
    merknad = "" if k.ny else " (lest før)"
    typer.echo(
        f"{k.msgid}: {k.utfort} utført, {k.avvist} avvist, {k.under_veis} under veis, {k.ukjent} ukjent{merknad}"
    )


@app.command()
@med_servere("utbetaling")
def igjen(sak: Annotated[UUID, typer.Argument(help="The case whose account is put right.")]) -> None:
    """Let a case's refused payments go with the next file."""
    from services.utbetaling.svar import prov_igjen

    typer.echo(f"{prov_igjen(sak)} rader er planlagt på nytt")


@app.command()
@med_servere("utbetaling")
def avstem(termin: Termin) -> None:
    """Decisions, ledger and files of a termin against each other. Exit code 1 when something does not add up."""
    from services.utbetaling.avstem import avstem as gjor

    a = gjor(_termin(termin))
    konsoll = Console()
    tabell = Table(title=f"Avstemming {termin}")
    for navn in ("hva", "antall", "kroner", "etter status"):
        tabell.add_column(navn)
    for r in a.rader:
        statuser = ", ".join(f"{s} {v}" for s, v in r.etter_status.items())
        tabell.add_row(
            f"kjøring {r.kjoring}" if r.kjoring else "enkeltvedtak", str(r.antall), str(r.sum), statuser
        )
    for f in a.filer:
        statuser = ", ".join(f"{s} {v}" for s, v in f.etter_status.items())
        tabell.add_row(f"fil {f.fil.msgid}", str(f.linjer), str(f.sum_linjer), statuser)
    tabell.add_row("vedtatt", "", str(a.vedtatt), "")
    tabell.add_row("bokført", "", str(a.bokfort), "")
    tabell.add_row("småbeløp", "", str(a.smabelop), "")
    konsoll.print(tabell)
    for feil in a.feil:
        typer.echo(f"avvik: {feil}", err=True)
    if not a.stemmer:
        raise typer.Exit(AVVIK)
    typer.echo("Alt går opp.")


def _termin(termin: str) -> str:
    from domain.regler.termin import TerminFeil, del_opp

    try:
        del_opp(termin)
    except TerminFeil as feil:
        raise _stopp(str(feil)) from None
    return termin


def _stopp(melding: str) -> typer.Exit:
    typer.echo(f"boligsak utbetaling: {melding}", err=True)
    return typer.Exit(UGYLDIG)
