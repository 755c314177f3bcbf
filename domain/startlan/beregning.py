"""A treatment of startlån reckoned: facts in, code, amount and trace out. One case is a batch of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any

import numpy as np

from domain.regler.kolonne import Kolonne
from domain.regler.plan import Plan, lag_plan, regn, satsavtrykk
from domain.regler.regel import Regel
from domain.regler.spor import Linje, Sporbygger, Vis
from domain.regler.termin import TerminFeil, del_opp
from domain.startlan.fakta import FORMAL, Fakta, FaktaFeil, hent
from domain.startlan.koder import KODER, Kode
from domain.startlan.lan import endret_lan, kurs_ore
from domain.startlan.regelsett import FORSTE_TERMIN, REGELMODULER, REGELSETT, SATSER
from domain.startlan.samspillet import SATSTERMINER, samspill, samspillversjon

for _modul in REGELMODULER:
    import_module(_modul)

KODEVERSJON = 2
"""Raised whenever a rule or a rate, of startlån or of samspill, gives another answer for the same facts."""

Kolonner = dict[str, Kolonne]
_EN_SAK = np.array([0, 1]), np.array([0])


def _dato(tekst: str, sti: str) -> int:
    try:
        dag = date.fromisoformat(tekst)
    except (TypeError, ValueError):
        raise FaktaFeil(sti, "må være en dato (ÅÅÅÅ-MM-DD)") from None
    return dag.year * 10_000 + dag.month * 100 + dag.day


def iso(dato: int) -> str:
    return f"{dato // 10000:04d}-{dato // 100 % 100:02d}-{dato % 100:02d}"


@dataclass(frozen=True)
class Del:
    """How the facts of one kind of treatment become columns: fact by column, dates, øre, and what is reckoned before
    the rules."""

    felt: Mapping[str, str]
    datoer: Mapping[str, str]
    ore: Mapping[str, str]
    ellers: Callable[[Fakta], tuple[Mapping[str, Any], list[Linje]]]


def _ingen(_fakta: Fakta) -> tuple[Mapping[str, Any], list[Linje]]:
    return {}, []


def _om_soknaden(fakta: Fakta) -> tuple[Mapping[str, Any], list[Linje]]:
    """The household's answer from samspill, and its trace before ours. Without a cost there is nothing to own."""
    svar = samspill(fakta) if fakta["finansiering"]["kostnad"] > fakta["finansiering"]["andre_lan"] else None
    return {
        "forhandssvar": fakta["sporsmal"] == "forhandssvar",
        "formal_utenfor": fakta["formal"] not in FORMAL[:-1],
        "formal_refinansiering": fakta["formal"] == "refinansiering",
        "bolig_oppgitt": fakta["sporsmal"] == "soknad" and fakta["bolig_oppgitt"],
        "okonomisk_margin": _eksakt(svar["spor"], "okonomisk_margin") if svar else 0.0,
    }, list(svar["spor"]) if svar else []


def _eksakt(spor: list[Linje], navn: str) -> float:
    """The number that a line of the trace carries on, not the one it shows."""
    linje = next(linje for linje in spor if linje["navn"] == navn)
    return float(linje["eksakt"] if "eksakt" in linje else linje["verdi"])


def _om_endringen(fakta: Fakta) -> tuple[Mapping[str, Any], list[Linje]]:
    ny = endret_lan(fakta)
    return {
        "nye_terminer": ny.terminer,
        "nye_avdragsfrie": ny.avdragsfrie,
        "er_innbetaling": fakta["endring"]["slag"] == "innbetaling",
        "beregnet_kurs": kurs_ore(fakta) / 100,
        "innbetalt": ny.innbetalt / 100,
    }, []


_SARLIGE = (
    "varig_lav_inntekt", "lav_forutsigbar_inntekt", "fare_for_a_miste_boligen", "dekker_langvarig_behov",
    "leie_uegnet_eller_dyrere", "kortere_tid_uforsvarlig",
)  # fmt: skip
DELER: Mapping[str, Del] = {
    "soknad": Del(
        {
            "kostnad": "finansiering.kostnad",
            "egenkapital": "finansiering.egenkapital",
            "andre_lan": "finansiering.andre_lan",
            "tilskudd": "finansiering.tilskudd",
            "husbanken_for": "gjeld.husbanken",
            "barn": "husstand.barn",
            "nedbetalingstid": "lan.nedbetalingstid",
            "avdragsfri_ar": "lan.avdragsfri_ar",
            "paslag": "lan.paslag",
            "forstegang": "forstegang",
            "mangler_opplysninger": "mangler_opplysninger",
            **{
                n: f"vurdering.{n}"
                for n in (
                    "kan_lane_andre_steder", "blir_hos_annen_langiver", "langvarige_problemer", "sparemulighet_brukt",
                    "unntak_barn_eller_sosialt", "unntak_refinansiering", "unntak_jobb", "unntak_kommunal_bolig",
                    "bolig_egnet_og_noktern", "har_ikke_eid_bolig", "banken_har_sagt_nei",
                    "avslag_for_manglende_midler", *_SARLIGE,
                )
            },
        },
        {},
        {},
        _om_soknaden,
    ),
    "utbetaling": Del(
        {
            "bevis_lan": "bevis.lan",
            "bevis_tilskudd": "bevis.tilskudd",
            "kjopesum": "kjop.kjopesum",
            "egenkapital": "kjop.egenkapital",
            "andre_lan": "kjop.andre_lan",
            "mangler_opplysninger": "mangler_opplysninger",
            "bolig_egnet_og_noktern": "vurdering.bolig_egnet_og_noktern",
            "vilkar_oppfylt": "vurdering.vilkar_oppfylt",
            "sikkerhet_i_orden": "vurdering.sikkerhet_i_orden",
        },
        {"kjopsdato": "kjop.dato", "bevis_fra": "bevis.gyldig_fra", "bevis_til": "bevis.gyldig_til"},
        {},
        _ingen,
    ),
    "lanendring": Del(
        {
            "per_ar": "lan.per_ar",
            "betalte": "lan.betalte",
            "terminer": "lan.terminer",
            "avdragsfrie": "lan.avdragsfrie",
            "avdragsfrie_brukt": "lan.avdragsfrie_brukt",
            "forstegang": "lan.forstegang",
            "paslag": "endring.paslag",
            "barn": "vurdering.har_barn",
            "mangler_opplysninger": "mangler_opplysninger",
            "grunn_til_endring": "vurdering.grunn_til_endring",
            **{n: f"vurdering.{n}" for n in _SARLIGE},
        },
        {},
        {},
        _om_endringen,
    ),
    "tap": Del(
        {
            "renter_maneder": "renter_maneder",
            "uten_skyld": "vurdering.forsinket_uten_kommunens_skyld",
            "mangler_opplysninger": "mangler_opplysninger",
        },
        {"sokt": "sokt", "tap_konstatert": "tap_konstatert"},
        {
            "restgjeld": "rest_ore",
            "renter": "renter_ore",
            "omkostninger": "omkostninger_ore",
            "innkommet": "innkommet_ore",
        },
        _ingen,
    ),
    "innfordring": Del(
        {},
        {},
        {
            "innfordret": "innfordret_ore",
            "statens_tap": "statens_tap_ore",
            "staten_har_fatt": "staten_har_fatt_ore",
        },
        _ingen,
    ),
    "utlop": Del({"bevis_lan": "bevis.lan", "bevis_tilskudd": "bevis.tilskudd"}, {}, {}, _ingen),
}  # fmt: skip
_BEREGNET: Mapping[str, tuple[str, ...]] = {
    "soknad": (
        "forhandssvar", "formal_utenfor", "formal_refinansiering", "bolig_oppgitt", "okonomisk_margin"
    ),
    "lanendring": ("nye_terminer", "nye_avdragsfrie", "er_innbetaling", "beregnet_kurs", "innbetalt"),
}  # fmt: skip
VIS_ENHET: Mapping[str, Vis] = {"kode": lambda indeks: KODER[indeks].kode, "antall": int}


def felt(arsak: str) -> dict[str, tuple[str, Vis | None]]:
    """Every fact a rule of this kind of treatment may read, and how it is shown."""
    d = DELER[arsak]
    return {
        **dict.fromkeys((*d.felt, *d.ore, *_BEREGNET.get(arsak, ())), ("sak", None)),
        **dict.fromkeys(d.datoer, ("sak", iso)),
    }


def _krev_termin(termin: str) -> str:
    del_opp(termin)
    if termin < FORSTE_TERMIN:
        raise TerminFeil(f"termin: {termin} er før {FORSTE_TERMIN}, som er den første terminen med regler")
    return termin


@lru_cache(maxsize=256)
def plan(arsak: str, termin: str, versjon: int | None = None) -> Plan:
    return lag_plan(
        REGELSETT[arsak],
        SATSER,
        tuple(felt(arsak)),
        {},
        form=_krev_termin(termin),
        satstermin={},
        versjon=versjon,
    )


@lru_cache(maxsize=256)
def sporbygger(arsak: str, termin: str, versjon: int | None = None) -> Sporbygger:
    return Sporbygger(plan(arsak, termin, versjon), felt(arsak), VIS_ENHET)


@lru_cache(maxsize=256)
def regelversjon(termin: str, versjon: int | None = None) -> str:
    """Rules and rates of every kind of treatment in one, and those of samspill and of its bostøtte."""
    ledd = [satsavtrykk(plan(arsak, termin, versjon)) for arsak in REGELSETT] + [samspillversjon(termin)]
    fra = max(p for p in perioder() if p <= termin)
    return f"startlan-{fra}-v{versjon or KODEVERSJON}-{sha256('|'.join(ledd).encode()).hexdigest()[:8]}"


@lru_cache(maxsize=1)
def perioder() -> Sequence[str]:
    """The first month of each period in which rules and rates, of startlån or of samspill, are the same."""
    fra = {f"{v.fra.year:04d}-{v.fra.month:02d}" for s in SATSER.values() for v in s.i_versjon()}
    ar = {f"{t[:4]}-01" for t in SATSTERMINER}
    return sorted({FORSTE_TERMIN, *(t for t in fra | ar if t >= FORSTE_TERMIN)})


def lovregler() -> list[tuple[str, Regel]]:
    """Every rule with the kind of treatment it belongs to."""
    return [(arsak, r) for arsak, sett in REGELSETT.items() for r in sett.alle()]


def _kolonne(verdi: Any, sti: str) -> Kolonne:
    if isinstance(verdi, bool):
        return np.array([verdi])
    if isinstance(verdi, int | float):
        return np.array([float(verdi)])
    raise FaktaFeil(sti, "må være et tall, eller true eller false")


@dataclass(frozen=True)
class Resultat:
    """``verdier``: every rule's value, by name. ``spor``: the whole trace, samspill's lines first."""

    kode: Kode
    belop: int
    verdier: Mapping[str, Any]
    spor: list[Linje]
    regelversjon: str


def beregn(fakta: Fakta, versjon: int | None = None) -> Resultat:
    """By the newest rules unless ``versjon`` is given. Raises FaktaFeil or TerminFeil, naming the field."""
    arsak, termin = fakta["arsak"], _krev_termin(fakta["termin"])
    d = DELER[arsak]
    ellers, for_ = d.ellers(fakta)
    kolonner: Kolonner = {navn: _kolonne(verdi, navn) for navn, verdi in ellers.items()}
    kolonner |= {navn: _kolonne(hent(fakta, sti), sti) for navn, sti in d.felt.items()}
    kolonner |= {navn: np.array([_dato(hent(fakta, sti), sti)]) for navn, sti in d.datoer.items()}
    kolonner |= {navn: np.array([hent(fakta, sti) / 100]) for navn, sti in d.ore.items()}
    v = regn(plan(arsak, termin, versjon), kolonner, *_EN_SAK)
    kode = KODER[int(v["kode"][0])]
    return Resultat(
        kode,
        int(Decimal(repr(float(v["belop"][0]))).to_integral_value()),
        {r.navn: v[r.navn][0].item() for r in plan(arsak, termin, versjon).regler},
        [*for_, *sporbygger(arsak, termin, versjon).linjer(v, 0, 0, 1)],
        regelversjon(termin, versjon),
    )
