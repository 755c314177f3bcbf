"""The facts of one step of a commitment's life, as a decision stores them and the steps read them.

{"termin": "YYYY-MM" of the step, "kommunenummer", "valuta", "skridt", "dato": the day it is booked,
 "projekt": {"termin" of the commitment, "diskonteringsrente" of its year (once it is given),
             "anskaffelsessum" and "bidrag_per_m2" (kroner), "boligtype", "antal_boliger", "areal" (m²), "lantype"},
 "lan": None or {"dato", "hovedstol_ore", "type", "renter": [[loan year, yearly rate], …] as they became known},
 "forudsaetninger": an edition (forudsaetninger.py),
 "stilling": where the commitment stood before (``START`` before the first step)}
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

Fakta = dict[str, Any]


class Stilling(TypedDict):
    """Where a commitment stands. ``saldo_ore`` is the sum of ``posteret``; ``rente_ar``: interest is booked to here."""

    dato: str | None
    saldo_ore: int
    rente_ar: int | None
    """None before the commitment."""
    terminer: int
    """Quarters drawn."""
    beboerbetaling_ore: int
    """Of the last quarter drawn."""
    revurderet_ar: int
    """The last year whose end brought a revaluation; 0 before the first."""
    refusion_ore: int | None
    refusion_fra: NotRequired[int | None]
    """The first quarter that Landsbyggefonden pays, 4 × year + 0–3; not in the facts of the code's first version."""
    budget_ore: int | None
    posteret: dict[str, int]
    afsluttet: bool


START: Stilling = {
    "dato": None,
    "saldo_ore": 0,
    "rente_ar": None,
    "terminer": 0,
    "beboerbetaling_ore": 0,
    "revurderet_ar": 0,
    "refusion_ore": None,
    "budget_ore": None,
    "posteret": {},
    "afsluttet": False,
}


def tilsagnsar(fakta: Mapping[str, Any]) -> int:
    return int(fakta["projekt"]["termin"][:4])
