"""``boligsak rules``: the public page of a scheme's legal content, written from its rules."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer

from domain.ordninger import ORDNINGER


class Form(StrEnum):
    md = "md"
    json = "json"


def rules(
    ordning: Annotated[str, typer.Argument(help="Scheme: " + ", ".join(ORDNINGER) + ".")],
    form: Annotated[Form, typer.Option("--format", help="What to print.")] = Form.md,
    ut: Annotated[
        Path | None,
        typer.Option(help="Write both forms into this folder instead of printing.", file_okay=False),
    ] = None,
) -> None:
    """The legal content of the automated decision (new forvaltningslov § 13): every rule with law reference, period,
    text in both languages, inputs and a worked example; every rate with its source."""
    if ordning not in ORDNINGER:
        raise typer.BadParameter(f"må være en av {', '.join(ORDNINGER)}", param_hint="ORDNING")
    sider = lovsider(ordning)
    if ut is None:
        typer.echo(sider[form].decode(), nl=False)
        return
    ut.mkdir(parents=True, exist_ok=True)
    for navn, innhold in sider.items():
        fil = ut / f"{ordning}.{navn}"
        fil.write_bytes(innhold)
        typer.echo(fil)


def lovsider(ordning: str) -> dict[Form, bytes]:
    """The page in each form."""
    etterprov = ORDNINGER[ordning].etterprov
    som_json = orjson.dumps(etterprov.lovinnhold(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return {Form.md: etterprov.lovinnhold_markdown().rstrip("\n").encode() + b"\n", Form.json: som_json}
