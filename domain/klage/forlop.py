"""The life of an appeal: the municipality prepares, Husbanken reviews, Klagenemnda has the last word."""

from domain.sak.forlop import (
    FRIST_UTE,
    HAR_AVGJORELSE,
    IKKE_EGEN_SAK,
    KONTROLLER_FERDIGE,
    TO_PERSONER,
    Forlop,
    Merke,
    Oppgave,
    Overgang,
    Rolle,
    Vakt,
)
from domain.sak.varsel import VARSLET

_SYSTEM = frozenset({Rolle.SYSTEM})
_KOMMUNE = frozenset({Rolle.SAKSBEHANDLER})
_HUSBANKEN = frozenset({Rolle.KLAGEBEHANDLER})
_ATTESTANT = frozenset({Rolle.ATTESTANT})
_ALLE = _SYSTEM | _KOMMUNE | _HUSBANKEN
_ATTESTERES = (IKKE_EGEN_SAK, TO_PERSONER, HAR_AVGJORELSE, VARSLET)

KAN_AVVISES = Vakt(
    "klagen-er-i-tide",
    "En klage som kom i tide på et vedtak som kan påklages, kan ikke avvises; den skal avgjøres.",
    "forvaltningsloven §§ 28, 31 og 33",
    lambda k: bool(k.merker & {Merke.FOR_SENT, Merke.NEMNDA}),
)
"""What Klagenemnda has decided is final (FOR-2012-10-31-1182)."""
SISTE_ORD = frozenset({Merke.NEMNDA})

KLAGE = Forlop(
    navn="klage",
    start="mottatt",
    slutt=frozenset({"vedtatt", "avvist", "trukket", "stadfestet"}),
    automatisk=frozenset({"kontroll"}),
    overganger=(
        Overgang("mottatt", "start_kontroll", "forberedes", _SYSTEM),
        Overgang("mottatt", "avvis", "avvist", _SYSTEM, (KAN_AVVISES,), utgaende="klage.avvist.v1"),
        Overgang("forberedes", "innstill", "kontroll", _KOMMUNE, (IKKE_EGEN_SAK,), begrunnelse=True),
        Overgang("kontroll", "til_manuell", "vurderes", _SYSTEM, (KONTROLLER_FERDIGE,)),
        Overgang("vurderes", "be_om_opplysninger", "venter", _HUSBANKEN, (IKKE_EGEN_SAK,), begrunnelse=True),
        Overgang("vurderes", "kontroller_pa_nytt", "kontroll", _HUSBANKEN, (IKKE_EGEN_SAK,)),
        Overgang("venter", "motta_opplysninger", "kontroll", _ALLE, (IKKE_EGEN_SAK,)),
        Overgang("venter", "frist_ut", "kontroll", _SYSTEM, (FRIST_UTE,)),
        Overgang(
            "vurderes",
            "foresla",
            "foreslatt",
            _HUSBANKEN,
            (IKKE_EGEN_SAK,),
            begrunnelse=True,
            felt=("medhold",),
        ),
        Overgang("foreslatt", "attester", "vedtatt", _ATTESTANT, _ATTESTERES, utgaende="klage.omgjort.v1"),
        Overgang(
            "foreslatt", "underkjenn", "vurderes", _ATTESTANT, (IKKE_EGEN_SAK, TO_PERSONER), begrunnelse=True
        ),
        Overgang(
            "vurderes",
            "avvis",
            "avvist",
            _HUSBANKEN,
            (IKKE_EGEN_SAK, KAN_AVVISES),
            begrunnelse=True,
            utgaende="klage.avvist.v1",
        ),
        # The statement to the board is the reason that is given.
        Overgang(
            "vurderes",
            "oppretthold",
            "hos_klagenemnda",
            _HUSBANKEN,
            (IKKE_EGEN_SAK,),
            begrunnelse=True,
            utgaende="klage.oversendt.v1",
        ),
        Overgang(
            "hos_klagenemnda",
            "nemnda_stadfester",
            "stadfestet",
            _SYSTEM,
            setter=SISTE_ORD,
            utgaende="klage.stadfestet.v1",
        ),
        Overgang("hos_klagenemnda", "nemnda_avviser", "avvist", _SYSTEM, utgaende="klage.avvist.v1"),
        Overgang("hos_klagenemnda", "nemnda_opphever", "vurderes", _SYSTEM),
        Overgang("hos_klagenemnda", "nemnda_endrer", "effektueres", _SYSTEM, setter=SISTE_ORD),
        # What the board has decided is carried out: there is no way back to another view of it.
        Overgang(
            "effektueres",
            "foresla",
            "effektuering_foreslatt",
            _HUSBANKEN,
            (IKKE_EGEN_SAK,),
            begrunnelse=True,
            felt=("medhold",),
        ),
        Overgang(
            "effektuering_foreslatt",
            "attester",
            "vedtatt",
            _ATTESTANT,
            _ATTESTERES,
            utgaende="klage.omgjort.v1",
        ),
        Overgang(
            "effektuering_foreslatt",
            "underkjenn",
            "effektueres",
            _ATTESTANT,
            (IKKE_EGEN_SAK, TO_PERSONER),
            begrunnelse=True,
        ),
        *(
            Overgang(
                fra,
                "trekk",
                "trukket",
                _ALLE,
                (IKKE_EGEN_SAK,),
                begrunnelse=True,
                utgaende="klage.trukket.v1",
            )
            for fra in ("forberedes", "kontroll", "vurderes", "venter", "foreslatt", "hos_klagenemnda")
        ),
    ),
    opptar_maneden=False,
    oppgaver={
        "forberedes": Oppgave("kommune", 14, 3, "forvaltningsloven § 33"),
        "vurderes": Oppgave("husbanken:klage", 21, 5, "forvaltningsloven § 33"),
        "venter": Oppgave("husbanken:klage", 21, 3, "forvaltningsloven § 33"),
        "foreslatt": Oppgave("husbanken:attestant", 5, 1, "instruks for internkontroll"),
        "hos_klagenemnda": Oppgave("klagenemnda", 90, 14, "FOR-2012-10-31-1182"),
        "effektueres": Oppgave("husbanken:klage", 14, 3, "FOR-2012-10-31-1182"),
        "effektuering_foreslatt": Oppgave("husbanken:attestant", 5, 1, "instruks for internkontroll"),
    },
)
"""The days of the tasks are the house's own aims ([I]): the acts say "without undue delay". A state that has a deadline
of its own (``venter``) has that one."""
