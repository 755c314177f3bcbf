"""Every event that reached the door, accepted once, refused with the reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.forsegling import forsegler
from services.lager.ider import ny_id

_GODTA = text("""
    INSERT INTO innboks (id, kilde, ekstern_id, type, kommunenummer, mottatt, status, kropp_hash, kropp, sak_id, behandling_id)
    VALUES (:id, :kilde, :ekstern_id, :type, :kommunenummer, :mottatt, 'godtatt', :kropp_hash, :kropp, :sak_id, :behandling_id)
    ON CONFLICT (kilde, ekstern_id) WHERE status = 'godtatt' DO NOTHING
    RETURNING id
""")
_FINN = text("""
    SELECT id, type, kommunenummer, mottatt, kropp_hash, sak_id, behandling_id FROM innboks
    WHERE kilde = :kilde AND ekstern_id = :ekstern_id AND status = 'godtatt'
""")
_AVVIS = text("""
    INSERT INTO innboks (id, kilde, ekstern_id, type, kommunenummer, status, problem, kropp_hash, kropp, nokkel,
                         nokkel_kek)
    VALUES (:id, :kilde, :ekstern_id, :type, :kommunenummer, 'avvist', CAST(:problem AS jsonb), :kropp_hash, :kropp,
            :nokkel, :kek)
""")


def aad(id_: UUID) -> bytes:
    return b"innboks|" + id_.bytes


def finn(forbindelse: Connection, kilde: str, ekstern_id: str) -> Any | None:
    """The accepted event with this source and id, if there is one."""
    return forbindelse.execute(_FINN, {"kilde": kilde, "ekstern_id": ekstern_id}).one_or_none()


def godta(
    forbindelse: Connection,
    id_: UUID,
    *,
    kilde: str,
    ekstern_id: str,
    type_: str,
    kommunenummer: str,
    mottatt: datetime,
    kropp_hash: bytes,
    kropp: bytes,
    sak_id: UUID,
    behandling_id: UUID,
) -> bool:
    """Take the event in; False when another transaction did so first (it has committed by now)."""
    return (
        forbindelse.execute(
            _GODTA,
            {
                "id": id_,
                "kilde": kilde,
                "ekstern_id": ekstern_id,
                "type": type_,
                "kommunenummer": kommunenummer,
                "mottatt": mottatt,
                "kropp_hash": kropp_hash,
                "kropp": kropp,
                "sak_id": sak_id,
                "behandling_id": behandling_id,
            },
        ).one_or_none()
        is not None
    )


def avvis(
    forbindelse: Connection,
    *,
    kilde: str,
    ekstern_id: str,
    type_: str,
    kommunenummer: str | None,
    kropp: bytes,
    kropp_hash: bytes,
    problem: dict[str, Any],
) -> UUID:
    """Keep a refused event with its reason. Its body is sealed with a key of its own, kept beside it."""
    id_ = ny_id()
    kek, pakket = forsegler().ny_nokkel()
    forbindelse.execute(
        _AVVIS,
        {
            "id": id_,
            "kilde": kilde,
            "ekstern_id": ekstern_id,
            "type": type_,
            "kommunenummer": kommunenummer,
            "problem": orjson.dumps(problem).decode(),
            "kropp_hash": kropp_hash,
            "kropp": forsegler().pakk_ut(pakket).forsegle(kropp, aad(id_)),
            "nokkel": pakket,
            "kek": kek,
        },
    )
    return id_
