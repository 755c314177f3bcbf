"""Events about what exists: an appeal on a decision, an answer about a treatment. One event, one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from domain.ordninger import ORDNINGER
from domain.sak.forlop import Avslag
from schemas.hendelser import Kvittering
from schemas.klage import (
    KlageMottatt,
    KravInnbetalt,
    KravMottatt,
    OmBehandling,
    OmSak,
    VarselBesvart,
    VarselLevert,
)
from services.etterkontroll import tilbakekrav
from services.forsegling import forsegler
from services.klage import klage
from services.lager import innboks, saker, utboks
from services.lager.ider import ny_id
from services.lager.roller import DbRolle
from services.lager.saker import LastSak
from services.lager.sesjon import Innsyn, transaksjon
from services.motor import ugunst
from services.motor.overgang import SYSTEM_KONTEKST, UlovligOvergang, flytt
from services.mottak.opprettelse import Godkjent, KomEtter, kvittering
from services.problem import Problem
from services.tilgang import Aktor
from services.tilgang.aktor import ALLE

_VEDTAK = text("""
    SELECT v.sak_id, v.fattet, v.termin, s.kommunenummer, s.slettet, p.oppslag
    FROM vedtak v JOIN sak s ON s.id = v.sak_id JOIN person p ON p.id = s.hovedperson WHERE v.id = :id
""")
_BEHANDLING = text("""
    SELECT b.sak_id, b.termin, s.kommunenummer, s.slettet
    FROM behandling b JOIN sak s ON s.id = b.sak_id WHERE b.id = :id
""")
_VEDTAK_I = text("SELECT id, termin, fattet FROM vedtak WHERE behandling_id = :id ORDER BY termin LIMIT 1")


def _feil(felt: str, melding: str) -> Problem:
    return Problem(422, "ugyldige-felt", feil=[{"felt": felt, "melding": melding}])


def ta_imot(g: Godkjent, aktor: Aktor, na: datetime, sporing: str | None) -> Kvittering:
    """Take the event in. Errors: ``Problem`` 403, 409, 422; ``KomEtter`` when another request brought it first."""
    data = g.data
    assert isinstance(data, OmSak)
    if g.slag.sentral and aktor.kommuner != ALLE:
        felt = {"felt": "type", "melding": "sendes av en virksomhet for hele landet"}
        raise Problem(403, "mangler-tilgang", feil=[felt])  # type: ignore[list-item]
    # Protected cases too: what the sender is answered is the receipt alone.
    with transaksjon(DbRolle.API, Innsyn(aktor.id, aktor.kommuner, klarert=True)) as forbindelse:
        rad = _finn(forbindelse, data)
        sak = saker.las(forbindelse, rad.sak_id)
        id_ = ny_id()
        behandling_id = data.behandling if isinstance(data, OmBehandling) else None
        inn = {
            "id": id_,
            "kilde": g.konvolutt.source,
            "ekstern_id": g.konvolutt.id,
            "type": g.konvolutt.type,
            "kommunenummer": data.kommunenummer,
            "mottatt": na,
            "kropp_hash": g.avtrykk,
            "kropp": sak.nokkel.forsegle(g.kropp, innboks.aad(id_)),
            "sak_id": sak.id,
        }
        if isinstance(data, KlageMottatt):
            nummerfelt, nummer = data.klager.nummer
            if forsegler().oppslag_hash(nummer) != rad.oppslag:
                raise _feil(f"data.klager.{nummerfelt}", "er ikke søkeren i saken")
            mottatt = g.konvolutt.time or na
            behandling_id = klage.ta_imot(forbindelse, sak, data, rad.fattet, mottatt, aktor.id, na)
        elif isinstance(data, KravMottatt | KravInnbetalt):
            _pa_kravet(forbindelse, sak, data, aktor, na)
        elif behandling_id is not None:
            behandling_id = _flytt(forbindelse, sak, data, behandling_id, aktor, g.konvolutt.time or na, na)
        if innboks.godta(forbindelse, [{**inn, "behandling_id": behandling_id}]) != 1:
            raise KomEtter
        saker.lagre(forbindelse, sak, na)
        utboks.be_om(forbindelse, sak.id, na, sporing=sporing)
        return kvittering(g.konvolutt, sak.id, behandling_id or id_, na)


def _finn(forbindelse: Connection, data: OmSak) -> Any:
    """The row of what the event is about. What is not seen and what does not exist look the same."""
    if isinstance(data, OmBehandling):
        felt, rad = "behandling", forbindelse.execute(_BEHANDLING, {"id": data.behandling}).one_or_none()
    else:
        vedtak: UUID = getattr(data, "vedtak")  # noqa: B009
        felt, rad = "vedtak", forbindelse.execute(_VEDTAK, {"id": vedtak}).one_or_none()
    if rad is None or rad.slettet is not None:
        raise _feil(f"data.{felt}", "finnes ikke")
    for navn in ("termin", "kommunenummer"):
        if getattr(rad, navn) != getattr(data, navn):
            raise _feil(f"data.{navn}", f"er en annen enn den {felt} gjelder")
    return rad


def _pa_kravet(
    forbindelse: Connection, sak: LastSak, data: KravMottatt | KravInnbetalt, aktor: Aktor, tid: datetime
) -> None:
    """A claim is received by the collection authority, or something is paid on it."""
    try:
        krav = tilbakekrav.hent(forbindelse, sak, data.tilbakekrav)
        if krav.behandling_id != data.behandling:
            raise _feil("data.behandling", "er ikke den som kravet ble vedtatt i")
        if isinstance(data, KravMottatt):
            tilbakekrav.kvitter(forbindelse, sak, krav.id, aktor.id, tid)
        else:
            tilbakekrav.bokfor(
                forbindelse, sak, krav.id, "innbetaling", data.belop, aktor.id, tid, "Meldt innbetalt."
            )
    except LookupError:
        raise _feil("data.tilbakekrav", "finnes ikke") from None
    except tilbakekrav.UgyldigPost as feil:
        if feil.felt == "belop":
            raise _feil("data.belop", feil.melding) from None
        raise Problem(409, "handling-ikke-tillatt", detalj=feil.melding) from None


def _flytt(
    forbindelse: Connection,
    sak: LastSak,
    data: OmSak,
    behandling_id: UUID,
    aktor: Aktor,
    sendt: datetime,
    tid: datetime,
) -> UUID:
    """The move that the event makes, with what it brings; the treatment that it moved. Refused when the table does not
    allow it now. An answer to a notice that has been decided on meanwhile is an appeal on the decision."""
    ordning = ORDNINGER[sak.ordning]
    b = saker.behandling(forbindelse, sak.id, behandling_id)
    handling = data.handling
    if isinstance(data, VarselBesvart) and b is not None and b.avsluttet:
        rad = forbindelse.execute(_VEDTAK_I, {"id": b.id}).first()
        if rad is not None:
            klagen = KlageMottatt.av_svar(data, rad.id, rad.termin)
            return klage.ta_imot(forbindelse, sak, klagen, rad.fattet, sendt, aktor.id, tid)
    if b is None or b.avsluttet or handling is None:
        raise Problem(409, "handling-ikke-tillatt", detalj="Behandlingen er avsluttet.")
    kontekst = replace(SYSTEM_KONTEKST, aktor=aktor.id, merker=b.merker)
    if isinstance(avslag := ordning.forlop[b.arsak].prov(b.tilstand, handling, kontekst), Avslag):
        raise Problem(409, "handling-ikke-tillatt", detalj=avslag.tekst)
    innhold = data.uten_fnr({})
    if isinstance(data, VarselLevert):
        ugunst.levert(forbindelse, sak, b, min(data.levert, tid), tid)
    elif handling == "innsigelse":
        ugunst.besvart(forbindelse, ordning, sak, b, innhold, tid)
    try:
        flytt(forbindelse, sak, b, handling, tid, kontekst=kontekst, innhold=innhold)
    except UlovligOvergang as feil:
        raise Problem(409, "handling-ikke-tillatt", detalj=feil.avslag.tekst) from None
    return b.id
