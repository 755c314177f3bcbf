"""An event of keeping or erasing in a case's chain, by the role that may do little else."""

from datetime import datetime

from sqlalchemy import Connection, text

from services.lager import hendelser
from services.lager.hendelser import NyHendelse
from services.lager.saker import LastSak

_HODE = text("""
    UPDATE sak SET versjon = versjon + 1, siste_seq = :seq, siste_hash = :hash, endret = :tid WHERE id = :id
""")


def legg_til(forbindelse: Connection, sak: LastSak, ny: NyHendelse, aktor: str, tid: datetime) -> None:
    """Append to a locked case and move its head."""
    hendelser.skriv(forbindelse, sak, [ny], aktor, tid)
    forbindelse.execute(_HODE, {"id": sak.id, "seq": sak.siste_seq, "hash": sak.siste_hash, "tid": tid})
