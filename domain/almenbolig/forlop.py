"""The tables of a commitment's treatments. None stands in the way of another in the same month: what is booked rests on
where the account stands, not on which treatment came first."""

from collections.abc import Mapping
from dataclasses import replace

from domain.sak.forlop import SOKNAD, Forlop, Overgang
from domain.sak.planlagt import KALENDER

_VENTER = "venter"
VAGTER: Mapping[str, tuple[str, str]] = {
    "egen-sak": ("Den der behandler sagen, kan ikke selv være part i den.", "den danske forvaltningslov § 3"),
    "to-personer": (
        "Den der foreslår en afgørelse, kan ikke selv attestere den.",
        "instruks for intern kontrol",
    ),
    "kontroller-mangler": ("Alle pålagte kontroller skal være besvaret.", "officialprincippet"),
    "avgjorelse-mangler": ("Der er intet forslag til afgørelse.", "officialprincippet"),
    "frist-loper": ("Skridtets dag er ikke kommet.", "almenboligloven § 130"),
}
"""The shared guards by the law and in the language of the country; § 3 of the forvaltningslov is from memory [M]."""


def _uden(overganger: tuple[Overgang, ...], *handlinger: str) -> tuple[Overgang, ...]:
    """Without waiting for an applicant, whom a commitment does not have, and without these moves."""
    return tuple(
        _paa_dansk(o) for o in overganger if _VENTER not in (o.fra, o.til) and o.handling not in handlinger
    )


def _paa_dansk(o: Overgang) -> Overgang:
    vakter = [replace(v, tekst=VAGTER[v.navn][0], hjemmel=VAGTER[v.navn][1]) for v in o.vakter]
    return replace(o, vakter=tuple(vakter))


SKEMA = Forlop(
    navn="skema",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=_uden(SOKNAD.overganger, "fatt_vedtak"),
    opptar_maneden=False,
)
"""Commitment, project approval, accounts: two people of the municipality, and never the machine alone."""

MELDING = Forlop(
    navn="melding",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"opprettet", "kontroll"}),
    overganger=_uden(SOKNAD.overganger),
    opptar_maneden=False,
)
"""What is reported about loan and budget: booked by the machine when it fits, else looked at by people."""

KALENDERSKRIDT = Forlop(
    navn="kalenderskridt",
    start="opprettet",
    slutt=frozenset({"vedtatt", "henlagt"}),
    automatisk=frozenset({"kontroll"}),
    overganger=_uden(KALENDER.overganger, "trekk"),
    opptar_maneden=False,
)
"""What the calendar brings. It cannot be withdrawn: the account would stand still."""
