"""The figures of a month by municipality, from the newest decision of each case, stored with small cells hidden.

Facts are opened, counted and forgotten: no figure about one case is kept. Made again whenever it is asked for, e.g.
when a new calculation has changed decisions of an earlier month. Cases with a protected address are in none of them:
held against a list that leaves them out, a count would tell in which municipality somebody hides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import numpy as np
import orjson
import structlog
from sqlalchemy import Connection, text

from domain.bostotte.beregning import beregn
from domain.bostotte.fakta import DISPOSISJONSFORMER, Fakta
from domain.bostotte.koder import KODER
from domain.bostotte.kolonner import Kolonner, kolonner
from domain.regler.kolonne import Kolonne
from services.forsegling import ForseglingFeil, forsegler
from services.kjoring.statistikk_vern import skjul, utvid
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon
from services.motor.avgjorelse import aad

_logg = structlog.get_logger("boligsak.statistikk")
LANDET = "0000"
LAV_INNTEKT = 50_000
"""Kroner a year (Tabell 3.15)."""
YTELSER = ("ung_ufor", "uforetrygd", "alderspensjon", "aap_dagpenger", "under_50000", "annet")
"""Of the household, the first that fits. The facts do not tell AAP from dagpenger, nor introduksjonsstønad from pay."""
AVSLAGSKODER = tuple(k.kode for k in KODER[1:])
_HOVED = ("soknader", "innvilget", "under_behandling", *AVSLAGSKODER)
_TABELLER: dict[str, tuple[str, ...]] = {
    "boutgift": ("over_tak", "under_tak"),
    "familie": ("barnefamilier", "uten_barn"),
    "disposisjonsform": DISPOSISJONSFORMER,
    "ytelse": YTELSER,
}
"""Tables about the granted; each adds up to the number of grants."""
_SUMMER = ("belop", "inntekt", "boutgift")
_PORSJON = 5000
_NUMRE = 10_000

_VEDTAK = text("""
    SELECT DISTINCT ON (v.sak_id) v.sak_id, v.id, v.kommunenummer, v.kode, v.belop, v.fakta, p.nokkel
    FROM vedtak v JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson
    WHERE s.ordning = :ordning AND v.termin = :termin AND v.sak_id > :etter AND NOT s.gradert
    ORDER BY v.sak_id, v.fattet DESC, v.id DESC LIMIT :antall
""")
_APNE = text("""
    SELECT b.kommunenummer, count(DISTINCT b.sak_id) AS antall FROM behandling b JOIN sak s ON s.id = b.sak_id
    WHERE s.ordning = :ordning AND b.termin = :termin AND b.avsluttet IS NULL AND NOT s.gradert
      AND NOT EXISTS (SELECT FROM vedtak v WHERE v.sak_id = b.sak_id AND v.termin = b.termin)
    GROUP BY 1
""")
_SLETT = text("DELETE FROM statistikk WHERE ordning = :ordning AND termin = :termin")
_SKRIV = text("""
    INSERT INTO statistikk (ordning, termin, kommunenummer, tall, laget)
    VALUES (:ordning, :termin, :kommunenummer, CAST(:tall AS jsonb), :tid)
""")


@dataclass(slots=True)
class _Telling:
    """One array of 10 000 places (municipality numbers) a measure."""

    felt: dict[str, Kolonne] = field(default_factory=dict)

    def legg_til(self, navn: str, kommune: Kolonne, verdi: Kolonne | None = None) -> None:
        sum_ = np.bincount(kommune, verdi, _NUMRE).astype(np.int64)
        self.felt[navn] = self.felt.get(navn, 0) + sum_

    def kolonne(self, navn: str) -> Kolonne:
        ut: Kolonne = self.felt.get(navn, np.zeros(_NUMRE, dtype=np.int64))
        return ut


def lag(termin: str, tid: datetime, ordning: str = "bostotte") -> int:
    """Count the month and store what may be shown. Gives the number of municipalities. ``tid``: aware UTC."""
    telling = _Telling()
    for rader in porsjoner(termin, ordning):
        _tell(telling, rader, termin)
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        forbindelse.exec_driver_sql("SET LOCAL statement_timeout = '120s'")
        apne = forbindelse.execute(_APNE, {"ordning": ordning, "termin": termin}).all()
        if apne:
            kommune = np.array([int(rad.kommunenummer) for rad in apne])
            telling.legg_til("under_behandling", kommune, np.array([rad.antall for rad in apne]))
        return _lagre(forbindelse, _dokumenter(telling), ordning, termin, tid)


def porsjoner(termin: str, ordning: str) -> Iterator[Sequence[Any]]:
    """The newest decision of each case in the month, some thousand at a time."""
    etter = UUID(int=0)
    while True:
        with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
            valg = {"ordning": ordning, "termin": termin, "etter": etter, "antall": _PORSJON}
            rader = forbindelse.execute(_VEDTAK, valg).all()
        if not rader:
            return
        yield rader
        etter = rader[-1].sak_id


def innvilgede(rader: Sequence[Any], termin: str) -> tuple[list[Any], Kolonner]:
    """The granted among them, with their facts. Those whose key is destroyed or damaged are counted elsewhere, but
    nothing more is known of them."""
    valgt, fakta, lukker = [], [], forsegler()
    for rad in rader:
        if rad.kode == "V00" and rad.nokkel is not None:
            try:
                fakta.append(orjson.loads(lukker.pakk_ut(rad.nokkel).apne(rad.fakta, aad(rad.id, "fakta"))))
            except ForseglingFeil as feil:  # one decision must not keep the whole country uncounted
                _logg.warning("vedtak_kan_ikke_apnes", vedtak=str(rad.id), arsak=type(feil).__name__)
                continue
            valgt.append(rad)
    return valgt, kolonner(cast(Sequence[Fakta], fakta), termin)


def _tell(telling: _Telling, rader: Sequence[Any], termin: str) -> None:
    kommune = np.array([int(rad.kommunenummer) for rad in rader])
    kode = np.array([rad.kode for rad in rader])
    telling.legg_til("innvilget", kommune[kode == "V00"])
    for avslag in AVSLAGSKODER:
        telling.legg_til(avslag, kommune[kode == avslag])
    innvilget, kol = innvilgede(rader, termin)
    if not innvilget:
        return
    kommune = np.array([int(rad.kommunenummer) for rad in innvilget])
    telling.legg_til("belop", kommune, np.array([rad.belop for rad in innvilget]))
    for navn, verdi in maal(kol, termin).items():
        telling.legg_til(navn, kommune, verdi)


def maal(kol: Kolonner, termin: str) -> dict[str, Kolonne]:
    """Measures of each granted case: kroner a month (``inntekt``, ``boutgift``), else 0 or 1."""
    v = beregn(kol, termin).verdier
    over = np.asarray(v["boutgifter"]) > np.asarray(v["boutgiftstak"])
    inntekt = np.asarray(v["manedsinntekt_husstand"], dtype=np.float64)
    grense = int(termin.replace("-", "")) * 100 + 1 - 18_0000
    barn = _noen(kol, (kol.person["fodselsdato"] > grense) & ~kol.person["er_soker"])
    grupper = (*ytelser(kol).values(), inntekt * 12 < LAV_INNTEKT)
    forste = np.select(grupper, range(len(grupper)), len(grupper))
    form = kol.sak["disposisjonsform"]
    return {
        "inntekt": np.rint(inntekt),
        "boutgift": np.rint(np.asarray(v["boutgifter"]) / 12),
        "over_tak": over,
        "under_tak": ~over,
        "barnefamilier": barn,
        "uten_barn": ~barn,
        **{navn: form == i for i, navn in enumerate(DISPOSISJONSFORMER)},
        **{navn: forste == i for i, navn in enumerate(YTELSER)},
    }


def ytelser(kol: Kolonner) -> dict[str, Kolonne]:
    """Which benefits somebody of each household has; several may fit."""
    return {
        "ung_ufor": _noen(kol, kol.person["ung_ufor"]),
        "uforetrygd": _noen(kol, kol.person["uforepensjonist"]),
        "alderspensjon": _noen(kol, kol.person["alderspensjonist"]),
        "aap_dagpenger": _noen(kol, kol.person["ytelse_14_belop"] > 0),
    }


def _noen(kol: Kolonner, person: Kolonne) -> Kolonne:
    """Of each household: is it true of somebody?"""
    hvor = np.repeat(np.arange(len(kol)), np.diff(kol.start))
    ut: Kolonne = np.bincount(hvor, person, len(kol)) > 0
    return ut


def _dokumenter(telling: _Telling) -> dict[str, dict[str, Any]]:
    """What may be shown, by municipality number; hidden cells are None."""
    hoved = np.column_stack([telling.kolonne(navn) for navn in _HOVED])
    hoved[:, 0] = hoved[:, 1:].sum(axis=1)
    numre = np.flatnonzero(hoved[:, 0])
    if not len(numre):
        return {}
    x = _med_landet(hoved[numre])
    skjult = skjul(x, total=True)
    utvid(x, skjult, _HOVED.index("innvilget"))
    navn = [f"{n:04d}" for n in numre] + [LANDET]
    ut: dict[str, dict[str, Any]] = {}
    for i, kommune in enumerate(navn):
        rad = {felt: _vis(x[i, j], skjult[i, j]) for j, felt in enumerate(_HOVED)}
        ut[kommune] = {felt: rad[felt] for felt in _HOVED[:3]} | {"avslag": {k: rad[k] for k in AVSLAGSKODER}}
    innvilget_skjult = skjult[:, _HOVED.index("innvilget")]
    vises = np.flatnonzero(~innvilget_skjult)
    for tabell, felter in _TABELLER.items():
        alle = _med_landet(np.column_stack([telling.kolonne(f)[numre] for f in felter]))
        skjult_her = np.ones(alle.shape, dtype=bool)
        skjult_her[vises] = (
            skjul(alle[vises], total=False) if len(vises) and vises[-1] == len(numre) else True
        )
        for i, kommune in enumerate(navn):
            ut[kommune][tabell] = {f: _vis(alle[i, j], skjult_her[i, j]) for j, f in enumerate(felter)}
    summer = _med_landet(np.column_stack([telling.kolonne(f)[numre] for f in _SUMMER]))
    antall = x[:, _HOVED.index("innvilget")]
    for i, kommune in enumerate(navn):
        vis = not innvilget_skjult[i] and antall[i] > 0
        snitt = {
            f"{f}_snitt": round(int(summer[i, j]) / int(antall[i])) if vis else None
            for j, f in enumerate(_SUMMER)
        }
        ut[kommune] |= snitt | {"utbetalt": int(summer[i, 0]) if vis or antall[i] == 0 else None}
    return ut


def _med_landet(x: Kolonne) -> Kolonne:
    ut: Kolonne = np.vstack((x, x.sum(axis=0)))
    return ut


def _vis(verdi: int, skjult: bool) -> int | None:
    return None if skjult else int(verdi)


def _lagre(
    forbindelse: Connection, dokumenter: dict[str, dict[str, Any]], ordning: str, termin: str, tid: datetime
) -> int:
    forbindelse.execute(_SLETT, {"ordning": ordning, "termin": termin})
    rader = [
        {
            "ordning": ordning,
            "termin": termin,
            "kommunenummer": k,
            "tall": orjson.dumps(d).decode(),
            "tid": tid,
        }
        for k, d in dokumenter.items()
    ]
    if rader:
        forbindelse.execute(_SKRIV, rader)
    return max(len(rader) - 1, 0)
