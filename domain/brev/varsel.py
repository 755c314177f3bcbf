"""The notice before something is taken: what it is about, why, month by month, and how to answer
(forvaltningsloven § 16, Husbankens veileder 3.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.brev.belop import i_sporet, kroner, tall_i
from domain.brev.dokument import Brev, Del, Tabell, dato_tekst, maned_tekst
from domain.brev.maneder import Maned, maneder, summer, utfall
from domain.brev.ord import Ord
from domain.brev.vedtak import grunner, regnet, rettigheter
from domain.kalender import frist_etter
from domain.sak.ordning import Ordning
from domain.sak.varsel import SVARFRIST_DAGER

SLAG = "varsel"


@dataclass(frozen=True, slots=True)
class Varsel:
    """A notice as it stands stored, with the reckoning it was made on. ``fra``, ``til``: the first and last month of
    what was controlled; ``fra`` None: one month of it is to be changed. ``levert``, ``frist``: legal days, once it has
    been delivered. ``arsaker``: cause → kroner, all months together."""

    sak: str
    behandling: str
    fra: str | None
    til: str
    belop: int
    laget: date
    levert: date | None
    frist: date | None
    maneder: Sequence[Maned]
    arsaker: Mapping[str, int]
    kommune: str | None = None


def dekning(ordning: Ordning, v: Varsel) -> frozenset[Decimal]:
    """The amounts that the letter may state: the notice's, the months', their traces' and the causes'."""
    hver = [(m.for_, m.na, m.forskjell) for m in v.maneder]
    i_spor = {b for m in v.maneder for b in i_sporet(m.spor, ordning.valuta)}
    return frozenset(tall_i([v.belop, summer(v.maneder), hver, list(v.arsaker.values())]) | i_spor)


def varselbrev(ordning: Ordning, v: Varsel, sprak: str) -> Brev:
    """Errors: ``ManglerSprak``."""
    siste = v.maneder[-1]
    kode = ordning.brev.koder[siste.kode]
    ord_ = Ord(SLAG, sprak, flere=kode.flere)
    setninger = ordning.etterprov.begrunnelse(siste.spor, siste.regelversjon)[sprak]
    ny = [*utfall(siste, kode, sprak), *grunner(ordning, setninger, siste.spor, kode, sprak)]
    deler = [
        _arsaker(ordning, ord_, v.arsaker),
        maneder(ord_, v.maneder),
        Del(ord_("utregning"), [ord_("ny", maned=maned_tekst(siste.termin, sprak)), *ny]),
        regnet(ordning, ord_, siste.spor),
        Del(ord_("svar"), [_frist(ord_, v), ord_("hvordan")]),
        Del(ord_("etterpa"), [ord_("med_svar"), ord_("uten_svar")]),
        rettigheter(ord_),
        Del(ord_("sporsmal"), [f"{kode.fra.sporsmal[sprak]} {ord_('oppgi')}"]),
    ]
    return Brev(
        slag=SLAG,
        sprak=sprak,
        tittel=ord_("krav_tittel" if v.fra else "endring_tittel", ytelse=ordning.brev.ytelse[sprak]),
        avsender=kode.fra.navn[sprak],
        dato=v.laget.isoformat(),
        hode=[
            (ord_("dato"), dato_tekst(v.laget, sprak)),
            (ord_("sak"), v.sak),
            (ord_("behandling"), v.behandling),
            *([(ord_("kommune"), v.kommune)] if v.kommune else []),
            (ord_("regler"), siste.regelversjon),
        ],
        innledning=_innledning(ordning, ord_, v),
        deler=[d for d in deler if d is not None],
        slutt=[ord_("slutt"), ord_("hilsen", myndighet=kode.fra.navn[sprak])],
    )


def _innledning(ordning: Ordning, ord_: Ord, v: Varsel) -> list[str]:
    ytelse, til = ordning.brev.ytelse[ord_.sprak], maned_tekst(v.til, ord_.sprak)
    if v.fra is None:
        return [ord_("endres", ytelse=ytelse, maned=til, belop=kroner(v.belop)), ord_("ikke_bestemt")]
    fra = maned_tekst(v.fra, ord_.sprak)
    return [ord_("kontrollert", ytelse=ytelse, fra=fra, til=til, belop=kroner(v.belop)), ord_("krav")]


def _arsaker(ordning: Ordning, ord_: Ord, arsaker: Mapping[str, int]) -> Del | None:
    if not arsaker:
        return None
    return Del(ord_("arsaker"), tabell=arsakstabell(ordning, ord_, arsaker))


def arsakstabell(ordning: Ordning, ord_: Ord, arsaker: Mapping[str, int]) -> Tabell:
    """Causes of a difference, each with its kroner."""
    rader = [(ordning.brev.arsaker[a][ord_.sprak], kroner(kr)) for a, kr in arsaker.items()]
    return Tabell(ord_("tabell_arsaker"), [ord_("kolonne_arsak"), ord_("kolonne_virkning")], rader)


def _frist(ord_: Ord, v: Varsel) -> str:
    if v.levert and v.frist:
        levert, dato = dato_tekst(v.levert, ord_.sprak), dato_tekst(v.frist, ord_.sprak)
        return ord_("frist_levert", levert=levert, dato=dato)
    return ord_("frist", dato=dato_tekst(frist_etter(v.laget, SVARFRIST_DAGER), ord_.sprak))
