"""Make the night's anchor: the heads of all chains streamed out, one root over them, signed and put away."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from domain.sak.kjede import tid_tekst
from domain.sak.merkle import Rot
from services.anker.feil import AnkerFeil
from services.anker.fil import BORTE, HODE, Anker, blad, er_signert, les_alle, signer, skriv, tilstand
from services.anker.nokkel import nokkel_id, offentlige, signeringsnokkel
from services.lager.roller import DbRolle, url_for

HEL_HVER = 30
"""Every so many anchors have the heads of all cases, so that the state of a night is put together from few files."""

# A head that has been tampered with still gets its place and its length; `boligsak verify` names it.
_HODER = """
    COPY (SELECT uuid_send(id) || int8send(greatest(coalesce(siste_seq, 0), 0)::bigint)
                 || CASE WHEN octet_length(siste_hash) = 32 THEN siste_hash
                         ELSE sha256(coalesce(siste_hash, '')) END
          FROM sak ORDER BY id) TO STDOUT (FORMAT binary)
"""


@dataclass(slots=True)
class Laget:
    """``borte``: cases of the anchor before that are gone; ``tilbake``: cases whose chain has become shorter."""

    anker: Anker
    borte: list[str] = field(default_factory=list)
    tilbake: list[str] = field(default_factory=list)


def lag(database_url: str, mappe: Path, tid: datetime) -> Laget:
    """Make one anchor of the database as it stands. Only one process at a time does.

    What has gone backwards since the anchor before is in the answer and in the new anchor as it is: the earlier
    anchor stays the proof against it. Errors: ``AnkerFeil``; those of the database.
    """
    nokkel = signeringsnokkel()
    mappe.mkdir(parents=True, exist_ok=True, mode=0o755)
    with _las(mappe):
        ankre = les_alle(mappe)
        _krev_hel(ankre)
        nr = ankre[-1].nr + 1 if ankre else 1
        ny = _Ny(alle=(nr - 1) % HEL_HVER == 0)
        fil = mappe / f".{nr:08d}.hoder.{os.getpid()}"
        try:
            with fil.open("wb") as ut:
                for hode in ny.endret(_les_hoder(database_url), tilstand(mappe, ankre)):
                    ut.write(hode)
                    ny.avtrykk.update(hode)
                    ny.antall += 1
                ut.flush()
                os.fsync(ut.fileno())
            dokument: dict[str, Any] = {
                "nr": nr,
                "tid": tid_tekst(tid),
                "saker": ny.rot.antall,
                "rot": ny.rot.rot().hex(),
                "hoder": {"antall": ny.antall, "sha256": ny.avtrykk.hexdigest(), "alle": ny.alle},
                "forrige": ankre[-1].hash if ankre else None,
            }
            anker = signer(dokument, nokkel)
            skriv(mappe, anker, fil)
        finally:
            fil.unlink(missing_ok=True)
    return Laget(anker, ny.borte, ny.tilbake)


def _krev_hel(ankre: list[Anker]) -> None:
    """The last anchor is ours to go on from. The whole row is for ``boligsak verify --anker``."""
    if not ankre:
        return
    egen = signeringsnokkel().public_key()
    if not er_signert(ankre[-1], {**offentlige(), nokkel_id(egen): egen}):
        raise AnkerFeil(f"{ankre[-1].nr:08d}.json: er ikke signert med en nøkkel vi tror på")


class _Ny:
    """The anchor that is being made: old and new heads, both ascending, put beside each other."""

    def __init__(self, *, alle: bool) -> None:
        self.alle = alle
        self.rot = Rot()
        self.avtrykk = hashlib.sha256()
        self.antall = 0
        self.borte: list[str] = []
        self.tilbake: list[str] = []

    def endret(self, nye: Iterator[bytes], gamle: Iterator[bytes]) -> Iterator[bytes]:
        """The heads to write."""
        gammel = next(gamle, None)
        for ny in nye:
            while gammel is not None and gammel[:16] < ny[:16]:
                yield self._borte(gammel)
                gammel = next(gamle, None)
            self.rot.legg_til(blad(ny).hash())
            samme = gammel is not None and gammel[:16] == ny[:16]
            if samme and gammel is not None and gammel[16:24] > ny[16:24]:
                self.tilbake.append(str(UUID(bytes=ny[:16])))
            if self.alle or not samme or gammel != ny:
                yield ny
            if samme:
                gammel = next(gamle, None)
        while gammel is not None:
            yield self._borte(gammel)
            gammel = next(gamle, None)

    def _borte(self, hode: bytes) -> bytes:
        self.borte.append(str(UUID(bytes=hode[:16])))
        return hode[:16] + BORTE


def _les_hoder(database_url: str) -> Iterator[bytes]:
    """The heads of all cases in one snapshot, as a role that may only read."""
    url = make_url(url_for(DbRolle.REVISOR, database_url)).set(drivername="postgresql")
    with (
        psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=5) as forbindelse,
        forbindelse.cursor() as peker,
        peker.copy(_HODER) as kopi,
    ):
        kopi.set_types(["bytea"])
        for (hode,) in kopi.rows():
            if len(hode) != HODE:
                raise AnkerFeil(f"et hode i databasen er {len(hode)} byte")
            yield hode


@contextmanager
def _las(mappe: Path) -> Iterator[None]:
    with (mappe / ".las").open("w") as fil:
        try:
            fcntl.flock(fil, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnkerFeil("et anker blir laget av en annen prosess") from None
        yield
