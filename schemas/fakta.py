"""What a scheme's facts documents may hold, where a person can set them: ranges, known words, dates."""

from collections.abc import Mapping

from pydantic import BaseModel

from schemas.beregning import BeregningBostotte

FAKTAMODELLER: Mapping[str, type[BaseModel]] = {"bostotte": BeregningBostotte}
"""By scheme. A decision's facts can be pasted into a calculation, so its body says what they may be."""
