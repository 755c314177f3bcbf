"""Norwegian identity numbers: form and control digits, and nothing else.

Sex, birth date and century are facts of Folkeregisteret and are never read out of the number: from 2032 it
does not hold them (Skatteetaten, "Nytt fødselsnummer fra 2032"). Day and month are looked at as a form only,
to tell what kind of number it is.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

NY_KONTROLL_FRA = date(2032, 1, 1)
"""From this date four values of the first control digit are valid: the weighted sum with the digit itself,
modulo 11, may be 0, 1, 2 or 3; the second is unchanged; both numbers that exist and new ones are valid side
by side. Source: Skatteetaten, folkeregisteret-api-dokumentasjon, "Nytt fødselsnummer fra 2032" (decided; in
which order the new numbers are handed out is not, and does not matter here). The page's three examples are in
the tests."""

_TALL = re.compile(r"[0-9]{11}")


@dataclass(frozen=True, slots=True)
class Identitetsnummer:
    """A number whose form and control digits hold. ``repr`` does not show it."""

    nummer: str
    art: Literal["fnr", "dnr"]
    syntetisk: bool

    def __repr__(self) -> str:
        return f"Identitetsnummer({self.art}, syntetisk={self.syntetisk})"


class UgyldigIdentitetsnummer(ValueError):
    """``kode``: lengde, oppbygning, kontrollsiffer or syntetisk. The message never holds the number."""

    def __init__(self, kode: Literal["lengde", "oppbygning", "kontrollsiffer", "syntetisk"]) -> None:
        self.kode = kode
        super().__init__(_MELDINGER[kode])


_MELDINGER = {
    "lengde": "identitetsnummeret må ha 11 sifre",
    "oppbygning": "identitetsnummeret er verken et fødselsnummer eller et d-nummer",
    "kontrollsiffer": "identitetsnummeret har feil kontrollsiffer",
    "syntetisk": "syntetiske identitetsnumre godtas ikke her",
}


def kontroller(nummer: str, dato: date, tillat_syntetiske: bool) -> Identitetsnummer:
    """Check ``nummer`` by the rule in force on ``dato``; raise ``UgyldigIdentitetsnummer``.

    D-number: day + 40. Synthetic: month + 80 (Skatteetaten, Tenor testdata) or month + 40 (NAV, Dolly; the
    same form as the health sector's h-numbers, which are no identity numbers here). Other month offsets are
    refused: + 60 marks NAV's internal npid, and no source was found for + 65.
    """
    if not _TALL.fullmatch(nummer):
        raise UgyldigIdentitetsnummer("lengde")
    dag, maned = int(nummer[:2]), int(nummer[2:4])
    d_nummer, syntetisk = dag > 40, maned > 40
    if not (1 <= dag - 40 * d_nummer <= 31 and (1 <= maned <= 12 or 41 <= maned <= 52 or 81 <= maned <= 92)):
        raise UgyldigIdentitetsnummer("oppbygning")
    if not _kontrollsifre_holder(nummer, dato):
        raise UgyldigIdentitetsnummer("kontrollsiffer")
    if syntetisk and not tillat_syntetiske:
        raise UgyldigIdentitetsnummer("syntetisk")
    return Identitetsnummer(nummer, "dnr" if d_nummer else "fnr", syntetisk)


def _kontrollsifre_holder(nummer: str, dato: date) -> bool:
    """The digits themselves are python-stdnum's; its ``validate`` reads a birth date and refuses all but
    plain ones.
    """
    if nummer[10] != calc_check_digit2(nummer):
        return False
    k1 = int(calc_check_digit1(nummer))
    gyldige = {(k1 + rest) % 11 for rest in range(4)} if dato >= NY_KONTROLL_FRA else {k1}
    return int(nummer[9]) in gyldige
