"""Fields and rules that the loans of Husbanken share (forskrift om lån fra Husbanken, FOR-2019-11-18-1546)."""

from collections.abc import Callable

from domain.tilsagn.felt import Felt, antall, kr, valg
from domain.tilsagn.regelverk import Vilkar

FORSKRIFT = "forskrift om lån fra Husbanken (FOR-2019-11-18-1546) § 1-1"
NEDBETALING = "forskrift om lån fra Husbanken (FOR-2019-11-18-1546) § 8-5"

LANTAKERE = ("borettslag", "kommune", "personlig", "studentsamskipnad", "aksjeselskap", "ideell")
"""As Tabell 2.5 of the annual report has them."""
LANEFELT: tuple[Felt, ...] = (
    kr("soknadsbelop", "Omsøkt lån.", "Omsøkt lån.", minst=1),
    kr("kostnad", "Prosjektkostnad.", "Prosjektkostnad.", minst=1),
    kr(
        "verdi",
        "Verdien av pantet når prosjektet er ferdig.",
        "Verdien av pantet når prosjektet er ferdig.",
        minst=1,
    ),
    antall("lopetid", "Løpetid i år.", "Løpetid i år.", 30, minst=1),
    valg(
        "lantaker",
        "Hva slags låntaker søkeren er, som porteføljen deles etter.",
        "Kva slags låntakar søkjaren er, som porteføljen blir delt etter.",
        LANTAKERE,
        "aksjeselskap",
    ),
)
LOPETID = Vilkar("lopetid_ok", "T09", "Løpetiden er for lang.", "Løpetida er for lang.")


def legg_til_lopetid(regel: Callable[..., None]) -> None:
    """``lopetid_ok`` (flag): the term is no longer than the regulation allows."""
    regel(
        "lopetid_ok",
        "flagg",
        "Løpetiden er ikke lengre enn forskriften tillater.",
        "Løpetida er ikkje lengre enn forskrifta tillèt.",
        "lopetid <= maks_lopetid",
        {"lopetid": 30},
        lambda lopetid, maks_lopetid: lopetid <= maks_lopetid,
        hjemmel=NEDBETALING,
    )
