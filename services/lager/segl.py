"""Imprints of the rows beside the chain, which its events hold: what ``boligsak verify`` makes anew and compares.

An event's ``data`` may hold ``sak`` (columns of the case's row, those that it sets), ``parter`` (who became a party, as
what), ``behandlingsrad`` (the treatment's row as the event left it), and with a decision ``rad``, ``utbetalinger`` (an
imprint a payment), ``opplysninger`` (the answers that the treatment had) and ``lopende`` with ``lopende_soknad`` (where
a running case stands, and by which application). One that sets a claim off has ``motregnet`` (decision → an imprint a
payment row that moves kroner from the claim to what is to be netted). None of them is personal: an amount is hashed
with bytes that only the database has, so that it cannot be guessed from the hash.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from domain.sak.kjede import tid_tekst

SKILLE = "\x1f"
_FORSTE = datetime(2000, 1, 1, tzinfo=UTC)
_MIKRO = timedelta(microseconds=1)

BETALINGSFELT = (
    "id",
    "sak_id",
    "vedtak_id",
    "kommunenummer",
    "termin",
    "belop",
    "forfall",
    "mottaker",
    "kjoring_id",
)
"""What a payment is, with ``tilbakekrav_id``, if it is part of a claim; where it has come (``status``, ``linje_id``)
changes, and is held against the payment files."""
BEHANDLINGSFELT = ("sak_id", "kommunenummer", "id", "forlop", "arsak", "termin", "tilstand", "forslag_av")
"""With ``merker``, which the guards look at."""
BEHANDLINGSTIDER = ("frist", "avsluttet", "kontroller_fra")
_EGNE = (*BEHANDLINGSFELT[2:], *BEHANDLINGSTIDER, "merker")
SAKSFELT = ("ordning", "kommunenummer", "hovedperson", "gjelder", "gradert", "status")


def _tekst(verdi: Any) -> str:
    return "" if verdi is None else str(verdi)


def betaling(rad: Mapping[str, Any], fakta: bytes) -> str:
    """sha256 in hex of one payment. ``fakta``: the decision's sealed facts, random to whoever lacks them."""
    ledd = SKILLE.join([_tekst(rad.get(f)) for f in (*BETALINGSFELT, "tilbakekrav_id")])
    return hashlib.sha256(hashlib.sha256(fakta).digest() + ledd.encode()).hexdigest()


def behandling(rad: Mapping[str, Any]) -> str:
    """sha256 in hex of a treatment's row; times and marks may be absent."""
    ledd = [_tekst(rad.get(f)) for f in BEHANDLINGSFELT]
    ledd.append(",".join(sorted(rad.get("merker", ()))))
    ledd += [tid_tekst(t) if (t := rad.get(f)) is not None else "" for f in BEHANDLINGSTIDER]
    return hashlib.sha256(SKILLE.join(ledd).encode()).hexdigest()


def av_behandling(sak: Any, b: Any) -> str:
    """``behandling`` of a ``LastSak`` and the ``Behandling`` that is about to be written."""
    felt = {f: getattr(b, f) for f in _EGNE}
    return behandling({"sak_id": sak.id, "kommunenummer": sak.kommunenummer, **felt})


def _mikro(tid: datetime | None) -> bytes:
    """As ``timestamptz_send``: microseconds since 2000, eight bytes; none: zeros."""
    return bytes(8) if tid is None else ((tid - _FORSTE) // _MIKRO).to_bytes(8, signed=True)


def opplysning(rad: Mapping[str, Any]) -> bytes:
    """48 bytes for one answer: its id, and the sha256 of its row with the sealed content."""
    id_: UUID = rad["id"]
    tekst = SKILLE.join(_tekst(rad[f]) for f in ("nokkel", "kilde", "hjemmel", "gjelder"))
    innhold = (
        rad["sak_id"].bytes
        + rad["behandling_id"].bytes
        + _mikro(rad["hentet"])
        + _mikro(rad["gyldig_til"])
        + hashlib.sha256(rad["innhold"]).digest()
        + tekst.encode()
    )
    return id_.bytes + hashlib.sha256(innhold).digest()


def opplysninger(segl: Iterable[bytes]) -> dict[str, Any]:
    """A treatment's answers as a decision's event holds them: how many, and one sha256 over them in order of id."""
    rader: Sequence[bytes] = sorted(segl)
    return {"antall": len(rader), "sha256": hashlib.sha256(b"".join(rader)).hexdigest()}


OPPLYSNINGER_SQL = """
    string_agg(uuid_send(o.id) || sha256(
        uuid_send(o.sak_id) || uuid_send(o.behandling_id) || timestamptz_send(o.hentet)
        || coalesce(timestamptz_send(o.gyldig_til), '\\x0000000000000000') || sha256(o.innhold)
        || convert_to(o.nokkel || E'\\x1f' || o.kilde || E'\\x1f' || o.hjemmel || E'\\x1f'
                      || coalesce(o.gjelder::text, ''), 'UTF8')), '' ORDER BY o.id)
"""
"""``opplysning`` of each row ``o``, joined in order of id: the hashing is done where the bytes are. Written out in the
query and no function of the database's, which whoever owns it could change."""


_LES = f"""
    SELECT o.behandling_id, {OPPLYSNINGER_SQL} FROM opplysning o WHERE o.behandling_id = ANY(%s) GROUP BY 1
"""  # noqa: S608 - our own expression


def les(forbindelse: psycopg.Connection[Any], behandlinger: Sequence[UUID]) -> dict[UUID, bytes]:
    """The imprints of the answers that these treatments have been given, joined, by treatment."""
    if not behandlinger:
        return {}
    with forbindelse.cursor(binary=True) as peker:
        return dict(peker.execute(_LES, (list(behandlinger),)).fetchall())


def delt(samlet: bytes | None) -> list[bytes]:
    """What the SQL gives, row by row."""
    return [samlet[i : i + 48] for i in range(0, len(samlet), 48)] if samlet else []


def forseglet(innhold: bytes) -> str:
    """sha256 in hex of sealed bytes."""
    return hashlib.sha256(innhold).hexdigest()
