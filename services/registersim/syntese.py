"""People nobody registered: every valid synthetic number is somebody, always the same, without anything stored.

A number stands for the head of a household; members, dwelling and incomes follow from the number and the seed.  The
dwelling's cadastral number carries the head's number, so the search at a dwelling finds its people.
"""

from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from services.registersim.fnr import fodselsdato, lag_fnr, med_kontroll
from services.registersim.person import Inntektslinje, Matrikkelnummer, Person, Skattelinje, Utdanning

KOMMUNER = ("0301", "4601", "5001", "1103", "1108", "1508", "3411", "4204")
"""Municipalities that kept their number from 2020 on."""
_VOKSEN_AR = 18
_FORSTE_DAG = date(1900, 1, 1)
"""No number is of an earlier birth date."""
_I_DAG = date(2025, 1, 1)
"""Fixed, so that a person's income does not change with the calendar."""


class Husstand(NamedTuple):
    """``personer``: the head first."""

    personer: tuple[Person, ...]
    bolig: Matrikkelnummer


def bolig_til(fnr: str, kommunenummer: str) -> Matrikkelnummer:
    return Matrikkelnummer(kommunenummer=kommunenummer, gardsnummer=int(fnr[:5]), bruksnummer=int(fnr[5:9]))


def hode_i(gardsnummer: int, bruksnummer: int) -> str | None:
    """The number that a dwelling was made from; None when it was made from none."""
    if gardsnummer > 99_999 or bruksnummer > 9_999:
        return None
    fnr = med_kontroll(f"{gardsnummer:05d}{bruksnummer:04d}")
    return fnr if fnr is not None and fodselsdato(fnr) is not None else None


def husstand(fro: int, fnr: str) -> Husstand | None:
    """The household whose head has this number; None for a number that is not ours."""
    fodt = fodselsdato(fnr)
    if fodt is None:
        return None
    terning = _Terning(fro, fnr)
    bolig = bolig_til(fnr, KOMMUNER[terning.tall(len(KOMMUNER))])
    if (_I_DAG - fodt).days < _VOKSEN_AR * 365.25:
        return Husstand((Person(fnr=fnr, fodselsdato=fodt, bolig=bolig),), bolig)
    hode = _voksen(terning, fnr, fodt, bolig)
    slag = terning.tall(100)
    personer = [hode]
    foreldre = [fnr]
    if slag >= 75:
        partner_fodt = max(fodt + timedelta(days=terning.tall(1500) - 750), _FORSTE_DAG)
        partner = lag_fnr(partner_fodt, terning.tall(200), "nav")
        personer.append(_voksen(terning, partner, partner_fodt, bolig))
        foreldre.append(partner)
    if slag >= 60:
        for _ in range(1 + terning.tall(3)):
            barn_fodt = max(fodt + timedelta(days=20 * 365), date(2008, 1, 1)) + timedelta(
                days=terning.tall(5000)
            )
            if barn_fodt > date(2024, 12, 31) or (barn_fodt - fodt).days > 55 * 365:
                continue
            barn = lag_fnr(barn_fodt, terning.tall(200), "nav")
            if all(p.fnr != barn for p in personer):
                personer.append(Person(fnr=barn, fodselsdato=barn_fodt, bolig=bolig, foreldre=foreldre))
    return Husstand(tuple(personer), bolig)


def _voksen(terning: "_Terning", fnr: str, fodt: date, bolig: Matrikkelnummer) -> Person:
    alder = (_I_DAG - fodt).days // 365
    slag = terning.tall(100)
    belop = 8_000 + terning.tall(18_000)
    if alder >= 67:
        kode, belop = "alderspensjon", 15_000 + terning.tall(8_000)
    elif slag < 35:
        kode, belop = "ufoeretrygd", 17_000 + terning.tall(9_000)
    elif slag < 50:
        kode = "arbeidsavklaringspenger"
    elif slag < 58:
        kode = "dagpengerVedArbeidsloeshet"
    else:
        kode = "fastloenn"
    innskudd = terning.tall(60_000)
    return Person(
        fnr=fnr,
        fodselsdato=fodt,
        bolig=bolig,
        inntekter=[Inntektslinje(beskrivelse=kode, belop=belop)],
        skattegrunnlag=[
            Skattelinje(navn="innskudd", belop=innskudd, kategori="formue"),
            Skattelinje(
                navn="samledeOpptjenteRenterIInnenlandskeBanker", belop=innskudd // 50, kategori="inntekt"
            ),
        ],
        utdanninger=[Utdanning(fra=date(2021, 8, 1))] if alder < 30 and terning.tall(100) < 4 else [],
        nav_utbetalinger_per_maned=2
        if kode in {"arbeidsavklaringspenger", "dagpengerVedArbeidsloeshet"}
        else 0,
    )


class _Terning:
    """A short stream of numbers out of seed and identity number."""

    def __init__(self, fro: int, fnr: str) -> None:
        self._strom = int.from_bytes(blake2b(f"{fro}:{fnr}".encode(), digest_size=48).digest())

    def tall(self, under: int) -> int:
        self._strom, rest = divmod(self._strom, under)
        return rest
