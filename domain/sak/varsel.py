"""The notice gate: nothing is taken from a person who has not been told first and had three weeks to answer.

A guard on every move that makes a decision. A move that decides without it states which coded exception it rests on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.sak.forlop import FRIST_UTE, IKKE_EGEN_SAK, Kontekst, Merke, Overgang, Rolle, Vakt

SVARFRIST_DAGER = 21
"""Three weeks to answer a notice (Husbankens veileder 3.7)."""


@dataclass(frozen=True, slots=True)
class Unntak:
    """``merke``: how sure the reading of the law is, as for rates ([I]: inferred from its words)."""

    tekst: str
    hjemmel: str
    merke: str


UNNTAK: Mapping[str, Unntak] = {
    "soknad": Unntak(
        "Parten har uttalt seg ved søknaden som avgjøres, også for de månedene den løper.",
        "forvaltningsloven § 16 første ledd",
        "[I]",
    ),
    "vilkar_i_tilsagn": Unntak(
        "Hendelsen er meldt av parten eller følger av vilkår som parten fikk med tilsagnet.",
        "forvaltningsloven § 16 tredje ledd",
        "[I]",
    ),
    "avregning": Unntak(
        "Ny beregning av månedens inntekt avregnes i senere utbetaling når a-ordningen endres etter vedtaket.",
        "bustøttelova § 10, Husbankens veileder (ny beregning)",
        "[I]",
    ),
}
"""Code → when the law lets a decision be changed to a person's disadvantage without a notice."""


def er_varslet(merker: frozenset[str]) -> bool:
    """Made, delivered, and answered or run out."""
    return {Merke.VARSEL_LAGET, Merke.VARSEL_LEVERT} <= merker and bool(
        merker & {Merke.VARSEL_BESVART, Merke.VARSELFRIST_UTE}
    )


VARSELMERKER = frozenset(
    {Merke.VARSEL_LAGET, Merke.VARSEL_LEVERT, Merke.VARSEL_BESVART, Merke.VARSELFRIST_UTE}
)


def etter_forslag(merker: frozenset[str], endring: int, varslet: int) -> frozenset[str]:
    """The marks after a proposal that moves the amounts by ``endring`` kroner, when a notice named ``varslet`` (0 when
    there was none). More than was named has not been notified."""
    if endring >= 0:
        return merker - {Merke.TIL_UGUNST}
    merker |= {Merke.TIL_UGUNST}
    return merker if -endring <= varslet else merker - VARSELMERKER


def _holder(k: Kontekst) -> bool:
    return Merke.TIL_UGUNST not in k.merker or er_varslet(k.merker)


VARSLET = Vakt(
    "varsel-mangler",
    "En endring til ugunst krever at parten er varslet og har svart, eller at svarfristen er ute.",
    "forvaltningsloven § 16, Husbankens veileder 3.7",
    _holder,
)

_SYSTEM = frozenset({Rolle.SYSTEM})
_BEHANDLERE = frozenset({Rolle.SAKSBEHANDLER, Rolle.KLAGEBEHANDLER})
_SVAR = frozenset({Merke.VARSEL_LEVERT, Merke.VARSEL_BESVART, Merke.VARSELFRIST_UTE})
"""What a new notice starts again."""


def varsle(fra: str, roller: frozenset[Rolle], *, begrunnelse: bool = False) -> Overgang:
    """The move that makes a notice. What an earlier notice led to does not count for the new one."""
    return Overgang(
        fra,
        "varsle",
        "varsles",
        roller,
        (IKKE_EGEN_SAK,),
        begrunnelse,
        setter=frozenset({Merke.VARSEL_LAGET}),
        fjerner=_SVAR,
        utgaende="varsel.laget.v1",
    )


def varselgang(etter_frist: str) -> tuple[Overgang, ...]:
    """From a notice made to one that is answered (``manuell``) or has run out (``etter_frist``). Delivery is reported
    by whoever delivers; on paper by a caseworker."""
    return (
        Overgang(
            "varsles",
            "levert",
            "varslet",
            _SYSTEM | _BEHANDLERE,
            (IKKE_EGEN_SAK,),
            setter=frozenset({Merke.VARSEL_LEVERT}),
        ),
        # Whoever answers has been told, whether anybody has reported the delivery or not.
        Overgang(
            "varsles",
            "innsigelse",
            "manuell",
            _SYSTEM | _BEHANDLERE,
            (IKKE_EGEN_SAK,),
            setter=frozenset({Merke.VARSEL_LEVERT, Merke.VARSEL_BESVART}),
        ),
        Overgang(
            "varslet",
            "innsigelse",
            "manuell",
            _SYSTEM | _BEHANDLERE,
            (IKKE_EGEN_SAK,),
            setter=frozenset({Merke.VARSEL_BESVART}),
        ),
        Overgang(
            "varslet",
            "frist_ut",
            etter_frist,
            _SYSTEM,
            (FRIST_UTE,),
            setter=frozenset({Merke.VARSELFRIST_UTE}),
        ),
    )
