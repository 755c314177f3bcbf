"""``boligsak verify``: is the audit log what was written?"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import orjson
import psycopg
import typer

from services.anker.feil import AnkerFeil
from services.forsegling import ForseglingFeil
from services.innebygd import oppe
from services.innebygd.prosesser import stoppsignaler

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
UKONTROLLERT = 2


@app.command()
def verify(
    sak: Annotated[UUID | None, typer.Option(help="One case alone.")] = None,
    kommune: Annotated[
        list[str] | None, typer.Option(help="Cases of this municipality; may be repeated.")
    ] = None,
    anker: Annotated[
        bool, typer.Option("--anker", help="Compare with every anchor, and check the anchors themselves.")
    ] = False,
    bevis: Annotated[
        bool, typer.Option("--bevis", help="With --sak: print the proof that the newest anchor has the case.")
    ] = False,
    sjekk_bevis: Annotated[
        Path | None,
        typer.Option(help="Check a proof. Needs the public key and nothing else.", dir_okay=False),
    ] = None,
    nokkel: Annotated[
        Path | None, typer.Option(help="The public keys that are believed, PEM.", dir_okay=False)
    ] = None,
    prosesser: Annotated[int, typer.Option(min=0, help="Processes; 0: as many as pay.")] = 0,
) -> None:
    """Recompute every hash chain from the database and name each changed, removed, inserted or re-ordered row.

    Exit code 1 when there is any, 2 when it could not be checked.
    """
    try:
        if sjekk_bevis:
            _sjekk(sjekk_bevis, nokkel)
        elif bevis:
            _bevis(sak)
        else:
            _kontroller(sak, tuple(kommune or ()), anker, nokkel, prosesser)
    except (psycopg.Error, ForseglingFeil, AnkerFeil) as feil:
        typer.echo(f"boligsak verify: {feil}", err=True)
        raise typer.Exit(UKONTROLLERT) from None


def _kontroller(
    sak: UUID | None, kommuner: tuple[str, ...], med_anker: bool, nokkel: Path | None, prosesser: int
) -> None:
    from services.anker.innstillinger import ankermappe
    from services.anker.kontroll import kontroller, les_ankre
    from services.anker.nokkel import offentlige
    from services.lager.verifisering import Utvalg

    with stoppsignaler(), oppe() as funnet:
        ankre = les_ankre(ankermappe(), offentlige(nokkel)) if med_anker else None
        resultat = kontroller(funnet.database_url, Utvalg(sak, kommuner), ankre, prosesser)
    for f in resultat.funn:
        hvor = f"sak {f.sak} seq {f.seq} " if f.sak != "-" else ""
        typer.echo(f"{f.slag}: {hvor}{f.hva}: {f.forklaring}")
    if sak and not resultat.saker and not resultat.funn:
        typer.echo(f"boligsak verify: --sak: {sak} finnes ikke", err=True)
        raise typer.Exit(UKONTROLLERT)
    rader = resultat.hendelser + resultat.vedtak
    fart = rader / resultat.sekunder if resultat.sekunder else 0.0
    typer.echo(
        f"{resultat.saker} saker, {resultat.hendelser} hendelser, {resultat.vedtak} vedtak på"
        f" {resultat.sekunder:.2f} s ({fart:.0f} rader/s); {len(resultat.funn)} brudd"
    )
    if ankre and ankre.ankre:
        siste = ankre.ankre[-1]
        typer.echo(
            f"holdt mot {len(ankre.ankre)} ankre; det siste er nr. {siste.nr} fra {siste.dokument['tid']}"
        )
    if resultat.uapnet:
        typer.echo(
            f"{resultat.uapnet} forseglede innhold kunne ikke åpnes (nøkkelen er slettet eller ikke her);"
            " de er kontrollert mot kjeden"
        )
    raise typer.Exit(int(bool(resultat.funn)))


def _bevis(sak: UUID | None) -> None:
    from services.anker.bevis import lag_bevis
    from services.anker.innstillinger import ankermappe

    if sak is None:
        raise typer.BadParameter("må være sammen med --sak", param_hint="--bevis")
    with stoppsignaler(), oppe() as funnet:
        bevis = lag_bevis(funnet.database_url, ankermappe(), sak)
    typer.echo(orjson.dumps(bevis, option=orjson.OPT_INDENT_2).decode())


def _sjekk(fil: Path, nokkel: Path | None) -> None:
    from services.anker.bevis import sjekk_bevis
    from services.anker.nokkel import offentlige

    try:
        innhold = orjson.loads(fil.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        typer.echo(f"boligsak verify: --sjekk-bevis: {fil} kan ikke leses som JSON", err=True)
        raise typer.Exit(UKONTROLLERT) from None
    try:
        nokler = offentlige(nokkel)
    except AnkerFeil as feil:
        typer.echo(f"boligsak verify: --nokkel: {feil}", err=True)
        raise typer.Exit(UKONTROLLERT) from None
    try:
        bevist = sjekk_bevis(innhold, nokler)
    except AnkerFeil as feil:
        typer.echo(f"beviset holder ikke: {feil}", err=True)
        raise typer.Exit(1) from None
    dokument = bevist.anker.dokument
    typer.echo(
        f"beviset holder: sak {bevist.sak} hadde {bevist.seq} hendelser, de som står i beviset, i anker"
        f" {bevist.anker.nr} fra {dokument['tid']} (nøkkel {dokument['nokkel']})"
    )
