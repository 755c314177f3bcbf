"""Facts with where they come from: the application, register answers, what a caseworker set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.forsegling import Datanokkel
from services.lager import segl
from services.lager.ider import ny_id
from services.lager.skriving import Skriver

SOKNAD = "soknad"
OVERSTYRING = "overstyring"
GJELDER = "gjelder"
"""The decision that a treatment is about: its id and rule version."""
KLAGE = "klage"
INNSIGELSE = "innsigelse"
ATTESTERT = "attestering"
"""Who attested the proposal, where the decision is given later."""
FRIST = "frist"
"""The deadline for information that was asked for ran out."""


@dataclass(frozen=True, slots=True)
class NyOpplysning:
    """``nokkel``: what was asked; asked again, the newest answer counts. ``innhold``: what was answered, JSON-able."""

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
    ON CONFLICT (behandling_id, nokkel, hentet) DO NOTHING
""")
_SVAR_INN = text("""
    INSERT INTO opplysning (id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold)
    SELECT CAST(:id AS uuid), b.sak_id, b.id, :nokkel, :kilde, CAST(:gjelder AS uuid), :hjemmel,
           CAST(:hentet AS timestamptz), CAST(:gyldig_til AS timestamptz), CAST(:innhold AS bytea)
    FROM behandling b WHERE b.id = :behandling_id AND b.sak_id = :sak_id AND b.avsluttet IS NULL
    ON CONFLICT (behandling_id, nokkel, hentet) DO NOTHING
""")
_ERSTATT = text("""
    INSERT INTO opplysning (id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold)
    VALUES (:id, :sak_id, :behandling_id, :nokkel || '/' ||
            (SELECT count(*) + 1 FROM opplysning
             WHERE behandling_id = :behandling_id AND (nokkel = :nokkel OR nokkel LIKE :nokkel || '/%')),
            :kilde, :gjelder, :hjemmel, :hentet, :gyldig_til, :innhold)
""")
# The treatments' own facts, and what the cases' earlier treatments learned that is still valid; the newest first.
_LES = text("""
    SELECT id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold FROM opplysning
    WHERE sak_id = ANY(:saker) AND (behandling_id = ANY(:behandlinger) OR gyldig_til > :na)
    ORDER BY sak_id, hentet DESC
""")


def aad(sak_id: UUID, id_: UUID) -> bytes:
    return b"opplysning|" + sak_id.bytes + id_.bytes


def ny_rad(nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning) -> dict[str, Any]:
    """The row of a new fact, sealed."""
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
    skriver: Skriver,
    nokkel: Datanokkel,
    sak_id: UUID,
    behandling_id: UUID,
    nye: Iterable[NyOpplysning],
) -> list[bytes]:
    """Store facts, each beside what was known before. Gives their imprints."""
    rader = [ny_rad(nokkel, sak_id, behandling_id, ny) for ny in nye]
    if rader:
        skriver.execute(_INN, rader)
    return [segl.opplysning(r) for r in rader]


def lagre_svar(
    skriver: Skriver, nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, nye: Iterable[NyOpplysning]
) -> None:
    """Store what registers answered, unless the treatment has ended meanwhile: its decision has sealed what it rests
    on. The caller holds the case's lock."""
    rader = [ny_rad(nokkel, sak_id, behandling_id, ny) for ny in nye]
    if rader:
        skriver.execute(_SVAR_INN, rader)


def legg_til(
    forbindelse: Connection, nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning
) -> None:
    """Store one more fact under a key that may have come before, e.g. a second override; the newest counts."""
    forbindelse.execute(_ERSTATT, ny_rad(nokkel, sak_id, behandling_id, ny))


def rader(
    forbindelse: Connection, saker: Sequence[UUID], behandlinger: Sequence[UUID], na: datetime
) -> dict[UUID, list[Any]]:
    """Case → its sealed rows: those of the treatments, and those of others that are valid at ``na``."""
    ut: dict[UUID, list[Any]] = {}
    for rad in forbindelse.execute(_LES, {"saker": saker, "behandlinger": behandlinger, "na": na}):
        ut.setdefault(rad.sak_id, []).append(rad)
    return ut


@dataclass(frozen=True, slots=True)
class Utvalg:
    """Which facts count for a treatment at a time. ``fra``: register answers from before were to be asked again.

    ``utlopte``: its own answers count although they have run out or were to be asked again: what a person has looked
    at is what is decided on, also when another attests it later.
    """

    behandling_id: UUID
    na: datetime
    fra: datetime | None = None
    utlopte: bool = False

    def gjelder(self, rad: Any) -> bool:
        egen = rad.behandling_id == self.behandling_id
        if rad.gyldig_til is None or (egen and self.utlopte):  # the application, an override, a deadline
            return bool(egen)
        return bool(rad.gyldig_til > self.na and (self.fra is None or rad.hentet >= self.fra))


def avtrykk(rader: Iterable[Any], behandling_id: UUID) -> list[bytes]:
    """The imprints of a treatment's own, among rows that have been read."""
    return [segl.opplysning(r._mapping) for r in rader if r.behandling_id == behandling_id]


def apne_rader(
    nokkel: Datanokkel, sak_id: UUID, utvalg: Utvalg, rader: Iterable[Any]
) -> dict[str, dict[str, Any]]:
    """Key → content for one treatment: its own facts before those of earlier treatments, the newest of each.

    A key ``overstyring/2`` stands as its own entry; the application of another treatment is not among them.
    """
    valgt = _valgte(utvalg, rader)
    return {r.nokkel: orjson.loads(nokkel.apne(r.innhold, aad(sak_id, r.id))) for r in valgt}


def _valgte(utvalg: Utvalg, rader: Iterable[Any]) -> list[Any]:
    valgt: dict[str, Any] = {}
    gyldige = [r for r in rader if utvalg.gjelder(r)]
    for rad in sorted(gyldige, key=lambda r: r.behandling_id != utvalg.behandling_id):  # stable: newest first
        valgt.setdefault(rad.nokkel, rad)
    return list(valgt.values())


def lante_rader(nokkel: Datanokkel, sak_id: UUID, utvalg: Utvalg, rader: Iterable[Any]) -> list[NyOpplysning]:
    """Those of ``apne_rader`` that another treatment got, with where they come from and when."""
    return [
        NyOpplysning(
            nokkel=r.nokkel,
            kilde=r.kilde,
            hjemmel=r.hjemmel,
            innhold=orjson.loads(nokkel.apne(r.innhold, aad(sak_id, r.id))),
            hentet=r.hentet,
            gyldig_til=r.gyldig_til,
            gjelder=r.gjelder,
        )
        for r in _valgte(utvalg, rader)
        if r.behandling_id != utvalg.behandling_id
    ]


def les(
    forbindelse: Connection, nokkel: Datanokkel, sak_id: UUID, utvalg: Utvalg
) -> dict[str, dict[str, Any]]:
    """The facts of one treatment, read and opened."""
    funnet = rader(forbindelse, [sak_id], [utvalg.behandling_id], utvalg.na)
    return apne_rader(nokkel, sak_id, utvalg, funnet.get(sak_id, []))
