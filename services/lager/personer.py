"""People: the only place an identity number is stored, sealed, and found by its keyed hash."""

from uuid import UUID

from sqlalchemy import Connection, text

from services.forsegling import Datanokkel, forsegler
from services.lager.ider import ny_id

_FINN = text("SELECT id, nokkel FROM finn_eller_lag_person(:id, :oppslag, :fnr, :nokkel, :kek)")


def aad(person_id: UUID) -> bytes:
    return b"person|" + person_id.bytes


def finn_eller_lag(forbindelse: Connection, fnr: str) -> tuple[UUID, Datanokkel]:
    """The person with this identity number, made if new; and the key of what is stored about them."""
    id_ = ny_id()
    kek, pakket = forsegler().ny_nokkel()
    ny = forsegler().pakk_ut(pakket)
    rad = forbindelse.execute(
        _FINN,
        {
            "id": id_,
            "oppslag": forsegler().oppslag_hash(fnr),
            "fnr": ny.forsegle(fnr.encode(), aad(id_)),
            "nokkel": pakket,
            "kek": kek,
        },
    ).one()
    return rad.id, ny if rad.id == id_ else forsegler().pakk_ut(rad.nokkel)


def apne_fnr(person_id: UUID, fnr: bytes, nokkel: bytes | None) -> str:
    """The identity number of a person row, for a question to a register."""
    return forsegler().pakk_ut(nokkel).apne(fnr, aad(person_id)).decode()
