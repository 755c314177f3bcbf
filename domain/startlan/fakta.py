"""The facts of each kind of treatment: what a decision stores, what the rules read, what a caseworker may set.

Plain, JSON-able dicts without identity numbers. Amounts are whole kroner, øre where the name ends in ``_ore``; rates of
interest are per cent with three decimals where the name ends in ``_prosent``, fractions elsewhere. What a caseworker
concludes stands under ``vurdering``, false until somebody has concluded it.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Fakta = dict[str, Any]

FORMAL = ("kjop", "utbedring", "bygging", "refinansiering", "omgjoring", "annet")
"""Buy, improve or adapt, build, refinance, convert (forskrift om lån fra Husbanken § 5-3); anything else is outside."""
RENTETYPER = ("flytende", "fast_3", "fast_5", "fast_10", "fast_20")
TABELLER = ("sifo", "sifo_minimum", "namsfogden", "sosialhjelp")

_LANEVILKAR = {
    "nedbetalingstid": 30,
    "avdragsfri_ar": 0,
    "rentetype": "flytende",
    "rente": None,
    "paslag": 0.0,
    "slag": "annuitet",
    "per_ar": 12,
}
"""``rente``: Husbanken's effective rate as offered; None: the year's mean of new loans. ``paslag``: the municipality's
own."""

_SARLIGE = {
    "varig_lav_inntekt": False,
    "lav_forutsigbar_inntekt": False,
    "fare_for_a_miste_boligen": False,
    "dekker_langvarig_behov": False,
    "leie_uegnet_eller_dyrere": False,
    "kortere_tid_uforsvarlig": False,
}
"""What a term of more than 30 years rests on (§ 8-5)."""

MALER: Mapping[str, Mapping[str, Any]] = {
    "soknad": {
        "arsak": "soknad",
        "termin": "",
        "kommunenummer": "",
        "sporsmal": "soknad",
        "forstegang": False,
        "formal": "kjop",
        "husstand": {
            "voksne": 1,
            "barn": 0,
            "barnehagebarn": False,
            "ung_ufor": False,
            "personinntekt": 0,
            "skattefri_inntekt": None,
            "formue": 0,
        },
        "finansiering": {"kostnad": 0, "egenkapital": 0, "andre_lan": 0, "tilskudd": 0},
        "gjeld": {"arlig_kostnad": 0, "husbanken": 0},
        "lan": _LANEVILKAR,
        "livsopphold": {"tabell": "sifo_minimum", "per_ar": None},
        "driftsutgifter_per_ar": None,
        "rentepaslag_beregning": 0.0,
        "bolig_oppgitt": False,
        "bevis_gyldig_fra": "",
        "bevis_gyldig_til": "",
        "ramme_prioritet": 0,
        "erstatter_bevis": {"lan": 0, "tilskudd": 0, "ar": 0, "post": ""},
        "mangler_opplysninger": False,
        "vurdering": {
            "kan_lane_andre_steder": False,
            "blir_hos_annen_langiver": False,
            "langvarige_problemer": False,
            "sparemulighet_brukt": False,
            "unntak_barn_eller_sosialt": False,
            "unntak_refinansiering": False,
            "unntak_jobb": False,
            "unntak_kommunal_bolig": False,
            "bolig_egnet_og_noktern": False,
            "banken_har_sagt_nei": False,
            "har_ikke_eid_bolig": False,
            "avslag_for_manglende_midler": False,
            "tilskudd_vurdert": False,
            "samspill_sett": "",
            **_SARLIGE,
        },
    },
    "utbetaling": {
        "arsak": "utbetaling",
        "termin": "",
        "kommunenummer": "",
        "bevis": {
            "lan": 0,
            "tilskudd": 0,
            "gyldig_fra": "",
            "gyldig_til": "",
            "ar": 0,
            "post": "",
            "forstegang": False,
            "vilkar": _LANEVILKAR,
        },
        "kjop": {"dato": "", "kjopesum": 0, "egenkapital": 0, "andre_lan": 0, "oppgjor": ""},
        "mangler_opplysninger": False,
        "vurdering": {"bolig_egnet_og_noktern": False, "vilkar_oppfylt": False, "sikkerhet_i_orden": False},
    },
    "lanendring": {
        "arsak": "lanendring",
        "termin": "",
        "kommunenummer": "",
        "lan": {
            "ar": 0,
            "post": "",
            "forstegang": False,
            "rest_ore": 0,
            "rente_prosent": "0.000",
            "per_ar": 12,
            "terminer": 0,
            "betalte": 0,
            "avdragsfrie": 0,
            "avdragsfrie_brukt": 0,
            "slag": "annuitet",
            "rentetype": "flytende",
            "bundet": 0,
        },
        "endring": {
            "slag": "betalingsutsettelse",
            "terminer": 0,
            "nedbetalingstid": 0,
            "rentetype": "flytende",
            "rente": None,
            "paslag": 0.0,
            "belop_ore": 0,
            "markedsrente_prosent": None,
        },
        "mangler_opplysninger": False,
        "vurdering": {"grunn_til_endring": False, "har_barn": False, **_SARLIGE},
    },
    "tap": {
        "arsak": "tap",
        "termin": "",
        "kommunenummer": "",
        "rest_ore": 0,
        "renter_ore": 0,
        "renter_maneder": 0,
        "omkostninger_ore": 0,
        "innkommet_ore": 0,
        "tap_konstatert": "",
        "sokt": "",
        "mangler_opplysninger": False,
        "vurdering": {"forsinket_uten_kommunens_skyld": False},
    },
    "innfordring": {
        "arsak": "innfordring",
        "termin": "",
        "kommunenummer": "",
        "innfordret_ore": 0,
        "statens_tap_ore": 0,
        "staten_har_fatt_ore": 0,
        "mangler_opplysninger": False,
        "vurdering": {},
    },
    "utlop": {
        "arsak": "utlop",
        "termin": "",
        "kommunenummer": "",
        "bevis": {"lan": 0, "tilskudd": 0, "ar": 0, "post": ""},
    },
}
"""Cause of a treatment → its facts with everything left out filled in."""

KAN_SETTES: Mapping[str, frozenset[str]] = {
    "soknad": frozenset(
        {"formal", "finansiering", "gjeld", "lan", "livsopphold", "driftsutgifter_per_ar", "rentepaslag_beregning",
         "bevis_gyldig_til", "ramme_prioritet", "vurdering", "forstegang", "husstand.skattefri_inntekt",
         "husstand.ung_ufor", "husstand.barnehagebarn", "husstand.voksne", "husstand.barn", "husstand.personinntekt"}
    ),
    "utbetaling": frozenset({"kjop", "vurdering"}),
    "lanendring": frozenset({"endring", "vurdering"}),
    "tap": frozenset({"renter_ore", "renter_maneder", "omkostninger_ore", "innkommet_ore", "vurdering"}),
    "innfordring": frozenset({"innfordret_ore"}),
    "utlop": frozenset(),
}  # fmt: skip
"""What a caseworker may set. The year's income is reckoned from one month, which may be like no other; what a register
itself said is corrected there: wealth, the engagement with Husbanken."""


class FaktaFeil(ValueError):
    """Facts that the rules cannot read. ``felt`` names the field."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt, self.melding = felt, melding


class IkkeVurdert(FaktaFeil):
    """The facts can be reckoned with, and may not be proposed: something is to be concluded or looked at first."""


def fullfor(dokument: Mapping[str, Any]) -> Fakta:
    """Every field there. Raises :class:`FaktaFeil` for an unknown field or kind."""
    mal = MALER.get(dokument.get("arsak", "soknad"))
    if mal is None:
        raise FaktaFeil("arsak", f"må være en av {', '.join(MALER)}")
    ut = _flett(mal, dokument, "")
    for felt in ("termin", "kommunenummer"):
        if not ut[felt]:
            raise FaktaFeil(felt, "mangler")
    return ut


def _flett(mal: Mapping[str, Any], inn: Mapping[str, Any], sted: str) -> dict[str, Any]:
    for navn in inn:
        if navn not in mal:
            raise FaktaFeil(f"{sted}{navn}", "ukjent felt")
    ut: dict[str, Any] = {}
    for navn, verdi in mal.items():
        if isinstance(verdi, Mapping):
            under = inn.get(navn, {})
            if not isinstance(under, Mapping):
                raise FaktaFeil(f"{sted}{navn}", "må være et objekt med felt")
            ut[navn] = _flett(verdi, under, f"{sted}{navn}.")
        else:
            ut[navn] = deepcopy(inn.get(navn, verdi))
    return ut


def hent(fakta: Mapping[str, Any], sti: str) -> Any:
    """The value at a dotted path."""
    verdi: Any = fakta
    for ledd in sti.split("."):
        verdi = verdi[ledd]
    return verdi
