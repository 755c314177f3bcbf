"""Money that two people decide on, from a frame that may be empty: the table, and what a decision does to the frame.

The proposal is attested by another person; only then is the frame asked, by the engine, which gives the decision, lets
the treatment wait in line, or has a person look again when what the proposal rests on has changed. Above a limit of
engagement a second line looks at the proposal first.
"""

from dataclasses import dataclass, replace
from typing import Literal

from domain.sak.forlop import (
    FRIST_UTE,
    HAR_AVGJORELSE,
    IKKE_EGEN_SAK,
    SOKNAD,
    TO_PERSONER,
    Forlop,
    Kontekst,
    Merke,
    Oppgave,
    Overgang,
    Rolle,
    Vakt,
)

ATTESTERT = "attestert"
VENTER_PA_RAMME = "venter_pa_ramme"
TREKKES = "trekkes"
"""Withdrawn while it waited: the engine takes it out of the line first."""
RAMMETILSTANDER = frozenset({ATTESTERT, VENTER_PA_RAMME, TREKKES})


@dataclass(frozen=True, slots=True)
class Rammepost:
    """One movement of a frame of the decision's own scheme. ``bundet``: the treatment's own claim, which must be met
    before the decision is given; the others are of the case's claim. ``kommunenummer`` None: the country's frame.

    ``belop``: whole kroner, above zero. ``grunn``: a code. ``prioritet``: lower first, then by when the
    application came. ``av_tidligere``: of what an earlier treatment bound, where this one binds anew.
    """

    slag: Literal["bundet", "utbetalt", "frigitt", "tilbakefort"]
    ar: int
    post: str
    kommunenummer: str | None
    belop: int
    grunn: str = ""
    prioritet: int = 0
    av_tidligere: bool = False


def mangler_annenlinje(av_fakta: frozenset[str], merker: frozenset[str]) -> bool:
    """Is the engagement above the limit, and has the second line not looked?"""
    return Merke.ANNENLINJE in av_fakta and Merke.TILRADD not in merker


def _annenlinje(k: Kontekst) -> bool:
    return not mangler_annenlinje(k.merker, k.merker)


ANNENLINJE_FERDIG = Vakt(
    "annenlinje-mangler",
    "Samlet engasjement er over grensen: annen linje må vurdere forslaget først.",
    "instruks for internkontroll",
    _annenlinje,
)

_SYSTEM = frozenset({Rolle.SYSTEM})
_SAKSBEHANDLER = frozenset({Rolle.SAKSBEHANDLER})
_ATTESTANT = frozenset({Rolle.ATTESTANT})
_ANNENLINJE = frozenset({Rolle.ANNENLINJE})
_EGNE = frozenset({"fatt_vedtak", "attester", "foresla"})


def bevilgning(navn: str, unntak: str) -> Forlop:
    """The table, for a cause whose decision needs no notice because of ``unntak``."""
    return Forlop(
        navn=navn,
        start="opprettet",
        slutt=frozenset({"vedtatt", "henlagt"}),
        automatisk=frozenset({"opprettet", "kontroll"}) | RAMMETILSTANDER,
        oppgaver={VENTER_PA_RAMME: Oppgave("kommune", 90, 14, "bevilgningsreglementet § 6")},
        opptar_maneden=False,
        overganger=(
            *(o for o in SOKNAD.overganger if o.handling not in _EGNE),
            Overgang(
                "manuell", "foresla", "foreslatt", _SAKSBEHANDLER, (IKKE_EGEN_SAK,), begrunnelse=True,
                fjerner=frozenset({Merke.TILRADD}),
            ),
            Overgang("foreslatt", "send_til_annenlinje", "annenlinje", _SAKSBEHANDLER, (IKKE_EGEN_SAK,)),
            Overgang(
                "annenlinje", "tilra", "foreslatt", _ANNENLINJE, (IKKE_EGEN_SAK, TO_PERSONER), begrunnelse=True,
                setter=frozenset({Merke.TILRADD}),
            ),
            Overgang("annenlinje", "fraraa", "manuell", _ANNENLINJE, (IKKE_EGEN_SAK, TO_PERSONER), begrunnelse=True),
            Overgang(
                "foreslatt", "attester", ATTESTERT, _ATTESTANT,
                (IKKE_EGEN_SAK, TO_PERSONER, HAR_AVGJORELSE, ANNENLINJE_FERDIG),
            ),
            Overgang(ATTESTERT, "fatt_vedtak", "vedtatt", _SYSTEM, unntak=unntak),
            Overgang(ATTESTERT, "vent_pa_ramme", VENTER_PA_RAMME, _SYSTEM),
            Overgang(VENTER_PA_RAMME, "fatt_vedtak", "vedtatt", _SYSTEM, unntak=unntak),
            *(
                Overgang(fra, "forkast", "manuell", _SYSTEM, fjerner=frozenset({Merke.TILRADD}))
                for fra in (ATTESTERT, VENTER_PA_RAMME)
            ),
            Overgang(VENTER_PA_RAMME, "frist_ut", ATTESTERT, _SYSTEM, (FRIST_UTE,)),
            Overgang(VENTER_PA_RAMME, "trekk", TREKKES, _SAKSBEHANDLER, (IKKE_EGEN_SAK,), begrunnelse=True),
            Overgang(TREKKES, "henlegg", "henlagt", _SYSTEM),
        ),
    )  # fmt: skip


BEVILGNING = bevilgning("bevilgning", "soknad")
"""An application for money from a frame."""
TILSAGNSHENDELSE = bevilgning("tilsagnshendelse", "vilkar_i_tilsagn")
"""What happens to a commitment later, decided by two people."""
BOKFORING = replace(SOKNAD, navn="bokforing", opptar_maneden=False)
"""What is booked as it is reported, with nobody's judgement."""
