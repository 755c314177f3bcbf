"""What startlån is called in letters. The municipality decides; the state's part of a loss is Husbanken's decision
towards the municipality."""

from domain.brev.myndighet import HUSBANKEN, KOMMUNEN
from domain.sak.brev import Brevord, Kodeord
from domain.startlan.koder import KODER, Kode

_MELDINGER = frozenset({"R00", "B00"})
"""A sum divided as the act says; a certificate that ran out on its own day."""


def _ord(k: Kode) -> Kodeord:
    til_kommunen = k.arsak in ("tap", "innfordring")
    return Kodeord(
        {"nb": k.nb, "nn": k.nn},
        k.hjemmel,
        HUSBANKEN if til_kommunen else KOMMUNEN,
        melding=k.kode in _MELDINGER,
        flere=til_kommunen,
    )


BREV = Brevord(ytelse={"nb": "startlån", "nn": "startlån"}, koder={k.kode: _ord(k) for k in KODER})
