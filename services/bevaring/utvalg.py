"""Which cases are due, and what holds the others back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from services.bevaring.frister import Frist, frist
from services.klokke import OSLO

Stilling = Literal["loper", "uten_frist", "apen", "hold", "delt_nokkel", "klar"]
STILLINGER: tuple[Stilling, ...] = ("loper", "uten_frist", "apen", "hold", "delt_nokkel", "klar")
"""``loper``: the clock runs. ``apen``: due, but something in it is unfinished. ``hold``: a legal hold.
``delt_nokkel``: due itself, but another case of the same person is not, and one key opens both."""


@dataclass(slots=True)
class Kandidat:
    sak: UUID
    hovedperson: UUID
    ordning: str
    slag: str
    sist: date
    frist: Frist | None
    stilling: Stilling

    @property
    def utlop(self) -> date | None:
        return self.frist.utlop(self.sist) if self.frist else None


_SAKER = """
    SELECT s.id, s.hovedperson, s.ordning,
           CASE WHEN bool_or(v.innvilget) THEN 'innvilget' WHEN count(v.siste) > 0 THEN 'avslag' ELSE 'uten_vedtak' END
               AS slag,
           greatest(s.laget, max(b.siste), max(v.siste), max(u.siste)) AS sist,
           coalesce(bool_or(b.apen OR u.apen), false) OR coalesce(bool_or(l.status = 'lopende'), false)
               OR EXISTS (SELECT 1 FROM oppfolging o WHERE o.sak_id = s.id AND o.lukket IS NULL)
               OR EXISTS (SELECT 1 FROM tilbakekrav t WHERE t.sak_id = s.id AND t.rest > 0) AS apen,
           EXISTS (SELECT 1 FROM bevaringshold h WHERE h.sak_id = s.id AND h.opphevet IS NULL) AS hold
    FROM sak s
         LEFT JOIN LATERAL (SELECT max(coalesce(avsluttet, laget)) AS siste,
                                   coalesce(bool_or(avsluttet IS NULL), false) AS apen
                            FROM behandling WHERE sak_id = s.id) b ON true
         LEFT JOIN LATERAL (SELECT max(fattet) AS siste, bool_or(utfall = 'innvilget') AS innvilget
                            FROM vedtak WHERE sak_id = s.id) v ON true
         LEFT JOIN LATERAL (SELECT max(forfall)::timestamptz AS siste,
                                   coalesce(bool_or(status NOT IN ('utfort', 'krav', 'bortfalt')), false) AS apen
                            FROM utbetaling WHERE sak_id = s.id) u ON true
         LEFT JOIN lopende l ON l.sak_id = s.id
    WHERE s.slettet IS NULL {vilkar}
    GROUP BY s.id
"""
_ALLE = text(_SAKER.format(vilkar=""))
_TIL_PERSON = text(_SAKER.format(vilkar="AND s.hovedperson = :person"))
_LANGT = text("SET LOCAL statement_timeout = '15min'")


def kandidater(forbindelse: Connection, dato: date, person: UUID | None = None) -> list[Kandidat]:
    """Every case that is not erased (of one main person, or of all), and where it stands on ``dato``."""
    forbindelse.execute(_LANGT)
    rader = forbindelse.execute(_TIL_PERSON if person else _ALLE, {"person": person} if person else {})
    funnet = [
        _kandidat(r.id, r.hovedperson, r.ordning, r.slag, r.sist, dato, apen=r.apen, hold=r.hold)
        for r in rader
    ]
    return _med_delte_nokler(funnet)


def _kandidat(
    sak: UUID,
    hovedperson: UUID,
    ordning: str,
    slag: str,
    sist: datetime,
    dato: date,
    *,
    apen: bool,
    hold: bool,
) -> Kandidat:
    siste_dag = sist.astimezone(OSLO).date()
    klokke = frist(ordning, slag, dato)
    stilling: Stilling = "klar"
    if klokke is None:
        stilling = "uten_frist"
    elif klokke.utlop(siste_dag) > dato:
        stilling = "loper"
    elif hold:
        stilling = "hold"
    elif apen:
        stilling = "apen"
    return Kandidat(sak, hovedperson, ordning, slag, siste_dag, klokke, stilling)


def _med_delte_nokler(funnet: Sequence[Kandidat]) -> list[Kandidat]:
    """One key opens all cases of a main person: none is erased before all may be."""
    av_person: dict[UUID, list[Kandidat]] = defaultdict(list)
    for k in funnet:
        av_person[k.hovedperson].append(k)
    for saker in av_person.values():
        if any(k.stilling != "klar" for k in saker):
            for k in saker:
                if k.stilling == "klar":
                    k.stilling = "delt_nokkel"
    return list(funnet)


def oversikt(funnet: Iterable[Kandidat]) -> dict[tuple[str, str], dict[Stilling, int]]:
    """(scheme, kind) → how many cases stand where."""
    ut: dict[tuple[str, str], dict[Stilling, int]] = {}
    for k in funnet:
        rad = ut.setdefault((k.ordning, k.slag), dict.fromkeys(STILLINGER, 0))
        rad[k.stilling] += 1
    return dict(sorted(ut.items()))
