"""``boligsak brev``: the letter about a decision, as HTML or PDF."""

import getpass
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn
from uuid import UUID

import typer

from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def brev(
    vedtak: Annotated[UUID, typer.Argument(help="The decision.")],
    format_: Annotated[
        Literal["html", "pdf"], typer.Option("--format", help="For screen or paper.")
    ] = "html",
    sprak: Annotated[
        Literal["nb", "nn", "da"] | None, typer.Option(help="Else the application's own.")
    ] = None,
    ut: Annotated[
        Path | None, typer.Option(help="File, readable by its owner alone; else standard output.")
    ] = None,
) -> None:
    """As it was issued; one that has not been issued, as it reads now. Nothing is issued by this.

    The reading is itself noted, in the name of who runs the command.
    """
    from services.brev import utstedt
    from services.brev.kilde import UkjentSprak, sak_for
    from services.brev.sak import FinnesIkke, Slettet, les
    from services.innsyn.leselogg import les_som
    from services.klokke import na
    from services.lager.sesjon import Innsyn
    from services.tilgang.aktor import ALLE, Aktor, Formal

    navn = f"kommando:{getpass.getuser()}"
    aktor = Aktor(navn, "system", "", ALLE, klarert=True, formal=Formal.SAKSBEHANDLING)
    try:
        with (
            stoppsignaler(),
            oppe(),
            les_som(aktor, "brev.vedtak", innsyn=Innsyn(navn, ALLE, klarert=True)) as lesing,
        ):
            sak_id = sak_for(lesing.forbindelse, vedtak)
            lesing.saker = (sak_id,)
            sak = les(lesing.forbindelse, sak_id)
            innhold, _, _ = utstedt.hent(sak, "vedtak", vedtak, sprak, format_, na())
    except FinnesIkke:
        _nei(f"VEDTAK: {vedtak} finnes ikke")
    except Slettet:
        _nei("VEDTAK: personopplysningene i saken er slettet")
    except UkjentSprak as feil:
        _nei(f"--sprak: må være en av {feil}")
    except (utstedt.FeilBelop, utstedt.Brevavvik) as feil:
        _nei(str(feil), 1)
    if ut is None:
        sys.stdout.buffer.write(innhold)
        return
    ut.touch(mode=0o600)
    ut.chmod(0o600)
    ut.write_bytes(innhold)


def _nei(melding: str, kode: int = 2) -> NoReturn:
    typer.echo(f"boligsak brev: {melding}", err=True)
    raise typer.Exit(kode)
