"""Answers kept for a POST that is repeated with the same Idempotency-Key."""

from typing import Any

import orjson
from sqlalchemy import Connection, text

from services.problem import Problem

_FINN = text("SELECT foresporsel, svar FROM idempotens WHERE aktor = :aktor AND nokkel = :nokkel")
_LAGRE = text("""
    INSERT INTO idempotens (aktor, nokkel, foresporsel, status, svar)
    VALUES (:aktor, :nokkel, :foresporsel, :status, CAST(:svar AS jsonb))
""")


def finn(
    forbindelse: Connection, aktor: str, nokkel: str | None, foresporsel: bytes
) -> dict[str, Any] | None:
    """The answer given before. Errors: ``Problem`` 409 when the key was used for another request."""
    if nokkel is None:
        return None
    rad = forbindelse.execute(_FINN, {"aktor": aktor, "nokkel": nokkel}).one_or_none()
    if rad is None:
        return None
    if rad.foresporsel != foresporsel:
        raise Problem(409, "idempotensnokkel-gjenbrukt")
    svar: dict[str, Any] = rad.svar
    return svar


def lagre(
    forbindelse: Connection,
    aktor: str,
    nokkel: str | None,
    foresporsel: bytes,
    status: int,
    svar: dict[str, Any],
) -> None:
    """Keep the answer, in the transaction of what was done. A rival with the same key fails on the primary key."""
    if nokkel is not None:
        forbindelse.execute(
            _LAGRE,
            {
                "aktor": aktor,
                "nokkel": nokkel,
                "foresporsel": foresporsel,
                "status": status,
                "svar": orjson.dumps(svar).decode(),
            },
        )
