"""The synthetic country as the registers know it in one month, for the register simulator."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from domain.bostotte.kontrollkrav import TO_TREDJEDELER_FRA
from domain.kalender import neste_termin
from services.kjoring.befolkning_maned import biter, maned, utbetalinger
from services.kjoring.befolkning_saker import BRUKSENHET, TYPE, UKJENT_BEBOER, dato_tekst, dodsdato
from services.kjoring.befolkning_trekk import AAP, BARN, DAGPENGER, KODER, PARTNER, SOKER
from services.registersim.fnr import lag_fnr
from services.registersim.person import (
    Bolignummer,
    Inntektslinje,
    Matrikkelnummer,
    Person,
    Skattelinje,
    Utdanning,
)

_BORTE = 50_000
"""Added to the cadastral number of those who have moved: a place where nobody of the country lives"""
_ELDSTE = date(1900, 1, 1)


class Register:
    """Answers for everyone of the country of ``antall`` cases as of ``termin``; some 300 bytes a person are held.

    The same answers as ``befolkning.skriv`` stores, asked the registers' own way.
    """

    def __init__(self, antall: int, fro: int, termin: str) -> None:
        self.termin = termin
        self._biter = list(biter(antall, fro))
        self._maneder = [maned(b, termin) for b in self._biter]
        self._antall = antall
        numre = np.concatenate([b.person["fnr"] for b in self._biter])
        hvor = np.concatenate([np.arange(len(b.person["fnr"])) + b.nr * 2**20 for b in self._biter])
        orden = np.argsort(numre)
        self._numre, self._hvor = numre[orden], hvor[orden]
        self._sak_i = {
            int(b.sak["kommunenummer"][i]) * 10**8
            + int(b.sak["gardsnummer"][i]) * 10**5
            + int(b.sak["bruksnummer"][i]): (
                b.nr,
                i,
            )
            for b in self._biter
            for i in range(len(b))
        }
        self._ukjente = {
            self._ukjent_fnr(b.forste + i): (b.nr, i)
            for b, m in zip(self._biter, self._maneder, strict=True)
            for i in np.flatnonzero(m.sak["ukjent_pa_adressen"]).tolist()
        }
        self.person = lru_cache(maxsize=20_000)(self._person)

    @staticmethod
    def _ukjent_fnr(nr: int) -> str:
        """Somebody of an age that nobody of the country has."""
        return lag_fnr(_ELDSTE + timedelta(days=nr % 10_000), nr // 10_000)

    def beboere(self, nummer: Bolignummer) -> set[str]:
        sted = int(nummer.kommunenummer) * 10**8 + nummer.gardsnummer * 10**5 + nummer.bruksnummer
        if nummer.bruksenhetsnummer != BRUKSENHET or (funnet := self._sak_i.get(sted)) is None:
            return set()
        nr, i = funnet
        b = self._biter[nr]
        alle = {f"{n:011d}" for n in b.person["fnr"][b.start[i] : b.start[i + 1]].tolist()}
        ukjent = self._ukjent_fnr(b.forste + i)
        return alle | {ukjent} if ukjent in self._ukjente else alle

    def _person(self, fnr: str) -> Person | None:
        if (ukjent := self._ukjente.get(fnr)) is not None:
            return Person(fnr=fnr, fodselsdato=date.fromisoformat(UKJENT_BEBOER), bolig=self._bolig(*ukjent))
        if not fnr.isdecimal():
            return None
        plass = int(np.searchsorted(self._numre, int(fnr)))
        if plass == len(self._numre) or self._numre[plass] != int(fnr):
            return None
        nr, j = divmod(int(self._hvor[plass]), 2**20)
        return self._lag(nr, j, fnr)

    def _bolig(self, nr: int, i: int, *, borte: bool = False) -> Matrikkelnummer:
        sak = self._biter[nr].sak
        return Matrikkelnummer(
            kommunenummer=f"{sak['kommunenummer'][i]:04d}",
            gardsnummer=int(sak["gardsnummer"][i]) + (_BORTE if borte else 0),
            bruksnummer=int(sak["bruksnummer"][i]),
            bruksenhetsnummer=BRUKSENHET,
        )

    def _lag(self, nr: int, j: int, fnr: str) -> Person:
        b, m = self._biter[nr], self._maneder[nr]
        p = {navn: k[j].item() for navn, k in {**b.person, **m.person}.items()}
        i, rolle = p["sak"], p["rolle"]
        for_ = date.fromisoformat(f"{neste_termin(self.termin, -1)}-15")
        valg: dict[str, Any] = {}
        if p["ikke_bosatt"]:
            valg |= {"status": "utflyttet", "status_fra": for_}
        if p["ikke_pa_adressen"]:
            valg |= {
                "bolig": self._bolig(nr, i, borte=True),
                "tidligere_bolig": self._bolig(nr, i),
                "flyttet_inn": for_,
            }
        else:
            valg["bolig"] = self._bolig(nr, i)
        if p["dod"]:
            valg["dodsdato"] = date.fromisoformat(dodsdato(self.termin))
        if rolle == SOKER and b.sak["gradert"][i]:
            valg["gradering"] = "fortrolig"
        if rolle >= BARN:
            husstand = slice(int(b.start[i]), int(b.start[i + 1]))
            voksne = b.person["fnr"][husstand][b.person["rolle"][husstand] <= PARTNER]
            valg["foreldre"] = [f"{n:011d}" for n in voksne.tolist()]
        if p["student"]:
            valg["utdanninger"] = [Utdanning(fra=date(2023, 8, 1))]
        if p["inntekt"]:
            kode = p["kode"]
            linje = Inntektslinje(
                beskrivelse=KODER[kode], belop=p["inntekt"], type=TYPE.get(kode, "ytelseFraOffentlige")
            )
            valg["inntekter"] = [linje]
            if kode in {AAP, DAGPENGER} and self.termin >= TO_TREDJEDELER_FRA:
                valg["nav_utbetalinger_per_maned"] = int(utbetalinger(b, m)[j])
        return Person(
            fnr=fnr,
            fodselsdato=date.fromisoformat(dato_tekst(p["fodselsdato"])),
            skjermet=p["skjermet"],
            skattegrunnlag=[
                Skattelinje(navn=navn, belop=int(belop), kategori=kategori)
                for navn, belop, kategori in (
                    ("innskudd", p["innskudd"], "formue"),
                    ("samledeOpptjenteRenterIInnenlandskeBanker", p["kapital"], "inntekt"),
                    ("formuesverdiForPrimaerbolig", p["formue_bolig"], "formue"),
                    ("samletGjeld", p["gjeld"], "formuesfradrag"),
                )
            ],
            **valg,
        )
