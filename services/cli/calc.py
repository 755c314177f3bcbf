"""``boligsak calc``: reckon a case from a file or standard input, with the same body and answer as the API."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import FaktaFeil
from domain.regler.termin import TerminFeil, neste
from domain.samspill.vurder import SamspillFeil, vurder
from domain.tilsagn.felt import FeltFeil
from domain.tilsagn.ordninger import TILSAGNSORDNINGER
from schemas.beregnere import BEREGNERE, Beregner, BeregnerFeil
from schemas.beregning import BeregningBostotte
from schemas.samspill import BeregningSamspill
from services.feltfeil import felt_feil
from services.klokke import i_dag, na

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

UGYLDIG = 2
"""Exit code when the input is to blame."""


@app.callback()
def calc() -> None:
    """Calculate a case. Nothing is stored."""


def _les(kilde: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if kilde == "-" else Path(kilde).read_bytes()
    except OSError as feil:
        typer.echo(f"calc: --input: {feil.strerror or feil}", err=True)
        raise typer.Exit(UGYLDIG) from None


def _avvis(feil: list[tuple[str, str]]) -> typer.Exit:
    typer.echo("calc: ett eller flere felt er ugyldige", err=True)
    for felt, melding in feil:
        typer.echo(f"  {felt or 'input'}: {melding}", err=True)
    return typer.Exit(UGYLDIG)


@app.command()
def bostotte(
    kilde: Annotated[str, typer.Option("--input", help="JSON file, or - for standard input.")],
) -> None:
    """Bostøtte for one household and one month: outcome, amount, trace and rates, as JSON."""
    try:
        kropp = BeregningBostotte.model_validate_json(_les(kilde))
        fakta = kropp.fakta(neste(f"{i_dag(na()):%Y-%m}"))
    except ValidationError as ugyldig:
        raise _avvis([(f["felt"], f["melding"]) for f in felt_feil(ugyldig.errors())]) from None
    except FaktaFeil as feil:
        raise _avvis([(feil.felt, feil.melding)]) from None
    svar = beregn([fakta], kropp.termin).dokument()
    sys.stdout.buffer.write(orjson.dumps(svar, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


@app.command()
def samspill(
    kilde: Annotated[str, typer.Option("--input", help="JSON file, or - for standard input.")],
) -> None:
    """Startlån, boligtilskudd and bostøtte together for one household: is the home affordable?"""
    try:
        svar = vurder(BeregningSamspill.model_validate_json(_les(kilde)).data())
    except ValidationError as ugyldig:
        raise _avvis([(f["felt"], f["melding"]) for f in felt_feil(ugyldig.errors())]) from None
    except SamspillFeil as feil:
        raise _avvis([(feil.felt, feil.melding)]) from None
    sys.stdout.buffer.write(orjson.dumps(svar, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


@app.command()
def tilsagn(
    ordning: Annotated[str, typer.Option("--ordning", help="One of the schemes of grants and loans.")],
    kilde: Annotated[str, typer.Option("--input", help="JSON file, or - for standard input.")],
) -> None:
    """One application for a grant or loan, or an event of its life, as a decision stores the facts: outcome, amount,
    trace and reasons, as JSON."""
    if (o := TILSAGNSORDNINGER.get(ordning)) is None:
        raise _avvis([("--ordning", f"må være en av {', '.join(TILSAGNSORDNINGER)}")])
    etterprov = o.etterprov()
    try:
        inn = orjson.loads(_les(kilde))
    except orjson.JSONDecodeError:
        raise _avvis([("", "er ikke JSON")]) from None
    if not isinstance(inn, dict):
        raise _avvis([("", "må være et objekt")])
    try:
        fakta = etterprov.fullfor(inn)
        svar = o.avgjor(fakta)
    except FeltFeil as feil:
        raise _avvis([(feil.felt, feil.melding)]) from None
    except TerminFeil as feil:
        raise _avvis([("termin", str(feil).removeprefix("termin: "))]) from None
    except KeyError as feil:
        raise _avvis([(str(feil.args[0]), "må oppgis")]) from None
    except (
        ValueError,
        TypeError,
        AttributeError,
    ):  # an event's facts are those of a decision, or they are not
        raise _avvis([("", "kan ikke regnes: fakta er ikke som et vedtak lagrer dem")]) from None
    spor = orjson.loads(svar.spor)
    ut = {
        "kode": svar.kode,
        "utfall": svar.utfall,
        "belop": svar.belop,
        "regelversjon": svar.regelversjon,
        "begrunnelse": etterprov.begrunnelse(spor, svar.regelversjon),
        "fakta": fakta,
        "spor": spor,
    }
    sys.stdout.buffer.write(orjson.dumps(ut, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _legg_til(beregner: Beregner) -> None:
    """The command of one calculation of the list."""

    def regn(
        kilde: Annotated[str, typer.Option("--input", help="JSON file, or - for standard input.")],
    ) -> None:
        try:
            svar = beregner.svar_pa(beregner.modell.model_validate_json(_les(kilde)))
        except ValidationError as ugyldig:
            raise _avvis([(f["felt"], f["melding"]) for f in felt_feil(ugyldig.errors())]) from None
        except BeregnerFeil as feil:
            raise _avvis([(feil.felt, feil.melding)]) from None
        sys.stdout.buffer.write(orjson.dumps(svar, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

    app.command(beregner.navn, help=beregner.hjelp)(regn)


for _beregner in BEREGNERE.values():
    _legg_til(_beregner)
