"""Rule evaluations a second for 1, 1 000 and 1 000 000 cases, beside the same law written for openfisca-core.

    python -m tests.bench.regler [--json FILE]

An evaluation is a whole case: every rule, from facts in columns to code and amount. Both sides get the same
households and must give the same codes and the same kroner. The sides take turns; medians of wall clock and of
processor time (which a busy machine disturbs less), and the fastest.
"""

import argparse
import json
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from domain.bostotte.beregning import beregn
from domain.bostotte.kolonner import bygg, kolonner
from domain.kommuner import gruppetabell
from tests.bench import openfisca_land
from tests.bench.openfisca_land import FLAGG_PERSON
from tests.domain.bostotte.husstander import sak, tilfeldige

TERMIN = "2026-09"
STORRELSER = {1: 400, 1_000: 60, 1_000_000: 5}
"""Cases → timed runs of each side"""
_SJELDNE = set(FLAGG_PERSON) - {"er_soker", "alderspensjonist", "uforepensjonist", "ung_ufor"}


def _tabeller(antall: int, fro: int = 1) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Households of one to five: their sizes, case columns and person columns."""
    tilfeldig = np.random.default_rng(fro)
    storrelse = tilfeldig.choice([1, 2, 3, 4, 5], antall, p=[0.60, 0.15, 0.12, 0.08, 0.05])
    personer = int(storrelse.sum())
    soker = np.r_[0, np.cumsum(storrelse)[:-1]]
    fodt = np.where(tilfeldig.random(personer) < 0.4, 19750601, 20140901)
    fodt[soker] = 19800301
    inntekt = np.where(fodt < 20000101, np.round(tilfeldig.uniform(0, 40_000, personer), 2), 0.0)

    def flagg(andel: float, antall_: int) -> Any:
        return tilfeldig.random(antall_) < andel

    voksen = fodt < 20000101
    person = {
        "fodselsdato": fodt,
        "manedsinntekt": inntekt,
        "ytelse_14_belop": np.where(flagg(0.2, personer), np.round(inntekt / 2), 0.0),
        "ytelse_14_utbetalinger": tilfeldig.integers(2, 4, personer),
        "skattefri_leieinntekt": np.where(flagg(0.02, personer), 4_000.0, 0.0),
        "kapital": np.where(flagg(0.1, personer), np.round(tilfeldig.uniform(-5_000, 20_000, personer)), 0.0),
        "naering": np.where(
            flagg(0.05, personer), np.round(tilfeldig.uniform(-9_000, 90_000, personer)), 0.0
        ),
        "utland": np.where(flagg(0.02, personer), 30_000.0, 0.0),
        "formue_bolig": np.where(flagg(0.1, personer), 1_400_000.0, 0.0),
        "formue_annen": np.where(flagg(0.3, personer), np.round(tilfeldig.uniform(-3e5, 6e5, personer)), 0.0),
        **{
            navn: flagg(0.15, personer) & voksen
            for navn in ("alderspensjonist", "uforepensjonist", "ung_ufor")
        },
        **{navn: flagg(0.01, personer) for navn in FLAGG_PERSON if navn in _SJELDNE},
    }
    husstand = {
        "kommunenummer": tilfeldig.choice([301, 4601, 1124, 3401], antall),
        "disposisjonsform": tilfeldig.integers(0, 5, antall),
        "boutgift_per_maned": np.round(tilfeldig.uniform(4_000, 16_000, antall), 2),
        "kommunale_avgifter_per_maned": np.where(flagg(0.5, antall), 850.5, 0.0),
        "oppvarming_inkludert": flagg(0.5, antall),
        "spesialtilpasset": flagg(0.02, antall),
        "godkjent": flagg(0.99, antall),
        "fritidsbolig": flagg(0.005, antall),
    }
    return storrelse, husstand, person


def _tid(arbeid: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall clock, and of processor time."""
    vegg, prosessor = time.perf_counter(), time.process_time()
    arbeid()
    return time.perf_counter() - vegg, time.process_time() - prosessor


def _oppsummert(tider: list[tuple[float, float]], antall: int) -> dict[str, float]:
    vegg = statistics.median(t for t, _ in tider)
    return {
        "median_s": vegg,
        "raskest_s": min(t for t, _ in tider),
        "prosessor_s": statistics.median(t for _, t in tider),
        "per_s": antall / vegg,
    }


def _maal(antall: int, ganger: int) -> dict[str, Any]:
    storrelse, husstand, person = _tabeller(antall)
    kol = bygg(TERMIN, storrelse, husstand, person)
    nummer = husstand.pop("kommunenummer")
    gruppe = gruppetabell(date.fromisoformat(f"{TERMIN}-01"))[nummer].astype(np.int32)
    inn = {**person, **husstand, "kommunegruppe": gruppe}
    sim = openfisca_land.simulering(openfisca_land.system(), np.repeat(np.arange(antall), storrelse), inn)
    vart = beregn(kol, TERMIN)
    koder, belop = openfisca_land.regn(sim)
    ulike = int(np.count_nonzero((vart.kode != koder) | (vart.belop_per_maned != belop)))
    if ulike:
        raise AssertionError(f"{ulike} av {antall} saker har ulik kode eller ulikt beløp")
    egne, andres = [], []
    for _ in range(ganger):
        egne.append(_tid(lambda: beregn(kol, TERMIN)))
        andres.append(_tid(lambda: openfisca_land.regn(sim)))
    boligsak, openfisca = _oppsummert(egne, antall), _oppsummert(andres, antall)
    return {
        "saker": antall,
        "personer": int(storrelse.sum()),
        "kjoringer": ganger,
        "boligsak": boligsak,
        "openfisca": openfisca,
        "ganger_raskere": openfisca["median_s"] / boligsak["median_s"],
        "ganger_raskere_prosessor": openfisca["prosessor_s"] / boligsak["prosessor_s"],
        "ulike": ulike,
    }


def _rundt() -> dict[str, dict[str, float]]:
    """What surrounds the rules: documents to columns in bulk, and one case from facts to the whole answer."""
    mange = tilfeldige(20_000, TERMIN)
    en = sak(TERMIN, 18_000, barn=1)

    def us(arbeid: Callable[[], object], ganger: int, saker: int = 1) -> dict[str, float]:
        tider = [_tid(arbeid) for _ in range(ganger)]
        return {
            "vegg_us": statistics.median(t for t, _ in tider) / saker * 1e6,
            "prosessor_us": statistics.median(t for _, t in tider) / saker * 1e6,
        }

    return {
        "dokument_til_kolonner": us(lambda: kolonner(mange), 5, len(mange)),
        "en_sak_belop": us(lambda: beregn([en], TERMIN), 400),
        "en_sak_hele_svaret": us(lambda: beregn([en], TERMIN).dokument(), 400),
    }


def mal() -> dict[str, Any]:
    """``{"regler": [one entry a size], "rundt": {…}}``; raises when the two sides disagree on a case."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {"regler": [_maal(n, ganger) for n, ganger in STORRELSER.items()], "rundt": _rundt()}


def main() -> None:
    from rich.console import Console
    from rich.table import Table

    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("--json", type=Path)
    fil = valg.parse_args().json
    svar = mal()
    tabell = Table("saker", "side", "median", "prosessortid", "saker/s", "ganger raskere")
    for rad in svar["regler"]:
        for side in ("boligsak", "openfisca"):
            tid = rad[side]
            tabell.add_row(
                f"{rad['saker']:,}",
                side,
                f"{tid['median_s'] * 1000:.3f} ms",
                f"{tid['prosessor_s'] * 1000:.3f} ms",
                f"{tid['per_s']:,.0f}",
                f"{rad['ganger_raskere']:.2f}" if side == "boligsak" else "",
            )
    konsoll = Console()
    konsoll.print(tabell)
    konsoll.print(svar["rundt"])
    if fil is not None:
        fil.write_text(json.dumps(svar, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
