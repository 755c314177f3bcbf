"""The life of a control afterwards: ready when the register is, back-payment at once, a claim after notice."""

from domain.sak.forlop import (
    FRIST_UTE,
    HAR_AVGJORELSE,
    IKKE_EGEN_SAK,
    KONTROLLER_FERDIGE,
    TO_PERSONER,
    Forlop,
    Oppgave,
    Overgang,
    Rolle,
)
from domain.sak.varsel import VARSLET, varselgang, varsle

_SYSTEM = frozenset({Rolle.SYSTEM})
_HUSBANKEN = frozenset({Rolle.KLAGEBEHANDLER})
_ATTESTANT = frozenset({Rolle.ATTESTANT})

ETTERKONTROLL = Forlop(
    navn="etterkontroll",
    start="opprettet",
    slutt=frozenset({"vedtatt", "uendret"}),
    automatisk=frozenset({"opprettet", "kontroll", "vedtas"}),
    overganger=(
        Overgang("opprettet", "start_kontroll", "kontroll", _SYSTEM),
        Overgang("kontroll", "ikke_klar", "venter_pa_oppgjor", _SYSTEM),
        Overgang("venter_pa_oppgjor", "frist_ut", "kontroll", _SYSTEM, (FRIST_UTE,)),
        Overgang("kontroll", "avslutt", "uendret", _SYSTEM, (KONTROLLER_FERDIGE,)),
        Overgang("kontroll", "fatt_vedtak", "vedtatt", _SYSTEM, (KONTROLLER_FERDIGE, VARSLET)),
        varsle("kontroll", _SYSTEM),
        Overgang("kontroll", "til_manuell", "manuell", _SYSTEM, (KONTROLLER_FERDIGE,)),
        *varselgang("vedtas"),
        Overgang("vedtas", "fatt_vedtak", "vedtatt", _SYSTEM, (VARSLET,)),
        # What a handler has proposed, another attests, also when nobody has answered the notice of it.
        Overgang("vedtas", "legg_frem", "foreslatt", _SYSTEM),
        Overgang("vedtas", "avslutt", "uendret", _SYSTEM),
        Overgang("vedtas", "til_manuell", "manuell", _SYSTEM),
        Overgang("manuell", "kontroller_pa_nytt", "kontroll", _HUSBANKEN, (IKKE_EGEN_SAK,)),
        Overgang("manuell", "foresla", "foreslatt", _HUSBANKEN, (IKKE_EGEN_SAK,), begrunnelse=True),
        Overgang("manuell", "avslutt", "uendret", _HUSBANKEN, (IKKE_EGEN_SAK,), begrunnelse=True),
        Overgang(
            "foreslatt",
            "attester",
            "vedtatt",
            _ATTESTANT,
            (IKKE_EGEN_SAK, TO_PERSONER, HAR_AVGJORELSE, VARSLET),
        ),
        Overgang(
            "foreslatt", "underkjenn", "manuell", _ATTESTANT, (IKKE_EGEN_SAK, TO_PERSONER), begrunnelse=True
        ),
        varsle("foreslatt", _HUSBANKEN, begrunnelse=True),
    ),
    opptar_maneden=False,
    oppgaver={
        "varsles": Oppgave("husbanken:post", 7, 2, "forvaltningsloven § 16"),
        "varslet": Oppgave("husbanken:klage", 21, 5, "Husbankens veileder 3.7"),
        # A decision within five weeks (Husbankens veileder 3.8).
        "manuell": Oppgave("husbanken:klage", 35, 7, "Husbankens veileder 3.8"),
        "foreslatt": Oppgave("husbanken:attestant", 5, 1, "instruks for internkontroll"),
    },
)
