"""The life of an appeal on an application for money from a frame: whoever decided looks again, another instance has the
last word, and an appeal that is allowed has the application treated anew, by the two people and the frame that such a
decision takes.

Where the decision gave something already, and what it gave may have been bound, paid or built on since, people carry
the outcome out by the scheme's own events, and say so.
"""

from domain.klage.forlop import KAN_AVVISES, SISTE_ORD
from domain.sak.forlop import FRIST_UTE, IKKE_EGEN_SAK, Forlop, Oppgave, Overgang, Rolle

OMGJORES = "omgjores"
_SYSTEM = frozenset({Rolle.SYSTEM})


def _forlop(navn: str, vurderer: Rolle, eier: str, instans: str, handling: str, hjemmel: str) -> Forlop:
    """``vurderer``: who looks again, and whose tasks are ``eier``'s; ``instans``: who has the last word, in moves that
    begin with ``handling``."""
    de = frozenset({vurderer})
    hos = f"hos_{instans}"
    dem = (IKKE_EGEN_SAK,)
    return Forlop(
        navn=navn,
        start="mottatt",
        slutt=frozenset({"omgjort", "avvist", "trukket", "stadfestet"}),
        automatisk=frozenset({OMGJORES}),
        overganger=(
            Overgang("mottatt", "start_kontroll", "vurderes", _SYSTEM),
            Overgang("mottatt", "avvis", "avvist", _SYSTEM, (KAN_AVVISES,), utgaende="klage.avvist.v1"),
            Overgang("vurderes", "be_om_opplysninger", "venter", de, dem, begrunnelse=True),
            Overgang("venter", "motta_opplysninger", "vurderes", _SYSTEM | de, dem),
            Overgang("venter", "frist_ut", "vurderes", _SYSTEM, (FRIST_UTE,)),
            Overgang("vurderes", "omgjor", OMGJORES, de, dem, begrunnelse=True, felt=("medhold",)),
            Overgang(
                "vurderes",
                "avvis",
                "avvist",
                de,
                (IKKE_EGEN_SAK, KAN_AVVISES),
                begrunnelse=True,
                utgaende="klage.avvist.v1",
            ),
            Overgang(
                "vurderes", "oppretthold", hos, de, dem, begrunnelse=True, utgaende="klage.oversendt.v1"
            ),
            Overgang(
                hos,
                f"{handling}_stadfester",
                "stadfestet",
                _SYSTEM,
                setter=SISTE_ORD,
                utgaende="klage.stadfestet.v1",
            ),
            Overgang(hos, f"{handling}_avviser", "avvist", _SYSTEM, utgaende="klage.avvist.v1"),
            Overgang(hos, f"{handling}_opphever", "vurderes", _SYSTEM),
            Overgang(hos, f"{handling}_endrer", OMGJORES, _SYSTEM, setter=SISTE_ORD),
            Overgang(OMGJORES, "gjenapne", "omgjort", _SYSTEM, utgaende="klage.omgjort.v1"),
            Overgang(OMGJORES, "til_manuell", "gjennomfores", _SYSTEM),
            Overgang(
                "gjennomfores",
                "meld_gjennomfort",
                "omgjort",
                de,
                dem,
                begrunnelse=True,
                utgaende="klage.omgjort.v1",
            ),
            *(
                Overgang(
                    fra, "trekk", "trukket", _SYSTEM | de, dem, begrunnelse=True, utgaende="klage.trukket.v1"
                )
                for fra in ("vurderes", "venter", hos)
            ),
        ),
        opptar_maneden=False,
        oppgaver={
            "vurderes": Oppgave(eier, 21, 5, "forvaltningsloven § 33"),
            "venter": Oppgave(eier, 21, 3, "forvaltningsloven § 33"),
            hos: Oppgave("kommune" if eier == "kommune" else instans, 90, 14, hjemmel),
            "gjennomfores": Oppgave(eier, 14, 3, hjemmel),
        },
    )


KLAGE_HUSBANKEN = _forlop(
    "klage_husbanken",
    Rolle.KLAGEBEHANDLER,
    "husbanken:klage",
    "klagenemnda",
    "nemnda",
    "FOR-2012-10-31-1182",
)
"""Klagenemnda decides appeals on the allocation, size, dismissal and refusal of loans and grants, too (Husbankens
årsrapport 2024, kap. 4.5)."""

KLAGE_KOMMUNE = _forlop(
    "klage_kommune",
    Rolle.SAKSBEHANDLER,
    "kommune",
    "klageorganet",
    "klageorganet",
    "forvaltningsloven § 28 annet ledd",
)
"""On what a municipality has decided itself: a household's appeal goes to the municipality (TAPVEIL 01.07.2024 of
startlån); that its own board has the last word is read from forvaltningsloven § 28 [I]."""

SOKNADER = frozenset({"soknad"})
"""What is appealed in these schemes is the decision on the application; later steps follow from it by its terms."""
