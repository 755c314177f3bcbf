"""``boligsak innsyn``: everything that is kept about one person, as JSON or as a page."""

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def innsyn(
    person: Annotated[
        str,
        typer.Option(help="Identity number; - reads it from standard input, which leaves no trace of it."),
    ],
    format_: Annotated[Literal["json", "html"], typer.Option("--format", help="Machine or human.")] = "json",
    ut: Annotated[
        Path | None, typer.Option(help="File, readable by its owner alone; else standard output.")
    ] = None,
) -> None:
    """Facts with source and time, decisions with reasons, payments, registers asked, and who has read the case.

    The reading is itself noted, in the name of who runs the command.
    """
    from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller
    from services.innsyn.leselogg import les_som
    from services.innsyn.side import html
    from services.innsyn.svar import svar
    from services.klokke import i_dag
    from services.lager.sesjon import Innsyn
    from services.tilgang.aktor import ALLE, Aktor, Formal

    tid = datetime.now(UTC)
    fnr = (sys.stdin.readline() if person == "-" else person).strip()
    try:
        kontroller(fnr, i_dag(tid), tillat_syntetiske=True)
    except UgyldigIdentitetsnummer as feil:
        typer.echo(f"boligsak innsyn: --person: {feil}", err=True)
        raise typer.Exit(2) from None
    navn = f"kommando:{getpass.getuser()}"
    aktor = Aktor(navn, "system", "", ALLE, klarert=True, formal=Formal.INNSYN)
    with (
        stoppsignaler(),
        oppe(),
        les_som(aktor, "innsyn", innsyn=Innsyn(navn, ALLE, klarert=True)) as les,
    ):
        funnet = svar(les.forbindelse, fnr, tid)
        les.saker, les.antall = [s.id for s in funnet.saker], len(funnet.saker)
    tekst = html(funnet) if format_ == "html" else funnet.model_dump_json(by_alias=True, indent=2) + "\n"
    if ut is None:
        typer.echo(tekst, nl=False)
        return
    ut.touch(mode=0o600)
    ut.chmod(0o600)
    ut.write_text(tekst, encoding="utf-8")
