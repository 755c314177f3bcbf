"""What bostøtte is called in letters, and its causes of a difference in words."""

from domain.bostotte.koder import KODER
from domain.brev.myndighet import HUSBANKEN_VIA_KOMMUNEN
from domain.sak.brev import Brevord, Kodeord

BREV = Brevord(
    ytelse={"nb": "bostøtte", "nn": "bustøtte"},
    koder={k.kode: Kodeord({"nb": k.nb, "nn": k.nn}, k.hjemmel, HUSBANKEN_VIA_KOMMUNEN) for k in KODER},
    gis={"nb": "For {maned} er den {belop}.", "nn": "For {maned} er ho {belop}."},
    arsaker={
        "regelform": {"nb": "Hvordan reglene er brukt", "nn": "Korleis reglane er brukte"},
        "satser": {"nb": "Satsene", "nn": "Satsane"},
        "tak": {"nb": "Taket for boutgiftene", "nn": "Taket for buutgiftene"},
        "husstand": {"nb": "Hvem som bor i boligen", "nn": "Kven som bur i bustaden"},
        "inntekt": {"nb": "Inntekten", "nn": "Inntekta"},
        "formue": {"nb": "Formuen", "nn": "Formuen"},
        "boutgift": {"nb": "Boutgiftene", "nn": "Buutgiftene"},
        "kontroll": {
            "nb": "Om vilkårene er oppfylt, etter registrene",
            "nn": "Om vilkåra er oppfylte, etter registera",
        },
    },
)
