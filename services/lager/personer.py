"""People: the only place an identity number is stored, sealed, and found by its keyed hash."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from services.forsegling import Datanokkel, forsegler

_FINN = text("""
    SELECT o.nr, f.id, f.nokkel
    FROM unnest(CAST(:id AS uuid[]), CAST(:oppslag AS bytea[]), CAST(:fnr AS bytea[]), CAST(:nokkel AS bytea[]),
                CAST(:kek AS text[])) WITH ORDINALITY AS o (id, oppslag, fnr, nokkel, kek, nr)
         CROSS JOIN LATERAL finn_eller_lag_person(o.id, o.oppslag, o.fnr, o.nokkel, o.kek) AS f
""")


def aad(person_id: UUID) -> bytes:
    return b"person|" + person_id.bytes


def finn_eller_lag(forbindelse: Connection, numre: Sequence[str]) -> dict[str, tuple[UUID, Datanokkel]]:
    """Identity number → the person, made if new, and the key of what is stored about them.

    ``numre`` sorted: rows are taken in that order.
    """
    nye = []
    for fnr in numre:
        id_ = uuid4()  # not by time: it would tell a municipality that another one knew the person before
        kek, pakket = forsegler().ny_nokkel()
        nokkel = forsegler().pakk_ut(pakket)
        nye.append(
            (id_, forsegler().oppslag_hash(fnr), nokkel.forsegle(fnr.encode(), aad(id_)), pakket, kek, nokkel)
        )
    kolonner = list(zip(*nye, strict=True))
    valg = dict(zip(("id", "oppslag", "fnr", "nokkel", "kek"), map(list, kolonner[:5]), strict=True))
    ut: dict[str, tuple[UUID, Datanokkel]] = {}
    for rad in forbindelse.execute(_FINN, valg):
        fnr, ny = numre[rad.nr - 1], nye[rad.nr - 1]
        ut[fnr] = rad.id, ny[5] if rad.id == ny[0] else forsegler().pakk_ut(rad.nokkel)
    return ut


def apne_fnr(person_id: UUID, fnr: bytes, nokkel: bytes | None) -> str:
    """The identity number of a person row, for a question to a register."""
    return forsegler().pakk_ut(nokkel).apne(fnr, aad(person_id)).decode()
