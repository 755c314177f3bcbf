"""What the grants and loans are called in letters, and which of their codes only tell of something booked."""

from collections.abc import Mapping

from domain.brev.myndighet import HUSBANKEN, KOMMUNEN
from domain.sak.brev import Brevord, Kodeord
from domain.tilsagn import sider
from domain.tilsagn.koder import KODER
from domain.tilsagn.ordning import LIVSHJEMMEL, Tilsagnsordning

MELDINGER = frozenset(
    {"N10", "N20", "S20", "K10", "K20", "T10", "B10", "B20", "B30", "P10", "P20", "R10", "X10", "X20"}
)
"""Written down, repaid, fallen due, reminded, set by the market: nothing is decided that can be appealed [I]."""
_NYNORSK: Mapping[str, str] = {
    "tilskudd til studentboliger": "tilskot til studentbustader",
    "investeringstilskudd til heldøgns omsorgsplasser": "investeringstilskot til heildøgns omsorgsplassar",
    "tilskudd til energitiltak": "tilskot til energitiltak",
    "tilskudd til utleieboliger": "tilskot til utleigebustader",
    "tilskudd til boligtiltak": "tilskot til bustadtiltak",
    "tilskudd til bolig- og områdeutvikling i byer": "tilskot til bustad- og områdeutvikling i byar",
    "tilskudd til etablering": "tilskot til etablering",
    "tilskudd til tilpasning": "tilskot til tilpassing",
    "tilskudd til heis og tilstandsvurdering": "tilskot til heis og tilstandsvurdering",
    "lån til boligkvalitet": "lån til bustadkvalitet",
    "lån til utleieboliger": "lån til utleigebustader",
    "lån til studentboliger": "lån til studentbustader",
    "rentekompensasjon for læringsarenaer og større utstyr": "rentekompensasjon for læringsarenaer og større utstyr",
    "rentekompensasjon for skole- og svømmeanlegg": "rentekompensasjon for skule- og symjeanlegg",
    "rentekompensasjon for kirkebygg": "rentekompensasjon for kyrkjebygg",
    "kompensasjon for renter og avdrag, omsorgsboliger og sykehjem": (
        "kompensasjon for renter og avdrag, omsorgsbustader og sjukeheimar"
    ),
}


def brevord(o: Tilsagnsordning) -> Brevord:
    """The words of one scheme: its own codes, and those of a commitment's life."""
    fra, flere = KOMMUNEN if o.kommunal else HUSBANKEN, not o.til_person
    egne = {k["kode"]: Kodeord(k["tekst"], k["hjemmel"], fra, flere=flere) for k in sider.koder(o.verk)}
    livet = {
        kode: Kodeord({"nb": nb, "nn": nn}, LIVSHJEMMEL, fra, melding=kode in MELDINGER, flere=flere)
        for kode, (_, nb, nn) in KODER.items()
    }
    ytelse = {"nb": o.verk.tittel, "nn": _NYNORSK[o.verk.tittel]}
    return Brevord(ytelse=ytelse, koder={**livet, **egne})
