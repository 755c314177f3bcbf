"""A claim set off in later payments: kroner moved in the ledger from what is claimed to what is netted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from domain.sak.manedlig import neste_forfall
from services.klokke import i_dag
from services.lager import segl
from services.lager.ider import ny_id
from services.lager.saker import LastSak

# What is claimed of each month, with the decision that claimed it.
_KRAVD = text("""
    SELECT k.*, v.fakta
    FROM (SELECT u.termin, -sum(u.belop) AS belop,
                 (array_agg(u.vedtak_id ORDER BY u.laget, u.id))[1] AS vedtak_id,
                 (array_agg(u.mottaker ORDER BY u.laget, u.id))[1] AS mottaker
          FROM utbetaling u WHERE u.tilbakekrav_id = :id AND u.status = 'krav'
          GROUP BY u.termin HAVING sum(u.belop) < 0) k JOIN vedtak v ON v.id = k.vedtak_id
    ORDER BY k.termin
""")
_RAD = text("""
    INSERT INTO utbetaling (id, sak_id, vedtak_id, kommunenummer, termin, belop, forfall, mottaker, laget, status,
                            tilbakekrav_id)
    VALUES (:id, :sak_id, :vedtak_id, :kommunenummer, :termin, :belop, :forfall, :mottaker, :tid, :status,
            :tilbakekrav_id)
""")


def motregn(
    forbindelse: Connection, sak: LastSak, krav_id: UUID, belop: int, tid: datetime
) -> dict[str, list[str]]:
    """Move ``belop`` kroner of the claim, the oldest months first, to the next payment. Two rows a month that cancel
    each other: what was due and booked for it stands. Gives decision → the imprints of its new rows.

    Under the case's lock; never more than the claim's rest, which its rows always hold.
    """
    manedlig = ORDNINGER[sak.ordning].manedlig
    assert manedlig is not None, "bare løpende saker har krav"
    forfall = neste_forfall(manedlig, i_dag(tid))
    rader: list[dict[str, Any]] = []
    avtrykk: dict[str, list[str]] = {}
    for maned in forbindelse.execute(_KRAVD, {"id": krav_id}).all():
        av = min(belop, int(maned.belop))
        if not av:
            break
        belop -= av
        for kroner, status in ((av, "krav"), (-av, "planlagt")):
            rad: dict[str, Any] = {
                "id": ny_id(),
                "sak_id": sak.id,
                "vedtak_id": maned.vedtak_id,
                "kommunenummer": sak.kommunenummer,
                "termin": maned.termin,
                "belop": kroner,
                "forfall": forfall,
                "mottaker": maned.mottaker,
                "tilbakekrav_id": krav_id,
            }
            rader.append({**rad, "tid": tid, "status": status})
            avtrykk.setdefault(str(maned.vedtak_id), []).append(segl.betaling(rad, bytes(maned.fakta)))
    assert not belop, "kravet har mindre i boken enn det som står igjen"
    forbindelse.execute(_RAD, rader)
    return avtrykk
