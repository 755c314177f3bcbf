"""A decision side by side: facts and rules then, facts now, rules now; and a decided month reckoned anew."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from domain.klage.sammenstilling import Side, behold, etter, forklar, i_dag
from domain.ordninger import ORDNINGER
from domain.sak.ordning import Fakta, Ordning, UlovligOverstyring
from schemas.klage import Revurdering
from schemas.klage import Side as SideUt
from services.forsegling import Datanokkel
from services.klage import kunnskap
from services.klokke import i_dag as dagen
from services.lager import opplysninger, saker, segl, utboks, vedtak
from services.lager.hendelser import NyHendelse
from services.lager.hendelser import skriv as skriv_hendelser
from services.lager.ider import ny_id
from services.lager.saker import Behandling, LastSak
from services.lager.skriving import Skriver
from services.motor.avgjorelse import aad
from services.motor.overgang import SYSTEM_KONTEKST, flytt
from services.motor.tidligere import les_vedtak, vedtak_som_svar
from services.problem import Problem
from services.tilgang import Aktor

NY_BEREGNING = "ny_beregning"


def _ingen(termin: str) -> Problem:
    melding = f"det finnes ikke noe vedtak for {termin} på det tidspunktet"
    return Problem(409, "handling-ikke-tillatt", feil=[{"felt": "termin", "melding": melding}])


def sammenstill(
    forbindelse: Connection,
    ordning: Ordning,
    sak_id: UUID,
    nokkel: Datanokkel,
    termin: str,
    kjent: datetime,
    tid: datetime,
) -> Revurdering:
    """The month as known at ``kjent``; "the rules now" are those of the month of ``tid``. Errors: ``Problem`` 409 when
    nothing was decided by then."""
    rader = vedtak.nyeste(forbindelse, sak_id, [termin], kjent)
    if not rader:
        raise _ingen(termin)
    [rad] = rader
    fakta_da = orjson.loads(nokkel.apne(rad.fakta, aad(rad.id, "fakta")))
    a = etter(ordning, fakta_da, rad.regelversjon)
    ut = Revurdering(
        sak=sak_id,
        vedtak=rad.id,
        kjent=kjent,
        a=_ut(a),
        stemmer=(a.avgjort.kode, a.avgjort.belop) == (rad.kode, rad.belop),
    )
    fakta_na, mangler = _fakta_na(forbindelse, ordning, sak_id, nokkel, rad, fakta_da, kjent)
    if fakta_na is None:
        return ut.model_copy(update={"mangler": mangler})
    b = etter(ordning, fakta_na, rad.regelversjon)
    c = i_dag(ordning, fakta_na, f"{dagen(tid):%Y-%m}")
    return ut.model_copy(
        update={
            "b": _ut(b),
            "c": _ut(c),
            "fra_a_til_b": dict(forklar(ordning, a, b)),
            "fra_b_til_c": dict(forklar(ordning, b, c)),
        }
    )


def _ut(s: Side) -> SideUt:
    g = s.avgjort
    return SideUt(
        termin=s.fakta["termin"],
        regelversjon=g.regelversjon,
        kode=g.kode,
        utfall=g.utfall,
        belop=g.belop,
        fakta=s.fakta,
    )


def _fakta_na(
    forbindelse: Connection,
    ordning: Ordning,
    sak_id: UUID,
    nokkel: Datanokkel,
    rad: Any,
    fakta_da: Fakta,
    kjent: datetime,
) -> tuple[Fakta | None, list[str]]:
    """The facts of the decision by the newest answers known then, with what had been settled by people and by controls;
    or the registers that had not answered."""
    svar = dict(kunnskap.svar(forbindelse, sak_id, nokkel, kjent))
    if ordning.legges_til:
        soknad: dict[str, Any] | None = kunnskap.soknad_i(forbindelse, sak_id, nokkel, rad.behandling_id)
        svar |= _for_vedtaket(forbindelse, ordning, sak_id, nokkel, rad)
    else:
        soknad = kunnskap.soknad(forbindelse, ordning, sak_id, nokkel, rad.termin, kjent)
    if soknad is None:
        return None, ["soknad"]
    if krav := ordning.krav(soknad, svar):
        return None, sorted({k.register for k in krav})
    fakta = dict(ordning.sett_sammen(soknad, svar).fakta)
    blir = kunnskap.beholdt(forbindelse, ordning, sak_id, nokkel, rad, fakta_da, kjent)
    try:
        fakta = behold(ordning, fakta, blir)
    except UlovligOverstyring:  # what was set then does not fit what is known now
        return None, ["overstyring"]
    return (ordning.datert(fakta, dagen(rad.fattet)) if ordning.datert else fakta), []


def _for_vedtaket(
    forbindelse: Connection, ordning: Ordning, sak_id: UUID, nokkel: Datanokkel, rad: Any
) -> dict[str, Any]:
    """The case's decisions before this one, as the scheme sees them."""
    if not ordning.ser_vedtak:
        return {}
    alle = les_vedtak(forbindelse, [sak_id])[sak_id]
    return vedtak_som_svar(nokkel, [r for r in alle if (r.fattet, r.id) < (rad.fattet, rad.id)], ())


_APEN = text("""
    SELECT id FROM behandling
    WHERE sak_id = :sak_id AND termin = :termin AND arsak = :arsak AND avsluttet IS NULL ORDER BY nr LIMIT 1
""")


def ny_behandling(
    skriver: Skriver,
    sak: LastSak,
    arsak: str,
    termin: str,
    aktor: str,
    tid: datetime,
    nye: list[opplysninger.NyOpplysning],
    hendelse: NyHendelse,
) -> Behandling:
    """A treatment of something that is decided already, with the facts it begins with. Under the case's lock."""
    forlop = ORDNINGER[sak.ordning].forlop[arsak]
    b = Behandling(ny_id(), 0, forlop.navn, arsak, termin, forlop.start, None, None)
    saker.ny_behandling(
        skriver, b.id, sak.id, sak.kommunenummer, forlop.navn, arsak, termin, forlop.start, tid
    )
    opplysninger.lagre(skriver, sak.nokkel, sak.id, b.id, nye)
    data = {"arsak": arsak, "termin": termin, "til": forlop.start, **hendelse.data}
    data["behandlingsrad"] = segl.av_behandling(sak, b)
    ny = replace(hendelse, behandling_id=b.id, data=data)
    skriv_hendelser(skriver, sak, [ny], aktor, tid)
    sak.versjon += 1
    return b


def grunnlaget(
    forbindelse: Connection,
    ordning: Ordning,
    sak: LastSak,
    rad: Any,
    soknad: dict[str, Any],
    tid: datetime,
    **gjelder: Any,
) -> list[opplysninger.NyOpplysning]:
    """The facts that a treatment of a decision (``rad``) begins with: the application, and what blir of it."""
    fakta = orjson.loads(sak.nokkel.apne(rad.fakta, aad(rad.id, "fakta")))
    blir = kunnskap.beholdt(forbindelse, ordning, sak.id, sak.nokkel, rad, fakta, tid)
    om = {"vedtak": str(rad.id), "beholdt": blir, **gjelder}
    return [
        opplysninger.NyOpplysning(opplysninger.SOKNAD, opplysninger.SOKNAD, ordning.hjemmel, soknad, tid),
        opplysninger.NyOpplysning(opplysninger.GJELDER, "system", ordning.hjemmel, om, tid),
    ]


def start_ny_beregning(
    forbindelse: Connection, sak_id: UUID, termin: str, begrunnelse: str | None, aktor: Aktor, tid: datetime
) -> UUID:
    """Ask the registers anew about a decided month, and decide by what they say. What takes from the household comes
    to a person, and takes a notice. Errors: ``Problem`` 404, 409."""
    try:
        sak = saker.las(forbindelse, sak_id)
    except saker.SakFinnesIkke:
        raise Problem(404, "ikke-funnet") from None
    ordning = ORDNINGER[sak.ordning]
    apen = forbindelse.scalar(_APEN, {"sak_id": sak_id, "termin": termin, "arsak": NY_BEREGNING})
    if apen is not None:
        return UUID(str(apen))
    rader = vedtak.nyeste(forbindelse, sak_id, [termin])
    soknad = kunnskap.soknad(forbindelse, ordning, sak_id, sak.nokkel, termin, tid)
    if not rader or soknad is None or NY_BEREGNING not in ordning.forlop:
        raise _ingen(termin)
    nye = grunnlaget(forbindelse, ordning, sak, rader[0], soknad, tid)
    hendelse = NyHendelse(
        "ny_beregning_startet",
        data={"vedtak": str(rader[0].id)},
        innhold={"begrunnelse": begrunnelse} if begrunnelse else None,
    )
    b = ny_behandling(forbindelse, sak, NY_BEREGNING, termin, aktor.id, tid, nye, hendelse)
    b.kontroller_fra = tid
    flytt(forbindelse, sak, b, "start_kontroll", tid, kontekst=replace(SYSTEM_KONTEKST, aktor=aktor.id))
    saker.lagre(forbindelse, sak, tid)
    utboks.be_om(forbindelse, sak_id, tid)
    return b.id
