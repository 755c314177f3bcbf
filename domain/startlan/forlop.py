"""The lives of startlån's treatments: those of money from a frame, and those that begin by themselves on a day."""

from dataclasses import replace

from domain.sak.bevilgning import bevilgning
from domain.sak.forlop import FRIST_UTE, KONTROLLER_FERDIGE, Overgang, Rolle
from domain.sak.planlagt import KALENDER, PLANLAGT

_SYSTEM = frozenset({Rolle.SYSTEM})
_UNNTAK = "vilkar_i_tilsagn"
_BORTFALL = Overgang("kontroll", "bortfall", "henlagt", _SYSTEM, (KONTROLLER_FERDIGE,))

LANEHENDELSE = bevilgning("lanehendelse", _UNNTAK)
"""What happens to a loan later, on the borrower's own word or by the loan's terms; by two people."""

PLANLAGT_LANEHENDELSE = replace(
    LANEHENDELSE,
    navn="planlagt_lanehendelse",
    overganger=(
        *LANEHENDELSE.overganger,
        Overgang("opprettet", "planlegg", PLANLAGT, _SYSTEM),
        Overgang(PLANLAGT, "frist_ut", "kontroll", _SYSTEM, (FRIST_UTE,)),
        Overgang(PLANLAGT, "bortfall", "henlagt", _SYSTEM),
        _BORTFALL,
    ),
)
"""The same, begun by a day that an earlier decision set; it falls away when there is no loan any more."""

UTLOP = replace(
    KALENDER,
    navn="utlop",
    overganger=(
        *(replace(o, unntak=_UNNTAK) if o.til == "vedtatt" else o for o in KALENDER.overganger),
        _BORTFALL,
        Overgang("kontroll", "utsett", PLANLAGT, _SYSTEM, (KONTROLLER_FERDIGE,)),
    ),
)
"""A certificate's last day: what it bound is given back by its own terms, unless it has been used or replaced, or a
purchase is still to be answered."""
