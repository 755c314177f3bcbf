"""Bostøtte as the engine sees it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.bostotte.beregning import beregn
from domain.bostotte.brev import BREV
from domain.bostotte.etterkontroll import ETTERKONTROLLER, KLAGER
from domain.bostotte.etterprov import ETTERPROV
from domain.bostotte.fakta import FaktaFeil, fullfor
from domain.bostotte.kontroller import ekstra, krav, sett_sammen
from domain.bostotte.maned import MANEDLIG
from domain.etterkontroll.forlop import ETTERKONTROLL
from domain.kalender import soknadsfrist, utbetalingsdag
from domain.klage.forlop import KLAGE
from domain.kontroll.krav import Grunn, Svar
from domain.kontroll.vurdering import SPERRET, grunn
from domain.regler.termin import del_opp, forrige
from domain.sak.forlop import SOKNAD
from domain.sak.manedlig import ENDRING, NY_BEREGNING, TERMIN
from domain.sak.ordning import Avgjorelse, Betaling, Fakta, Ordning, Soknad, UlovligOverstyring

OVERSTYRBARE = {
    "bolig": frozenset(
        {"godkjent", "fritidsbolig", "spesialtilpasset", "boutgift_per_maned", "oppvarming_inkludert"}
    ),
    "husstand": frozenset(
        {
            "ikke_pa_adressen",
            "ikke_bosatt",
            "mangler_opplysninger",
            "institusjon",
            "verneplikt",
            "student",
            "student_unntak_arbeidskvalifisering",
            "student_unntak_bor_hos_foreldre",
            "ung_ufor",
            "fodselsdato",
            "meldepliktig",
            "formue",
        }
    ),
}
"""What a caseworker may set. Income from the registers is not among it: it is corrected at its source."""


def _grunner(soknad: Soknad, mottatt: datetime) -> list[Grunn]:
    """An application after the deadline counts for the month after, unless a caseworker finds reason
    (forskrift om bustøtte § 9)."""
    dag = mottatt.astimezone(ZoneInfo("Europe/Oslo")).date()
    termin = soknad["termin"]
    if dag > soknadsfrist(termin):
        return [grunn("soknadsfrist", "Søknaden kom etter fristen den 25. i måneden det søkes for.")]
    if f"{dag:%Y-%m}" < forrige(termin):
        return [grunn("soknadsdato", "Søknaden er datert lenge før måneden det søkes for.")]
    return []


def _avgjor(fakta: Fakta) -> Avgjorelse:
    regnet = MANEDLIG.regn([dict(fullfor(fakta))], fakta["termin"])
    return Avgjorelse(regnet.kode[0], regnet.utfall[0], regnet.belop[0], regnet.regelversjon, regnet.spor[0])


def _betalinger(avgjorelse: Avgjorelse, soknad: Soknad) -> Sequence[Betaling]:
    """One sum a month, zero too: the ledger then takes back what an earlier decision gave."""
    til_kommunen = soknad.get("transport", {}).get("til_kommunen", False)
    termin = soknad["termin"]
    return [
        Betaling(termin, avgjorelse.belop, utbetalingsdag(termin), "kommune" if til_kommunen else "husstand")
    ]


def _overstyr(fakta: Fakta, verdier: Mapping[str, Any]) -> Fakta:
    """``verdier``: dotted path → value, e.g. ``bolig.godkjent`` or ``husstand.1.ikke_pa_adressen``."""
    ny = deepcopy(fakta)
    for sti, verdi in verdier.items():
        del_, _, resten = sti.partition(".")
        mal: Any = ny.get(del_)
        felt = resten
        if del_ == "husstand":
            nr, _, felt = resten.partition(".")
            if not nr.isdecimal() or int(nr) >= len(ny["husstand"]):
                raise UlovligOverstyring(sti, "personen finnes ikke i husstanden")
            mal = ny["husstand"][int(nr)]
        if felt not in OVERSTYRBARE.get(del_, ()):
            raise UlovligOverstyring(sti, "kan ikke overstyres")
        if felt == "student_unntak_bor_hos_foreldre" and mal["rolle"] == "soker":
            raise UlovligOverstyring(sti, "gjelder studenter hos foreldre som søker, ikke søkeren selv")
        mal[felt] = verdi
    try:
        ny = dict(fullfor(ny))
        beregn([fullfor(ny)], ny["termin"])
    except (FaktaFeil, TypeError, ValueError, KeyError) as feil:
        skyldig = getattr(feil, "felt", None) or next(iter(verdier))
        raise UlovligOverstyring(skyldig, "verdien er ikke gyldig") from None
    return ny


def _uten_svar(fakta: Fakta) -> Fakta:
    """Missing information is V09 (forskrift om bustøtte § 9)."""
    return _overstyr(fakta, {"husstand.0.mangler_opplysninger": True})


def _gradert(svar: Mapping[str, Svar]) -> bool:
    return any(
        person["gradering"] in SPERRET
        for nokkel, innhold in svar.items()
        if nokkel.startswith("folkeregister/")
        for person in innhold["personer"].values()
    )


def _situasjonsdato(termin: str) -> date:
    """How the household lives on that day decides (Husbankens veileder, «Definisjoner og
    begreper»): nobody knows it before."""
    return date(*del_opp(termin), 1)


BOSTOTTE = Ordning(
    navn="bostotte",
    hjemmel="bustøttelova §§ 3 og 8",
    forlop={
        "soknad": SOKNAD,
        "termin": TERMIN,
        "ny_beregning": NY_BEREGNING,
        "endring": ENDRING,
        **dict.fromkeys(("klage", *KLAGER), KLAGE),
        **dict.fromkeys(ETTERKONTROLLER, ETTERKONTROLL),
    },
    etterkontroller={**ETTERKONTROLLER, **KLAGER},
    manedlig=MANEDLIG,
    tidligst=_situasjonsdato,
    krav=krav,
    sett_sammen=sett_sammen,
    ekstra=ekstra,
    grunner=_grunner,
    avgjor=_avgjor,
    betalinger=_betalinger,
    overstyr=_overstyr,
    uten_svar=_uten_svar,
    gradert=_gradert,
    etterprov=ETTERPROV,
    brev=BREV,
)
