"""*Samle*: the registers are asked for what is missing or no longer holds, each at its own pace.

One stream a register, so that the slowest holds up no other. An answer that is in is stored within a second.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any, cast
from uuid import UUID

import structlog
from psycopg import Connection

from domain.kontroll.krav import Kontrollkrav
from services.kjoring.innstillinger import kjoringsinnstillinger
from services.kjoring.kjoring import Kjoring
from services.kjoring.les import Sak
from services.klokke import na
from services.lager import personer
from services.lager.opplysninger import NyOpplysning
from services.motor.feil import fingeravtrykk
from services.registre import Oppslag, RegisterFeil, Registre, SvarDict

_logg = structlog.get_logger("boligsak.kjoring")
LAGRE_ANTALL, LAGRE_S = 500, 1.0
Lagre = Callable[[Sequence[tuple[Sak, NyOpplysning]]], None]


@dataclass(slots=True)
class Sporring:
    """``spurt`` and ``feilet`` by register; ``gjenbrukt``: answers in the store that still held."""

    spurt: Counter[str] = field(default_factory=Counter)
    feilet: Counter[str] = field(default_factory=Counter)
    gjenbrukt: int = 0
    mangler: list[UUID] = field(default_factory=list)


def trenger(kjoring: Kjoring, saker: Sequence[Sak]) -> list[tuple[Sak, list[Kontrollkrav]]]:
    """The cases that lack answers, with what they ask. A case whose answers are nonsense is left to *kontroll*."""
    ut = []
    for sak in saker:
        if sak.soknad is None or sak.svar is None or sak.feil is not None or sak.apen is not None:
            continue
        if sak.status != "lopende" and not kjoring.gjelder_vedtatte:
            continue
        try:
            krav = kjoring.ordning.krav(sak.soknad, cast(Mapping[str, Any], sak.svar))
        except Exception as feil:  # noqa: BLE001 - this case's alone
            sak.feil = feil
            continue
        if krav:
            ut.append((sak, krav))
    return ut


_PERSONER = """
    SELECT sp.sak_id, p.id, p.fnr, p.nokkel FROM sak_person sp JOIN person p ON p.id = sp.person_id
    WHERE sp.sak_id = ANY(%s)
"""


def numre(forbindelse: Connection[Any], saker: Sequence[Sak]) -> dict[UUID, dict[str, str]]:
    """Identity number by person id, by case: opened for the questions, and gone with them. A case with one that does
    not open is asked nothing about (``registerfeil``), and holds up no other."""
    ut: dict[UUID, dict[str, str]] = {s.id: {} for s in saker}
    per_id = {s.id: s for s in saker}
    with forbindelse.cursor(binary=True) as peker:
        for sak_id, person_id, fnr, nokkel in peker.execute(_PERSONER, (list(ut),)):
            try:
                ut[sak_id][str(person_id)] = personer.apne_fnr(person_id, fnr, nokkel)
            except Exception as feil:  # noqa: BLE001 - this case's alone: erased, or damaged
                _kan_ikke_spores(per_id[sak_id], "fnr", feil)
    return ut


def _kan_ikke_spores(sak: Sak, hva: str, feil: Exception) -> None:
    sak.registerfeil[hva] = "varig"
    _logg.warning("sak_kan_ikke_spores", sak=sak.tekst, hva=hva, fingeravtrykk=fingeravtrykk(feil))


def hent(
    kjoring: Kjoring,
    behov: list[tuple[Sak, list[Kontrollkrav]]],
    fnr: Mapping[UUID, Mapping[str, str]],
    registre: Registre,
    lagre: Lagre,
) -> Sporring:
    """Ask, wave after wave, until nothing more is needed. Answers go into ``sak.svar`` and to ``lagre``; what a
    register would not answer after some rounds stands in ``sak.registerfeil``, and its case in ``mangler``."""
    ut = Sporring()
    saker = [sak for sak, _ in behov]
    behov = [(sak, krav) for sak, krav in behov if not _oppgitt(sak)]
    for runde in range(1 + 3 * kjoringsinnstillinger().samle_forsok):
        if not behov:
            break
        vent_s = _bolge(kjoring, behov, fnr, registre, lagre, ut)
        behov = trenger(kjoring, [s for s in saker if not _oppgitt(s)])
        if vent_s:
            time.sleep(min(5.0, max(0.2 * (runde + 1), vent_s)))
    ut.mangler = sorted(s.id for s, _ in trenger(kjoring, saker))
    return ut


def _oppgitt(sak: Sak) -> bool:
    """A register has said something that another round would not change, or has failed too often."""
    return any(feil == "varig" for feil in sak.registerfeil.values())


def _bolge(
    kjoring: Kjoring,
    behov: list[tuple[Sak, list[Kontrollkrav]]],
    fnr: Mapping[UUID, Mapping[str, str]],
    registre: Registre,
    lagre: Lagre,
    ut: Sporring,
) -> float:
    """One round of questions. Gives the longest pause a register asked for, 0 when none failed for the moment."""
    eiere: dict[int, Sak] = {}
    per_register: dict[str, list[Oppslag]] = {}
    for sak, krav in behov:
        try:
            oppslag = [_oppslag(kjoring, sak, k, fnr[sak.id]) for k in krav]
        except Exception as feil:  # noqa: BLE001 - this case's alone
            _kan_ikke_spores(sak, "ekstra", feil)
            continue
        for o in oppslag:
            eiere[id(o.krav)] = sak
            per_register.setdefault(o.krav.register, []).append(o)
    ulagret: list[tuple[Sak, NyOpplysning]] = []
    vent_s, sist = 0.0, time.monotonic()
    for k, svar in _alle_strommer(registre, per_register):
        sak = eiere[id(k)]
        ut.spurt[k.register] += 1
        if isinstance(svar, RegisterFeil):
            ut.feilet[k.register] += 1
            vent_s = max(vent_s, _feilet(sak, k, svar))
            continue
        sak.registerfeil.pop(k.nokkel, None)
        if sak.svar is not None:
            sak.svar.legg(k.nokkel, svar)
        ny = _opplysning(k, svar, na())
        sak.nye_svar.append(ny)
        ulagret.append((sak, ny))
        if len(ulagret) >= LAGRE_ANTALL or time.monotonic() - sist > LAGRE_S:
            lagre(ulagret)
            ulagret, sist = [], time.monotonic()
    if ulagret:
        lagre(ulagret)
    return vent_s


def _oppslag(kjoring: Kjoring, sak: Sak, krav: Kontrollkrav, fnr: Mapping[str, str]) -> Oppslag:
    hvem = fnr.get(str(krav.gjelder)) if krav.gjelder else None
    return Oppslag(krav, hvem, kjoring.ordning.ekstra(krav, sak.soknad or {}, fnr))


def _opplysning(krav: Kontrollkrav, svar: SvarDict, tid: datetime) -> NyOpplysning:
    return NyOpplysning(
        nokkel=krav.nokkel,
        kilde=krav.register,
        hjemmel=krav.hjemmel,
        innhold=svar,
        hentet=tid,
        gyldig_til=tid + timedelta(days=krav.gyldig_dager),
        gjelder=krav.gjelder,
    )


def _feilet(sak: Sak, krav: Kontrollkrav, feil: RegisterFeil) -> float:
    """Note the failure. Gives the pause before the next try, 0 when there is to be none."""
    antall = int(sak.registerfeil.get(krav.nokkel, "0") or 0) + 1 if feil.midlertidig else 0
    if not feil.midlertidig or antall >= kjoringsinnstillinger().samle_forsok:
        sak.registerfeil[krav.nokkel] = "varig"
        return 0.0
    sak.registerfeil[krav.nokkel] = str(antall)
    return max(0.2, feil.vent_s)


def _alle_strommer(
    registre: Registre, per_register: Mapping[str, list[Oppslag]]
) -> Iterator[tuple[Kontrollkrav, SvarDict | RegisterFeil]]:
    """One stream a register, each drawn in a thread of its own; answers as they come."""
    inn: SimpleQueue[tuple[Kontrollkrav, SvarDict | RegisterFeil] | BaseException | None] = SimpleQueue()
    maks = kjoringsinnstillinger().samle_maks_vent_s

    def trekk(oppslag: list[Oppslag]) -> None:
        try:
            for svar in registre.hent_alle(oppslag, maks_vent_s=maks):
                inn.put(svar)
            inn.put(None)
        except BaseException as feil:  # noqa: BLE001 - handed to the thread that asks
            inn.put(feil)

    for oppslag in per_register.values():
        threading.Thread(target=trekk, args=(oppslag,), daemon=True).start()
    ferdige = 0
    while ferdige < len(per_register):
        svar = inn.get()
        if svar is None:
            ferdige += 1
        elif isinstance(svar, BaseException):
            raise svar
        else:
            yield svar
