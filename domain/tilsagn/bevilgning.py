"""What of an appropriation that was not used may be carried over to the year after, and what was used over it.

Keywords of the state budget and the five per cent rule (Husbankens årsrapport 2024, note B; circular R-2/2025). Amounts
are of one unit throughout: thousand kroner in the report, kroner in our frames.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Stikkord = Literal["kan overføres", "overslagsbevilgning", "drift", ""]
DRIFTSANDEL = (5, 100)
"""Five per cent of the year's appropriation for operations, when the compensation for wages is taken off."""


@dataclass(frozen=True, slots=True)
class Bevilgning:
    """One item's year. ``overfort``: from the year before; ``lonnskompensasjon``: part of ``arets`` (operations only).

    ``brukes_under``: the item whose overuse this one's underuse covers ("kan nyttes under post 69").
    """

    post: str
    stikkord: Stikkord
    overfort: int
    arets: int
    regnskap: int
    lonnskompensasjon: int = 0
    brukes_under: str = ""

    @property
    def samlet(self) -> int:
        return self.overfort + self.arets

    @property
    def avvik(self) -> int:
        """Positive: less was used than was given."""
        return self.samlet - self.regnskap

    @property
    def maks_overforbart(self) -> int | None:
        """For operations; None where the rule does not hold. To the nearest unit, a half upwards."""
        if self.stikkord != "drift":
            return None
        over, under = DRIFTSANDEL
        grunnlag = over * (self.arets - self.lonnskompensasjon)
        return self.lonnskompensasjon + (2 * grunnlag + under) // (2 * under)

    @property
    def mulig_overforbart(self) -> int:
        """What may be carried over, as note B reckons it: overuse of an item with the keyword is carried too."""
        if self.stikkord == "kan overføres":
            return self.avvik
        maks = self.maks_overforbart
        if maks is None:
            return 0
        return max(self.lonnskompensasjon, min(self.avvik, maks)) if self.avvik > 0 else 0


def etter_samordning(bevilgninger: Mapping[str, Bevilgning]) -> dict[str, int]:
    """What each item may carry over when the underuse of one has covered the overuse of another."""
    ut = {post: b.mulig_overforbart for post, b in bevilgninger.items()}
    for post, b in bevilgninger.items():
        if b.brukes_under and ut.get(b.brukes_under, 0) < 0 < ut[post]:
            dekket = min(ut[post], -ut[b.brukes_under])
            ut[post] -= dekket
            ut[b.brukes_under] += dekket
    return ut
