"""Control checks that failed their first try and go on alone, with back-off held in the row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.kontroll.krav import Kontrollkrav
from services.innstillinger import innstillinger
from services.lager import utboks
from services.lager.ider import ny_id
from services.lager.skriving import Skriver
from services.registre import RegisterFeil

# The row and its wake-up. A check that was answered, and is asked anew since the answer no longer holds, begins again.
_NY = text("""
    WITH ny AS (
        INSERT INTO kontroll AS k (id, sak_id, behandling_id, nokkel, register, status, kjor_etter, feil, laget)
        VALUES (:id, :sak_id, :behandling_id, :nokkel, :register, 'venter', :kjor_etter, :feil, :tid)
        ON CONFLICT (behandling_id, nokkel) DO UPDATE
            SET status = 'venter', forsok = 1, kjor_etter = excluded.kjor_etter, feil = excluded.feil
            WHERE k.status = 'utfort'
        RETURNING k.id, k.sak_id, k.register, k.kjor_etter
    )
    INSERT INTO utboks (sak_id, emne, ko, ref, kjor_etter, sporing)
    SELECT sak_id, 'kontroll', 'register.' || register, id, kjor_etter, :sporing FROM ny
""")
_APNE = text("""
    SELECT behandling_id, nokkel FROM kontroll WHERE behandling_id = ANY(:behandlinger) AND status <> 'utfort'
""")
_RAD = text("""
    SELECT id, sak_id, behandling_id, nokkel, register, status, forsok, kjor_etter, feil FROM kontroll
    WHERE id = :id FOR UPDATE
""")
_SETT = text("""
    UPDATE kontroll SET status = :status, forsok = :forsok, kjor_etter = :kjor_etter, feil = :feil WHERE id = :id
""")


def ventetid(forsok: int, feil: RegisterFeil) -> timedelta:
    """Back-off after try number ``forsok``: 1, 2, 4, … seconds up to the setting, or what the register asked for."""
    tak = innstillinger().kontroll_maks_ventetid_s
    return timedelta(seconds=min(tak, max(feil.vent_s, 2.0 ** (forsok - 1))))


def feilet_forst(
    skriver: Skriver,
    sak_id: UUID,
    behandling_id: UUID,
    krav: Kontrollkrav,
    feil: RegisterFeil,
    tid: datetime,
    sporing: str | None,
) -> None:
    """A row of its own for a check that failed its first try, and a wake-up on its register's queue; neither when
    a doubled message made them before."""
    skriver.execute(
        _NY,
        {
            "id": ny_id(),
            "sak_id": sak_id,
            "behandling_id": behandling_id,
            "nokkel": krav.nokkel,
            "register": krav.register,
            "kjor_etter": tid + ventetid(1, feil),
            "feil": feil.arsak,
            "tid": tid,
            "sporing": sporing,
        },
    )


def apne_nokler(forbindelse: Connection, behandlinger: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Treatment → keys of its checks that go on alone, or have been given up."""
    ut: dict[UUID, set[str]] = {}
    for behandling_id, nokkel in forbindelse.execute(_APNE, {"behandlinger": behandlinger}):
        ut.setdefault(behandling_id, set()).add(nokkel)
    return ut


def rad(forbindelse: Connection, id_: UUID) -> Any:
    return forbindelse.execute(_RAD, {"id": id_}).one()


def sett(
    forbindelse: Connection, id_: UUID, status: str, forsok: int, kjor_etter: datetime, feil: str
) -> None:
    forbindelse.execute(
        _SETT, {"id": id_, "status": status, "forsok": forsok, "kjor_etter": kjor_etter, "feil": feil}
    )


_FOR_SAK = text("""
    SELECT nokkel, kilde AS register, 'utfort' AS status, NULL::int AS forsok, NULL::text AS feil, hentet, gyldig_til,
           hjemmel, behandling_id
    FROM opplysning WHERE sak_id = :sak_id AND gyldig_til IS NOT NULL  -- what people said holds as long as the case
    UNION ALL
    SELECT nokkel, register, status, forsok, feil, laget, NULL, NULL, behandling_id
    FROM kontroll WHERE sak_id = :sak_id AND status <> 'utfort'
    ORDER BY hentet, nokkel
""")


def for_sak(forbindelse: Connection, sak_id: UUID) -> list[Any]:
    """Every check of a case: answered, waiting or given up."""
    return list(forbindelse.execute(_FOR_SAK, {"sak_id": sak_id}).all())


_OPPGITTE_IGJEN = text("""
    UPDATE kontroll SET status = 'venter', forsok = 0, kjor_etter = :tid
    WHERE behandling_id = :behandling_id AND status = 'oppgitt' RETURNING id, register
""")


def start_pa_nytt(forbindelse: Connection, sak_id: UUID, behandling_id: UUID, tid: datetime) -> int:
    """Give the given-up checks of a treatment a new round of tries; their parked wake-ups are replaced."""
    rader = forbindelse.execute(_OPPGITTE_IGJEN, {"behandling_id": behandling_id, "tid": tid}).all()
    for r in rader:
        utboks.be_om(forbindelse, sak_id, tid, emne=utboks.KONTROLL, ko=f"register.{r.register}", ref=r.id)
    return len(rader)
