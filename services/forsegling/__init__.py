"""Sealing of personal data: AES-256-GCM under a data key a person, the data keys wrapped outside the
database.
"""

from services.forsegling.feil import (
    ForseglingBrutt,
    ForseglingFeil,
    NokkelDestruert,
    NokkelfilFeil,
    UkjentNokkel,
)
from services.forsegling.forsegler import Datanokkel, Forsegler, forsegler

__all__ = [
    "Datanokkel",
    "Forsegler",
    "ForseglingBrutt",
    "ForseglingFeil",
    "NokkelDestruert",
    "NokkelfilFeil",
    "UkjentNokkel",
    "forsegler",
]
