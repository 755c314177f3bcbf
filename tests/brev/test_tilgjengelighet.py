"""Readable by everybody: language, headings, table headers and tags, in HTML and PDF; and the same bytes each time."""

import hashlib
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from domain.brev.vedtak import dekning, vedtaksbrev
from services.brev.gjengi import FORMATER, gjengi, sett
from tests.brev.hjelp import Ett, ett

UTVALG = [
    ("bostotte", "V00", "nb"),
    ("bostotte", "V02", "nn"),
    ("startlan", "L00", "nn"),
    ("studentboliger", "T00", "nb"),
    ("etablering", "T03", "nn"),
    ("kirkebygg", "K10", "nb"),
    ("lanboligkvalitet", "T10", "nn"),
    ("almenbolig", "D01", "da"),
]


class Side(HTMLParser):
    """Tags in order, with their attributes and text."""

    def __init__(self, tekst: str) -> None:
        super().__init__()
        self.tagger: list[tuple[str, dict[str, Any]]] = []
        self.apne: list[str] = []
        self.feed(tekst)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tagger.append((tag, dict(attrs)))
        if tag != "meta":
            self.apne.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.apne.pop() == tag


def brev(valg: tuple[str, str, str]) -> tuple[Ett, Any, str]:
    navn, kode, sprak = valg
    e = ett(navn, kode)
    return e, vedtaksbrev(e[1], e[2], sprak), sprak


@pytest.mark.parametrize("valg", UTVALG, ids=str)
def test_html_kan_leses_opp(valg: tuple[str, str, str]) -> None:
    (_, ordning, v), b, sprak = brev(valg)
    tekst = gjengi(b, "html", dekning(ordning, v)).decode()
    side = Side(tekst)
    assert not side.apne
    assert dict(side.tagger)["html"] == {"lang": sprak}
    assert f"<title>{b.tittel}</title>" in tekst
    nivaer = [int(t[1]) for t, _ in side.tagger if t in {"h1", "h2", "h3"}]
    assert nivaer == [1] + [2] * len(b.deler)
    tabeller = [t for t, _ in side.tagger].count("table")
    assert [t for t, _ in side.tagger].count("caption") == tabeller
    assert {a.get("scope") for t, a in side.tagger if t == "th"} <= {"col", "row"}
    assert "http" not in tekst, "brevet henter ikke noe utenfra"
    ider = {a["id"] for _, a in side.tagger if "id" in a}
    assert {a["aria-labelledby"] for _, a in side.tagger if "aria-labelledby" in a} == ider


def strukturer(node: Any) -> Iterator[str]:
    """The kinds of the tags of a PDF, in order."""
    node = node.get_object()
    if isinstance(node, list):
        for barn in node:
            yield from strukturer(barn)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from strukturer(node["/K"])


@pytest.mark.parametrize("valg", UTVALG, ids=str)
def test_pdf_er_merket_og_lik_hver_gang(valg: tuple[str, str, str]) -> None:
    (_, ordning, v), b, sprak = brev(valg)
    innhold = gjengi(b, "pdf", dekning(ordning, v))
    assert sett(b.dokument(), "pdf", "1") == innhold
    leser = PdfReader(io.BytesIO(innhold))
    rot = leser.trailer["/Root"].get_object()
    assert rot["/MarkInfo"]["/Marked"] is True or str(rot["/MarkInfo"]["/Marked"]) == "True"
    assert rot["/Lang"] == sprak
    assert rot["/ViewerPreferences"]["/DisplayDocTitle"]
    assert leser.metadata is not None
    assert leser.metadata.title == b.tittel
    assert b"pdfuaid:part" in rot["/Metadata"].get_object().get_data()
    merker = list(strukturer(rot["/StructTreeRoot"]))
    assert [m for m in merker if m in {"/H1", "/H2"}] == ["/H1"] + ["/H2"] * len(b.deler)
    tabeller = [d.tabell for d in b.deler if d.tabell]
    assert merker.count("/Table") == len(tabeller)
    assert merker.count("/TH") >= sum(len(t.kolonner) for t in tabeller)
    assert merker.count("/TR") >= sum(1 + len(t.rader) for t in tabeller)


def test_malen_er_den_samme_for_alltid() -> None:
    """What was issued by a version of the templates is made again by it: a new look is a new folder."""
    avtrykk = {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest()[:16]
        for f in Path("services/brev/maler/1").iterdir()
    }
    assert avtrykk == MAL_1
    assert set(FORMATER) == {"html", "pdf"}
    with pytest.raises(LookupError):
        sett({}, "html", "2")


MAL_1 = {"brev.html": "5ec8472353f7ff9a", "brev.typ": "bb3a03183dec953f"}
