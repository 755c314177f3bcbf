"""The next step of a treatment, chosen from what is known. Pure: the engine does the step, then asks again."""

from dataclasses import dataclass
from enum import StrEnum

from domain.sak.forlop import Forlop


class Steg(StrEnum):
    """What the engine does next."""

    START_KONTROLL = "start_kontroll"
    HENT = "hent"
    """Ask the registers, all that have not been tried, together."""
    VENT = "vent"
    """Nothing to do until somebody or something else acts."""
    TIL_MANUELL = "til_manuell"
    FATT_VEDTAK = "fatt_vedtak"
    BORTFALL = "bortfall"
    """What the treatment was for has been overtaken."""
    UTSETT = "utsett"
    """It began by itself, and its day has been moved."""
    FERDIG = "ferdig"


@dataclass(frozen=True, slots=True)
class Bilde:
    """A treatment as the choice of step sees it.

    ``uprovde``: checks never tried; ``apne``: checks that failed and go on alone on their register's queue
    (or stand in follow-up); ``manuelle``: coded reasons why a person must decide.
    """

    tilstand: str
    uprovde: int = 0
    apne: int = 0
    manuelle: int = 0
    bortfaller: bool = False
    for_tidlig: bool = False


def neste_steg(forlop: Forlop, bilde: Bilde) -> Steg:
    """The one thing to do now. Every state the table calls automatic has an answer; the others wait."""
    if bilde.tilstand in forlop.slutt:
        return Steg.FERDIG
    if bilde.tilstand not in forlop.automatisk:
        return Steg.VENT
    if bilde.tilstand == forlop.start:
        return Steg.START_KONTROLL
    if bilde.uprovde:
        return Steg.HENT
    if bilde.apne:
        return Steg.VENT
    if bilde.bortfaller or bilde.for_tidlig:
        return Steg.BORTFALL if bilde.bortfaller else Steg.UTSETT
    person_alltid = forlop.finn(bilde.tilstand, "fatt_vedtak") is None
    if bilde.manuelle or person_alltid:
        return Steg.TIL_MANUELL
    return Steg.FATT_VEDTAK
