"""A synthetic country of bostøtte cases, drawn a chunk at a time as columns.

The same seed gives the same people: case ``i`` is the same whatever the number of cases asked for, and chunk ``nr``
needs no other chunk, so memory does not grow with the country. What it is drawn from stands in
``befolkning_tall.yaml``; how it compares with the real country is printed by ``boligsak population``.

Columns for the rules: ``kolonner(b, maned(b, termin))`` of each chunk in ``biter(antall, fro)``. Cases as the system
keeps them: ``saker``. Into the database: ``skriv``, and ``skriv_svar`` for each later month.
"""

from services.kjoring.befolkning_maned import Maned, biter, kolonner, maned, manuelle
from services.kjoring.befolkning_saker import Sak, id_av, saker
from services.kjoring.befolkning_skriv import FinnesAllerede, skriv, skriv_svar
from services.kjoring.befolkning_trekk import BIT, GRUPPER, Bit, bit

__all__ = [
    "BIT",
    "GRUPPER",
    "Bit",
    "FinnesAllerede",
    "Maned",
    "Sak",
    "bit",
    "biter",
    "id_av",
    "kolonner",
    "maned",
    "manuelle",
    "saker",
    "skriv",
    "skriv_svar",
]
