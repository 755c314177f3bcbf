"""Legal hold: a case that must not be erased while it lasts. Set and lifted in the case's own chain, with reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.bevaring.kjede import legg_til
from services.forsegling import forsegler
from services.lager import hendelser, saker
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id


class HoldFeil(Exception):
    """The hold cannot be set or lifted; the message says why."""


_SETT = text("""
    INSERT INTO bevaringshold (id, sak_id, seq, satt, satt_av) VALUES (:id, :sak_id, :seq, :tid, :aktor)
    ON CONFLICT (sak_id) WHERE opphevet IS NULL DO NOTHING
""")
_OPPHEV = text("""
    UPDATE bevaringshold SET opphevet = :tid, opphevet_av = :aktor WHERE sak_id = :sak_id AND opphevet IS NULL
    RETURNING id
""")
_LISTE = text("""
    SELECT h.sak_id, h.satt, h.satt_av, h.seq, e.innhold, p.nokkel
    FROM bevaringshold h JOIN sak s ON s.id = h.sak_id JOIN person p ON p.id = s.hovedperson
         JOIN hendelse e ON e.sak_id = h.sak_id AND e.seq = h.seq
    WHERE h.opphevet IS NULL ORDER BY h.satt, h.sak_id
""")


def sett(forbindelse: Connection, sak_id: UUID, grunn: str, aktor: str, tid: datetime) -> None:
    """Hold a case. Errors: ``HoldFeil`` when it is held already; ``SakFinnesIkke``; ``NokkelDestruert`` when erased."""
    sak = saker.las(forbindelse, sak_id)
    hold_id = ny_id()
    valg = {"id": hold_id, "sak_id": sak_id, "seq": sak.siste_seq + 1, "tid": tid, "aktor": aktor}
    if forbindelse.execute(_SETT, valg).rowcount != 1:
        raise HoldFeil("saken er holdt fra før")
    ny = NyHendelse("bevaringshold_satt", data={"hold": str(hold_id)}, innhold={"grunn": grunn})
    legg_til(forbindelse, sak, ny, aktor, tid)


def opphev(forbindelse: Connection, sak_id: UUID, grunn: str, aktor: str, tid: datetime) -> None:
    """Lift the hold of a case. Errors: as ``sett``."""
    sak = saker.las(forbindelse, sak_id)
    hold_id = forbindelse.scalar(_OPPHEV, {"sak_id": sak_id, "tid": tid, "aktor": aktor})
    if hold_id is None:
        raise HoldFeil("saken er ikke holdt")
    ny = NyHendelse("bevaringshold_opphevet", data={"hold": str(hold_id)}, innhold={"grunn": grunn})
    legg_til(forbindelse, sak, ny, aktor, tid)


def gjeldende(forbindelse: Connection) -> list[dict[str, Any]]:
    """The holds that last: case, since when, by whom, why."""
    return [
        {
            "sak": r.sak_id,
            "satt": r.satt,
            "av": r.satt_av,
            "grunn": orjson.loads(hendelser.apne(forsegler().pakk_ut(r.nokkel), r.sak_id, r.seq, r.innhold))[
                "grunn"
            ],
        }
        for r in forbindelse.execute(_LISTE)
    ]
