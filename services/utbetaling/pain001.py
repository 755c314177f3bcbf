"""The payment file: ISO 20022 pain.001.001.09, written line by line.

The same lines give the same bytes. No name and no identity number of a household: the bank knows the account's owner.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from xml.sax.saxutils import escape

NAVNEROM = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
BETALER = "Husbanken"
VALUTA = "NOK"
"""Of the payer's account and of every line. What is settled in another currency is in no file."""
_MANEDER = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hode:
    """``sum`` in whole kroner; ``dannet`` aware; ``konto``: the payer's."""

    msgid: str
    termin: str
    dannet: datetime
    forfall: date
    antall: int
    sum: int
    konto: str


@dataclass(frozen=True, slots=True)
class Linje:
    """``navn`` and ``kid`` for a municipality, else None. ``belop`` in whole kroner, above zero."""

    id: UUID
    belop: int
    konto: str
    navn: str | None = None
    kid: str | None = None


def skriv(hode: Hode, linjer: Iterable[Linje]) -> Iterator[bytes]:
    """The file in pieces. Raises ValueError when the lines do not add up to what the head says."""
    yield _start(hode).encode()
    melding = escape(f"Bostøtte {_MANEDER[int(hode.termin[5:]) - 1]} {hode.termin[:4]}")
    antall = sum_ = 0
    for linje in linjer:
        antall += 1
        sum_ += linje.belop
        yield _linje(linje, melding).encode()
    if (antall, sum_) != (hode.antall, hode.sum):
        raise ValueError(
            f"fil {hode.msgid}: {antall} linjer og {sum_} kr, ventet {hode.antall} og {hode.sum}"
        )
    yield b"</PmtInf></CstmrCdtTrfInitn></Document>\n"


def _start(h: Hode) -> str:
    tid = h.dannet.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    tall = f"<NbOfTxs>{h.antall}</NbOfTxs><CtrlSum>{h.sum}.00</CtrlSum>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAVNEROM}"><CstmrCdtTrfInitn>\n'
        f"<GrpHdr><MsgId>{escape(h.msgid)}</MsgId><CreDtTm>{tid}</CreDtTm>{tall}"
        f"<InitgPty><Nm>{BETALER}</Nm></InitgPty></GrpHdr>\n"
        f"<PmtInf><PmtInfId>{escape(h.msgid)}-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>{tall}"
        f"<PmtTpInf><CtgyPurp><Cd>SSBE</Cd></CtgyPurp></PmtTpInf>"
        f"<ReqdExctnDt><Dt>{h.forfall.isoformat()}</Dt></ReqdExctnDt>"
        f"<Dbtr><Nm>{BETALER}</Nm></Dbtr>"
        f"<DbtrAcct>{_bban(h.konto)}<Ccy>{VALUTA}</Ccy></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>\n"
    )


def _linje(linje: Linje, melding: str) -> str:
    mottaker = f"<Cdtr><Nm>{escape(linje.navn[:140])}</Nm></Cdtr>" if linje.navn else ""
    if linje.kid:
        slag = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        ref = f"<Strd><CdtrRefInf>{slag}<Ref>{linje.kid}</Ref></CdtrRefInf></Strd>"
    else:
        ref = f"<Ustrd>{melding}</Ustrd>"
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{linje.id.hex}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="{VALUTA}">{linje.belop}.00</InstdAmt></Amt>'
        f"{mottaker}<CdtrAcct>{_bban(linje.konto)}</CdtrAcct><RmtInf>{ref}</RmtInf></CdtTrfTxInf>\n"
    )


def _bban(konto: str) -> str:
    return f"<Id><Othr><Id>{konto}</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id>"
