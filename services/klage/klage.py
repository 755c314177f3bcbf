"""An appeal taken in: in time or not, what it is about, and the treatment it becomes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.klage.frist import Rettidighet, vurder
from domain.ordninger import ORDNINGER
from domain.sak.forlop import Merke
from domain.sak.ordning import Ordning
from schemas.klage import KlageMottatt
from services.klage import kunnskap
from services.klage.revurdering import grunnlaget, ny_behandling
from services.klokke import i_dag
from services.lager import hendelser, opplysninger, saker, segl, utgaende
from services.lager.hendelser import NyHendelse
from services.lager.opplysninger import NyOpplysning
from services.lager.saker import LastSak
from services.motor.overgang import flytt
from services.problem import Problem

KLAGE = "klage"
_APEN = text("""
    SELECT b.id FROM behandling b WHERE b.sak_id = :sak_id AND b.arsak = :arsak AND b.avsluttet IS NULL
      AND b.termin = :termin ORDER BY b.nr LIMIT 1
""")
# The decisions of the month that may be appealed, the one that stands first; with the treatment that each was made in.
_STAR = text("""
    SELECT v.id, v.behandling_id, v.termin, v.regelversjon, v.fakta, b.arsak, b.termin AS periode, b.merker
    FROM vedtak v JOIN behandling b ON b.id = v.behandling_id
    WHERE v.sak_id = :sak_id AND v.termin = :termin
      AND (CAST(:arsaker AS text[]) IS NULL OR b.arsak = ANY(CAST(:arsaker AS text[])))
    ORDER BY v.fattet DESC, v.id DESC
""")
_STADFESTET = text("""
    SELECT id FROM behandling
    WHERE sak_id = :sak_id AND arsak = :arsak AND termin = :termin AND avsluttet IS NOT NULL AND :nemnda = ANY(merker)
""")


def ta_imot(
    forbindelse: Connection,
    sak: LastSak,
    k: KlageMottatt,
    fattet: datetime,
    mottatt: datetime,
    aktor: str,
    tid: datetime,
) -> UUID:
    """The treatment of the appeal: a new one, or the open one of the same month, to which what was said is added.
    An appeal on a decision that has been replaced since concerns the one that stands; whether it is in time, the one
    that it names. One on what a control decided concerns all its months.

    ``fattet``: when that one was made; ``mottatt``: when the event says it was sent. Errors: ``Problem`` 422 naming
    the field.
    """
    ordning = ORDNINGER[sak.ordning]
    arsaker = sorted(ordning.paklages) if ordning.paklages is not None else None
    valg = {"sak_id": sak.id, "termin": k.termin, "arsaker": arsaker}
    rader = forbindelse.execute(_STAR, valg).all()
    if not any(r.id == k.vedtak for r in rader):
        raise _feil("data.vedtak", "vedtaket kan ikke påklages")
    rad = rader[0]
    arsak, termin = _arsak(ordning, rad, k.termin)
    soknad = _soknaden(forbindelse, ordning, sak, rad, termin, tid)
    if arsak not in ordning.forlop or soknad is None:
        raise _feil("data.vedtak", "vedtak i denne ordningen behandles ikke som klage her")
    vedtatt = i_dag(fattet)
    rettidighet = vurder(vedtatt, vedtatt, _fremsatt(k, vedtatt, mottatt, tid), k.forsinkelse)
    innhold = {**k.uten_fnr({}), "rettidighet": rettidighet.value, "mottatt": mottatt.isoformat()}
    klagen = NyOpplysning(opplysninger.KLAGE, "part", ordning.hjemmel, innhold, tid)
    kode = {
        "kanal": k.kanal,
        "klagearsak": k.arsak,
        "rettidighet": rettidighet.value,
        "vedtak": str(k.vedtak),
    }
    apen = forbindelse.scalar(_APEN, {"sak_id": sak.id, "termin": termin, "arsak": arsak})
    if apen is not None:
        return _suppler(forbindelse, sak, UUID(str(apen)), klagen, kode, aktor, tid)
    gjelder: dict[str, Any] = {"regelversjon": rad.regelversjon, "behandling": str(rad.behandling_id)}
    if arsak != KLAGE:
        for_ = kunnskap.gjelder(forbindelse, sak.id, sak.nokkel, [rad.behandling_id])
        satt = for_[0].get("overstyrt", {}) if for_ else {}
        gjelder["overstyrt"] = satt | kunnskap.overstyrt(forbindelse, sak.id, sak.nokkel, rad.behandling_id)
    nye = [klagen, *grunnlaget(forbindelse, ordning, sak, rad, soknad, tid, **gjelder)]
    b = ny_behandling(
        forbindelse,
        sak,
        arsak,
        termin,
        aktor,
        tid,
        nye,
        NyHendelse("klage_mottatt", data=kode, innhold=innhold),
    )
    grunn = rettidighet.value
    if _endelig(forbindelse, sak, arsak, termin, rad):
        b.merker |= {Merke.NEMNDA}
        grunn = "endelig"
    elif rettidighet is not Rettidighet.RETTIDIG:
        b.merker |= {Merke.FOR_SENT}
    avvises = grunn == "endelig" or rettidighet is Rettidighet.OVER_ETT_AR
    handling = "avvis" if avvises else "start_kontroll"
    flytt(forbindelse, sak, b, handling, tid, data={"grunn": grunn})
    return b.id


def _arsak(ordning: Ordning, rad: Any, termin: str) -> tuple[str, str]:
    """Cause and termin of the appeal: of a month, or of the whole control that decided it."""
    for arsak, kontroll in ordning.etterkontroller.items():
        if kontroll.klage_pa is not None and rad.arsak in (arsak, kontroll.klage_pa):
            return arsak, rad.periode
    return KLAGE, termin


def _soknaden(
    forbindelse: Connection, ordning: Ordning, sak: LastSak, rad: Any, termin: str, tid: datetime
) -> dict[str, Any] | None:
    """The application that counts: where decisions add to one another, that of the decision's own treatment."""
    if ordning.legges_til:
        return kunnskap.soknad_i(forbindelse, sak.id, sak.nokkel, rad.behandling_id)
    return kunnskap.soknad(forbindelse, ordning, sak.id, sak.nokkel, termin, tid)


def _fremsatt(k: KlageMottatt, vedtatt: date, mottatt: datetime, tid: datetime) -> date:
    """The day the appeal was sent: never before the decision that it names, nor after today."""
    if k.fremsatt is None:
        return max(i_dag(mottatt), vedtatt)
    if not vedtatt <= k.fremsatt <= i_dag(tid):
        raise _feil("data.fremsatt", f"må være fra {vedtatt}, da vedtaket ble fattet, til i dag")
    return k.fremsatt


def _suppler(
    forbindelse: Connection,
    sak: LastSak,
    behandling_id: UUID,
    klagen: NyOpplysning,
    kode: dict[str, str],
    aktor: str,
    tid: datetime,
) -> UUID:
    """More is said in an appeal that is open. When this is in time, the whole cannot be dismissed as late; whoever has
    the appeal, the board too, is told."""
    opplysninger.legg_til(forbindelse, sak.nokkel, sak.id, behandling_id, klagen)
    b = saker.behandling(forbindelse, sak.id, behandling_id)
    assert b is not None
    data: dict[str, Any] = dict(kode)
    if kode["rettidighet"] == Rettidighet.RETTIDIG.value and Merke.FOR_SENT in b.merker:
        b.merker -= {Merke.FOR_SENT}
        saker.lagre_behandling(forbindelse, b, aktor, tid, gar_videre=False)
        data["behandlingsrad"] = segl.av_behandling(sak, b)
    ny = NyHendelse("klage_supplert", behandling_id, data, klagen.innhold)
    hendelser.skriv(forbindelse, sak, [ny], aktor, tid)
    ut = {"behandling": str(behandling_id), "termin": b.termin, "tilstand": b.tilstand}
    utgaende.skriv(forbindelse, sak.id, "klage.supplert.v1", ut, tid)
    sak.versjon += 1
    return behandling_id


def _endelig(forbindelse: Connection, sak: LastSak, arsak: str, termin: str, rad: Any) -> bool:
    """Did the last instance make the decision that stands, or uphold it?"""
    if Merke.NEMNDA in rad.merker:
        return True
    valg = {"sak_id": sak.id, "arsak": arsak, "termin": termin, "nemnda": Merke.NEMNDA.value}
    provd = list(forbindelse.scalars(_STADFESTET, valg))
    gjaldt = kunnskap.gjelder(forbindelse, sak.id, sak.nokkel, provd)
    if arsak == KLAGE:
        return str(rad.id) in {g["vedtak"] for g in gjaldt}
    return str(rad.behandling_id) in {g["behandling"] for g in gjaldt}


def _feil(felt: str, melding: str) -> Problem:
    return Problem(422, "ugyldige-felt", feil=[{"felt": felt, "melding": melding}])
