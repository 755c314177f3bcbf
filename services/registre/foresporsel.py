"""What each register is asked and how its answer is read, without I/O.

A *samtale* (conversation) is a generator: it yields one or more requests that may go out together, gets their raw
answers back, and returns the answer to store.  The HTTP client and the in-process one drive the same generators.
"""

from collections.abc import Callable, Generator, Mapping
from datetime import date
from typing import NamedTuple, TypeVar, cast
from urllib.parse import urlencode

import orjson
from pydantic import BaseModel, ValidationError

from domain.kontroll.krav import Kontrollkrav, Register
from schemas.folkeregister import DELER, Oppslagsliste, folkeregistersvar
from schemas.registre import (
    BOLIG_UKJENT,
    INGEN_SKATTEGRUNNLAG,
    Bruksenhet,
    HusbankensEngasjement,
    Inntektssvar,
    Lanekassen,
    Nav,
    SummertSkattegrunnlag,
)
from services.registre.protokoll import RegisterFeil, SvarDict

OK = 200
FINNES_IKKE = frozenset({404, 410})


class Foresporsel(NamedTuple):
    sti: str
    """Path and query; holds identity numbers, so it must never be logged."""
    kropp: bytes | None = None
    """JSON to POST; None: GET."""


class Raasvar(NamedTuple):
    """200, 404 or 410; other statuses never reach the conversation."""

    status: int
    kropp: bytes


Samtale = Generator[list[Foresporsel], list[Raasvar], SvarDict]
M = TypeVar("M", bound=BaseModel)

SCOPE: Mapping[Register, str] = {
    "folkeregister": "folkeregister:deling/offentligmedhjemmel",
    "lanekassen": "lanekassen:studentstatus.read",  # no public scope for Husbanken; ours and the simulator's
    "inntekt": "skatteetaten:inntekt",
    "skattegrunnlag": "skatteetaten:summertskattegrunnlag",
    "nav": "nav:utbetaling/14dager.read",  # likewise
    "matrikkel": "kartverket:matrikkel.read",  # likewise
    "husbanken": "husbanken:engasjement.read",  # likewise
}

_FREG = "/folkeregisteret/offentlig-med-hjemmel/api/v1/personer"
_DELER = "&".join(f"part={del_}" for del_ in DELER)
_ELDSTE_AR = 2
"""How far back from the year asked for a settled assessment still says something about today."""


def samtale(krav: Kontrollkrav, fnr: str | None, ekstra: Mapping[str, str]) -> Samtale:
    """The conversation that answers this check.  Raises ValueError when the identity number is missing."""
    if krav.gjelder is not None and fnr is None:
        raise ValueError(f"{krav.register}: fnr mangler")
    return _SAMTALER[krav.register](dict(krav.parametre), fnr or "", ekstra)


def _folkeregister(parametre: Mapping[str, str], _fnr: str, ekstra: Mapping[str, str]) -> Samtale:
    bolig = {
        felt: ekstra[felt] for felt in ("kommunenummer", "gardsnummer", "bruksnummer", "bruksenhetsnummer")
    }
    person_av = {nummer: person_id for person_id, nummer in ekstra.items() if person_id not in bolig}
    # The names of the search's cadastral parameters are not published; these follow the address model.
    sok = urlencode(
        {"gaardsnummer" if felt == "gardsnummer" else felt: verdi for felt, verdi in bolig.items()}
    )
    oppslag, soek = yield [
        Foresporsel(f"{_FREG}/bulkoppslag?{_DELER}", orjson.dumps({"foedselsEllerDNummer": list(person_av)})),
        Foresporsel(f"{_FREG}/soek?{sok}&{_DELER}"),
    ]
    return cast(
        SvarDict,
        folkeregistersvar(
            _les("folkeregister", Oppslagsliste, oppslag),
            _les("folkeregister", Oppslagsliste, soek),
            person_av,
            bolig,
            date.fromisoformat(parametre["dato"]),
        ),
    )


def _inntekt(parametre: Mapping[str, str], fnr: str, _ekstra: Mapping[str, str]) -> Samtale:
    termin = parametre["termin"]
    sti = f"/api/innrapportert/inntektsmottaker/husbanken/{fnr}/oppgave/inntekt?fraOgMed={termin}&tilOgMed={termin}"
    [svar] = yield [Foresporsel(sti)]
    if svar.status in FINNES_IKKE:  # IM-007, IM-008: nothing reported
        return {"maned": termin, "poster": []}
    inntekt = _les("inntekt", Inntektssvar, svar)
    _krev_samme("inntekt", inntekt.gjelder(fnr))
    return cast(SvarDict, inntekt.svar(termin))


def _skattegrunnlag(parametre: Mapping[str, str], fnr: str, _ekstra: Mapping[str, str]) -> Samtale:
    forste = int(parametre["inntektsar"])
    antall = 1 if parametre.get("oppgjor") == "endelig" else _ELDSTE_AR
    for ar in range(forste, forste - antall, -1):
        pakke = parametre.get("pakke", "husbankenBostoette")
        sti = f"/api/formueinntekt/summertskattegrunnlag/oppgjoer/{pakke}/{ar}/{fnr}"
        [svar] = yield [Foresporsel(sti)]
        if svar.status not in FINNES_IKKE:  # SSG-007, SSG-008, SSG-010/011: none for that year
            grunnlag = _les("skattegrunnlag", SummertSkattegrunnlag, svar)
            _krev_samme("skattegrunnlag", grunnlag.personidentifikator == fnr and grunnlag.inntektsaar == ar)
            return cast(SvarDict, grunnlag.svar())
    return cast(SvarDict, dict(INGEN_SKATTEGRUNNLAG))


def _lanekassen(parametre: Mapping[str, str], fnr: str, _ekstra: Mapping[str, str]) -> Samtale:
    dato = parametre["dato"]
    [svar] = yield [Foresporsel(f"/lanekassen/studentstatus/v1/{fnr}?dato={dato}")]
    if svar.status in FINNES_IKKE:
        return {"rett_til_stotte": False}
    return cast(SvarDict, _les("lanekassen", Lanekassen, svar).svar(date.fromisoformat(dato)))


def _nav(parametre: Mapping[str, str], fnr: str, _ekstra: Mapping[str, str]) -> Samtale:
    termin = parametre["termin"]
    [svar] = yield [Foresporsel(f"/nav/utbetalinger/v1/{fnr}?maned={termin}")]
    if svar.status in FINNES_IKKE:
        return {"utbetalinger": 0, "arbeidsrettet_utdanning": False}
    return cast(SvarDict, _les("nav", Nav, svar).svar(termin))


def _matrikkel(_parametre: Mapping[str, str], _fnr: str, ekstra: Mapping[str, str]) -> Samtale:
    numre = "/".join(ekstra[f] for f in ("kommunenummer", "gardsnummer", "bruksnummer", "bruksenhetsnummer"))
    [svar] = yield [Foresporsel(f"/matrikkel/v1/bruksenheter/{numre}")]
    if svar.status in FINNES_IKKE:
        return cast(SvarDict, dict(BOLIG_UKJENT))
    return cast(SvarDict, _les("matrikkel", Bruksenhet, svar).svar())


def _husbanken(parametre: Mapping[str, str], fnr: str, _ekstra: Mapping[str, str]) -> Samtale:
    [svar] = yield [Foresporsel(f"/husbanken/engasjement/v1/{fnr}?dato={parametre['dato']}")]
    if svar.status in FINNES_IKKE:
        return {"engasjement": []}
    return cast(SvarDict, _les("husbanken", HusbankensEngasjement, svar).svar())


_SAMTALER: Mapping[Register, Callable[[Mapping[str, str], str, Mapping[str, str]], Samtale]] = {
    "folkeregister": _folkeregister,
    "lanekassen": _lanekassen,
    "inntekt": _inntekt,
    "skattegrunnlag": _skattegrunnlag,
    "nav": _nav,
    "matrikkel": _matrikkel,
    "husbanken": _husbanken,
}


def _les(register: str, modell: type[M], svar: Raasvar) -> M:
    """What is not JSON is a gateway's page or a cut answer: worth another try.  JSON of another shape is not."""
    if svar.status != OK:
        raise RegisterFeil(register, f"status_{svar.status}", midlertidig=False)
    try:
        return modell.model_validate_json(svar.kropp)
    except ValidationError as feil:
        ikke_json = any(
            e["type"] == "json_invalid" for e in feil.errors(include_input=False, include_url=False)
        )
        arsak = "ikke_json" if ikke_json else "feil_form"
        raise RegisterFeil(register, arsak, midlertidig=ikke_json) from None


def _krev_samme(register: str, samme: bool) -> None:
    """An answer about somebody else, or another year, must never be stored."""
    if not samme:
        raise RegisterFeil(register, "feil_person", midlertidig=False)
