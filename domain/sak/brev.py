"""What a scheme gives letters: what its benefit is called, what each code says, and who decides and hears an appeal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Tekst = Mapping[str, str]
"""Language → words."""


@dataclass(frozen=True, slots=True)
class Myndighet:
    """Who decides. ``klage``: where an appeal is sent and who hears it; ``instans``: who has the last word; None where
    our sources do not say. ``sporsmal``: whom to ask."""

    navn: Tekst
    klage: Tekst | None
    instans: Tekst | None
    sporsmal: Tekst


@dataclass(frozen=True, slots=True)
class Kodeord:
    """An outcome code in a letter. ``melding``: something is booked or told, and nothing is decided that can be
    appealed. ``flere``: the party is an organisation, addressed in the plural."""

    tekst: Tekst
    hjemmel: str
    fra: Myndighet
    melding: bool = False
    flere: bool = False


@dataclass(frozen=True, slots=True)
class Brevord:
    """``ytelse``: the benefit, as in "a decision about …". ``koder``: every code that a decision can have.
    ``gis``: a sentence with ``{belop}`` and ``{maned}`` about a grant; None: the amount alone.
    ``arsaker``: the causes of ``Manedlig.forklar`` in words."""

    ytelse: Tekst
    koder: Mapping[str, Kodeord]
    gis: Tekst | None = None
    arsaker: Mapping[str, Tekst] = field(default_factory=dict)
