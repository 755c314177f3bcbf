"""The bank's answers into the ledger."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.utbetaling import pain002
from services.utbetaling.fil import Fil, finn_fil

FRIST = timedelta(days=7)
_PORSJON = 5000


@dataclass(slots=True)
class Kvittering:
    """Lines that this answer moved, by state; ``under_veis``: named, but not settled; ``ukjent``: not ours, or in a
    state that the answer cannot change. ``ny`` is false for an answer that was read before."""

    msgid: str
    utfort: int = 0
    avvist: int = 0
    under_veis: int = 0
    ukjent: int = 0
    ny: bool = True


_LAS = text("SELECT pg_advisory_xact_lock(hashtext('boligsak.utbetaling'))")
_TALMODIG = text("SET LOCAL statement_timeout = '300s'")
_LEST = text("SELECT msgid, utfort, avvist, under_veis, ukjent FROM banksvar WHERE sha256 = :sha256")
_HUSK = text("""
    INSERT INTO banksvar (sha256, msgid, utfort, avvist, under_veis, ukjent)
    VALUES (:sha256, :msgid, :utfort, :avvist, :under_veis, :ukjent)
""")
_LINJER = text("""
    UPDATE utbetalingslinje l SET status = n.status, arsak = n.kode
    FROM unnest(CAST(:ider AS uuid[]), CAST(:statuser AS text[]), CAST(:koder AS text[])) AS n (id, status, kode)
    WHERE l.id = n.id AND l.fil_id = :fil
      AND (l.status IN ('i_fil', 'sendt') OR (l.status = 'utfort' AND n.status = 'avvist'))
    RETURNING l.id, l.sak_id, l.kommunenummer, l.status, l.arsak, l.belop
""")
_RESTEN = text("SELECT id FROM utbetalingslinje WHERE fil_id = :fil AND status IN ('i_fil', 'sendt')")
_RADER = text("""
    UPDATE utbetaling u SET status = l.status FROM utbetalingslinje l
    WHERE l.id = ANY(CAST(:ider AS uuid[])) AND u.linje_id = l.id AND u.status <> l.status
""")
_OPPFOLGING = text("""
    INSERT INTO oppfolging (id, sak_id, kommunenummer, slag, arsak, fingeravtrykk, eier, frist, ref, laget)
    VALUES (:id, :sak_id, :kommunenummer, 'teknisk', :arsak, :arsak, :eier, :frist, :ref, :tid)
""")
_IGJEN = text("""
    UPDATE utbetaling u SET status = 'planlagt', linje_id = NULL FROM utbetalingslinje l
    WHERE u.sak_id = :sak_id AND u.status = 'avvist' AND u.linje_id = l.id AND l.status = 'avvist'
""")

_LUKK = text("""
    UPDATE oppfolging o SET lukket = now(), lukket_av = 'utbetaling:igjen' FROM utbetalingslinje l
    WHERE o.sak_id = :sak_id AND o.lukket IS NULL AND o.ref = l.id AND l.status = 'avvist'
""")


def les_inn(innhold: bytes, na: datetime) -> Kvittering:
    """One answer, in one transaction. Raises UgyldigSvar (the field), FilFinnesIkke; nothing is then changed.

    A refused payment becomes an open task with the municipality; its rows wait as *avvist* until :func:`prov_igjen`.
    """
    avtrykk = hashlib.sha256(innhold).digest()
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.execute(_TALMODIG)
        forbindelse.execute(_LAS)
        if for_ := forbindelse.execute(_LEST, {"sha256": avtrykk}).one_or_none():
            return Kvittering(for_.msgid, for_.utfort, for_.avvist, for_.under_veis, for_.ukjent, ny=False)
        strom = iter(pain002.les(BytesIO(innhold)))
        forste = next(strom)
        assert isinstance(forste, pain002.Fil)
        fil = finn_fil(forbindelse, forste.msgid)
        _krev_lik(fil, forste)
        kvittering = Kvittering(fil.msgid)
        while porsjon := list(islice(strom, _PORSJON)):
            _bruk(
                forbindelse, fil.id, [b for b in porsjon if isinstance(b, pain002.Betaling)], kvittering, na
            )
            for del_ in porsjon:
                if isinstance(del_, pain002.Fil):
                    _krev_lik(fil, del_)
                    _hele_filen(forbindelse, fil.id, del_, kvittering, na)
        _hele_filen(
            forbindelse, fil.id, forste, kvittering, na
        )  # last: what is said of one payment comes before
        forbindelse.execute(
            _HUSK,
            {
                "sha256": avtrykk,
                "msgid": fil.msgid,
                "utfort": kvittering.utfort,
                "avvist": kvittering.avvist,
                "under_veis": kvittering.under_veis,
                "ukjent": kvittering.ukjent,
            },
        )
        return kvittering


def _krev_lik(fil: Fil, svar: pain002.Fil) -> None:
    """Another number of payments or another sum than ours: the bank has answered something else than we sent."""
    for felt, deres, vart in (("OrgnlNbOfTxs", svar.antall, fil.antall), ("OrgnlCtrlSum", svar.sum, fil.sum)):
        if deres is not None and deres != vart:
            raise pain002.UgyldigSvar(felt, f"banken har {deres}, filen {fil.msgid} har {vart}")


def _hele_filen(
    forbindelse: Connection, fil_id: UUID, svar: pain002.Fil, k: Kvittering, na: datetime
) -> None:
    """Settled or refused as a whole: every line that has no answer yet."""
    if svar.status not in pain002.UTFORT | pain002.AVVIST:
        return
    resten = forbindelse.execute(_RESTEN, {"fil": fil_id}).scalars()
    while porsjon := list(islice(resten, _PORSJON)):
        _bruk(forbindelse, fil_id, [pain002.Betaling(i, svar.status, svar.kode) for i in porsjon], k, na)


def _bruk(
    forbindelse: Connection, fil_id: UUID, svar: Iterable[pain002.Betaling], k: Kvittering, na: datetime
) -> None:
    endelige: dict[UUID, tuple[str, str | None]] = {}
    sagt: dict[UUID, Decimal] = {}
    for betaling in svar:
        if betaling.belop is not None:
            sagt[betaling.linje] = betaling.belop
        if betaling.status in pain002.UNDER_VEIS:
            k.under_veis += 1
        else:
            endelige[betaling.linje] = (
                "utfort" if betaling.status in pain002.UTFORT else "avvist",
                betaling.kode,
            )
    if not endelige:
        return
    flyttet: list[Any] = list(
        forbindelse.execute(
            _LINJER,
            {
                "fil": fil_id,
                "ider": list(endelige),
                "statuser": [s for s, _ in endelige.values()],
                "koder": [kode for _, kode in endelige.values()],
            },
        )
    )
    for rad in flyttet:
        if sagt.get(rad.id, rad.belop) != rad.belop:
            raise pain002.UgyldigSvar(
                "InstdAmt", f"banken har {sagt[rad.id]}, linjen {rad.id.hex} har {rad.belop}"
            )
    k.ukjent += len(endelige) - len(flyttet)
    if flyttet:
        forbindelse.execute(_RADER, {"ider": [rad.id for rad in flyttet]})
    avvist = [rad for rad in flyttet if rad.status == "avvist"]
    k.avvist += len(avvist)
    k.utfort += len(flyttet) - len(avvist)
    oppgaver = [
        {
            "id": ny_id(),
            "sak_id": rad.sak_id,
            "kommunenummer": rad.kommunenummer,
            "arsak": f"betaling_avvist:{rad.arsak or 'ukjent'}",
            "eier": f"kommune:{rad.kommunenummer}",
            "frist": na + FRIST,
            "ref": rad.id,
            "tid": na,
        }
        for rad in avvist
    ]
    if oppgaver:
        forbindelse.execute(_OPPFOLGING, oppgaver)


def prov_igjen(sak_id: UUID) -> int:
    """The account is put right: the refused rows of a case go with the next file, and the tasks about them are done.
    Gives the number of rows."""
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.execute(_LAS)
        forbindelse.execute(_LUKK, {"sak_id": sak_id})
        return forbindelse.execute(_IGJEN, {"sak_id": sak_id}).rowcount
