"""``boligsak demo``: example claims from event to decision, on servers and processes of its own."""

from typing import Annotated

import httpx
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli.tjenester import STARTFEIL
from services.demo import eksempel
from services.demo.instans import DemoFeil, kjorende, servere
from services.demo.lop import Gang, Lop
from services.innebygd.oppsett import Oppsett
from services.innebygd.prosesser import Oppsyn, stoppsignaler
from services.tilgang.lokal import LokalUtstederNektet

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    hold: Annotated[bool, typer.Option("--hold", help="Keep everything running until Ctrl-C.")] = False,
    arbeidere: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
) -> None:
    """Send the claims under services/demo/soknader to a Boligsak of its own, and show what became of each.

    Exit code 0 when every claim reached the outcome that its file states. Ctrl-C stops all, at any time.
    """
    ut = Console()
    if not ut.is_terminal:
        ut = Console(width=130)
    with stoppsignaler():
        try:
            alle_rett = _kjor(ut, hold, arbeidere)
        except KeyboardInterrupt:
            ut.print("Stopped.")
            raise typer.Exit(130) from None
        except (*STARTFEIL, DemoFeil, LokalUtstederNektet, httpx.HTTPError) as feil:
            typer.echo(f"boligsak demo: {type(feil).__name__}: {feil}", err=True)
            raise typer.Exit(1) from None
    raise typer.Exit(0 if alle_rett else 1)


def _kjor(ut: Console, hold: bool, arbeidere: int) -> bool:
    with ut.status("Starting PostgreSQL and the broker …") as status, servere() as (adresser, verter):
        status.update("Starting API, workers, relay, beat and register simulator …")
        with kjorende(adresser, verter, arbeidere) as (oppsett, oppsyn):
            status.stop()
            lop, alle_rett = _send_alt(ut, oppsett, oppsyn)
            ut.print(_tabell(lop.ganger))
            _oppsummer(ut, lop)
            if hold:
                try:
                    _fortell(ut, oppsett)  # here: it may be done as soon as it is told
                    oppsyn.kjor()
                except KeyboardInterrupt:
                    ut.print("Stopping …")
    return alle_rett


def _send_alt(ut: Console, oppsett: Oppsett, oppsyn: Oppsyn) -> tuple[Lop, bool]:
    with Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=ut,
    ) as visning:
        eksempler = eksempel.alle()
        sendt = visning.add_task("events sent", total=len(eksempler))
        ferdig = visning.add_task("outcome reached", total=len(eksempler))

        def meld() -> None:
            visning.update(sendt, completed=lop.sendt)
            visning.update(ferdig, completed=sum(g.ferdig for g in lop.ganger))

        lop = Lop(oppsett.api_url, oppsett.register_url, eksempler, meld, oppsyn.tikk)
        try:
            return lop, lop.kjor()
        finally:
            lop.lukk()


def _tabell(ganger: list[Gang]) -> Table:
    tabell = Table(title="What became of the claims", title_justify="left", box=SIMPLE_HEAD)
    kolonner: tuple[tuple[str, JustifyMethod], ...] = (
        ("claim", "left"),
        ("case", "left"),
        ("outcome", "left"),
        ("kr", "right"),
        ("event to decision", "right"),
        ("as stated", "left"),
    )
    for navn, side in kolonner:
        tabell.add_column(navn, justify=side, no_wrap=True)
    for g in ganger:
        f = g.eksempel.forventet
        oppgitt = f.oppgave or f"{f.kode} {f.belop}"
        tabell.add_row(
            g.eksempel.navn,
            f"…{g.sak[-6:]}" if g.sak else "-",
            g.kode or (f"task: {g.oppgave.rpartition(':')[2]}" if g.oppgave else "-"),
            "-" if g.belop is None else f"{g.belop:,}".replace(",", " "),
            "-" if g.brukt_ms is None else f"{g.brukt_ms:,.0f} ms".replace(",", " "),
            "[green]yes[/green]" if g.som_oppgitt else f"[red]no[/red]: {g.avvik or oppgitt}",
        )
    return tabell


def _oppsummer(ut: Console, lop: Lop) -> None:
    if lop.brev:
        navn, byte = lop.brev
        ut.print(f"The letter of {navn}: accessible PDF, {byte // 1000} kB, every sum in it in the trace.")
    rette, alle = sum(g.som_oppgitt for g in lop.ganger), len(lop.ganger)
    farge = "green" if rette == alle else "red"
    ut.print(f"[{farge}]{rette} of {alle} claims reached the outcome that their file states.[/{farge}]")


def _fortell(ut: Console, oppsett: Oppsett) -> None:
    ut.print(
        f"\nAPI docs:  {oppsett.api_url}/docs\n"
        "A token:   .venv/bin/boligsak token --rolle saksbehandler --kommune alle --klarert\n"
        f"Try it:    curl -H \"Authorization: Bearer $TOKEN\" '{oppsett.api_url}/api/v1/saker?antall=3'\n"
        "Ctrl-C stops everything.",
        highlight=False,
        markup=False,
    )
