"""The households of a year by benefit (Husbankens Tabell 3.15): each counted once, whatever month it was.

All decisions of the year, and what a-ordningen answered for those granted, are opened for it, which takes minutes; so
it is made when it is asked for, and stored as a row of the year beside those of its months.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import structlog
from sqlalchemy import text

from domain.bostotte.beregning import beregn
from domain.bostotte.kontrollkrav import personnokkel
from domain.kalender import neste_termin
from domain.kontroll.vurdering import AAP, DAGPENGER, INTRODUKSJONSSTONAD
from services.forsegling import ForseglingFeil, forsegler
from services.kjoring.statistikk import LANDET, LAV_INNTEKT, innvilgede, porsjoner, ytelser
from services.kjoring.statistikk_vern import MINSTE
from services.lager.opplysninger import aad
from services.lager.roller import DbRolle
from services.lager.sesjon import SYSTEM, transaksjon

_logg = structlog.get_logger("boligsak.statistikk")
_SKRIV = text("""
    INSERT INTO statistikk (ordning, termin, kommunenummer, tall, laget)
    VALUES (:ordning, :ar, :landet, CAST(:tall AS jsonb), :tid)
    ON CONFLICT (ordning, termin, kommunenummer) DO UPDATE SET tall = excluded.tall, laget = excluded.laget
""")
_GRUPPER = ("uforetrygd", "alderspensjon")
"""As the facts say it."""
_AV_INNTEKT = {"aap": AAP, "dagpenger": DAGPENGER, "introduksjonsstonad": INTRODUKSJONSSTONAD}
"""As a-ordningen says it: the facts do not tell AAP from dagpenger, nor introduksjonsstønad from pay."""
_FELT = (*_GRUPPER, *_AV_INNTEKT)
# The month's own question; of several answers the newest.
_INNTEKT = text("""
    SELECT DISTINCT ON (sak_id, nokkel) sak_id, id, innhold FROM opplysning
    WHERE sak_id = ANY(:saker) AND kilde = 'inntekt' AND nokkel LIKE :maned
    ORDER BY sak_id, nokkel, hentet DESC
""")


def terminer_i(ar: int) -> list[str]:
    """The year's terms are those that were paid in it: December before to November (Tabell 3.15, note 1)."""
    ut = [f"{ar - 1}-12"]
    while len(ut) < 12:
        ut.append(neste_termin(ut[-1]))
    return ut


def lag(ar: int, tid: datetime, ordning: str = "bostotte") -> dict[str, int | None]:
    """Count and store the households granted something in the year: by the benefits that somebody of them had in one
    of its months, and those whose income, as it was on average in the months granted, is under 50 000 kroner a year.
    A count under four is None. Uføretrygd counts the young disabled too; AAP, dagpenger and introduksjonsstønad those
    of whom a-ordningen was asked here, and not a month that was taken over from another system. ``tid``: aware UTC."""
    hadde: dict[UUID, int] = {}
    inntekt: dict[UUID, tuple[float, int]] = {}
    for termin in terminer_i(ar):
        for rader in porsjoner(termin, ordning):
            valgt, kol = innvilgede(rader, termin)
            if not valgt:
                continue
            har = ytelser(kol)
            har["uforetrygd"] |= har["ung_ufor"]
            bits = np.zeros(len(kol), dtype=np.int64)
            for i, gruppe in enumerate(_GRUPPER):
                bits |= har[gruppe].astype(np.int64) << i
            bits |= np.array(_av_inntekt(valgt, termin), dtype=np.int64) << len(_GRUPPER)
            kroner = np.asarray(beregn(kol, termin).verdier["manedsinntekt_husstand"], dtype=np.float64)
            for rad, bit, belop in zip(valgt, bits.tolist(), kroner.tolist(), strict=True):
                hadde[rad.sak_id] = hadde.get(rad.sak_id, 0) | bit
                sum_, antall = inntekt.get(rad.sak_id, (0.0, 0))
                inntekt[rad.sak_id] = sum_ + belop, antall + 1
    alle = np.array(list(hadde.values()), dtype=np.int64)
    tall = {felt: int(np.count_nonzero(alle >> i & 1)) for i, felt in enumerate(_FELT)}
    tall["under_50000"] = sum(sum_ * 12 < LAV_INNTEKT * n for sum_, n in inntekt.values())
    ut = {felt: n if n == 0 or n >= MINSTE else None for felt, n in tall.items()}
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        rad = {"ordning": ordning, "ar": str(ar), "landet": LANDET, "tid": tid}
        forbindelse.execute(_SKRIV, {**rad, "tall": orjson.dumps(ut).decode()})
    return ut


def _av_inntekt(rader: Sequence[Any], termin: str) -> list[int]:
    """For each of these decisions, a bit for each of ``_AV_INNTEKT`` that somebody of the household was paid."""
    lukker = forsegler()
    nokler = {rad.sak_id: lukker.pakk_ut(rad.nokkel) for rad in rader}
    bits = dict.fromkeys(nokler, 0)
    with transaksjon(DbRolle.KJORING, SYSTEM) as forbindelse:
        svar = forbindelse.execute(
            _INNTEKT, {"saker": list(nokler), "maned": personnokkel("inntekt", "%", termin)}
        ).all()
    for rad in svar:
        try:
            innhold = nokler[rad.sak_id].apne(rad.innhold, aad(rad.sak_id, rad.id))
        except ForseglingFeil as feil:
            _logg.warning("svar_kan_ikke_apnes", opplysning=str(rad.id), arsak=type(feil).__name__)
            continue
        koder = {post["beskrivelse"] for post in orjson.loads(innhold)["poster"] if post["belop_ore"] > 0}
        for i, navn in enumerate(_AV_INNTEKT.values()):
            bits[rad.sak_id] |= bool(koder & navn) << i
    return list(bits.values())
