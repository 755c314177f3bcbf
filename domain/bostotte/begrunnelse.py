"""The reasons of a decision in plain sentences, made from its trace alone. Every sum in them stands in the trace."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from domain.bostotte.koder import INDEKS, KODER
from domain.regler.satser import SIKKERHET

Sprak = Literal["nb", "nn"]
MELLOM = "\u00a0"
"""No-break space: between thousands, and before kr"""

_SETNINGER: dict[Sprak, tuple[tuple[str, str], ...]] = {
    "nb": (
        (
            "manedsinntekt_husstand",
            "Husstanden har {antall_personer} og fikk utbetalt {manedsinntekt_husstand} i inntekt i måneden.",
        ),
        ("leieinntekt_husstand", "Skattefri leieinntekt er {leieinntekt_husstand} i måneden."),
        ("meldepliktig_husstand", "Meldepliktige inntekter er {meldepliktig_husstand} i året."),
        ("formuestillegg", "Formuen gir et tillegg på {formuestillegg} i året."),
        (
            "arsinntekt",
            (
                "Inntekten regnet for et år er {arsinntekt}. Delt på inntektsvekten {inntektsvekt} blir det "
                "{vektet_inntekt}."
            ),
        ),
        (
            "boutgifter",
            (
                "Boutgiftene er {boutgifter} i året. Taket for husstanden er {boutgiftstak}, og "
                "{godkjente_boutgifter} er godkjent."
            ),
        ),
        ("egenandel", "Egenandelen er {egenandel} i året."),
    ),
    "nn": (
        (
            "manedsinntekt_husstand",
            "Husstanden har {antall_personer} og fekk utbetalt {manedsinntekt_husstand} i inntekt i månaden.",
        ),
        ("leieinntekt_husstand", "Skattefri leigeinntekt er {leieinntekt_husstand} i månaden."),
        ("meldepliktig_husstand", "Meldepliktige inntekter er {meldepliktig_husstand} i året."),
        ("formuestillegg", "Formuen gir eit tillegg på {formuestillegg} i året."),
        (
            "arsinntekt",
            (
                "Inntekta rekna for eit år er {arsinntekt}. Delt på inntektsvekta {inntektsvekt} blir det "
                "{vektet_inntekt}."
            ),
        ),
        (
            "boutgifter",
            (
                "Buutgiftene er {boutgifter} i året. Taket for husstanden er {boutgiftstak}, og "
                "{godkjente_boutgifter} er godkjent."
            ),
        ),
        ("egenandel", "Eigendelen er {egenandel} i året."),
    ),
}
_ALLTID = {"manedsinntekt_husstand", "arsinntekt", "boutgifter", "egenandel"}
_SLUTT: dict[Sprak, dict[str, str]] = {
    "nb": {
        "V00": "Bostøtten er en fast andel av det som godkjente boutgifter er høyere enn egenandelen. Det blir "
        "{belop_per_maned} i måneden.",
        "V03": "Bostøtten ville blitt {beregnet_belop} i måneden. Det er under det minste som utbetales.",
    },
    "nn": {
        "V00": "Bustøtta er ein fast del av det som godkjende buutgifter er høgare enn eigendelen. Det blir "
        "{belop_per_maned} i månaden.",
        "V03": "Bustøtta ville blitt {beregnet_belop} i månaden. Det er under det minste som blir utbetalt.",
    },
}
_USIKRE: dict[Sprak, str] = {
    "nb": "Disse satsene er {}: {}.",
    "nn": "Desse satsane er {}: {}.",
}
_PERSONER: dict[Sprak, tuple[str, str]] = {"nb": ("person", "personer"), "nn": ("person", "personar")}
_INGEN_RETT = ("soker_har_rett", "utelukket_person", "student_uten_unntak")


def tall(verdi: float) -> str:
    """Norwegian style: ``34 855,86``, thousands apart by a no-break space, decimals only where there are any."""
    tekst = f"{verdi:,.2f}".removesuffix(".00")
    return tekst.replace(",", MELLOM).replace(".", ",").replace("-", "\u2212")


def kroner(verdi: float) -> str:
    return f"{tall(verdi)}{MELLOM}kr"


def _felt(spor: Mapping[str, Mapping[str, Any]], sprak: Sprak) -> dict[str, str]:
    felt = {}
    for navn, linje in spor.items():
        verdi = linje["verdi"]
        if isinstance(verdi, int | float) and not isinstance(verdi, bool):
            felt[navn] = kroner(verdi) if linje["enhet"].startswith("kr") else tall(verdi)
    antall = spor["antall_personer"]["verdi"]
    felt["antall_personer"] = f"{antall}{MELLOM}{_PERSONER[sprak][antall != 1]}"
    return felt


def _arsak(kode: str, spor: Mapping[str, Mapping[str, Any]], sprak: Sprak) -> list[str]:
    """What stood in the way, where the code has more than one ground."""
    if kode != "V02":
        vilkar = KODER[INDEKS[kode]].vilkar
        return [spor[vilkar]["tekst"][sprak]] if vilkar and kode != "V03" else []
    ut = []
    for navn in _INGEN_RETT:
        gjelder = spor[navn]["verdi"]
        if navn == "soker_har_rett":
            gjelder = not gjelder
        if navn == "student_uten_unntak":
            gjelder = gjelder and spor["andre_barn"]["verdi"] == 0
        if gjelder:
            ikke = {"nb": "Dette vilkåret er ikke oppfylt: ", "nn": "Dette vilkåret er ikkje oppfylt: "}[
                sprak
            ]
            ut.append((ikke if navn == "soker_har_rett" else "") + spor[navn]["tekst"][sprak])
    return ut


def _uten_virkning(sats: str, spor: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether this rate was at hand but not chosen in this case."""
    pensjonist, ung = spor["enslig_pensjonist"]["verdi"], spor["har_ung_ufor"]["verdi"]
    if sats.startswith(("trinn_terskel_", "linear_terskel_")):
        if sats.endswith("_pensjonist"):
            return not pensjonist
        return not ung if sats.endswith("_ung_ufor") else bool(pensjonist)
    return sats == "tak_spesialtilpasset" and not spor["boutgiftstak"]["inn"]["spesialtilpasset"]


def _usikre(dokument: Mapping[str, Any], spor: Mapping[str, Mapping[str, Any]], sprak: Sprak) -> list[str]:
    """Rates that are not verbatim in a source and had a part in a line that is not zero."""
    brukt = {
        navn
        for linje in spor.values()
        if linje["enhet"].startswith("kr") and np.any(linje["verdi"])
        for navn, sats in linje["satser"].items()
        if sats["sikkerhet"] not in ("V", "V2") and not _uten_virkning(navn, spor)
    }
    grupper: dict[str, list[str]] = {}
    for sats in dokument["satser"]:
        if sats["navn"] in brukt:
            grupper.setdefault(sats["sikkerhet"], []).append(sats["etikett"][sprak])
    return [
        _USIKRE[sprak].format(SIKKERHET[merke][sprak], "; ".join(etiketter))
        for merke, etiketter in grupper.items()
    ]


def begrunnelse(dokument: Mapping[str, Any]) -> dict[Sprak, list[str]]:
    """Sentences in both languages for the answer of a case (see ``Resultat.dokument``)."""
    spor = {linje["navn"]: linje for linje in dokument["spor"]}
    kode = dokument["kode"]
    ut: dict[Sprak, list[str]] = {}
    for sprak in ("nb", "nn"):
        setninger = [getattr(KODER[INDEKS[kode]], sprak), *_arsak(kode, spor, sprak)]
        if kode in _SLUTT[sprak]:
            felt = _felt(spor, sprak)
            setninger += [
                mal.format_map(felt)
                for navn, mal in _SETNINGER[sprak]
                if navn in _ALLTID or spor[navn]["verdi"] != 0
            ]
            setninger.append(_SLUTT[sprak][kode].format_map(felt))
            setninger += _usikre(dokument, spor, sprak)
        ut[sprak] = setninger
    return ut
