"""Account numbers and KID with their control digits. The accounts here are synthetic: nobody's."""

import hashlib

from services.innstillinger import innstillinger

_VEKTER = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_BANK = "9999"
"""Register number of no bank that pays [A]"""


class KontoMangler(RuntimeError):
    """No account register is connected."""


def kontrollsiffer(ti_sifre: str) -> str | None:
    """The eleventh digit of a Norwegian account number, modulo 11; None when there is none."""
    rest = -sum(v * int(s) for v, s in zip(_VEKTER, ti_sifre, strict=True)) % 11
    return None if rest == 10 else str(rest)


def konto_til(eier: bytes) -> str:
    """The synthetic account of a case or a municipality: the same for the same owner.

    Raises KontoMangler in production, where accounts come from a register of payees.
    """
    if innstillinger().miljo == "prod":
        raise KontoMangler("utbetaling: kontoregister er ikke koblet til")
    for forsok in range(20):
        tall = int.from_bytes(hashlib.blake2b(eier + bytes([forsok]), digest_size=8).digest()) % 10**6
        if (siffer := kontrollsiffer(ti := f"{_BANK}{tall:06d}")) is not None:
            return ti + siffer
    raise AssertionError("unreachable: one in eleven has no control digit")


def kid(nummer: int) -> str:
    """A KID of twelve digits and a control digit modulo 10 (Luhn)."""
    sifre = f"{nummer % 10**12:012d}"
    sum_ = 0
    for i, s in enumerate(reversed(sifre)):
        dobbelt = int(s) * (2 if i % 2 == 0 else 1)
        sum_ += dobbelt // 10 + dobbelt % 10
    return sifre + str(-sum_ % 10)
