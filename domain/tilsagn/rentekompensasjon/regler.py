"""The rules of the four compensation schemes: one form, each with its own purpose and standard loan.

Three are closed to new applications but run on (Husbankens årsrapport 2024, kap. 3.12): skole- og svømmeanlegg
(2002–2016), kirkebygg (2005–2019), omsorg (1998–2004); læringsarenaer opened on 1 July 2024.
"""

from domain.regler.regel import Regelsett
from domain.regler.satser import les_satser
from domain.tilsagn.felles import UTEN_PARAGRAF, regelskriver
from domain.tilsagn.felt import flagg, kr
from domain.tilsagn.regelverk import Regelverk, Vilkar

FELT = (
    flagg(
        "soker_omfattet",
        "Søkeren er en kommune, fylkeskommune eller kirkeeier som ordningen gjelder.",
        "Søkjaren er ein kommune, fylkeskommune eller kyrkjeeigar som ordninga gjeld.",
    ),
    flagg(
        "formal_omfattet",
        "Tiltaket er av det slaget ordningen gjelder.",
        "Tiltaket er av det slaget ordninga gjeld.",
    ),
    kr(
        "kostnad",
        "Prosjektkostnad; godkjent kostnad når prosjektet er ferdig.",
        "Prosjektkostnad; godkjend kostnad når prosjektet er ferdig.",
        minst=1,
    ),
    flagg(
        "gitt_i_tide",
        "Tilsagnet ble søkt om mens ordningen var åpen.",
        "Tilsegna vart søkt om medan ordninga var open.",
        True,
    ),
)


def _verk(navn: str, tittel: str, fra: str) -> Regelverk:
    regler = Regelsett(navn)
    regel = regelskriver(regler, f"forskrift om rentekompensasjon {UTEN_PARAGRAF}", fra)
    regel(
        "omfattet",
        "flagg",
        "Søkeren og tiltaket er omfattet av ordningen.",
        "Søkjaren og tiltaket er omfatta av ordninga.",
        "soker_omfattet and formal_omfattet",
        {"soker_omfattet": True, "formal_omfattet": True},
        lambda soker_omfattet, formal_omfattet: soker_omfattet & formal_omfattet,
    )
    regel(
        "ordningen_apen",
        "flagg",
        "Det ble søkt mens ordningen var åpen.",
        "Det vart søkt medan ordninga var open.",
        "gitt_i_tide",
        {"gitt_i_tide": True},
        lambda gitt_i_tide: gitt_i_tide,
    )
    regel(
        "belop",
        "kr",
        "Tilsagnet gjelder renter av denne prosjektkostnaden",
        "Tilsegna gjeld renter av denne prosjektkostnaden",
        "kostnad",
        {"kostnad": 3_000_000},
        lambda kostnad: kostnad,
    )
    regel(
        "kompensasjonsar",
        "år",
        "Kompensasjonen utbetales hvert år så lenge.",
        "Kompensasjonen blir utbetalt kvart år så lenge.",
        "lopetid_ar",
        {"kostnad": 3_000_000},
        lambda kostnad, lopetid_ar: kostnad * 0 + lopetid_ar,
    )
    regel(
        "avdragsfritt",
        "år",
        "Så mange år betales det ikke avdrag på standardlånet.",
        "Så mange år blir det ikkje betalt avdrag på standardlånet.",
        "avdragsfrie_ar",
        {"kostnad": 3_000_000},
        lambda kostnad, avdragsfrie_ar: kostnad * 0 + avdragsfrie_ar,
    )
    return Regelverk(
        tittel,
        regler,
        les_satser(f"domain.tilsagn.rentekompensasjon.{navn}"),
        FELT,
        (
            Vilkar(
                "omfattet",
                "T01",
                "Søkeren eller tiltaket er ikke omfattet.",
                "Søkjaren eller tiltaket er ikkje omfatta.",
            ),
            Vilkar("ordningen_apen", "T02", "Ordningen er lukket.", "Ordninga er lukka."),
        ),
        fra,
    )


LAERINGSARENAER = _verk("laeringsarenaer", "rentekompensasjon for læringsarenaer og større utstyr", "2024-07")
SKOLEANLEGG = _verk("skoleanlegg", "rentekompensasjon for skole- og svømmeanlegg", "2021-01")
KIRKEBYGG = _verk("kirkebygg", "rentekompensasjon for kirkebygg", "2021-01")
OMSORGSKOMPENSASJON = _verk(
    "omsorgskompensasjon", "kompensasjon for renter og avdrag, omsorgsboliger og sykehjem", "2021-01"
)
