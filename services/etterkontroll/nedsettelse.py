"""What a decision gives back of a month that an open claim holds: the claim is lessened before anything is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.etterkontroll import tilbakekrav
from services.lager import utgaende
from services.lager.sesjon import SYSTEM
from services.lager.skriving import Skriver


@dataclass(slots=True)
class ApentKrav:
    """What is left of a claim, whichever month lessens it."""

    id: UUID
    rest: int
    status: str


@dataclass(slots=True)
class Kravdel:
    """Kroner that an open claim holds of one month."""

    krav: ApentKrav
    belop: int


_KRAVDELER = text("""
    SELECT u.sak_id, u.termin, k.id, k.rest, k.status, -sum(u.belop) AS belop
    FROM unnest(CAST(:saker AS uuid[]), CAST(:terminer AS text[])) AS p (sak_id, termin)
         JOIN utbetaling u ON u.sak_id = p.sak_id AND u.termin = p.termin AND u.status = 'krav'
         JOIN tilbakekrav k ON k.id = u.tilbakekrav_id AND k.rest > 0
    GROUP BY u.sak_id, u.termin, k.id HAVING sum(u.belop) < 0 ORDER BY k.laget, k.id
""")


def apne_krav(
    forbindelse: Connection, par: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], list[Kravdel]]:
    """(case, termin) → the open claims it is part of; a claim of many months is one and the same in each."""
    ut: dict[tuple[UUID, str], list[Kravdel]] = {}
    if not par:
        return ut
    krav: dict[UUID, ApentKrav] = {}
    valg = {"saker": [s for s, _ in par], "terminer": [t for _, t in par]}
    for r in forbindelse.execute(_KRAVDELER, valg):
        ett = krav.setdefault(r.id, ApentKrav(r.id, r.rest, r.status))
        ut.setdefault((r.sak_id, r.termin), []).append(Kravdel(ett, int(r.belop)))
    return ut


def nedsett(
    skriver: Skriver, sak_id: UUID, deler: Sequence[Kravdel], differanse: int, tid: datetime
) -> list[tuple[UUID | None, int]]:
    """Open claims lessened by what a decision gives back of their month: (claim, kroner) of each. The collection
    authority is told of one that it has."""
    ut: list[tuple[UUID | None, int]] = []
    for d in deler:
        kroner = min(differanse, d.belop, d.krav.rest)
        if kroner <= 0:
            continue
        differanse -= kroner
        d.belop -= kroner
        d.krav.rest -= kroner
        tilbakekrav.flytt(skriver, sak_id, d.krav.id, "omgjoring", kroner, SYSTEM.aktor, tid)
        if d.krav.status != "apent":
            utgaende.skriv(skriver, sak_id, "tilbakekrav.endret.v1", {"tilbakekrav": str(d.krav.id)}, tid)
        ut.append((d.krav.id, kroner))
    return ut
