"""Letters issued: what a letter said and the imprints of its bytes stand in the case's chain, sealed.

The bytes are made again from what it said by the version of the templates it was issued by, and held against the
imprints (docs/adr/0033).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.brev.belop import UdekketBelop
from services.brev import kilde
from services.brev.gjengi import FORMATER, MAL, Format, Skrivefeil, gjengi, sett
from services.brev.sak import KanIkkeLages, Sak, Skrevet, les
from services.lager import hendelser, oppfolginger, saker, utgaende
from services.lager.hendelser import NyHendelse
from services.lager.ider import ny_id

HENDELSE = "brev_utstedt"
FINGERAVTRYKK = "manuell:brev:belop_uten_dekning"
"""Of the task that somebody must find out why a letter says another sum than the case does."""
EIER = "husbanken:klage"
FRIST = timedelta(days=3)


class FeilBelop(ValueError):
    """The letter is not made: an amount in it stands nowhere in what it is about. ``behandling``: whose."""

    def __init__(self, behandling: UUID, melding: str) -> None:
        super().__init__(melding)
        self.behandling = behandling


class Brevavvik(ValueError):
    """The bytes made again are not those that were issued."""


@dataclass(frozen=True, slots=True)
class Utstedt:
    """``sha256``: format → imprint in hex. ``dokument``: of ``Brev.dokument``."""

    brev: UUID
    slag: str
    gjelder: UUID
    rad: UUID
    sprak: str
    mal: str
    tid: datetime
    aktor: str
    sha256: Mapping[Format, str]
    dokument: dict[str, Any]


_IKKE_SLUPPET = text("SELECT vedtak_usluppet(:sak_id, :vedtak_id)")
_UTSTEDTE = text("""
    SELECT seq, tid, kanonisk, innhold FROM hendelse
    WHERE sak_id = :sak_id AND type = :type AND innhold IS NOT NULL ORDER BY seq
""")


def alle(sak: Sak) -> list[Utstedt]:
    """Every letter issued in the case, oldest first."""
    rader = sak.forbindelse.execute(_UTSTEDTE, {"sak_id": sak.id, "type": HENDELSE})
    return [_utstedt(sak, r) for r in rader]


def _utstedt(sak: Sak, rad: Any) -> Utstedt:
    hode = orjson.loads(rad.kanonisk)
    innhold = orjson.loads(hendelser.apne(sak.nokkel, sak.id, rad.seq, rad.innhold))
    data = hode["data"]
    return Utstedt(
        brev=UUID(data["brev"]),
        slag=data["slag"],
        gjelder=UUID(data["gjelder"]),
        rad=UUID(data["rad"]),
        sprak=data["sprak"],
        mal=data["mal"],
        tid=rad.tid,
        aktor=hode["aktor"],
        sha256=innhold["sha256"],
        dokument=innhold["dokument"],
    )


def utsted(
    forbindelse: Connection,
    sak_id: UUID,
    slag: kilde.Slag,
    gjelder: UUID,
    sprak: str | None,
    uttalelse: str | None,
    aktor: str,
    tid: datetime,
) -> Utstedt:
    """Write a letter, set it in every format, and append it to the chain. One about the same decision, notice or
    statement is issued once in a language: asked for again, that one comes back, though the case has gone on since.

    Errors: ``FeilBelop``; ``KanIkkeLages`` also for a decision of a run that is held or rejected: nobody is told of
    what may never be paid; else as ``sak.les`` and ``kilde.skriv``.
    """
    sak = les(forbindelse, sak_id)
    last = saker.las(forbindelse, sak_id)
    sak = replace(sak, gradert=last.gradert)  # as it is now that nobody can change it
    if egne := _egne(sak, slag, gjelder, sprak):
        return egne[-1]
    skrevet = kilde.skriv(sak, slag, gjelder, sprak, tid, (uttalelse, aktor) if uttalelse else None)
    if slag == "vedtak" and forbindelse.scalar(_IKKE_SLUPPET, {"sak_id": sak_id, "vedtak_id": skrevet.rad}):
        raise KanIkkeLages("Vedtaket er fattet i en kjøring som ikke er sluppet.")
    brev, dokument = skrevet.brev, skrevet.brev.dokument()
    avtrykk = {f: _sha256(_gjengi(skrevet, f)) for f in FORMATER}
    id_ = ny_id()
    data = {
        "brev": str(id_),
        "slag": slag,
        "gjelder": str(gjelder),
        "rad": str(skrevet.rad),
        "sprak": brev.sprak,
        "mal": MAL,
    }
    ny = NyHendelse(HENDELSE, skrevet.behandling, data, {"sha256": avtrykk, "dokument": dokument})
    hendelser.skriv(forbindelse, last, [ny], aktor, tid)
    ut = {k: data[k] for k in ("brev", "slag", "gjelder", "sprak")}
    utgaende.skriv(forbindelse, sak_id, "brev.utstedt.v1", ut, tid)
    oppfolginger.lukk(forbindelse, skrevet.behandling, FINGERAVTRYKK, aktor, tid)
    last.versjon += 1
    saker.lagre(forbindelse, last, tid)
    return Utstedt(id_, slag, gjelder, skrevet.rad, brev.sprak, MAL, tid, aktor, avtrykk, dokument)


def _gjengi(skrevet: Skrevet, format_: Format) -> bytes:
    try:
        return gjengi(skrevet.brev, format_, skrevet.dekning)
    except (UdekketBelop, Skrivefeil) as feil:
        raise FeilBelop(skrevet.behandling, str(feil)) from None


def apne_oppgave(forbindelse: Connection, sak_id: UUID, feil: FeilBelop, tid: datetime) -> None:
    """A task for a letter that was refused; it is closed when the letter is issued after all."""
    oppfolginger.apne(
        forbindelse,
        sak_id,
        feil.behandling,
        slag="manuell",
        arsak="brev:belop_uten_dekning",
        fingeravtrykk=FINGERAVTRYKK,
        eier=EIER,
        frist=tid + FRIST,
        tid=tid,
    )


def _egne(sak: Sak, slag: kilde.Slag, gjelder: UUID, sprak: str | None) -> list[Utstedt]:
    """Those issued about the same row, in the language asked for or, when none is, in any; oldest first."""
    rad = kilde.rad(sak, slag, gjelder)
    return [u for u in alle(sak) if (u.slag, u.rad) == (slag, rad) and sprak in (None, u.sprak)]


def gjenskap(u: Utstedt, format_: Format) -> bytes:
    """The bytes of an issued letter. Errors: ``Brevavvik``."""
    try:
        innhold = sett(u.dokument, format_, u.mal)
    except LookupError as feil:
        raise Brevavvik(str(feil)) from None
    if _sha256(innhold) != u.sha256[format_]:
        raise Brevavvik(f"{format_} blir en annen nå")
    return innhold


def _sha256(innhold: bytes) -> str:
    return hashlib.sha256(innhold).hexdigest()


def hent(
    sak: Sak, slag: kilde.Slag, gjelder: UUID, sprak: str | None, format_: Format, tid: datetime
) -> tuple[bytes, str, Utstedt | None]:
    """The letter's bytes and language: as it was issued, else as it reads now. The newest of those issued counts, in
    the language asked for or, when none is, in whichever it was issued.

    Errors: ``Brevavvik``, ``FeilBelop``; as ``kilde.skriv``.
    """
    if egne := _egne(sak, slag, gjelder, sprak):
        return gjenskap(egne[-1], format_), egne[-1].sprak, egne[-1]
    skrevet = kilde.skriv(sak, slag, gjelder, sprak, tid)
    return _gjengi(skrevet, format_), skrevet.brev.sprak, None
