"""The states of a payment row, and who may move it. The database holds the same table (``vokt_utbetaling``)."""

from collections.abc import Mapping
from typing import Literal

Tilstand = Literal["holdt", "planlagt", "i_fil", "sendt", "utfort", "avvist", "krav", "bortfalt"]

OVERGANGER: Mapping[Tilstand, frozenset[Tilstand]] = {
    "holdt": frozenset({"planlagt", "bortfalt"}),  # the run is released; rejected, or decided anew
    "planlagt": frozenset({"i_fil", "holdt"}),
    "i_fil": frozenset(
        {"sendt", "utfort", "avvist"}
    ),  # the bank may answer before we note that it has the file
    "sendt": frozenset({"utfort", "avvist"}),
    "utfort": frozenset({"avvist"}),  # returned by the receiving bank
    "avvist": frozenset({"planlagt"}),  # the account is put right
    "krav": frozenset({"planlagt"}),  # part of a claim, and never netted, until the claim is set off
    "bortfalt": frozenset(),  # never paid, and in no sum of what has been
}
"""A row that owes (negative) goes the same way: it is settled when the line that it is set off in is."""


def kan_ga(fra: Tilstand, til: Tilstand) -> bool:
    return til in OVERGANGER[fra]
