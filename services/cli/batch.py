"""``boligsak batch``: the monthly run from the terminal, with live progress."""

import getpass
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli.servere import med_servere

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
HOLDT, AVVIK, UGYLDIG = 3, 4, 2
"""Exit codes: the run waits for a named person; the books do not balance; the input is to blame."""
_ut = Console(stderr=True)


@app.callback()
def batch() -> None:
    """The monthly run: decide every running case of a scheme, look at a run, release or reject a held one."""


@contextmanager
def _arbeidere(funnet: Any) -> Iterator[None]:
    """Workers of the queue ``kjoring``: started here when none listens."""
    from pathlib import Path

    from services.innebygd.oppsett import lyttere
    from services.innebygd.prosesser import Oppsyn, Prosess
    from services.innstillinger import innstillinger
    from services.kjoring.innstillinger import kjoringsinnstillinger

    if lyttere(funnet.broker_url):
        yield
        return
    oppsyn = Oppsyn(Path(innstillinger().rot) / "batch", funnet.miljo())
    antall = kjoringsinnstillinger().arbeidere
    try:
        oppsyn.start(
            *(
                Prosess(
                    f"kjoring-{nr}",
                    (
                        *(
                            sys.executable,
                            "-m",
                            "celery",
                            "-A",
                            "workers.app",
                            "worker",
                            "-n",
                            f"kjoring-{nr}@%h",
                        ),
                        *("-P", "solo", "-Q", "kjoring", "-l", "WARNING"),
                        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                    ),
                    klar=lambda: lyttere(funnet.broker_url) >= antall,
                )
                for nr in range(1, antall + 1)
            )
        )
        yield
    finally:
        oppsyn.stopp()


def _kommando(navn: str) -> None:
    """One sub-command a scheme that has running cases."""

    @app.command(navn)
    def kjor(
        termin: Annotated[str, typer.Option(help="Måneden som vedtas, ÅÅÅÅ-MM.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Vedta og betal ingenting.")] = False,
        kommune: Annotated[list[str] | None, typer.Option(help="Bare denne kommunen (kan gjentas).")] = None,
        slag: Annotated[
            str, typer.Option(help="ordinar, ny_beregning, regelendring eller skygge (alltid prøve).")
        ] = "ordinar",
        aktor: Annotated[str, typer.Option(help="Hvem som starter kjøringen.")] = "",
        rapport: Annotated[bool, typer.Option("--json", help="Skriv hele rapporten som JSON.")] = False,
    ) -> None:
        _kjor(navn, termin, dry_run, kommune, slag, aktor or getpass.getuser(), rapport)

    kjor.__doc__ = f"Run one month of {navn}. A run that was interrupted goes on where it was."


def _ordninger() -> list[str]:
    from domain.ordninger import ORDNINGER

    return [o.navn for o in ORDNINGER.values() if o.manedlig is not None]


def _kjor(
    navn: str, termin: str, prove: bool, kommuner: list[str] | None, slag: str, aktor: str, som_json: bool
) -> None:
    from domain.ordninger import ORDNINGER
    from services.kjoring import driv
    from services.kjoring.etterarbeid import lag_statistikk
    from services.kjoring.kjoring import KanIkkeStarte

    with med_servere("batch") as funnet:
        try:
            id_ = driv.start(ORDNINGER[navn], termin, slag=slag, prove=prove, kommuner=kommuner, aktor=aktor)
        except KanIkkeStarte as feil:
            beskjed = str(feil) if str(feil).startswith(f"{feil.felt}:") else f"{feil.felt}: {feil}"
            uferdig = feil.kjoring_id if feil.kjoring_id in set(driv.aktive()) else None
            if uferdig is None or driv.holdes_i_gang(uferdig):
                typer.echo(f"batch: {beskjed}", err=True)
                raise typer.Exit(UGYLDIG) from None
            _ut.print(f"Kjøring {uferdig} ble avbrutt; den fortsetter der den var.")
            id_ = uferdig
        kjoring = _folg(id_, funnet)
        _vis(kjoring, som_json)
        lag_statistikk()
    if kjoring.status in ("holdt", "avvik"):
        raise typer.Exit(HOLDT if kjoring.status == "holdt" else AVVIK)


def _folg(id_: UUID, funnet: Any) -> Any:
    """Drive the run and show how far it has come, until it is closed or held."""
    from sqlalchemy.exc import DBAPIError

    from services.kjoring import driv
    from services.kjoring.kjoring import AKTIV
    from services.kjoring.vekking import vekk
    from services.motor.feil import er_forbigaende

    with ExitStack() as stabel:
        stabel.enter_context(driv.i_gang(id_))
        stabel.enter_context(_arbeidere(funnet))
        linje = stabel.enter_context(
            Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[fart]}"),
                TimeElapsedColumn(),
                console=_ut,
            )
        )
        faser = {f: linje.add_task(f, total=None, fart="", start=False) for f in ("samle", "behandle")}
        sist_vekket, sagt = 0.0, None
        while True:
            # A wake-up that was lost is sent again; not so often that they pile up.
            send = vekk if time.monotonic() - sist_vekket > 2 else _stille
            try:
                kjoring, tall = driv.driv(id_, send), driv.fremdrift(id_)
            except DBAPIError as feil:
                if not feil.connection_invalidated and not er_forbigaende(feil):
                    raise
                time.sleep(1)  # the database is away; the run stands in it, and goes on when it is back
                continue
            if send is vekk:
                sist_vekket = time.monotonic()
            for fase, gjort in (("samle", tall["samlet"]), ("behandle", tall["behandlet"])):
                oppgave = next(t for t in linje.tasks if t.id == faser[fase])
                if (gjort or kjoring.fase == fase) and not oppgave.started:
                    linje.start_task(oppgave.id)
                if (
                    gjort > oppgave.completed
                ):  # its own time alone: the other phase and the wait before are not in it
                    fart = f"{gjort / max(0.001, oppgave.elapsed or 0):,.0f} saker/s"
                    linje.update(oppgave.id, completed=gjort, total=tall["saker"], fart=fart)
            if kjoring.status not in AKTIV:
                return kjoring
            if tall["feil"] and tall["feil"] != sagt:
                sagt = tall["feil"]
                linje.console.print(f"En bit kommer ikke videre og prøves igjen: {sagt}")
            time.sleep(0.5)


def _stille(_id: UUID, _antall: int) -> None:
    """Nobody is woken."""


def _vis(kjoring: Any, som_json: bool) -> None:
    import orjson

    from domain.sak.manedlig import ARSAKER

    rapport = kjoring.rapport or {}
    if som_json:
        sys.stdout.buffer.write(orjson.dumps(rapport, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    samlet = rapport["regnskap"]["samlet"]
    ut = Console()
    prove = "  prøve: ingenting er vedtatt eller betalt" if kjoring.prove else ""
    ut.print(
        f"Kjøring {kjoring.id}  {kjoring.ordning.navn} {kjoring.termin}  {kjoring.slag}"
        f"  [b]{kjoring.status}[/b]{prove}"
    )
    ut.print(f"manifest {rapport['manifest_hash'][:16]}  resultat {rapport['resultat_hash'][:16]}")
    ut.print(
        f"godtatt {samlet['godtatt']} = vedtatt {samlet['vedtatt']} + stanset {samlet['stanset']}"
        f" + oppgaver {samlet['oppgave']}  ({'stemmer' if rapport['regnskap']['stemmer'] else 'STEMMER IKKE'})"
    )
    tabell = Table("utfall", "kode", "antall", "kroner")
    for k in rapport["utfall"]:
        tabell.add_row(k["utfall"], k["kode"], str(k["antall"]), f"{k['belop']:,}".replace(",", " "))
    ut.print(tabell)
    for g in rapport["grunner"][:10]:
        ut.print(f"{g['utfall']}: {g['grunn']}, {g['antall']} saker", markup=False)
    if resten := sum(g["antall"] for g in rapport["grunner"][10:]):
        ut.print(f"og {resten} saker av andre grunner; rapporten (--json) sier hvilke")
    arsaker = Table("årsak", "saker", "kroner")
    for navn in ARSAKER:
        a = rapport["arsaker"][navn]
        arsaker.add_row(navn, str(a["saker"]), f"{a['kroner']:,}".replace(",", " "))
    arsaker.add_row("sum", "", f"{rapport['endring']:,}".replace(",", " "))
    ut.print(arsaker)
    band = rapport["band"]
    ut.print(f"avslag {band['avslag']['na']:.1%} (forrige {band['avslag']['forrige']:.1%}), "
             f"snitt {band['snitt']['na']} kr (forrige {band['snitt']['forrige']} kr)")  # fmt: skip
    if not kjoring.prove:
        betalinger = rapport["betalinger"]
        kroner = f"{betalinger['kroner']:,}".replace(",", " ")
        stand = {
            "ferdig": f"planlagt, forfall {kjoring.manifest['forfall']}",
            "forkastet": "bortfalt",
        }.get(kjoring.status, "holdt")
        ut.print(f"betalinger {betalinger['antall']}, {kroner} kr, {stand}")
    if feilet := rapport["kontroller"]["feilet"]:
        ut.print("register som ikke svarte: " + ", ".join(f"{r} {n} ganger" for r, n in feilet.items()))
    if hopper := rapport.get("hopper_over"):
        ut.print(
            f"{len(hopper)} saker har måneder før denne som ikke er vedtatt; rapporten (--json) sier hvilke"
        )
    for feil in rapport["regnskap"]["feil"]:
        ut.print(f"[red]stemmer ikke[/red]: {feil}")
    for b in band["brudd"][:10]:
        if b["hva"] == "etter forkastet kjøring":
            ut.print(f"[red]etter en forkastet kjøring[/red]: {b['na']} saker er vedtatt på nytt")
            ut.print("«forrige» er det som ble forkastet")
            continue
        ut.print(f"[red]utenfor båndet[/red]: {b['hva']} {b['na']} mot {b['forrige']} (grense {b['grense']})")
    if rapport["nye_avslag"]:
        ut.print("nye avslag etter årsak: " + ", ".join(f"{n} {a}" for n, a in rapport["nye_avslag"].items()))
    if kjoring.status == "holdt":
        ut.print(
            "Ingenting betales før en navngitt person har sluppet den:"
            f" boligsak batch slipp {kjoring.id} --navn … --begrunnelse …"
        )
        ut.print(
            "Er den gal, blir ingenting av den betalt etter boligsak batch forkast, med de samme valgene."
        )


@app.command()
def slipp(
    kjoring: Annotated[UUID, typer.Argument(help="Kjøringens id.")],
    navn: Annotated[str, typer.Option(help="Hvem som slipper den; en annen enn den som startet.")],
    begrunnelse: Annotated[str, typer.Option(help="Hvorfor det er riktig å betale.")],
) -> None:
    """Release the payments of a held run."""
    from services.kjoring.slipp import slipp as slipp_den

    _avgjor(slipp_den, kjoring, navn, begrunnelse)
    typer.echo(f"kjøringen er sluppet av {navn}")


@app.command()
def forkast(
    kjoring: Annotated[UUID, typer.Argument(help="Kjøringens id.")],
    navn: Annotated[str, typer.Option(help="Hvem som forkaster den.")],
    begrunnelse: Annotated[str, typer.Option(help="Hva som er galt.")],
) -> None:
    """Reject a held run: nothing of it is paid, and the month may be reckoned anew."""
    from services.kjoring.slipp import forkast as forkast_den

    _avgjor(forkast_den, kjoring, navn, begrunnelse)
    typer.echo(
        f"kjøringen er forkastet av {navn}; når årsaken er rettet: boligsak batch <ordning> --termin … --slag"
        " regelendring, eller ny_beregning når det var inntektene"
    )


def _avgjor(hva: Callable[[Any, UUID, str, str], Any], kjoring: UUID, navn: str, begrunnelse: str) -> None:
    from services.kjoring.etterarbeid import lag_statistikk
    from services.kjoring.kjoring import FinnesIkke
    from services.kjoring.slipp import KanIkkeSlippe
    from services.lager.roller import DbRolle
    from services.lager.sesjon import ALLE, Innsyn, transaksjon

    with med_servere("batch"):
        try:
            with transaksjon(DbRolle.KJORING, Innsyn(navn, ALLE, klarert=True)) as forbindelse:
                hva(forbindelse, kjoring, navn, begrunnelse)
        except (FinnesIkke, KanIkkeSlippe) as feil:
            typer.echo(f"batch: {feil}", err=True)
            raise typer.Exit(UGYLDIG) from None
        lag_statistikk()  # of a month that is released


@app.command()
def avstem(
    kjoring: Annotated[UUID, typer.Argument(help="Kjøringens id.")],
    begrunnelse: Annotated[str, typer.Option(help="Hva som var galt, og hva som er gjort.")],
    navn: Annotated[str, typer.Option(help="Hvem som ber om det.")] = "",
) -> None:
    """Balance the books of a run once more, when what kept them from balancing has been mended."""
    from services.kjoring import driv
    from services.kjoring.avstem import pa_nytt
    from services.kjoring.kjoring import FinnesIkke
    from services.kjoring.slipp import KanIkkeSlippe
    from services.lager.roller import DbRolle
    from services.lager.sesjon import ALLE, Innsyn, transaksjon

    hvem = navn or getpass.getuser()
    with med_servere("batch"):
        try:
            with transaksjon(DbRolle.KJORING, Innsyn(hvem, ALLE, klarert=True)) as forbindelse:
                pa_nytt(forbindelse, kjoring, hvem, begrunnelse)
        except (FinnesIkke, KanIkkeSlippe) as feil:
            typer.echo(f"batch: {feil}", err=True)
            raise typer.Exit(UGYLDIG) from None
        ferdig = driv.driv(kjoring, _stille)
        _vis(ferdig, False)
    if ferdig.status in ("holdt", "avvik"):
        raise typer.Exit(HOLDT if ferdig.status == "holdt" else AVVIK)


@app.command()
def vis(
    kjoring: Annotated[UUID | None, typer.Argument(help="Kjøringens id; utelatt: de siste.")] = None,
    rapport: Annotated[bool, typer.Option("--json", help="Skriv hele rapporten som JSON.")] = False,
) -> None:
    """Look at the newest runs, or at the report of one."""
    from services.kjoring import driv
    from services.kjoring import kjoring as kjoringer

    with med_servere("batch"):
        if kjoring is not None:
            try:
                en = driv.les(kjoring)
            except kjoringer.FinnesIkke as feil:
                typer.echo(f"batch: {feil}", err=True)
                raise typer.Exit(UGYLDIG) from None
            if en.rapport is None or en.status in kjoringer.AKTIV:
                tall = driv.fremdrift(en.id)
                typer.echo(
                    f"{en.id} {en.status} {en.fase}: samlet {tall['samlet']}, behandlet {tall['behandlet']}"
                    f" av {tall['saker']}"
                    + (f"; en bit prøves igjen: {tall['feil']}" if tall["feil"] else "")
                )
            else:
                _vis(en, rapport)
            return
        for k in driv.siste(20):  # a line each: the id is to be copied, however narrow the terminal
            prove = " prøve" if k.prove else ""
            typer.echo(f"{k.id}  {k.ordning.navn} {k.termin} {k.slag}{prove}: {k.status}, av {k.startet_av}")


for _navn in _ordninger():
    _kommando(_navn)
