"""One chunk of the synthetic country: who lives where, with whom, on what. Nothing here changes from month to month."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import DISPOSISJONSFORMER
from domain.bostotte.kolonner import bygg
from domain.kommuner import kommuner
from domain.regler.kolonne import Kolonne
from domain.regler.satser import les_yaml
from services.kjoring.befolkning_fnr import tildel

BIT = 4096
"""Cases in a chunk"""
REFERANSEAR = 2024
"""Ages, rents and incomes are those of this year; the municipalities too."""
FORSTE_TERMIN = "2024-01"
GRUPPER = ("eldre", "unge_ufore", "ufore", "midlertidige", "uten_trygd")
KODER = (
    "fastloenn",
    "alderspensjon",
    "ufoeretrygd",
    "arbeidsavklaringspenger",
    "dagpengerVedArbeidsloeshet",
    "introduksjonsstoenad",
)
"""The one income of a person, as a-ordningen describes it"""
FASTLONN, ALDERSPENSJON, UFORETRYGD, AAP, DAGPENGER, INTRO = range(len(KODER))
SOKER, PARTNER, BARN, UNG = range(4)
_FORM = {navn: i for i, navn in enumerate(DISPOSISJONSFORMER)}
BOFELLESSKAP = _FORM["bofellesskap"]


@lru_cache
def tall() -> dict[str, Any]:
    """The figures of ``befolkning_tall.yaml``."""
    fil = "befolkning_tall.yaml"
    innhold: dict[str, Any] = les_yaml(files(__package__).joinpath(fil).read_text("utf-8"), fil)
    return innhold


@dataclass(frozen=True, slots=True)
class Bit:
    """Chunk ``nr``: what does not change from month to month. Case ``i`` of the chunk is case ``forste + i``.

    ``start`` int64[n + 1]; ``sak`` and ``person`` by name, as :class:`domain.bostotte.kolonner.Kolonner`; the first
    person of a case is the applicant. Kroner, months unless the name says otherwise.
    """

    fro: int
    nr: int
    start: Kolonne
    sak: dict[str, Kolonne]
    person: dict[str, Kolonne]

    @property
    def forste(self) -> int:
        return self.nr * BIT

    def __len__(self) -> int:
        return len(self.start) - 1


def bit(fro: int, nr: int, antall: int = BIT) -> Bit:
    """The first ``antall`` cases of a chunk."""
    t = tall()
    rng = np.random.default_rng((fro, nr))
    gruppe = rng.choice(len(GRUPPER), BIT, p=_andeler())
    valg = [t["utvalg"][navn] for navn in GRUPPER]

    def av_gruppe(felt: str) -> Kolonne:
        return np.array([v[felt] for v in valg])[gruppe]

    yngst, eldst = av_gruppe("alder").T
    alder = rng.integers(yngst, eldst, endpoint=True)
    familie = rng.random(BIT) < av_gruppe("familie")
    par = rng.random(BIT) < np.where(familie, av_gruppe("par_med_barn"), av_gruppe("par_uten_barn"))
    barn = np.where(familie, rng.choice(5, BIT, p=t["barn_antall"]) + 1, 0)
    ung = (rng.random(BIT) < av_gruppe("voksne_barn")) & (alder >= 38)
    personer = 1 + par + barn + ung
    start = np.zeros(BIT + 1, dtype=np.int64)
    np.cumsum(personer, out=start[1:])
    sak = _boliger(rng, nr, personer, av_gruppe)
    sak["gruppe"] = gruppe
    person = _personer(rng, nr, start, gruppe, alder, par, barn)
    person |= _okonomi(rng, start, sak, person)
    slutt = int(start[antall])
    return Bit(
        fro,
        nr,
        start[: antall + 1],
        {navn: k[:antall] for navn, k in sak.items()},
        {navn: k[:slutt] for navn, k in person.items()},
    )


def _boliger(rng: np.random.Generator, nr: int, personer: Kolonne, av_gruppe: Any) -> dict[str, Kolonne]:
    t = tall()
    numre, vekter = _kommuner()
    kommune = rng.choice(numre, BIT, p=vekter)
    spesial = rng.random(BIT) < t["spesialtilpasset"]
    eid = rng.random(BIT) < av_gruppe("eid")
    slag = rng.random(BIT)
    form = np.where(
        eid,
        np.where(slag < t["borettslag_av_eid"], _FORM["borettslag"], _FORM["eid"]),
        np.where(
            slag < t["kommunale_av_leid"],
            _FORM["kommunal"],
            np.where(slag > 1 - t["bofellesskap_av_leid"], _FORM["bofellesskap"], _FORM["leid"]),
        ),
    )
    midt, spredning = av_gruppe("boutgift").T
    forhold = np.exp(midt + spredning * rng.standard_normal(BIT))
    tak = _tak(kommune, personer, spesial) / 12
    boutgift = np.rint(tak * forhold)
    avgifter = np.where(form == _FORM["eid"], rng.integers(700, 1600, BIT), 0)
    # An owner's fixed sums for upkeep come on top of what is paid; see forskrift om bustøtte § 2.
    boutgift = np.maximum(boutgift - avgifter - np.where(form == _FORM["eid"], 650, 0), 500)
    nummer = nr * BIT + np.arange(BIT)
    return {
        "kommunenummer": kommune,
        "disposisjonsform": form,
        "boutgift_per_maned": boutgift,
        "kommunale_avgifter_per_maned": avgifter,
        "oppvarming_inkludert": rng.random(BIT) < t["oppvarming_inkludert"],
        "spesialtilpasset": spesial,
        "gardsnummer": 1 + nummer // 9000,
        "bruksnummer": 1 + nummer % 9000,
        "til_kommunen": rng.random(BIT) < t["til_kommunen"],
        "gradert": rng.random(BIT) < t["gradert"],
        "godkjent_boutgift": tak * np.minimum(forhold, 1),
    }


def _personer(
    rng: np.random.Generator,
    nr: int,
    start: Kolonne,
    gruppe: Kolonne,
    alder: Kolonne,
    par: Kolonne,
    barn: Kolonne,
) -> dict[str, Kolonne]:
    antall = np.diff(start)
    sak = np.repeat(np.arange(len(antall)), antall)
    plass = np.arange(start[-1]) - start[:-1][sak]
    rolle = np.where(
        plass == 0,
        SOKER,
        np.where(plass <= par[sak], PARTNER, np.where(plass <= (par + barn)[sak], BARN, UNG)),
    )
    hode = alder[sak]
    ar = np.select(
        [rolle == SOKER, rolle == PARTNER, rolle == BARN],
        [
            hode,
            np.maximum(hode + rng.integers(-6, 7, len(sak)), 20),
            rng.integers(0, np.clip(hode - 17, 1, 18)),
        ],
        rng.integers(18, 20, len(sak)),
    )
    fodselsdato, fnr = tildel(nr, REFERANSEAR - 1 - ar)
    return {
        "sak": sak,
        "rolle": rolle,
        "fodselsdato": fodselsdato,
        "fnr": fnr,
        "alder": ar,
        "hodegruppe": gruppe[sak],
    }


def _okonomi(
    rng: np.random.Generator,
    start: Kolonne,
    sak: dict[str, Kolonne],
    person: dict[str, Kolonne],
) -> dict[str, Kolonne]:
    """The household's weighted income by the group's quantiles, shared between applicant and partner."""
    t = tall()
    n, m, rolle, hvor = len(start) - 1, int(start[-1]), person["rolle"], person["sak"]
    vekt = 1 + np.bincount(hvor, np.select([rolle == SOKER, rolle == BARN], [0.0, 0.15], 0.13), n)
    u = rng.random(n)
    per_vektet = np.empty(n)
    for g, navn in enumerate(GRUPPER):
        treff = sak["gruppe"] == g
        per_vektet[treff] = np.interp(u[treff], t["kvantiler"], t["utvalg"][navn]["inntekt"])
    # Who could not get anything does not apply: the more costs a household has approved, the more it may earn.
    samsvar = np.array([t["utvalg"][navn]["samsvar"] for navn in GRUPPER])[sak["gruppe"]]
    samlet = np.rint(per_vektet * vekt * (sak["godkjent_boutgift"] / t["vanlig_boutgift"]) ** samsvar)
    egen = np.where(
        np.bincount(hvor, rolle == PARTNER, n) > 0, np.rint(samlet * (0.55 + 0.35 * rng.random(n))), samlet
    )
    inntekt = np.select([rolle == SOKER, rolle == PARTNER], [egen[hvor], (samlet - egen)[hvor]], 0.0)
    kode = np.where(rolle == SOKER, _koder(rng, sak["gruppe"])[hvor], FASTLONN)
    kode = np.where((rolle == PARTNER) & (kode[start[:-1]] == INTRO)[hvor], INTRO, kode)
    kode = np.where((rolle == PARTNER) & (person["alder"] >= 67), ALDERSPENSJON, kode)
    innskudd = np.rint(np.exp(_normal(rng, m, t["formue"]["innskudd"])))
    voksen = rolle < BARN
    eier = np.isin(sak["disposisjonsform"], (_FORM["eid"], _FORM["borettslag"]))[hvor] & (rolle == SOKER)
    bolig = np.where(eier, np.rint(np.exp(_normal(rng, m, t["formue"]["bolig"]))), 0)
    gjeld = np.where(eier, np.rint(np.exp(_normal(rng, m, t["formue"]["gjeld"]))), 0)
    return {
        "kode": kode,
        "inntekt": inntekt,
        "ung_ufor": (rolle == SOKER) & (person["hodegruppe"] == GRUPPER.index("unge_ufore")),
        "innskudd": np.where(voksen, innskudd, 0),
        "kapital": np.where(voksen, innskudd // 50, 0),
        "formue_bolig": bolig,
        "gjeld": gjeld,
    }


def _koder(rng: np.random.Generator, gruppe: Kolonne) -> Kolonne:
    kode = np.full(len(gruppe), FASTLONN)
    for g, navn in enumerate(GRUPPER):
        sjanser = tall()["utvalg"][navn]["koder"]
        trukket = rng.choice([KODER.index(k) for k in sjanser], len(gruppe), p=list(sjanser.values()))
        kode = np.where(gruppe == g, trukket, kode)
    return kode


def _normal(rng: np.random.Generator, antall: int, hva: list[float]) -> Kolonne:
    ut: Kolonne = hva[0] + hva[1] * rng.standard_normal(antall)
    return ut


@lru_cache
def _andeler() -> Kolonne:
    andeler = np.array([tall()["utvalg"][navn]["andel"] for navn in GRUPPER])
    ut: Kolonne = andeler / andeler.sum()
    return ut


@lru_cache
def _kommuner() -> tuple[Kolonne, Kolonne]:
    """Numbers of the municipalities and each one's share of the cases."""
    t = tall()["kommuner"]
    alle = [k.kommunenummer for k in kommuner(date(REFERANSEAR, 1, 1))]
    kjente: dict[str, float] = t["tusen_innbyggere"]
    resten = [nummer for nummer in alle if nummer not in kjente]
    rang = np.random.default_rng(REFERANSEAR).permutation(len(resten)) + 1
    sma = dict(zip(resten, (t["folketall_resten"] * (v := rang**-0.8) / v.sum()).tolist(), strict=True))
    vekt = np.array([kjente.get(nummer) or sma[nummer] for nummer in alle])
    vekt[alle.index("0301")] *= t["oslo_vekt"]
    return np.array([int(nummer) for nummer in alle]), vekt / vekt.sum()


def _tak(kommune: Kolonne, personer: Kolonne, spesial: Kolonne) -> Kolonne:
    """Ceiling at the start of the reference year, kr a year: what rents are drawn around."""
    kol = bygg(
        FORSTE_TERMIN,
        personer,
        {"kommunenummer": kommune, "spesialtilpasset": spesial},
        {"fodselsdato": np.full(int(personer.sum()), 1980_01_01)},
    )
    ut: Kolonne = beregn(kol, FORSTE_TERMIN).verdier["boutgiftstak"]
    return ut
