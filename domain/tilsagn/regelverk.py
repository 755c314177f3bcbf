"""The rules, rates and fields of one scheme put together: one application reckoned, and the decision again later.

Facts (``fakta``), as a decision stores them, JSON-able and with everything filled in:
{"termin", "tilsagnstermin", "kommunenummer", "engasjement", "prioritet",
 "engasjement_av": {"oppgitt", "register", "egne"}, "prosjekt": {field: value}, "enheter": [{field: value}, …]}
``engasjement``: whole kroner that the applicant owes or is promised from before, the larger of what is stated and what
the register and our own cases show.
``prioritet``: the place in the line for the frame that a caseworker states, 0 first, 5 when nothing is said.
``termin`` is the month of the application; rules and rates are those of ``tilsagnstermin``, the month in which the
commitment is given, since a queue for the frame may last over New Year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from domain.regler.kolonne import Kolonne
from domain.regler.plan import Plan, lag_plan, regn, satsavtrykk
from domain.regler.regel import Regelsett
from domain.regler.satser import Satssamling
from domain.regler.spor import Linje, Sporbygger, Vis
from domain.regler.termin import TerminFeil, del_opp
from domain.sak.etterprov import Etterprov, Gjentatt, UkjentRegelversjon, kodeversjon
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Avgjorelse
from domain.tilsagn import sider
from domain.tilsagn.felt import Felt, FeltFeil, antall, fyll_ut, kr

Fakta = dict[str, Any]
_ENGASJEMENT = kr("engasjement", "Samlet engasjement fra før.", "Samla engasjement frå før.", 0)
_ENGASJEMENT_AV = (
    kr("oppgitt", "Det søkeren oppgir.", "Det søkjaren oppgir.", 0),
    kr("register", "Det Husbankens register viser.", "Det Husbankens register viser.", 0),
    kr("egne", "Lovet og utbetalt i andre saker.", "Lova og utbetalt i andre saker.", 0),
)
_PRIORITET = antall("prioritet", "Plass i køen; 0 først.", "Plass i køen; 0 først.", 5)
GITT = "T00"
"""The code of a commitment; every other code is a refusal."""
INGENTING = sider.INGENTING
"""Every condition is met, and the amount comes to nothing."""


@dataclass(frozen=True, slots=True)
class Vilkar:
    """A condition: the rule (a flag, true when it is met) and the code and reason of the refusal when it is not."""

    regel: str
    kode: str
    nb: str
    nn: str


@dataclass(frozen=True, eq=False)
class Regelverk:
    """One scheme's law. ``regler`` gives the rule ``belop`` (kr) and one flag for each of ``vilkar``, tried in order.

    Fields marked ``enhet`` are of each of the project's units, in ``enheter`` of the facts.
    ``kodeversjon``: raised whenever a rule or a rate gives another answer for the same facts (see domain/regler).
    """

    tittel: str
    regler: Regelsett
    satser: Satssamling
    felt: tuple[Felt, ...]
    vilkar: tuple[Vilkar, ...]
    forste_termin: str
    kodeversjon: int = 1

    @property
    def prosjektfelt(self) -> tuple[Felt, ...]:
        return tuple(f for f in self.felt if not f.enhet)

    @property
    def enhetsfelt(self) -> tuple[Felt, ...]:
        return tuple(f for f in self.felt if f.enhet)

    # --- facts -------------------------------------------------------------------------------------------------

    def fullfor(self, fakta: Mapping[str, Any]) -> Fakta:
        """The facts with everything filled in. Errors: ``FeltFeil`` naming the path; ``TerminFeil``."""
        for felt in ("termin", "kommunenummer", "prosjekt"):
            if felt not in fakta:
                raise FeltFeil(felt, "må oppgis")
        for felt in ("termin", "kommunenummer"):
            if not isinstance(fakta[felt], str):
                raise FeltFeil(felt, "må være en tekst")
        enheter = fakta.get("enheter", [])
        if not isinstance(enheter, list):
            raise FeltFeil("enheter", "må være en liste")
        return {
            "termin": fakta["termin"],
            "tilsagnstermin": self._krev(fakta.get("tilsagnstermin") or fakta["termin"]),
            "kommunenummer": fakta["kommunenummer"],
            "engasjement": _ENGASJEMENT.kontroller(fakta.get("engasjement", 0), "engasjement"),
            "engasjement_av": fyll_ut(_ENGASJEMENT_AV, fakta.get("engasjement_av", {}), "engasjement_av"),
            "prioritet": _PRIORITET.kontroller(fakta.get("prioritet", _PRIORITET.standard), "prioritet"),
            "prosjekt": fyll_ut(self.prosjektfelt, fakta["prosjekt"], "prosjekt"),
            "enheter": [fyll_ut(self.enhetsfelt, e, f"enheter.{i}") for i, e in enumerate(enheter)],
        }

    def _krev(self, termin: str) -> str:
        del_opp(termin)
        if termin < self.forste_termin:
            raise TerminFeil(
                f"termin: {termin} er før {self.forste_termin}, som er den første måneden med regler"
            )
        return termin

    # --- reckoning ---------------------------------------------------------------------------------------------

    def vis(self) -> dict[str, tuple[str, Vis | None]]:
        def hvordan(f: Felt) -> Vis | None:
            if f.slag == "valg":
                return f.valg.__getitem__
            return int if f.slag == "antall" else None

        return {f.navn: ("person" if f.enhet else "sak", hvordan(f)) for f in self.felt}

    def regelversjon(self, termin: str, versjon: int | None = None) -> str:
        """Scheme, first termin of the rule set, version of the code, and a print of the rates in force."""
        regelsett = max(g for g in self.regler.grenser(versjon) if g <= self._krev(termin))
        avtrykk = satsavtrykk(_plan(self, termin, versjon))
        return f"{self.regler.ordning}-{regelsett}-v{versjon or self.kodeversjon}-{avtrykk}"

    def _kolonner(self, fakta: Fakta) -> dict[str, Kolonne]:
        ut: dict[str, Kolonne] = {}
        for f in self.felt:
            verdier = [e[f.navn] for e in fakta["enheter"]] if f.enhet else [fakta["prosjekt"][f.navn]]
            if f.slag == "valg":
                verdier = [f.valg.index(v) for v in verdier]
            slag: Any = {"flagg": np.bool_, "kr": np.float64}.get(f.slag, np.int64)
            ut[f.navn] = np.array(verdier, dtype=slag)
        return ut

    def verdier(self, fakta: Fakta, versjon: int | None = None) -> Mapping[str, Any]:
        """Every rule's column of length one, beside facts and rates. ``fakta`` as ``fullfor`` gives them."""
        start = np.array([0, len(fakta["enheter"]) if self.enhetsfelt else 1], dtype=np.int64)
        return regn(
            _plan(self, self._krev(fakta["tilsagnstermin"]), versjon),
            self._kolonner(fakta),
            start,
            np.zeros(1, dtype=np.int64),
        )

    def tall(self, fakta: Fakta, regel: str, versjon: int | None = None) -> int:
        """The value of one rule, as a whole number."""
        return int(self.verdier(fakta, versjon)[regel][0])

    def spor(self, fakta: Fakta, versjon: int | None = None) -> list[Linje]:
        """The trace: a line a rule."""
        verdier = self.verdier(fakta, versjon)
        bygger = _bygger(self, fakta["tilsagnstermin"], versjon)
        return bygger.linjer(verdier, 0, 0, len(fakta["enheter"]))

    def avgjor(self, fakta: Fakta, versjon: int | None = None) -> Avgjorelse:
        """Code, whole kroner and trace; by the newest rules unless ``versjon`` is given."""
        fakta = self.fullfor(fakta)
        spor = self.spor(fakta, versjon)
        verdi = {linje["navn"]: linje["verdi"] for linje in spor}
        brutt = next((v.kode for v in self.vilkar if verdi[v.regel] is False), None)
        if brutt is None and not verdi["belop"]:
            brutt = INGENTING
        regelversjon = self.regelversjon(fakta["tilsagnstermin"], versjon)
        belop = 0 if brutt else int(verdi["belop"])
        return Avgjorelse(
            brutt or GITT, "avslag" if brutt else "innvilget", belop, regelversjon, kanonisk(spor)
        )

    # --- afterwards --------------------------------------------------------------------------------------------

    def versjon(self, regelversjon: str) -> int:
        """The version of the code that it names.  Errors: ``UkjentRegelversjon``."""
        versjon = kodeversjon(regelversjon)
        if versjon > self.kodeversjon:
            raise UkjentRegelversjon(
                f"regelversjon: versjon {versjon} er nyere enn koden, som er {self.kodeversjon}"
            )
        return versjon

    def _gjenta(self, fakta: Sequence[Fakta], regelversjon: str) -> list[Gjentatt]:
        versjon = self.versjon(regelversjon)
        svar = [self.avgjor(f, versjon) for f in fakta]
        return [Gjentatt(a.kode, a.utfall, a.belop, a.regelversjon, a.spor) for a in svar]

    def _sporverdier(self, spor: bytes) -> dict[str, Any]:
        return {linje["navn"]: linje["verdi"] for linje in orjson.loads(spor)}

    def perioder(self) -> list[str]:
        """Where a rule's form or a rate changes."""
        fra = {v.fra for s in self.satser.values() for v in s.i_versjon()}
        mulige = {*self.regler.grenser(), *(f"{d.year:04d}-{d.month:02d}" for d in fra)}
        return sorted(t for t in mulige if t >= self.forste_termin)

    def etterprov(self) -> Etterprov:
        """For those who check a decision afterwards."""
        return Etterprov(
            fullfor=self.fullfor,
            gjenta=self._gjenta,
            sporverdier=self._sporverdier,
            begrunnelse=lambda spor, _: sider.begrunnelse(self, spor),
            perioder=self.perioder,
            regelversjon=self.regelversjon,
            lovinnhold=lambda: sider.lovinnhold(self),
            lovinnhold_markdown=lambda: sider.lovinnhold_markdown(self),
        )


@lru_cache(maxsize=512)
def _plan(verk: Regelverk, termin: str, versjon: int | None) -> Plan:
    return lag_plan(
        verk.regler,
        verk.satser,
        tuple(f.navn for f in verk.felt),
        {},
        form=termin,
        satstermin={},
        versjon=versjon,
    )


@lru_cache(maxsize=512)
def _bygger(verk: Regelverk, termin: str, versjon: int | None) -> Sporbygger:
    return Sporbygger(_plan(verk, termin, versjon), verk.vis(), {})
