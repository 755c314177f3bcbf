"""The schemes: whose money, which item of the state budget (Husbankens årsrapport 2024, bevilgningsrapportering)."""

from collections.abc import Mapping

from domain.tilsagn.ordning import Tilsagnsordning
from domain.tilsagn.verk import VERK

KDD = "Kommunal- og distriktsdepartementet"
KD = "Kunnskapsdepartementet"
HOD = "Helse- og omsorgsdepartementet"
BFD = "Barne- og familiedepartementet"
ED = "Energidepartementet"
KOMMUNEN = "kommunen"
LANERAMME = "laneramme"
"""One frame for all that Husbanken lends, 32 billion in 2024 (Husbankens årsrapport 2024, tabell 2.4). What it lends to
municipalities to lend on is posted against it as money taken out."""

_ALLE = (
    Tilsagnsordning(
        VERK["studentboliger"],
        "tilskudd",
        "270.75",
        KD,
        "hybelenheter",
        fordeling="tiltak",
        trinn=("1/5", "3/5", "1/5"),
        nedskrives=True,
        utlop_maneder=60,
    ),
    Tilsagnsordning(
        VERK["omsorgsplasser"],
        "tilskudd",
        "761.63",
        HOD,
        "omsorgsboliger+sykehjemsplasser",
        fordeling="omsorgsboliger+sykehjemsplasser",
        kostnadsfelt="anleggskostnad",
        nedskrives=True,
        tilvekstpost="761.69",
    ),
    Tilsagnsordning(
        VERK["energitiltak"],
        "tilskudd",
        "1825.60",
        ED,
        "boliger",
        fordeling="boligtype",
        kostnadsfelt="kostnad",
        etter_utbetalingsdag=True,
    ),
    Tilsagnsordning(
        VERK["utleieboliger"],
        "tilskudd",
        "581.76",
        KDD,
        "boliger",
        nedskrives=True,
    ),
    Tilsagnsordning(
        VERK["boligtiltak"],
        "tilskudd",
        "581.78",
        KDD,
        "saker",
        fordeling="formal",
    ),
    Tilsagnsordning(VERK["omradeutvikling"], "tilskudd", "590.72", KDD, "saker", antall_trinn="antall_trinn"),
    Tilsagnsordning(
        VERK["etablering"],
        "tilskudd",
        "kommunal",
        KOMMUNEN,
        "saker",
        kommunal=True,
        til_person=True,
        nedskrives=True,
    ),
    Tilsagnsordning(
        VERK["tilpasning"],
        "tilskudd",
        "kommunal",
        KOMMUNEN,
        "saker",
        kommunal=True,
        til_person=True,
        kostnadsfelt="kostnad",
        nedskrives=True,
    ),
    Tilsagnsordning(
        VERK["heis"], "tilskudd", "581.79", KDD, "boliger", fordeling="tiltak", kostnadsfelt="kostnad"
    ),
    Tilsagnsordning(
        VERK["lanboligkvalitet"],
        "lan",
        "2412.90",
        KDD,
        "boliger",
        fordeling="formal",
        stikkord="overslagsbevilgning",
        ramme=LANERAMME,
    ),
    Tilsagnsordning(
        VERK["lanutleieboliger"],
        "lan",
        "2412.90",
        KDD,
        "boliger",
        stikkord="overslagsbevilgning",
        ramme=LANERAMME,
    ),
    Tilsagnsordning(
        VERK["lanstudentboliger"],
        "lan",
        "2412.90",
        KDD,
        "boenheter",
        stikkord="overslagsbevilgning",
        ramme=LANERAMME,
    ),
    Tilsagnsordning(VERK["laeringsarenaer"], "kompensasjon", "225.61", KD, "saker", stikkord=""),
    Tilsagnsordning(VERK["skoleanlegg"], "kompensasjon", "225.65", KD, "saker"),
    Tilsagnsordning(VERK["kirkebygg"], "kompensasjon", "882.60", BFD, "saker"),
    Tilsagnsordning(
        VERK["omsorgskompensasjon"], "kompensasjon", "761.64", HOD, "saker", stikkord="", med_avdrag=True
    ),
)

TILSAGNSORDNINGER: Mapping[str, Tilsagnsordning] = {o.navn: o for o in _ALLE}
