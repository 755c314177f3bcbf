"""The bank's answer, ISO 20022 pain.002.001.x, read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

UTFORT = frozenset({"ACSC", "ACCC"})
"""Settled"""
AVVIST = frozenset({"RJCT", "CANC"})
UNDER_VEIS = frozenset({"RCVD", "ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "PDNG", "PART"})
STATUSER = UTFORT | AVVIST | UNDER_VEIS


class UgyldigSvar(ValueError):
    """``felt``: the element to blame."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt = felt


@dataclass(frozen=True, slots=True)
class Fil:
    """The file that is answered; once more for each of its parts. ``status``: of all of it, ``antall`` and ``sum``: the
    payments and kroner that the bank had in it, when the bank says so."""

    msgid: str
    status: str | None
    kode: str | None
    antall: Decimal | None = None
    sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Betaling:
    """One line's status, the bank's reason code when it was refused, and the amount when the bank repeats it."""

    linje: UUID
    status: str
    kode: str | None
    belop: Decimal | None = None


def les(kilde: IO[bytes]) -> Iterator[Fil | Betaling]:
    """First the file, then each payment that the answer names. Raises UgyldigSvar.

    A document type declaration is refused: nothing of ours has one, and entities are how small files grow.
    """
    parser: XMLPullParser[Element] = XMLPullParser(events=("start", "end"))
    stakk: list[Element] = []
    funnet, msgid, hale = False, "", b""
    try:
        while bit := kilde.read(65_536):
            if b"<!DOCTYPE" in hale + bit:
                raise UgyldigSvar("DOCTYPE", "er ikke tillatt")
            hale = bit[-16:]
            parser.feed(bit)
            for hendelse, element in parser.read_events():  # type: ignore[misc]
                if hendelse == "start":
                    stakk.append(element)  # type: ignore[arg-type]
                    if len(stakk) == 1 and ":pain.002.001." not in element.tag:  # type: ignore[union-attr]
                        raise UgyldigSvar("Document", "er ikke en pain.002")
                    continue
                stakk.pop()
                navn = _lokal(element)  # type: ignore[arg-type]
                if navn == "OrgnlGrpInfAndSts":
                    if funnet:
                        raise UgyldigSvar("OrgnlGrpInfAndSts", "står to ganger")
                    funnet, msgid = True, _krev(element, "OrgnlMsgId")  # type: ignore[arg-type]
                    yield _fil(msgid, "GrpSts", element)  # type: ignore[arg-type]
                elif navn == "TxInfAndSts":
                    if not funnet:
                        raise UgyldigSvar("OrgnlGrpInfAndSts", "mangler før den første betalingen")
                    yield _betaling(element)  # type: ignore[arg-type]
                    stakk[-1].remove(element)  # type: ignore[arg-type]
                elif navn == "OrgnlPmtInfAndSts":
                    yield _fil(msgid, "PmtInfSts", element)  # type: ignore[arg-type]
        parser.close()
    except ParseError as feil:
        raise UgyldigSvar("XML", f"er ikke gyldig ({feil})") from None
    if not funnet:
        raise UgyldigSvar("OrgnlGrpInfAndSts", "mangler")


def _fil(msgid: str, felt: str, element: Element) -> Fil:
    status = _tekst(element, felt)
    if status is not None and status not in STATUSER:
        raise UgyldigSvar(felt, f"ukjent status {status[:10]}")
    antall, sum_ = (_tall(element, navn) for navn in ("OrgnlNbOfTxs", "OrgnlCtrlSum"))
    return Fil(msgid, status, _kode(element), antall, sum_)


def _betaling(element: Element) -> Betaling:
    status = _krev(element, "TxSts")
    if status not in STATUSER:
        raise UgyldigSvar("TxSts", f"ukjent status {status[:10]}")
    try:
        linje = UUID(hex=_krev(element, "OrgnlEndToEndId"))
    except ValueError:
        raise UgyldigSvar("OrgnlEndToEndId", "er ikke en av våre") from None
    return Betaling(linje, status, _kode(element), _instruert(element))


def _instruert(element: Element) -> Decimal | None:
    """OrgnlTxRef/Amt/InstdAmt, kroner."""
    for navn in ("OrgnlTxRef", "Amt"):
        neste = next((e for e in element if _lokal(e) == navn), None)
        if neste is None:
            return None
        element = neste
    return _tall(element, "InstdAmt")


def _tall(element: Element, navn: str) -> Decimal | None:
    if (tekst := _tekst(element, navn)) is None:
        return None
    try:
        tall = Decimal(tekst.strip())
    except InvalidOperation:
        raise UgyldigSvar(navn, "er ikke et tall") from None
    if not tall.is_finite():
        raise UgyldigSvar(navn, "er ikke et tall")
    return tall


def _lokal(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _tekst(element: Element, navn: str) -> str | None:
    return next((e.text for e in element if _lokal(e) == navn), None)


def _krev(element: Element, navn: str) -> str:
    if not (verdi := (_tekst(element, navn) or "").strip()):
        raise UgyldigSvar(navn, "mangler")
    return verdi


def _kode(element: Element) -> str | None:
    """StsRsnInf/Rsn/Cd: four letters or digits; nothing else of the bank's words is kept."""
    for info in element:
        if _lokal(info) == "StsRsnInf":
            for kode in info.iter():
                tekst = (kode.text or "").strip()
                if _lokal(kode) == "Cd" and len(tekst) == 4 and tekst.isalnum() and tekst.isascii():
                    return tekst
    return None
