"""A ledger to test on: cases with decisions and payment rows, written as the owner."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import psycopg

TID = datetime(2024, 4, 10, 12, tzinfo=UTC)
_ROM = UUID("00000000-0000-5000-8000-000000000000")


def sak_id(nr: int) -> UUID:
    return uuid5(_ROM, f"sak {nr}")


def sak(kobling: psycopg.Connection, nr: int, kommune: str = "0301") -> UUID:
    """A case with an applicant and one closed treatment."""
    person, id_ = uuid5(_ROM, f"person {nr}"), sak_id(nr)
    kobling.execute("INSERT INTO person (id, oppslag) VALUES (%s, %s)", (person, person.bytes))
    kobling.execute(
        "INSERT INTO sak (id, ordning, kommunenummer, hovedperson) VALUES (%s, 'bostotte', %s, %s)",
        (id_, kommune, person),
    )
    return id_


def vedtak(
    kobling: psycopg.Connection,
    nr: int,
    belop: int,
    *,
    termin: str = "2024-03",
    differanse: int | None = None,
    gang: int = 0,
    mottaker: str = "husstand",
    forfall: date = date(2024, 4, 19),
    status: str = "planlagt",
) -> UUID:
    """A decision and its ledger row (``differanse``, default the whole amount; 0: no row)."""
    sak_ = sak_id(nr)
    id_ = uuid5(_ROM, f"vedtak {nr} {termin} {gang}")
    tid = TID + timedelta(minutes=gang)
    nummer = kobling.execute("SELECT count(*) + 1 FROM behandling WHERE sak_id = %s", (sak_,)).fetchone()
    kobling.execute(
        "INSERT INTO behandling (id, sak_id, nr, kommunenummer, forlop, arsak, termin, tilstand, avsluttet)"
        " SELECT %s, id, %s, kommunenummer, 'termin', 'termin', %s, 'vedtatt', %s FROM sak WHERE id = %s",
        (id_, nummer[0], termin, tid, sak_),
    )
    kobling.execute(
        "INSERT INTO vedtak (id, sak_id, behandling_id, kommunenummer, termin, kode, utfall, belop, regelversjon,"
        " fattet, fattet_av, fakta, spor)"
        " SELECT %s, id, %s, kommunenummer, %s, 'V00', 'innvilget', %s, 'x', %s, 'system', '', ''"
        " FROM sak WHERE id = %s",
        (id_, id_, termin, belop, tid, sak_),
    )
    sum_ = belop if differanse is None else differanse
    if sum_:
        kobling.execute(
            "INSERT INTO utbetaling (id, sak_id, vedtak_id, kommunenummer, termin, belop, forfall, mottaker,"
            " status, laget)"
            " SELECT %s, id, %s, kommunenummer, %s, %s, %s, %s, %s, %s FROM sak WHERE id = %s",
            (uuid5(id_, "u"), id_, termin, sum_, forfall, mottaker, status, tid, sak_),
        )
    return id_


def statuser(kobling: psycopg.Connection, nr: int) -> list[tuple[int, str]]:
    return kobling.execute(
        "SELECT belop, status FROM utbetaling WHERE sak_id = %s ORDER BY laget, id", (sak_id(nr),)
    ).fetchall()


def pain002(
    msgid: str,
    svar: list[tuple[str, str, str | None]],
    hele: str | None = None,
    *,
    antall: str | None = None,
    sum_: str | None = None,
    belop: str | None = None,
) -> bytes:
    """An answer: (EndToEndId, status, reason code) a payment; ``belop``: of each, as the bank repeats it."""
    gruppe = f"<OrgnlNbOfTxs>{antall}</OrgnlNbOfTxs>" if antall else ""
    gruppe += f"<OrgnlCtrlSum>{sum_}</OrgnlCtrlSum>" if sum_ else ""
    gruppe += f"<GrpSts>{hele}</GrpSts>" if hele else ""
    ref = f'<OrgnlTxRef><Amt><InstdAmt Ccy="NOK">{belop}</InstdAmt></Amt></OrgnlTxRef>' if belop else ""
    deler = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{e}</OrgnlEndToEndId><TxSts>{s}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{k}</Cd></Rsn></StsRsnInf>" if k else "")
        + f"{ref}</TxInfAndSts>"
        for e, s, k in svar
    )
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>B1</MsgId><CreDtTm>2024-04-19T08:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{msgid}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{gruppe}"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{msgid}-1</OrgnlPmtInfId>{deler}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()
