"""The synthetic country beside the real one: what the rules make of it, and what the sources say."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import DISPOSISJONSFORMER
from domain.regler.kolonne import Kolonne
from services.kjoring.befolkning_maned import biter, kolonner, maned, manuelle
from services.kjoring.befolkning_trekk import (
    AAP,
    ALDERSPENSJON,
    BARN,
    DAGPENGER,
    GRUPPER,
    INTRO,
    SOKER,
    UFORETRYGD,
    tall,
)

MAL = ("avslag", "belop", "inntekt", "boutgift", "over_tak")
"""Share refused; of the granted: kroner a month three times, and the share with costs above the ceiling"""
YTELSER = {
    "uforetrygd": UFORETRYGD,
    "alderspensjon": ALDERSPENSJON,
    "aap": AAP,
    "dagpenger": DAGPENGER,
    "introduksjonsstonad": INTRO,
}
_EIER = [DISPOSISJONSFORMER.index(navn) for navn in ("eid", "borettslag")]


@dataclass(frozen=True, slots=True)
class Linje:
    """``navn`` in ``gruppe``, made and wanted (None: no source for the month)."""

    gruppe: str
    navn: str
    laget: float
    onsket: float | None

    @property
    def avvik_prosent(self) -> float | None:
        return None if not self.onsket else 100 * (self.laget / self.onsket - 1)


def sammenlign(antall: int, fro: int, termin: str) -> list[Linje]:
    """Every case reckoned by the rules of ``termin``; cases that would wait for a person are reckoned too."""
    gruppe, kode, belop, inntekt, boutgift, over, flagg = _regn(antall, fro, termin)
    innvilget = kode == 0
    kilder: dict[str, dict[str, Any]] = {
        "alle": tall()["nasjonalt"]["maneder"],
        **{g: tall()["grupper"][g] for g in GRUPPER},
    }
    ut = []
    for navn, kilde in kilder.items():
        valgt = np.ones(antall, dtype=bool) if navn == "alle" else gruppe == GRUPPER.index(navn)
        ja = valgt & innvilget
        laget = {
            "avslag": 1 - ja.sum() / max(valgt.sum(), 1),
            **{
                felt: _snitt(k, ja)
                for felt, k in (
                    ("belop", belop),
                    ("inntekt", inntekt),
                    ("boutgift", boutgift),
                    ("over_tak", over),
                )
            },
        }
        onsket = _onsket(kilde.get(termin))
        nasjonalt = (tall()["nasjonalt"]["maneder"]).get(termin)
        ut.append(
            Linje(
                navn,
                "soknader_andel",
                float(valgt.mean()),
                kilde[termin]["soknader"] / nasjonalt["soknader"] if nasjonalt else None,
            )
        )
        ut += [Linje(navn, felt, laget[felt], onsket.get(felt)) for felt in MAL]
    t = tall()["tabell_3_15"]
    mottatt = t["mottakere"]
    for navn, felt in (("barnefamilier", "barnefamilier_prosent"), ("eid", "eid_prosent")):
        ut.append(Linje("tabell 3.15", navn, _snitt(flagg[navn], innvilget), t[felt] / 100))
    for navn, husstander in t["ytelser"].items():
        ut.append(Linje("tabell 3.15", navn, _snitt(flagg[navn], innvilget), husstander / mottatt))
    ut.append(Linje("alle", "til_saksbehandler", float(flagg["manuell"].mean()), None))
    return ut


def _onsket(kilde: dict[str, float] | None) -> dict[str, float]:
    if kilde is None:
        return {}
    ut = {felt: kilde[felt] for felt in ("belop", "inntekt", "boutgift")}
    ut["avslag"] = kilde["avslag"] / kilde["soknader"]
    return ut | {"over_tak": kilde["over_tak"] / (kilde["soknader"] - kilde["avslag"])}


def _snitt(verdier: Kolonne, valgt: Kolonne) -> float:
    return float(verdier[valgt].mean()) if valgt.any() else 0.0


def _regn(antall: int, fro: int, termin: str) -> tuple[Any, ...]:
    deler: list[tuple[Kolonne, ...]] = []
    flagg: list[dict[str, Kolonne]] = []
    for b in biter(antall, fro):
        m = maned(b, termin)
        svar = beregn(kolonner(b, m), termin)
        v = svar.verdier
        deler.append(
            (
                b.sak["gruppe"],
                svar.kode,
                svar.belop_per_maned,
                v["manedsinntekt_husstand"],
                v["boutgifter"] / 12,
                v["boutgifter"] > v["boutgiftstak"],
            )
        )
        hvor, kode = b.person["sak"], b.person["kode"]
        har = m.person["inntekt"] > 0
        soker = b.person["rolle"] == SOKER
        flagg.append(
            {
                "barnefamilier": np.bincount(hvor, b.person["rolle"] == BARN, len(b)) > 0,
                "eid": np.isin(b.sak["disposisjonsform"], _EIER),
                "under_50000": v["manedsinntekt_husstand"] * 12 < 50_000,
                "manuell": manuelle(b, m),
                **{
                    navn: np.bincount(hvor, har & soker & (kode == k), len(b)) > 0
                    for navn, k in YTELSER.items()
                },
            }
        )
    samlet = tuple(np.concatenate(k) for k in zip(*deler, strict=True))
    return (*samlet, {navn: np.concatenate([f[navn] for f in flagg]) for navn in flagg[0]})
