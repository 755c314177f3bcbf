"""Bostøtte reckoned: the public entry. A single case is a batch of one; there is no other implementation."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.bostotte.fakta import BOLIGFLAGG, DISPOSISJONSFORMER, PERSONFLAGG, Fakta
from domain.bostotte.koder import KODER
from domain.bostotte.kolonner import PERSONBELOP, Kolonner, kolonner
from domain.bostotte.regelsett import FORSTE_TERMIN, REGELMODULER, REGLER, SATSER
from domain.kommuner import UkjentKommune, gruppetabell
from domain.regler.kolonne import Kolonne
from domain.regler.plan import Plan, lag_plan, regn, satsavtrykk
from domain.regler.spor import Linje, Sporbygger, Vis, fra_ore
from domain.regler.termin import TerminFeil, del_opp, situasjonsdato

for _modul in REGELMODULER:
    import_module(_modul)

KODEVERSJON = 1
"""Raised whenever a rule, a rate or a table gives another amount, code or trace for the same facts and termin. What
stood before stays declared, with ``til_versjon``, so that decisions of every version can be reckoned again."""

BLOKK = 8192
"""Cases reckoned at a time: small enough for the columns to stay in the processor's cache."""


def iso_dato(dato: int) -> str:
    return f"{dato // 10000:04d}-{dato // 100 % 100:02d}-{dato % 100:02d}"


FAKTA: Mapping[str, tuple[str, Vis | None]] = {
    "situasjonsdato": ("felles", iso_dato),
    "kommunenummer": ("sak", "{:04d}".format),
    "disposisjonsform": ("sak", DISPOSISJONSFORMER.__getitem__),
    "boutgift_per_maned": ("sak", None),
    "kommunale_avgifter_per_maned": ("sak", None),
    **dict.fromkeys(BOLIGFLAGG, ("sak", None)),
    "er_soker": ("person", None),
    "fodselsdato": ("person", iso_dato),
    "ytelse_14_utbetalinger": ("person", None),
    **dict.fromkeys(PERSONBELOP, ("person", fra_ore)),
    **dict.fromkeys(PERSONFLAGG, ("person", None)),
}
"""Every fact a rule may read: where it stands and how it is shown."""

VIS_ENHET: Mapping[str, Vis] = {"kode": lambda indeks: KODER[indeks].kode}


def _krev_termin(termin: str) -> str:
    del_opp(termin)
    if termin < FORSTE_TERMIN:
        raise TerminFeil(f"termin: {termin} er før {FORSTE_TERMIN}, som er den første terminen med regler")
    return termin


@lru_cache(maxsize=256)
def plan_for(form: str, satser: str, tak: str, dato: str, versjon: int | None = None) -> Plan:
    """Rules of termin ``form``, rates of ``satser``, ceilings and municipality groups of ``tak``, ages at ``dato``;
    as version ``versjon`` of the code has them (default the newest)."""
    for termin in (form, satser, tak, dato):
        _krev_termin(termin)
    ar, maned = del_opp(tak)
    return lag_plan(
        REGLER,
        SATSER,
        tuple(FAKTA),
        {"situasjonsdato": situasjonsdato(dato), "gruppetabell": gruppetabell(date(ar, maned, 1))},
        form=form,
        satstermin={navn: tak if navn.startswith("tak_") else satser for navn in SATSER},
        forste_ellers=not form == satser == tak,
        versjon=versjon,
    )


def plan(termin: str, versjon: int | None = None) -> Plan:
    """The rules and rates of one termin."""
    return plan_for(termin, termin, termin, termin, versjon)


@lru_cache(maxsize=64)
def sporbygger(termin: str, versjon: int | None = None) -> Sporbygger:
    return Sporbygger(plan(termin, versjon), FAKTA, VIS_ENHET)


@lru_cache(maxsize=64)
def regelversjon(termin: str, versjon: int | None = None) -> str:
    """Scheme, first termin of the rule set, version of the code, and a print of the rates in force."""
    regelsett = max(g for g in REGLER.grenser(versjon) if g <= _krev_termin(termin))
    avtrykk = satsavtrykk(plan(termin, versjon))
    return f"{REGLER.ordning}-{regelsett}-v{versjon or KODEVERSJON}-{avtrykk}"


def _regn_blokk(plan: Plan, kol: Kolonner) -> dict[str, Any]:
    opplysninger = {**kol.sak, **kol.person}
    verdier = regn(plan, opplysninger, kol.start, kol.soker)
    if not verdier["kommunegruppe"].all():
        ukjent = int(kol.sak["kommunenummer"][int(np.argmin(verdier["kommunegruppe"] != 0))])
        raise UkjentKommune(f"{ukjent:04d}", date.fromisoformat(iso_dato(verdier["situasjonsdato"])))
    return verdier


def regn_ut(plan: Plan, kol: Kolonner, navn: Sequence[str] = ()) -> dict[str, Kolonne]:
    """The columns of these rules (default: every case-level one) over all cases, reckoned a block at a time."""
    navn = navn or [r.navn for r in plan.regler if r.niva == "husstand"]
    n = len(kol)
    if n <= BLOKK:
        verdier = _regn_blokk(plan, kol)
        return {rule: verdier[rule] for rule in navn}
    ut: dict[str, Kolonne] = {}
    for fra in range(0, n, BLOKK):
        til = min(fra + BLOKK, n)
        verdier = _regn_blokk(plan, kol.utsnitt(fra, til))
        for rule in navn:
            if rule not in ut:
                ut[rule] = np.empty(n, dtype=verdier[rule].dtype)
            ut[rule][fra:til] = verdier[rule]
    return ut


class Resultat:
    """Columns of all cases, and the answer in words for any one of them.

    ``kode`` uint8[n], index into KODER; ``belop_per_maned`` int64[n], whole kroner, 0 unless granted.
    ``versjon``: of the code that declared the rules, None for the newest.
    """

    __slots__ = ("_verdier", "belop_per_maned", "kode", "kolonner", "termin", "versjon")

    def __init__(self, kol: Kolonner, termin: str, versjon: int | None = None) -> None:
        self.termin = _krev_termin(termin)
        self.versjon = versjon
        self.kolonner = kol
        self._verdier: Mapping[str, Any] | None = None
        svar: Mapping[str, Any]
        if len(kol) == 0:
            svar = {"kode": np.zeros(0, np.uint8), "belop_per_maned": np.zeros(0, np.int64)}
        elif len(kol) <= BLOKK:
            svar = self._verdier = _regn_blokk(self.plan, kol)
        else:
            svar = regn_ut(self.plan, kol, ("kode", "belop_per_maned"))
        self.kode: NDArray[np.uint8] = svar["kode"]
        self.belop_per_maned: NDArray[np.int64] = svar["belop_per_maned"]

    def __len__(self) -> int:
        return len(self.kode)

    @property
    def plan(self) -> Plan:
        return plan(self.termin, self.versjon)

    @property
    def verdier(self) -> Mapping[str, Any]:
        """One column a case-level rule, by name. For a large batch they are not kept from the start, since most are
        never asked for: the first use reckons them all, and they are the same bits."""
        if self._verdier is None:
            self._verdier = regn_ut(self.plan, self.kolonner) if len(self) else {}
        return self._verdier

    def sporverdier(self) -> dict[str, Kolonne]:
        """The columns of every case-level rule in force, n long each, in the order of the trace."""
        return {r.navn: self.verdier[r.navn] for r in self.plan.regler if r.niva == "husstand"}

    def spor(self, i: int = 0) -> list[Linje]:
        """The trace of case ``i``. In a batch the case is reckoned again alone, which gives the same bits."""
        if len(self) == 1 and self._verdier is not None:
            bygger = sporbygger(self.termin, self.versjon)
            return bygger.linjer(self._verdier, i, 0, int(self.kolonner.start[1]))
        return Resultat(self.kolonner.utsnitt(i, i + 1), self.termin, self.versjon).spor()

    def dokument(self, i: int = 0) -> dict[str, Any]:
        """The answer of case ``i`` as a JSON-able dict, as ``boligsak calc bostotte`` prints it."""
        kode = KODER[int(self.kode[i])]
        return {
            "kode": kode.kode,
            "utfall": kode.utfall,
            "belop_per_maned": int(self.belop_per_maned[i]),
            "spor": self.spor(i),
            "regelversjon": regelversjon(self.termin, self.versjon),
            "satser": list(sporbygger(self.termin, self.versjon).satser),
        }


def beregn(dokumenter: Sequence[Fakta] | Kolonner, termin: str, versjon: int | None = None) -> Resultat:
    """Bostøtte of every case for one termin (which governs, whatever termin the documents carry), by the rules as
    version ``versjon`` of the code has them (default the newest).

    Raises FaktaFeil, UkjentKommune or TerminFeil, each naming the field.
    """
    if isinstance(dokumenter, Kolonner):
        return Resultat(dokumenter, termin, versjon)
    return Resultat(kolonner(dokumenter, termin), termin, versjon)
