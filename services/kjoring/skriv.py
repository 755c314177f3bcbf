"""*Vedta*: the rows of a chunk written with COPY, the heads of the cases with one UPDATE each.

A run writes one audit event a case and month: the decision, the open task or the stop. Everything is text made here
from ids, codes, whole numbers and sealed bytes, so nothing needs escaping.
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

from domain.sak.kjede import kanonisk
from domain.sak.manedlig import ARSAKER, INNHENTING, neste_forfall
from domain.sak.ordning import Avgjorelse
from services.forsegling import Datanokkel
from services.kjoring.kjoring import Kjoring
from services.kjoring.kontroll import Utfall
from services.klokke import i_dag
from services.lager import lopende, opplysninger, segl
from services.lager.hendelser import NyHendelse, lag_rad
from services.lager.ider import ny_id
from services.lager.opplysninger import NyOpplysning
from services.motor.avgjorelse import aad, radavtrykk
from services.motor.enkeltkontroll import EIER, FRIST

AKTOR = "system"
NULL = "\\N"
TABELLER = {
    "behandling": "id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand, avsluttet, laget",
    "vedtak": "id, sak_id, behandling_id, kommunenummer, termin, kode, utfall, belop, regelversjon, fattet, fattet_av,"
    " erstatter, fakta, spor",
    "utbetaling": "id, sak_id, vedtak_id, kommunenummer, termin, belop, forfall, mottaker, status, kjoring_id, laget",
    "hendelse": "id, sak_id, behandling_id, seq, tid, type, kanonisk, forrige, hash, innhold",
    "utgaende": "id, sak_id, type, data, laget",
    "opplysning": "id, sak_id, behandling_id, nokkel, kilde, gjelder, hjemmel, hentet, gyldig_til, innhold",
    "kjoring_sak": "kjoring_id, sak_id, kommunenummer, utfall, kode, resultat, belop, forrige_kode, forrige_utfall,"
    " forrige_belop, vedtak_id, grunn, " + ", ".join(ARSAKER),
}
"""In the order in which they are written."""
_OPPLYSNINGSFELT = TABELLER["opplysning"].split(", ")
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
    """What a chunk will write. ``linjer``: COPY text by table; the rest are parameters of the other statements."""

    kjoring: str
    """The run's id as text."""
    tid: datetime
    linjer: dict[str, list[str]] = field(default_factory=lambda: {t: [] for t in TABELLER})
    hoder: list[tuple[UUID, int, bytes, bool]] = field(default_factory=list)
    lopende: list[tuple[Any, ...]] = field(default_factory=list)
    stanset: list[tuple[UUID, str]] = field(default_factory=list)
    behandlinger: list[tuple[UUID, str, bool]] = field(default_factory=list)
    oppfolging: list[tuple[Any, ...]] = field(default_factory=list)
    avtrykk: Any = field(default_factory=hashlib.sha256)
    """Over the outcomes in the order of the cases: content, never ids or times of this very run."""

    svarsegl: Mapping[UUID, bytes] = field(default_factory=dict)
    tidtekst: str = field(init=False)

    def __post_init__(self) -> None:
        self.tidtekst = self.tid.isoformat()


def id_for(kjoring: Kjoring, sak_id: UUID, hva: bytes) -> UUID:
    """The id of what the run makes of a case: the same however often it is done, and near the run's others in an
    index (UUID version 7 in form, dated as the run)."""
    tilfeldig = hashlib.blake2b(kjoring.id.bytes + sak_id.bytes + hva, digest_size=10).digest()
    tall = _millisekunder(kjoring.tid) << 80 | int.from_bytes(tilfeldig)
    return UUID(int=tall & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


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
    rader = Rader(str(kjoring.id), tid, svarsegl=svarsegl)
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


def _tekst(verdi: object) -> str:
    return NULL if verdi is None else str(verdi)


def _behandling(rader: Rader, kjoring: Kjoring, u: Utfall, tilstand: str, avsluttet: bool) -> str:
    """Gives its id."""
    sak = u.sak
    if sak.innhenting is not None:
        rader.behandlinger.append((sak.innhenting, tilstand, avsluttet))
        return str(sak.innhenting)
    id_ = str(id_for(kjoring, sak.id, b"behandling"))
    tid = rader.tidtekst
    slutt = tid if avsluttet else NULL
    rader.linjer["behandling"].append(
        f"{id_}\t{sak.tekst}\t{sak.nr + 1}\t{sak.kommunenummer}\t{kjoring.forlop}\t{kjoring.arsak}\t{kjoring.termin}"
        f"\t{tilstand}\t{slutt}\t{tid}\n"
    )
    return id_


def _hendelse(
    rader: Rader, kjoring: Kjoring, u: Utfall, type_: str, behandling_id: str, data: dict[str, Any]
) -> None:
    sak = u.sak
    data["kjoring"] = rader.kjoring
    data["arsak"] = kjoring.arsak
    data["behandlingsrad"] = segl.behandling(
        {
            "sak_id": sak.tekst,
            "kommunenummer": sak.kommunenummer,
            "id": behandling_id,
            "forlop": kjoring.forlop,
            "arsak": kjoring.arsak,
            "termin": kjoring.termin,
            "tilstand": data["til"],
            "avsluttet": rader.tid if data["til"] in SLUTT else None,
        }
    )
    if u.gradert and not sak.gradert:
        data["sak"] = {"gradert": True}
    rad = lag_rad(
        sak.id,
        sak.siste_seq + 1,
        sak.siste_hash,
        NyHendelse(type_, behandling_id, data),
        AKTOR,
        rader.tid,
        sak.nokkel,
    )
    rader.hoder.append((sak.id, rad["seq"], rad["hash"], u.gradert))
    rader.linjer["hendelse"].append(
        f"{rad['id']}\t{sak.tekst}\t{behandling_id}\t{rad['seq']}\t{rader.tidtekst}\t{type_}"
        f"\t\\\\x{rad['kanonisk'].hex()}\t\\\\x{rad['forrige'].hex()}\t\\\\x{rad['hash'].hex()}\t\\N\n"
    )


def _vedtak(rader: Rader, kjoring: Kjoring, u: Utfall, fakta: bytes, regelversjon: str) -> str:
    """Gives its id."""
    sak = u.sak
    assert sak.nokkel is not None
    vedtak_id = id_for(kjoring, sak.id, b"vedtak")
    # As text once each: they stand in many rows.
    sid, vid, bid = sak.tekst, str(vedtak_id), _behandling(rader, kjoring, u, "vedtatt", True)
    erstatter = sak.forrige_vedtak if kjoring.gjelder_vedtatte else None
    forseglet = sak.nokkel.forsegle(fakta, aad(vedtak_id, "fakta"))
    spor = sak.nokkel.forsegle(u.spor, aad(vedtak_id, "spor"))
    rad: dict[str, Any] = {
        "id": vid,
        "sak_id": sid,
        "behandling_id": bid,
        "kommunenummer": sak.kommunenummer,
        "termin": kjoring.termin,
        "kode": u.kode,
        "utfall": u.resultat,
        "belop": u.belop,
        "regelversjon": regelversjon,
        "fattet": rader.tid,
        "fattet_av": AKTOR,
        "attestert_av": None,
        "erstatter": erstatter,
        "fakta": forseglet,
        "spor": spor,
    }
    rader.linjer["vedtak"].append(
        f"{vid}\t{sid}\t{bid}\t{sak.kommunenummer}\t{kjoring.termin}\t{u.kode}\t{u.resultat}"
        f"\t{u.belop}\t{regelversjon}\t{rader.tidtekst}\t{AKTOR}\t{_tekst(erstatter)}\t\\\\x{forseglet.hex()}"
        f"\t\\\\x{spor.hex()}\n"
    )
    data: dict[str, Any] = {
        "vedtak": vid,
        "termin": kjoring.termin,
        "kode": u.kode,
        "regelversjon": regelversjon,
        "rad": radavtrykk(rad).hex(),
        "utbetalinger": _betal(rader, kjoring, u, vid, regelversjon, forseglet),
        "fra": INNHENTING,
        "til": "vedtatt",
    }
    svar = segl.delt(rader.svarsegl.get(sak.innhenting)) if sak.innhenting else []
    if kjoring.gjelder_vedtatte:
        svar += [_opplysning(rader, u, bid, ny) for ny in sak.nye_svar]
    data["opplysninger"] = segl.opplysninger(svar)
    if u.videre is not None:
        data |= lopende.stilling(u.videre)
    _hendelse(rader, kjoring, u, "vedtak_fattet", bid, data)
    # Ids and codes alone, keys in order: canonical as it stands.
    _utgaende(
        rader,
        kjoring,
        u,
        "vedtak.fattet.v1",
        f'{{"kode":"{u.kode}","sak":"{sid}","termin":"{kjoring.termin}","utfall":"{u.resultat}","vedtak":"{vid}"}}',
    )
    if u.videre is not None:
        v = u.videre
        rader.lopende.append(
            (sak.id, v.status, v.grunn, u.kode, u.resultat, u.belop, vedtak_id, v.avslag_pa_rad)
        )
    return vid


def _betal(
    rader: Rader, kjoring: Kjoring, u: Utfall, vedtak_id: str, regelversjon: str, fakta: bytes
) -> list[str]:
    """Payment rows are a ledger: what is written is the difference from what the termin has had before. Gives their
    imprints."""
    sak, ut = u.sak, []
    soknad = sak.soknad or {"termin": kjoring.termin}
    avgjort = Avgjorelse(u.kode or "", u.resultat or "", u.belop or 0, regelversjon, b"")
    for b in kjoring.ordning.betalinger(avgjort, soknad):
        differanse = b.belop - sak.betalt
        forfall = b.forfall
        if kjoring.gjelder_vedtatte:
            dag = i_dag(kjoring.tid)
            forfall = neste_forfall(kjoring.manedlig, dag)
            if not kjoring.manedlig.utbetales(differanse, dag):
                continue
        if differanse == 0:
            continue
        rad = (
            str(id_for(kjoring, sak.id, b"utbetaling")), sak.tekst, vedtak_id, sak.kommunenummer, b.termin, differanse,
            forfall, b.mottaker, rader.kjoring,
        )  # fmt: skip
        ut.append(segl.betaling(dict(zip(segl.BETALINGSFELT, rad, strict=True)), fakta))
        linje = "\t".join(map(str, rad[:-1]))
        rader.linjer["utbetaling"].append(f"{linje}\tholdt\t{rader.kjoring}\t{rader.tidtekst}\n")
    return ut


def _utgaende(rader: Rader, kjoring: Kjoring, u: Utfall, type_: str, data: str) -> None:
    rader.linjer["utgaende"].append(
        f"{ny_id()}\t{u.sak.tekst}\tno.boligsak.{kjoring.ordning.navn}.{type_}\t{data}\t{rader.tidtekst}\n"
    )


def _oppgave(rader: Rader, kjoring: Kjoring, u: Utfall) -> None:
    """An open task with an owner; the treatment goes on in the hands of a person."""
    sak, tid = u.sak, rader.tid
    grunn = u.grunn or ""
    behandling_id = str(sak.apen)
    if sak.apen is None:
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
    _utgaende(
        rader,
        kjoring,
        u,
        "stanset.v1",
        f'{{"grunn":"{u.grunn}","sak":"{u.sak.tekst}","termin":"{kjoring.termin}"}}',
    )


def opplysningsrad(
    nokkel: Datanokkel, sak_id: UUID, behandling_id: UUID, ny: NyOpplysning
) -> tuple[Any, ...]:
    """One answer as a row, sealed; in the order of TABELLER."""
    id_ = ny_id()
    innhold = nokkel.forsegle(orjson.dumps(ny.innhold), opplysninger.aad(sak_id, id_))
    return (
        id_, sak_id, behandling_id, ny.nokkel, ny.kilde, ny.gjelder, ny.hjemmel, ny.hentet, ny.gyldig_til, innhold,
    )  # fmt: skip


def _opplysning(rader: Rader, u: Utfall, behandling_id: str, ny: NyOpplysning) -> bytes:
    """Gives its imprint."""
    assert u.sak.nokkel is not None
    rad = opplysningsrad(u.sak.nokkel, u.sak.id, UUID(behandling_id), ny)
    *felt, innhold = rad
    rader.linjer["opplysning"].append("\t".join(map(_tekst, felt)) + f"\t\\\\x{innhold.hex()}\n")
    return segl.opplysning(dict(zip(_OPPLYSNINGSFELT, rad, strict=True)))


def _kjoring_sak(rader: Rader, u: Utfall, vedtak_id: str | None) -> None:
    sak = u.sak
    arsaker = "\t".join(str(u.arsaker.get(a, 0)) for a in ARSAKER)
    rader.linjer["kjoring_sak"].append(
        f"{rader.kjoring}\t{sak.tekst}\t{sak.kommunenummer}\t{u.slag}\t{_tekst(u.kode)}\t{_tekst(u.resultat)}"
        f"\t{_tekst(u.belop)}\t{sak.for_.kode}\t{sak.forrige_utfall}\t{sak.forrige_belop}\t{_tekst(vedtak_id)}"
        f"\t{_tekst(u.grunn)}\t{arsaker}\n"
    )


def skriv(forbindelse: Connection[Any], kjoring: Kjoring, rader: Rader) -> dict[str, int]:
    """Write them. Gives rows by table, and ``byte`` of what was copied."""
    tid = rader.tid
    skrevet: dict[str, int] = {}
    antall_byte = 0
    with forbindelse.cursor() as peker:
        for tabell, felt in TABELLER.items():
            if linjer := rader.linjer[tabell]:
                tekst = "".join(linjer)
                with peker.copy(f"COPY {tabell} ({felt}) FROM STDIN") as kopi:
                    kopi.write(tekst)
                skrevet[tabell] = len(linjer)
                antall_byte += len(tekst)
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
