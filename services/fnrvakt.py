"""Identity numbers where none should be: in ids that a sender chose, in a trace."""

import re

from domain.person.fodselsnummer import UgyldigIdentitetsnummer, kontroller
from services.klokke import i_dag, na

_ELLEVE = re.compile(r"(?=([0-9]{11}))")


def inneholder(tekst: str) -> bool:
    """Does the text hold eleven digits in a row that are a valid identity number, synthetic ones too?"""
    return any(_er_fnr(treff[1]) for treff in _ELLEVE.finditer(tekst))


def uten(tekst: str) -> str:
    """The text with every such number replaced."""
    while (treff := next((t[1] for t in _ELLEVE.finditer(tekst) if _er_fnr(t[1])), None)) is not None:
        tekst = tekst.replace(treff, "<fnr>")
    return tekst


def _er_fnr(nummer: str) -> bool:
    try:
        kontroller(nummer, i_dag(na()), tillat_syntetiske=True)
    except UgyldigIdentitetsnummer:
        return False
    return True
