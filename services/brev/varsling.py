"""A notice read back: its row, and the reckoning it was made on, done again on the same answers."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from domain.brev.maneder import Maned
from domain.brev.varsel import Varsel
from domain.klage.sammenstilling import Side, etter, forklar
from domain.sak.kjede import kanonisk
from domain.sak.ordning import Avgjorelse, Fakta
from schemas.saker import HandlingInn
from services.brev.sak import FinnesIkke, KanIkkeLages, Sak
from services.klokke import i_dag
from services.lager import saker, vedtak
from services.lager.saker import LastSak
from services.motor import forslag, ugunst
from services.motor.avgjorelse import Opplysninger, aad, fold_ut, grunnlag, les_tidligere
from services.motor.forslag import Handling
from services.problem import Problem
from services.tilgang.aktor import systemaktor


def les_varsel(sak: Sak, behandling_id: UUID, tid: datetime) -> tuple[UUID, Varsel]:
    """The newest notice of a treatment, with its row's id. Under the case's lock.

    Errors: ``FinnesIkke``; ``KanIkkeLages`` when the answers no longer come to what it says.
    """
    last = saker.las(sak.forbindelse, sak.id)
    b = saker.behandling(sak.forbindelse, sak.id, behandling_id)
    rad = ugunst.siste_varsel(sak.forbindelse, behandling_id) if b else None
    if b is None or rad is None:
        raise FinnesIkke
    h = Handling(sak.forbindelse, sak.ordning, last, b, HandlingInn(), systemaktor(), tid)
    opp, _ = forslag.les(h)
    try:
        nye = _nye(h, opp)
    except Problem as feil:
        raise KanIkkeLages(feil.detalj or feil.tittel) from None
    if -sum(m.forskjell for m, *_ in nye) != rad.belop:
        raise KanIkkeLages("Regnestykket er et annet nå enn da varselet ble laget.")
    kontroll = sak.ordning.etterkontroller.get(b.arsak)
    laget = i_dag(rad.laget)
    return rad.id, Varsel(
        sak=str(sak.id),
        behandling=str(b.id),
        fra=kontroll.terminer(b.termin)[0] if kontroll else None,
        til=b.termin,
        belop=rad.belop,
        laget=laget,
        levert=i_dag(rad.levert) if rad.levert else None,
        # Who answered before the delivery was reported has no deadline left, and none that the letter should tell.
        frist=i_dag(rad.frist) if rad.frist and rad.frist != rad.levert else None,
        maneder=[m for m, *_ in nye],
        arsaker=_arsaker(h, nye),
        kommune=sak.kommune(laget),
    )


def _nye(h: Handling, opp: Opplysninger) -> list[tuple[Maned, Fakta, Avgjorelse]]:
    """The months that come out otherwise, in order. Errors: ``Problem``."""
    if forslag.er_kontroll(h):
        return [
            (_maned(m.termin, m.tidligere.betalt, m.fakta, m.avgjort), m.fakta, m.avgjort)
            for m in forslag.oppgjor(h, opp).maneder
        ]
    fakta = grunnlag(h.ordning, opp, med_overstyring=True).fakta
    avgjort = forslag.avgjort(h.ordning, opp, fakta)
    par = (h.sak.id, h.behandling.termin)
    star = les_tidligere(h.forbindelse, [par], las=False)[par].star or 0
    return [(_maned(h.behandling.termin, star, fakta, avgjort), fakta, avgjort)]


def _maned(termin: str, for_: int, fakta: Fakta, g: Avgjorelse) -> Maned:
    spor = orjson.loads(fold_ut(kanonisk(fakta), g.spor))
    return Maned(termin, for_, g.belop, g.kode, g.regelversjon, spor)


def _arsaker(h: Handling, nye: list[tuple[Maned, Fakta, Avgjorelse]]) -> dict[str, int]:
    """Cause → kroner over all the months, against the decisions that stand."""
    terminer = [m.termin for m, *_ in nye]
    star = {r.termin: r for r in vedtak.nyeste(h.forbindelse, h.sak.id, terminer)}
    summer: Counter[str] = Counter()
    for m, fakta, avgjort in nye:
        if (rad := star.get(m.termin)) is not None:
            for_ = etter(h.ordning, _fakta(h.sak, rad), rad.regelversjon)
            summer.update(forklar(h.ordning, for_, Side(fakta, avgjort)))
    return {arsak: kroner for arsak, kroner in summer.items() if kroner}


def _fakta(sak: LastSak, rad: Any) -> Fakta:
    fakta: Fakta = orjson.loads(sak.nokkel.apne(rad.fakta, aad(rad.id, "fakta")))
    return fakta
