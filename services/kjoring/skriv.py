"""*Vedta*: the rows of a chunk written with COPY, the heads of the cases with one UPDATE each.

A run writes one audit event a case and month: the decision, the open task or the stop.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.types.json import Jsonb

from domain.sak.kjede import kanonisk
from domain.sak.manedlig import ARSAKER, INNHENTING, neste_forfall
from domain.sak.ordning import Avgjorelse
from services.forsegling import Datanokkel
from services.kjoring.kjoring import Kjoring
from services.kjoring.kontroll import Utfall
from services.kjoring.les import Sak
from services.klokke import i_dag
from services.lager import kopi, lopende, opplysninger, segl
from services.lager.hendelser import NyHendelse, lag_rad
from services.lager.ider import ny_id
from services.lager.opplysninger import NyOpplysning
from services.motor.avgjorelse import aad, radavtrykk
from services.motor.enkeltkontroll import EIER, FRIST

AKTOR = "system"
TABELLER = {
    "behandling": "id uuid, sak_id uuid, nr int4, kommunenummer text, forlop text, arsak text, termin text,"
    " tilstand text, avsluttet timestamptz, laget timestamptz",
    "vedtak": "id uuid, sak_id uuid, behandling_id uuid, kommunenummer text, termin text, kode text, utfall text,"
    " belop int8, regelversjon text, fattet timestamptz, fattet_av text, erstatter uuid, fakta bytea, spor bytea",
    "utbetaling": "id uuid, sak_id uuid, vedtak_id uuid, kommunenummer text, termin text, belop int8, forfall date,"
    " mottaker text, kjoring_id uuid, status text, laget timestamptz",
    "hendelse": "id uuid, sak_id uuid, behandling_id uuid, seq int4, tid timestamptz, type text, kanonisk bytea,"
    " forrige bytea, hash bytea, innhold bytea",
    "utgaende": "id uuid, sak_id uuid, type text, data jsonb, laget timestamptz",
    "opplysning": "id uuid, sak_id uuid, behandling_id uuid, nokkel text, kilde text, gjelder uuid, hjemmel text,"
    " hentet timestamptz, gyldig_til timestamptz, innhold bytea",
    "kjoring_sak": "kjoring_id uuid, sak_id uuid, kommunenummer text, utfall text, kode text, resultat text,"
    " belop int8, forrige_kode text, forrige_utfall text, forrige_belop int8, vedtak_id uuid, grunn text, "
    + ", ".join(f"{arsak} int4" for arsak in ARSAKER),
}
"""Columns and types, in the order in which the tables are written."""
OPPLYSNINGSFELT = kopi.navn(TABELLER["opplysning"])
_INGEN = dict.fromkeys(ARSAKER, 0)
SLUTT = {"vedtatt", "henlagt"}
_SAK = """
    UPDATE sak SET versjon = sak.versjon + 1, siste_seq = n.seq, siste_hash = n.hash, endret = %s,
                   gradert = sak.gradert OR n.gradert
    FROM unnest(%b::uuid[], %b::int[], %b::bytea[], %b::bool[]) AS n (id, seq, hash, gradert) WHERE sak.id = n.id
"""
_LOPENDE = """
    UPDATE lopende SET status = n.status, stanset_grunn = n.grunn, siste_termin = %s, siste_kode = n.kode,
                       siste_utfall = n.utfall, siste_belop = n.belop, siste_vedtak = n.vedtak,
                       avslag_pa_rad = n.avslag, endret = %s
    FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::bigint[], %b::uuid[], %b::int[])
         AS n (sak_id, status, grunn, kode, utfall, belop, vedtak, avslag) WHERE lopende.sak_id = n.sak_id
"""
_STANS = """
    UPDATE lopende SET status = 'stanset', stanset_grunn = n.grunn, endret = %s
    FROM unnest(%b::uuid[], %b::text[]) AS n (sak_id, grunn) WHERE lopende.sak_id = n.sak_id
"""
_OPPFOLGING = """
    INSERT INTO oppfolging (id, sak_id, behandling_id, kommunenummer, slag, arsak, fingeravtrykk, eier, frist, laget)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (behandling_id, fingeravtrykk) WHERE lukket IS NULL DO NOTHING
"""
_BEHANDLING = """
    UPDATE behandling SET tilstand = n.tilstand, avsluttet = CASE WHEN n.slutt THEN %s ELSE NULL END
    FROM unnest(%b::uuid[], %b::text[], %b::bool[]) AS n (id, tilstand, slutt) WHERE behandling.id = n.id
"""


@dataclass(slots=True)
class Rader:
    """What a chunk will write. ``nye``: rows by table; the rest are parameters of the other statements."""

    kjoring: UUID
    tid: datetime
    svarsegl: Mapping[UUID, bytes] = field(default_factory=dict)
    nye: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {t: [] for t in TABELLER})
    hoder: list[tuple[UUID, int, bytes, bool]] = field(default_factory=list)
    lopende: list[tuple[Any, ...]] = field(default_factory=list)
    stanset: list[tuple[UUID, str]] = field(default_factory=list)
    behandlinger: list[tuple[UUID, str, bool]] = field(default_factory=list)
    oppfolging: list[tuple[Any, ...]] = field(default_factory=list)
    avtrykk: Any = field(default_factory=hashlib.sha256)
    """Over the outcomes in the order of the cases: content, never ids or times of this very run."""

    kjoringstekst: str = field(init=False)

    def __post_init__(self) -> None:
        self.kjoringstekst = str(self.kjoring)


def id_for(kjoring: Kjoring, sak: Sak, hva: bytes) -> UUID:
    """The id of what the run makes of a case: the same however often it is done.

    UUID version 7 in form: dated as the run, then the case's place in the manifest, so that what is written in that
    order lies in that order in the indexes (RFC 9562 § 6.2, method 1), then 38 bits that tell run, case and ``hva``.
    """
    avtrykk = (
        int.from_bytes(hashlib.blake2b(kjoring.id.bytes + sak.id.bytes + hva, digest_size=5).digest()) >> 2
    )
    hoyt, lavt = sak.plass >> 24, sak.plass & 0xFFFFFF
    return UUID(
        int=_millisekunder(kjoring.tid) << 80 | 0x7 << 76 | hoyt << 64 | 0x2 << 62 | lavt << 38 | avtrykk
    )


@lru_cache(maxsize=4)
def _millisekunder(tid: datetime) -> int:
    return int(tid.timestamp() * 1000)


def lag(
    kjoring: Kjoring,
    utfall: Sequence[Utfall],
    regelversjon: str,
    tid: datetime,
    svarsegl: Mapping[UUID, bytes],
) -> Rader:
    """The rows of these outcomes, in the order of the cases; ``tid``: when they are decided."""
    rader = Rader(kjoring.id, tid, svarsegl)
    for u in utfall:
        vedtak_id = None
        fakta = b"" if u.fakta is None else kanonisk(u.fakta)
        if not kjoring.prove:
            if u.slag == "vedtatt":
                vedtak_id = _vedtak(rader, kjoring, u, fakta, regelversjon)
            elif u.slag == "oppgave":
                _oppgave(rader, kjoring, u)
            elif u.slag == "stanset" and u.sak.status == "lopende":
                _stans(rader, kjoring, u)
            elif u.slag == "uendret" and u.sak.innhenting:
                rader.behandlinger.append((u.sak.innhenting, "henlagt", True))
        _kjoring_sak(rader, u, vedtak_id)
        innhold = [
            u.sak.id.hex, u.slag, u.grunn, u.kode, u.resultat, u.belop, u.sak.forrige_belop,
            *(u.arsaker.get(a, 0) for a in ARSAKER),
        ]  # fmt: skip
        rader.avtrykk.update(orjson.dumps(innhold) + fakta + b"\n")
    return rader


def _behandling(rader: Rader, kjoring: Kjoring, u: Utfall, tilstand: str, avsluttet: bool) -> UUID:
    """Gives its id."""
    sak = u.sak
    if sak.innhenting is not None:
        rader.behandlinger.append((sak.innhenting, tilstand, avsluttet))
        return sak.innhenting
    id_, tid = id_for(kjoring, sak, b"behandling"), rader.tid
    rader.nye["behandling"].append(
        (id_, sak.id, sak.nr + 1, sak.kommunenummer, kjoring.forlop, kjoring.arsak, kjoring.termin, tilstand,
         tid if avsluttet else None, tid)
    )  # fmt: skip
    return id_


def _hendelse(
    rader: Rader, kjoring: Kjoring, u: Utfall, type_: str, behandling_id: UUID, data: dict[str, Any]
) -> None:
    sak, tekst = u.sak, str(behandling_id)
    data["kjoring"] = rader.kjoringstekst
    data["arsak"] = kjoring.arsak
    data["behandlingsrad"] = segl.behandling(
        {
            "sak_id": sak.tekst,
            "kommunenummer": sak.kommunenummer,
            "id": tekst,
            "forlop": kjoring.forlop,
            "arsak": kjoring.arsak,
            "termin": kjoring.termin,
            "tilstand": data["til"],
            "avsluttet": rader.tid if data["til"] in SLUTT else None,
        }
    )
    if u.gradert and not sak.gradert:
        data["sak"] = {"gradert": True}
    ny = NyHendelse(type_, tekst, data)
    rad = lag_rad(sak.id, sak.siste_seq + 1, sak.siste_hash, ny, AKTOR, rader.tid, sak.nokkel)
    rad["behandling_id"] = behandling_id
    rader.hoder.append((sak.id, rad["seq"], rad["hash"], u.gradert))
    rader.nye["hendelse"].append(tuple(rad.values()))


def _vedtak(rader: Rader, kjoring: Kjoring, u: Utfall, fakta: bytes, regelversjon: str) -> UUID:
    """Gives its id."""
    sak, tid = u.sak, rader.tid
    assert sak.nokkel is not None
    vedtak_id = id_for(kjoring, sak, b"vedtak")
    behandling_id = _behandling(rader, kjoring, u, "vedtatt", True)
    # As text once each: they stand in many places.
    sid, vid, bid = sak.tekst, str(vedtak_id), str(behandling_id)
    erstatter = sak.forrige_vedtak if kjoring.gjelder_vedtatte else None
    forseglet = sak.nokkel.forsegle(fakta, aad(vedtak_id, "fakta"))
    spor = sak.nokkel.forsegle(u.spor, aad(vedtak_id, "spor"))
    rader.nye["vedtak"].append(
        (vedtak_id, sak.id, behandling_id, sak.kommunenummer, kjoring.termin, u.kode, u.resultat, u.belop,
         regelversjon, tid, AKTOR, erstatter, forseglet, spor)
    )  # fmt: skip
    avtrykk = radavtrykk(
        {
            "id": vid,
            "sak_id": sid,
            "behandling_id": bid,
            "kommunenummer": sak.kommunenummer,
            "termin": kjoring.termin,
            "kode": u.kode,
            "utfall": u.resultat,
            "belop": u.belop,
            "regelversjon": regelversjon,
            "fattet": tid,
            "fattet_av": AKTOR,
            "attestert_av": None,
            "erstatter": erstatter,
            "fakta": forseglet,
            "spor": spor,
        }
    )
    data: dict[str, Any] = {
        "vedtak": vid,
        "termin": kjoring.termin,
        "kode": u.kode,
        "regelversjon": regelversjon,
        "rad": avtrykk.hex(),
        "utbetalinger": _betal(rader, kjoring, u, vedtak_id, regelversjon, forseglet),
        "fra": INNHENTING,
        "til": "vedtatt",
    }
    svar = segl.delt(rader.svarsegl.get(sak.innhenting)) if sak.innhenting else []
    if kjoring.gjelder_vedtatte:
        svar += [_opplysning(rader, u, behandling_id, ny) for ny in sak.nye_svar]
    data["opplysninger"] = segl.opplysninger(svar)
    if u.videre is not None:
        data |= lopende.stilling(u.videre)
    _hendelse(rader, kjoring, u, "vedtak_fattet", behandling_id, data)
    melding = {"kode": u.kode, "sak": sid, "termin": kjoring.termin, "utfall": u.resultat, "vedtak": vid}
    _utgaende(rader, kjoring, u, "vedtak.fattet.v1", melding)
    if u.videre is not None:
        v = u.videre
        rader.lopende.append(
            (sak.id, v.status, v.grunn, u.kode, u.resultat, u.belop, vedtak_id, v.avslag_pa_rad)
        )
    return vedtak_id


def _betal(
    rader: Rader, kjoring: Kjoring, u: Utfall, vedtak_id: UUID, regelversjon: str, fakta: bytes
) -> list[str]:
    """Payment rows are a ledger: what is written is the difference from what the termin has had before. Gives their
    imprints."""
    sak, ut = u.sak, []
    soknad = sak.soknad or {"termin": kjoring.termin}
    avgjort = Avgjorelse(u.kode or "", u.resultat or "", u.belop or 0, regelversjon, b"")
    for b in kjoring.ordning.betalinger(avgjort, soknad):
        differanse = b.belop - sak.betalt
        forfall = b.forfall
        nytt = sak.forkastet and sak.betalt == 0  # what lapsed is paid anew, when and however little it is
        if kjoring.gjelder_vedtatte and not nytt:
            dag = i_dag(kjoring.tid)
            forfall = neste_forfall(kjoring.manedlig, dag)
            if not kjoring.manedlig.utbetales(differanse, dag):
                continue
        if differanse == 0:
            continue
        id_ = id_for(kjoring, sak, b"utbetaling")
        felles = (sak.kommunenummer, b.termin, differanse, forfall, b.mottaker)
        rad = (id_, sak.tekst, vedtak_id, *felles, rader.kjoringstekst)
        ut.append(segl.betaling(dict(zip(segl.BETALINGSFELT, rad, strict=True)), fakta))
        rader.nye["utbetaling"].append((id_, sak.id, vedtak_id, *felles, rader.kjoring, "holdt", rader.tid))
    return ut


def _utgaende(rader: Rader, kjoring: Kjoring, u: Utfall, type_: str, data: dict[str, Any]) -> None:
    rader.nye["utgaende"].append(
        (
            ny_id(),
            u.sak.id,
            f"no.boligsak.{kjoring.ordning.navn}.{type_}",
            Jsonb(data, orjson.dumps),
            rader.tid,
        )
    )


def _oppgave(rader: Rader, kjoring: Kjoring, u: Utfall) -> None:
    """An open task with an owner; the treatment goes on in the hands of a person."""
    sak, tid = u.sak, rader.tid
    grunn = u.grunn or ""
    behandling_id = sak.apen
    if behandling_id is None:
        behandling_id = _behandling(rader, kjoring, u, "manuell", False)
        _hendelse(
            rader,
            kjoring,
            u,
            "til_manuell",
            behandling_id,
            {"fra": INNHENTING, "til": "manuell", "grunner": grunn.split(",")},
        )
        if sak.soknad is not None and sak.nokkel is not None:
            soknad = NyOpplysning(
                opplysninger.SOKNAD, opplysninger.SOKNAD, kjoring.ordning.hjemmel, sak.soknad, tid
            )
            _opplysning(rader, u, behandling_id, soknad)
    slag = "teknisk" if u.teknisk else "manuell"
    frist = tid + (FRIST if u.teknisk else timedelta(days=kjoring.ordning.frist_manuell_dager))
    eier = EIER if u.teknisk else f"kommune:{sak.kommunenummer}"
    rader.oppfolging.append(
        (ny_id(), sak.id, behandling_id, sak.kommunenummer, slag, grunn, f"{slag}:{grunn}", eier, frist, tid)
    )


def _stans(rader: Rader, kjoring: Kjoring, u: Utfall) -> None:
    behandling_id = _behandling(rader, kjoring, u, "henlagt", True)
    data = {
        "fra": INNHENTING,
        "til": "henlagt",
        "grunn": u.grunn,
        "termin": kjoring.termin,
        "lopende": {"status": "stanset", "grunn": u.grunn or ""},
    }
    _hendelse(rader, kjoring, u, "stans", behandling_id, data)
    rader.stanset.append((u.sak.id, u.grunn or ""))
    melding = {"grunn": u.grunn, "sak": u.sak.tekst, "termin": kjoring.termin}
    _utgaende(rader, kjoring, u, "stanset.v1", melding)


def opplysningsrad(
    nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning
) -> tuple[Any, ...]:
    """One answer as a row, sealed; in the order of TABELLER."""
    id_ = ny_id()
    innhold = nokkel.forsegle(orjson.dumps(ny.innhold), opplysninger.aad(sak_id, id_))
    return (
        id_, sak_id, behandling_id, ny.nokkel, ny.kilde, ny.gjelder, ny.hjemmel, ny.hentet, ny.gyldig_til, innhold,
    )  # fmt: skip


def _opplysning(rader: Rader, u: Utfall, behandling_id: UUID, ny: NyOpplysning) -> bytes:
    """Gives its imprint."""
    assert u.sak.nokkel is not None
    rad = opplysningsrad(u.sak.nokkel, u.sak.id, behandling_id, ny)
    rader.nye["opplysning"].append(rad)
    return segl.opplysning(dict(zip(OPPLYSNINGSFELT, rad, strict=True)))


def _kjoring_sak(rader: Rader, u: Utfall, vedtak_id: UUID | None) -> None:
    sak = u.sak
    rader.nye["kjoring_sak"].append(
        (rader.kjoring, sak.id, sak.kommunenummer, u.slag, u.kode, u.resultat, u.belop, sak.for_.kode,
         sak.forrige_utfall, sak.forrige_belop, vedtak_id, u.grunn, *(_INGEN | u.arsaker).values())
    )  # fmt: skip


def skriv(forbindelse: Connection[Any], kjoring: Kjoring, rader: Rader) -> dict[str, int]:
    """Write them. Gives rows by table, and ``byte`` of what was copied."""
    tid = rader.tid
    skrevet: dict[str, int] = {}
    antall_byte = 0
    with forbindelse.cursor() as peker:
        for tabell, kolonner in TABELLER.items():
            if nye := rader.nye[tabell]:
                antall_byte += kopi.kopier(peker, tabell, kolonner, nye)
                skrevet[tabell] = len(nye)
        if rader.oppfolging:
            peker.executemany(_OPPFOLGING, rader.oppfolging)
            skrevet["oppfolging"] = len(rader.oppfolging)
        if rader.behandlinger:
            peker.execute(_BEHANDLING, (tid, *map(list, zip(*rader.behandlinger, strict=True))))
        if rader.hoder:
            peker.execute(_SAK, (tid, *map(list, zip(*rader.hoder, strict=True))))
        if rader.lopende:
            peker.execute(_LOPENDE, (kjoring.termin, tid, *map(list, zip(*rader.lopende, strict=True))))
        if rader.stanset:
            peker.execute(_STANS, (tid, *map(list, zip(*rader.stanset, strict=True))))
    skrevet["byte"] = antall_byte
    return skrevet
