"""The letter about a decision: what was decided, why with law and numbers, and what the party can do
(forvaltningsloven §§ 23 to 27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.brev.belop import finn, i_sporet, kroner, penger, tall_i
from domain.brev.dokument import Brev, Del, Tabell, dato_tekst, maned_tekst
from domain.brev.ord import Ord
from domain.klage.frist import klagefrist
from domain.sak.brev import Kodeord
from domain.sak.ordning import Ordning

Linje = dict[str, Any]
SLAG = "vedtak"
MASKIN = "system"
"""Who decided, when nobody did."""
_SIKRE = ("V", "V2")


@dataclass(frozen=True, slots=True)
class Bokfort:
    """A row of the ledger of payments. ``krav``: it is part of a claim."""

    belop: int
    forfall: date
    mottaker: str
    krav: bool = False


@dataclass(frozen=True, slots=True)
class Vedtak:
    """A decision as it stands stored, its trace whole. ``fattet``: the legal day. ``erstatter``: day and kroner of the
    decision that it replaces. ``kommune``: name, None where it is not to be told. ``arsak``: of the treatment;
    ``endelig``: it carries out what the last instance has decided."""

    sak: str
    id: str
    termin: str
    kode: str
    belop: int
    regelversjon: str
    fattet: date
    fattet_av: str
    attestert_av: str | None
    spor: Sequence[Linje]
    kommune: str | None = None
    bokfort: Sequence[Bokfort] = ()
    erstatter: tuple[date, int] | None = None
    arsak: str = "soknad"
    endelig: bool = False


def dekning(ordning: Ordning, v: Vedtak) -> frozenset[Decimal]:
    """The amounts that the letter may state: those of the trace, the decision, the ledger and what is replaced."""
    egne = [v.belop, *(b.belop for b in v.bokfort), *(-b.belop for b in v.bokfort)]
    for_ = [v.erstatter[1]] if v.erstatter else []
    return frozenset(i_sporet(v.spor, ordning.valuta) | tall_i([*egne, *for_]))


def vedtaksbrev(ordning: Ordning, v: Vedtak, sprak: str) -> Brev:
    """Errors: ``ManglerSprak``."""
    kode = ordning.brev.koder[v.kode]
    ord_ = Ord(SLAG, sprak, flere=kode.flere)
    setninger = ordning.etterprov.begrunnelse(v.spor, v.regelversjon)[sprak]
    deler = [
        _utbetaling(ord_, v),
        Del(ord_("hvorfor"), [*grunner(ordning, setninger, v.spor, kode, sprak), lov(ord_, kode)]),
        regnet(ordning, ord_, v.spor) if v.belop or any(finn(s) for s in setninger) else None,
        klagedel(ordning, ord_, v, kode),
        rettigheter(ord_),
        Del(ord_("sporsmal"), [f"{kode.fra.sporsmal[sprak]} {ord_('oppgi')}"]),
    ]
    return Brev(
        slag=SLAG,
        sprak=sprak,
        tittel=_tittel(ordning, ord_, v, kode),
        avsender=kode.fra.navn[sprak],
        dato=v.fattet.isoformat(),
        hode=_hode(ord_, v),
        innledning=_innledning(ordning, ord_, v, kode),
        deler=[d for d in deler if d is not None],
        slutt=[hvem(ord_, v, kode), ord_("hilsen", myndighet=kode.fra.navn[sprak])],
    )


def _tittel(ordning: Ordning, ord_: Ord, v: Vedtak, kode: Kodeord) -> str:
    tittel = ord_("melding" if kode.melding else "tittel", ytelse=ordning.brev.ytelse[ord_.sprak])
    if ordning.manedlig is None:
        return tittel
    return ord_("for_maned", tittel=tittel, maned=maned_tekst(v.termin, ord_.sprak))


def _hode(ord_: Ord, v: Vedtak) -> list[tuple[str, str]]:
    return [
        (ord_("dato"), dato_tekst(v.fattet, ord_.sprak)),
        (ord_("sak"), v.sak),
        (ord_("nummer"), v.id),
        *([(ord_("kommune"), v.kommune)] if v.kommune else []),
        (ord_("regler"), v.regelversjon),
    ]


def _innledning(ordning: Ordning, ord_: Ord, v: Vedtak, kode: Kodeord) -> list[str]:
    ut = [kode.tekst[ord_.sprak]]
    if v.belop:
        belop, maned = kroner(v.belop), maned_tekst(v.termin, ord_.sprak)
        gis = ordning.brev.gis
        ut[0] += " " + (
            gis[ord_.sprak].format(belop=belop, maned=maned) if gis else ord_("belopet", belop=belop)
        )
    if v.erstatter:
        dag, for_ = v.erstatter
        ut.append(ord_("erstatter", dato=dato_tekst(dag, ord_.sprak), belop=kroner(for_)))
    return ut


def _utbetaling(ord_: Ord, v: Vedtak) -> Del | None:
    linjer = [_betaling(ord_, b) for b in v.bokfort]
    return Del(ord_("utbetaling"), linjer) if linjer else None


def _betaling(ord_: Ord, b: Bokfort) -> str:
    belop, dag = kroner(abs(b.belop)), dato_tekst(b.forfall, ord_.sprak)
    if b.krav:
        return ord_("kreves" if b.belop < 0 else "etterbetales", belop=belop)
    if b.belop < 0:
        return ord_("trekkes", belop=belop, dato=dag)
    return ord_("betales", belop=belop, mottaker=mottaker(ord_, b), dato=dag)


def mottaker(ord_: Ord, b: Bokfort) -> str:
    """The municipality by name, the party by address."""
    return ord_("kommunen") if b.mottaker == "kommune" else ord_.deg


def lov(ord_: Ord, kode: Kodeord) -> str:
    """The law that the outcome rests on."""
    return ord_("melding_bygger_pa" if kode.melding else "bygger_pa", hjemmel=kode.hjemmel)


def grunner(
    ordning: Ordning, setninger: Sequence[str], spor: Sequence[Linje], kode: Kodeord, sprak: str
) -> list[str]:
    """The scheme's reasons, without what is said elsewhere: the code's own sentence, and lines of the table."""
    rader = [li["tekst"][sprak].rstrip(".") for li in spor if penger(li, ordning.valuta)]
    sagt = {kode.tekst[sprak].rstrip("."), *rader}
    med_belop = tuple(f"{rad}: " for rad in rader)
    return [
        s if s.endswith((".", ")")) else f"{s}."
        for s in setninger
        if s.rstrip(".") not in sagt and not s.startswith(med_belop)
    ]


def regnet(ordning: Ordning, ord_: Ord, spor: Sequence[Linje]) -> Del | None:
    """Every amount of the trace that is not zero, in the order it was reckoned, with what it rests on."""
    rader = []
    for li in spor:
        belop = penger(li, ordning.valuta)
        if any(belop) and not isinstance(li["verdi"], list):
            usikker = any(s["sikkerhet"] not in _SIKRE for s in li["satser"].values() if isinstance(s, dict))
            tekst = li["tekst"][ord_.sprak].rstrip(".") + "."
            rader.append(
                (
                    ord_("ubekreftet", tekst=tekst) if usikker else tekst,
                    _per(ord_, kroner(belop[0]), li["enhet"]),
                    li["hjemmel"],
                )
            )
    if not rader:
        return None
    kolonner = [ord_("kolonne_hva"), ord_("kolonne_belop"), ord_("kolonne_lov")]
    return Del(ord_("regnet"), tabell=Tabell(ord_("tabell"), kolonner, rader))


def _per(ord_: Ord, belop: str, enhet: str) -> str:
    navn = {"kr/år": "i_aret", "kr/md": "i_maneden"}.get(enhet)
    return ord_(navn, belop=belop) if navn else belop


def klagedel(ordning: Ordning, ord_: Ord, v: Vedtak, kode: Kodeord) -> Del:
    """The right to appeal, or why there is none here and what can be done instead."""
    navn = kode.fra.navn[ord_.sprak]
    if kode.melding:
        return Del(ord_("feil"), [ord_("feil_i_melding", myndighet=navn)])
    if v.endelig:
        return Del(ord_("feil"), [ord_("endelig")])
    if ordning.paklages is not None and v.arsak not in ordning.paklages:
        return Del(ord_("feil"), [ord_("folger", myndighet=navn)])
    if kode.fra.klage is None:
        return Del(ord_("klage"), [ord_("ukjent_klagevei")])
    return Del(
        ord_("klage"),
        [
            ord_("klagefrist", dato=dato_tekst(klagefrist(v.fattet), ord_.sprak)),
            kode.fra.klage[ord_.sprak],
            ord_("klage_hvordan"),
            ord_("klage_sent"),
            ord_("utsettes"),
        ],
    )


def rettigheter(ord_: Ord) -> Del:
    """To see, to be helped, to be guided, to have errors put right."""
    navn = ("innsyn", "fullmektig", "veiledning", "retting")
    return Del(ord_("rettigheter"), punkter=[ord_(n) for n in navn])


def hvem(ord_: Ord, v: Vedtak, kode: Kodeord) -> str:
    """A program, one person or two."""
    if v.fattet_av == MASKIN:
        return ord_("melding_automatisk" if kode.melding else "automatisk")
    if v.attestert_av:
        return ord_("av_to", forste=v.fattet_av, andre=v.attestert_av)
    return ord_("av_en", forste=v.fattet_av)
