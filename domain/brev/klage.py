"""The statement to the instance that has the last word: the decision, the appeal in its own words, what it comes to
when it is reckoned again, and what whoever decided says (forvaltningsloven § 33)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.brev.belop import hold_sammen, kroner, tall_i
from domain.brev.dokument import Brev, Del, Sitat, dato_tekst, maned_tekst
from domain.brev.ord import Ord
from domain.brev.varsel import arsakstabell
from domain.brev.vedtak import Vedtak, grunner, regnet
from domain.sak.ordning import Ordning

SLAG = "klageoversendelse"


@dataclass(frozen=True, slots=True)
class Klage:
    """An appeal that is upheld. ``vedtak``: the decision that stands. ``kom``, ``fremsatt``: legal days.
    ``rettidighet``: of ``Rettidighet``. ``provd``: the decision was seen side by side; ``pa_nytt``: then kroner by the
    facts as they were known and the decision's rules, None when it could not be reckoned. ``kjente_tall``: facts and
    traces that a statement may quote from."""

    sak: str
    behandling: str
    vedtak: Vedtak
    kom: date
    fremsatt: date | None
    rettidighet: str
    tekst: Sequence[str]
    forsinkelse: Sequence[str]
    dokumenter: Sequence[tuple[str, str]]
    innstilling: str | None
    uttalelse: str
    avgitt: date
    avgitt_av: str
    provd: bool
    pa_nytt: int | None
    arsaker: Mapping[str, int] = field(default_factory=dict)
    kjente_tall: Any = None


def dekning(_ordning: Ordning, k: Klage) -> frozenset[Decimal]:
    """The amounts that the letter may state: whatever stands in the facts and traces of the decision and of the month
    reckoned again. What others are quoted for is their own."""
    andre = [k.vedtak.belop, k.pa_nytt, list(k.arsaker.values())]
    return frozenset(tall_i([*andre, list(k.vedtak.spor), k.kjente_tall]))


def oversendelse(ordning: Ordning, k: Klage, sprak: str) -> Brev:
    """Errors: ``ManglerSprak``."""
    v = k.vedtak
    kode = ordning.brev.koder[v.kode]
    ord_ = Ord(SLAG, sprak, flere=kode.flere)
    setninger = ordning.etterprov.begrunnelse(v.spor, v.regelversjon)[sprak]
    ytelse = ordning.brev.ytelse[sprak]
    hva = f"{ytelse} for {maned_tekst(v.termin, sprak)}" if ordning.manedlig else ytelse
    instans = (kode.fra.instans or {})[sprak]
    ga = ord_("ga", tekst=kode.tekst[sprak], belop=kroner(v.belop))
    deler = [
        Del(ord_("vedtaket"), [ga, *grunner(ordning, setninger, v.spor, kode, sprak)]),
        regnet(ordning, ord_, v.spor),
        _klagen(ord_, k),
        Del(ord_("innstilling"), sitater=[Sitat(ord_("kommunen"), hold_sammen(k.innstilling))])
        if k.innstilling
        else None,
        _pa_nytt(ordning, ord_, k),
        Del(ord_("uttalelse"), hold_sammen(k.uttalelse).split("\n")),
    ]
    return Brev(
        slag=SLAG,
        sprak=sprak,
        tittel=ord_("tittel", ytelse=ytelse),
        avsender=kode.fra.navn[sprak],
        dato=k.avgitt.isoformat(),
        hode=[
            (ord_("til"), instans),
            (ord_("dato"), dato_tekst(k.avgitt, sprak)),
            (ord_("sak"), k.sak),
            *([(ord_("kommune"), v.kommune)] if v.kommune else []),
            (ord_("regler"), v.regelversjon),
        ],
        innledning=[ord_("innledning", dato=dato_tekst(v.fattet, sprak), ytelse=hva, instans=instans)],
        deler=[d for d in deler if d is not None],
        slutt=[
            ord_("av", aktor=k.avgitt_av),
            ord_("kopi"),
            ord_("hilsen", myndighet=kode.fra.navn[sprak]),
        ],
    )


def _klagen(ord_: Ord, k: Klage) -> Del:
    kom = (
        ord_("fremsatt", dato=dato_tekst(k.fremsatt, ord_.sprak))
        if k.fremsatt
        else ord_("kom", dato=dato_tekst(k.kom, ord_.sprak))
    )
    return Del(
        ord_("klagen"),
        [f"{kom} {ord_(k.rettidighet)}"],
        punkter=[ord_("vedlagt", slag=s, referanse=r) for s, r in k.dokumenter],
        sitater=[
            *(Sitat(ord_("klageren"), hold_sammen(t)) for t in k.tekst),
            *(Sitat(ord_("forsinkelsen"), hold_sammen(t)) for t in k.forsinkelse),
        ],
    )


def _pa_nytt(ordning: Ordning, ord_: Ord, k: Klage) -> Del | None:
    if not k.provd:
        return None
    if k.pa_nytt is None:
        return Del(ord_("pa_nytt"), [ord_("kunne_ikke")])
    navn = "samme" if k.pa_nytt == k.vedtak.belop else "annet"
    tabell = arsakstabell(ordning, ord_, k.arsaker) if k.arsaker and ordning.brev.arsaker else None
    return Del(ord_("pa_nytt"), [ord_(navn, belop=kroner(k.pa_nytt))], tabell=tabell)
