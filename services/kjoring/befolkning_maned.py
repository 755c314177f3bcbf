"""One month of a chunk: what its people earn, what happens to them, and the facts that a run will find."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from domain.bostotte.kolonner import Kolonner, bygg
from domain.regler.kolonne import Kolonne
from services.kjoring.befolkning_trekk import (
    AAP,
    ALDERSPENSJON,
    BARN,
    BIT,
    BOFELLESSKAP,
    DAGPENGER,
    FASTLONN,
    FORSTE_TERMIN,
    SOKER,
    UFORETRYGD,
    Bit,
    bit,
    tall,
)


@dataclass(frozen=True, slots=True)
class Maned:
    """One month of a chunk: incomes and rents of the month, and what happened. Names as in :class:`Bit`."""

    termin: str
    sak: dict[str, Kolonne]
    person: dict[str, Kolonne]


def antall_biter(antall: int) -> int:
    return -(-antall // BIT)


def biter(antall: int, fro: int) -> Iterator[Bit]:
    """The country of so many cases, chunk by chunk."""
    for nr in range(antall_biter(antall)):
        yield bit(fro, nr, min(BIT, antall - nr * BIT))


def maned(b: Bit, termin: str, *, rolig: bool = False) -> Maned:
    """What the month brings. Each month is drawn for itself, so any month can be asked for first.

    ``rolig``: nobody dies, moves or studies, as in the month before a run for cases that are still running.

    Raises ValueError for a month before 2024-01, whose municipalities had other numbers.
    """
    if termin < FORSTE_TERMIN:
        raise ValueError(f"termin: befolkningen har kommunene fra {FORSTE_TERMIN}; {termin} er for tidlig")
    t = tall()
    h = dict.fromkeys(t["hendelser"], 0.0) if rolig else t["hendelser"]
    rng = np.random.default_rng((b.fro, b.nr, int(termin.replace("-", ""))))
    n, m = BIT, BIT * 12  # drawn for whole chunks, so that a cut one has the same months
    rolle, hvor, kode = b.person["rolle"], b.person["sak"], b.person["kode"]
    svinger = (rng.random(m) < t["svingning"]["andel"])[: len(hvor)] & np.isin(
        kode, (FASTLONN, AAP, DAGPENGER)
    )
    sving = 1 + np.clip(t["svingning"]["spredning"] * rng.standard_normal(m), -0.2, 0.2)[: len(hvor)]
    inntekt = b.person["inntekt"] * _regulert("inntekt", termin) * np.where(svinger, sving, 1.0)
    slag, sted = rng.random(n)[: len(b)], rng.random(n)[: len(b)]
    person_slag = rng.random(m)[: len(hvor)]
    student_slag, skjermet_slag = rng.random(m)[: len(hvor)], rng.random(m)[: len(hvor)]
    dod = slag < h["soker_dod"]
    utvandret = ~dod & (slag < h["soker_dod"] + h["soker_ikke_bosatt"])
    flyttet = ~dod & ~utvandret & (slag < h["soker_dod"] + h["soker_ikke_bosatt"] + h["soker_flyttet"])
    soker, voksen = rolle == SOKER, rolle != BARN
    borte = (~soker & (person_slag < h["biperson_flyttet"])) | (soker & flyttet[hvor])
    student = voksen & (b.person["alder"] < 30) & (student_slag < h["student_under_30"])
    return Maned(
        termin,
        {
            "boutgift_per_maned": np.rint(b.sak["boutgift_per_maned"] * _regulert("boutgift", termin)),
            "ukjent_pa_adressen": sted < h["ukjent_pa_adressen"],
        },
        {
            "inntekt": np.rint(inntekt).astype(np.int64),
            "dod": soker & dod[hvor],
            "ikke_bosatt": soker & utvandret[hvor],
            "ikke_pa_adressen": borte,
            "student": student,
            "skjermet": voksen & (skjermet_slag < h["skattegrunnlag_skjermet"]),
        },
    )


def kolonner(b: Bit, m: Maned) -> Kolonner:
    """The facts that a run will find for this month, as columns for ``domain.bostotte.beregn``.

    Cases that a person must look at (:func:`manuelle`) are here too, as if nobody had to.
    """
    rolle, kode, inntekt = b.person["rolle"], b.person["kode"], m.person["inntekt"]
    har = inntekt > 0
    fjorten = har & np.isin(kode, (AAP, DAGPENGER))
    barn = b.person["fodselsdato"] > int(m.termin.replace("-", "")) * 100 + 1 - 18_0000
    med_barn = np.bincount(b.person["sak"], barn, len(b))[b.person["sak"]] > 0
    return bygg(
        m.termin,
        np.diff(b.start),
        {
            "kommunenummer": b.sak["kommunenummer"],
            "disposisjonsform": b.sak["disposisjonsform"],
            "boutgift_per_maned": m.sak["boutgift_per_maned"],
            "kommunale_avgifter_per_maned": b.sak["kommunale_avgifter_per_maned"],
            "oppvarming_inkludert": b.sak["oppvarming_inkludert"],
            "spesialtilpasset": b.sak["spesialtilpasset"],
            "godkjent": np.ones(len(b)),
        },
        {
            "manedsinntekt": inntekt,
            "ytelse_14_belop": np.where(fjorten, inntekt, 0),
            "ytelse_14_utbetalinger": np.where(fjorten, utbetalinger(b, m), 0),
            "kapital": b.person["kapital"],
            "formue_bolig": b.person["formue_bolig"],
            "formue_annen": b.person["innskudd"] - b.person["gjeld"],
            "fodselsdato": b.person["fodselsdato"],
            "ung_ufor": b.person["ung_ufor"],
            "alderspensjonist": har & (kode == ALDERSPENSJON),
            "uforepensjonist": har & (kode == UFORETRYGD),
            "dod": m.person["dod"],
            "ikke_bosatt": m.person["ikke_bosatt"],
            "student": m.person["student"],
            "bor_med_egne_barn": (rolle < BARN) & med_barn,
            "ikke_pa_adressen": m.person["ikke_pa_adressen"] & (rolle != SOKER),
        },
    )


def utbetalinger(b: Bit, m: Maned) -> Kolonne:
    """Payments of a fourteen-day benefit in the month: every second Monday, in one of two rhythms."""
    forste = date.fromisoformat(f"{m.termin}-01").toordinal()
    siste = date(int(m.termin[:4]) + int(m.termin[5:]) // 12, int(m.termin[5:]) % 12 + 1, 1).toordinal() - 1
    takt = np.where(b.person["fnr"] % 2 == 0, 1, 8)
    ut: Kolonne = (siste - takt) // 14 - (forste - 1 - takt) // 14
    return ut


def manuelle(b: Bit, m: Maned) -> Kolonne:
    """bool[n]: cases that end as an open task, since the registers' answers ask for a person's judgment."""
    person = m.person["skjermet"] | (m.person["ikke_pa_adressen"] & (b.person["rolle"] == SOKER))
    bofellesskap = b.sak["disposisjonsform"] == BOFELLESSKAP
    ukjent = m.sak["ukjent_pa_adressen"] & ~bofellesskap
    ut: Kolonne = np.bincount(b.person["sak"], person, len(b)) > 0
    return ut | bofellesskap | ukjent | b.sak["gradert"]


def _regulert(hva: str, termin: str) -> float:
    faktor = 1.0
    for fra, sats in tall()["regulering"][hva].items():
        faktor *= sats if termin >= fra else 1.0
    return faktor
