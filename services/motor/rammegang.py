"""The frame asked before a decision is given, and the ledger kept after it: the engine's part of ``bevilgning.py``."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.sak.bevilgning import ATTESTERT, TREKKES, Rammepost, mangler_annenlinje
from domain.sak.ordning import Avgjorelse, Fakta, Ordning, UlovligOverstyring
from services.klokke import OSLO, i_dag
from services.lager import opplysninger, utboks
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skrivebord
from services.motor.avgjorelse import Opplysninger, fatt_vedtak, grunnlag
from services.motor.lest import Lest
from services.motor.overgang import apne_manuell, flytt
from services.ramme.bok import Krav, Rammenokkel, bind, frigi, tilbakefor, utbetal

# The claim of the case that a later movement is of: the newest that still holds money.
_SAKENS_KRAV = text("""
    SELECT k.behandling_id FROM rammekrav k JOIN ramme r ON r.id = k.ramme_id
    WHERE k.sak_id = :sak_id AND r.ordning = :ordning AND r.ar = :ar AND r.post = :post
      AND r.kommunenummer IS NOT DISTINCT FROM :kommunenummer AND k.bundet + k.utbetalt > 0
      AND k.behandling_id IS DISTINCT FROM CAST(:unntatt AS uuid)
    ORDER BY k.bundet = 0, k.laget DESC LIMIT 1
""")


def fortsett(
    bord: Skrivebord,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    lest: Lest,
    tid: datetime,
) -> None:
    """A treatment that is attested: the decision, or a place in the line. What it asks of a frame is asked at the end
    of the transaction, for all cases at once, so that the frame is locked for a moment; then the case is looked at
    again."""
    if behandling.tilstand == TREKKES:
        frigi(lest.forbindelse, behandling.id, tid, grunn="trukket")
        flytt(bord, sak, behandling, "henlegg", tid)
        return
    opp = lest.opplysninger(sak, behandling, utlopte=True)
    try:
        fakta = _datert(ordning, grunnlag(ordning, opp, med_overstyring=True).fakta, i_dag(tid))
    except UlovligOverstyring:
        _tilbake(bord, ordning, sak, behandling, lest, tid)
        return
    if mangler_annenlinje(ordning.merker(fakta) if ordning.merker else frozenset(), behandling.merker):
        _tilbake(bord, ordning, sak, behandling, lest, tid, "annenlinje")
        return
    avgjort = ordning.avgjor(fakta)
    poster = poster_av(ordning, fakta, avgjort)
    har = _har_ramme(lest, ordning, sak, behandling, poster, opp, tid)
    if har is None:
        return
    if not har:
        _vent(bord, sak, behandling, tid)
        return
    hendelse = fatt_vedtak(
        bord,
        ordning,
        sak,
        behandling,
        fakta,
        opp[opplysninger.SOKNAD],
        lest.tidligere[sak.id, behandling.termin],
        tid,
        fattet_av=behandling.forslag_av or "",
        attestert_av=opp[opplysninger.ATTESTERT]["aktor"],
        svar=lest.segl(sak, behandling, []),
        avgjort=avgjort,
        apne=lest.behandlinger[sak.id],
    )
    flytt(bord, sak, behandling, "fatt_vedtak", tid, vedtak=hendelse)
    bokfor(lest.forbindelse, ordning, sak, behandling, poster, tid)


def _tilbake(
    bord: Skrivebord,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    lest: Lest,
    tid: datetime,
    kode: str = "forslaget_ma_endres",
) -> None:
    """What the proposal rests on has changed since it was attested, so that it can be made no more: a person makes
    another. Its place in the line is given up."""
    if lest.rammekrav.get(behandling.id):
        frigi(lest.forbindelse, behandling.id, tid, grunn="forslag_kan_ikke_vedtas")
    behandling.forslag_av = None
    flytt(bord, sak, behandling, "forkast", tid)
    apne_manuell(bord, ordning, sak, behandling, [kode], tid)


def still_i_ko(lest: Lest, tid: datetime) -> None:
    """Everything that the cases of the transaction have asked of frames."""
    if lest.nye_krav:
        bind(lest.forbindelse, lest.nye_krav, tid)


def _datert(ordning: Ordning, fakta: Fakta, dag: date) -> Fakta:
    return ordning.datert(fakta, dag) if ordning.datert else fakta


def poster_av(ordning: Ordning, fakta: Fakta, avgjort: Avgjorelse) -> Sequence[Rammepost]:
    """What the decision does to frames."""
    return ordning.rammeposter(fakta, avgjort) if ordning.rammeposter else ()


def _har_ramme(
    lest: Lest,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    poster: Sequence[Rammepost],
    opp: Opplysninger,
    tid: datetime,
) -> bool | None:
    """Is all bound that the decision promises? None when it is only now asked for. A claim for another sum, or of
    another frame, is made anew: it keeps its place by when the application came."""
    binder = {_nokkel(ordning, p): p for p in poster if p.slag == "bundet"}
    har = lest.rammekrav.get(behandling.id, [])
    apne = {k.nokkel: k for k in har if k.status != "lukket"}
    onsket = {n: p.belop for n, p in binder.items()}
    if {n: k.belop for n, k in apne.items()} == onsket:
        return all(k.status == "bundet" for k in apne.values())
    if apne:
        frigi(lest.forbindelse, behandling.id, tid, grunn="ny_beregning")
    if not binder:
        return True
    mottatt = datetime.fromisoformat(opp[opplysninger.SOKNAD]["mottatt"])
    lest.nye_krav += [
        Krav(n, sak.id, behandling.id, p.belop, mottatt, p.prioritet) for n, p in binder.items()
    ]
    lest.igjen.add(sak.id)
    return None


def _vent(bord: Skrivebord, sak: LastSak, behandling: Behandling, tid: datetime) -> None:
    """In line until the frame has room; looked at anew when the year is over, since it is then another year's."""
    if behandling.tilstand != ATTESTERT:
        return
    behandling.frist = datetime.combine(date(i_dag(tid).year + 1, 1, 1), time(), OSLO)
    flytt(bord, sak, behandling, "vent_pa_ramme", tid)
    utboks.be_om(bord, sak.id, behandling.frist)


def bokfor(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    behandling: Behandling,
    poster: Sequence[Rammepost],
    tid: datetime,
) -> None:
    """What a decision pays, gives back or gets back of the case's claim, all or nothing. Errors: ``RammeFeil`` when the
    books do not have it."""
    fores = [p for p in poster if p.slag != "bundet"]
    if not fores:
        return
    with forbindelse.begin_nested():
        for p in fores:
            nokkel = _nokkel(ordning, p)
            behandling_id = _krav(forbindelse, sak.id, nokkel, behandling.id if p.av_tidligere else None)
            if p.slag == "utbetalt":
                utbetal(forbindelse, behandling_id, nokkel, p.belop, tid, grunn=p.grunn)
            elif p.slag == "tilbakefort":
                tilbakefor(forbindelse, behandling_id, nokkel, p.belop, tid, grunn=p.grunn)
            else:
                frigi(forbindelse, behandling_id, tid, grunn=p.grunn, nokkel=nokkel, belop=p.belop)


def _krav(forbindelse: Connection, sak_id: UUID, nokkel: Rammenokkel, unntatt: UUID | None) -> UUID:
    verdier: dict[str, Any] = {
        "unntatt": unntatt,
        "sak_id": sak_id,
        "ordning": nokkel.ordning,
        "ar": nokkel.ar,
        "post": nokkel.post,
        "kommunenummer": nokkel.kommunenummer,
    }
    funnet = forbindelse.execute(_SAKENS_KRAV, verdier).scalar_one_or_none()
    return funnet if funnet is not None else sak_id  # no such claim: the ledger says so


def _nokkel(ordning: Ordning, p: Rammepost) -> Rammenokkel:
    return Rammenokkel(ordning.rammenavn, p.ar, p.post, p.kommunenummer)
