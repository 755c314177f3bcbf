"""The schemes. Adding one touches its folder and this list."""

from collections.abc import Mapping

from domain.bostotte.ordning import BOSTOTTE
from domain.sak.ordning import Ordning
from domain.startlan.ordning import STARTLAN

ORDNINGER: Mapping[str, Ordning] = {o.navn: o for o in (BOSTOTTE, STARTLAN)}
