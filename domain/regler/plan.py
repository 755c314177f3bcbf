"""The rules and rates of one termin put together, and reckoned over columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

import numpy as np

from domain.regler.kolonne import Kolonne
from domain.regler.regel import Funksjon, Regel, RegelFeil, Regelsett, Samling
from domain.regler.satser import Sats, Satssamling, Satsverdi

Steg = tuple[str, Funksjon, tuple[str, ...], Samling | None, bool]


@dataclass(frozen=True)
class Plan:
    """``steg`` in order; ``konstanter`` are what all cases share: the rates, and dates and tables of the scheme."""

    regler: tuple[Regel, ...]
    satser: Mapping[str, tuple[Sats, Satsverdi]]
    konstanter: Mapping[str, Any]
    steg: tuple[Steg, ...]


def _som_konstant(verdi: Satsverdi) -> Any:
    if isinstance(verdi.verdi, tuple):
        liste = np.array(verdi.verdi, dtype=np.float64)
        liste.setflags(write=False)
        return liste
    return verdi.verdi


def _verdi(sats: Sats, termin: str, forste_ellers: bool, versjon: int | None) -> Satsverdi | None:
    verdi = sats.gjelder(termin, versjon)
    return sats.i_versjon(versjon)[0] if verdi is None and forste_ellers else verdi


def lag_plan(
    regelsett: Regelsett,
    satser: Satssamling,
    fakta: Sequence[str],
    tabeller: Mapping[str, Any],
    *,
    form: str,
    satstermin: Mapping[str, str],
    forste_ellers: bool = False,
    versjon: int | None = None,
) -> Plan:
    """Rules of the termin ``form`` with each rate of the termin ``satstermin[name]`` (default ``form``).

    ``forste_ellers``: a rate not yet in force gives its first value, for what-if questions that mix two terminer.
    ``versjon``: as that version of the code had rules and rates (default the newest).
    Raises :class:`RegelFeil` when a rule reads something that is neither fact, table, rate nor earlier rule.
    """
    regler = tuple(regelsett.gjeldende(form, versjon))
    kjent = {*fakta, *tabeller}
    brukte: dict[str, tuple[Sats, Satsverdi]] = {}
    for regel in regler:
        for navn in regel.inn:
            if navn in satser and navn not in brukte:
                verdi = _verdi(satser[navn], satstermin.get(navn, form), forste_ellers, versjon)
                if verdi is None:
                    raise RegelFeil(f"{regel.navn}: satsen {navn!r} gjelder ikke i {form}")
                brukte[navn] = (satser[navn], verdi)
            elif navn not in kjent and navn not in satser:
                raise RegelFeil(
                    f"{regel.navn}: {navn!r} er verken opplysning, sats eller tidligere regel i {form}"
                )
        kjent.add(regel.navn)
    konstanter = {**tabeller, **{navn: _som_konstant(verdi) for navn, (_, verdi) in brukte.items()}}
    steg = tuple((r.navn, r.funksjon, r.inn, r.samle, r.enhet.startswith("kr")) for r in regler)
    return Plan(regler, brukte, konstanter, steg)


def _summer(kolonne: Kolonne, start: Kolonne) -> Kolonne:
    """int64 sums over the persons of each case, as differences of a running sum: exact, and quicker than reduceat."""
    lopende = np.empty(len(kolonne) + 1, dtype=np.int64)
    lopende[0] = 0
    np.cumsum(kolonne, out=lopende[1:])
    ved_grensene = lopende.take(start)
    ut: Kolonne = ved_grensene[1:] - ved_grensene[:-1]
    return ut


def _noen(kolonne: Kolonne, eier: Kolonne, antall: int) -> Kolonne:
    """Whether it holds for any person of the case; quick because it seldom holds."""
    ut = np.zeros(antall, dtype=np.bool_)
    ut[eier.take(np.flatnonzero(kolonne))] = True
    return ut


def regn(plan: Plan, opplysninger: Mapping[str, Kolonne], start: Kolonne, soker: Kolonne) -> dict[str, Any]:
    """Every rule's column, beside the facts and constants. ``start`` int64[n + 1], ``soker`` int64[n]."""
    verdier: dict[str, Any] = {**plan.konstanter, **opplysninger}
    antall = len(soker)
    alene = antall == int(start[-1])  # one person in every case: nothing to gather
    eier = None if alene else np.repeat(np.arange(antall), np.diff(start))
    for navn, funksjon, inn, samle, er_kroner in plan.steg:
        kolonne = funksjon(*[verdier[n] for n in inn])
        if samle == "sum":
            kolonne = kolonne.astype(np.int64) if alene else _summer(kolonne, start)
            if er_kroner:
                kolonne = kolonne / 100.0
        elif eier is None:
            pass
        elif samle == "noen":
            kolonne = _noen(kolonne, eier, antall)
        elif samle == "soker":
            kolonne = kolonne.take(soker)
        verdier[navn] = kolonne
    return verdier


def satsavtrykk(plan: Plan) -> str:
    """Eight hexadecimal digits that change when a rate in force changes."""
    rader = sorted((navn, verdi.verdi, verdi.fra.isoformat()) for navn, (_, verdi) in plan.satser.items())
    return sha256(dumps(rader, separators=(",", ":")).encode()).hexdigest()[:8]
