"""``/saker/{id}/brev``: letters of a case, as HTML or accessible PDF: as they would read, issued, and as issued."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from schemas.brev import BrevInn, Brevliste, Brevslag, Utstedt
from services.api.felles import Leser, Skriver, lesing
from services.brev import utstedt
from services.brev.gjengi import FORMATER, Format
from services.brev.kilde import UkjentSprak
from services.brev.sak import FinnesIkke, KanIkkeLages, Slettet, les
from services.klokke import na
from services.lager import saker
from services.motor.handlinger import egen_sak, kontekst
from services.problem import Problem, responser
from services.tilgang import Aktor

router = APIRouter(prefix="/saker", tags=["brev"])
_STIL = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A letter carries its own style and nothing else."""


@contextmanager
def _som_problem() -> Iterator[None]:
    """What stands in the way of a letter, as the API says it."""
    try:
        yield
    except (FinnesIkke, saker.SakFinnesIkke):
        raise Problem(404, "ikke-funnet") from None
    except Slettet:
        raise Problem(409, "brev-kan-ikke-lages", detalj="personopplysningene i saken er slettet") from None
    except (KanIkkeLages, utstedt.FeilBelop) as feil:
        raise Problem(409, "brev-kan-ikke-lages", detalj=str(feil)) from None
    except UkjentSprak as feil:
        melding = f"må være en av {feil}" if feil.mulige else "brevet finnes ikke i denne ordningen"
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "sprak", "melding": melding}]) from None
    except utstedt.Brevavvik as feil:
        raise Problem(500, "brev-avvik", detalj=str(feil)) from None


@router.get(
    "/{sak_id}/brev", summary="Brev som er utstedt", responses=responser("ikke-funnet", "ugyldige-felt")
)
def liste(sak_id: UUID, aktor: Leser) -> Brevliste:
    """Oldest first; none when the person is erased."""
    with lesing(aktor, "brev", sak_id) as les_:
        try:
            rader = utstedt.alle(les(les_.forbindelse, sak_id))
        except FinnesIkke:
            raise Problem(404, "ikke-funnet") from None
        except Slettet:
            rader = []
        les_.antall = len(rader)
    return Brevliste(brev=[_ut(u) for u in rader])


def _ut(u: utstedt.Utstedt) -> Utstedt:
    return Utstedt.model_validate(u, from_attributes=True)


@router.get(
    "/{sak_id}/brev/{slag}/{gjelder}",
    summary="Et brev",
    response_class=Response,
    responses={
        200: {
            "description": "Brevet. `ETag` er avtrykket når det er utstedt.",
            "content": {
                "text/html": {"schema": {"type": "string"}},
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **responser("ikke-funnet", "brev-kan-ikke-lages", "ugyldige-felt", "brev-avvik"),
    },
)
def ett(
    sak_id: UUID,
    slag: Brevslag,
    gjelder: UUID,
    aktor: Leser,
    format_: Annotated[Format, Query(alias="format")] = "html",
    sprak: Annotated[
        Literal["nb", "nn", "da"] | None, Query(description="Utelatt: språket i søknaden.")
    ] = None,
) -> Response:
    """As it was issued; one that has not been issued, as it reads now. ``gjelder``: the decision's id, or the
    treatment's for a notice and a statement to Klagenemnda."""
    with lesing(aktor, f"brev.{slag}", sak_id) as les_, _som_problem():
        sak = les(les_.forbindelse, sak_id)
        innhold, valgt, som = utstedt.hent(sak, slag, gjelder, sprak, format_, na())
    navn = f"{slag}-{gjelder}-{valgt}.{format_}"
    hoder = {
        "Content-Language": valgt,
        "Content-Disposition": f'inline; filename="{navn}"',
        "Content-Security-Policy": _STIL,
        **({"ETag": f'"{som.sha256[format_]}"'} if som else {}),
    }
    return Response(innhold, media_type=FORMATER[format_], headers=hoder)


def _krev_rett_til_uttalelse(forbindelse: Connection, sak_id: UUID, inn: BrevInn, aktor: Aktor) -> None:
    """A statement in other words is given by one who could have upheld the decision. Errors: ``Problem`` 403, 422; as
    ``sak.les``."""
    if inn.slag != "klageoversendelse":
        raise Problem(
            422, "ugyldige-felt", feil=[{"felt": "uttalelse", "melding": "bare for klageoversendelse"}]
        )
    sak = les(forbindelse, sak_id)
    b = saker.behandling(forbindelse, sak_id, inn.gjelder)
    if b is None:
        raise FinnesIkke
    flytt = sak.ordning.forlop[b.arsak].overganger
    kan = frozenset[str]().union(*(o.roller for o in flytt if o.handling == "oppretthold"))
    if not kan & kontekst(forbindelse, sak.ordning, sak_id, b, aktor).roller:
        raise Problem(403, "mangler-tilgang")


@router.post(
    "/{sak_id}/brev",
    status_code=201,
    summary="Utsted et brev",
    responses=responser("mangler-tilgang", "egen-sak", "ikke-funnet", "brev-kan-ikke-lages", "ugyldige-felt"),
)
def utsted(sak_id: UUID, inn: BrevInn, aktor: Skriver) -> Utstedt:
    """The letter is written, held against the trace, and noted in the case with the imprint of its bytes. Asked for
    again it is the same one. One with an amount that nothing stored says is refused, and becomes an open task."""
    tid, galt = na(), None
    with lesing(aktor, "brev.utsted", sak_id, skriver=True) as les_, _som_problem():
        if egen_sak(les_.forbindelse, sak_id, aktor):
            raise Problem(403, "egen-sak")
        if inn.uttalelse is not None:
            _krev_rett_til_uttalelse(les_.forbindelse, sak_id, inn, aktor)
        try:
            valg = (inn.slag, inn.gjelder, inn.sprak, inn.uttalelse)
            return _ut(utstedt.utsted(les_.forbindelse, sak_id, *valg, aktor.id, tid))
        except utstedt.FeilBelop as feil:  # the task is kept, though the answer is an error
            utstedt.apne_oppgave(les_.forbindelse, sak_id, feil, tid)
            galt = str(feil)
    raise Problem(409, "brev-kan-ikke-lages", detalj=galt)
