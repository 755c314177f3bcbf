"""Reads as CEF lines (ArcSight Common Event Format) in a file, for whoever watches the watchers.

Set ``BOLIGSAK_CEF_FIL``. The file may be rotated by others: it is opened anew when it has moved.
"""

import logging
from functools import lru_cache
from logging.handlers import WatchedFileHandler
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

_HODE = "CEF:0|Boligsak|boligsak|1.0|"


class CefInnstillinger(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOLIGSAK_", extra="ignore")

    cef_fil: Path | None = None
    """Where the lines of reads go; absent: rows alone."""


@lru_cache
def _skriver(fil: Path) -> WatchedFileHandler:
    fil.parent.mkdir(parents=True, exist_ok=True)
    handterer = WatchedFileHandler(fil, encoding="utf-8")
    handterer.setFormatter(logging.Formatter("%(message)s"))
    return handterer


@lru_cache
def cef_fil() -> Path | None:
    return CefInnstillinger().cef_fil


def skriv(hendelse: str, navn: str, felt: dict[str, str]) -> None:
    """One line, if a file is set. ``felt`` must be free of personal data."""
    fil = cef_fil()
    if fil is not None:
        _skriver(fil).handle(
            logging.LogRecord("boligsak.cef", logging.INFO, "", 0, linje(hendelse, navn, felt), None, None)
        )


def linje(hendelse: str, navn: str, felt: dict[str, str]) -> str:
    """A CEF line; header and extension escaped each its own way."""
    utvidelse = " ".join(f"{k}={_utvidelse(v)}" for k, v in felt.items() if v)
    return f"{_HODE}{_hodefelt(hendelse)}|{_hodefelt(navn)}|3|{utvidelse}"


def _hodefelt(tekst: str) -> str:
    return tekst.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("\r", " ")


def _utvidelse(tekst: str) -> str:
    return tekst.replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n").replace("\r", "\\r")
