"""What is held is released or rejected, by a named person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from services.kjoring import kjoring as kjoringer
from services.kjoring.kjoring import Kjoring
from services.klokke import na

# In the order of the ids, as the engine takes them (``les_tidligere``): two orders could wait for each other.
_LAS = text("SELECT FROM utbetaling WHERE kjoring_id = :id AND status = 'holdt' ORDER BY id FOR UPDATE")
_FRIGI = text("UPDATE utbetaling SET status = 'planlagt' WHERE kjoring_id = :id AND status = 'holdt'")
_FORKAST = text("UPDATE utbetaling SET status = 'bortfalt' WHERE kjoring_id = :id AND status = 'holdt'")
_FORKASTET = text("UPDATE kjoring SET status = 'forkastet' WHERE id = :id")
# Whoever has read of a decision that was held reads what became of it.
_SI_FRA = text("""
    INSERT INTO utgaende (id, sak_id, type, data, laget)
    SELECT gen_random_uuid(), sak_id, :type, jsonb_build_object('sak', sak_id, 'termin', CAST(:termin AS text),
                                                               'vedtak', vedtak_id), :tid
    FROM kjoring_sak k WHERE kjoring_id = :id AND utfall = 'vedtatt'
      AND NOT EXISTS (SELECT FROM vedtak v WHERE v.sak_id = k.sak_id AND v.termin = :termin
                                             AND v.erstatter = k.vedtak_id)
""")
_LANGT = text("""
    SELECT set_config('statement_timeout', '300s', true), set_config('lock_timeout', '60s', true)
""")
_FRIGITT = text("""
    UPDATE kjoring SET status = 'ferdig', frigitt_av = :aktor, frigitt = :tid WHERE id = :id
""")


class KanIkkeSlippe(ValueError):
    """The run may not be released or rejected (by this person), or not be balanced once more."""


def frigi(forbindelse: Connection, id_: UUID) -> int:
    """Let what the run holds be paid. Gives the number of payments."""
    return _flytt(forbindelse, id_, _FRIGI)


def slipp(forbindelse: Connection, id_: UUID, aktor: str, begrunnelse: str) -> Kjoring:
    """Release the payments of a held run, by a named person who is not the one that started it.

    Errors: ``FinnesIkke``; ``KanIkkeSlippe``.
    """
    kjoring = _hent_holdt(forbindelse, id_, aktor, begrunnelse)
    if _navn(aktor) == _navn(kjoring.startet_av):
        raise KanIkkeSlippe("den som startet kjøringen, kan ikke selv slippe den")
    tid = na()
    antall = frigi(forbindelse, id_)
    forbindelse.execute(_FRIGITT, {"id": id_, "aktor": aktor, "tid": tid})
    return _si_fra(forbindelse, kjoring, "sluppet", aktor, begrunnelse, antall, tid)


def forkast(forbindelse: Connection, id_: UUID, aktor: str, begrunnelse: str) -> Kjoring:
    """Reject a held run, by a named person: nothing of it is ever paid. Its decisions are replaced, and paid, by a new
    calculation of the month (``ny_beregning`` or ``regelendring``), which waits for a named person too.

    Errors: ``FinnesIkke``; ``KanIkkeSlippe``.
    """
    kjoring = _hent_holdt(forbindelse, id_, aktor, begrunnelse)
    tid = na()
    antall = _flytt(forbindelse, id_, _FORKAST)
    forbindelse.execute(_FORKASTET, {"id": id_})
    return _si_fra(forbindelse, kjoring, "forkastet", aktor, begrunnelse, antall, tid)


def _hent_holdt(forbindelse: Connection, id_: UUID, aktor: str, begrunnelse: str) -> Kjoring:
    """The held run, its row locked, for whoever has a name and a reason. Errors: ``FinnesIkke``; ``KanIkkeSlippe``."""
    kjoring = kjoringer.hent(forbindelse, id_, las=True)
    if kjoring.status != "holdt":
        raise KanIkkeSlippe(f"kjøringen er {kjoring.status}, ikke holdt")
    if _navn(aktor) in ("", "system"):
        raise KanIkkeSlippe("den som slipper eller forkaster kjøringen, må være en navngitt person")
    if not begrunnelse.strip():
        raise KanIkkeSlippe("begrunnelse må oppgis")
    return kjoring


def _flytt(forbindelse: Connection, id_: UUID, setning: TextClause) -> int:
    forbindelse.execute(_LANGT)
    forbindelse.execute(_LAS, {"id": id_})
    return forbindelse.execute(setning, {"id": id_}).rowcount


def _si_fra(
    forbindelse: Connection,
    kjoring: Kjoring,
    hva: str,
    aktor: str,
    begrunnelse: str,
    betalinger: int,
    tid: datetime,
) -> Kjoring:
    """In the feed and in the run's own log. Gives the run as it is now."""
    type_ = f"no.boligsak.{kjoring.ordning.navn}.vedtak.{hva}.v1"
    forbindelse.execute(_SI_FRA, {"id": kjoring.id, "type": type_, "termin": kjoring.termin, "tid": tid})
    data: dict[str, Any] = {
        "begrunnelse": begrunnelse,
        "startet_av": kjoring.startet_av,
        "betalinger": betalinger,
    }
    kjoringer.logg(forbindelse, kjoring.id, hva, aktor, tid, data)
    return kjoringer.hent(forbindelse, kjoring.id)


def _navn(aktor: str) -> str:
    """Names are typed: neither space nor capital makes another person."""
    return " ".join(aktor.split()).casefold()
