"""The audit log: events appended to a case's hash chain, and read back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.sak.kjede import (
    SALT_BYTE,
    hendelseshode,
    kanonisk,
    neste_hash,
    pakk_innhold,
    pakk_opp_innhold,
)
from services.forsegling import Datanokkel
from services.lager.ider import ny_id
from services.lager.saker import LastSak
from services.lager.skriving import Skriver


@dataclass(frozen=True, slots=True)
class NyHendelse:
    """One event to append. ``data`` is free of personal data; ``innhold`` is personal and gets sealed."""

    type: str
    behandling_id: UUID | str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    innhold: dict[str, Any] | None = None


_INN = text("""
    INSERT INTO hendelse (id, sak_id, behandling_id, seq, tid, type, kanonisk, forrige, hash, innhold)
    VALUES (:id, :sak_id, :behandling_id, :seq, :tid, :type, :kanonisk, :forrige, :hash, :innhold)
""")


def aad(sak_id: UUID, seq: int) -> bytes:
    """What a sealed content is bound to, so that it cannot be moved to another event."""
    return b"hendelse|" + sak_id.bytes + seq.to_bytes(4)


def lag_rad(
    sak_id: UUID,
    seq: int,
    forrige: bytes,
    ny: NyHendelse,
    aktor: str,
    tid: datetime,
    nokkel: Datanokkel | None,
) -> dict[str, Any]:
    """The row of one event: canonical header, hash, sealed content. ``nokkel`` may lack where there is no content."""
    id_ = ny_id()
    forseglet = hash_ = None
    if ny.innhold is not None:
        if nokkel is None:
            raise ValueError("en hendelse med innhold må ha en nøkkel")
        klart, hash_ = pakk_innhold(kanonisk(ny.innhold), secrets.token_bytes(SALT_BYTE))
        forseglet = nokkel.forsegle(klart, aad(sak_id, seq))
    linje = kanonisk(
        hendelseshode(
            id=id_,
            sak_id=sak_id,
            behandling_id=ny.behandling_id,
            seq=seq,
            tid=tid,
            type=ny.type,
            aktor=aktor,
            data=ny.data,
            innhold=hash_,
            forseglet=forseglet,
        )
    )
    return {
        "id": id_,
        "sak_id": sak_id,
        "behandling_id": ny.behandling_id,
        "seq": seq,
        "tid": tid,
        "type": ny.type,
        "kanonisk": linje,
        "forrige": forrige,
        "hash": neste_hash(forrige, linje),
        "innhold": forseglet,
    }


def skriv(skriver: Skriver, sak: LastSak, nye: Sequence[NyHendelse], aktor: str, tid: datetime) -> None:
    """Append ``nye`` to the chain of a locked case. The caller writes the case's new head (``saker.lagre``)."""
    rader = []
    for ny in nye:
        rad = lag_rad(sak.id, sak.siste_seq + 1, sak.siste_hash, ny, aktor, tid, sak.nokkel)
        sak.siste_seq, sak.siste_hash = rad["seq"], rad["hash"]
        rader.append(rad)
    if rader:
        skriver.execute(_INN, rader)


_HISTORIKK = text("""
    SELECT id, seq, tid, type, kanonisk, hash, innhold FROM hendelse
    WHERE sak_id = :sak_id AND seq > :etter ORDER BY seq LIMIT :antall
""")


def historikk(forbindelse: Connection, sak_id: UUID, etter: int, antall: int) -> Sequence[Any]:
    """Events of one case after sequence number ``etter``, oldest first."""
    return forbindelse.execute(_HISTORIKK, {"sak_id": sak_id, "etter": etter, "antall": antall}).all()


def apne(nokkel: Datanokkel, sak_id: UUID, seq: int, innhold: bytes) -> bytes:
    """The canonical content of a sealed event."""
    return pakk_opp_innhold(nokkel.apne(innhold, aad(sak_id, seq)))[0]
