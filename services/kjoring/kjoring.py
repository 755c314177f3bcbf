"""A run as a row: ordered, read, its chunks taken, its log."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from domain.kalender import neste_termin
from domain.kommuner import UkjentKommune, gjeldende_nummer, kommuner
from domain.ordninger import ORDNINGER
from domain.sak.manedlig import Manedlig
from domain.sak.ordning import Ordning
from services.kjoring.urettet import OVERLAPPER, URETTET
from services.klokke import i_dag
from services.lager.ider import ny_id

ORDINAR, NY_BEREGNING, REGELENDRING, SKYGGE = "ordinar", "ny_beregning", "regelendring", "skygge"
SLAG = (ORDINAR, NY_BEREGNING, REGELENDRING, SKYGGE)
AKTIV = ("bestilt", "kjorer")


class KanIkkeStarte(ValueError):
    """The run may not be started; ``felt`` names what is to blame, the message says what stands in the way."""

    def __init__(self, felt: str, melding: str, kjoring_id: UUID | None = None) -> None:
        super().__init__(melding)
        self.felt = felt
        self.kjoring_id = kjoring_id


class FinnesIkke(LookupError):
    """No run has this id."""


@dataclass(frozen=True, slots=True)
class Kjoring:
    """``tid``: the moment the run is dated at. ``fra_register``: facts come from answers, not from an earlier
    decision."""

    id: UUID
    ordning: Ordning
    manedlig: Manedlig
    termin: str
    slag: str
    prove: bool
    kommuner: list[str] | None
    status: str
    fase: str
    tid: datetime
    samlet: datetime | None
    manifest: dict[str, Any] | None
    manifest_hash: bytes | None
    resultat_hash: bytes | None
    rapport: dict[str, Any] | None
    startet_av: str
    frigitt_av: str | None
    ferdig: datetime | None

    @property
    def fra_register(self) -> bool:
        return self.slag == ORDINAR

    @property
    def gjelder_vedtatte(self) -> bool:
        """The cases are those decided for the termin already, and what is paid is the difference."""
        return self.slag in (NY_BEREGNING, REGELENDRING)

    @property
    def arsak(self) -> str:
        """Cause of the treatments the run makes."""
        return "ny_beregning" if self.gjelder_vedtatte else "termin"

    @property
    def forlop(self) -> str:
        """Name of the table that they follow."""
        return self.ordning.forlop[self.arsak].navn

    @property
    def samles_for_seg(self) -> bool:
        """Answers are stored in a phase of their own. A trial keeps none; a new calculation only those that change
        something."""
        return self.fra_register and not self.prove


_FELT = """id, ordning, termin, slag, prove, kommuner, status, fase, tid, samlet, manifest, manifest_hash,
    resultat_hash, rapport, startet_av, frigitt_av, ferdig"""
_HENT = f"SELECT {_FELT} FROM kjoring WHERE id = :id"  # noqa: S608 - our own list of columns
_LISTE = text(f"SELECT {_FELT} FROM kjoring ORDER BY id DESC LIMIT :antall")  # noqa: S608


def _av(rad: Any) -> Kjoring:
    ordning = ORDNINGER[rad.ordning]
    if ordning.manedlig is None:
        raise KanIkkeStarte("ordning", f"{ordning.navn} har ikke løpende saker")
    return Kjoring(rad.id, ordning, ordning.manedlig, *rad[2:])


def hent(forbindelse: Connection, id_: UUID, *, las: bool = False) -> Kjoring:
    """One run; ``las``: its row locked until the transaction ends. Errors: FinnesIkke."""
    rad = forbindelse.execute(text(_HENT + " FOR UPDATE" * las), {"id": id_}).one_or_none()
    if rad is None:
        raise FinnesIkke(f"kjøringen {id_} finnes ikke")
    return _av(rad)


def siste(forbindelse: Connection, antall: int) -> list[Kjoring]:
    """The newest runs first."""
    return [_av(rad) for rad in forbindelse.execute(_LISTE, {"antall": antall})]


_NY = text("""
    INSERT INTO kjoring (id, ordning, termin, slag, prove, kommuner, tid, startet_av)
    VALUES (:id, :ordning, :termin, :slag, :prove, :kommuner, :tid, :aktor)
""")
_APEN = text("""
    SELECT id FROM kjoring WHERE ordning = :ordning AND termin = :termin AND slag = :slag AND NOT prove
      AND status IN ('bestilt', 'kjorer', 'holdt')
""")
# A new calculation adds to what the month has had: that must be settled first.
_UAVKLART = text("""
    SELECT id, status FROM kjoring WHERE ordning = :ordning AND termin = :termin AND slag <> :slag AND NOT prove
      AND status NOT IN ('ferdig', 'forkastet') ORDER BY id LIMIT 1
""")
# The next month rolls on from this one, and is held against it: what is wrong with it is put right first.
_FORRIGE_UAVKLART = text(f"""
    SELECT k.id, k.status FROM kjoring k
    WHERE k.ordning = :ordning AND k.termin = :forrige AND NOT k.prove AND {OVERLAPPER}
      AND (k.status IN ('bestilt', 'kjorer', 'holdt') OR {URETTET})
    ORDER BY k.id LIMIT 1
""")  # noqa: S608
# A month that is left out could not be decided afterwards: the case then stands at a later one.
_HULL = text("""
    SELECT count(*) AS saker, min(l.kommunenummer) AS knr FROM lopende l
    WHERE l.ordning = :ordning AND l.status = 'lopende' AND l.siste_termin < :forrige
      AND (CAST(:kommuner AS text[]) IS NULL OR l.kommunenummer = ANY(:kommuner))
      AND NOT EXISTS (SELECT FROM kjoring_omfang o WHERE o.ordning = l.ordning AND o.termin = :forrige
                                                     AND o.kommunenummer = l.kommunenummer)
""")
_OMFANG = text("""
    INSERT INTO kjoring_omfang (ordning, termin, kommunenummer, kjoring_id) VALUES (:ordning, :termin, :knr, :id)
    ON CONFLICT DO NOTHING
""")
_OPPTATT = text("""
    SELECT o.kjoring_id, min(o.kommunenummer) AS knr, count(*) AS antall, min(k.status) AS status
    FROM kjoring_omfang o JOIN kjoring k ON k.id = o.kjoring_id
    WHERE o.ordning = :ordning AND o.termin = :termin AND o.kommunenummer = ANY(:knr) AND o.kjoring_id <> :id
    GROUP BY o.kjoring_id ORDER BY min(k.status) NOT IN ('bestilt', 'kjorer'), o.kjoring_id LIMIT 1
""")
# A municipality run by itself keeps the country from being run; what is left of it is then what is asked for.
_RESTEN = text("""
    SELECT DISTINCT l.kommunenummer FROM lopende l
    WHERE l.ordning = :ordning AND l.status = 'lopende' AND l.siste_termin < :termin
      AND EXISTS (SELECT FROM kjoring_omfang o WHERE o.ordning = :ordning AND o.termin = :termin)
      AND l.kommunenummer NOT IN (SELECT o.kommunenummer FROM kjoring_omfang o
                                  WHERE o.ordning = :ordning AND o.termin = :termin)
""")
_ANDRE_NUMRE = text(
    "SELECT DISTINCT kommunenummer FROM lopende WHERE ordning = :ordning AND kommunenummer <> ALL(:knr)"
)


def bestill(
    forbindelse: Connection,
    ordning: Ordning,
    termin: str,
    *,
    slag: str,
    prove: bool,
    kommunevalg: Sequence[str] | None,
    aktor: str,
    tid: datetime,
) -> UUID:
    """Order a run: one row, and for a real ordinary one the right to decide its municipalities that month. Of the whole
    country, it is what is left when some municipalities have been run by themselves.

    Errors: ``KanIkkeStarte``, when another real run has decided or is deciding some of them, when the month is not
    one the rules know, or when a municipality does not exist.
    """
    if ordning.manedlig is None:
        raise KanIkkeStarte("ordning", f"{ordning.navn} har ikke løpende saker")
    if slag not in SLAG:
        raise KanIkkeStarte("slag", f"må være en av {', '.join(SLAG)}")
    try:
        ordning.manedlig.regelversjon(termin)
    except ValueError as feil:
        raise KanIkkeStarte("termin", str(feil)) from None
    dag = date.fromisoformat(f"{termin}-01")
    finnes = {k.kommunenummer for k in kommuner(dag)}
    if ukjente := sorted(set(kommunevalg or ()) - finnes):
        raise KanIkkeStarte("kommuner", f"ukjent kommunenummer i {termin}: {', '.join(ukjente)}")
    andre = forbindelse.scalars(_ANDRE_NUMRE, {"ordning": ordning.navn, "knr": list(finnes)}).all()
    id_ = ny_id()
    rad: dict[str, Any] = {
        "id": id_,
        "ordning": ordning.navn,
        "termin": termin,
        "slag": slag,
        "prove": prove or slag == SKYGGE,
        "kommuner": None,
        "tid": tid,
        "aktor": aktor,
    }
    if kommunevalg:
        rad["kommuner"] = sorted({*kommunevalg, *_avlost(andre, kommunevalg, dag)})
    elif slag == ORDINAR and not prove:
        rad["kommuner"] = sorted(forbindelse.scalars(_RESTEN, rad)) or None
    if slag == ORDINAR and not prove:
        _krev_sin_tur(forbindelse, rad, i_dag(tid))
    opptatt = f"{ordning.navn} {termin}: en kjøring av samme slag ({slag}) er i gang"
    if not rad["prove"] and slag != ORDINAR:
        if apen := forbindelse.scalar(_APEN, rad):
            raise KanIkkeStarte("termin", f"{opptatt}: {apen}", apen)
        if forst := forbindelse.execute(_UAVKLART, rad).one_or_none():
            raise KanIkkeStarte(
                "termin",
                f"{ordning.navn} {termin}: en annen kjøring er i gang eller holdt: {forst.id} ({forst.status})",
            )
    try:
        forbindelse.execute(_NY, rad)
    except IntegrityError:  # the other one was ordered in the same instant
        raise KanIkkeStarte("termin", opptatt) from None
    if slag == ORDINAR and not prove:
        _ta_omfang(forbindelse, ordning.navn, termin, id_, rad["kommuner"], finnes.union(andre))
    logg(
        forbindelse,
        id_,
        "bestilt",
        aktor,
        tid,
        {"slag": slag, "prove": rad["prove"], "kommuner": rad["kommuner"]},
    )
    return id_


def _avlost(andre: Sequence[str], valgte: Sequence[str], dag: date) -> set[str]:
    """Of the replaced numbers that running cases still have: those whose municipality now has one of the chosen."""
    ut = set()
    for nummer in andre:
        with suppress(UkjentKommune):
            if gjeldende_nummer(nummer, dag) in valgte:
                ut.add(nummer)
    return ut


def _krev_sin_tur(forbindelse: Connection, rad: dict[str, Any], dag: date) -> None:
    """A real run is of a month that is over, and the month before it has been run and settled."""
    termin, forrige = rad["termin"], neste_termin(rad["termin"], -1)
    if termin >= f"{dag:%Y-%m}":
        raise KanIkkeStarte("termin", f"{termin} er ikke over; bruk prøve eller skygge for å se framover")
    hull = forbindelse.execute(_HULL, {**rad, "forrige": forrige}).one()
    if hull.saker:
        raise KanIkkeStarte(
            "termin",
            f"{forrige} er ikke kjørt for {hull.saker} løpende saker (kommune {hull.knr} er en av dem); kjør den først",
        )
    if forst := forbindelse.execute(_FORRIGE_UAVKLART, {**rad, "forrige": forrige}).one_or_none():
        raise KanIkkeStarte(
            "termin",
            f"{forrige} er ikke avklart: kjøring {forst.id} er {forst.status}"
            + ("; regn måneden om først" if forst.status == "forkastet" else ""),
        )


def _ta_omfang(
    forbindelse: Connection, ordning: str, termin: str, id_: UUID, valgte: Any, alle: set[str]
) -> None:
    """``alle``: every number in force, and the replaced ones on cases not yet moved to the new one."""
    numre = list(valgte or alle)
    rader = [{"ordning": ordning, "termin": termin, "knr": n, "id": id_} for n in sorted(numre)]
    forbindelse.execute(_OMFANG, rader)
    opptatt = forbindelse.execute(
        _OPPTATT, {"ordning": ordning, "termin": termin, "knr": numre, "id": id_}
    ).one_or_none()
    if opptatt:
        hvor = "hele landet" if not valgte and opptatt.antall == len(numre) else f"kommune {opptatt.knr}"
        if opptatt.antall > 1 and hvor != "hele landet":
            hvor += f" og {opptatt.antall - 1} til"
        raise KanIkkeStarte(
            "termin",
            f"{ordning} {termin} er allerede kjørt eller i gang for {hvor}: kjøring {opptatt.kjoring_id}"
            f" ({opptatt.status}). En termin vedtas i én kjøring; bruk ny beregning for å regne den om.",
            opptatt.kjoring_id,
        )


_LOGG = text("""
    INSERT INTO kjoring_hendelse (kjoring_id, tid, type, aktor, data)
    VALUES (:id, :tid, :type, :aktor, CAST(:data AS jsonb))
""")


def logg(
    forbindelse: Connection, id_: UUID, type_: str, aktor: str, tid: datetime, data: dict[str, Any]
) -> None:
    """Append to the run's own log, which nobody can change."""
    forbindelse.execute(
        _LOGG, {"id": id_, "tid": tid, "type": type_, "aktor": aktor, "data": orjson.dumps(data).decode()}
    )


_TA = """
    SELECT nr, saker, mangler FROM kjoring_bit
    WHERE kjoring_id = :id AND {ugjort} AND kjor_etter <= now() ORDER BY nr LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_UGJORT = {"samle": "samlet IS NULL", "behandle": "behandlet IS NULL"}
_TA_BIT = {fase: text(_TA.format(ugjort=u)) for fase, u in _UGJORT.items()}
_LEDIG = {
    fase: text(f"SELECT count(*) FROM ({_TA.format(ugjort=u).replace('LIMIT 1', 'LIMIT 64')}) AS ledige")  # noqa: S608
    for fase, u in _UGJORT.items()
}
_IGJEN = {
    fase: text(f"SELECT count(*) FROM kjoring_bit WHERE kjoring_id = :id AND {u}")  # noqa: S608
    for fase, u in _UGJORT.items()
}
# The server finds a vanished worker in half a minute, and lets one that waits for registers be idle.
_EIERSKAP = text("""
    SELECT set_config('statement_timeout', '300s', true), set_config('idle_in_transaction_session_timeout', '0', true),
           set_config('tcp_keepalives_idle', '10', true), set_config('tcp_keepalives_interval', '5', true),
           set_config('tcp_keepalives_count', '4', true)
""")


MAKS_BITER = 2**20
"""More do not fit in a case's place (``Bit.plasser``)."""


@dataclass(frozen=True, slots=True)
class Bit:
    nr: int
    ider: list[UUID]
    mangler: frozenset[UUID]
    """Cases whose answers *samle* could not get."""

    @classmethod
    def av_rad(cls, nr: int, saker: bytes, mangler: bytes | None) -> "Bit":
        return cls(nr, som_ider(saker), frozenset(som_ider(mangler or b"")))

    def plasser(self) -> dict[UUID, int]:
        """Each case's place in the manifest: chunk (20 bits), and place in the chunk (16 bits)."""
        return {sak_id: self.nr << 16 | i for i, sak_id in enumerate(self.ider)}


def som_ider(pakket: bytes) -> list[UUID]:
    return [UUID(bytes=pakket[i : i + 16]) for i in range(0, len(pakket), 16)]


def ta_bit(forbindelse: Connection, id_: UUID, fase: str) -> Bit | None:
    """Take a chunk that is not done and that nobody holds; it is ours until the transaction ends."""
    forbindelse.execute(_EIERSKAP)
    for _ in range(3):
        # A row that another finished between our look and our lock leaves the answer empty: look once more.
        rad = forbindelse.execute(_TA_BIT[fase], {"id": id_}).one_or_none()
        if rad is not None:
            return Bit.av_rad(*rad)
    return None


def ledige(forbindelse: Connection, id_: UUID, fase: str) -> int:
    """Chunks that are not done and that nobody holds just now (at most 64 are counted)."""
    return int(forbindelse.execute(_LEDIG[fase], {"id": id_}).scalar_one())


def igjen(forbindelse: Connection, id_: UUID, fase: str) -> int:
    """Chunks not done."""
    return int(forbindelse.execute(_IGJEN[fase], {"id": id_}).scalar_one())


_FEILET = text("""
    UPDATE kjoring_bit SET forsok = forsok + 1, feil = :feil,
           kjor_etter = now() + make_interval(secs => least(300, 0.5 * power(2, forsok)))
    WHERE kjoring_id = :id AND nr = :nr
""")


def bit_feilet(forbindelse: Connection, id_: UUID, nr: int, avtrykk: str) -> None:
    """A chunk whose work failed is tried again after a pause that grows."""
    forbindelse.execute(_FEILET, {"id": id_, "nr": nr, "feil": avtrykk})


_MERK = text("""
    UPDATE kjoring_bit SET feil = :feil WHERE (kjoring_id, nr) IN (
        SELECT kjoring_id, nr FROM kjoring_bit WHERE kjoring_id = :id AND behandlet IS NULL ORDER BY nr LIMIT 1
        FOR UPDATE SKIP LOCKED)
""")


def merk(forbindelse: Connection, id_: UUID, feil: str) -> None:
    """Say on the run's next chunk what keeps a worker from taking it."""
    forbindelse.execute(_MERK, {"id": id_, "feil": feil})
