"""What the routers share: the database session of a request, ETags, paging."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from sqlalchemy import Connection

from services.innsyn.leselogg import les_som
from services.lager.roller import DbRolle
from services.lager.sesjon import Innsyn, transaksjon
from services.problem import Problem, felt_feil
from services.tilgang import Aktor
from services.tilgang.fastapi import krev

MAKS_SIDE = 200
Leser = Annotated[Aktor, Depends(krev("boligsak:les"))]
Skriver = Annotated[Aktor, Depends(krev("boligsak:skriv"))]
Drift = Annotated[Aktor, Depends(krev("boligsak:drift"))]
Antall = Annotated[int, Query(ge=1, le=MAKS_SIDE, description="Rader per side.")]
Etter = Annotated[UUID | None, Query(description="`neste` fra forrige side.")]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$"),
]


lesing = les_som
"""The one way to a case: a transaction that sees what this actor may see, and leaves its mark in the read log."""


@contextmanager
def uten_saker(aktor: Aktor) -> Iterator[Connection]:
    """A transaction that sees what this actor may see, for what is about no person's case and is not logged."""
    with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, aktor.klarert)) as forbindelse:
        yield forbindelse


def etag(versjon: int) -> str:
    return f'"{versjon}"'


def if_match(verdi: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    """The version the caller has seen. Errors: 428 when missing, 412 when it cannot be one of ours."""
    if verdi is None:
        raise Problem(428, "if-match-mangler")
    nummer = verdi.removeprefix("W/").strip('"')
    if not (nummer.isascii() and nummer.isdecimal() and len(nummer) < 10):
        raise Problem(412, "endret-siden-sist")
    return int(nummer)


_NUL = "kan ikke inneholde tegnet NUL"  # no text of the database can hold it


def bare_kjente_parametre(request: Request) -> None:
    """A misspelt filter must not show everything. Errors: ``Problem`` 422 naming the parameter."""
    if not request.query_params:
        return
    kjente: set[str] = set()
    igjen = [request.scope["route"].dependant]
    while igjen:
        dependant = igjen.pop()
        kjente |= {p.alias for p in dependant.query_params}
        igjen += dependant.dependencies
    if ukjente := sorted(set(request.query_params) - kjente):
        feil = [felt_feil([{"type": "extra_forbidden", "loc": ("query", u)}])[0] for u in ukjente]
        raise Problem(422, "ugyldige-felt", feil=feil)
    if med_nul := sorted({navn for navn, verdi in request.query_params.multi_items() if "\x00" in verdi}):
        raise Problem(422, "ugyldige-felt", feil=[{"felt": n, "melding": _NUL} for n in med_nul])


def sporing(request: Request) -> str | None:
    """The request's traceparent, set by the middleware."""
    return getattr(request.state, "traceparent", None)


Sporing = Annotated[str | None, Depends(sporing)]
