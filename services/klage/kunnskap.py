"""What was known of a case at a time: its applications and its answers, by when they were learned."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.klage.sammenstilling import Beholdt, fodselsdatoer
from domain.sak.ordning import Fakta, Ordning
from services.forsegling import Datanokkel
from services.klokke import i_dag
from services.lager import lopende, opplysninger

_SOKNADER = text("""
    SELECT o.id, o.innhold, o.hentet, b.arsak, b.termin FROM opplysning o JOIN behandling b ON b.id = o.behandling_id
    WHERE o.sak_id = :sak_id AND o.nokkel = 'soknad' AND b.arsak IN ('soknad', 'endring') AND o.hentet <= :kjent
""")
_LOPENDE = text("""
    SELECT gjelder_fra, soknad, laget FROM lopende_soknad
    WHERE sak_id = :sak_id AND gjelder_fra <= :termin AND laget <= :kjent ORDER BY gjelder_fra DESC LIMIT 1
""")
_SVAR = text("""
    SELECT DISTINCT ON (nokkel) id, nokkel, innhold FROM opplysning
    WHERE sak_id = :sak_id AND gyldig_til IS NOT NULL AND hentet <= :kjent ORDER BY nokkel, hentet DESC, id DESC
""")
# The newest override of each treatment that decided the month, in the order of the decisions.
_OVERSTYRT = text("""
    SELECT DISTINCT ON (v.fattet, v.id) o.id, o.innhold, b.arsak
    FROM vedtak v JOIN behandling b ON b.id = v.behandling_id
         LEFT JOIN opplysning o ON o.behandling_id = b.id AND o.nokkel LIKE 'overstyring/%' AND o.hentet <= :kjent
    WHERE v.sak_id = :sak_id AND v.termin = :termin AND v.fattet <= :kjent
    ORDER BY v.fattet, v.id, o.hentet DESC NULLS LAST, o.id DESC
""")


def _apne(nokkel: Datanokkel, sak_id: UUID, rad: Any) -> dict[str, Any]:
    innhold: dict[str, Any] = orjson.loads(nokkel.apne(rad.innhold, opplysninger.aad(sak_id, rad.id)))
    return innhold


def soknad(
    forbindelse: Connection,
    ordning: Ordning,
    sak_id: UUID,
    nokkel: Datanokkel,
    termin: str,
    kjent: datetime,
) -> dict[str, Any] | None:
    """The application that counted for the month, as known then: the newest of those that reach it. A reported change
    counts from the month the scheme says."""
    valg = {"sak_id": sak_id, "termin": termin, "kjent": kjent}
    mulige = []
    for rad in forbindelse.execute(_SOKNADER, valg):
        fra, innhold = rad.termin, None
        if rad.arsak == "endring" and ordning.manedlig:
            innhold = _apne(nokkel, sak_id, rad)
            dag = i_dag(datetime.fromisoformat(innhold["mottatt"]))
            fra = max(ordning.manedlig.endring_gjelder(dag), fra)
        if fra <= termin:
            mulige.append((fra, rad.hentet, rad))
    if mulige:
        funnet = _apne(nokkel, sak_id, max(mulige, key=lambda m: m[:2])[2])
    elif (lop := forbindelse.execute(_LOPENDE, valg).one_or_none()) is not None:
        funnet = lopende.apne(nokkel, sak_id, lop.gjelder_fra, lop.soknad)
    else:
        return None
    return ordning.manedlig.soknad_for(funnet, termin) if ordning.manedlig else funnet


_GJELDER = text("""
    SELECT id, innhold FROM opplysning WHERE behandling_id = ANY(:behandlinger) AND nokkel = 'gjelder'
""")


_SOKNAD_I = text("SELECT id, innhold FROM opplysning WHERE behandling_id = :id AND nokkel = 'soknad'")


def soknad_i(
    forbindelse: Connection, sak_id: UUID, nokkel: Datanokkel, behandling_id: UUID
) -> dict[str, Any]:
    """The application, or the event, that this very treatment was of."""
    return _apne(nokkel, sak_id, forbindelse.execute(_SOKNAD_I, {"id": behandling_id}).one())


def gjelder(
    forbindelse: Connection, sak_id: UUID, nokkel: Datanokkel, behandlinger: Sequence[UUID]
) -> list[dict[str, Any]]:
    """What these treatments are about."""
    rader = forbindelse.execute(_GJELDER, {"behandlinger": list(behandlinger)})
    return [_apne(nokkel, sak_id, r) for r in rader]


_SISTE_OVERSTYRING = text("""
    SELECT id, innhold FROM opplysning WHERE behandling_id = :id AND nokkel LIKE 'overstyring/%'
    ORDER BY hentet DESC, id DESC LIMIT 1
""")


def overstyrt(
    forbindelse: Connection, sak_id: UUID, nokkel: Datanokkel, behandling_id: UUID
) -> dict[str, Any]:
    """What people had set in this treatment: dotted path → value."""
    rad = forbindelse.execute(_SISTE_OVERSTYRING, {"id": behandling_id}).one_or_none()
    verdier: dict[str, Any] = _apne(nokkel, sak_id, rad)["verdier"] if rad is not None else {}
    return verdier


def svar(
    forbindelse: Connection, sak_id: UUID, nokkel: Datanokkel, kjent: datetime
) -> Mapping[str, dict[str, Any]]:
    """The newest answer to each question that had been given by then, also those that no longer hold."""
    rader = forbindelse.execute(_SVAR, {"sak_id": sak_id, "kjent": kjent})
    return {r.nokkel: _apne(nokkel, sak_id, r) for r in rader}


def beholdt(
    forbindelse: Connection,
    ordning: Ordning,
    sak_id: UUID,
    nokkel: Datanokkel,
    rad: Any,
    fakta: Fakta,
    kjent: datetime,
) -> Beholdt:
    """What caseworkers had set for the month, and what controls had settled of it; where decisions add to one another,
    what was set for this very one. ``rad``: the decision that stood then; ``fakta``: its facts."""
    if ordning.legges_til:
        satt = overstyrt(forbindelse, sak_id, nokkel, rad.behandling_id)
        return {"verdier": satt, "fodselsdatoer": fodselsdatoer(fakta)}
    verdier: dict[str, Any] = {}
    valg = {"sak_id": sak_id, "termin": rad.termin, "kjent": kjent}
    for gjort in forbindelse.execute(_OVERSTYRT, valg):
        if gjort.id is not None:
            verdier |= _apne(nokkel, sak_id, gjort)["verdier"]
        if kontroll := ordning.etterkontroller.get(gjort.arsak):
            for nr, p in enumerate(fakta["husstand"]):
                verdier |= {f"husstand.{nr}.{felt}": p[felt] for felt in kontroll.felt}
    return {"verdier": verdier, "fodselsdatoer": fodselsdatoer(fakta)}
