"""Payment files: rows that are due become lines, one a case, net of what the case owes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Connection, text

from domain.bostotte.maned import MINSTE_ETTERBETALING
from domain.kalender import neste_termin, utbetalingsdag, virkedag_etter
from domain.kommuner import UkjentKommune, finn, gjeldende_nummer
from domain.ordninger import ORDNINGER
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.utbetaling import pain001
from services.utbetaling.konto import kid, konto_til

MINSTE = MINSTE_ETTERBETALING
"""Kroner. What is left after set-off and is less than this waits for the next payment."""

_HELE = "REPEATABLE READ"
"""A file is made from one moment's ledger: a row that comes in the middle waits for the next file."""


@dataclass(frozen=True, slots=True)
class Fil:
    """A payment file as the ledger has it. ``sum`` in whole kroner."""

    id: UUID
    msgid: str
    ordning: str
    termin: str
    forfall: date
    antall: int
    sum: int
    dannet: datetime
    sha256: bytes | None
    status: str


class FilFinnesIkke(LookupError):
    """No file has this id."""


class AnnenValuta(ValueError):
    """The scheme's amounts are not in the currency of the files."""


class IkkeSinTur(ValueError):
    """Another termin is paid before this one."""


_FELT = "id, msgid, ordning, termin, forfall, antall, sum, dannet, sha256, status"
_LAS = text("SELECT pg_advisory_xact_lock(hashtext('boligsak.utbetaling'))")
_TALMODIG = text("SET LOCAL statement_timeout = '300s'")
_NESTE_NR = text(
    "SELECT coalesce(max(nr), 0) + 1 FROM utbetalingsfil WHERE ordning = :ordning AND termin = :termin"
)
# What a case owes is taken from what it gets, whoever gets it: overpaid bostøtte comes before the municipality. A case
# that owes nothing and has rows to two (arrears from before the household agreed to have it paid to the municipality)
# has one line in this file and the other in the next one, made right after it.
_LINJER = text("""
    WITH rad AS (
        SELECT u.*, bool_or(u.belop < 0) OVER (PARTITION BY u.sak_id) AS skylder
        FROM utbetaling u JOIN sak s ON s.id = u.sak_id AND s.ordning = :ordning
        WHERE u.status = 'planlagt' AND u.forfall <= :forfall
    ), netto AS (
        SELECT DISTINCT ON (u.sak_id) u.sak_id, sum(u.belop) AS belop,
               (array_agg(u.mottaker ORDER BY u.termin DESC, u.laget DESC, u.id)
                FILTER (WHERE u.belop > 0))[1] AS mottaker
        FROM rad u GROUP BY u.sak_id, CASE WHEN u.skylder THEN '' ELSE u.mottaker END
        HAVING sum(u.belop) >= :minste ORDER BY u.sak_id, max(u.termin) DESC, 3
    ), fil AS (
        INSERT INTO utbetalingsfil (id, ordning, termin, nr, msgid, forfall, antall, sum, dannet)
        SELECT CAST(:id AS uuid), :ordning, :termin, CAST(:nr AS int), :msgid, CAST(:betales AS date), 0, 0, 'epoch'
        WHERE EXISTS (SELECT FROM netto)
    )
    INSERT INTO utbetalingslinje (id, fil_id, sak_id, kommunenummer, mottaker, belop)
    SELECT CAST(md5(CAST(:msgid AS text) || n.sak_id) AS uuid), CAST(:id AS uuid), n.sak_id, s.kommunenummer,
           n.mottaker, n.belop
    FROM netto n JOIN sak s ON s.id = n.sak_id
""")
_RADER = text("""
    UPDATE utbetaling u SET status = 'i_fil', linje_id = l.id FROM utbetalingslinje l
    WHERE l.fil_id = :id AND u.sak_id = l.sak_id AND u.status = 'planlagt' AND u.forfall <= :forfall
      AND (u.mottaker = l.mottaker
           OR u.sak_id IN (SELECT sak_id FROM utbetaling
                           WHERE status = 'planlagt' AND forfall <= :forfall AND belop < 0))
""")
_SUMMER = text("""
    UPDATE utbetalingsfil f SET antall = l.antall, sum = l.sum, dannet = l.dannet
    FROM (SELECT count(DISTINCT l.id) AS antall, sum(u.belop) AS sum, max(u.laget) AS dannet
          FROM utbetalingslinje l JOIN utbetaling u ON u.linje_id = l.id WHERE l.fil_id = :id) l
    WHERE f.id = :id
""")
_FINN = text(f"SELECT {_FELT} FROM utbetalingsfil WHERE msgid = :msgid")  # noqa: S608
_ALLE = text(f"SELECT {_FELT} FROM utbetalingsfil WHERE ordning = :ordning AND termin = :termin ORDER BY nr")  # noqa: S608
_LES = text(
    "SELECT id, sak_id, kommunenummer, mottaker, belop FROM utbetalingslinje WHERE fil_id = :id ORDER BY sak_id"
)
_AVTRYKK = text("UPDATE utbetalingsfil SET sha256 = :sha256 WHERE id = :id")
_SENDT = (
    text("UPDATE utbetalingsfil SET status = 'sendt' WHERE id = :id"),
    text("""
        UPDATE utbetaling SET status = 'sendt' FROM utbetalingslinje l
        WHERE l.fil_id = :id AND utbetaling.linje_id = l.id AND utbetaling.status = 'i_fil'
    """),
    text("UPDATE utbetalingslinje SET status = 'sendt' WHERE fil_id = :id AND status = 'i_fil'"),
)


def lag(termin: str, ordning: str = "bostotte", *, dag: date | None = None) -> list[Fil]:
    """Put what is due on the payment day of ``termin`` into a new file, if anything is. Gives all files of the termin.

    ``dag``: today; when the payment day is past, the bank is asked to pay on the first working day from then.
    Asked again, it finds nothing new. Two at a time wait for each other.  Errors: ``AnnenValuta``; ``IkkeSinTur``,
    when an earlier termin is yet to be paid: what is due with that one would stand in this file, and be paid late.
    """
    if dag is not None:
        _krev_sin_tur(termin, dag)
    if (valuta := ORDNINGER[ordning].valuta) != pain001.VALUTA:
        raise AnnenValuta(f"ordning: {ordning} er i {valuta}, og filene i {pain001.VALUTA}")
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        # The snapshot must be taken after the lock, so the lock is held by a connection of its own.
        forbindelse.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        forbindelse.execute(_LAS)
        with transaksjon(DbRolle.KJORING, SYSTEM) as arbeid:
            arbeid.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL {_HELE}")
            arbeid.execute(_TALMODIG)
            while _lag(arbeid, termin, ordning, dag):
                pass
        return filer(forbindelse, termin, ordning)


def _krev_sin_tur(termin: str, dag: date) -> None:
    neste = neste_termin(f"{dag:%Y-%m}", -1)
    if utbetalingsdag(neste) < dag:
        neste = neste_termin(neste)
    if termin > neste:
        raise IkkeSinTur(
            f"termin: {termin} betales {utbetalingsdag(termin)}; før den betales {neste}, {utbetalingsdag(neste)}"
        )


def _lag(forbindelse: Connection, termin: str, ordning: str, dag: date | None) -> bool:
    """One file more; False when nothing is due."""
    nr = forbindelse.execute(_NESTE_NR, {"ordning": ordning, "termin": termin}).scalar_one()
    msgid = f"{ordning.upper()}-{termin}-{nr:03d}"
    valg = {
        "id": uuid5(NAMESPACE_URL, f"https://boligsak.no/utbetalingsfil/{msgid}"),
        "ordning": ordning,
        "termin": termin,
        "nr": nr,
        "msgid": msgid,
        "forfall": (forfall := utbetalingsdag(termin)),
        "betales": max(forfall, virkedag_etter(dag)) if dag else forfall,
        "minste": MINSTE,
    }
    if not forbindelse.execute(_LINJER, valg).rowcount:
        return False
    forbindelse.execute(_RADER, valg)
    forbindelse.execute(_SUMMER, valg)
    return True


def filer(forbindelse: Connection, termin: str, ordning: str = "bostotte") -> list[Fil]:
    return [Fil(*rad) for rad in forbindelse.execute(_ALLE, {"ordning": ordning, "termin": termin})]


def finn_fil(forbindelse: Connection, msgid: str) -> Fil:
    """Raises FilFinnesIkke."""
    rad = forbindelse.execute(_FINN, {"msgid": msgid}).one_or_none()
    if rad is None:
        raise FilFinnesIkke(f"MsgId: ingen fil heter {msgid[:35]}")
    return Fil(*rad)


def innhold(forbindelse: Connection, fil: Fil) -> Iterator[bytes]:
    """The file's bytes in pieces; the same whenever they are asked for."""
    hode = pain001.Hode(
        fil.msgid,
        fil.termin,
        fil.dannet,
        fil.forfall,
        fil.antall,
        fil.sum,
        konto_til(b"betaler|" + fil.ordning.encode()),
    )
    rader = forbindelse.execute(_LES, {"id": fil.id}, execution_options={"yield_per": 5000})
    return pain001.skriv(hode, (_linje(fil, *rad) for rad in rader))


def _linje(fil: Fil, id_: UUID, sak_id: UUID, kommunenummer: str, mottaker: str, belop: int) -> pain001.Linje:
    if mottaker != "kommune":
        return pain001.Linje(id_, belop, konto_til(b"sak|" + sak_id.bytes))
    try:  # one whose number has been replaced since the case was made is paid as the one that took over
        kommunenummer = gjeldende_nummer(kommunenummer, fil.forfall)
        navn = finn(kommunenummer, fil.forfall).navn + " kommune"
    except UkjentKommune:
        navn = f"Kommune {kommunenummer}"
    return pain001.Linje(id_, belop, konto_til(b"kommune|" + kommunenummer.encode()), navn, kid(sak_id.int))


def skriv(fil: Fil, mappe: Path) -> Path:
    """Write the file whole or not at all, and keep its print in the ledger. Gives its path.

    Raises ValueError when the bytes are others than those written before.
    """
    sti = mappe / f"{fil.msgid}.xml"
    halv = sti.with_suffix(".del")
    avtrykk = hashlib.sha256()
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        with halv.open("wb") as ut:
            for bit in innhold(forbindelse, fil):
                avtrykk.update(bit)
                ut.write(bit)
        if fil.sha256 is not None and fil.sha256 != avtrykk.digest():
            halv.unlink()
            raise ValueError(f"fil {fil.msgid}: innholdet er et annet enn det som ble skrevet før")
        forbindelse.execute(_AVTRYKK, {"id": fil.id, "sha256": avtrykk.digest()})
        halv.replace(sti)
    return sti


def merk_sendt(msgid: str) -> Fil:
    """The bank has the file. Asked again, it changes nothing. Raises FilFinnesIkke."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.execute(_TALMODIG)
        fil = finn_fil(forbindelse, msgid)
        for setning in _SENDT:
            forbindelse.execute(setning, {"id": fil.id})
        return finn_fil(forbindelse, msgid)
