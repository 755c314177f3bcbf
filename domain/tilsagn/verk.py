"""Every scheme's law by the scheme's name."""

from collections.abc import Mapping

from domain.tilsagn.boligtiltak.regler import VERK as BOLIGTILTAK
from domain.tilsagn.energitiltak.regler import VERK as ENERGITILTAK
from domain.tilsagn.etablering.regler import VERK as ETABLERING
from domain.tilsagn.heis.regler import VERK as HEIS
from domain.tilsagn.lanboligkvalitet.regler import VERK as LANBOLIGKVALITET
from domain.tilsagn.lanstudentboliger.regler import VERK as LANSTUDENTBOLIGER
from domain.tilsagn.lanutleieboliger.regler import VERK as LANUTLEIEBOLIGER
from domain.tilsagn.omradeutvikling.regler import VERK as OMRADEUTVIKLING
from domain.tilsagn.omsorgsplasser.regler import VERK as OMSORGSPLASSER
from domain.tilsagn.regelverk import Regelverk
from domain.tilsagn.rentekompensasjon.regler import (
    KIRKEBYGG,
    LAERINGSARENAER,
    OMSORGSKOMPENSASJON,
    SKOLEANLEGG,
)
from domain.tilsagn.studentboliger.regler import VERK as STUDENTBOLIGER
from domain.tilsagn.tilpasning.regler import VERK as TILPASNING
from domain.tilsagn.utleieboliger.regler import VERK as UTLEIEBOLIGER

VERK: Mapping[str, Regelverk] = {
    v.regler.ordning: v
    for v in (
        STUDENTBOLIGER,
        OMSORGSPLASSER,
        ENERGITILTAK,
        UTLEIEBOLIGER,
        BOLIGTILTAK,
        OMRADEUTVIKLING,
        ETABLERING,
        TILPASNING,
        HEIS,
        LANBOLIGKVALITET,
        LANUTLEIEBOLIGER,
        LANSTUDENTBOLIGER,
        LAERINGSARENAER,
        SKOLEANLEGG,
        KIRKEBYGG,
        OMSORGSKOMPENSASJON,
    )
}
