"""One household: the answer a caseworker uses. Plain data in, plain data out.

vurder({"ar": 2008, "voksne": 1, "barn": 1, "barnetype": "skole", "region": 0, "tilskuddsandel": 0.4,
        "kalkulasjonsrente": 0.065, "nedbetalingstid": 20, "livsopphold": "sifo_minimum", "personinntekt": 210_000})
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np

from domain.kommuner import UkjentKommune
from domain.kommuner import finn as finn_kommune
from domain.regler.kolonne import Kolonne
from domain.regler.plan import satsavtrykk
from domain.regler.spor import Sporbygger
from domain.samspill import dagens
from domain.samspill.grenser import STEG, finn
from domain.samspill.modell import ENDRINGER, Endring, modell, regn_modell
from domain.samspill.regelsett import RAPPORTENS_AR, SATSER, SATSTERMIN, TABELLER
from domain.samspill.virkemidler import resttilskudd, verdi_av_lan, verdi_av_tilskudd

KODEVERSJON = 1
"""Raised whenever a rule or a rate gives another answer for the same data."""
HOYESTE_INNTEKT = 1_200_000
"""End of the income axis."""
BOTID = (0, 5, 10, 15, 20, 30)

Tabell = Literal["sifo", "sifo_minimum", "namsfogden", "sosialhjelp"]
Barnetype = Literal["skole", "barnehage"]


class Samspilldata(TypedDict):
    """Amounts in kr (a year where not said), shares and rates as fractions. Left out: zero, or the model's own."""

    ar: int
    voksne: int
    barn: int
    barnetype: NotRequired[Barnetype]
    ung_ufor: NotRequired[bool]
    region: NotRequired[int]
    """0 the rest of the country, 1 Oslo, 2 large cities, 3 pressure areas"""
    kommunenummer: NotRequired[str]
    """Instead of region, in years with today's bostøtte"""
    tilskuddsandel: float
    kalkulasjonsrente: float
    nedbetalingstid: int
    livsopphold: Tabell
    personinntekt: float
    kjopesum: NotRequired[float]
    egenkapital: NotRequired[float]
    andre_lanekostnader: NotRequired[float]
    skattefri_inntekt: NotRequired[float]
    livsopphold_per_ar: NotRequired[float]
    driftsutgifter: NotRequired[float]
    leiesats: NotRequired[float]
    """Yearly rent of the part not owned, under shared ownership, as a share of its price"""
    markedsrente: NotRequired[float]
    """What help over time is discounted with; default kalkulasjonsrente"""
    regelendring: NotRequired[Mapping[str, float]]


class SamspillFeil(ValueError):
    """Data the model cannot be run with. ``felt`` names the field."""

    def __init__(self, felt: str, melding: str) -> None:
        super().__init__(f"{felt}: {melding}")
        self.felt, self.melding = felt, melding


def _sted(data: Samspilldata) -> tuple[int, int]:
    """Region, and the municipality today's bostøtte is asked for (0 in the report's year)."""
    region, nummer = data.get("region"), data.get("kommunenummer")
    if data["ar"] == RAPPORTENS_AR:
        if nummer is not None:
            raise SamspillFeil("kommunenummer", f"kan ikke brukes for {RAPPORTENS_AR}; oppgi region")
        if region is None:
            raise SamspillFeil("region", "mangler")
        return region, 0
    if nummer is None:
        if region is None:
            raise SamspillFeil("region", "mangler (region eller kommunenummer må oppgis)")
        return region, int(dagens.KOMMUNE_I_REGION[region])
    if region is not None:
        raise SamspillFeil("region", "kan ikke oppgis sammen med kommunenummer")
    try:
        kommune = finn_kommune(nummer, date.fromisoformat(SATSTERMIN[data["ar"]] + "-01"))
    except UkjentKommune as feil:
        raise SamspillFeil("kommunenummer", feil.melding) from None
    return dagens.GRUPPE_TIL_REGION[kommune.gruppe], int(nummer)


def _kontroller(data: Samspilldata) -> None:
    if data["ar"] not in SATSTERMIN:
        raise SamspillFeil("ar", f"må være en av {', '.join(map(str, SATSTERMIN))}")
    for felt, lovlige in (("voksne", (1, 2)), ("region", (0, 1, 2, 3, None)), ("livsopphold", TABELLER)):
        if data.get(felt) not in lovlige:
            raise SamspillFeil(felt, f"må være en av {', '.join(str(v) for v in lovlige if v is not None)}")
    if data["barn"] and data.get("barnetype") is None:
        raise SamspillFeil("barnetype", "mangler")
    egne = data["ar"] == RAPPORTENS_AR
    if egne and data["barn"] > 2:
        raise SamspillFeil("barn", f"må være høyst 2 i {RAPPORTENS_AR}, som rapporten")
    if egne and data.get("ung_ufor") and (data["voksne"] > 1 or data["barn"]):
        raise SamspillFeil("ung_ufor", f"må være alene i {RAPPORTENS_AR}, som i rapporten")
    if not egne and data.get("kjopesum") is None:
        raise SamspillFeil("kjopesum", f"mangler; det er bare pristabell for {RAPPORTENS_AR}")
    if data["barn"] > 2 and data.get("livsopphold_per_ar") is None:
        raise SamspillFeil("livsopphold_per_ar", "mangler; tabellene har høyst to barn")
    kjente = ENDRINGER if egne else dagens.ENDRINGER
    for navn in data.get("regelendring") or {}:
        if navn not in kjente and navn not in ("kalkulasjonsrente", "nedbetalingstid"):
            raise SamspillFeil(f"regelendring.{navn}", f"finnes ikke i reglene for {data['ar']}")


def _felt(data: Samspilldata) -> dict[str, Any]:
    region, kommune = _sted(data)
    endring = data.get("regelendring") or {}
    leiesats = data.get("leiesats")
    felt: dict[str, Any] = {
        "voksne": data["voksne"],
        "barn": data["barn"],
        "barnehage": data.get("barnetype") == "barnehage",
        "ung_ufor": data.get("ung_ufor", False),
        "region": region,
        "kommunenummer": kommune,
        "livsoppholdstabell": TABELLER.index(data["livsopphold"]),
        "kalkulasjonsrente": endring.get("kalkulasjonsrente", data["kalkulasjonsrente"]),
        "nedbetalingstid": endring.get("nedbetalingstid", data["nedbetalingstid"]),
        "egenkapital": data.get("egenkapital", 0),
        "andre_lanekostnader": data.get("andre_lanekostnader", 0),
        "oppgitt_leiesats": SATSER["leiesats"].verdier[-1].verdi if leiesats is None else leiesats,
    }
    for navn, fra in (
        ("oppgitt_kjopesum", data.get("kjopesum")),
        ("oppgitt_skattefri", data.get("skattefri_inntekt")),
        ("oppgitt_livsopphold", data.get("livsopphold_per_ar")),
        ("oppgitt_drift", data.get("driftsutgifter")),
    ):
        felt[navn] = np.nan if fra is None else fra
    return felt


_ANDELER = np.arange(101) / 100.0
_AKSE = np.arange(0.0, HOYESTE_INNTEKT + STEG, STEG)


def _rader(data: Samspilldata) -> dict[str, Kolonne]:
    """The case itself, the same under shared ownership, every share at its income, every income at its share."""
    inntekt, andel = float(data["personinntekt"]), float(data["tilskuddsandel"])
    a, k = len(_ANDELER), len(_AKSE)
    return {
        "personinntekt": np.concatenate([[inntekt, inntekt], np.full(a, inntekt), _AKSE]),
        "tilskuddsandel": np.concatenate([[andel, andel], _ANDELER, np.full(k, andel)]),
        "delt_eierskap": np.arange(2 + a + k) == 1,
    }


def _kroner(verdi: float) -> int:
    return int(np.copysign(np.floor(abs(verdi) + 0.5), verdi))


def _grense(kolonne: Kolonne) -> int | None:
    return None if np.isnan(kolonne) else int(kolonne)


def _minste(margin: Kolonne) -> float | None:
    """The smallest share, in whole per cent, that makes the margin positive."""
    return float(_ANDELER[int(np.argmax(margin > 0))]) if bool((margin > 0).any()) else None


def vurder(data: Samspilldata) -> dict[str, Any]:
    """The model's answer for one household, JSON-able. Raises :class:`SamspillFeil` naming the field.

    Incomes over the axis are in steps of 1 000 kr, shares in whole per cent. ``minste_tilskuddsandel`` is 0 when no
    boligtilskudd is needed and None when none is enough.
    """
    _kontroller(data)
    ar, endring = data["ar"], _endring(data)
    felt = {**_felt(data), **_rader(data)}
    v = regn_modell(felt, ar, endring)
    lengde = len(felt["personinntekt"])
    margin, uten, bostotte = (
        np.broadcast_to(v[n], lengde) for n in ("okonomisk_margin", "margin_uten_bostotte", "bostotte")
    )
    andeler, akse = slice(2, 2 + len(_ANDELER)), slice(2 + len(_ANDELER), None)
    g = finn(_AKSE, bostotte[akse], uten[akse])
    minste = _minste(margin[andeler])
    forste = {
        navn: np.broadcast_to(kolonne, lengde)[:2] for navn, kolonne in v.items() if isinstance(kolonne, np.ndarray)
        and (kolonne.shape in ((1,), (lengde,)))
    }  # fmt: skip
    en = {navn: kolonne[0].item() for navn, kolonne in forste.items()}
    fra, til = _grense(g.samspill_fra), _grense(g.samspill_til)
    svar: dict[str, Any] = {
        "ar": ar,
        **{navn: _kroner(en[navn]) for navn in BELOP},
        "startlan_mulig": bool(margin[0] > 0),
        "startlan_mulig_uten_bostotte": bool(uten[0] > 0),
        "bostotten_avgjor": bool(margin[0] > 0 >= uten[0]),
        "hoyeste_inntekt_bostotte": _grense(g.hoyeste_bostotte),
        "laveste_inntekt_startlan": _grense(g.laveste_startlan),
        "laveste_inntekt_startlan_uten_bostotte": _grense(g.laveste_uten_bostotte),
        "samspill": None if fra is None else {"fra": fra, "til": til},
        "minste_tilskuddsandel": minste,
        "minste_tilskudd": None if minste is None else _kroner(minste * en["kjopesum"]),
        "minste_tilskuddsandel_uten_bostotte": _minste(uten[andeler]),
        "virkemidler": _virkemidler(data, forste),
        "regelendring": dict(data.get("regelendring") or {}),
        "bostotte_fakta": None if ar == RAPPORTENS_AR else dagens.fakta(forste, SATSTERMIN[ar]),
        "spor": _bygger(ar, endring).linjer(forste, 0, 0, 1),
        "regelversjon": f"samspill-{ar}-v{KODEVERSJON}-{satsavtrykk(modell(ar, endring).plan)}",
        "satser": list(_bygger(ar, endring).satser),
    }
    return svar


BELOP = (
    "kjopesum",
    "tilskudd",
    "lan",
    "renter",
    "avdrag",
    "lanekostnader",
    "driftsutgifter",
    "godkjente_boutgifter",
    "boutgiftstak",
    "rimelig_boutgift",
    "bostotte",
    "skatt",
    "skattefri_inntekt",
    "livsopphold",
    "okonomisk_margin",
    "margin_uten_bostotte",
)
"""Amounts of the answer, whole kroner; by the names of their rules."""


def _endring(data: Samspilldata) -> Endring:
    endret = data.get("regelendring") or {}
    return tuple(
        sorted((n, float(v)) for n, v in endret.items() if n not in ("kalkulasjonsrente", "nedbetalingstid"))
    )


@lru_cache(maxsize=64)
def _bygger(ar: int, endring: Endring) -> Sporbygger:
    m = modell(ar, endring)
    return Sporbygger(m.plan, m.fakta, {})


def _virkemidler(data: Samspilldata, forste: Mapping[str, Kolonne]) -> list[dict[str, Any]]:
    """The same help given in three ways: what it does to the margin, and what comes back when the dwelling is sold."""
    markedsrente = data.get("markedsrente")
    rente = float(forste["kalkulasjonsrente"][0]) if markedsrente is None else markedsrente
    belop = float(forste["tilskudd"][0])
    botid = np.array(BOTID, dtype=np.float64)

    def rad(navn: str, plass: int, tilbake: Kolonne, naverdi: Kolonne) -> dict[str, Any]:
        margin = float(forste["okonomisk_margin"][plass])
        return {
            "navn": navn,
            "belop": _kroner(belop),
            "okonomisk_margin": _kroner(margin),
            "startlan_mulig": margin > 0,
            "leie": _kroner(float(forste["leie"][plass])),
            "ved_salg": [
                {"etter_ar": int(b), "tilbakebetales": _kroner(belop * t), "naverdi": _kroner(belop * n)}
                for b, t, n in zip(botid, tilbake, naverdi, strict=True)
            ],
        }

    alt, lan = np.ones_like(botid), verdi_av_lan(rente, botid)
    return [
        rad("boligtilskudd", 0, resttilskudd(botid), verdi_av_tilskudd(rente, botid)),
        rad("rente_og_avdragsfritt_lan", 0, alt, lan),
        rad("delt_eierskap", 1, alt, lan),
    ]
