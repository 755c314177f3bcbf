"""The letter about a control afterwards: one decision a month, and one letter about them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.brev.belop import i_sporet, kroner, tall_i
from domain.brev.dokument import Brev, Del, dato_tekst, maned_tekst
from domain.brev.maneder import Maned, maneder, summer, utfall
from domain.brev.ord import Ord
from domain.brev.vedtak import SLAG, Vedtak, grunner, hvem, klagedel, lov, mottaker, regnet, rettigheter
from domain.sak.ordning import Ordning


@dataclass(frozen=True, slots=True)
class Kontroll:
    """The decisions of one treatment, by month. ``fra``, ``til``: the first and last month that was controlled."""

    behandling: str
    fra: str
    til: str
    vedtak: Sequence[Vedtak]

    def maneder(self) -> list[Maned]:
        """What each decision moved in the ledger."""
        return [
            Maned(
                v.termin, v.belop - sum(b.belop for b in v.bokfort), v.belop, v.kode, v.regelversjon, v.spor
            )
            for v in self.vedtak
        ]


def dekning(ordning: Ordning, k: Kontroll) -> frozenset[Decimal]:
    """The amounts that the letter may state: the decisions', their ledger's and traces', and the sums of these."""
    alle = k.maneder()
    hver = [(m.for_, m.na, m.forskjell) for m in alle]
    i_spor = {b for v in k.vedtak for b in i_sporet(v.spor, ordning.valuta)}
    return frozenset(tall_i([hver, summer(alle), abs(summer(alle)[2])]) | i_spor)


def kontrollbrev(ordning: Ordning, k: Kontroll, sprak: str) -> Brev:
    """Errors: ``ManglerSprak``."""
    siste, alle = k.vedtak[-1], k.maneder()
    kode = ordning.brev.koder[siste.kode]
    ord_ = Ord(SLAG, sprak, flere=kode.flere)
    ytelse = ordning.brev.ytelse[sprak]
    periode = {"fra": maned_tekst(k.fra, sprak), "til": maned_tekst(k.til, sprak)}
    setninger = ordning.etterprov.begrunnelse(siste.spor, siste.regelversjon)[sprak]
    ny = [
        *utfall(alle[-1], kode, sprak),
        *grunner(ordning, setninger, siste.spor, kode, sprak),
        lov(ord_, kode),
    ]
    krav = any(b.krav and b.belop < 0 for v in k.vedtak for b in v.bokfort)
    deler = [
        maneder(ord_, alle),
        Del(ord_("hvorfor"), [ord_("ny", maned=maned_tekst(siste.termin, sprak)), *ny]),
        regnet(ordning, ord_, siste.spor),
        Del(ord_("kravet"), [ord_("kravet_betales")]) if krav else None,
        klagedel(ordning, ord_, siste, kode),
        rettigheter(ord_),
        Del(ord_("sporsmal"), [f"{kode.fra.sporsmal[sprak]} {ord_('oppgi')}"]),
    ]
    return Brev(
        slag=SLAG,
        sprak=sprak,
        tittel=ord_("for_perioden", tittel=ord_("tittel", ytelse=ytelse), **periode),
        avsender=kode.fra.navn[sprak],
        dato=siste.fattet.isoformat(),
        hode=[
            (ord_("dato"), dato_tekst(siste.fattet, sprak)),
            (ord_("sak"), siste.sak),
            (ord_("behandling"), k.behandling),
            *([(ord_("kommune"), siste.kommune)] if siste.kommune else []),
            (ord_("regler"), siste.regelversjon),
        ],
        innledning=[ord_("kontrollert", ytelse=ytelse, **periode), *_utfall(ord_, k, summer(alle)[2])],
        deler=[d for d in deler if d is not None],
        slutt=[hvem(ord_, siste, kode), ord_("hilsen", myndighet=kode.fra.navn[sprak])],
    )


def _utfall(ord_: Ord, k: Kontroll, sum_: int) -> list[str]:
    bokfort = [b for v in k.vedtak for b in v.bokfort]
    if sum_ < 0:
        return [ord_("for_mye", belop=kroner(-sum_))]
    if sum_ == 0:
        return []
    if any(b.krav for b in bokfort):  # an appeal that lessens the claim
        return [ord_("etterbetales", belop=kroner(sum_))]
    dag = dato_tekst(bokfort[-1].forfall, ord_.sprak)
    return [ord_("for_lite", belop=kroner(sum_), mottaker=mottaker(ord_, bokfort[-1]), dato=dag)]
