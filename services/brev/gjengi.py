"""A letter set as HTML or as PDF by a version of the templates: the same data give the same bytes.

``maler/<version>`` is never changed once letters have been issued by it; a new look is a new folder.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from domain.brev.belop import finn, krev_dekning
from domain.brev.dokument import Brev

MAL = "1"
"""The version that new letters are set by."""
Format = Literal["html", "pdf"]
FORMATER: Mapping[Format, str] = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_MALER = Path(__file__).with_name("maler")
_TAGGER = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


class Skrivefeil(ValueError):
    """What was set does not state the amounts that the letter does."""


def gjengi(brev: Brev, format_: Format, dekning: frozenset[Decimal]) -> bytes:
    """The letter as bytes, read back: every amount in it is covered, and none has been lost on the way.

    Errors: ``UdekketBelop``, ``Skrivefeil``.
    """
    ut = sett(brev.dokument(), format_, MAL)
    tekst = les(ut, format_)
    krev_dekning(tekst, dekning | frozenset(finn(brev.sitert())))
    if Counter(finn(tekst)) != Counter(finn(brev.tekst())):
        raise Skrivefeil(f"{format_}: beløpene i brevet er ikke de som skulle stå der")
    return ut


def sett(dokument: dict[str, Any], format_: Format, mal: str) -> bytes:
    """``dokument``: of ``Brev.dokument``, as it was stored. Errors: LookupError for a version that is not kept."""
    mappe = _MALER / mal
    if not mal.isdecimal() or not mappe.is_dir():
        raise LookupError(f"mal {mal} finnes ikke")
    return _html(dokument, mal) if format_ == "html" else _pdf(dokument, mappe)


def _html(dokument: dict[str, Any], mal: str) -> bytes:
    return _jinja(mal).render(brev=dokument).encode()


@lru_cache
def _jinja(mal: str) -> Template:
    miljo = Environment(
        loader=FileSystemLoader(_MALER / mal),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return miljo.get_template("brev.html")


def _pdf(dokument: dict[str, Any], mappe: Path) -> bytes:
    """Tagged PDF/UA-1, set with the fonts of the typesetter alone. Its clock is the letter's own day."""
    import typst  # its engine and the reader below are large: whoever writes no PDF does without

    dag = datetime.fromisoformat(dokument["dato"]).replace(tzinfo=UTC)
    setter = typst.Compiler(mappe / "brev.typ", root=mappe, ignore_system_fonts=True)
    ut = setter.compile(
        format="pdf",
        sys_inputs={"brev": json.dumps(dokument, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=dag,
    )
    assert isinstance(ut, bytes)
    return ut


def settbart(tekst: str) -> str:
    """Somebody's own words with ``[?]`` for each character that the fonts of the typesetter have not: an appeal is sent
    on, whatever it was written with."""
    if all(t == "\n" or (t < "\u0250" and t.isprintable()) for t in tekst):
        return tekst
    return "".join(
        t if t in " \n" or _kan_settes(t) else "[?]" for t in tekst.replace("\r\n", "\n").replace("\t", " ")
    )


@lru_cache(maxsize=4096)
def _kan_settes(tegn: str) -> bool:
    import typst

    prove = Brev("", "nb", "prøve", "", "2026-01-01", (), (tegn,), (), ())
    try:
        _pdf(prove.dokument(), _MALER / MAL)
    except typst.TypstError:
        return False
    return True


def les(innhold: bytes, format_: Format) -> str:
    """The text of a letter as it was set."""
    if format_ == "html":
        return unescape(_TAGGER.sub(" ", innhold.decode()))
    from pypdf import PdfReader

    return "\n".join(side.extract_text() for side in PdfReader(io.BytesIO(innhold)).pages)
