"""Bostøtte checked afterwards: decisions of every version of the rules reckoned again, and their reasons."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from domain.bostotte import beregning
from domain.bostotte.begrunnelse import begrunnelse
from domain.bostotte.fakta import fullfor
from domain.bostotte.lovinnhold import lovinnhold, lovinnhold_markdown
from domain.bostotte.maned import les_hode, regn
from domain.bostotte.regelsett import FORSTE_TERMIN, REGLER, SATSER
from domain.kommuner import gruppetabell
from domain.regler.termin import del_opp, forrige
from domain.sak.etterprov import Etterprov, Gjentatt, UkjentRegelversjon, kodeversjon


def _versjon(regelversjon: str) -> int:
    versjon = kodeversjon(regelversjon)
    if versjon > beregning.KODEVERSJON:
        raise UkjentRegelversjon(
            f"regelversjon: versjon {versjon} er nyere enn koden, som er {beregning.KODEVERSJON}"
        )
    return versjon


def gjenta(fakta: Sequence[dict[str, Any]], regelversjon: str) -> Sequence[Gjentatt]:
    """See ``Etterprov``."""
    if not fakta:
        return []
    regnet = regn(fakta, fakta[0]["termin"], _versjon(regelversjon))
    return [
        Gjentatt(kode, utfall, belop, regnet.regelversjon, spor)
        for kode, utfall, belop, spor in zip(
            regnet.kode, regnet.utfall, regnet.belop, regnet.spor, strict=True
        )
    ]


def sporverdier(spor: bytes) -> Mapping[str, float]:
    """The values of a compact trace by rule, as float64.  Errors: ``SporAvvik``."""
    termin, versjon, verdier = les_hode(spor)
    navn = [r.navn for r in beregning.plan(termin, versjon).regler if r.niva == "husstand"]
    return dict(zip(navn, np.frombuffer(verdier).tolist(), strict=False))


def _begrunnelse(spor: Sequence[dict[str, Any]], regelversjon: str) -> Mapping[str, Sequence[str]]:
    linjer = {linje["navn"]: linje for linje in spor}
    dato = next(linje["inn"]["situasjonsdato"] for linje in spor if "situasjonsdato" in linje["inn"])
    satser = beregning.sporbygger(dato[:7], _versjon(regelversjon)).satser
    setninger = begrunnelse({"kode": linjer["kode"]["verdi"], "spor": spor, "satser": satser})
    return {str(sprak): liste for sprak, liste in setninger.items()}


def perioder() -> Sequence[str]:
    """Where a rule's form, a rate or the municipalities' groups change."""
    fra = {v.fra for s in SATSER.values() for v in s.i_versjon()}
    mulige = {*REGLER.grenser(), *(f"{d.year:04d}-{d.month:02d}" for d in fra), *_kommuneskifter()}
    return sorted(t for t in mulige if t >= FORSTE_TERMIN)


def _kommuneskifter() -> set[str]:
    """Januaries in which numbers or groups change."""
    siste = max(v.fra.year for s in SATSER.values() for v in s.i_versjon()) + 1
    terminer = (f"{ar:04d}-01" for ar in range(int(FORSTE_TERMIN[:4]) + 1, siste))
    return {
        t
        for t in terminer
        if not np.array_equal(
            gruppetabell(date(*del_opp(t), 1)),
            gruppetabell(date(*del_opp(forrige(t)), 1)),
        )
    }


ETTERPROV = Etterprov(
    fullfor=lambda fakta: dict(fullfor(fakta)),
    gjenta=gjenta,
    sporverdier=sporverdier,
    begrunnelse=_begrunnelse,
    perioder=perioder,
    regelversjon=beregning.regelversjon,
    lovinnhold=lovinnhold,
    lovinnhold_markdown=lovinnhold_markdown,
)
