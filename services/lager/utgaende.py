"""Outgoing events for subscribers: ids and codes alone; what is personal is read from the case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.sak.kjede import kanonisk
from services.lager.ider import ny_id
from services.lager.skriving import Skriver

_INN = text("""
    INSERT INTO utgaende (id, sak_id, type, data, laget) VALUES (:id, :sak_id, :type, CAST(:data AS jsonb), :tid)
""")


def skriv(skriver: Skriver, sak_id: UUID, type_: str, data: Mapping[str, Any], tid: datetime) -> None:
    """``type_``: what comes after ``no.boligsak.``"""
    skriver.execute(
        _INN,
        {
            "id": ny_id(),
            "sak_id": sak_id,
            "type": f"no.boligsak.{type_}",
            "data": kanonisk({"sak": str(sak_id), **data}).decode(),
            "tid": tid,
        },
    )
