"""Faults on demand: what a register does wrong, to whom, and for how many calls."""

import asyncio
import time
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from domain.kontroll.krav import Register
from services.registre.foresporsel import Raasvar

Slag = Literal["treg", "heng", "nede", "begrenset", "vrovl"]
Vrovl = Literal[
    "html", "avkuttet", "annen_form", "mangler_felt", "feil_typer", "negativ", "feil_person", "tomt"
]

_HTML = b"<html><body><h1>Vedlikehold</h1></body></html>"


class Feil(BaseModel):
    """Body of ``POST /styring/feil``."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    hos: Register = Field(alias="register")
    slag: Slag
    ms: int = Field(default=0, ge=0, le=600_000)
    """treg: this much later.  heng: no answer for this long, then the connection is cut."""
    per_s: float = Field(default=0, ge=0)
    """begrenset: calls a second that are let through; the others get 429 with Retry-After."""
    form: Vrovl = "html"
    fnr: str | None = None
    """Only calls that name this person."""
    antall: int | None = Field(default=None, ge=1)
    """Only the next so many calls."""


class Feilbok:
    """The faults that are on, and what each call meets."""

    def __init__(self) -> None:
        self._feil: list[Feil] = []
        self._igjen: dict[int, int] = {}
        self._neste: dict[str, float] = {}

    def sett(self, feil: Feil) -> None:
        self._feil.append(feil)
        if feil.antall is not None:
            self._igjen[id(feil)] = feil.antall

    def fjern(self, register: str | None) -> None:
        self._feil = [f for f in self._feil if register is not None and f.hos != register]

    async def moter(
        self, register: str, numre: list[str]
    ) -> tuple[Raasvar | None, dict[str, str], Feil | None]:
        """(an answer instead of the register's own, headers, a nonsense fault to put on the real answer).

        Raises ConnectionAbortedError when the connection is to be cut.
        """
        vrovl = None
        for feil in [f for f in self._feil if f.hos == register and (f.fnr is None or f.fnr in numre)]:
            if not self._bruk(feil):
                continue
            if feil.slag in {"treg", "heng"}:
                await asyncio.sleep(feil.ms / 1000)
            if feil.slag == "heng":
                raise ConnectionAbortedError
            if feil.slag == "nede":
                return Raasvar(503, b'{"melding":"Tjenesten er nede"}'), {}, None
            if feil.slag == "begrenset" and (vent := self._vent(register, feil.per_s)) > 0:
                i_ms = register == "folkeregister"
                return Raasvar(429, b"{}"), {"retry-after": str(round(vent * (1000 if i_ms else 1), 3))}, None
            if feil.slag == "vrovl":
                vrovl = feil
        return None, {}, vrovl

    def _bruk(self, feil: Feil) -> bool:
        if feil.antall is None:
            return True
        igjen = self._igjen[id(feil)]
        self._igjen[id(feil)] = igjen - 1
        return igjen > 0

    def _vent(self, register: str, per_s: float) -> float:
        na = time.monotonic()
        neste = self._neste.get(register, na)
        if neste > na:
            return neste - na
        self._neste[register] = na + (1 / per_s if per_s else 3600)
        return 0.0


def vrovle(form: Vrovl, svar: Raasvar) -> Raasvar:
    """The register's own answer, spoilt."""
    match form:
        case "html":
            return Raasvar(200, _HTML)
        case "avkuttet":
            return Raasvar(200, svar.kropp[: len(svar.kropp) // 2])
        case "annen_form":
            return Raasvar(200, b'["ikke", "det", "som", "var", "avtalt"]')
        case "tomt":
            return Raasvar(200, b"")
        case "mangler_felt":
            return Raasvar(200, b"{}")
        case "feil_typer":
            return Raasvar(200, orjson.dumps(_bytt(orjson.loads(svar.kropp), "tekst")))
        case "negativ":
            return Raasvar(200, orjson.dumps(_bytt(orjson.loads(svar.kropp), "negativ")))
        case "feil_person":
            return Raasvar(200, orjson.dumps(_bytt(orjson.loads(svar.kropp), "person")))


def _bytt(verdi: object, hva: str, felt: str = "") -> object:
    """Amounts made text or negative, flags and lists of the wrong kind, or another person's number."""
    if isinstance(verdi, dict):
        return {k: _bytt(v, hva, k) for k, v in verdi.items()}
    if isinstance(verdi, list):
        return [_bytt(v, hva, felt) for v in verdi] if verdi or hva != "tekst" else "ingen"
    if hva == "tekst" and isinstance(verdi, int | float):
        return "mye"
    if hva == "tekst" and felt in {"graderingsnivaa", "bruksenhetstype", "foedselsdato"}:
        return "ukjent verdi"
    if hva == "negativ" and isinstance(verdi, int | float) and not isinstance(verdi, bool):
        return -abs(verdi) - 1
    if hva == "person" and felt == "personidentifikator":
        return "00000000000"
    return verdi
