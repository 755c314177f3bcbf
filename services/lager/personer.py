"""People: the only place an identity number is stored, sealed, and found by its keyed hash."""

from uuid import UUID

from sqlalchemy import Connection, text

from services.forsegling import Datanokkel
from services.lager.ider import ny_id
from services.lager.nokler import forsegler, pakk_ut

_FINN = text("SELECT id, nokkel, nokkel_kek FROM finn_eller_lag_person(:id, :oppslag, :fnr, :nokkel, :kek)")


def aad(person_id: UUID) -> bytes:
    return b"person|" + person_id.bytes


def finn_eller_lag(forbindelse: Connection, fnr: str) -> tuple[UUID, Datanokkel]:
    """The person with this identity number, made if new; and the key of what is stored about them."""
    id_ = ny_id()
    ny = forsegler().ny_nokkel()
    rad = forbindelse.execute(
        _FINN,
        {
            "id": id_,
            "oppslag": forsegler().oppslag_hash(fnr),
            "fnr": ny.nokkel.forsegle(fnr.encode(), aad(id_)),
            "nokkel": ny.pakket,
            "kek": ny.kek,
        },
    ).one()
    return rad.id, ny.nokkel if rad.id == id_ else pakk_ut(rad.nokkel, rad.nokkel_kek)


def apne_fnr(person_id: UUID, fnr: bytes, nokkel: bytes | None, kek: str | None) -> str:
    """The identity number of a person row, for a question to a register."""
    return pakk_ut(nokkel, kek).apne(fnr, aad(person_id)).decode()
