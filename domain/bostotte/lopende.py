"""Running cases of bostøtte: what follows a decision, and from when a change counts.

Husbankens veileder i regelverk for bostøtte: a grant rolls on from month to month; a refusal on the means test is
tried again the next two months and stops after three in a row; any other refusal stops at once.
"""

from collections.abc import Mapping
from datetime import date

from domain.kalender import neste_termin, soknadsfrist
from domain.sak.manedlig import Lopende, Videre

PROVES_IGJEN = "V03"
AVSLAG_FOR_STANS = 3

STANSGRUNN: Mapping[str, str] = {
    "V48": "flyttet",
    "V09": "mangler_opplysninger",
    "V05": "ikke_bosatt",
    "V11": "dod",
    "V04": "bolig_utenfor",
    "V02": "ingen_rett",
}
"""Why a case stops, by the code of the refusal that stops it."""

STANSER: Mapping[str, str] = {"soker_ikke_pa_adressen": "flyttet"}
"""The applicant of a running case has moved: the grant was for that dwelling, and a new application is needed."""


def videre(for_: Lopende | None, termin: str, kode: str, utfall: str) -> Videre:
    """What comes after the decision ``kode`` for ``termin``; ``for_``: where the case stood, None when it is new.

    A new decision for the month that was decided last replaces that one, and does not count as one more refusal. A
    case that was stopped and is applied for again begins anew: the new application too is tried three times.
    """
    if utfall == "innvilget":
        return Videre("lopende", 0, None)
    if kode != PROVES_IGJEN:
        return Videre("stanset", 0, STANSGRUNN[kode])
    antall = 1
    if for_ is not None and for_.kode == PROVES_IGJEN and (for_.termin == termin or for_.stanset is None):
        antall = for_.avslag_pa_rad + (for_.termin != termin)
    if antall >= AVSLAG_FOR_STANS:
        return Videre("stanset", antall, "tre_avslag")
    return Videre("lopende", antall, None)


def endring_gjelder(dag: date) -> str:
    """A change reported by the 25th counts for that month, later for the next (forskrift om bustøtte § 9)."""
    termin = f"{dag:%Y-%m}"
    return termin if dag <= soknadsfrist(termin) else neste_termin(termin)
