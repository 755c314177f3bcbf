"""Facts with where they come from: the application, register answers, what a caseworker set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.forsegling import Datanokkel
from services.lager.ider import ny_id

SOKNAD = "soknad"
OVERSTYRING = "overstyring"
FRIST = "frist"
"""The deadline for information that was asked for ran out."""


@dataclass(frozen=True, slots=True)
class NyOpplysning:
    """``nokkel``: what was asked, unique in a treatment. ``innhold``: what was answered, JSON-able."""

    nokkel: str
    kilde: str
    hjemmel: str
    innhold: dict[str, Any]
    hentet: datetime
    gyldig_til: datetime | None = None
    gjelder: UUID | None = None


_INN = text("""
    INSERT INTO opplysning (id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold)
    VALUES (:id, :sak_id, :behandling_id, :nokkel, :kilde, :gjelder, :hjemmel, :hentet, :gyldig_til, :innhold)
    ON CONFLICT (behandling_id, nokkel) DO NOTHING
""")
_ERSTATT = text("""
    INSERT INTO opplysning (id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold)
    VALUES (:id, :sak_id, :behandling_id, :nokkel || '/' ||
            (SELECT count(*) + 1 FROM opplysning
             WHERE behandling_id = :behandling_id AND (nokkel = :nokkel OR nokkel LIKE :nokkel || '/%')),
            :kilde, :gjelder, :hjemmel, :hentet, :gyldig_til, :innhold)
""")
# The treatment's own facts, and what the case's earlier treatments learned that is still valid; the newest first.
_LES = text("""
    SELECT id, nokkel, innhold FROM opplysning
    WHERE sak_id = :sak_id AND (behandling_id = :behandling_id OR gyldig_til > :na)
    ORDER BY (behandling_id = :behandling_id) DESC, hentet DESC
""")


def aad(sak_id: UUID, id_: UUID) -> bytes:
    return b"opplysning|" + sak_id.bytes + id_.bytes


def _rad(nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning) -> dict[str, Any]:
    id_ = ny_id()
    return {
        "id": id_,
        "sak_id": sak_id,
        "behandling_id": behandling_id,
        "nokkel": ny.nokkel,
        "kilde": ny.kilde,
        "gjelder": ny.gjelder,
        "hjemmel": ny.hjemmel,
        "hentet": ny.hentet,
        "gyldig_til": ny.gyldig_til,
        "innhold": nokkel.forsegle(orjson.dumps(ny.innhold), aad(sak_id, id_)),
    }


def lagre(
    forbindelse: Connection,
    nokkel: Datanokkel,
    sak_id: UUID,
    behandling_id: UUID,
    nye: Iterable[NyOpplysning],
) -> None:
    """Store answers; one that is there already (a doubled message) stays as it was."""
    rader = [_rad(nokkel, sak_id, behandling_id, ny) for ny in nye]
    if rader:
        forbindelse.execute(_INN, rader)


def legg_til(
    forbindelse: Connection, nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning
) -> None:
    """Store one more fact under a key that may have come before, e.g. a second override; the newest counts."""
    forbindelse.execute(_ERSTATT, _rad(nokkel, sak_id, behandling_id, ny))


def les(
    forbindelse: Connection, nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, na: datetime
) -> dict[str, dict[str, Any]]:
    """Key → content, the treatment's own facts before those of earlier treatments, the newest of each.

    A key ``overstyring/2`` stands as its own entry; entries keep the order newest first.
    """
    svar: dict[str, dict[str, Any]] = {}
    for rad in forbindelse.execute(_LES, {"sak_id": sak_id, "behandling_id": behandling_id, "na": na}):
        if rad.nokkel not in svar:
            svar[rad.nokkel] = orjson.loads(nokkel.apne(rad.innhold, aad(sak_id, rad.id)))
    return svar
