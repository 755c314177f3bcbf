"""Every event that reached the door, accepted once, refused with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.forsegling import forsegler
from services.lager.ider import ny_id

_FELT = {
    "id": "uuid",
    "kilde": "text",
    "ekstern_id": "text",
    "type": "text",
    "kommunenummer": "text",
    "mottatt": "timestamptz",
    "kropp_hash": "bytea",
    "kropp": "bytea",
    "sak_id": "uuid",
    "behandling_id": "uuid",
}
_GODTA = text(f"""
    INSERT INTO innboks (status, {", ".join(_FELT)})
    SELECT 'godtatt', o.* FROM unnest({", ".join(f"CAST(:{felt} AS {art}[])" for felt, art in _FELT.items())}) AS o
    ON CONFLICT (kilde, ekstern_id, kommunenummer) WHERE status = 'godtatt' DO NOTHING
""")  # noqa: S608  (made of the constants above alone)
_FINN = text("""
    SELECT i.kilde, i.ekstern_id, i.kommunenummer, i.mottatt, i.kropp_hash, i.sak_id, i.behandling_id
    FROM unnest(CAST(:kilder AS text[]), CAST(:ider AS text[])) AS o (kilde, ekstern_id)
         JOIN innboks i ON i.kilde = o.kilde AND i.ekstern_id = o.ekstern_id AND i.status = 'godtatt'
""")
_AVVIS = text("""
    INSERT INTO innboks (id, kilde, ekstern_id, type, kommunenummer, status, problem, kropp_hash, kropp, nokkel,
                         nokkel_kek)
    VALUES (:id, :kilde, :ekstern_id, :type, :kommunenummer, 'avvist', CAST(:problem AS jsonb), :kropp_hash, :kropp,
            :nokkel, :kek)
""")


def aad(id_: UUID) -> bytes:
    return b"innboks|" + id_.bytes


def finn(forbindelse: Connection, onsket: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
    """(source, id) → the accepted events that have come before, of the municipalities that the session sees."""
    valg = {"kilder": [kilde for kilde, _ in onsket], "ider": [id_ for _, id_ in onsket]}
    ut: dict[tuple[str, str], list[Any]] = {}
    for r in forbindelse.execute(_FINN, valg):
        ut.setdefault((r.kilde, r.ekstern_id), []).append(r)
    return ut


def godta(forbindelse: Connection, rader: Sequence[Mapping[str, Any]]) -> int:
    """Take events in, a row each with the columns of ``_FELT``. Fewer than given back: another transaction took one
    of them in first (it has committed by now)."""
    return forbindelse.execute(_GODTA, {felt: [r[felt] for r in rader] for felt in _FELT}).rowcount


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
