"""Letters written from the rows that are stored, opened with the case's key."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.brev import klage as klagebrev
from domain.brev import kontroll as kontrollbrev
from domain.brev import varsel as varselbrev
from domain.brev import vedtak as vedtaksbrev
from domain.brev.ord import sprak_for
from domain.klage.sammenstilling import etter
from domain.sak.etterkontroll import Etterkontroll
from domain.sak.forlop import Merke
from domain.sak.kjede import kanonisk
from schemas.klage import Revurdering
from services.brev.gjengi import settbart
from services.brev.sak import FinnesIkke, Sak, Skrevet
from services.brev.varsling import les_varsel
from services.klage import kunnskap
from services.klage.revurdering import sammenstill
from services.klokke import i_dag
from services.lager import hendelser, opplysninger
from services.motor import ugunst
from services.motor.avgjorelse import apne_vedtak, fold_ut
from services.problem import Problem

Slag = Literal["vedtak", "varsel", "klageoversendelse"]
Uttalelse = tuple[str, str]
"""(words, who gives them)"""


class UkjentSprak(ValueError):
    """The letter is not written in the language asked for. ``mulige``: those that it is."""

    def __init__(self, mulige: list[str]) -> None:
        super().__init__(", ".join(mulige))
        self.mulige = mulige


def skriv(
    sak: Sak, slag: Slag, gjelder: UUID, sprak: str | None, tid: datetime, uttalelse: Uttalelse | None = None
) -> Skrevet:
    """The letter about a decision (``gjelder``: its id), a notice or a statement (the treatment's). ``sprak`` None:
    the case's own. ``uttalelse``: the statement in other words, and whose.

    Errors: ``FinnesIkke``, ``KanIkkeLages``, ``UkjentSprak``.
    """
    return _SLAG[slag](sak, gjelder, sprak, tid, uttalelse)


def _sprak(sak: Sak, slag: Slag, onsket: str | None, termin: str, tid: datetime) -> str:
    """The language asked for, else that of the application, else the scheme's first."""
    mulige = [s for s in sak.ordning.sprak if s in sprak_for(slag)]
    if onsket is None:
        soknad = kunnskap.soknad(sak.forbindelse, sak.ordning, sak.id, sak.nokkel, termin, tid) or {}
        valgt = soknad.get("sprak")
        onsket = valgt if valgt in mulige else next(iter(mulige), None)
    if onsket not in mulige:
        raise UkjentSprak(mulige)
    return onsket


_VEDTAK = text("""
    SELECT v.id, v.behandling_id, v.termin, v.kode, v.belop, v.regelversjon, v.fattet, v.fattet_av, v.attestert_av,
           v.fakta, v.spor, f.belop AS for_belop, f.fattet AS for_fattet, b.arsak, b.merker,
           b.termin AS periode
    FROM vedtak v JOIN behandling b ON b.id = v.behandling_id LEFT JOIN vedtak f ON f.id = v.erstatter
             AND NOT vedtak_usluppet(f.sak_id, f.id)  -- else nobody was told of it
    WHERE v.id = :id AND v.sak_id = :sak_id
""")
# What the decision itself booked: what is moved in the ledger later is not its doing.
_BOKFORT = text("""
    SELECT u.belop, u.forfall, u.mottaker, u.tilbakekrav_id IS NOT NULL AS krav
    FROM utbetaling u JOIN vedtak v ON v.id = u.vedtak_id AND u.laget = v.fattet
    WHERE v.id = :id ORDER BY u.forfall, u.id
""")


def _les_vedtak(sak: Sak, id_: UUID) -> tuple[Any, vedtaksbrev.Vedtak]:
    rad: Any = sak.forbindelse.execute(_VEDTAK, {"id": id_, "sak_id": sak.id}).one_or_none()
    if rad is None:
        raise FinnesIkke
    _, spor = apne_vedtak(sak.nokkel, rad.id, rad.fakta, rad.spor)
    fattet = i_dag(rad.fattet)
    return rad, vedtaksbrev.Vedtak(
        sak=str(sak.id),
        id=str(rad.id),
        termin=rad.termin,
        kode=rad.kode,
        belop=rad.belop,
        regelversjon=rad.regelversjon,
        fattet=fattet,
        fattet_av=rad.fattet_av,
        attestert_av=rad.attestert_av,
        spor=orjson.loads(spor),
        kommune=sak.kommune(fattet),
        bokfort=[vedtaksbrev.Bokfort(*b) for b in sak.forbindelse.execute(_BOKFORT, {"id": rad.id})],
        erstatter=(i_dag(rad.for_fattet), rad.for_belop) if rad.for_fattet else None,
        arsak=rad.arsak,
        endelig=Merke.NEMNDA in rad.merker,
    )


_KONTROLLENS = text("""
    SELECT id FROM vedtak WHERE behandling_id = :behandling AND sak_id = :sak_id ORDER BY termin
""")


def _vedtak(sak: Sak, id_: UUID, sprak: str | None, tid: datetime, _: Uttalelse | None) -> Skrevet:
    rad, v = _les_vedtak(sak, id_)
    if (kontroll := sak.ordning.etterkontroller.get(rad.arsak)) is not None:
        return _kontroll(sak, rad, kontroll, sprak, tid)
    brev = vedtaksbrev.vedtaksbrev(sak.ordning, v, _sprak(sak, "vedtak", sprak, v.termin, tid))
    return Skrevet(brev, vedtaksbrev.dekning(sak.ordning, v), rad.behandling_id, rad.id)


def _kontroll(sak: Sak, rad: Any, kontroll: Etterkontroll, sprak: str | None, tid: datetime) -> Skrevet:
    """One letter about every month that the control decided, whichever of them it is asked for by."""
    valg = {"behandling": rad.behandling_id, "sak_id": sak.id}
    alle = [_les_vedtak(sak, id_)[1] for id_ in sak.forbindelse.scalars(_KONTROLLENS, valg).all()]
    fra = kontroll.terminer(rad.periode)[0]
    k = kontrollbrev.Kontroll(str(rad.behandling_id), fra, rad.periode, alle)
    brev = kontrollbrev.kontrollbrev(sak.ordning, k, _sprak(sak, "vedtak", sprak, rad.periode, tid))
    return Skrevet(brev, kontrollbrev.dekning(sak.ordning, k), rad.behandling_id, rad.behandling_id)


def _varsel(sak: Sak, behandling: UUID, sprak: str | None, tid: datetime, _: Uttalelse | None) -> Skrevet:
    id_, v = les_varsel(sak, behandling, tid)
    brev = varselbrev.varselbrev(sak.ordning, v, _sprak(sak, "varsel", sprak, v.til, tid))
    return Skrevet(brev, varselbrev.dekning(sak.ordning, v), behandling, id_)


_SAGT = text("""
    SELECT id, seq, tid, kanonisk, innhold FROM hendelse
    WHERE sak_id = :sak_id AND behandling_id = :behandling AND type = :type ORDER BY seq DESC LIMIT 1
""")


def _sagt(sak: Sak, behandling: UUID, type_: str) -> Any | None:
    """The newest event of this type in a treatment."""
    valg = {"sak_id": sak.id, "behandling": behandling, "type": type_}
    return sak.forbindelse.execute(_SAGT, valg).one_or_none()


def _begrunnelse(sak: Sak, rad: Any) -> str:
    return str(orjson.loads(hendelser.apne(sak.nokkel, sak.id, rad.seq, rad.innhold))["begrunnelse"])


def _klage(
    sak: Sak, behandling: UUID, sprak: str | None, tid: datetime, uttalelse: Uttalelse | None
) -> Skrevet:
    opprettholdt = _sagt(sak, behandling, "oppretthold")
    if opprettholdt is None:
        raise FinnesIkke
    utvalg = opplysninger.Utvalg(behandling, tid, utlopte=True)
    opp = opplysninger.les(sak.forbindelse, sak.nokkel, sak.id, utvalg)
    klager = [v for k, v in sorted(opp.items()) if k.split("/")[0] == opplysninger.KLAGE]
    id_ = UUID((opp.get(opplysninger.GJELDER) or {}).get("vedtak") or klager[0]["vedtak"])
    _, v = _les_vedtak(sak, id_)
    innstilt = _sagt(sak, behandling, "innstill")
    sett = _pa_nytt(sak, v, opprettholdt.tid)
    fremsatt = klager[0].get("fremsatt")
    ord_, av = uttalelse or (_begrunnelse(sak, opprettholdt), orjson.loads(opprettholdt.kanonisk)["aktor"])
    k = klagebrev.Klage(
        sak=str(sak.id),
        behandling=str(behandling),
        vedtak=v,
        kom=i_dag(datetime.fromisoformat(klager[0]["mottatt"])),
        fremsatt=date.fromisoformat(fremsatt) if fremsatt else None,
        rettidighet=klager[0]["rettidighet"],
        tekst=[settbart(k["tekst"]) for k in klager],
        forsinkelse=[settbart(k["forsinkelse"]) for k in klager if k.get("forsinkelse")],
        dokumenter=[(d["slag"], d["referanse"]) for k in klager for d in k.get("dokumentasjon", [])],
        innstilling=settbart(_begrunnelse(sak, innstilt)) if innstilt else None,
        uttalelse=settbart(ord_),
        avgitt=i_dag(tid if uttalelse else opprettholdt.tid),
        avgitt_av=av,
        provd=sett is not None,
        pa_nytt=sett.b.belop if sett and sett.b else None,
        arsaker=sett.fra_a_til_b if sett else {},
        kjente_tall=_kjente_tall(sak, sett),
    )
    brev = klagebrev.oversendelse(sak.ordning, k, _sprak(sak, "klageoversendelse", sprak, v.termin, tid))
    return Skrevet(brev, klagebrev.dekning(sak.ordning, k), behandling, opprettholdt.id)


def _pa_nytt(sak: Sak, v: vedtaksbrev.Vedtak, kjent: datetime) -> Revurdering | None:
    """The decision side by side, as it was known when the appeal was upheld; None when another has come after it."""
    try:
        sett = sammenstill(sak.forbindelse, sak.ordning, sak.id, sak.nokkel, v.termin, kjent, kjent)
    except Problem:
        return None
    return sett if str(sett.vedtak) == v.id else None


def _kjente_tall(sak: Sak, sett: Revurdering | None) -> list[Any]:
    """Facts and traces of both sides, as a statement may quote them."""
    sider = [s for s in (sett.a, sett.b) if s] if sett else []
    regnet = [etter(sak.ordning, s.fakta, s.regelversjon).avgjort for s in sider]
    spor = [orjson.loads(fold_ut(kanonisk(s.fakta), g.spor)) for s, g in zip(sider, regnet, strict=True)]
    return [*(s.fakta for s in sider), *spor]


_SLAG: Mapping[Slag, Callable[[Sak, UUID, str | None, datetime, Uttalelse | None], Skrevet]] = {
    "vedtak": _vedtak,
    "varsel": _varsel,
    "klageoversendelse": _klage,
}
_RAD = text("""
    SELECT v.id, v.behandling_id, b.arsak FROM vedtak v JOIN behandling b ON b.id = v.behandling_id
    WHERE v.id = :id AND v.sak_id = :sak_id
""")
_BEHANDLING = text("SELECT id FROM behandling WHERE id = :id AND sak_id = :sak_id")


def rad(sak: Sak, slag: Slag, gjelder: UUID) -> UUID:
    """What the letter is about now (``Skrevet.rad``), without writing it: the newest notice or statement of a
    treatment. Errors: ``FinnesIkke``."""
    valg = {"id": gjelder, "sak_id": sak.id}
    funnet: Any
    if slag == "vedtak":
        funnet = sak.forbindelse.execute(_RAD, valg).one_or_none()
        if funnet is not None and funnet.arsak in sak.ordning.etterkontroller:
            return UUID(str(funnet.behandling_id))
    elif sak.forbindelse.scalar(_BEHANDLING, valg) is None:
        funnet = None
    elif slag == "varsel":
        funnet = ugunst.siste_varsel(sak.forbindelse, gjelder)
    else:
        funnet = _sagt(sak, gjelder, "oppretthold")
    if funnet is None:
        raise FinnesIkke
    return UUID(str(funnet.id))


_VEDTAKETS_SAK = text("SELECT sak_id FROM vedtak WHERE id = :id")


def sak_for(forbindelse: Connection, vedtak_id: UUID) -> UUID:
    """The case of a decision. Errors: ``FinnesIkke``."""
    funnet = forbindelse.scalar(_VEDTAKETS_SAK, {"id": vedtak_id})
    if funnet is None:
        raise FinnesIkke
    return UUID(str(funnet))
