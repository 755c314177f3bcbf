"""What a commitment to almene boliger is called in letters, in Danish. Where an appeal goes is not in our sources."""

from domain.almenbolig import SPROG
from domain.almenbolig.etterprov import KODER
from domain.almenbolig.regelsett import LOV
from domain.sak.brev import Brevord, Kodeord, Myndighet

KOMMUNEN = Myndighet(
    navn={SPROG: "kommunen"},
    klage=None,
    instans=None,
    sporsmal={SPROG: "Kontakt kommunen."},
)
_AFGORELSER = frozenset({"D01", "D02", "D03"})
"""Skema A, B and C: what the municipality decides. The other steps are booked."""

BREV = Brevord(
    ytelse={SPROG: "støtte til almene boliger"},
    koder={
        kode: Kodeord({SPROG: tekst}, f"{LOV} § 130", KOMMUNEN, melding=kode not in _AFGORELSER, flere=True)
        for kode, _, tekst in KODER.values()
    },
)
