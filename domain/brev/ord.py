"""The words of letters, by kind and language, from ``ord.yaml``."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from domain.regler.satser import les_yaml

FELLES = "felles"
SLAG = ("vedtak", "varsel", "klageoversendelse")
_TILTALE: Mapping[tuple[str, bool], Mapping[str, str]] = {
    ("nb", False): {"du": "du", "Du": "Du", "deg": "deg", "deres": "din"},
    ("nb", True): {"du": "dere", "Du": "Dere", "deg": "dere", "deres": "deres"},
    ("nn", False): {"du": "du", "Du": "Du", "deg": "deg", "deres": "di"},
    ("nn", True): {"du": "de", "Du": "De", "deg": "dykk", "deres": "dykkar"},
    ("da", False): {"du": "du", "Du": "Du", "deg": "dig", "deres": "din"},
    ("da", True): {"du": "I", "Du": "I", "deg": "jer", "deres": "jeres"},
}
"""(language, more than one) → the forms of address."""


class ManglerSprak(ValueError):
    """Letters of this kind are not written in this language."""


@lru_cache
def _alle() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    ordene: Mapping[str, Mapping[str, Mapping[str, str]]] = les_yaml(
        files(__package__).joinpath("ord.yaml").read_text("utf-8"), "ord.yaml"
    )
    return ordene


def sprak_for(slag: str) -> frozenset[str]:
    """The languages that letters of this kind can be written in."""
    return frozenset.intersection(*(frozenset(o) for o in _alle()[slag].values()))


class Ord:
    """The words of one kind of letter in one language. ``flere``: the party is an organisation.

    Errors: ``ManglerSprak``.
    """

    def __init__(self, slag: str, sprak: str, *, flere: bool = False) -> None:
        if sprak not in sprak_for(slag):
            raise ManglerSprak(f"{slag} skrives ikke på {sprak}")
        self.sprak = sprak
        self._ord = {**_alle()[FELLES], **_alle()[slag]}
        self._tiltale = _TILTALE[sprak, flere]

    def __call__(self, navn: str, **verdier: str) -> str:
        """One piece of text, with what it is about put in."""
        return self._ord[navn][self.sprak].format_map({**self._tiltale, **verdier})

    @property
    def deg(self) -> str:
        return self._tiltale["deg"]
