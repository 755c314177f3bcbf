"""What a scheme's facts documents may hold, where a person can set them: ranges, known words, dates."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from schemas.almenbolig import ProjektInn
from schemas.beregning import BeregningBostotte


class _Projekt(ProjektInn):
    """What is known of a project; the case adds to what was sent."""

    model_config = ConfigDict(extra="ignore")


class _Almenbolig(BaseModel):
    projekt: _Projekt


FAKTAMODELLER: Mapping[str, type[BaseModel]] = {"bostotte": BeregningBostotte, "almenbolig": _Almenbolig}
"""By scheme. A decision's facts can be pasted into a calculation, so its body says what they may be."""
