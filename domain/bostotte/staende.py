"""What a caseworker has judged of the dwelling stands from month to month, until a change is reported.

Else a household whose dwelling the register does not know as one, and the municipality has confirmed, would wait for
two people every month. What was judged of a person is a month's own: then a person looks again.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.kontroll.krav import Grunn
from domain.kontroll.vurdering import grunn

VURDERT = "vurdert"
STAENDE = frozenset({"bolig_ikke_godkjent", "bolig_ukjent_i_matrikkelen", "bofellesskap"})
"""Reasons that are about the dwelling alone (bustøttelova § 5)."""


def husk(soknad: Mapping[str, Any], koder: Collection[str], verdier: Mapping[str, Any]) -> dict[str, Any]:
    """The application with what was judged when it was decided: the reasons that were looked at, and what was set."""
    ny = {felt: verdi for felt, verdi in soknad.items() if felt != VURDERT}
    if verdier or STAENDE & set(koder):
        ny[VURDERT] = {"koder": sorted(STAENDE & set(koder)), "verdier": dict(verdier)}
    return ny


def staende(soknad: Mapping[str, Any], grunner: Sequence[Grunn]) -> tuple[list[Grunn], dict[str, Any]]:
    """The reasons that nobody has looked at yet, and what has been set of the dwelling (as for ``overstyr``)."""
    vurdert = soknad.get(VURDERT)
    if not vurdert:
        return list(grunner), {}
    igjen = [g for g in grunner if g["kode"] not in vurdert["koder"]]
    bolig = {sti: verdi for sti, verdi in vurdert["verdier"].items() if sti.startswith("bolig.")}
    if len(bolig) < len(vurdert["verdier"]):
        tekst = "Forrige vedtak bygger på noe en saksbehandler satte om en person; det må vurderes for denne måneden."
        igjen.append(grunn("vurdert_om_person", tekst))
    return igjen, bolig
