"""The `boligsak` command. A sub-command is imported when it is called, so that `--help` answers at once.

To add one: a module with a Typer app (or a typed function), and a line in `KOMMANDOER`.
"""

import importlib
from collections.abc import Callable
from importlib.util import find_spec

import typer

KOMMANDOER: dict[str, tuple[str, str]] = {
    "demo": ("services.cli.demo:app", "Example claims from event to decision, on servers of its own."),
    "start": ("services.cli.tjenester:start", "Run everything in the foreground; Ctrl-C stops all."),
    "servere": ("services.cli.tjenester:servere", "Which PostgreSQL and which broker, and do they answer."),
    "migrate": ("services.cli.tjenester:migrate", "Bring the database to the newest schema."),
    "calc": ("services.cli.calc:app", "Calculate cases from a file or standard input."),
    "report": ("services.cli.samspill_rapport:app", "Reports: tables and figures, to a folder."),
    "verify": ("services.cli.verify:app", "Check the audit chains."),
    "replay": ("services.cli.replay:app", "Compute stored decisions again, to the same bytes."),
    "rules": ("services.cli.rules:rules", "The public page of a scheme's legal content."),
    "nokkel": ("services.cli.nokkel:app", "The keys that seal personal data."),
    "token": ("services.cli.token:app", "Issue a token for the API, locally."),
    "innsyn": ("services.cli.innsyn:app", "Everything that is kept about one person."),
    "brev": ("services.cli.brev:app", "The letter about a decision, as HTML or PDF."),
    "bevaring": ("services.cli.bevaring:app", "Retention clocks, legal hold, erasure."),
    "batch": ("services.cli.batch:app", "The monthly run."),
    "population": (
        "services.cli.population:population",
        "A synthetic country of cases, beside the real one.",
    ),
    "statistikk": ("services.cli.statistikk:app", "Figures of a month and of a year, small cells hidden."),
    "etterkontroll": ("services.cli.etterkontroll:app", "Controls afterwards: start one, see how it stands."),
    "utbetaling": ("services.cli.utbetaling:app", "Payment files, the bank's answers, reconciliation."),
}
"""Name → where it is defined (``module:attribute``), and its line of help."""

app = typer.Typer(
    name="boligsak",
    help="Case processing for Norwegian housing support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: the coloured one takes longer to load than everything else
)


def _kommando(navn: str, sti: str) -> Callable[[typer.Context], None]:
    modul, _, attributt = sti.partition(":")

    def kjor(ctx: typer.Context) -> None:
        mal = getattr(importlib.import_module(modul), attributt)
        if not isinstance(mal, typer.Typer):
            funksjon, mal = mal, typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            mal.command()(funksjon)
        mal(args=ctx.args, prog_name=f"boligsak {navn}")

    return kjor


for _navn, (_sti, _hjelp) in KOMMANDOER.items():
    if find_spec(_sti.partition(":")[0]) is not None:
        app.command(
            _navn,
            help=_hjelp,
            add_help_option=False,  # --help is the sub-command's own
            context_settings={
                "allow_extra_args": True,
                "ignore_unknown_options": True,
                "help_option_names": [],
            },
        )(_kommando(_navn, _sti))
