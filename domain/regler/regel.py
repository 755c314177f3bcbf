"""How a rule is written, and how the rules in force in a termin are put in line.

A rule is a function over columns. Its inputs are its parameter names: facts, earlier rules and rates. What else the
law's reader needs stands in the declaration: law reference, period, text, a formula for one case, a worked example.

    @REGLER.regel("formuestillegg", hjemmel="forskrift om bustøtte § 6", gyldig_fra="2022-06", enhet="kr/år",
                  tekst={"nb": "…", "nn": "…"}, formel="formue_andel * max(0, formuesgrunnlag)",
                  eksempel={"formuesgrunnlag": 100_000})
    def formuestillegg(formuesgrunnlag, formue_andel): ...

Rules of the same name with different periods are forms of one rule; their periods may not overlap.

When a form turns out to be wrong, it is not edited: it gets ``til_versjon``, and the right one is declared beside it
for the same period with ``fra_versjon``, the next version of the scheme's code. Decisions made with the earlier
version are then still reckoned as they were.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

from domain.regler.termin import del_opp, neste

Niva = Literal["husstand", "person"]
Samling = Literal["sum", "noen", "soker"]
Funksjon = Callable[..., NDArray[Any]]
SPRAK = ("nb", "nn")
"""The languages of a scheme's texts, unless it says otherwise."""
ENHETER = ("kr/år", "kr/md", "kr", "andel", "vekt", "antall", "år", "m²", "flagg", "gruppe", "kode")


class RegelFeil(ValueError):
    """A rule declaration that does not hold together. The message names the rule."""


@dataclass(frozen=True)
class Regel:
    """One version of one rule.

    ``niva`` "person" gives one value a person. With ``samle`` the function is over persons and its result is
    gathered to one value a case: "sum", "noen" (any) or "soker" (the applicant's own). ``gyldig_til`` is the last
    termin, None while in force.
    """

    navn: str
    hjemmel: str
    gyldig_fra: str
    gyldig_til: str | None
    enhet: str
    tekst: Mapping[str, str]
    formel: str
    eksempel: Mapping[str, Any]
    niva: Niva
    samle: Samling | None
    forbehold: str | None
    funksjon: Funksjon
    inn: tuple[str, ...] = field(default=())
    fra_versjon: int = 1
    til_versjon: int | None = None
    """Last version of the code that reckoned so; None: the newest does."""

    def gjelder(self, termin: str, versjon: int | None = None) -> bool:
        """In this termin, and in this version of the code (default the newest)?"""
        return (
            self.gyldig_fra <= termin
            and (self.gyldig_til is None or termin <= self.gyldig_til)
            and i_versjon(self.fra_versjon, self.til_versjon, versjon)
        )


def i_versjon(fra: int, til: int | None, versjon: int | None) -> bool:
    """Does what stands from version ``fra`` to ``til`` stand in ``versjon`` (None: the newest)?"""
    return til is None if versjon is None else fra <= versjon and (til is None or versjon <= til)


class Regelsett:
    """The rules of one scheme, in the order they are declared, which is the order they are reckoned."""

    def __init__(self, ordning: str, sprak: tuple[str, ...] = SPRAK) -> None:
        self.ordning = ordning
        self.sprak = sprak
        self._versjoner: dict[str, list[Regel]] = {}

    def regel(
        self,
        navn: str,
        *,
        hjemmel: str,
        gyldig_fra: str,
        gyldig_til: str | None = None,
        enhet: str,
        tekst: Mapping[str, str],
        formel: str,
        eksempel: Mapping[str, Any],
        niva: Niva = "husstand",
        samle: Samling | None = None,
        forbehold: str | None = None,
        fra_versjon: int = 1,
        til_versjon: int | None = None,
    ) -> Callable[[Funksjon], Funksjon]:
        """Declare a rule. Raises :class:`RegelFeil` when something a reader needs is missing."""

        def registrer(funksjon: Funksjon) -> Funksjon:
            regel = Regel(
                navn, hjemmel, gyldig_fra, gyldig_til, enhet, tekst, formel, eksempel, niva, samle, forbehold,
                funksjon, tuple(inspect.signature(funksjon).parameters), fra_versjon, til_versjon,
            )  # fmt: skip
            self._kontroller(regel)
            self._versjoner.setdefault(navn, []).append(regel)
            return funksjon

        return registrer

    def _kontroller(self, regel: Regel) -> None:
        del_opp(regel.gyldig_fra)
        if regel.gyldig_til is not None and del_opp(regel.gyldig_til) < del_opp(regel.gyldig_fra):
            raise RegelFeil(f"{regel.navn}: gyldig_til er før gyldig_fra")
        if regel.til_versjon is not None and regel.til_versjon < regel.fra_versjon:
            raise RegelFeil(f"{regel.navn}: til_versjon er før fra_versjon")
        for sprak in self.sprak:
            if not regel.tekst.get(sprak, "").strip():
                raise RegelFeil(f"{regel.navn}: tekst på {sprak} mangler")
        for felt in ("hjemmel", "formel"):
            if not getattr(regel, felt).strip():
                raise RegelFeil(f"{regel.navn}: {felt} mangler")
        if regel.enhet not in ENHETER:
            raise RegelFeil(f"{regel.navn}: ukjent enhet {regel.enhet!r}")
        if not regel.eksempel:
            raise RegelFeil(f"{regel.navn}: eksempel mangler")
        for ukjent in regel.eksempel.keys() - set(regel.inn):
            raise RegelFeil(f"{regel.navn}: eksempelet har {ukjent!r}, som regelen ikke bruker")
        for annen in self._versjoner.get(regel.navn, []):
            samme_tid = regel.gyldig_fra <= (annen.gyldig_til or "9999-12") and annen.gyldig_fra <= (
                regel.gyldig_til or "9999-12"
            )
            samme_versjon = (annen.til_versjon is None or regel.fra_versjon <= annen.til_versjon) and (
                regel.til_versjon is None or annen.fra_versjon <= regel.til_versjon
            )
            if samme_tid and samme_versjon:
                raise RegelFeil(f"{regel.navn}: to versjoner gjelder samtidig fra {regel.gyldig_fra}")

    def alle(self, versjon: int | None = None) -> list[Regel]:
        """Every form of every rule, in order, as this version of the code has them (default the newest)."""
        return [
            r
            for former in self._versjoner.values()
            for r in former
            if i_versjon(r.fra_versjon, r.til_versjon, versjon)
        ]

    def gjeldende(self, termin: str, versjon: int | None = None) -> list[Regel]:
        """The rules in force in this termin, in the order they are reckoned."""
        return [r for r in self.alle(versjon) if r.gjelder(termin, versjon)]

    def grenser(self, versjon: int | None = None) -> list[str]:
        """Every termin in which the form of some rule changes, oldest first."""
        alle = self.alle(versjon)
        fra = {r.gyldig_fra for r in alle}
        etter = {neste(r.gyldig_til) for r in alle if r.gyldig_til is not None}
        return sorted(fra | etter)
