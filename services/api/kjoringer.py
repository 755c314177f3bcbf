"""``/kjoringer``: the monthly run ordered, followed, released or rejected, and reported."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from domain.ordninger import ORDNINGER
from schemas.kjoring import BegrunnetInn, Fremdrift, Kjoring, KjoringInn, Kjoringsliste, Rapport
from services.api.felles import Antall, Drift, IdempotencyKey, uten_saker
from services.kjoring import avstem
from services.kjoring import kjoring as kjoringer
from services.kjoring import slipp as frigiving
from services.klokke import na
from services.lager import idempotens
from services.lager.roller import DbRolle
from services.lager.sesjon import ALLE, Innsyn, transaksjon
from services.problem import Problem, responser
from services.tilgang import Aktor

router = APIRouter(prefix="/kjoringer", tags=["kjøringer"])


def _vis(forbindelse: Connection, k: kjoringer.Kjoring) -> Kjoring:
    tall = avstem.fremdrift(forbindelse, k.id)
    return Kjoring(
        id=k.id,
        ordning=k.ordning.navn,
        termin=k.termin,
        slag=k.slag,
        prove=k.prove,
        kommuner=k.kommuner,
        status=k.status,
        fase=k.fase,
        tid=k.tid,
        startet_av=k.startet_av,
        frigitt_av=k.frigitt_av,
        ferdig=k.ferdig,
        manifest_hash=k.manifest_hash.hex() if k.manifest_hash else None,
        resultat_hash=k.resultat_hash.hex() if k.resultat_hash else None,
        fremdrift=Fremdrift(
            **{felt: tall[felt] for felt in ("saker", "samlet", "behandlet", "biter", "feil")}
        ),
    )


def _hent(forbindelse: Connection, id_: UUID, aktor: Aktor) -> kjoringer.Kjoring:
    try:
        kjoring = kjoringer.hent(forbindelse, id_)
    except kjoringer.FinnesIkke:
        raise Problem(404, "ikke-funnet") from None
    if not _kan_se(kjoring, aktor):
        raise Problem(404, "ikke-funnet")
    return kjoring


def _kan_se(kjoring: kjoringer.Kjoring, aktor: Aktor) -> bool:
    """A run of some municipalities counts their cases, those in hiding too: it is for the cleared. The whole country's
    counts tell of no place."""
    return kjoring.kommuner is None or aktor.klarert


def _hele_landet(aktor: Aktor) -> None:
    """A run decides in every municipality; whoever is held to some may neither start nor release nor reject it."""
    if aktor.kommuner != ALLE:
        raise Problem(403, "mangler-tilgang", detalj="krever tilgang til alle kommuner")


@router.post(
    "",
    status_code=202,
    summary="Bestill en kjøring",
    responses=responser("mangler-tilgang", "ugyldige-felt", "konflikt"),
)
def bestill(inn: KjoringInn, aktor: Drift, svar: Response, nokkel: IdempotencyKey = None) -> Kjoring:
    """Answers at once; the workers do the run. 409 when the month has been run, or is being run."""
    _hele_landet(aktor)
    foresporsel = hashlib.sha256(inn.model_dump_json().encode()).digest()
    if inn.kommuner and not aktor.klarert:
        raise Problem(
            403,
            "mangler-tilgang",
            detalj="en kjøring av enkelte kommuner krever klarering for sperret adresse",
        )
    ordning = ORDNINGER.get(inn.ordning)
    if ordning is None:
        raise Problem(422, "ugyldige-felt", feil=[{"felt": "ordning", "melding": "ukjent ordning"}])
    with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, klarert=True)) as forbindelse:
        if gjentatt := idempotens.finn(forbindelse, aktor.id, nokkel, foresporsel):
            return Kjoring.model_validate(gjentatt)
        try:
            id_ = kjoringer.bestill(
                forbindelse,
                ordning,
                inn.termin,
                slag=inn.slag,
                prove=inn.prove,
                kommunevalg=inn.kommuner,
                aktor=aktor.id,
                tid=na(),
            )
        except kjoringer.KanIkkeStarte as feil:
            opptatt = feil.kjoring_id is not None or "i gang" in str(feil)
            raise Problem(
                409 if opptatt else 422,
                "konflikt" if opptatt else "ugyldige-felt",
                detalj=str(feil),
                feil=[{"felt": feil.felt, "melding": str(feil)}],
            ) from None
        kjoring = _vis(forbindelse, _hent(forbindelse, id_, aktor))
        idempotens.lagre(forbindelse, aktor.id, nokkel, foresporsel, 202, kjoring.model_dump(mode="json"))
    svar.headers["Location"] = f"/api/v1/kjoringer/{id_}"
    return kjoring


@router.get("", summary="De siste kjøringene", responses=responser("ugyldige-felt"))
def liste(aktor: Drift, antall: Antall = 20) -> Kjoringsliste:
    with uten_saker(aktor) as forbindelse:
        siste = kjoringer.siste(forbindelse, antall)
        return Kjoringsliste(kjoringer=[_vis(forbindelse, k) for k in siste if _kan_se(k, aktor)])


@router.get("/{kjoring_id}", summary="En kjøring", responses=responser("ikke-funnet", "ugyldige-felt"))
def en(kjoring_id: UUID, aktor: Drift) -> Kjoring:
    """Where it stands, and how many cases are through each phase."""
    with uten_saker(aktor) as forbindelse:
        return _vis(forbindelse, _hent(forbindelse, kjoring_id, aktor))


@router.get("/{kjoring_id}/rapport", summary="Rapporten", responses=responser("ikke-funnet", "ugyldige-felt"))
def rapport(kjoring_id: UUID, aktor: Drift) -> Rapport:
    """404 until the books are closed. What is counted by municipality or by reason is for the cleared: it counts
    protected addresses too."""
    with uten_saker(aktor) as forbindelse:
        innhold: dict[str, Any] | None = _hent(forbindelse, kjoring_id, aktor).rapport
    if innhold is None:
        raise Problem(404, "ikke-funnet", detalj="kjøringen er ikke avstemt ennå")
    return Rapport(kjoring=kjoring_id, rapport=innhold if aktor.klarert else _uten_steder(innhold))


def _uten_steder(rapport: dict[str, Any]) -> dict[str, Any]:
    regnskap = {k: v for k, v in rapport["regnskap"].items() if k in ("stemmer", "samlet")}
    band = rapport["band"] | {
        "brudd": [b for b in rapport["band"]["brudd"] if not b["hva"].startswith("kommune ")]
    }
    return {k: v for k, v in rapport.items() if k != "grunner"} | {"regnskap": regnskap, "band": band}


@router.post(
    "/{kjoring_id}/slipp",
    summary="Slipp en holdt kjøring til utbetaling",
    responses=responser("mangler-tilgang", "ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"),
)
def slipp(kjoring_id: UUID, inn: BegrunnetInn, aktor: Drift) -> Kjoring:
    """By a person, and another one than who started it. Their name stands in the run's own log."""
    return _avgjor(frigiving.slipp, kjoring_id, inn, aktor)


@router.post(
    "/{kjoring_id}/forkast",
    summary="Forkast en holdt kjøring som er gal",
    responses=responser("mangler-tilgang", "ikke-funnet", "handling-ikke-tillatt", "ugyldige-felt"),
)
def forkast(kjoring_id: UUID, inn: BegrunnetInn, aktor: Drift) -> Kjoring:
    """By a person. Nothing of it is paid; when the cause has been mended, `ny_beregning` or `regelendring` decides the
    month anew."""
    return _avgjor(frigiving.forkast, kjoring_id, inn, aktor)


def _avgjor(
    hva: Callable[[Connection, UUID, str, str], kjoringer.Kjoring],
    kjoring_id: UUID,
    inn: BegrunnetInn,
    aktor: Aktor,
) -> Kjoring:
    _hele_landet(aktor)
    if aktor.art != "saksbehandler":
        raise Problem(403, "mangler-tilgang", detalj="krever en navngitt person")
    with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, klarert=True)) as forbindelse:
        try:
            kjoring = hva(forbindelse, kjoring_id, aktor.id, inn.begrunnelse)
        except kjoringer.FinnesIkke:
            raise Problem(404, "ikke-funnet") from None
        except frigiving.KanIkkeSlippe as feil:
            raise Problem(409, "handling-ikke-tillatt", detalj=str(feil)) from None
        return _vis(forbindelse, kjoring)
